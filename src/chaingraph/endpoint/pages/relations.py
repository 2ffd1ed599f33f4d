"""The neighbours of a thing by relation: the only place that pages through them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chaingraph.endpoint.pages.cells import column_words
from chaingraph.endpoint.pages.evidence import evidence_of
from chaingraph.endpoint.pages.page_queries import ask_rows, iris_in, names_of
from chaingraph.endpoint.pages.terms import RELATIONS, SHORT_FORMS, STATEMENTS, TABLES, class_words, term_names, words
from chaingraph.endpoint.workers.engine import Refused
from chaingraph.errors import shown
from chaingraph.languages import LANGUAGES, text_in
from chaingraph.vocabulary import CG, PREFIXES, short_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from chaingraph.endpoint.pages.page_queries import Names, Row

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
    "Supply": ("share", "since", "until"),
    "Shareholding": ("share",),
    "ReportedCount": ("qualifier", "value", "unit", "counts", "kind", "role", "levelAtLeast", "status", "asOf"),
    "Claim": ("claimStatus", "qualifier", "asOf"),
    "Identity": ("decision", "reason"),
}
"""By class the properties that say how something is related, in the order in which they are shown."""

_NODES = frozenset((*RELATIONS, *STATEMENTS))
_SHORT = ", ".join(f"cg:{name}" for name in SHORT_FORMS)
_LEADING = {f"{PREFIXES['code']}{name}" for name in ("role-lead", "participation-role-coordinator")}

AT_ONCE = 100
"""Neighbours on a page of one relation."""

SORTED = 5000
"""Neighbours of one property up to which they are counted and sorted; of more, that many are counted."""

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
_GROUPS_AT_ONCE = 8


@dataclass(frozen=True)
class _Related:
    """A relation: the property by which neighbours, or nodes between, point to the thing, their class and number."""

    by: str
    name: str
    count: int
    many: bool = False


async def relation_groups(request: Request, iri: str, first: int) -> list[dict[str, Any]]:
    """Return the relations of a thing, each with its words, how many there are, and the first few neighbours."""
    links = {
        row["p"]["value"]: int(row["n"]["value"])
        for row in (await ask_rows(request, _LINKS.format(iri=iri, short=_SHORT))).rows
        if row["p"]["value"].startswith(_CG)
    }
    if not links:
        return []
    classes = ", ".join(f"cg:{name}" for name in TABLES)
    parts = [_CLASSES.format(iri=iri, property=by, classes=classes, limit=SORTED) for by in links]
    found = [
        _Related(row["p"]["value"], row["class"]["value"].removeprefix(_CG), int(row["n"]["value"]))
        for row in (await ask_rows(request, f"SELECT * {{ {' UNION '.join(parts)} }}")).rows
    ]
    found = [replace(one, many=links[one.by] > SORTED) for one in found]
    found.sort(key=lambda one: (one.name not in RELATIONS, TABLES.index(one.name), one.by))
    rows = await neighbours(request, iri, found, first)
    return [
        _group(one, listed) | {"count": one.count, "at_least": one.many}
        for one, listed in zip(found, rows, strict=True)
    ]


def _group(one: _Related, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "relation": one.by.removeprefix(_CG),
        "class": one.name,
        "reported": one.name == "ReportedCount",
        "zh": group_words(one.by, one.name, "zh"),
        "en": group_words(one.by, one.name, "en"),
        "rows": rows,
    }


async def relation_record(request: Request, iri: str, relation: str, class_name: str, page: int) -> dict[str, Any]:
    """Return one page of the neighbours of one relation: ``iri``, ``page``, ``more``, and what a group of a thing has.

    Raises:
        Refused: With 400, where there is no such relation or class.
    """
    if class_name not in TABLES or relation not in CG.__annotations__:
        raise Refused(400, f"there is no relation '{shown(relation)}' of the class '{shown(class_name)}'")
    text = _COUNT.format(iri=iri, property=_CG + relation, limit=SORTED + 1)
    count = int((await ask_rows(request, text)).rows[0]["n"]["value"])
    one = _Related(_CG + relation, class_name, count, many=count > SORTED)
    (rows,) = await neighbours(request, iri, [one], AT_ONCE + 1, AT_ONCE * (page - 1))
    return {"iri": iri, "page": page, "more": len(rows) > AT_ONCE} | _group(one, rows[:AT_ONCE])


def group_words(property_iri: str, class_name: str, language: str) -> str:
    """Return what a relation is called on the page of the thing at its end.

    >>> group_words("https://w3id.org/chaingraph/ontology#consortium", "Membership", "zh")
    '成员'
    >>> group_words("https://w3id.org/chaingraph/ontology#stage", "Claim", "en")
    'claims (stage)'
    """
    local = property_iri.removeprefix(_CG)
    own = words(language).get(f"relation_{local}_{class_name}")
    if own:
        return own
    many, by = class_words(class_name)[language]["many"], text_in(term_names().get(property_iri, {}), language) or local
    return f"{many}（{by}）" if language == "zh" else f"{many} ({by})"


async def neighbours(
    request: Request, iri: str, groups: Sequence[_Related], limit: int, offset: int = 0
) -> list[list[dict[str, Any]]]:
    """Return some neighbours of each relation, those who lead first: what is related, how, and what states it.

    Args:
        request: The request that they are for.
        iri: The thing.
        groups: The relations; of one with too many to sort, neighbours come as the store has them.
        limit: How many of each at most.
        offset: How many of each are passed over.
    """
    stated: list[dict[str, dict[str, list[Row]]]] = [{} for _ in groups]
    rows: list[Row] = []
    for start in range(0, len(groups), _GROUPS_AT_ONCE):
        parts = [
            (_UNSORTED if one.many else _MEMBERS).format(
                iri=iri, property=one.by, class_name=one.name, place=place, limit=limit, offset=offset
            )
            for place, one in enumerate(groups[start : start + _GROUPS_AT_ONCE], start)
        ]
        rows += (await ask_rows(request, f"SELECT ?group ?x ?p ?o {{ {' UNION '.join(parts)} }}")).rows
    for row in rows:
        held = stated[int(row["group"]["value"])].setdefault(row["x"]["value"], {})
        held.setdefault(row["p"]["value"], []).append(row)
    nodes = [node for one, held in zip(groups, stated, strict=True) if one.name in _NODES for node in held]
    names = await names_of(request, iris_in(rows))
    evidence = await evidence_of(request, nodes)
    made = [
        [
            _neighbour(iri, node, one.name, said, names) | {"evidence": evidence.get(node, [])}
            for node, said in held.items()
        ]
        for one, held in zip(groups, stated, strict=True)
    ]
    return [sorted(held, key=_precedence) for held in made]


def _precedence(row: dict[str, Any]) -> tuple[bool, str]:
    return not _LEADING & {detail["value"] for detail in row["details"]}, row["iri"]


def _neighbour(iri: str, node: str, class_name: str, held: dict[str, list[Row]], names: Names) -> dict[str, Any]:
    ends: list[dict[str, Any]] = []
    if class_name in _NODES:
        for name in _ENDS:
            for row in held.get(_CG + name, []):
                end = row["o"]["value"]
                if row["o"]["type"] == "uri" and end != iri:
                    ends.append({"property": name, "iri": end} | _names(end, names))
    if class_name in {"Claim", "Quote"}:
        ends.insert(0, {"property": None, "iri": node} | (_claimed if class_name == "Claim" else _words)(held))
    elif class_name not in RELATIONS:
        ends.insert(0, {"property": None, "iri": node} | _names(node, names))
    details = []
    for name in _DETAILS.get(class_name, ()):
        for row in sorted(held.get(_CG + name, []), key=lambda one: one["o"]["value"]):
            value = row["o"]["value"]
            label = {one: text_in(term_names().get(_CG + name, {}), one) for one in LANGUAGES}
            shown = {one: text_in(names.get(value, {}), one) or short_name(value) for one in LANGUAGES}
            details.append({"property": name, "value": value, "label": label} | shown)
    return {"iri": node, "ends": ends, "details": details}


def _claimed(held: dict[str, list[Row]]) -> dict[str, str]:
    """What a claim says: the property, which may be a column's name or free text, and its value."""
    name, value = (
        held[_CG + one][0]["o"]["value"] if _CG + one in held else "" for one in ("property", "claimedValue")
    )
    return {"zh": f"{column_words(name, 'zh')}：{value}", "en": f"{column_words(name, 'en')}: {value}"}


def _words(held: dict[str, list[Row]]) -> dict[str, str]:
    """What a quote says, the same in both languages."""
    return dict.fromkeys(LANGUAGES, held[_CG + "exact"][0]["o"]["value"] if _CG + "exact" in held else "")


def _names(iri: str, names: Names) -> dict[str, str]:
    return {language: text_in(names.get(iri, {}), language) or short_name(iri) for language in LANGUAGES}
