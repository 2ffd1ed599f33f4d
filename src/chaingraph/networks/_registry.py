"""The networks that a graph has: their names, words and options, for the command line, the endpoint and the docs."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from chaingraph.languages import check_language, words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import networkx as nx

    from chaingraph.arrays import ArrayNetwork
    from chaingraph.store import KnowledgeGraph

_FILTERS = ("roles", "kinds", "regions", "at", "between", "minimum", "isolates")
_WITHOUT_ROLES = _FILTERS[1:]


@dataclass(frozen=True)
class Projection:
    """A network that a graph has.

    Args:
        name: The name, which is also that of the function in :mod:`chaingraph.networks`.
        options: The keyword arguments that apply: filters of :class:`chaingraph.queries.filters.Selection`,
            ``newman`` and ``level``; ``quotes`` applies to all.
        layout: The layout of :mod:`chaingraph.layout` that suits it.
        weight: The edge attribute that counts; None where ties are not counted.
        two_mode: Whether nodes are of two modes, with ties only between the two.
        directed: Whether the direction of a tie says more than which end comes first in a sentence.
    """

    name: str
    options: tuple[str, ...]
    layout: str
    weight: str | None = None
    two_mode: bool = False
    directed: bool = False

    @property
    def function(self) -> Callable[..., nx.Graph[str]]:
        """The function that makes the network of a graph."""
        function: Callable[..., nx.Graph[str]] = getattr(import_module("chaingraph.networks"), self.name)
        return function

    def arrays(self, kg: KnowledgeGraph, **options: Any) -> ArrayNetwork:  # noqa: ANN401 - those of the function
        """Return the network of a graph as arrays; ``options`` are those of the function."""
        function: Callable[..., ArrayNetwork] = getattr(import_module("chaingraph.networks"), self.name)
        return function(kg, form="arrays", **options)

    def label(self, language: str) -> str:
        """Return what the network is called.

        >>> PROJECTIONS["inter_region"].label("en"), PROJECTIONS["inter_region"].label("zh")
        ('inter-region', '区域间网络')
        """
        return self._words("label", language)

    def ties(self, language: str) -> str:
        """Return what its ties connect.

        >>> PROJECTIONS["co_membership"].ties("en")
        'organizations in the same consortium'
        """
        return self._words("ties", language)

    def _words(self, part: str, language: str) -> str:
        check_language(language)
        text: str = words("chaingraph.networks")["networks"][self.name][part][language]
        return text


PROJECTIONS: Mapping[str, Projection] = MappingProxyType(
    {
        projection.name: projection
        for projection in (
            Projection("co_membership", (*_FILTERS, "newman"), "communities", weight="consortia"),
            Projection("affiliation", _FILTERS, "two-mode", weight="memberships", two_mode=True),
            Projection("co_participation", (*_FILTERS, "newman"), "communities", weight="projects"),
            Projection("participation", _FILTERS, "two-mode", weight="participations", two_mode=True),
            Projection("hosting", _WITHOUT_ROLES, "two-mode", weight="hosts", two_mode=True),
            Projection("supply", (*_WITHOUT_ROLES, "level"), "chain", directed=True),
            Projection("chain", ("isolates",), "chain", directed=True),
            Projection("inter_region", (*_FILTERS, "level"), "map", weight="pairs"),
            Projection("inter_industry", _FILTERS, "communities", weight="organizations"),
            Projection("whole", tuple(name for name in _FILTERS if name != "minimum"), "communities"),
        )
    }
)
"""Every network by its name; the first is the one that is meant where none is named."""
