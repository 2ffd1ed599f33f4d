"""Knowledge graphs of industrial-chain innovation networks.

Tables of facts become an RDF graph in which every statement leads to the words that state it; the graph is queried
with SPARQL, measured with networkx and drawn as one HTML file::

    import chaingraph as cg

    kg = cg.open("graph/jiangsu-2022")
    kg.query("SELECT ?c ?n WHERE { ?c a cg:Consortium ; rdfs:label ?n }")
    net = cg.co_membership(kg)
    cg.centrality(net)
    cg.page(net).save("network.html")

Each name is imported from its module when it is first used, so that importing chaingraph is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chaingraph.checks import Report as Report
    from chaingraph.checks import check, contradictions, rests_on, why
    from chaingraph.differences import diff as diff
    from chaingraph.errors import ChaingraphError
    from chaingraph.indicators.coverage import coverage
    from chaingraph.indicators.crosstab import crosstab
    from chaingraph.metrics.network.centrality import centrality
    from chaingraph.networks import affiliation, chain, co_membership, co_participation, hosting, supply, whole
    from chaingraph.store import KnowledgeGraph
    from chaingraph.vocabulary import CG
    from chaingraph.webpage.rendering import Page as Page
    from chaingraph.webpage.rendering import page

    open = KnowledgeGraph.open
    build = KnowledgeGraph.build

__version__ = "0.1.0"

__all__ = [
    "CG",
    "ChaingraphError",
    "KnowledgeGraph",
    "affiliation",
    "build",
    "centrality",
    "chain",
    "check",
    "co_membership",
    "co_participation",
    "contradictions",
    "coverage",
    "crosstab",
    "hosting",
    "open",
    "page",
    "rests_on",
    "supply",
    "whole",
    "why",
]

_HOMES = {
    "build": "chaingraph.store:KnowledgeGraph",
    "open": "chaingraph.store:KnowledgeGraph",
    "CG": "chaingraph.vocabulary",
    "ChaingraphError": "chaingraph.errors",
    "KnowledgeGraph": "chaingraph.store",
    "Page": "chaingraph.webpage",
    "Report": "chaingraph.checks",
    "affiliation": "chaingraph.networks",
    "check": "chaingraph.checks",
    "contradictions": "chaingraph.checks",
    "rests_on": "chaingraph.checks",
    "why": "chaingraph.checks",
    "centrality": "chaingraph.metrics.network.centrality",
    "chain": "chaingraph.networks",
    "co_membership": "chaingraph.networks",
    "co_participation": "chaingraph.networks",
    "hosting": "chaingraph.networks",
    "supply": "chaingraph.networks",
    "coverage": "chaingraph.indicators.coverage",
    "crosstab": "chaingraph.indicators.crosstab",
    "diff": "chaingraph.differences",
    "page": "chaingraph.webpage",
    "whole": "chaingraph.networks",
}


def __getattr__(name: str) -> object:
    """Import an exported name from its module."""
    if name not in _HOMES:
        message = f"module 'chaingraph' has no attribute '{name}'"
        raise AttributeError(message)
    module, _, owner = _HOMES[name].partition(":")
    home = import_module(module)
    return getattr(getattr(home, owner) if owner else home, name)


def __dir__() -> list[str]:
    """List the exported names."""
    return [*__all__, "__version__"]
