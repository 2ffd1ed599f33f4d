"""The values of the properties of things, read whole once for each property: to compare, to find by, and to show."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from chaingraph.identity.names import normal_name
from chaingraph.languages import text_in
from chaingraph.queries.properties import all_properties
from chaingraph.vocabulary import code_list, full_iri, short_name, term_labels

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chaingraph.identity.thing_index import ThingIndex
    from chaingraph.queries.properties import Property
    from chaingraph.store import KnowledgeGraph

_UPWARD = {"Region": "cg:within", "Industry": "cg:broader", "Product": "cg:broader"}
"""By class the property that leads to what a thing lies in: who is in a city is also in its province."""


class PropertyValues:
    """The values of the properties of a graph's things, by the names of `chaingraph.queries.properties`.

    Args:
        kg: The graph.
        index: Its things by their names.
    """

    def __init__(self, kg: KnowledgeGraph, index: ThingIndex) -> None:
        self._kg = kg
        self._index = index
        self._rows: dict[tuple[str, bool], dict[str, list[str]]] = {}
        self._subjects: dict[str, dict[str, list[str]]] = {}
        self._keys: dict[tuple[str, str], frozenset[str]] = {}
        self._notations: dict[str, str] | None = None

    def of(self, iri: str, name: str) -> list[str]:
        """Return the values that a thing has of a property, as texts and IRIs, sorted."""
        return self._values(name, upward=False).get(iri, [])

    def keys_of(self, iri: str, name: str) -> frozenset[str]:
        """Return every form in which a value may be given that a thing has of a property; empty where it has none."""
        return frozenset().union(
            *(self._keys_of(name, value) for value in self._values(name, upward=True).get(iri, ()))
        )

    def subjects(self, name: str, text: str) -> list[str]:
        """Return the IRIs of the things that have a value of a property, given in any of its forms."""
        if name not in self._subjects:
            subjects: dict[str, list[str]] = defaultdict(list)
            for iri, values in self._values(name, upward=True).items():
                for key in frozenset().union(*(self._keys_of(name, value) for value in values)):
                    subjects[key].append(iri)
            self._subjects[name] = dict(subjects)
        iris = {iri for key in forms_of(text) for iri in self._subjects[name].get(key, ())}
        return sorted(iris)

    def shown(self, name: str, value: str, language: str) -> dict[str, Any]:
        """Return a value as the data extension has it: a thing by id and name, a number, or a text."""
        kinds = {one.kind for one in all_properties()[name]}
        if "thing" in kinds:
            thing = self._index.thing(value)
            return {"id": value, "name": thing.name(language) if thing else short_name(value)}
        # The kind of an organization is a code, that of a platform a text.
        if "code" in kinds and value in term_labels():
            return {"str": text_in(term_labels()[value], language)}
        if "number" in kinds:
            number = float(value)
            return {"int": int(number)} if number.is_integer() and abs(number) < 2**53 else {"float": number}
        return {"str": value}

    def _values(self, name: str, *, upward: bool) -> Mapping[str, list[str]]:
        """Return by thing the values of a property; with ``upward`` also what these lie in."""
        if (name, upward) not in self._rows:
            queries = [_query(one, upward=upward) for one in all_properties()[name]]
            rows: dict[str, list[str]] = defaultdict(list)
            for iri, value in sorted({row for frame in self._kg.select_many(queries) for row in frame.iter_rows()}):
                rows[iri].append(value)
            self._rows[name, upward] = dict(rows)
        return self._rows[name, upward]

    def _keys_of(self, name: str, value: str) -> frozenset[str]:
        if (name, value) not in self._keys:
            self._keys[name, value] = frozenset(self._forms(name, value))
        return self._keys[name, value]

    def _forms(self, name: str, value: str) -> Iterable[str]:
        properties = all_properties()[name]
        yield value.casefold()
        thing = self._index.thing(value) if any(one.kind == "thing" for one in properties) else None
        if thing is not None:
            yield from (normal_name(text).key for text in thing.all_names())
            notation = self._notation(value)
            if notation:
                yield notation.casefold()
        for one in properties:
            if one.codes:
                yield from _spellings(one.codes, value)
        if name == "code":
            # USCC:91320000... and 91320000... are the same number in a table that has only one register.
            yield value.rpartition(":")[2].casefold()
        if any(one.kind == "number" for one in properties):
            yield f"{float(value):g}"
        if any(one.kind == "date" for one in properties):
            yield from (value[:4], value[:7])
        if any(one.kind == "text" and one.path.startswith(("rdfs:", "skos:")) for one in properties):
            yield normal_name(value).key

    def _notation(self, iri: str) -> str | None:
        """Return the code of a region or an industry."""
        if self._notations is None:
            rows = self._kg.select_text(
                "SELECT ?s ?o { VALUES ?c { cg:Region cg:Industry } ?s a ?c ; skos:notation|cg:code ?o }"
            ).sort("s", "o")
            self._notations = dict(rows.select("s", "o").iter_rows())
        return self._notations.get(iri)


def forms_of(text: str) -> frozenset[str]:
    """Return the forms in which a text that somebody gives is compared with the keys of a value.

    >>> sorted(forms_of("Bosch GmbH"))
    ['bosch', 'bosch gmbh']
    """
    lower_case = text.strip().casefold()
    forms = {lower_case, full_iri(text.strip()).casefold(), normal_name(text).key}
    with suppress(ValueError):
        forms.add(f"{float(lower_case):g}")
    return frozenset(forms - {""})


def _query(one: Property, *, upward: bool) -> str:
    path = f"{one.path}/{_UPWARD[one.target]}*" if upward and one.target in _UPWARD else one.path
    # What a relation's short form leads to is told apart by language only where the property says so.
    language = f" FILTER (LANG(?o) = '{one.language}')" if one.language else ""
    return f"SELECT DISTINCT ?s ?o {{ ?s {path} ?o{language} }}"


@cache
def _spellings(codes: str, iri: str) -> tuple[str, ...]:
    """Return the accepted spellings of a code."""
    notations = [code.notation for code in code_list(codes).codes if code.iri == iri]
    return tuple(text for text, notation in code_list(codes).spellings.items() if notation in notations)
