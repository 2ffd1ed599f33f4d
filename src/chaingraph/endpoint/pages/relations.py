"""The neighbours of a thing by relation, in pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chaingraph.endpoint.engine import RefusedError
from chaingraph.endpoint.pages.cells import column_words
from chaingraph.endpoint.pages.evidence import evidence_of
from chaingraph.endpoint.pages.page_queries import ask_rows, iris_in, names_of
from chaingraph.endpoint.pages.terms import RELATIONS, SHORT_FORMS, STATEMENTS, TABLES, class_words, words
from chaingraph.errors import excerpt
from chaingraph.languages import LANGUAGES, text_in
from chaingraph.messages import tr
from chaingraph.vocabulary import CG, PREFIXES, short_name, term_labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from chaingraph.endpoint.pages.page_queries import Names, Row, Term

    Properties = dict[str, list[Term]]

_CG = PREFIXES["cg"]
_ENDS = (
    "organization",
    "consortium",
    "programme",
    "oneOf",
    "project",
    "supplier",
    "product",
    "customer",
    "shareholder",
    "stage",
    "platform",
    "parent",
    "cluster",
    "authority",
    "payer",
    "party",
    "counterparty",
    "region",
    "industry",
    "subject",
    "left",
    "right",
)
"""Properties of relation nodes and statements that lead to things, in the order in which they are shown."""

_DETAILS = {
    "Membership": ("role", "since", "until"),
    "Participation": ("role", "contribution", "currency"),
    "Supply": ("kind", "share", "since", "until"),
    "Shareholding": ("share",),
    "Hierarchy": ("kind", "since", "until"),
    "Site": ("kind", "address", "since", "until"),
    "Recognition": ("kind", "grade", "placing", "level", "year"),
    "Amount": ("kind", "qualifier", "amount", "currency", "asOf"),
    "Cooperation": ("kind", "topic", "since", "until"),
    "ReportedCount": ("qualifier", "value", "unit", "counts", "kind", "role", "levelAtLeast", "status", "asOf"),
    "Claim": ("claimStatus", "qualifier", "asOf"),
    "Identity": ("decision", "reason"),
}
"""By class the properties that say how something is related, in the order in which they are shown."""

_NODES = frozenset((*RELATIONS, *STATEMENTS))
_SHORT = ", ".join(f"cg:{name}" for name in SHORT_FORMS)
LEADING = {f"{PREFIXES['code']}{name}" for name in ("role-lead", "participation-role-coordinator")}

PAGE_SIZE = 100
"""Neighbours on a page of one relation."""

MAX_SORTED = 5000
"""Neighbours of one property that are counted and sorted; where there are more, that many are counted."""

_LINKS = "SELECT ?p (COUNT(*) AS ?n) {{ ?x ?p <{iri}> FILTER (?p NOT IN ({short})) }} GROUP BY ?p ORDER BY ?p"
_CLASSES = """{{ SELECT (<{property}> AS ?p) ?class (COUNT(*) AS ?n) {{
  {{ SELECT ?x {{ ?x <{property}> <{iri}> }} LIMIT {limit} }} ?x a ?class FILTER (?class IN ({classes}))
}} GROUP BY ?class }}"""
_COUNT = "SELECT (COUNT(*) AS ?n) {{ SELECT ?x {{ ?x <{property}> <{iri}> }} LIMIT {limit} }}"
_MEMBERS = """{{ {{ SELECT DISTINCT ?x ?second ?group {{ ?x <{property}> <{iri}> ; a cg:{class_name}
  OPTIONAL {{ ?x cg:role ?role }}
  BIND (IF(COALESCE(?role IN (code:role-lead, code:participation-role-coordinator), false), 0, 1) AS ?second)
  BIND ({place} AS ?group)
}} ORDER BY ?second ?x LIMIT {limit} OFFSET {offset} }} ?x ?p ?o FILTER (?p != cg:evidence) }}"""
_UNSORTED = """{{ {{ SELECT ?x ({place} AS ?group) {{ ?x <{property}> <{iri}> ; a cg:{class_name} }}
  LIMIT {limit} OFFSET {offset} }} ?x ?p ?o FILTER (?p != cg:evidence) }}"""
_MAX_UNIONS = 8


@dataclass(frozen=True)
class _Relation:
    """A relation: the property by which neighbours, or relation nodes, point to the thing, their class and number."""

    property_iri: str
    class_name: str
    count: int
    has_more: bool = False


async def relation_groups(request: Request, iri: str, first: int) -> list[dict[str, Any]]:
    """Return the relations of a thing, each with its words, its number of neighbours, and the first few of them."""
    links = {
        row["p"]["value"]: int(row["n"]["value"])
        for row in (await ask_rows(request, _LINKS.format(iri=iri, short=_SHORT))).rows
        if row["p"]["value"].startswith(_CG)
    }
    if not links:
        return []
    classes = ", ".join(f"cg:{name}" for name in TABLES)
    parts = [_CLASSES.format(iri=iri, property=name, classes=classes, limit=MAX_SORTED) for name in links]
    relations = [
        _Relation(row["p"]["value"], row["class"]["value"].removeprefix(_CG), int(row["n"]["value"]))
        for row in (await ask_rows(request, f"SELECT * {{ {' UNION '.join(parts)} }}")).rows
    ]
    relations = [replace(one, has_more=links[one.property_iri] > MAX_SORTED) for one in relations]
    relations.sort(key=lambda one: (one.class_name not in RELATIONS, TABLES.index(one.class_name), one.property_iri))
    rows = await neighbours(request, iri, relations, first)
    return [
        _group(one, records) | {"count": one.count, "at_least": one.has_more}
        for one, records in zip(relations, rows, strict=True)
    ]


def _group(one: _Relation, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "relation": one.property_iri.removeprefix(_CG),
        "class": one.class_name,
        "reported": one.class_name == "ReportedCount",
        "zh": group_words(one.property_iri, one.class_name, "zh"),
        "en": group_words(one.property_iri, one.class_name, "en"),
        "rows": rows,
    }


async def relation_record(request: Request, iri: str, relation: str, class_name: str, page: int) -> dict[str, Any]:
    """Return one page of the neighbours of one relation: a group of relation_groups with ``iri``, ``page``, ``more``.

    Raises:
        RefusedError: With 400, where there is no such relation or class.
    """
    if class_name not in TABLES or relation not in CG.__annotations__:
        raise RefusedError(
            400,
            tr(
                "there is no relation '{relation}' of the class '{class_name}'",
                relation=excerpt(relation),
                class_name=excerpt(class_name),
            ),
        )
    text = _COUNT.format(iri=iri, property=_CG + relation, limit=MAX_SORTED + 1)
    count = int((await ask_rows(request, text)).rows[0]["n"]["value"])
    one = _Relation(_CG + relation, class_name, count, has_more=count > MAX_SORTED)
    (rows,) = await neighbours(request, iri, [one], PAGE_SIZE + 1, PAGE_SIZE * (page - 1))
    return {"iri": iri, "page": page, "more": len(rows) > PAGE_SIZE} | _group(one, rows[:PAGE_SIZE])


def group_words(property_iri: str, class_name: str, language: str) -> str:
    """Return the heading of a relation on the page of the thing at its end.

    >>> group_words("https://w3id.org/chaingraph/ontology#consortium", "Membership", "zh")
    '成员'
    >>> group_words("https://w3id.org/chaingraph/ontology#stage", "Claim", "en")
    'claims (stage)'
    """
    local = property_iri.removeprefix(_CG)
    own = words(language).get(f"relation_{local}_{class_name}")
    if own:
        return own
    many, by = (
        class_words(class_name)[language]["many"],
        text_in(term_labels().get(property_iri, {}), language) or local,
    )
    return f"{many}（{by}）" if language == "zh" else f"{many} ({by})"


async def neighbours(
    request: Request, iri: str, relations: Sequence[_Relation], limit: int, offset: int = 0
) -> list[list[dict[str, Any]]]:
    """Return some neighbours of each relation, those who lead first: the thing, the details, and the evidence.

    Args:
        request: The request that they are for.
        iri: The thing.
        relations: The relations; of one with too many to sort, neighbours come in the order of the store.
        limit: The greatest number of neighbours of each.
        offset: The number of neighbours of each that are skipped.
    """
    nodes: list[dict[str, Properties]] = [{} for _ in relations]
    rows: list[Row] = []
    for start in range(0, len(relations), _MAX_UNIONS):
        parts = [
            (_UNSORTED if one.has_more else _MEMBERS).format(
                iri=iri, property=one.property_iri, class_name=one.class_name, place=place, limit=limit, offset=offset
            )
            for place, one in enumerate(relations[start : start + _MAX_UNIONS], start)
        ]
        rows += (await ask_rows(request, f"SELECT ?group ?x ?p ?o {{ {' UNION '.join(parts)} }}")).rows
    for row in rows:
        properties = nodes[int(row["group"]["value"])].setdefault(row["x"]["value"], {})
        properties.setdefault(row["p"]["value"], []).append(row["o"])
    groups = zip(relations, nodes, strict=True)
    relation_nodes = [node for one, group in groups if one.class_name in _NODES for node in group]
    names = await names_of(request, iris_in(rows))
    evidence = await evidence_of(request, relation_nodes)
    records = [
        [
            _neighbour(iri, node, one.class_name, properties, names) | {"evidence": evidence.get(node, [])}
            for node, properties in group.items()
        ]
        for one, group in zip(relations, nodes, strict=True)
    ]
    return [sorted(group, key=_precedence) for group in records]


def _precedence(record: dict[str, Any]) -> tuple[bool, str]:
    return not LEADING & {detail["value"] for detail in record["details"]}, record["iri"]


def _neighbour(iri: str, node: str, class_name: str, properties: Properties, names: Names) -> dict[str, Any]:
    """Return the record of a neighbour: the things at the ends of the relation, without ``iri``, and its details."""
    ends: list[dict[str, Any]] = []
    if class_name in _NODES:
        for name in _ENDS:
            for term in properties.get(_CG + name, []):
                end = term["value"]
                if term["type"] == "uri" and end != iri:
                    ends.append({"property": name, "iri": end} | _names(end, names))
    if class_name in {"Claim", "Quote"}:
        ends.insert(0, {"property": None, "iri": node} | (_claim if class_name == "Claim" else _quote)(properties))
    elif class_name not in RELATIONS or class_name == "Recognition":  # a title or an award has a name
        ends.insert(0, {"property": None, "iri": node} | _names(node, names))
    details = []
    for name in _DETAILS.get(class_name, ()):
        labels = term_labels().get(_CG + name, {})
        for value in sorted(term["value"] for term in properties.get(_CG + name, [])):
            label = {language: text_in(labels, language) for language in LANGUAGES}
            details.append({"property": name, "value": value, "label": label} | _names(value, names))
    return {"iri": node, "ends": ends, "details": details}


def _claim(properties: Properties) -> dict[str, str]:
    """Return a claim in words: the property, which may be a column's name or free text, and its value."""
    name, value = (_first(properties, name) for name in ("property", "claimedValue"))
    return {"zh": f"{column_words(name, 'zh')}：{value}", "en": f"{column_words(name, 'en')}: {value}"}


def _quote(properties: Properties) -> dict[str, str]:
    """Return the text of a quote, the same in both languages."""
    return dict.fromkeys(LANGUAGES, _first(properties, "exact"))


def _first(properties: Properties, name: str) -> str:
    return properties[_CG + name][0]["value"] if _CG + name in properties else ""


def _names(iri: str, names: Names) -> dict[str, str]:
    return {language: text_in(names.get(iri, {}), language) or short_name(iri) for language in LANGUAGES}
