"""Coverage: what sources report as a count, against the things that are known by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import polars as pl

from chaingraph.indicators._levels import levels_from
from chaingraph.languages import check_language
from chaingraph.queries.dates import days
from chaingraph.queries.hierarchy import ancestors
from chaingraph.queries.nodes import NodeReader
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chaingraph.store import KnowledgeGraph

SCOPES = ("programme", "consortium", "region", "organization")
"""What a count can be limited to and still be set against names; several limit it together."""

_REPORTED = """
SELECT ?count ?counts ?value ?qualifier ?unit ?kind ?role ?level ?lead ?as_of
  (SAMPLE(?p) AS ?programme) (SAMPLE(?c) AS ?consortium) (SAMPLE(?r) AS ?region) (SAMPLE(?o) AS ?organization)
  (SAMPLE(?other) AS ?limit) (GROUP_CONCAT(DISTINCT ?words; SEPARATOR="\\u001F") AS ?quote)
{
  ?count a cg:ReportedCount ; cg:value ?value ; cg:counts/skos:notation ?counts .
  FILTER (DATATYPE(?value) = xsd:integer && ?value < 1000000000000000)
  OPTIONAL { ?count cg:programme ?p } OPTIONAL { ?count cg:consortium ?c }
  OPTIONAL { ?count cg:region ?r } OPTIONAL { ?count cg:organization ?o }
  OPTIONAL { ?count cg:industry|cg:platform|cg:project ?other }
  OPTIONAL { ?count cg:unit ?unit }
  OPTIONAL { ?count cg:qualifier/skos:notation ?qualifier }
  OPTIONAL { ?count cg:kind/skos:notation ?kind }
  OPTIONAL { ?count cg:role/skos:notation ?role }
  OPTIONAL { ?count cg:levelAtLeast/skos:notation ?level }
  OPTIONAL { ?count cg:leadCounted/skos:notation ?lead }
  OPTIONAL { ?count cg:asOf ?as_of }
  OPTIONAL { ?count cg:evidence/cg:exact ?words }
} GROUP BY ?count ?counts ?value ?qualifier ?unit ?kind ?role ?level ?lead ?as_of ORDER BY ?count"""

_NAMED = """{ ?s a cg:ReportedCount } UNION { ?count a cg:ReportedCount ;
  cg:programme|cg:consortium|cg:region|cg:organization ?s }"""
"""The counts, and what they are limited to."""

_OWN_KIND = """FILTER NOT EXISTS {
    ?thing cg:body ?body FILTER (?body NOT IN (code:body-innovation-consortium, code:body-unstated)) }"""
_KINDS = "OPTIONAL { ?m cg:role/skos:notation ?role } OPTIONAL { ?thing cg:kind/skos:notation ?kind }"
_KIND = "OPTIONAL { ?thing cg:kind/skos:notation ?kind }"
_LEVEL = "OPTIONAL { ?thing cg:level/skos:notation ?level }"

_KNOWN: Mapping[str, Mapping[str, str]] = {
    "consortia": {
        "programme": f"?thing cg:programme ?scope ; a cg:Consortium {_OWN_KIND}",
        "region": f"?thing cg:region ?scope ; a cg:Consortium {_OWN_KIND}",
        "organization": f"?scope cg:memberOf ?thing . ?thing a cg:Consortium {_OWN_KIND}",
    },
    "organizations": {
        "programme": f"""{{ ?m cg:programme ?scope }} UNION {{ ?m cg:consortium/cg:programme ?scope }}
            UNION {{ ?m cg:oneOf/cg:programme ?scope }} ?m a cg:Membership ; cg:organization ?thing {_KINDS}""",
        "consortium": f"?m a cg:Membership ; cg:consortium ?scope ; cg:organization ?thing {_KINDS}",
        "region": f"?thing cg:region ?scope ; a cg:Organization {_KIND}",
    },
    "platforms": {
        "programme": f"?thing cg:consortium/cg:programme ?scope ; a cg:Platform {_LEVEL}",
        "consortium": f"?thing cg:consortium ?scope ; a cg:Platform {_LEVEL}",
        "region": f"?thing cg:region ?scope ; a cg:Platform {_LEVEL}",
        "organization": f"?thing cg:hostedBy ?scope ; a cg:Platform {_LEVEL}",
    },
    "projects": {
        "programme": f"""{{ ?thing cg:programme ?scope }} UNION {{ ?thing cg:consortium/cg:programme ?scope }}
            ?thing a cg:Project {_LEVEL}""",
        "consortium": f"?thing cg:consortium ?scope ; a cg:Project {_LEVEL}",
        "region": f"?thing cg:region ?scope ; a cg:Project {_LEVEL}",
        "organization": f"?scope cg:participatesIn ?thing . ?thing a cg:Project {_LEVEL}",
    },
}
"""How a thing of a counted class is in a scope."""

_IN_PERIOD = """SELECT DISTINCT ?scope ?thing ?kind ?role ?level ({row} AS ?row) ?begin ?end {{ {pattern}
  OPTIONAL {{ {row} cg:sinceEarliest|cg:startEarliest|cg:foundedEarliest ?begin }}
  OPTIONAL {{ {row} cg:untilLatest|cg:endLatest ?end }} }}"""

_COLUMNS = (
    *("scope", "scope_label", "counts", "label", "reported", "qualifier", "known", "share", "standing", "lead"),
    *("as_of", "quote"),
)


def coverage(kg: KnowledgeGraph, *, at: str | None = None, language: str | None = None) -> pd.DataFrame:
    """Set each count that a source reports against the things known by name.

    A thing counts once, however many roles it has, and only if it is of the kind, role and level that the count is
    of. An organization that is one of several leads or members (``oneOf``) is known to be in the programme. A body
    that is stated to be something else, such as an alliance, is no innovation consortium. Nothing is split or filled
    in.

    Args:
        kg: The graph.
        at: Only counts of that date (a year, month or day) or before, set against what can have been in force then:
            memberships, platforms, projects and consortia by their dates. Those without a date are kept, and
            ``attrs["undated"]`` tells how many, by class (``reported``, ``organizations`` for their memberships ...).
        language: The language of the labels, en or zh, that of the graph if None; the other stands in for it.

    Raises:
        UsageError: ``at`` is no date, or there is no such language.

    Returns:
        One row per count: ``scope`` and ``scope_label`` (several joined by `` + ``), ``counts``, ``label``,
        ``reported``, ``qualifier``, ``known``, ``share`` (known / reported, missing where nothing is reported),
        ``standing``, ``lead`` (whether the lead is in the count: included, excluded, unknown; where it is not said to
        be excluded, a known lead counts), ``as_of`` and ``quote``. ``known`` is missing where nothing can be set
        against the count: persons, tasks and other things; a count of a narrower unit than its class; one of an
        industry, platform or project. ``standing`` is ``none``, ``part``, ``all`` or ``more`` known by name (``all``
        too where the count is at least, more than or about what is known), or ``open`` where ``known`` is missing.
    """
    period = None if at is None else days(at)
    if language is not None:
        check_language(language)
    counts, undated = _counts(kg, period)
    # The language of a graph is that of most of its names, which are not read where nothing is counted.
    names = dict(NodeReader(kg).names(language, _NAMED).drop_nulls().iter_rows()) if len(counts) else {}
    known = {}
    for name in _KNOWN:
        # At a date, what is undated is counted in every way of being in a scope, not only in those that are asked for.
        limits = counts.filter(pl.col("counts") == name)
        scopes = [scope for scope in SCOPES if limits[scope].count() > 0 or (period is not None and len(counts) > 0)]
        known[name], undated[name] = _known(kg, name, scopes, period)
    rows = []
    for count in counts.iter_rows(named=True):
        scopes = [count[name] for name in SCOPES if count[name] is not None]
        number = _number_known(known, count)
        value = count["value"]
        rows.append(
            {
                **{name: count[name] for name in ("counts", "qualifier", "lead", "as_of", "quote")},
                "label": names.get(count["count"]),
                "scope": " + ".join(short_name(scope) for scope in scopes),
                "scope_label": " + ".join(names.get(scope, short_name(scope)) for scope in scopes),
                "reported": value,
                "known": number,
                "share": None if number is None or value == 0 else number / value,
                "standing": _standing(number, value, count["qualifier"]),
            }
        )
    rows.sort(key=lambda row: (row["scope"], row["counts"], row["label"] or ""))
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    frame = frame.astype({"reported": "Int64", "known": "Int64", "share": "Float64"})
    frame.attrs["undated"] = {} if period is None else undated
    if kg.joined is not None:
        frame.attrs["joined"] = kg.joined.organizations
    return frame


def _counts(kg: KnowledgeGraph, period: tuple[str, str] | None) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return the reported counts of a period, and how many of them have no date."""
    # SPARQL leaves open in which order GROUP_CONCAT joins.
    in_order = pl.col("quote").str.split("\x1f").list.sort().list.join(" | ")
    counts = kg.select_text(_REPORTED).with_columns(in_order, pl.col("value").cast(pl.Int64, strict=False))
    counts = counts.drop_nulls(["counts", "value"])
    if period is None:
        return counts, {}
    days_of = kg.select_text("SELECT ?s ?day { ?s a cg:ReportedCount ; cg:asOfEarliest ?day }").sort("s", "day")
    first = dict(days_of.unique("s", keep="first").iter_rows())
    in_period = [first.get(count, "") <= period[1] for count in counts["count"]]
    undated = sum(count not in first for count in counts["count"])
    return counts.filter(pl.Series(in_period, dtype=pl.Boolean)), {"reported": undated}


