"""Crosswalks: tables that users bring, which say what the codes of one classification are in another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import polars as pl

from chaingraph.errors import UsageError, excerpt
from chaingraph.messages import tr
from chaingraph.tables.csv_files import rows_of, text_of
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chaingraph.queries.nodes import NodeReader

COLUMNS = ("from", "to", "relation")
RELATIONS = ("exact", "close", "broad", "narrow")
"""How a code and its target relate, as the mapping properties of SKOS say: narrow, where the target is the narrower."""
_SCHEMA = dict.fromkeys(COLUMNS, pl.String)


def crosswalk_of(source: Path | str | pd.DataFrame) -> pl.DataFrame:
    """Return a crosswalk: columns from, to and relation, each row once.

    Args:
        source: A CSV file with these columns, or a frame with them. Codes are ``scheme:value``; ``relation`` is exact,
            close, broad or narrow, and exact where the column is missing.

    Raises:
        UnreadableError: The file cannot be read.
        UsageError: A column, code or relation is missing or is none, or the targets are of several classifications; the
            message names the row.
    """
    if isinstance(source, pd.DataFrame):
        place, header = "crosswalk", [str(name) for name in source.columns]
        lines: Iterable[list[str]] = source.astype(str).to_numpy().tolist()
    else:
        place = str(source)
        header, *lines = list(rows_of(text_of(Path(source), None, []), ",")) or [[]]
    names = [name.strip().lower() for name in header]
    if not {"from", "to"} <= set(names) <= set(COLUMNS):
        message = tr(
            "{place} has the columns {columns}; expected from, to and relation, codes as scheme:value",
            place=place,
            columns=excerpt(", ".join(header) or "-"),
        )
        raise UsageError(message)
    rows = []
    for number, cells in enumerate(lines, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        row = {"relation": "exact"} | {name: cell.strip() for name, cell in zip(names, cells, strict=False) if cell}
        _check(row, place, number)
        rows.append(row)
    schemes = sorted({row["to"].partition(":")[0] for row in rows})
    if len(schemes) != 1:
        message = tr(
            "{place} leads to {schemes}; expected codes of one classification in the column to",
            place=place,
            schemes=", ".join(schemes) or "-",
        )
        raise UsageError(message)
    return pl.DataFrame(rows, schema=_SCHEMA).unique(maintain_order=True)


def _check(row: dict[str, str], place: str, number: int) -> None:
    """Refuse a row without a code, with a target that names no classification, or with another relation."""
    scheme, colon, value = row.get("to", "").partition(":")
    if row.get("from") and scheme and colon and value and row["relation"] in RELATIONS:
        return
    column = "relation" if row["relation"] not in RELATIONS else "to" if row.get("from") else "from"
    message = tr(
        "{place}, row {number}: '{column}' holds '{value}', expected {expected}",
        place=place,
        number=number,
        column=column,
        value=excerpt(row.get(column, "")),
        expected=", ".join(RELATIONS) if column == "relation" else tr("a code as scheme:value, such as NACE:C26"),
    )
    raise UsageError(message)


def in_classification(
    values: pl.DataFrame, crosswalk: pl.DataFrame, reader: NodeReader
) -> tuple[pl.DataFrame, dict[str, object]]:
    """Return industries as the codes that a crosswalk leads to, and what it does to them.

    Args:
        values: The industries of things: columns s and o.
        crosswalk: What :func:`crosswalk_of` returns.
        reader: The graph's nodes.

    Returns:
        Columns s and o; ``o`` is the industry of the graph that has the code, else the code. And: ``mapped``, how many
        industries have a target; ``missing``, the short names of those that have none; ``several``, of those that have
        several; ``inexact``, how many of the targets in use are not exact.

    Raises:
        UsageError: No industry of the graph has a code of the crosswalk.
    """
    codes = reader.pairs("cg:code").rename({"o": "code"})
    industries = values.select("o").unique()
    of_industries = industries.join(codes, left_on="o", right_on="s")
    targets = of_industries.join(crosswalk, left_on="code", right_on="from").select("o", "to", "relation").unique()
    if targets.is_empty():
        message = tr(
            "no industry that is counted has a code of the crosswalk; they have {codes}, the crosswalk has {others}",
            codes=excerpt(", ".join(of_industries["code"].unique().sort().head(4).to_list()) or tr("none")),
            others=excerpt(", ".join(crosswalk["from"].unique().sort().head(4).to_list())),
        )
        raise UsageError(message)
    present = codes.join(reader.instances("Industry"), on="s", how="semi").unique(
        "code", keep="first", maintain_order=True
    )
    named = targets.join(present, left_on="to", right_on="code", how="left").with_columns(
        pl.coalesce("s", "to").alias("target")
    )
    result = values.join(named.select("o", "target").unique(), on="o").select("s", pl.col("target").alias("o")).unique()
    several = targets.select("o", "to").unique().group_by("o").len().filter(pl.col("len") > 1)["o"]
    missing = industries.join(targets, on="o", how="anti")["o"]
    return result, {
        "mapped": targets["o"].n_unique(),
        "missing": sorted(map(short_name, missing)),
        "several": sorted(map(short_name, several)),
        "inexact": targets.filter(pl.col("relation") != "exact").height,
    }
