"""What is known by name of each consortium and programme: members, platforms and projects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chaingraph.queries.filters import Selection
    from chaingraph.queries.nodes import NodeReader

DATES = {"organizations": ("since", "until"), "platforms": ("since", "until"), "projects": ("start", "end")}
"""What is counted, and the properties in which its rows begin and end; an organization's row is a membership."""
_CLASSES = {"organizations": "Membership", "platforms": "Platform", "projects": "Project"}


@dataclass(frozen=True)
class Holdings:
    """What is known by name, at a date or at all.

    Args:
        consortia: Column s.
        contents: By what is counted one row for each thing in each consortium or programme: scope, row (the IRI of what
            says so), thing, and the codes kind, role and level, null where no row has them.
        undated: How many of the rows have no date.
        recognitions: One row for each title, award, place in a ranking or evaluation of a consortium or of what is
            known in it: scope, row and its kind, null where no row has it.
    """

    consortia: pl.DataFrame
    contents: Mapping[str, pl.DataFrame]
    undated: Mapping[str, int]
    recognitions: pl.DataFrame


def holdings(reader: NodeReader, selection: Selection) -> Holdings:
    """Return what is known by name of each consortium and programme.

    A consortium that was founded only later is left out, with all that belongs to it.

    Args:
        reader: The graph's nodes.
        selection: The date.
    """
    everyone = reader.instances("Consortium")
    consortia, founded = selection.in_period(reader, everyone, "founded", "until", key="s")
    later = everyone.join(consortia, on="s", how="anti")
    contents, undated = {}, {"consortia": founded}
    for name, (begin, end) in DATES.items():
        rows = reader.instances(_CLASSES[name]).join(
            reader.pairs("cg:consortium").join(later, left_on="o", right_on="s", how="semi"), on="s", how="anti"
        )
        rows = rows.join(_scopes(reader), on="s")
        dated, undated[name] = selection.in_period(reader, rows.select("s").unique(), begin, end, key="s")
        rows = rows.join(dated, on="s", how="semi").rename({"s": "row"})
        if name == "organizations":
            rows = rows.join(reader.pairs("cg:organization").rename({"s": "row", "o": "thing"}), on="row")
        else:
            rows = rows.with_columns(thing="row")
        contents[name] = _with_codes(reader, rows).sort("scope", "thing", "row")
    recognitions, undated["recognitions"] = _recognitions(reader, selection, consortia, contents)
    return Holdings(consortia, contents, undated if selection.period else {}, recognitions)


def _recognitions(
    reader: NodeReader, selection: Selection, consortia: pl.DataFrame, contents: Mapping[str, pl.DataFrame]
) -> tuple[pl.DataFrame, int]:
    """Return the recognitions of each consortium and of what is known in it, and how many of them have no year."""
    itself = consortia.select(pl.col("s").alias("scope"), pl.col("s").alias("thing"))
    holders = pl.concat([itself, *(rows.select("scope", "thing") for rows in contents.values())]).unique()
    given = pl.concat([reader.pairs(f"cg:{name}") for name in ("organization", "consortium", "platform", "project")])
    given = given.join(reader.instances("Recognition"), on="s", how="semi")
    rows = given.rename({"s": "row", "o": "thing"}).join(holders, on="thing").select("scope", "row").unique()
    rows = rows.join(consortia, left_on="scope", right_on="s", how="semi")
    dated, undated = selection.in_period(reader, rows.select("row").unique(), "year", "until")
    kinds = reader.codes("cg:kind").filter(pl.col("o") != "unstated").rename({"s": "row", "o": "kind"})
    return rows.join(dated, on="row", how="semi").join(kinds, on="row", how="left").sort("scope", "row"), undated


def _scopes(reader: NodeReader) -> pl.DataFrame:
    """Return the consortium and programmes of each row: columns s and scope.

    Who is one of several leads is in the programmes of all, and in none of the consortia.
    """
    consortium, programme = reader.pairs("cg:consortium"), reader.pairs("cg:programme")
    through = pl.concat([consortium, reader.pairs("cg:oneOf")]).join(programme, left_on="o", right_on="s")
    scopes = pl.concat([consortium, programme, through.select("s", pl.col("o_right").alias("o"))])
    return scopes.unique().rename({"o": "scope"})


def _with_codes(reader: NodeReader, rows: pl.DataFrame) -> pl.DataFrame:
    """Add the codes kind, level (of the thing) and role (of the row); the code ``unstated`` is null."""
    for name, key in (("kind", "thing"), ("level", "thing"), ("role", "row")):
        codes = reader.codes(f"cg:{name}").filter(pl.col("o") != "unstated").rename({"s": key, "o": name})
        rows = rows.join(codes, on=key, how="left")
    return rows
