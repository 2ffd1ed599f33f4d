"""What a source is: decided by its name and by what lies there, and the same for opening, building and comparing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import chaingraph as cg
from chaingraph.errors import UnreadableError, UsageError
from chaingraph.store.source import Kind, sources_of

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder


def test_a_path_is_what_lies_there_and_else_what_its_suffix_says(data_set: DataSetFolder, tmp_path: Path) -> None:
    folder = data_set("a", organizations="id,name\na,甲\n")
    cg.build(folder, tmp_path / "built.kg")
    names = ["a", "built.kg", "roster.XLSX", "macro.xlsm", "graph.ttl", "nowhere", "nowhere.kg"]
    sources = sources_of(tmp_path / name for name in names)
    assert {source.path.name: source.kind for source in sources} == {
        "a": Kind.FOLDER,
        "built.kg": Kind.STORE,
        "roster.XLSX": Kind.WORKBOOK,
        "macro.xlsm": Kind.WORKBOOK,
        "graph.ttl": Kind.RDF,
        "nowhere": Kind.RDF,
        "nowhere.kg": Kind.RDF,
    }


def test_a_folder_of_described_data_sets_stands_for_them(data_set: DataSetFolder, tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        data_set(name, organizations="id,name\na,甲\n")
    for name in ("a", "b"):
        (tmp_path / name / "dataset.json").write_text("{}", encoding="utf-8")
    assert [source.path.name for source in sources_of(tmp_path)] == ["a", "b"]


def test_an_address_shows_no_password() -> None:
    (source,) = sources_of("HTTPS://ann:secret@kg.example.org/sparql?key=1")
    assert (source.kind, str(source)) == (Kind.ENDPOINT, "HTTPS://kg.example.org/sparql")
    with pytest.raises(UsageError, match="the address of an endpoint is given as text, not as a Path"):
        sources_of(Path("https://kg.example.org/sparql"))


def test_a_list_and_other_values_are_no_source(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"given one after another, cg\.open\(first, second\), not as a list"):
        cg.open(["a", "b"])  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="a source of type int cannot be opened; expected a data set folder"):
        cg.open(5)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="a source of type int cannot be opened; expected a data set folder"):
        cg.build(5, tmp_path / "out.kg")  # type: ignore[arg-type]


def test_a_folder_with_the_suffix_of_a_store_is_no_store_without_its_files(tmp_path: Path) -> None:
    (tmp_path / "broken.kg").mkdir()
    with pytest.raises(UnreadableError, match=r"is no built store, or a damaged one: its file CURRENT is missing"):
        cg.open(tmp_path / "broken.kg")
