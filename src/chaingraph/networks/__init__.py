"""Projections: networks of the graph's things, one function each, named for what ties them.

Each takes flat rows from the graph, makes integer arrays and sparse matrices of them, and returns a frozen networkx
graph (``.copy()`` is editable). Nodes are short names of IRIs and carry the attributes that
:class:`chaingraph.queries.nodes.Things` lists; isolates stay unless told otherwise. ``network.graph["weight"]`` names
the edge attribute that counts, ``network.graph["datasets"]`` the data sets with their attribution,
``network.graph["left_out"]`` how much of what was not used, ``network.graph["undated"]`` how many rows without a date
were kept where a period is asked for. The filters that all take are :class:`Selection`'s.
"""

from __future__ import annotations

from chaingraph.networks.aggregates import inter_industry, inter_region
from chaingraph.networks.backbone import backbone
from chaingraph.networks.flows import chain, supply
from chaingraph.networks.memberships import affiliation, co_membership
from chaingraph.networks.projects import co_participation, hosting, participation
from chaingraph.networks.whole import whole
from chaingraph.queries.filters import Selection
from chaingraph.queries.nodes import CLASSES

__all__ = [
    "CLASSES",
    "Selection",
    "affiliation",
    "backbone",
    "chain",
    "co_membership",
    "co_participation",
    "hosting",
    "inter_industry",
    "inter_region",
    "participation",
    "supply",
    "whole",
]
