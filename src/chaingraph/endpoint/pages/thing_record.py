"""The record of one thing: its names, attributes, evidence, measures and relations, and the queries for them."""

from __future__ import annotations

import asyncio
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from chaingraph.endpoint.pages.cells import safe_address
from chaingraph.endpoint.pages.evidence import evidence_of
from chaingraph.endpoint.pages.page_queries import Row, ask_rows, iris_in, names_of
from chaingraph.endpoint.pages.relations import relation_groups
from chaingraph.endpoint.pages.terms import RELATIONS, SHORT_FORMS, STATEMENTS, TABLES, THINGS, class_words
from chaingraph.languages import LANGUAGES, text_in
from chaingraph.vocabulary import PREFIXES, short_name, term_labels

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.requests import Request

    from chaingraph.endpoint.pages.page_queries import Names, Term

Record = dict[str, Any]

_CG = PREFIXES["cg"]
_TYPE = f"{PREFIXES['rdf']}type"
_LABEL = f"{PREFIXES['rdfs']}label"
_ALIAS = f"{PREFIXES['skos']}altLabel"
_EVIDENCE = f"{_CG}evidence"
_OWN = "SELECT ?p ?o {{ <{iri}> ?p ?o }} ORDER BY ?p ?o"
_NODES = " ".join(f"cg:{name}" for name in (*RELATIONS, *STATEMENTS))
_AROUND = """{{ SELECT DISTINCT ?s {{
  {{ VALUES ?s {{ <{iri}> }} }}
  UNION {{ ?s ?r <{iri}> ; a ?c VALUES ?c {{ {nodes} }} FILTER (?r NOT IN (cg:source, cg:evidence)) }}
  UNION {{ <{iri}> cg:evidence|cg:source|(cg:evidence/cg:source) ?s }}
  UNION {{ ?node ?r <{iri}> ; a ?c VALUES ?c {{ {nodes} }} FILTER (?r NOT IN (cg:source, cg:evidence))
    ?node cg:evidence|cg:source|(cg:evidence/cg:source) ?s }}
}} }} ?s ?p ?o"""


def graph_query(iri: str) -> str:
    """Return the query for the triples of a thing: its statements, its relation nodes, and the quotes of both."""
    return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {_AROUND.format(iri=iri, nodes=_NODES)} }}"


def rows_query(iri: str) -> str:
    """Return the query for the same triples as rows."""
    return f"SELECT ?s ?p ?o {{ {_AROUND.format(iri=iri, nodes=_NODES)} }} ORDER BY (?s != <{iri}>) ?s ?p ?o"


@cache
def measures() -> Mapping[str, Any]:
    """Return the measures by class, each with its words and its query, in which ``$thing`` stands for the thing."""
    by_class: Mapping[str, Any] = json.loads(
        files("chaingraph.endpoint.pages").joinpath("measures.json").read_text(encoding="utf-8")
    )
    return by_class


async def thing_record(request: Request, iri: str, *, first: int) -> Record | None:
    """Return the record of a thing, in both languages, or None where the graph has no triples of it.

    Args:
        request: The request that it is for.
        iri: The thing; a valid IRI.
        first: The number of neighbours of each relation in it.

    Returns:
        ``iri``, ``class`` (None: of no class of the tables), ``classes`` (derived ones too), ``name``, ``names``,
        ``aliases``, ``attributes``, ``evidence``, ``measures`` and ``relations``.

    Raises:
        RefusedError: The engine refuses a query.
    """
    own = (await ask_rows(request, _OWN.format(iri=iri))).rows
    if not own:
        return None
    types = [row["o"]["value"] for row in own if row["p"]["value"] == _TYPE]
    local = {name.removeprefix(_CG) for name in types if name.startswith(_CG)}
    class_name = next((name for name in TABLES if name in local), None)
    names, evidence, groups, measure_records = await asyncio.gather(
        names_of(request, [*iris_in(own), iri]),
        evidence_of(request, [iri]),
        relation_groups(request, iri, first),
        _measures(request, iri, class_name),
    )
    labels = names.get(iri, {})
    return {
        "iri": iri,
        "class": class_name,
        "classes": [_label(_CG + name, name, names) for name in sorted(local - {class_name, "Organization"})],
        "name": {one: text_in(labels, one) or short_name(iri) for one in LANGUAGES},
        "names": [_text(row["o"]) for row in own if row["p"]["value"] == _LABEL],
        "aliases": [_text(row["o"]) for row in own if row["p"]["value"] == _ALIAS],
        "reported": class_name == "ReportedCount",
        "attributes": _attributes(own, names, class_name),
        "evidence": evidence.get(iri, []),
        "measures": measure_records,
        "relations": groups,
    }


def _text(term: Term) -> dict[str, str | None]:
    return {"value": term["value"], "language": term.get("xml:lang")}


def _label(iri: str, fallback: str, names: Names) -> dict[str, str]:
    texts = names.get(iri) or term_labels().get(iri, {})
    return {"iri": iri} | {language: text_in(texts, language) or fallback for language in LANGUAGES}


def _attributes(own: Iterable[Row], names: Names, class_name: str | None) -> list[Record]:
    """Return the properties of a thing with their values, without those that other parts of the record hold."""
    hidden = {_TYPE, _LABEL, _ALIAS, _EVIDENCE}
    if class_name in THINGS:
        hidden |= {_CG + name for name in SHORT_FORMS}
    attributes: dict[str, Record] = {}
    for row in own:
        iri = row["p"]["value"]
        if iri in hidden or iri.endswith(("Earliest", "Latest")):
            continue
        label = _label(iri, short_name(iri), names)
        empty = {"property": short_name(iri), "zh": label["zh"], "en": label["en"], "values": []}
        entry = attributes.setdefault(iri, empty)
        entry["values"].append(value_of(row["o"], names))
    return [attributes[iri] for iri in sorted(attributes)]


def value_of(term: Term, names: Names) -> Record:
    """Return a term for a record: its text in both languages, and the thing or the address that it links to."""
    text = term["value"]
    if term["type"] != "uri":
        return {"value": text, "zh": text, "en": text, "thing": None, "url": safe_address(text)}
    texts = names.get(text, {})
    in_ontology = text in term_labels()
    return {
        "value": text,
        "zh": text_in(texts, "zh") or short_name(text),
        "en": text_in(texts, "en") or short_name(text),
        "thing": text if not in_ontology and (texts or text.startswith(PREFIXES["id"])) else None,
        "url": None if texts or text.startswith(PREFIXES["id"]) else safe_address(text),
    }


async def _measures(request: Request, iri: str, class_name: str | None) -> list[Record]:
    """Return the measures of a thing's class, computed by one query, each with a query of its own."""
    class_measures = measures().get(class_name or "", [])
    if not class_measures:
        return []
    texts = [one["query"].replace("$thing", f"<{iri}>") for one in class_measures]
    parts = [f"{{ {text.replace('AS ?n)', f'AS ?n{place})')} }}" for place, text in enumerate(texts)]
    (row,) = (await ask_rows(request, f"SELECT * {{ {' '.join(parts)} }}", 1)).rows
    return [
        {"name": one["name"], "zh": one["zh"], "en": one["en"], "value": int(row[f"n{place}"]["value"]), "query": text}
        for place, (one, text) in enumerate(zip(class_measures, texts, strict=True))
    ]


def class_title(record: Record, language: str) -> str:
    """Return the words for a thing's class, in a language; empty where it is of no class of the tables."""
    return class_words(record["class"])[language]["one"] if record["class"] else ""