def _known(
    kg: KnowledgeGraph, counts: str, scopes: Sequence[str], period: tuple[str, str] | None
) -> tuple[dict[str, pl.DataFrame], int]:
    """Return, for each way of being in a scope that is asked for, the things of a class with kind, role and level.

    In a period, only what can have been in force then; the second value counts the rows among them without a date.
    """
    columns = ["scope", "thing", "kind", "role", "level"]
    patterns = {scope: pattern for scope, pattern in _KNOWN[counts].items() if scope in scopes}
    if period is None:
        query = f"SELECT DISTINCT {' '.join(f'?{name}' for name in columns)}"
        rows_of = {scope: kg.select_text(f"{query} {{ {pattern} }}") for scope, pattern in patterns.items()}
        return {scope: _upward(kg, scope, rows) for scope, rows in rows_of.items()}, 0
    frames, undated = {}, set()
    for scope, pattern in patterns.items():
        # A membership has the date, where there is one; else the thing itself.
        has_date = "?m" if "?m " in pattern else "?thing"
        rows = kg.select_text(_IN_PERIOD.format(row=has_date, pattern=pattern))
        begin, end = pl.col("begin").is_null(), pl.col("end").is_null()
        rows = rows.filter((begin | (pl.col("begin") <= period[1])) & (end | (pl.col("end") >= period[0])))
        if has_date == "?m" or counts != "organizations":
            undated |= set(rows.filter(begin & end)["row"])
        frames[scope] = _upward(kg, scope, rows.select(columns))
    return frames, len(undated)


