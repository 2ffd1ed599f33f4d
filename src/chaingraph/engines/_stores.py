"""A built store as an engine reads it: its tables of the contract that say who takes part in what, as Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from chaingraph.queries.filters import Selection
from chaingraph.queries.memberships import memberships, participations
from chaingraph.queries.nodes import NodeReader
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from pathlib import Path

    from chaingraph.engines._tables import Relation
    from chaingraph.store import KnowledgeGraph

_CLASSES = {"organizations": "Organization", "consortia": "Consortium", "projects": "Project"}


def write_tables(kg: KnowledgeGraph, folder: Path, relation: Relation, selection: Selection) -> tuple[int, int]:
    """Write who takes part in what, with the names of both, to a folder.

    What a store answers to the queries of the networks lies beside it, so that no row of its own is read.

    Args:
        kg: The graph.
        folder: Where; it must exist.
        relation: The table that is meant.
        selection: The rows that are meant.

    Returns:
        How many rows name no consortium of their own, and how many have no date, where there is a period.
    """
    reader = NodeReader(kg)
    if relation.table == "memberships":
        rows, undated, left_out = memberships(reader, selection, pairs_only=True)
    else:
        rows, undated = participations(reader, selection)
        left_out = 0
    for table in ("organizations", relation.events):
        names(reader, _CLASSES[table]).write_parquet(folder / f"{table}.parquet")
    columns = {"member": "organization", "event": relation.event}
    for column, table in (("member", "organizations"), ("event", relation.events)):
        ids = reader.instances(_CLASSES[table]).with_columns(short(pl.col("s")).alias("id"))
        rows = rows.join(ids, left_on=column, right_on="s").drop(column).rename({"id": columns[column]})
    rows.select(columns.values()).write_parquet(folder / f"{relation.table}.parquet")
    return left_out, undated


def names(reader: NodeReader, class_name: str) -> pl.DataFrame:
    """Return the things of a class: columns id, the short name, and name, what the node of a network is labelled."""
    things = reader.instances(class_name).join(reader.labels(), on="s", how="left")
    label = pl.coalesce("label_en", "label", "label_zh", "id")
    return things.with_columns(short(pl.col("s")).alias("id")).select("id", label.alias("name"))


def short(iris: pl.Expr) -> pl.Expr:
    """Return the short names of IRIs."""
    return iris.map_elements(short_name, pl.String)
