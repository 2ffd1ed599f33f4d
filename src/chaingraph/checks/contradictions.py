"""Contradictions: statements that cannot be true together, with the words of both sides; none is resolved."""

from __future__ import annotations

import math
from collections import defaultdict
from functools import cache
from itertools import chain, combinations, islice, product
from typing import TYPE_CHECKING

import pandas as pd
import polars as pl

from chaingraph.checks.labels import labels_of
from chaingraph.indicators import coverage
from chaingraph.messages import tr
from chaingraph.queries.hierarchy import DeepHierarchyError
from chaingraph.tables import contract
from chaingraph.vocabulary import PREFIXES, full_iri, short_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chaingraph.store import KnowledgeGraph

Row = tuple[str, str, str, str, str, str, str, str]
_Count = tuple[str, int, str | None]

_COLUMNS = ("kind", "thing", "label", "property", "one", "one_quote", "other", "other_quote")
_MEMBER_WORDS = ("member", "members", "membership", "organization", "memberOf", "成员", "成员单位")
_CG = PREFIXES["cg"]
_MOST_PAIRED = 10
"""The most statements of which each is set beside each; of more, one stands for all that it contradicts."""

_TWO_VALUES = """
SELECT ?thing ?value {
  { SELECT ?thing { ?thing cg:%(property)s ?any } GROUP BY ?thing HAVING (COUNT(?any) > 1) }
  ?thing cg:%(property)s ?value FILTER NOT EXISTS { ?value skos:notation "unstated" }
} ORDER BY ?thing ?value"""
"""The subquery passes over the things with one value, which are nearly all, without looking for a second."""

_CLAIMS = """
SELECT ?claim ?thing ?property ?value ?status {
  ?claim a cg:Claim ; cg:subject ?thing ; cg:property ?property ; cg:claimedValue ?value
  OPTIONAL { ?claim cg:claimStatus/skos:notation ?status }
} ORDER BY ?thing ?property ?value ?claim"""

_COUNTS = """
SELECT ?count ?value ?qualifier ?label (CONCAT(?counts, "|", COALESCE(?unit, ""), "|", COALESCE(?kind, ""), "|",
  COALESCE(?role, ""), "|", COALESCE(?level, ""), "|", COALESCE(?lead, ""), "|", COALESCE(?status, ""), "|",
  COALESCE(STR(?asOf), "")) AS ?what) (GROUP_CONCAT(DISTINCT STR(?scope); SEPARATOR=" ") AS ?scopes)
{
  ?count a cg:ReportedCount ; cg:value ?value ; cg:counts/skos:notation ?counts ; rdfs:label ?label .
  FILTER (LANG(?label) != 'en' && DATATYPE(?value) = xsd:integer && ?value < 1000000000000000)
  ?count cg:programme|cg:consortium|cg:region|cg:organization|cg:platform|cg:industry|cg:project ?scope
  OPTIONAL { ?count cg:qualifier/skos:notation ?qualifier } OPTIONAL { ?count cg:unit ?unit }
  OPTIONAL { ?count cg:kind/skos:notation ?kind } OPTIONAL { ?count cg:role/skos:notation ?role }
  OPTIONAL { ?count cg:levelAtLeast/skos:notation ?level } OPTIONAL { ?count cg:leadCounted/skos:notation ?lead }
  OPTIONAL { ?count cg:status/skos:notation ?status } OPTIONAL { ?count cg:asOf ?asOf }
} GROUP BY ?count ?value ?qualifier ?label ?counts ?unit ?kind ?role ?level ?lead ?status ?asOf
ORDER BY ?count ?label"""

_TWO_LEADS = """
SELECT ?thing ?lead {
  { SELECT ?thing { ?any cg:leads ?thing } GROUP BY ?thing HAVING (COUNT(?any) > 1) } ?lead cg:leads ?thing
} ORDER BY ?thing ?lead"""


def contradictions(kg: KnowledgeGraph) -> pd.DataFrame:
    """List the statements of a graph that cannot be true together.

    - ``values``: a property of one value has two, in rows and claims together;
    - ``denied``: a statement, or a membership, that a claim denies;
    - ``counts``: two counts of the same thing in the same scope at the same time (or both undated) that cannot both be
      true, each read by its qualifier: about and nearly allow a fifth;
    - ``more known``: more things are known by name than are reported;
    - ``leads``: two leads of one consortium.

    Of more than ten statements of one thing not all pairs are listed, but each statement that contradicts another is.

    Returns:
        One row per pair: ``kind``, ``thing``, ``label``, ``property``, ``one`` and ``other`` (the two values), and the
        words of each side, ``one_quote`` and ``other_quote``, empty where there are none.
    """
    quotes = _quotes(kg)
    rows = [
        *_two_values(kg, quotes),
        *_claims(kg, quotes),
        *_counts(kg, quotes),
        *_excess_over_reported(kg),
        *_leads(kg, quotes),
    ]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    labels = labels_of(kg, frame["thing"])
    frame["label"] = [labels.get(thing, short_name(thing)) for thing in frame["thing"]]
    frame["thing"] = [short_name(thing) for thing in frame["thing"]]
    return frame


