"""The chain map as data: what its template and scripts read."""

from __future__ import annotations

from dataclasses import dataclass

from chaingraph.webpage.model import PageParts
from chaingraph.webpage.words import Text


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds stages: its node, its name as it fits on a card, and what the second line of the card says.

    ``kind`` is a code of what it is filtered by; ``region`` the name of its region, empty where none is stated;
    ``consortia`` are the nodes of the consortia that it is, belongs to or is a platform of.
    """

    node: int
    short: Text
    line: Text
    kind: str
    region: Text
    consortia: tuple[int, ...] = ()
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Card:
    """A holder at a stage: the position of the holder, and the ties that say so."""

    holder: int
    ties: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """A stage on the map: its node, its column and layer, and its cards.

    ``status`` is ``held``, ``planned``, ``absent`` or ``unknown``; ``quotes`` are positions of the words of a claim.
    """

    node: int
    segment: str
    layer: int
    status: str
    cards: tuple[Card, ...] = ()
    quotes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrow:
    """What one stage passes on to another, by positions of boxes in the chain, and the words that say so."""

    source: int
    target: int
    kind: str
    quotes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MapChain:
    """A chain on the map: its node, None for the stages that are on no chain."""

    name: Text
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...] = ()
    node: int | None = None


@dataclass(frozen=True, slots=True)
class MapModel(PageParts):
    """Everything that a chain map shows and says.

    ``kinds`` are the names of the kinds that holders are filtered by, in their order. ``network_page`` is the address
    of a page of the network, in which the node of a holder can be looked up; empty if there is none.
    """

    chains: tuple[MapChain, ...]
    holders: tuple[Holder, ...]
    kinds: dict[str, Text]
    network_page: str
