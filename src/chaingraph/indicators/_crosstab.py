"""Crosstabs: how many things there are by two of their attributes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import polars as pl

from chaingraph.errors import UsageError, did_you_mean
from chaingraph.indicators._crosswalk import crosswalk_of, in_classification
from chaingraph.indicators._population import CLASSES, SOURCES, Population
from chaingraph.languages import check_language
from chaingraph.messages import tr
from chaingraph.queries.filters import Selection
from chaingraph.queries.nodes import NodeReader
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from pathlib import Path

    from chaingraph.store import KnowledgeGraph

VALUES = {"contribution": "participations", "budget": "projects", "amount": "amounts"}
"""Amounts that can be added up, and of what."""
SPLITS = ("full", "fractional")
OF_ORGANIZATIONS = ("organizations", "memberships", "participations")
"""What is, or is of, one organization, so that the kind and the region of that limit it."""


def crosstab(
    kg: KnowledgeGraph,
    rows: str,
    columns: str,
    *,
    count: str = "organizations",
    value: str | None = None,
    level: int | Mapping[str, int] | None = None,
    split: str = "full",
    kinds: str | Collection[str] | None = None,
    regions: str | Collection[str] | None = None,
    crosswalk: Path | str | pd.DataFrame | None = None,
    language: str | None = None,
) -> pd.DataFrame:
    """Return how many things there are by two of their attributes.

    An attribute that a thing has not itself comes from what it belongs to: the industry of an organization that has
    none is that of its consortia, else of its projects. A thing without a row or column is counted, and in no cell.

    Args:
        kg: The graph.
        rows: The attribute of the rows: region, industry, chain, stage, consortium, cluster, kind or year.
        columns: The attribute of the columns.
        count: What is counted: organizations, memberships, participations, platforms, projects, consortia, sites ...
        value: An amount to add up instead: ``contribution`` of participations, ``budget`` of projects or ``amount`` of
            amounts, which must be of one kind or divided by kind; things without it are counted in ``attrs``.
        level: The level of the hierarchy of regions: 0 for those that lie within no other, 1 for those directly in
            them, and so on; a mapping gives one for ``region`` and one for ``industry``. None: as in the tables.
        split: What a thing with several rows or columns adds to each of its cells: 1 (``full``), or 1 over the number
            of its cells (``fractional``), so that the cells sum to the number of things.
        kinds: Only organizations of these kinds, or their memberships or participations.
        regions: Only organizations in these regions or within them, or their memberships or participations.
        crosswalk: A CSV file or frame with the columns ``from``, ``to`` and ``relation`` (exact, close, broad, narrow):
            industries count as the codes that theirs lead to, one with several targets in several cells.
        language: The language of the names, en or zh, that of the graph if None; the other stands in for it.

    Returns:
        A frame of numbers, rows and columns by name in their order. ``attrs`` holds ``count``, ``value``, ``split``,
        ``things`` (how many there are), ``placed`` (how many are in a cell), ``unplaced`` (how many lack each
        attribute, and the amount), ``several`` (how many are in more than one cell), and ``iris``: the short name
        behind each row and column; ``crosswalk``: how many industries it maps, and which have no or several targets;
        ``joined``: how many organizations :func:`chaingraph.roll_up` joined with parents.

    Raises:
        UsageError: A name that does not exist, with those that do; amounts in several currencies or of several kinds.
    """
    _check(rows, columns, count, value, split, language)
    _check_crosswalk(crosswalk, rows, columns)
    count = count if value is None else VALUES[value]
    members = _selection(kg, count, kinds, regions)
    population = Population(NodeReader(kg), count, with_amounts=value is not None, organizations=members)
    population.prefetch(rows, columns)
    levels = level if isinstance(level, Mapping) else {} if level is None else {"region": level}
    sides = {name: population.attribute(name, levels.get(name)) for name in (rows, columns)}
    walked: dict[str, object] = {}
    if crosswalk is not None:
        sides["industry"], walked = in_classification(sides["industry"], crosswalk_of(crosswalk), population.reader)
    amounts = _amounts(population, value, by_kind="kind" in sides)
    sums, placed, several = _cells(sides[rows], sides[columns], amounts, split)
    unplaced = {name: population.units.join(side, on="s", how="anti").height for name, side in sides.items()}
    unplaced |= {value: population.units.height - amounts.height} if value is not None else {}
    frame, iris = _pivot(sums, population.reader, (rows, columns), language)
    frame = frame.astype("int64") if split == "full" and value is None else frame
    frame.attrs = {
        **{"count": count, "value": value, "split": split, "things": population.units.height, "placed": placed},
        **{"unplaced": unplaced, "several": several, "iris": iris},
        **({} if crosswalk is None else {"crosswalk": walked}),
        **({} if kg.joined is None else {"joined": kg.joined.organizations}),
    }
    return frame


def _check_crosswalk(crosswalk: Path | str | pd.DataFrame | None, rows: str, columns: str) -> None:
    if crosswalk is not None and "industry" not in (rows, columns):
        message = tr(
            "a crosswalk applies to industries, and the table is of {rows} by {columns}", rows=rows, columns=columns
        )
        raise UsageError(message)


def _selection(
    kg: KnowledgeGraph, count: str, kinds: str | Collection[str] | None, regions: str | Collection[str] | None
) -> pl.DataFrame | None:
    """Return the organizations that are meant: column s; None if there is no limit.

    Raises:
        UsageError: What is counted is not of one organization.
    """
    if not kinds and not regions:
        return None
    if count not in OF_ORGANIZATIONS:
        message = tr(
            "{count} have no one organization to filter by kind or region; count {of_organizations}",
            count=count,
            of_organizations=", ".join(OF_ORGANIZATIONS),
        )
        raise UsageError(message)
    return Selection(kinds=kinds or None, regions=regions or None).organizations(NodeReader(kg))


def _cells(
    rows: pl.DataFrame, columns: pl.DataFrame, amounts: pl.DataFrame, split: str
) -> tuple[pl.DataFrame, int, int]:
    """Return the sum in each cell (row, column, amount), how many things are in a cell, and how many in several."""
    cells = rows.rename({"o": "row"}).join(columns.rename({"o": "column"}), on="s")
    per_thing = cells.group_by("s").len("cells")
    shares = cells.join(per_thing, on="s").join(amounts, on="s")
    share = pl.col("amount") / pl.col("cells") if split == "fractional" else pl.col("amount")
    sums = shares.group_by("row", "column").agg(share.sum().alias("amount"))
    return sums, shares["s"].n_unique(), per_thing.filter(pl.col("cells") > 1).height


def _check(rows: str, columns: str, count: str, value: str | None, split: str, language: str | None) -> None:
    """Refuse what does not exist or does not go together."""
    if language is not None:
        check_language(language)
    for name, given, possible in (
        ("count", count, tuple(CLASSES)),
        ("value", value, (None, *VALUES)),
        ("split", split, SPLITS),
    ):
        if given not in possible:
            message = tr(
                "{name} is '{given}', expected one of {names}",
                name=name,
                given=given,
                names=", ".join(str(one) for one in possible if one),
            )
            raise UsageError(message + did_you_mean(str(given), [str(one) for one in possible if one]))
    if value is not None and count not in ("organizations", VALUES[value]):
        message = tr(
            "the amount '{value}' is stated of {values}, not of {count}; leave out count",
            value=value,
            values=VALUES[value],
            count=count,
        )
        raise UsageError(message)
    for attribute in (rows, columns):
        things = VALUES.get(value or "", count)
        if attribute not in SOURCES[things]:
            message = tr(
                "{things} have no '{attribute}'; expected one of {sources}",
                things=things,
                attribute=attribute,
                sources=", ".join(SOURCES[things]),
            )
            raise UsageError(message + did_you_mean(attribute, SOURCES[things]))
    if rows == columns:
        message = tr("rows and columns are both '{rows}'; name two attributes", rows=rows)
        raise UsageError(message)


def _amounts(population: Population, value: str | None, *, by_kind: bool) -> pl.DataFrame:
    """Return what each thing adds to its cells: columns s and amount.

    Raises:
        UsageError: The amounts are in several currencies, or of several kinds and not divided by kind.
    """
    if value is None:
        return population.units.with_columns(pl.lit(1.0).alias("amount"))
    amounts, currencies = population.amounts(value)
    if len(currencies) > 1:
        message = tr(
            "the amounts are in several currencies ({currencies}), which do not add up; keep one",
            currencies=", ".join(currencies),
        )
        raise UsageError(message)
    if value == "amount" and not by_kind:
        _refuse_several_kinds(population, amounts)
    return amounts


def _refuse_several_kinds(population: Population, amounts: pl.DataFrame) -> None:
    """Refuse to add up amounts of several kinds.

    Raises:
        UsageError: A grant and a revenue, say, would be in one sum.
    """
    kinds = population.attribute("kind", None).join(amounts, on="s", how="semi")["o"].unique().sort().to_list()
    if len(kinds) > 1:
        message = tr(
            "the amounts are of several kinds ({kinds}), which do not add up; divide them by kind",
            kinds=", ".join(kinds),
        )
        raise UsageError(message)


def _pivot(
    sums: pl.DataFrame, reader: NodeReader, attributes: tuple[str, str], language: str | None
) -> tuple[pd.DataFrame, dict[str, dict[str, str]]]:
    """Return the cells as a frame with names on both sides, and the short name behind each."""
    sides = dict(zip(("row", "column"), attributes, strict=True))
    names = {side: _names(reader, sums[side].unique().to_list(), language) for side in sides}
    order = {side: sorted(names[side], key=lambda iri: (names[side][iri], iri)) for side in sides}
    position = {side: {iri: number for number, iri in enumerate(iris)} for side, iris in order.items()}
    values = np.zeros((len(order["row"]), len(order["column"])))
    for row, column, amount in sums.iter_rows():
        values[position["row"][row], position["column"][column]] = amount
    index, columns = (
        pd.Index([names[side][iri] for iri in order[side]], name=attribute, dtype=object)
        for side, attribute in sides.items()
    )
    iris = {attribute: {names[side][iri]: short_name(iri) for iri in order[side]} for side, attribute in sides.items()}
    return pd.DataFrame(values, index=index, columns=columns), iris


def _names(reader: NodeReader, iris: list[str], language: str | None) -> dict[str, str]:
    """Return what each thing is called; where two are called alike, with their short names."""
    labels = pl.DataFrame({"s": iris}, schema={"s": pl.String}).join(reader.names(language), on="s", how="left")
    names = {iri: name or short_name(iri) for iri, name in labels.select("s", "name").iter_rows()}
    frequency = Counter(names.values())
    return {iri: name if frequency[name] == 1 else f"{name} ({short_name(iri)})" for iri, name in names.items()}