def _quotes(kg: KnowledgeGraph) -> dict[str, str]:
    words: dict[str, list[str]] = defaultdict(list)
    for thing, exact in (
        kg.select_text("SELECT ?s ?x { ?s cg:evidence/cg:exact ?x } ORDER BY ?s ?x").drop_nulls().iter_rows()
    ):
        words[thing].append(exact)
    return {thing: " | ".join(quotes) for thing, quotes in words.items()}


@cache
def _single_valued() -> dict[str, str]:
    """Return the properties that a row has once by the contract, by the names of their columns."""
    cells = [cell for table in contract().values() for cell in table.cells if (cell.property_url or "").startswith(_CG)]
    several = {cell.property_url for cell in cells if cell.separator is not None} | {_CG + "source", _CG + "record"}
    once = [cell for cell in cells if cell.property_url not in several]
    return {cell.name: (cell.property_url or "").removeprefix(_CG) for cell in once}


def _pairs(rows: pl.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Yield pairs of what each thing has several of: all pairs of few, of many each with the first."""
    of_thing: dict[str, set[str]] = defaultdict(set)
    for thing, value in rows.iter_rows():
        of_thing[thing].add(value)
    for thing, values in of_thing.items():
        first, *others = sorted(values)
        pairs = combinations([first, *others], 2) if len(others) < _MOST_PAIRED else product([first], others)
        yield from ((thing, one, other) for one, other in pairs)


def _two_values(kg: KnowledgeGraph, quotes: dict[str, str]) -> Iterator[Row]:
    for name in sorted(set(_single_valued().values())):
        for thing, one, other in _pairs(kg.select_text(_TWO_VALUES % {"property": name}).fill_null("")):
            words = quotes.get(thing, "")
            yield ("values", thing, "", name, short_name(one), words, short_name(other), words)


def _claims(kg: KnowledgeGraph, quotes: dict[str, str]) -> Iterator[Row]:
    """Compare claims with rows and with each other; a plan contradicts nothing."""
    stated_values = _values_of_subjects(kg)
    stated_claims = kg.select_text(_CLAIMS).drop_nulls(["thing", "property", "value"])
    members = _members(kg) if "denied" in stated_claims["status"] else {}
    texts_of_values = {key: set().union(*values.values()) for key, values in stated_values.items()}
    claims: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for claim, thing, name, value, status in stated_claims.iter_rows():
        words = quotes.get(claim, "")
        key = (thing, _single_valued().get(name, name))
        if status == "denied":
            nodes = [thing] if value in texts_of_values.get(key, ()) else []
            nodes += members.get(thing, {}).get(value, []) if name in _MEMBER_WORDS else []
            for node in nodes:
                yield ("denied", thing, "", name, value, quotes.get(node, ""), f"denied: {value}", words)
        elif status != "planned" and name in _single_valued():
            values = stated_values.get(key, {})
            in_rows = ((short_name(one), quotes.get(thing, "")) for one, texts in values.items() if value not in texts)
            in_claims = ((one, one_words) for one, one_words in claims[thing, name] if one != value and not values)
            for one, one_words in islice(chain(in_rows, in_claims), _MOST_PAIRED):
                yield ("values", thing, "", name, one, one_words, value, words)
            claims[thing, name].append((value, words))


def _values_of_subjects(kg: KnowledgeGraph) -> dict[tuple[str, str], dict[str, set[str]]]:
    """Return, for the subjects of claims, the values of each property with all the texts that can name them."""
    query = """SELECT DISTINCT ?s ?p ?o ?l ?n { ?claim a cg:Claim ; cg:subject ?s . ?s ?p ?o
        FILTER (STRSTARTS(STR(?p), STR(cg:)))
        OPTIONAL { ?o rdfs:label|skos:altLabel ?l } OPTIONAL { ?o skos:notation ?n } }"""
    values: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(dict)
    for thing, name, value, label, notation in kg.select_text(query).drop_nulls("o").iter_rows():
        texts = values[thing, name.removeprefix(_CG)].setdefault(value, {value, value.rsplit("/", 1)[-1]})
        texts.update(text for text in (label, notation) if text is not None)
    return values


def _members(kg: KnowledgeGraph) -> dict[str, dict[str, list[str]]]:
    """Return, by consortium or programme and by each text that can name a member, its memberships."""
    query = """SELECT ?c ?m ?o ?l { ?m a cg:Membership ; cg:organization ?o ; cg:consortium|cg:programme ?c
        OPTIONAL { ?o rdfs:label|skos:altLabel ?l } }"""
    memberships: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    for body, membership, member, label in kg.select_text(query).drop_nulls(["c", "o"]).iter_rows():
        for text in {member, member.rsplit("/", 1)[-1], label} - {None}:
            memberships[body][text][membership] = None
    return {body: {text: list(nodes) for text, nodes in by_text.items()} for body, by_text in memberships.items()}


def _counts(kg: KnowledgeGraph, quotes: dict[str, str]) -> Iterator[Row]:
    comparable: dict[tuple[str, str], list[_Count]] = defaultdict(list)
    seen: set[str] = set()
    stated_counts = kg.select_text(_COUNTS).with_columns(pl.col("value").cast(pl.Int64, strict=False))
    for count, value, qualifier, _, what, scopes in stated_counts.drop_nulls(["value", "scopes", "what"]).iter_rows():
        if count not in seen:
            seen.add(count)
            comparable[what, " ".join(sorted(scopes.split()))].append((count, value, qualifier))
    for (what, scopes), counts in sorted(comparable.items()):
        for (one, value, qualifier), (other, other_value, other_qualifier) in _disagreeing(counts):
            first, second = f"{qualifier or ''} {value}", f"{other_qualifier or ''} {other_value}"
            scope, name = scopes.split()[0], what.split("|")[0]
            words, other_words = quotes.get(one, ""), quotes.get(other, "")
            yield ("counts", scope, "", name, first.strip(), words, second.strip(), other_words)


def _disagreeing(counts: list[_Count]) -> Iterator[tuple[_Count, _Count]]:
    """Yield pairs of counts that cannot both be true: of few all pairs, of many each with one that is lower."""
    if len(counts) <= _MOST_PAIRED:
        for one, other in combinations(counts, 2):
            (low, high), (other_low, other_high) = _range(*one[1:]), _range(*other[1:])
            if high < other_low or other_high < low:
                yield one, other
        return
    lowest, *others = sorted(counts, key=lambda count: _range(*count[1:]))
    for count in others:
        if _range(*lowest[1:])[1] < _range(*count[1:])[0]:
            yield lowest, count
        if _range(*count[1:])[1] < _range(*lowest[1:])[1]:
            lowest = count


def _range(value: int, qualifier: str | None) -> tuple[float, float]:
    """Return the least and the most that a count may be, by its qualifier."""
    fifth = value / 5
    ranges = {
        "about": (value - fifth, value + fifth),
        "nearly": (value - fifth, value),
        "at-least": (value, math.inf),
        "more-than": (value + 1, math.inf),
    }
    return ranges.get(qualifier or "", (value, value))


def _excess_over_reported(kg: KnowledgeGraph) -> Iterator[Row]:
    try:
        frame = coverage(kg)
    except DeepHierarchyError:  # which is a finding of its own
        return
    for row in frame[frame["standing"] == "more"].to_dict("records"):
        scope = str(row["scope"]).split(" + ")[0]
        reported, known = f"{row['reported']} reported: {row['label']}", tr("{known} known by name", known=row["known"])
        yield ("more known", full_iri(scope), "", row["counts"], reported, row["quote"] or "", known, "")


def _leads(kg: KnowledgeGraph, quotes: dict[str, str]) -> Iterator[Row]:
    leads_of_things = kg.select_text(_TWO_LEADS).drop_nulls()
    if leads_of_things.is_empty():
        return
    query = "SELECT ?m ?o ?c { ?m a cg:Membership ; cg:role code:role-lead ; cg:organization ?o ; cg:consortium ?c }"
    words = {
        (member, body): quotes.get(node, "") for node, member, body in kg.select_text(query).drop_nulls().iter_rows()
    }
    labels = labels_of(kg, leads_of_things["lead"])
    for thing, *leads in _pairs(leads_of_things):
        one, other = (labels.get(lead, short_name(lead)) for lead in leads)
        one_words, other_words = (words.get((lead, thing), "") for lead in leads)
        yield ("leads", thing, "", "leads", one, one_words, other, other_words)
