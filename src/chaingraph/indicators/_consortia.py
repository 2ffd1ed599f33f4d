"""Consortia: what each has, where its members are, and what reported totals say of each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
import polars as pl

from chaingraph.indicators._coverage import coverage
from chaingraph.metrics.location.inequality import shannon
from chaingraph.queries.hierarchy import ancestors, at_level
from chaingraph.queries.nodes import NodeReader
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chaingraph.store import KnowledgeGraph

_MEMBERS = (
    "SELECT DISTINCT ?consortium ?thing { ?m a cg:Membership ; cg:consortium ?consortium ; cg:organization ?thing }"
)
_PARTS = "SELECT DISTINCT ?consortium ?thing {{ ?thing a cg:{name} ; cg:consortium ?consortium }}"
_RATIOS = (("platforms", "organizations"), ("projects", "organizations"), ("organizations", "consortia"))
"""Reported totals of a programme that say something beside each other: the first over the second."""
_COLUMNS = {
    "label": "object",
    "members": "Int64",
    "platforms": "Int64",
    "projects": "Int64",
    "platforms_per_member": "Float64",
    "projects_per_member": "Float64",
    "members_placed": "Int64",
    "home": "object",
    "share_in_home": "Float64",
    "region_entropy": "Float64",
    "stage_entropy": "Float64",
}
_RATIO_COLUMNS = (
    *("scope", "scope_label", "counts", "per", "total", "over", "ratio", "known", "known_by_consortium", "quote"),
)


@dataclass(frozen=True)
class ConsortiumTable:
    """What is known of each consortium, and what is only reported of their programmes.

    Args:
        frame: One row per consortium; :func:`consortia` says which columns.
        reported: One row per ratio of reported totals; see :func:`reported_ratios`.
    """

    frame: pd.DataFrame
    reported: pd.DataFrame


def consortia(kg: KnowledgeGraph, *, level: int | None = None, language: str | None = None) -> ConsortiumTable:
    """Return what is known of each consortium: members, platforms, projects, and how they are spread.

    Only what is known by name counts: totals that are reported of a programme are split over nobody, and are in a
    frame of their own.

    Args:
        kg: The graph.
        level: The level of the regions: 0 for those that lie within no other. None: as in the tables.
        language: The language of the labels, en or zh, that of the graph if None; the other stands in for it.

    Returns:
        The frame is indexed by consortium (short name): ``label``, ``members``, ``platforms``, ``projects`` (known by
        name; missing where none is, since nobody states that there are none), ``platforms_per_member`` and
        ``projects_per_member``, ``members_placed`` (members whose region is known), ``home`` (the consortium's region),
        ``share_in_home`` (of the members that are placed, those in that region or within it; missing without any or
        without a home), ``region_entropy`` and ``stage_entropy`` in bits over the regions and the stages of its members
        (0 if all are in one; missing unless two members have any).

    Raises:
        UsageError: There is no such level or language.
    """
    reader = NodeReader(kg)
    rows = reader.instances("Consortium").rename({"s": "consortium"})
    members = kg.select_text(_MEMBERS).join(rows, on="consortium", how="semi")
    pairs = {
        "members": members,
        "platforms": kg.select_text(_PARTS.format(name="Platform")),
        "projects": kg.select_text(_PARTS.format(name="Project")),
    }
    for name, of_consortia in pairs.items():
        rows = rows.join(of_consortia.group_by("consortium").len(name), on="consortium", how="left")
    stages = members.join(reader.pairs("cg:holds"), left_on="thing", right_on="s").select("consortium", "thing", "o")
    rows = (
        rows.join(regions_of_members(reader, members, level, language), on="consortium", how="left")
        .join(_entropy(stages, "stage_entropy"), on="consortium", how="left")
        .join(reader.names(language).rename({"s": "consortium", "name": "label"}), on="consortium", how="left")
    )
    per_member = [(pl.col(name) / pl.col("members")).alias(f"{name}_per_member") for name in ("platforms", "projects")]
    # Of the members that are known, none may have a region; without any there is nothing to count.
    placed = pl.when(pl.col("members") > 0).then(pl.col("members_placed").fill_null(0)).alias("members_placed")
    rows = rows.with_columns(*per_member, placed)
    rows = rows.sort(["members", "consortium"], descending=[True, False], nulls_last=True)
    index = pd.Index([short_name(iri) for iri in rows["consortium"]], name="consortium", dtype=object)
    frame = pd.DataFrame(rows.select(list(_COLUMNS)).to_dict(as_series=False), index=index)
    return ConsortiumTable(frame.astype(_COLUMNS), reported_ratios(kg, language=language))


def regions_of_members(
    reader: NodeReader, members: pl.DataFrame, level: int | None, language: str | None = None
) -> pl.DataFrame:
    """Return by consortium how its members lie: at its home or elsewhere, in one region or in many.

    A member is at home in the consortium's region and in all regions within it. Of one that is only known to be in a
    region around the home nobody can tell; it is left out of the share.

    Args:
        reader: The graph's nodes.
        members: Columns consortium and thing, the IRI of a member.
        level: As in :func:`consortia`.
        language: As in :func:`consortia`.

    Returns:
        One row per consortium: ``consortium``, ``home``, ``members_placed``, ``share_in_home``, ``region_entropy``,
        missing where unknown.
    """
    if not reader.instances("Region").height:
        schema = {"consortium": pl.String, "members_placed": pl.Int64, "home": pl.String}
        return pl.DataFrame(schema=schema | {"share_in_home": pl.Float64, "region_entropy": pl.Float64})
    places = at_level(reader, "Region", level)
    regions = reader.pairs("cg:region").join(places, left_on="o", right_on="s").select("s", "place")
    located = members.join(regions, left_on="thing", right_on="s").select("consortium", "thing", "place")
    located = located.sort("thing", "place").unique(["consortium", "thing"], keep="first", maintain_order=True)
    homes = regions.sort("s", "place").unique("s", keep="first").rename({"s": "consortium", "place": "home_iri"})
    names = reader.names(language).rename({"s": "home_iri", "name": "home"})
    entropy = _entropy(located.rename({"place": "o"}), "region_entropy")
    everyone = reader.instances("Consortium").rename({"s": "consortium"})
    return (
        everyone.join(homes, on="consortium", how="left")
        .join(names, on="home_iri", how="left")
        .join(_shares_in_home(reader, located, homes), on="consortium", how="left")
        .join(entropy, on="consortium", how="left")
        .drop("home_iri")
        .unique("consortium")
    )


def _shares_in_home(reader: NodeReader, located: pl.DataFrame, homes: pl.DataFrame) -> pl.DataFrame:
    """Return by consortium how many members have a region, and which share of them is at its home."""
    within = ancestors(reader).rename({"s": "place", "o": "home_iri"}).with_columns(is_within=pl.lit(value=True))
    around = within.select(pl.col("home_iri").alias("place"), pl.col("place").alias("home_iri"), is_around="is_within")
    at_home = (
        pl.when((pl.col("place") == pl.col("home_iri")) | pl.col("is_within"))
        .then(pl.lit(value=True))
        .when(pl.col("home_iri").is_null() | pl.col("is_around"))
        .then(None)
        .otherwise(pl.lit(value=False))
    )
    return (
        located.join(homes, on="consortium", how="left")
        .join(within, on=["place", "home_iri"], how="left")
        .join(around, on=["place", "home_iri"], how="left")
        .group_by("consortium")
        .agg(pl.len().cast(pl.Int64).alias("members_placed"), at_home.mean().alias("share_in_home"))
    )


def _entropy(pairs: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return Shannon's entropy in bits of what the members of each consortium have: columns consortium and ``name``.

    One member alone says nothing of how they spread, so that its consortium has no row.
    """
    several = pairs.group_by("consortium").agg(pl.col("thing").n_unique()).filter(pl.col("thing") > 1)
    pairs = pairs.join(several, on="consortium", how="semi")
    counts = pairs.unique().group_by("consortium", "o").len("n").sort("consortium", "o")
    rows = {
        consortium: float(shannon(group["n"].to_list()))
        for (consortium,), group in counts.group_by("consortium", maintain_order=True)
    }
    return pl.DataFrame(
        {"consortium": list(rows), name: list(rows.values())}, schema={"consortium": pl.String, name: pl.Float64}
    )


def reported_ratios(kg: KnowledgeGraph, *, language: str | None = None) -> pd.DataFrame:
    """Return what reported totals of one scope say of each other, such as platforms per member.

    Only totals of the same scope and date are set against each other, and only those of everything of their class
    (no kind, role or level). A ratio is of the scope as a whole: nothing of it is known of any part.

    Args:
        kg: The graph.
        language: The language of the labels, en or zh, that of the graph if None; the other stands in for it.

    Returns:
        One row per ratio: ``scope``, ``scope_label``, ``counts``, ``per``, ``total``, ``over``, ``ratio``, ``known``
        (how many of what is counted are known by name), ``known_by_consortium`` (how many of what is counted belong to
        one of the programme's consortia), and the ``quote`` of either total.
    """
    frame = coverage(kg, language=language)
    by_consortium = _known_by_consortium(kg)
    comparable = frame[frame["known"].notna()]
    rows = []
    for _, group in comparable.groupby(["scope", comparable["as_of"].fillna("")], sort=True):
        for row in _ratios(group):
            rows.append(row | {"known_by_consortium": by_consortium.get((str(row["scope"]), str(row["counts"])), 0)})
    return pd.DataFrame(rows, columns=list(_RATIO_COLUMNS))


def _ratios(group: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Yield the ratios of the totals of one scope and date."""
    totals = {counts: rows.iloc[0] for counts, rows in group.groupby("counts", sort=True) if len(rows) == 1}
    for counts, per in _RATIOS:
        if counts in totals and per in totals and totals[per]["reported"] > 0:
            top, below = totals[counts], totals[per]
            yield {
                "scope": top["scope"],
                "scope_label": top["scope_label"],
                "counts": counts,
                "per": per,
                "total": int(top["reported"]),
                "over": int(below["reported"]),
                "ratio": float(top["reported"] / below["reported"]),
                "known": int(top["known"]),
                "quote": " / ".join(dict.fromkeys(text for text in (top["quote"], below["quote"]) if text is not None)),
            }


def _known_by_consortium(kg: KnowledgeGraph) -> dict[tuple[str, str], int]:
    """Return how many things belong to a consortium of each programme, by its short name and what is counted."""
    patterns = {
        "platforms": "?thing a cg:Platform ; cg:consortium ?consortium",
        "projects": "?thing a cg:Project ; cg:consortium ?consortium",
        "organizations": "?m a cg:Membership ; cg:consortium ?consortium ; cg:organization ?thing",
    }
    counts: dict[tuple[str, str], int] = {}
    for name, pattern in patterns.items():
        pairs = kg.select_text(f"SELECT DISTINCT ?scope ?thing {{ {pattern} . ?consortium cg:programme ?scope }}")
        for scope, number in pairs.group_by("scope").len().iter_rows():
            counts[short_name(scope), name] = number
    return counts
