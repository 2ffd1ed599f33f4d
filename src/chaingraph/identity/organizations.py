"""What a graph says of its organizations, as far as it tells who is who."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from networkx.utils import UnionFind

from chaingraph.identity.names import HAN, normal_name
from chaingraph.vocabulary import CODE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chaingraph.store import KnowledgeGraph

TABLE = "organizations"
_ONE_EACH = frozenset({"USCC", "VAT", "ROR"})
"""Schemes that give an organization one number: two different ones speak against a proposal by name."""

Pair = tuple[str, str]


class Decisions(NamedTuple):
    """Pairs that persons decided to be different, and those left open, with their left, right and reason."""

    different: frozenset[Pair]
    open: Mapping[Pair, tuple[str, str, str]]


class Organizations:
    """What the graph says of its organizations; all by IRI."""

    def __init__(self, kg: KnowledgeGraph, language: str) -> None:
        names, labels, codes, regions, above, region_names, mentions, decisions = kg.select_many(
            (
                "SELECT DISTINCT ?o ?n { ?o a cg:Organization ; rdfs:label|skos:altLabel ?n }",
                "SELECT ?o ?n { ?o a cg:Organization ; rdfs:label ?n }",
                "SELECT ?o ?v { ?o a cg:Organization ; cg:code ?v }",
                "SELECT ?o ?v { ?o a cg:Organization ; cg:region ?v }",
                "SELECT ?o ?v { ?o cg:within ?v }",
                "SELECT DISTINCT ?o ?n { ?o a cg:Region ; rdfs:label|skos:altLabel ?n }",
                "SELECT ?o { ?row cg:organization ?o }",
                "SELECT ?l ?r ?d ?why { ?i a cg:Identity ; cg:left ?l ; cg:right ?r ; cg:decision ?d"
                " OPTIONAL { ?i cg:reason ?why } }",
            )
        )
        names, labels, codes, regions, above, region_names = (
            frame.drop_nulls() for frame in (names, labels, codes, regions, above, region_names)
        )
        self.names = _grouped(names.sort("o", "n").iter_rows())
        self.codes = {key: frozenset(map(_code, texts)) for key, texts in _grouped(codes.iter_rows()).items()}
        self.region_words = frozenset(normal_name(name).key for name in region_names["n"])
        self.decisions = self._decisions(decisions.iter_rows())
        self._chinese = language == "zh"
        self._labels = _grouped(labels.sort("o", "n").iter_rows())
        self._regions = _grouped(regions.sort("o", "v").iter_rows())
        self._above = _grouped(above.sort("o", "v").iter_rows())
        self._region_names = _grouped(region_names.sort("o", "n").iter_rows())
        self._mentions = dict(mentions.group_by("o").len().iter_rows())
        self._lines: dict[str, frozenset[str]] = {}

    def _decisions(self, answer: Iterable[tuple[str, str, str, str | None]]) -> Decisions:
        rows = sorted(row for row in ((*row[:3], row[3] or "") for row in answer) if f"/{TABLE}/" in row[0])
        same: UnionFind[str] = UnionFind()
        for left, right, decision, _ in rows:
            if decision == f"{CODE}decision-same":
                same.union(left, right)
        one = {
            iri: next((n for n in sorted(group) if n in self.names), iri) for group in same.to_sets() for iri in group
        }
        pairs: dict[str, dict[Pair, tuple[str, str, str]]] = defaultdict(dict)
        for left, right, decision, why in rows:
            a, b = one.get(left, left), one.get(right, right)
            pairs[decision][pair_of(a, b)] = (a, b, why)
        return Decisions(frozenset(pairs[f"{CODE}decision-different"]), pairs[f"{CODE}decision-not-stated"])

    def name(self, iri: str) -> str:
        """Return the organization's name, a Chinese one for Chinese readers if there is any."""
        return self._read(self._labels.get(iri) or self.names[iri])

    def region(self, iri: str) -> str:
        """Return the names of the organization's regions."""
        return "; ".join(self._read(self._region_names.get(one, [one])) for one in self._regions.get(iri, ()))

    def _read(self, names: list[str]) -> str:
        return next((name for name in names if bool(HAN.search(name)) is self._chinese), names[0])

    def area(self, iri: str) -> str | None:
        """Return the highest region that the organization lies in."""
        regions = self._regions.get(iri)
        if not regions:
            return None
        line = self._line(regions[0])
        return min((region for region in line if not self._above.get(region)), default=min(line))

    def _line(self, region: str) -> frozenset[str]:
        """Return the region and all above it; a cycle ends where it began."""
        if region not in self._lines:
            line, queue = {region}, [region]
            while queue:
                for above in self._above.get(queue.pop(), ()):
                    if above not in line:
                        line.add(above)
                        queue.append(above)
            self._lines[region] = frozenset(line)
        return self._lines[region]

    def may_share_region(self, one: str, other: str) -> bool:
        """Tell whether the regions of the two may be one: one contains the other, or one is unknown."""
        ours, theirs = self._regions.get(one, ()), self._regions.get(other, ())
        return not (ours and theirs) or any(a in self._line(b) or b in self._line(a) for a in ours for b in theirs)

    def codes_conflict(self, one: str, other: str) -> bool:
        """Tell whether the two have different numbers of a scheme that gives each one number, and share no code."""
        ours, theirs = self.codes.get(one, frozenset()), self.codes.get(other, frozenset())
        return not ours & theirs and bool({s for s, _ in ours} & {s for s, _ in theirs} & _ONE_EACH)

    def by_mentions(self, one: str, other: str) -> Pair:
        """Return the pair, the one with more mentions first: its IRI stays."""
        first, second = sorted((one, other), key=lambda iri: (-self._mentions.get(iri, 0), iri))
        return first, second


def _grouped(rows: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = defaultdict(list)
    for key, value in rows:
        values[key].append(value)
    return dict(values)


def _code(text: str) -> tuple[str, str]:
    scheme, _, value = text.partition(":")
    return scheme.upper(), re.sub(r"[\W_]", "", value).upper()


def pair_of(one: str, other: str) -> Pair:
    """Return the two in the order of their IRIs, whichever was named first."""
    return (one, other) if one < other else (other, one)


def base_of(iri: str) -> str:
    """Return the base of an organization's data set; a decision names ids, so it is one inside a data set only."""
    return iri.rpartition(f"/{TABLE}/")[0]


def identifier(iri: str) -> str:
    """Return the id of an organization, as its table has it."""
    return unquote(iri.rpartition(f"/{TABLE}/")[2])
