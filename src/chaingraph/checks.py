"""What the graph knows against what its sources report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import polars as pl

from chaingraph.vocabulary import code_list, short_name

if TYPE_CHECKING:
    from chaingraph.store import KnowledgeGraph

_REPORTED = """
SELECT ?count (SAMPLE(COALESCE(?zh, ?any)) AS ?label) ?scope (SAMPLE(COALESCE(?szh, ?sany)) AS ?scope_label)
  (SAMPLE(?limit) AS ?other) ?counts ?value ?qualifier ?unit ?kind ?role ?level ?lead ?as_of
  (GROUP_CONCAT(DISTINCT ?words; SEPARATOR=" | ") AS ?quote)
{
  ?count a cg:ReportedCount ; cg:value ?value ; cg:counts/skos:notation ?counts .
  { ?count cg:programme ?scope } UNION { ?count cg:consortium ?scope }
  OPTIONAL { ?count rdfs:label ?zh FILTER (LANG(?zh) = 'zh') }
  OPTIONAL { ?count rdfs:label ?any FILTER (LANG(?any) != 'zh') }
  OPTIONAL { ?scope rdfs:label ?szh FILTER (LANG(?szh) = 'zh') }
  OPTIONAL { ?scope rdfs:label ?sany FILTER (LANG(?sany) != 'zh') }
  OPTIONAL { ?count cg:region|cg:industry|cg:organization|cg:platform|cg:project ?limit }
  OPTIONAL { ?count cg:unit ?unit }
  OPTIONAL { ?count cg:qualifier/skos:notation ?qualifier }
  OPTIONAL { ?count cg:kind/skos:notation ?kind }
  OPTIONAL { ?count cg:role/skos:notation ?role }
  OPTIONAL { ?count cg:levelAtLeast/skos:notation ?level }
  OPTIONAL { ?count cg:leadCounted/skos:notation ?lead }
  OPTIONAL { ?count cg:asOf ?as_of }
  OPTIONAL { ?count cg:evidence/cg:exact ?words }
} GROUP BY ?count ?scope ?counts ?value ?qualifier ?unit ?kind ?role ?level ?lead ?as_of
ORDER BY ?scope ?counts ?count"""

_CONSORTIA = """
SELECT DISTINCT ?scope ?thing { ?thing a cg:Consortium ; cg:programme ?scope
  FILTER NOT EXISTS {
    ?thing cg:body ?body FILTER (?body NOT IN (code:body-innovation-consortium, code:body-unstated))
  } }"""

_MEMBERS = """
SELECT DISTINCT ?scope ?thing ?kind ?role {
  { ?m cg:programme ?scope } UNION { ?m cg:consortium ?scope } UNION { ?m cg:consortium/cg:programme ?scope }
  UNION { ?m cg:oneOf/cg:programme ?scope }
  ?m a cg:Membership ; cg:organization ?thing
  OPTIONAL { ?m cg:role/skos:notation ?role } OPTIONAL { ?thing cg:kind/skos:notation ?kind } }"""

_PLATFORMS = """
SELECT DISTINCT ?scope ?thing ?level {
  { ?thing cg:consortium ?scope } UNION { ?thing cg:consortium/cg:programme ?scope }
  ?thing a cg:Platform OPTIONAL { ?thing cg:level/skos:notation ?level } }"""

_PROJECTS = """
SELECT DISTINCT ?scope ?thing ?level {
  { ?thing cg:consortium ?scope } UNION { ?thing cg:programme ?scope }
  UNION { ?thing cg:consortium/cg:programme ?scope }
  ?thing a cg:Project OPTIONAL { ?thing cg:level/skos:notation ?level } }"""

_COLUMNS = ("scope", "scope_label", "counts", "label", "reported", "qualifier", "known", "share", "as_of", "quote")


def coverage(kg: KnowledgeGraph) -> pd.DataFrame:
    """Set each count that a source reports of a programme or a consortium against the things known by name.

    A thing counts once, however many roles it has, and only if it is of the kind, role and level that the count is
    of. An organization that is one of several leads or members (``oneOf``) is known to be in the programme. A body
    that is stated to be something else, such as an alliance, is no innovation consortium. Counts of persons, tasks
    and other things have no names to set against them.

    Returns:
        One row a count: ``scope``, ``scope_label``, ``counts``, ``label``, ``reported``, ``qualifier``, ``known``,
        ``share`` (known / reported, missing where nothing is reported), ``as_of`` and ``quote``. ``known`` is missing
        where nothing can be set against the count yet: persons, tasks and other things; a count of a narrower unit
        than its class; one that a region, industry, organization, platform or project limits further. Counts without
        a programme or a consortium are left out.
    """
    known = {
        "consortia": kg.flat(_CONSORTIA),
        "organizations": kg.flat(_MEMBERS),
        "platforms": kg.flat(_PLATFORMS),
        "projects": kg.flat(_PROJECTS),
    }
    rows = []
    for count in kg.flat(_REPORTED).iter_rows(named=True):
        things = known.get(count["counts"])
        comparable = things is not None and count["unit"] is None and count["other"] is None
        number = _number_known(things, count) if things is not None and comparable else None
        reported = int(count["value"])
        rows.append(
            {
                **{name: count[name] for name in ("scope_label", "counts", "label", "qualifier", "as_of", "quote")},
                "scope": short_name(count["scope"]),
                "reported": reported,
                "known": number,
                "share": None if number is None or reported == 0 else number / reported,
            }
        )
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    return frame.astype({"reported": "Int64", "known": "Int64", "share": "Float64"})


def _number_known(things: pl.DataFrame, count: dict[str, str | None]) -> int:
    """Count the things of the count's scope that are of its kind, role and level, once each."""
    inside = things.filter(pl.col("scope") == count["scope"])
    for name in ("kind", "role"):
        if count[name] is not None and name in inside.columns:
            inside = inside.filter(pl.col(name) == count[name])
    if count["lead"] == "excluded" and "role" in inside.columns:
        leads = inside.filter(pl.col("role") == "lead")["thing"]
        inside = inside.filter(~pl.col("thing").is_in(leads.to_list()))
    if count["level"] is not None and "level" in inside.columns:
        inside = inside.filter(pl.col("level").is_in(_levels_from(count["level"])))
    return inside["thing"].n_unique()


def _levels_from(level: str) -> list[str]:
    """Return the levels that are at least as high as one."""
    ranks = {code.notation: code.rank for code in code_list("level").codes}
    least = ranks[level]
    return [name for name, rank in ranks.items() if rank is not None and least is not None and rank >= least]
