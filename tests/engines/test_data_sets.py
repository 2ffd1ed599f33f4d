"""Data sets by an engine: Parquet by the contract and built stores have the values of the graph of the same tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from pandas.testing import assert_frame_equal

import chaingraph as cg
from chaingraph.engines import Engine, co_occurrence, connect, table_centrality, table_crosstab
from chaingraph.provenance import left_out
from tests.engines.made_up import copy_of, in_parquet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

MEASURES = ["degree", "strength", "closeness", "harmonic", "pagerank"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sets")


@pytest.fixture(scope="module")
def batteries(folder: Path) -> Path:
    return copy_of("horizon-batteries", folder)


@pytest.fixture(scope="module")
def graph(batteries: Path) -> cg.KnowledgeGraph:
    return cg.open(batteries)


@pytest.fixture(scope="module")
def sources(batteries: Path, folder: Path) -> dict[str, Path]:
    store = folder / "batteries.kg"
    cg.build(batteries, store)
    return {"store": store, "parquet": in_parquet(batteries, folder / "batteries")}


@pytest.fixture(scope="module")
def duckdb() -> Iterator[Engine]:
    engine = connect("duckdb")
    yield engine
    engine.close()


def by_short_name(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a table of Parquet under the names of the nodes, in their order."""
    frame.index = frame.index.where(frame.index.str.startswith("id:"), "id:cordis/organizations/" + frame.index)
    return frame.sort_index()


@pytest.mark.parametrize("kind", ["store", "parquet"])
@pytest.mark.parametrize(
    ("network", "weight", "options"),
    [
        ("co_membership", "own", {}),
        ("co_participation", "newman", {"between": ("2022", "2022-07")}),
        ("co_participation", "own", {"at": "2023"}),
        ("co_participation", "own", {"at": "1999"}),
    ],
)
def test_a_sample_of_horizon_europe_has_the_values_of_the_projection(
    duckdb: Engine,
    sources: dict[str, Path],
    graph: cg.KnowledgeGraph,
    kind: str,
    network: str,
    weight: str,
    options: dict[str, Any],
) -> None:
    projection = getattr(cg.networks, network)(graph, newman=weight == "newman", **options)
    expected = cg.metrics.centrality(projection, measures=MEASURES).sort_index()
    fields: dict[str, Any] = {"measures": MEASURES, "sources": len(projection), **options}
    frame = table_centrality(sources[kind], engine=duckdb, network=network, weight=weight, **fields)
    assert_frame_equal(by_short_name(frame), expected, rtol=0, atol=1e-9)
    assert frame.attrs["undated"] == projection.graph.get("undated", 0)


def test_a_sample_of_horizon_europe_has_the_same_values_on_a_server(
    engines: dict[str, Engine], sources: dict[str, Path]
) -> None:
    frames = [
        table_centrality(source, engine=engine, at="2023", network="co_participation", measures=["degree", "harmonic"])
        for source in sources.values()
        for engine in engines.values()
    ]
    for frame in frames[1:]:
        assert_frame_equal(by_short_name(frames[0]), by_short_name(frame), check_exact=True)
    assert frames[0].attrs["sampled"]["harmonic"]["sources"] == 256


@pytest.mark.parametrize("network", ["affiliation", "participation"])
def test_the_degrees_of_both_modes_are_those_of_the_two_mode_network(
    engine: Engine, sources: dict[str, Path], graph: cg.KnowledgeGraph, network: str
) -> None:
    projection = getattr(cg.networks, network)(graph)
    expected = cg.metrics.centrality(projection, measures=["degree", "two_mode_degree"]).sort_index()
    frame = cg.centrality(sources["store"], engine=engine, network=network).sort_index()
    assert_frame_equal(frame.drop(columns="bipartite"), expected, rtol=0, atol=1e-9)
    assert frame["bipartite"].to_dict() == dict(projection.nodes(data="bipartite"))


