"""The whole graph as one network: every thing a node, every relation a tie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import networkx as nx
import polars as pl

from chaingraph.networks._projection import add_things, finish
from chaingraph.networks._tie_dates import periods
from chaingraph.queries.filters import Filters, Selection
from chaingraph.queries.nodes import CLASSES, Things, evidence
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chaingraph.queries.nodes import Attribute
    from chaingraph.store import KnowledgeGraph

_DIRECT = {
    "within": ("within", "隶属于"),
    "broader": ("narrower than", "上位为"),
    "region": ("located in", "位于"),
    "industry": ("in the industry", "所属产业"),
    "chain": ("of the chain", "所属产业链"),
    "programme": ("in the programme", "列入"),
    "authority": ("under the authority of", "主管部门"),
    "consortium": ("of the consortium", "所属联合体"),
    "platform": ("on the platform", "依托平台"),
    "hostedBy": ("hosted by", "依托单位"),
    "follows": ("follows", "上一环节"),
    "stage": ("at the stage", "所处环节"),
    "inputOf": ("input of", "投入于"),
}
"""Properties that stand between two things directly, with their words in English and Chinese."""

_NODES = (
    ("Participation", "organization", "project", "participatesIn", ("participates in", "参与项目")),
    ("Supply", "supplier", "product", "supplies", ("supplies", "供应")),
    ("Supply", "supplier", "customer", "suppliesTo", ("supplies to", "供应给")),
    ("Shareholding", "shareholder", "organization", "shareholderOf", ("shareholder of", "持股")),
    ("StageRole", "organization", "stage", "holds", ("holds the stage", "承担环节")),
    ("StageRole", "consortium", "stage", "holds", ("holds the stage", "承担环节")),
    ("StageRole", "platform", "stage", "holds", ("holds the stage", "承担环节")),
    ("StageRole", "region", "stage", "holds", ("holds the stage", "承担环节")),
)
"""Relation nodes that become ties: class, from which end, to which end, the relation's name and words."""

_MEMBER_TIES = {
    ("consortium", "lead"): ("leads", ("leads", "牵头")),
    ("consortium", ""): ("memberOf", ("member of", "成员")),
    ("programme", "lead"): ("programme", ("named as a lead in", "作为牵头单位列入")),
    ("programme", ""): ("programme", ("named in", "列入")),
    ("oneOf", "lead"): ("oneOf", ("leads one of", "牵头其中之一")),
    ("oneOf", ""): ("oneOf", ("member of one of", "其中之一的成员")),
}
"""What a membership becomes as a tie, by the end that it names and its role."""


_DATES = {"Participation": ("start", "end"), "Supply": ("since", "until")}
"""The properties that hold the period of a relation node; a participation has its project's."""

_Tie = tuple[str, str, str, tuple[str, str], str | None, str, str]
"""From, to, relation, its words, the node that states it, role, and the thing whose dates it has."""


def whole(kg: KnowledgeGraph, *, quotes: bool = False, **filters: Unpack[Filters]) -> nx.MultiDiGraph[str]:
    """Return every thing of the graph as a node, and every relation between two things as a directed tie.

    Nodes are organizations, consortia, programmes, platforms, projects, regions, industries, chains, stages and
    products. A tie has ``relation`` (and ``relation_en``, ``relation_zh`` in words); relation nodes such as memberships
    become ties, with their ``role``, and with ``since`` and ``until``, their own or their project's or platform's. A
    membership that names one of several consortia becomes a tie ``oneOf`` to each. Which way a tie points is a matter
    of words, so that measures take it as undirected (``network.graph["direction"]``). Left out: reported counts,
    claims, identities, sources and quotes.

    Args:
        kg: The graph.
        quotes: Put the words that state them on nodes and ties.
        filters: See :class:`chaingraph.networks.Selection`. Roles are those of memberships; the period holds for
            memberships, participations and supplies. The ties are not counted, so ``minimum`` is refused.
    """
    selection, things = Selection(**filters), Things(kg)
    selection.refuse_minimum("whole")
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph(direction="ignored")
    stated = evidence(kg) if quotes else None
    known: set[str] = set()
    for class_name in CLASSES:
        only = selection.organizations(things)["s"].to_list() if class_name == "Organization" else None
        known.update(add_things(network, things, class_name, only=only, stated=stated))
    undated = 0
    ties: list[_Tie] = list(_direct(things))
    for found, missing in (_relation_nodes(things, selection), _member_ties(things, selection)):
        ties += found
        undated += missing
    dates = periods(things)
    for source, target, relation, words, node, role, period in ties:
        if source in known and target in known:
            data: dict[str, Attribute] = {"relation": relation, "relation_en": words[0], "relation_zh": words[1]}
            if role:
                data["role"] = role
            data |= dates.get(period, {})
            if stated is not None and node is not None and stated[node]:
                data["quotes"] = stated[node]
            network.add_edges_from([(short_name(source), short_name(target), data)])
    finish(network, things, ("whole", "全图"), selection=selection, undated=undated)
    return network


def _direct(things: Things) -> Iterator[_Tie]:
    for relation, words in _DIRECT.items():
        for source, target in things.pairs(f"cg:{relation}").sort("s", "o").iter_rows():
            yield source, target, relation, words, None, "", source if relation == "hostedBy" else ""


def _relation_nodes(things: Things, selection: Selection) -> tuple[list[_Tie], int]:
    found: list[_Tie] = []
    undated = 0
    for class_name, start, end, relation, words in _NODES:
        query = f"SELECT ?row ?s ?o {{ ?row a cg:{class_name} ; cg:{start} ?s ; cg:{end} ?o }}"
        rows = things.kg.select_text(query).sort("row", "s", "o")
        if class_name in _DATES:
            key = "o" if class_name == "Participation" else "row"
            rows, missing = selection.during(things, rows, *_DATES[class_name], key=key)
            undated += missing
        project = class_name == "Participation"
        found += [
            (source, target, relation, words, node, "", target if project else node)
            for node, source, target in rows.iter_rows()
        ]
    return found, undated


def _member_ties(things: Things, selection: Selection) -> tuple[list[_Tie], int]:
    found: list[_Tie] = []
    undated = 0
    for end in ("consortium", "programme", "oneOf"):
        query = f"SELECT ?row ?s ?o {{ ?row a cg:Membership ; cg:organization ?s ; cg:{end} ?o }}"
        rows = selection.rows(things, things.kg.select_text(query).sort("row", "o"), "role")
        rows, missing = selection.during(things, rows, "since", "until")
        undated += missing
        for node, source, target, role in rows.select("row", "s", "o", pl.col("role").fill_null("")).iter_rows():
            relation, words = _MEMBER_TIES[end, "lead" if role == "lead" else ""]
            found.append((source, target, relation, words, node, role, node))
    return found, undated