def _upward(kg: KnowledgeGraph, scope: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Return different rows; what is in a region is in each that this lies within as well."""
    if scope == "region" and rows.height:
        above = rows.join(ancestors(NodeReader(kg)), left_on="scope", right_on="s").drop("scope")
        rows = pl.concat([rows, above.rename({"o": "scope"}).select(rows.columns)])
    return rows.unique(maintain_order=True)


def _number_known(known: Mapping[str, Mapping[str, pl.DataFrame]], count: Mapping[str, str | None]) -> int | None:
    """Count the things that are in all of the count's scopes and of its kind, role and level, once each."""
    frames = known.get(count["counts"] or "")
    scopes = [name for name in SCOPES if count[name] is not None]
    if frames is None or count["unit"] is not None or count["limit"] is not None or not scopes:
        return None
    if any(name not in frames for name in scopes):
        return None
    things = [
        _of_the_kind(
            frames[name].filter(pl.col("scope") == count[name]), count, has_roles=name in {"programme", "consortium"}
        )
        for name in scopes
    ]
    return len(set.intersection(*things))


def _of_the_kind(things: pl.DataFrame, count: Mapping[str, str | None], *, has_roles: bool) -> set[str]:
    """Return the things of a scope that are of the kind, role and level of a count."""
    if count["kind"] is not None:
        things = things.filter(pl.col("kind") == count["kind"])
    if has_roles and count["role"] is not None:
        things = things.filter(pl.col("role") == count["role"])
    if has_roles and count["lead"] == "excluded":
        leads = things.filter(pl.col("role") == "lead")["thing"]
        things = things.filter(~pl.col("thing").is_in(leads.to_list()))
    if count["level"] is not None:
        things = things.filter(pl.col("level").is_in(levels_from(count["level"])))
    return set(things["thing"])


def _standing(known: int | None, reported: int, qualifier: str | None) -> str:
    """Return in a word how what is known stands to what is reported, by the qualifier."""
    if known is None:
        return "open"
    if known == 0 and reported > 0:
        return "none"
    if known < reported:
        return "part"
    return "more" if known > reported and qualifier not in {"at-least", "more-than", "about"} else "all"