def test_parents_stand_for_their_parts(engine: Engine, folder: Path, tmp_path: Path) -> None:
    data_set = copy_of("jiangsu-2022", tmp_path)
    rolled_up = cg.roll_up(cg.open(data_set))
    assert rolled_up.joined is not None
    expected = cg.metrics.centrality(cg.co_membership(rolled_up), measures=["degree", "strength"])
    tables = in_parquet(data_set, tmp_path / "tables")
    frame = cg.centrality(tables, engine=engine, roll_up="any", measures=["degree", "strength"])
    frame.index = "id:cn/organizations/" + frame.index
    assert_frame_equal(frame.sort_index()[MEASURES[:2]], expected.sort_index()[MEASURES[:2]], check_names=False)
    assert frame.attrs["joined"] == rolled_up.joined.organizations
    assert frame.attrs["left_out"] == sum(left_out(cg.co_membership(rolled_up)).values())


@pytest.mark.parametrize("split", ["full", "fractional"])
@pytest.mark.parametrize(
    ("count", "rows", "columns"),
    [
        ("organizations", "region", "industry"),
        ("organizations", "consortium", "kind"),
        ("memberships", "region", "industry"),
        ("participations", "kind", "industry"),
    ],
)
def test_crosstabs_are_those_of_the_graph(
    duckdb: Engine, sources: dict[str, Path], graph: cg.KnowledgeGraph, count: str, rows: str, columns: str, split: str
) -> None:
    expected = cg.indicators.crosstab(graph, rows, columns, count=count, split=split)
    for source in sources.values():
        frame = cg.crosstab(source, rows, columns, engine=duckdb, count=count, split=split)
        assert_frame_equal(frame, expected, rtol=0, atol=1e-9)
        counts = ("count", "split", "things", "placed", "unplaced", "several")
        assert {name: frame.attrs[name] for name in counts} == {name: expected.attrs[name] for name in counts}


def test_crosstabs_and_co_occurrences_are_the_same_on_a_server(
    engines: dict[str, Engine], sources: dict[str, Path], graph: cg.KnowledgeGraph
) -> None:
    presence = (cg.indicators.crosstab(graph, "region", "industry") > 0).astype(int)
    together = cg.metrics.co_occurrence(presence)
    for source in sources.values():
        first, second = (
            table_crosstab(source, "region", "industry", engine=engine, split="fractional")
            for engine in engines.values()
        )
        assert_frame_equal(first, second, check_exact=True)
        for engine in engines.values():
            frame = co_occurrence(source, "region", "industry", engine=engine)
            assert_frame_equal(frame, together, check_names=False)


def test_rows_of_any_table_are_counted_by_two_of_its_columns(engine: Engine, tmp_path: Path) -> None:
    rows = pl.DataFrame({"place": ["b", "a", "b", None, "b"], "what": ["x", "x", "y", "x", ""]})
    rows.write_parquet(tmp_path / "rows.parquet")
    frame = table_crosstab(tmp_path / "rows.parquet", "place", "what", engine=engine)
    assert frame.to_dict() == {"x": {"a": 1, "b": 1}, "y": {"a": 0, "b": 1}}
    assert {name: frame.attrs[name] for name in ("things", "placed", "unplaced", "several")} == {
        **{"things": 5, "placed": 3, "several": 0},
        "unplaced": {"place": 1, "what": 1},
    }


def test_cells_with_several_organizations_are_as_many_memberships(engine: Engine, tmp_path: Path) -> None:
    pl.DataFrame({"organization": ["a; b", "c;", "c"], "consortium": ["x", "x", "y"]}).write_parquet(
        tmp_path / "memberships.parquet"
    )
    frame = table_centrality(tmp_path, engine=engine, measures=["degree", "memberships"])
    assert frame.to_dict("index") == {
        name: {"label": name, "degree": 2, "memberships": 2 if name == "c" else 1} for name in "abc"
    }
