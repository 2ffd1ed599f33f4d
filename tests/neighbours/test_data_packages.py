"""A data set as open data: Frictionless, CSVW and RO-Crate, each read by its own library, and opened as it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import frictionless
import pytest
from csvw.metadata import TableGroup
from rocrate.rocrate import ROCrate

import chaingraph as cg
from chaingraph.resources import sample
from chaingraph.store.source import sources_of
from chaingraph.tables.packages import package_files, published
from tests.cli.shell import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chaingraph.store import KnowledgeGraph

SOURCE = sample("jiangsu-2022")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data set of Jiangsu, whose rows refer to each other and in which decisions join organizations."""
    path = tmp_path_factory.mktemp("package") / "jiangsu"
    result = run("package", SOURCE, "-o", path)
    assert (result.returncode, result.stdout) == (0, "")
    assert result.stderr.splitlines()[-1] == f"27 tables, 1,375 rows → {path}"
    return path


@pytest.fixture(scope="module")
def graph(package: Path) -> KnowledgeGraph:
    return cg.open(package)


def test_the_package_opens_as_the_graph_that_its_source_is(graph: KnowledgeGraph) -> None:
    assert set(graph.rdf) == set(cg.open(SOURCE).rdf)
    assert graph.notes == ()


def test_frictionless_finds_every_table_as_it_is_described(package: Path) -> None:
    report = frictionless.validate(str(package / "datapackage.json"))
    assert report.flatten(["type", "fieldName", "rowNumber", "message"]) == []
    assert {task.name for task in report.tasks} == {path.stem for path in package.glob("*.csv")}
    described = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    (sites,) = (one["schema"] for one in described["resources"] if one["name"] == "sites")
    assert sites["foreignKeys"][0] == {
        "fields": "organization",
        "reference": {"resource": "organizations", "fields": "id"},
    }
    assert {one["name"]: one["type"] for one in sites["fields"] if one["type"] != "string"} == {}
    assert described["licenses"] == [
        {
            "name": "apache-2.0-the-tables-the-quoted-words-remain-with-their-pub",
            "title": "Apache-2.0 (the tables); the quoted words remain with their publishers and are quoted",
        }
    ]


def test_frictionless_tells_a_cell_that_was_changed(package: Path, tmp_path: Path) -> None:
    for file in package.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    text = (tmp_path / "hierarchy.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    cells = text[1].split(",")
    text[1] = ",".join([cells[0], "no-such-organization", *cells[2:]])
    (tmp_path / "hierarchy.csv").write_text("".join(text), encoding="utf-8")
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    kinds = {kind for (kind,) in report.flatten(["type"])}
    assert kinds == {"hash-count", "byte-count", "foreign-key"}


def test_ro_crate_lists_every_file_with_its_licence_and_sources(package: Path) -> None:
    crate = ROCrate(package)
    assert crate.name.startswith("Innovation consortia of Jiangsu")
    assert crate.datePublished.date().isoformat() == published(sources_of(str(SOURCE))[0].tables())
    files = {path.name for path in package.iterdir()} - {"ro-crate-metadata.json"}
    assert {entity.id for entity in crate.data_entities} == files
    assert "Apache-2.0" in crate.license["name"]
    described = json.loads((SOURCE / "dataset.json").read_text(encoding="utf-8"))
    assert len(crate.root_dataset["isBasedOn"]) == len({one["url"] for one in described["sources"] if "url" in one})


def statements(table: Any) -> Iterator[tuple[str, str, str]]:  # noqa: ANN401 - a table of csvw
    """Yield the triples between IRIs that the metadata of a table make of its rows."""
    for row in table.iterdicts():
        cells = {name: value for name, value in row.items() if value is not None}
        for column in table.tableSchema.columns:
            property_url, about, value = (column.inherit(name) for name in ("propertyUrl", "aboutUrl", "valueUrl"))
            if None in (property_url, about, value) or not (column.virtual or column.name in cells):
                continue
            content = cells.get(column.name)
            for one in content if isinstance(content, list) else [content]:
                names = cells if column.virtual else cells | {column.name: one}
                yield about.expand(**names), str(property_url), value.expand(**names)


# The library has no xsd:language among the datatypes, which CSVW has, and reads it as a string.
@pytest.mark.filterwarnings("ignore:Invalid value for property. language")
def test_every_triple_that_csvw_makes_is_one_of_the_graph(package: Path, graph: KnowledgeGraph) -> None:
    group = TableGroup.from_file(package / "csv-metadata.json")
    assert group.check_referential_integrity()
    assert all(table.check_primary_key() for table in group.tables)
    triples = {triple for table in group.tables for triple in statements(table)}
    decisions = graph.select_text("SELECT ?i { ?i a cg:Identity }")
    assert decisions.height > 0
    base = "https://w3id.org/chaingraph/id/cn/"
    same = [row for row in group.tabledict["identities.csv"].iterdicts() if row["decision"] == "same"]
    joined = {f"{base}{row['table']}/{row['right']}" for row in same}
    others = {triple for triple in triples if joined.isdisjoint(triple)}
    assert len(others) > 3000
    assert others <= {(str(s), str(p), str(o)) for s, p, o in graph.rdf}


def test_a_roster_becomes_a_package_without_a_decision_about_its_licence(tmp_path: Path) -> None:
    roster = tmp_path / "名单.csv"
    roster.write_text("联合体名称,牵头单位\n甲省膜材料创新联合体,东山膜业有限公司\n", encoding="utf-8")
    result = run("package", roster, "-o", tmp_path / "open")
    assert result.returncode == 0, result.stderr
    assert frictionless.validate(str(tmp_path / "open" / "datapackage.json")).valid
    assert ROCrate(tmp_path / "open").license["name"] == "The data set states no licence"
    assert set(cg.open(tmp_path / "open").rdf) == set(cg.open(roster).rdf)


def test_a_package_of_what_has_no_tables_or_over_other_files_is_refused(tmp_path: Path) -> None:
    graph = tmp_path / "graph.ttl"
    graph.write_text("<urn:a> a <urn:B> .\n", encoding="utf-8")
    refused = run("package", graph, "-o", tmp_path / "open")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "expected one roster, workbook or data set folder" in refused.stderr
    onto_itself = run("package", SOURCE, "-o", SOURCE)
    assert (onto_itself.returncode, "it is the source" in onto_itself.stderr) == (2, True)
    over = run("package", SOURCE, "-o", tmp_path)
    assert (over.returncode, "it holds other files" in over.stderr) == (2, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["graph.ttl"]


def test_the_same_source_gives_the_same_package() -> None:
    data = sources_of(str(SOURCE))[0].tables()
    assert package_files(data) == package_files(data)
