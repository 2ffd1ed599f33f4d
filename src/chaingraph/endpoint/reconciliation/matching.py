"""Candidates for the queries of a batch, with a score, and whether one of them is certainly meant."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from chaingraph.endpoint.reconciliation.property_values import forms_of
from chaingraph.identity.thing_index import Candidate, Thing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chaingraph.endpoint.reconciliation.batches import Condition, Query
    from chaingraph.endpoint.reconciliation.property_values import PropertyValues
    from chaingraph.identity.thing_index import ThingIndex

_NAME_WEIGHT = 3
"""How many properties a name weighs as much as."""
_IDENTIFIER = "code"
"""The property of which one value stands for one thing only."""
_MOST_BY_PROPERTY = 500
"""How many things that have a value are compared where a query has no name."""


class Match(NamedTuple):
    """A candidate: its score from 0 to 100, that of its name alone, and whether it is certainly meant.

    ``agreements`` says of each condition on which something is known whether it holds.
    """

    thing: Thing
    score: float
    name_score: float
    certain: bool
    agreements: Mapping[str, bool]


class Matcher:
    """Matches the queries of a batch with the things of a graph."""

    def __init__(self, index: ThingIndex, values: PropertyValues) -> None:
        self._index = index
        self._values = values

    def match(self, queries: Sequence[Query]) -> list[list[Match]]:
        """Return for each query its candidates, the best first.

        The score is that of the name (`NameIndex.nearest`) and of the properties on which something is known, in
        which a name weighs as much as three properties; where a code agrees it is 100. A candidate is certain where
        its name is equal or its code agrees, no property disagrees, and no other candidate is so.
        """
        by_names = self._by_names(queries)
        return [self._ranked(query, candidates) for query, candidates in zip(queries, by_names, strict=True)]

    def _by_names(self, queries: Sequence[Query]) -> list[dict[str, Candidate]]:
        """Return by IRI the candidates that the names of each query have; those of one class are compared at once."""
        results: list[dict[str, Candidate]] = [{} for _ in queries]
        groups: dict[tuple[str, ...], list[tuple[int, str]]] = defaultdict(list)
        for place, query in enumerate(queries):
            groups[query.classes] += [(place, name) for name in query.names]
        for classes, entries in groups.items():
            nearest = self._index.nearest([name for _, name in entries], classes, count=50)
            for (place, _), candidates in zip(entries, nearest, strict=True):
                for one in candidates:
                    best = results[place].setdefault(one.thing.iri, one)
                    if best.score < one.score:
                        results[place][one.thing.iri] = one
        return results

    def _ranked(self, query: Query, by_name: Mapping[str, Candidate]) -> list[Match]:
        candidates = dict(by_name)
        for thing in self._by_values(query):
            if not query.classes or thing.class_name in query.classes:
                candidates.setdefault(thing.iri, Candidate(thing, "", 0.0, equal=False, pinyin=False))
        matches = [self._scored(query, one) for one in candidates.values() if self._fits(query, one)]
        certain = [one for one in matches if one.certain]
        if len(certain) > 1:
            matches = [one._replace(certain=False) for one in matches]
        return sorted(matches, key=lambda one: (-one.score, -one.name_score))[: query.limit]

    def _by_values(self, query: Query) -> Iterable[Thing]:
        """Return the things that are named by IRI or by code, or, where a query has no name, by any property."""
        iris = list(query.iris)
        for condition in query.conditions:
            if condition.quantifier != "none" and (condition.property == _IDENTIFIER or not query.names):
                for value in condition.values:
                    iris += self._values.subjects(condition.property, value)[:_MOST_BY_PROPERTY]
        things = (self._index.thing(iri) for iri in dict.fromkeys(iris))
        return [thing for thing in things if thing is not None]

    def _fits(self, query: Query, one: Candidate) -> bool:
        if query.name_required and not one.equal:
            return False
        return all(self._holds(each, one.thing) is True for each in query.conditions if each.required)

    def _holds(self, condition: Condition, thing: Thing) -> bool | None:
        """Return whether a condition holds of a thing; None where the graph has no value of the property."""
        keys = self._values.keys_of(thing.iri, condition.property)
        if not keys:
            return None
        equal = [not keys.isdisjoint(forms_of(value)) for value in condition.values]
        if condition.quantifier == "none":
            return not any(equal)
        return all(equal) if condition.quantifier == "all" else any(equal)

    def _scored(self, query: Query, one: Candidate) -> Match:
        states = {each.property: self._holds(each, one.thing) for each in query.conditions}
        agreements = {name: state for name, state in states.items() if state is not None}
        identified = agreements.get(_IDENTIFIER, False) or one.thing.iri in query.iris
        weight = _NAME_WEIGHT if query.names else 0
        total = weight + len(agreements)
        score = 1.0 if identified else (weight * one.score + sum(agreements.values())) / total if total else 0.0
        certain = (one.equal or identified) and all(agreements.values())
        return Match(one.thing, round(100 * score, 1), round(100 * one.score, 1), certain, agreements)
