"""Grids of tiles, and the coastlines and lakes under maps."""

from __future__ import annotations

import numpy as np
import pytest

from chaingraph.geography.gazetteer import gazetteer
from chaingraph.geography.tiles import GRIDS, grid
from chaingraph.geography.waters import waters


def test_the_tiles_of_china_are_the_34_provincial_divisions_those_of_europe_the_countries_with_nuts_regions() -> None:
    provinces = {place.code for place in gazetteer() if place.kind == "province"}
    countries = {place.code for place in gazetteer() if place.kind == "nuts" and place.level == 0}
    assert set(grid("china").cells) == provinces
    assert len(provinces) == 34
    assert set(grid("europe").cells) == countries


@pytest.mark.parametrize("name", GRIDS)
def test_no_two_tiles_are_in_one_cell_and_all_are_joined_to_a_compact_grid(name: str) -> None:
    cells = set(grid(name).cells.values())
    assert len(cells) == len(grid(name).cells)
    assert min(column for column, _ in cells) == min(row for _, row in cells) == 0
    assert max(column for column, _ in cells) < 9


@pytest.mark.parametrize("name", GRIDS)
def test_tiles_follow_the_directions_on_the_ground(name: str) -> None:
    """Columns grow eastwards and rows southwards with the places that they stand for."""
    places = gazetteer().places
    rows = [
        (column, row, places[code].longitude, places[code].latitude) for code, (column, row) in grid(name).cells.items()
    ]
    columns, lines, longitudes, latitudes = np.array(rows, dtype=np.float64).T
    assert np.corrcoef(columns, longitudes)[0, 1] > 0.88
    assert np.corrcoef(lines, latitudes)[0, 1] < -0.88


def test_a_city_is_on_the_tile_of_its_province_and_a_region_of_its_country() -> None:
    places = gazetteer().places
    assert [grid("china").tile(places[code]) for code in ("320583", "320500", "320000")] == [places["320000"]] * 3
    assert grid("europe").tile(places["AT126"]) == places["AT"]
    assert grid("europe").tile(places["320500"]) is None


def test_coastlines_and_lakes_are_lines_within_the_globe_among_them_lake_tai_and_lake_geneva() -> None:
    data = waters()
    for lines in (data.coast, data.lakes):
        assert all(len(line) >= 2 for line in lines)
        points = np.vstack(lines)
        assert np.abs(points[:, 0]).max() <= 90
        assert np.abs(points[:, 1]).max() <= 180.01
    for latitude, longitude in ((31.2, 120.2), (46.45, 6.5)):
        around = [
            line
            for line in data.lakes
            if (line.min(axis=0) < (latitude, longitude)).all() and (line.max(axis=0) > (latitude, longitude)).all()
        ]
        assert around


def test_the_data_have_no_line_through_the_inside_of_a_continent() -> None:
    """Between China and Mongolia, or Germany and Poland, is neither coast nor lake: no border is in the data."""
    for south, west, north, east in ((41.8, 103.0, 42.4, 109.0), (51.0, 14.2, 52.2, 15.4)):
        for line in waters().coast:
            inside = (line > (south, west)).all(axis=1) & (line < (north, east)).all(axis=1)
            assert not inside.any()
