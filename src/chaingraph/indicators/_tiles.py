"""Counts and indices by province of China, or by country with NUTS regions."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import polars as pl

from chaingraph import metrics
from chaingraph.errors import UsageError
from chaingraph.geography.tiles import GRIDS, grid
from chaingraph.indicators._population import SOURCES, Population
from chaingraph.messages import tr
from chaingraph.queries.nodes import NodeReader
from chaingraph.queries.places import nearest_gazetteer_regions
from chaingraph.store import KnowledgeGraph

INDICES = (
    "herfindahl",
    "shannon",
    "hachman",
    "krugman_specialisation",
    "specialisation_coefficient",
    "weighted_average_location_quotient",
)
"""The indices of a region: how it is specialised."""


def tile_values(
    kg: KnowledgeGraph,
    count: str = "organizations",
    *,
    index: str | None = None,
    columns: str = "industry",
    area: str | None = None,
) -> pd.Series[float]:
    """Return how many things each province of China has, or each country with NUTS regions; or an index of them.

    A thing counts in the province that its region is or lies within, by the gazetteer; one in several provinces in
    each. A province of which the graph states nothing is not in the series: its number is unknown, and not zero.

    Args:
        kg: The graph.
        count: What is counted: organizations, memberships, platforms, projects, consortia ...
        index: An index of :mod:`chaingraph.metrics` that has one number per region, such as ``shannon``, of the counts
            by region and ``columns``.
        columns: The attribute by which an index divides the things.
        area: ``china`` or ``europe``; the one with more things if None.

    Returns:
        Numbers by code of the province or country. ``attrs`` holds ``area``, ``count``, ``index``, ``columns``,
        ``things`` (how many there are), ``placed`` (how many are in a number), ``without_region``, and ``without_tile``
        (how many things the regions without a tile have, by name).

    Raises:
        UsageError: A name does not exist, with those that do, or no region is of the gazetteer.
    """
    _check(count, index, columns, area)
    reader = NodeReader(kg)
    population = Population(reader, count)
    regions = population.attribute("region", None)
    places = nearest_gazetteer_regions(reader)
    tiles = {
        name: {iri: tile.code for iri, place in places.items() if (tile := grid(name).tile(place))} for name in GRIDS
    }
    placed = {name: regions.filter(pl.col("o").is_in(list(tiles[name]))) for name in GRIDS}
    chosen = area or max(GRIDS, key=lambda name: placed[name]["s"].n_unique())
    if placed[chosen].is_empty():
        message = tr(
            "no region of {count} is one of the gazetteer, so that there is no tile to colour; give regions the names "
            "of provinces or prefectures, or the codes of NUTS",
            count=count,
        )
        raise UsageError(message)
    cells = placed[chosen].with_columns(pl.col("o").replace_strict(tiles[chosen]).alias("tile")).unique(["s", "tile"])
    if index is not None:
        cells = cells.join(population.attribute(columns, None).rename({"o": "column"}), on="s")
        if cells.is_empty():
            message = tr("no {count} have both region and {columns}; choose others", count=count, columns=columns)
            raise UsageError(message)
    outside = regions.join(placed[chosen], on="s", how="anti")
    values = _counts(cells) if index is None else _index(cells, index)
    values.attrs = {
        **{"area": chosen, "count": count, "index": index, "columns": columns if index else None},
        **{"things": population.units.height, "placed": cells["s"].n_unique()},
        "without_region": population.units.join(regions, on="s", how="anti").height,
        "without_tile": _by_name(reader, outside),
    }
    return values


def _counts(cells: pl.DataFrame) -> pd.Series[float]:
    counts = cells.group_by("tile").len("count").sort("tile")
    index = pd.Index(counts["tile"].to_list(), name="region", dtype=object)
    return pd.Series(counts["count"].to_list(), index=index, name="count", dtype="float64")


def _index(cells: pl.DataFrame, name: str) -> pd.Series[float]:
    numbers = Counter(cells.select("tile", "column").iter_rows())
    tiles, columns = (sorted({key[side] for key in numbers}) for side in (0, 1))
    table = pd.DataFrame(
        [[numbers[tile, column] for column in columns] for tile in tiles],
        index=pd.Index(tiles, name="region", dtype=object),
        columns=pd.Index(columns, name="column", dtype=object),
    )
    values: pd.Series[float] = getattr(metrics, name)(table)
    return values.reindex(tiles).rename(name)


def _by_name(reader: NodeReader, pairs: pl.DataFrame) -> dict[str, int]:
    """How many things the regions have that have no tile, by name, most first."""
    names = dict(reader.names().iter_rows())
    counts = Counter(str(names.get(region) or region) for region in pairs["o"])
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _check(count: str, index: str | None, columns: str, area: str | None) -> None:
    """Refuse names that do not exist."""
    for name, given, possible in (
        ("count", count, sorted(SOURCES)),
        ("index", index or INDICES[0], INDICES),
        ("columns", columns, sorted(SOURCES.get(count, {}))),
        ("area", area or GRIDS[0], GRIDS),
    ):
        if given not in possible:
            message = tr(
                "{name} is '{given}', expected one of {names}",
                name=name,
                given=given,
                names=", ".join(possible),
            )
            raise UsageError(message)
