"""What networks and tables ask of a large store is written beside it, and is what the store answers."""

from __future__ import annotations

import gzip
import random
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

import chaingraph as cg
from chaingraph.networks import PROJECTIONS
from chaingraph.resources import sample
from chaingraph.store import KnowledgeGraph
from chaingraph.store.answers import FEWEST_TRIPLES, FOLDER, Answers, flat_queries, write_answers
from chaingraph.store.builder import StoreBuilder
from chaingraph.store.local import LocalBackend
from chaingraph.store.source import sources_of
from chaingraph.store.versions import open_version

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from tests.conftest import DataSetFolder


class _Recorder(LocalBackend):
    """A store in memory that remembers what it is asked."""

    def __init__(self, store: ox.Store) -> None:
        super().__init__(store)
        self.texts: set[str] = set()

    def rows(self, text: str) -> pl.DataFrame:
        self.texts.add(text)
        return super().rows(text)


def test_the_list_is_what_networks_and_tables_ask_of_every_graph() -> None:
    """Aggregates are small, and coverage asks only for what is reported: neither is written."""
    builder = StoreBuilder(ox.Store())
    builder.fill(sources_of([sample("jiangsu-2022")]))
    recorder = _Recorder(builder.store)
    kg = KnowledgeGraph(recorder)
    for projection in PROJECTIONS.values():
        projection.function(kg)
    for rows, columns in (("region", "industry"), ("consortium", "kind"), ("region", "kind")):
        cg.crosstab(kg, rows, columns)
    cg.coverage(kg)
    cg.indicators.consortia(kg)
    cg.indicators.scorecard(kg)
    assert cg.diff(kg, kg).frame.empty
    asked = {text for text in recorder.texts if not any(word in text for word in ("COUNT(", "SAMPLE(", "?scope"))}
    assert sorted(asked) == list(flat_queries())


@pytest.fixture
def large_set(data_set: DataSetFolder) -> Path:
    """Made-up organizations and memberships (seeded): enough triples for files of answers."""
    chance = random.Random(22)
    organizations = "".join(f"o{n},公司{n},enterprise,r{n % 50}\n" for n in range(5_000))
    memberships = {(chance.randrange(5_000), chance.randrange(900)) for _ in range(6_000)}
    return data_set(
        "large",
        regions="id,name\n" + "".join(f"r{n},地区{n}\n" for n in range(50)),
        organizations=f"id,name,kind,region\n{organizations}",
        consortia="id,name\n" + "".join(f"c{n},联合体{n}\n" for n in range(900)),
        memberships="organization,consortium,role\n" + "".join(f"o{o},c{c},member\n" for o, c in sorted(memberships)),
    )


def _sorted(frame: pl.DataFrame) -> list[tuple[object, ...]]:
    return sorted(frame.rows(), key=str)


def test_a_large_store_is_read_from_its_answers_and_says_the_same_with_and_without_them(
    large_set: Path, tmp_path: Path
) -> None:
    store = tmp_path / "large.kg"
    built = KnowledgeGraph.build(large_set, store)
    assert len(built) >= FEWEST_TRIPLES
    folder = open_version(store).folder / FOLDER
    answers, in_memory = Answers(folder), cg.open(large_set)
    texts = [text for text in flat_queries() if answers.rows(text) is not None]
    assert "SELECT ?s { ?s a cg:Organization }" in texts
    for text in flat_queries():
        assert _sorted(cg.open(store).select_text(text)) == _sorted(in_memory.select_text(text))
    network = cg.co_membership(cg.open(store))
    assert dict(network.edges) == dict(cg.co_membership(in_memory).edges)
    damaged = sorted(folder.glob("*.parquet"))
    damaged[0].unlink()
    damaged[1].write_bytes(damaged[1].read_bytes()[:-10] + b"0123456789")
    damaged[2].write_bytes(b"")
    for text in texts:
        assert _sorted(cg.open(store).select_text(text)) == _sorted(in_memory.select_text(text))


@pytest.mark.parametrize(
    "index", ["", "[1]", '{"SELECT ?s { ?s a cg:Organization }": 1}', "{" * 9_000, "../../etc/passwd x"]
)
def test_an_index_that_is_none_names_no_answers(tmp_path: Path, index: str) -> None:
    (tmp_path / "index.json").write_text(index, encoding="utf-8")
    assert Answers(tmp_path).rows("SELECT ?s { ?s a cg:Organization }") is None


def test_an_answer_lies_in_the_folder_of_the_answers(data_set: DataSetFolder, tmp_path: Path) -> None:
    graph = cg.open(data_set(organizations="id,name\na,甲\n"))
    folder = tmp_path / "answers"
    write_answers(folder, graph.select_text, lambda file: None)
    text = "SELECT ?s { ?s a cg:Organization }"
    assert Answers(folder).rows(text) is not None
    index = folder / "index.json"
    (name,) = [path.name for path in folder.glob("*.parquet") if f'{text}": "{path.name}' in index.read_text("utf-8")]
    (folder / name).rename(tmp_path / name)
    index.write_text(index.read_text("utf-8").replace(f'"{name}', f'"../{name}'), encoding="utf-8")
    assert Answers(folder).rows(text) is None


def test_a_store_is_written_to_a_file_from_the_triples_beside_it_or_from_itself(
    large_set: Path, tmp_path: Path
) -> None:
    KnowledgeGraph.build(large_set, tmp_path / "large.kg")
    beside = open_version(tmp_path / "large.kg").folder / FOLDER / "triples.nt.gz"
    expected = tmp_path / "expected.nt"
    cg.open(large_set).export(expected)
    assert sorted(gzip.decompress(beside.read_bytes()).splitlines()) == expected.read_bytes().splitlines()
    for content in (None, b"", beside.read_bytes()[:-1] + b"x"):
        if content is not None:
            beside.write_bytes(content)
        cg.open(tmp_path / "large.kg").export(tmp_path / "whole.nt")
        assert (tmp_path / "whole.nt").read_bytes() == expected.read_bytes()


def test_a_small_store_and_one_that_is_only_served_have_none(large_set: Path, tmp_path: Path) -> None:
    KnowledgeGraph.build(sample("jiangsu-2022"), tmp_path / "small.kg")
    KnowledgeGraph.build(large_set, tmp_path / "served.kg", answers=False)
    for name in ("small.kg", "served.kg"):
        assert not (open_version(tmp_path / name).folder / FOLDER).exists()


def test_a_store_that_is_built_again_has_the_answers_of_its_new_content(large_set: Path, tmp_path: Path) -> None:
    store, text = tmp_path / "large.kg", "SELECT ?s { ?s a cg:Organization }"
    KnowledgeGraph.build(large_set, store)
    table = large_set / "organizations.csv"
    table.write_text(table.read_text("utf-8") + "new,新公司,enterprise,r1\n", encoding="utf-8")
    before = cg.open(store)
    KnowledgeGraph.build(large_set, store)
    assert (before.select_text(text).height, cg.open(store).select_text(text).height) == (5_000, 5_001)
