"""What gathers in a consortium and where its members are, and what reported totals say of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import polars as pl

from chaingraph.indicators.coverage import coverage
from chaingraph.metrics.location.inequality import shannon
from chaingraph.queries.hierarchy import ancestors, at_level
from chaingraph.queries.nodes import NodeReader
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from chaingraph.store import KnowledgeGraph

_MEMBERS = (
    "SELECT DISTINCT ?consortium ?thing { ?m a cg:Membership ; cg:consortium ?consortium ; cg:organization ?thing }"
)
_PARTS = "SELECT DISTINCT ?consortium ?thing {{ ?thing a cg:{name} ; cg:consortium ?consortium }}"
RATIOS = (("platforms", "organizations"), ("projects", "organizations"), ("organizations", "consortia"))
"""Reported totals of a programme that say something beside each other: the first over the second."""


def consortium_agglomeration(kg: KnowledgeGraph, *, level: int | None = None) -> pd.DataFrame:
    """Return what is known to gather in each consortium.

    Only what is known by name counts: totals that are reported of a programme are split over nobody, and stand in
    ``attrs["reported"]`` (:func:`reported_ratios`).

    Args:
        kg: The graph.
        level: The level of the regions: 0 for those that lie within no other. None: as they are stated.

    Returns:
        A frame indexed by consortium (short name): ``label``, ``members``, ``platforms``, ``projects``,
        ``platforms_per_member`` and ``projects_per_member`` (missing without members), ``members_placed`` (members
        whose region is known), ``home`` (the consortium's region), ``share_in_home`` (of the members that are placed,
        those in that region or within it; missing without any or without a home), ``region_entropy`` and
        ``stage_entropy`` in bits over the regions and the stages of its members (missing where none is known; 0 if all
        are in one).
    """
    reader = NodeReader(kg)
    consortia = reader.instances("Consortium").rename({"s": "consortium"})
    members = kg.select_text(_MEMBERS).join(consortia, on="consortium", how="semi")
    held = {
        "members": members,
        "platforms": kg.select_text(_PARTS.format(name="Platform")),
        "projects": kg.select_text(_PARTS.format(name="Project")),
    }
    frame = consortia
    for name, pairs in held.items():
        frame = frame.join(pairs.group_by("consortium").len(name), on="consortium", how="left")
    frame = frame.with_columns(pl.col(*held).fill_null(0).cast(pl.Int64)).join(
        regions_of_members(reader, members, level), on="consortium", how="left"
    )
    stages = reader.pairs("cg:holds")
    of_members = members.join(stages, left_on="thing", right_on="s").select("consortium", "thing", "o")
    frame = frame.join(_entropy(of_members, "stage_entropy"), on="consortium", how="left")
    label = pl.coalesce("label_en", "label", "label_zh").alias("label")
    frame = frame.join(reader.labels(), left_on="consortium", right_on="s", how="left").with_columns(label)
    per_member = [
        pl.when(pl.col("members") > 0).then(pl.col(name) / pl.col("members")).alias(f"{name}_per_member")
        for name in ("platforms", "projects")
    ]
    found = frame.with_columns(*per_member).sort(["members", "consortium"], descending=[True, False])
    columns = (
        *("label", "members", "platforms", "projects", "platforms_per_member", "projects_per_member"),
        *("members_placed", "home", "share_in_home", "region_entropy", "stage_entropy"),
    )
    rows = (
        found.select(columns)
        .with_columns(pl.col("members_placed").fill_null(0).cast(pl.Int64))
        .to_dict(as_series=False)
    )
    index = pd.Index([short_name(iri) for iri in found["consortium"]], name="consortium")
    result = pd.DataFrame(rows, index=index).astype(
        dict.fromkeys((*columns[4:6], *columns[8:]), "Float64") | {"label": object, "home": object}
    )
    result.attrs["reported"] = reported_ratios(kg)
    return result


def regions_of_members(reader: NodeReader, members: pl.DataFrame, level: int | None) -> pl.DataFrame:
    """Return by consortium how its members lie: at its home or elsewhere, in one region or in many.

    A member is at home in the consortium's region and in all regions within it. Of one that is only known to be in a
    region around the home nobody can tell; it is left out of the share.

    Args:
        reader: The graph's nodes.
        members: Columns consortium and thing, the IRI of a member.
        level: As in :func:`consortium_agglomeration`.

    Returns:
        A row a consortium: ``consortium``, ``home``, ``members_placed``, ``share_in_home``, ``region_entropy``, missing
        where unknown.
    """
    places = at_level(reader, "Region", level) if reader.instances("Region").height else None
    empty = {"consortium": pl.String, "members_placed": pl.Int64, "home": pl.String}
    if places is None:
        return pl.DataFrame(schema=empty | {"share_in_home": pl.Float64, "region_entropy": pl.Float64})
    regions = reader.pairs("cg:region").join(places, left_on="o", right_on="s").select("s", "place")
    placed = members.join(regions, left_on="thing", right_on="s").select("consortium", "thing", "place")
    placed = placed.sort("thing", "place").unique(["consortium", "thing"], keep="first", maintain_order=True)
    homes = (
        regions.sort("s", "place")
        .unique("s", keep="first")
        .select(pl.col("s").alias("consortium"), pl.col("place").alias("home_iri"))
    )
    around = ancestors(reader).select(
        pl.col("s").alias("place"), pl.col("o").alias("home_iri"), inside=pl.lit(value=True)
    )
    beyond = around.select(pl.col("home_iri").alias("place"), pl.col("place").alias("home_iri"), outside="inside")
    at_home = (
        pl.when((pl.col("place") == pl.col("home_iri")) | pl.col("inside"))
        .then(pl.lit(value=True))
        .when(pl.col("home_iri").is_null() | pl.col("outside"))
        .then(None)
        .otherwise(pl.lit(value=False))
    )
    counted = (
        placed.join(homes, on="consortium", how="left")
        .join(around, on=["place", "home_iri"], how="left")
        .join(beyond, on=["place", "home_iri"], how="left")
        .group_by("consortium")
        .agg(pl.len().cast(pl.Int64).alias("members_placed"), at_home.mean().alias("share_in_home"))
    )
    names = reader.labels().select(
        pl.col("s").alias("home_iri"), pl.coalesce("label_en", "label", "label_zh").alias("home")
    )
    entropy = _entropy(placed.select("consortium", "thing", pl.col("place").alias("o")), "region_entropy")
    everyone = reader.instances("Consortium").rename({"s": "consortium"})
    found = everyone.join(homes, on="consortium", how="left").join(names, on="home_iri", how="left")
    return (
        found.join(counted, on="consortium", how="left")
        .join(entropy, on="consortium", how="left")
        .drop("home_iri")
        .unique("consortium")
    )


def _entropy(pairs: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return Shannon's entropy in bits of what the members of each consortium have: columns consortium and ``name``."""
    counts = pairs.unique().group_by("consortium", "o").len("n").sort("consortium", "o")
    rows = {
        consortium: float(shannon(group["n"].to_list()))
        for (consortium,), group in counts.group_by("consortium", maintain_order=True)
    }
    return pl.DataFrame(
        {"consortium": list(rows), name: list(rows.values())}, schema={"consortium": pl.String, name: pl.Float64}
    )


