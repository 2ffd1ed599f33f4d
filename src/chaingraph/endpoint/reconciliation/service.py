"""What the reconciliation service answers, as the API's documents; it knows a graph, and nothing of HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chaingraph.endpoint.engine import RefusedError
from chaingraph.endpoint.reconciliation.batches import class_of, extension_of, queries_of_0_2, queries_of_1_0
from chaingraph.endpoint.reconciliation.matching import Matcher
from chaingraph.endpoint.reconciliation.property_values import PropertyValues
from chaingraph.identity.thing_index import ThingIndex
from chaingraph.languages import text_in
from chaingraph.messages import lazy_tr, tr
from chaingraph.queries.properties import all_properties
from chaingraph.vocabulary import PREFIXES, term_labels

if TYPE_CHECKING:
    from chaingraph.endpoint.reconciliation.matching import Match
    from chaingraph.identity.thing_index import Thing
    from chaingraph.store import KnowledgeGraph

_SUGGESTIONS = 10
_MAX_CURSOR = 1000
_FEATURE_NAMES = {"zh": "名称相似度", "en": lazy_tr("similarity of the name")}


class ReconciliationService:
    """Answers batches, data extensions and suggestions from one graph, whose names are indexed at the beginning.

    Raises:
        RefusedError: From every method, where a request does not fit the API.
    """

    def __init__(self, kg: KnowledgeGraph) -> None:
        self._index = ThingIndex(kg)
        self._index.index_names()
        self._values = PropertyValues(kg, self._index)
        self._matcher = Matcher(self._index, self._values)

    def answer(self, operation: str, content: dict[str, str], language: str) -> Any:  # noqa: ANN401 - a JSON document
        """Return the answer to an operation: match_0_2, match_1_0, extend_0_2, extend_1_0, suggest or spell.

        Args:
            operation: Which.
            content: ``batch`` is the JSON that the client sends; a suggestion has ``prefix``, ``type`` and ``cursor``,
                a spelling ``text``, ``classes`` (separated by spaces) and ``count``.
            language: The language of names, zh or en.
        """
        if operation == "suggest":
            return self._suggestions(content, language)
        if operation == "spell":
            spellings = self._index.with_spelling(content["text"], content["classes"].split(), int(content["count"]))
            return [[one.thing.iri, one.thing.class_name, one.rank, one.length] for one in spellings]
        batch = content["batch"]
        if operation == "match_0_2":
            queries = queries_of_0_2(batch)
            results = self._matcher.match(list(queries.values()))
            return {
                key: {"result": [self._candidate(one, language) for one in matches]}
                for key, matches in zip(queries, results, strict=True)
            }
        if operation == "match_1_0":
            results = self._matcher.match(queries_of_1_0(batch))
            return {
                "results": [{"candidates": [self._candidate(one, language) for one in matches]} for matches in results]
            }
        rows = self._rows(batch, language)
        if operation == "extend_0_2":
            return rows
        named_rows = [
            {"id": iri, "properties": [{"id": name, "values": values} for name, values in row.items()]}
            for iri, row in rows["rows"].items()
        ]
        return {"meta": rows["meta"], "rows": named_rows}

    def _candidate(self, match: Match, language: str) -> dict[str, Any]:
        features: list[dict[str, Any]] = [
            {"id": "name", "name": _FEATURE_NAMES[language], "value": match.name_score},
            *(
                {"id": name, "name": property_words(name, language), "value": agrees}
                for name, agrees in match.agreements.items()
            ),
        ]
        return self._entity(match.thing, language) | {
            "type": [type_record(match.thing.class_name, language)],
            "score": match.score,
            "match": match.certain,
            "features": features,
        }

    def _entity(self, thing: Thing, language: str) -> dict[str, Any]:
        """Return a thing with its name and a description that tells namesakes apart: its class and its regions."""
        regions = [self._values.shown("region", iri, language)["name"] for iri in self._values.of(thing.iri, "region")]
        description = " · ".join((type_record(thing.class_name, language)["name"], *regions))
        return {"id": thing.iri, "name": thing.name(language), "description": description}

    def _rows(self, batch: str, language: str) -> dict[str, Any]:
        extension = extension_of(batch)
        meta = []
        for name in extension.properties:
            entry: dict[str, Any] = {"id": name, "name": property_words(name, language)}
            targets = {one.target for one in all_properties()[name]}
            if len(targets) == 1 and (target := next(iter(targets))) is not None:
                entry["type"] = type_record(target, language)
            meta.append(entry)
        rows = {
            iri: {
                name: [self._values.shown(name, value, language) for value in self._values.of(iri, name)]
                for name in extension.properties
            }
            for iri in extension.iris
        }
        return {"meta": meta, "rows": rows}

    def _suggestions(self, content: dict[str, str], language: str) -> dict[str, Any]:
        """Return things of which a name, its Pinyin or initials begin with a text, then those that are called alike."""
        classes = [class_of(content["type"])] if content.get("type") else []
        cursor = content.get("cursor") or "0"
        if not (cursor.isascii() and cursor.isdigit() and int(cursor) <= _MAX_CURSOR):
            raise RefusedError(400, tr("'cursor': expected a number from 0 to {max_cursor}", max_cursor=_MAX_CURSOR))
        prefix = content["prefix"].strip()
        end = int(cursor) + _SUGGESTIONS
        things = {one.iri: one for one in self._index.beginning_with(prefix, classes, end)} if prefix else {}
        if prefix and len(things) < end:
            (nearest,) = self._index.nearest([prefix], classes, _SUGGESTIONS)
            things |= {one.thing.iri: one.thing for one in nearest if one.thing.iri not in things}
        return {
            "result": [
                self._entity(one, language) | {"notable": [type_record(one.class_name, language)]}
                for one in list(things.values())[int(cursor) : end]
            ]
        }


def type_record(class_name: str, language: str) -> dict[str, str]:
    """Return a type by its identifier and its name.

    >>> type_record("Organization", "zh")
    {'id': 'Organization', 'name': '单位'}
    """
    return {"id": class_name, "name": text_in(term_labels()[PREFIXES["cg"] + class_name], language)}


def property_words(name: str, language: str) -> str:
    """Return what a property is called.

    >>> property_words("region", "zh"), property_words("leads", "en")
    ('地区', 'leads')
    """
    return all_properties()[name][0].labels[language]
