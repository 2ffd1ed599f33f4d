"""GeoJSON of sites and of networks, read by GDAL (pyogrio), through which QGIS reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geojson
import pyogrio
import pytest

import chaingraph as cg
from chaingraph.export.networks import write_network
from chaingraph.resources import sample
from tests.cli.shell import run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import DataSetFolder

TABLES = {
    "organizations": "id,name\na,甲机电\nb,乙电子\n",
    "regions": "id,name,latitude,longitude\nsz,苏州,31.3,120.6\nwx,无锡,,\n",
    "sites": (
        "organization,region,kind,address,latitude,longitude\n"
        "a,sz,plant,东路1号,31.35,120.7\nb,sz,laboratory,,,\nb,wx,office,,,\n"
    ),
}


def test_sites_are_points_at_their_own_place_or_their_region_s(data_set: DataSetFolder, tmp_path: Path) -> None:
    path = tmp_path / "sites.geojson"
    result = run("ask", data_set(**TABLES), "sites-in-a-cluster", "-o", path)
    assert (result.returncode, result.stdout) == (0, "")
    assert geojson.loads(path.read_text(encoding="utf-8")).is_valid
    frame = pyogrio.read_dataframe(path)
    assert (frame.crs.to_epsg(), frame.geometry.geom_type.dropna().unique().tolist()) == (4326, ["Point"])
    rows = [
        (
            row.organization_zh,
            row.kind_en,
            row.position if isinstance(row.position, str) else None,
            None if row.geometry is None else (row.geometry.x, row.geometry.y),
        )
        for row in frame.itertuples()
    ]
    assert rows == [
        ("甲机电", "plant", "site", (120.7, 31.35)),
        ("乙电子", "laboratory", "region", (120.6, 31.3)),
        ("乙电子", "office", None, None),
    ]


def test_a_table_without_coordinates_is_refused_before_a_file_is_there(data_set: DataSetFolder, tmp_path: Path) -> None:
    refused = run("query", data_set(**TABLES), "SELECT ?o { ?o a cg:Organization }", "-o", tmp_path / "x.geojson")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "expected a table with one column latitude and one longitude" in refused.stderr
    assert not (tmp_path / "x.geojson").exists()


@pytest.mark.parametrize(("kind", "geometry"), [("nodes", "Point"), ("ties", "LineString")])
def test_gdal_reads_the_nodes_and_ties_of_a_network(tmp_path: Path, kind: str, geometry: str) -> None:
    network = cg.co_membership(cg.open(sample("horizon-batteries")))
    write_network(network, tmp_path / "x.geojson")
    frame = pyogrio.read_dataframe(tmp_path / "x.geojson")
    features = frame[frame.geometry.geom_type == geometry]
    located = {node for node, data in network.nodes(data=True) if data.get("latitude") is not None}
    if kind == "nodes":
        assert set(features["id"]) == located
        bounds = features.total_bounds
        assert -180 <= bounds[0] < bounds[2] <= 180
        assert -90 <= bounds[1] < bounds[3] <= 90
    else:
        assert len(features) == sum(u in located and v in located for u, v in network.edges)
        assert set(features["source"]) <= located