def reported_ratios(kg: KnowledgeGraph) -> pd.DataFrame:
    """Return what reported totals of one scope say of each other, such as platforms a subject.

    Only totals of the same scope and date are set against each other, and only those of everything of their class
    (no kind, role or level). A ratio is of the scope as a whole: nothing of it is known of any part.

    Returns:
        One row a ratio: ``scope``, ``scope_label``, ``counts``, ``per``, ``total``, ``over``, ``ratio``, ``known`` (how
        many of what is counted are known by name), ``known_by_consortium`` (how many of what is counted belong to one
        of the programme's consortia), and the ``quote`` of either total.
    """
    frame = coverage(kg)
    inside = _by_consortium(kg)
    rows = []
    whole = frame[frame["known"].notna()]
    for (scope, _), group in whole.groupby(["scope", whole["as_of"].fillna("")], sort=True):
        totals = {counts: one.iloc[0] for counts, one in group.groupby("counts", sort=True) if len(one) == 1}
        for counts, per in RATIOS:
            if counts in totals and per in totals and totals[per]["reported"] > 0:
                top, below = totals[counts], totals[per]
                rows.append(
                    {
                        "scope": scope,
                        "scope_label": top["scope_label"],
                        "counts": counts,
                        "per": per,
                        "total": int(top["reported"]),
                        "over": int(below["reported"]),
                        "ratio": float(top["reported"] / below["reported"]),
                        "known": int(top["known"]),
                        "known_by_consortium": inside.get((str(scope), counts), 0),
                        "quote": top["quote"]
                        if top["quote"] == below["quote"]
                        else f"{top['quote']} / {below['quote']}",
                    }
                )
    columns = (
        "scope",
        "scope_label",
        "counts",
        "per",
        "total",
        "over",
        "ratio",
        "known",
        "known_by_consortium",
        "quote",
    )
    return pd.DataFrame(rows, columns=list(columns))


def _by_consortium(kg: KnowledgeGraph) -> dict[tuple[str, str], int]:
    """Return how many things belong to a consortium of each programme, by its short name and what is counted."""
    queries = {
        "platforms": "?thing a cg:Platform ; cg:consortium ?consortium",
        "projects": "?thing a cg:Project ; cg:consortium ?consortium",
        "organizations": "?m a cg:Membership ; cg:consortium ?consortium ; cg:organization ?thing",
    }
    found: dict[tuple[str, str], int] = {}
    for counts, pattern in queries.items():
        pairs = kg.select_text(f"SELECT DISTINCT ?scope ?thing {{ {pattern} . ?consortium cg:programme ?scope }}")
        for scope, number in pairs.group_by("scope").len().iter_rows():
            found[short_name(scope), counts] = number
    return found
