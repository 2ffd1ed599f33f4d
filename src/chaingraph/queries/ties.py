"""What ties two things together: the properties and relation nodes that become ties of the whole network."""

from __future__ import annotations

from typing import NamedTuple

DIRECT = (
    *("within", "broader", "region", "industry", "chain", "programme", "authority", "consortium", "platform"),
    *("hostedBy", "follows", "stage", "inputOf", "participant"),
)
"""Properties that stand between two things directly."""

RELATION_NODES = (
    ("Participation", "organization", "project", "participatesIn"),
    ("Supply", "supplier", "product", "supplies"),
    ("Supply", "consortium", "product", "supplies"),
    ("Supply", "platform", "product", "supplies"),
    ("Supply", "project", "product", "supplies"),
    ("Supply", "supplier", "customer", "suppliesTo"),
    ("Shareholding", "shareholder", "organization", "shareholderOf"),
    ("StageRole", "organization", "stage", "holds"),
    ("StageRole", "consortium", "stage", "holds"),
    ("StageRole", "platform", "stage", "holds"),
    ("StageRole", "region", "stage", "holds"),
    ("Hierarchy", "organization", "parent", "partOf"),
    ("Site", "organization", "cluster", "inCluster"),
    ("Site", "organization", "region", "siteIn"),
    ("Cooperation", "party", "counterparty", "cooperatesWith"),
    ("Cooperation", "party", "consortium", "cooperatesWith"),
    ("Cooperation", "party", "platform", "cooperatesWith"),
    ("Cooperation", "party", "project", "cooperatesWith"),
)
"""Relation nodes that become ties: class, the properties of both ends, and the relation of the tie."""

MEMBERSHIPS = {
    ("consortium", True): ("leads", "leads"),
    ("consortium", False): ("memberOf", "memberOf"),
    ("programme", True): ("programme", "leadInProgramme"),
    ("programme", False): ("programme", "memberInProgramme"),
    ("oneOf", True): ("oneOf", "leadOfOne"),
    ("oneOf", False): ("oneOf", "memberOfOne"),
}
"""The relation of a membership and the entry of its words, by what it names and whether in the role of a lead."""

DATES = {
    "Participation": ("start", "end"),
    **dict.fromkeys(("Supply", "Hierarchy", "Site", "Cooperation"), ("since", "until")),
}
"""The properties with the period of a relation node; a participation has its project's."""


class Tie(NamedTuple):
    """A tie: its ends, its relation and the entry of its words, what states it, its role, what has its dates."""

    source: str
    target: str
    relation: str
    words: str
    row: str = ""
    role: str = ""
    dates_of: str = ""
