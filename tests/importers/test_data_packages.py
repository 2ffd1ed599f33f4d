"""Frictionless data packages become data set folders: what is read, and what is said of the rest."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import frictionless
import pytest

import chaingraph as cg
from chaingraph.errors import TableProblemsError, UnreadableError
from chaingraph.importers.data_packages import import_data_package
from chaingraph.resources import sample
from chaingraph.store.source import sources_of
from chaingraph.tables.packages import package_files
from tests.cli.shell import run

if TYPE_CHECKING:
    from pathlib import Path

    from chaingraph.importers.records import Imported

ORGANIZATIONS = b"id,name,kind,size\na,Alpha AG,enterprise,12\nb,Beta University,university,\n"


def package(folder: Path, *resources: dict[str, Any], files: dict[str, bytes] | None = None, **more: Any) -> Path:  # noqa: ANN401 - JSON
    folder.mkdir()
    for name, content in (files or {}).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    descriptor = {"name": "made", "resources": list(resources), **more}
    (folder / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False), encoding="utf-8")
    return folder


def faults(imported: Imported) -> list[tuple[str, int | None, str, str]]:
    return list(imported.faults.iter_rows())


def cells(folder: Path, table: str) -> list[str]:
    return (folder / f"{table}.csv").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("form", ["folder", "file", "zip", "inside a folder of a zip"])
def test_a_package_that_we_write_comes_back_as_the_same_graph(tmp_path: Path, form: str) -> None:
    source = sample("jiangsu-2022")
    files = package_files(sources_of(str(source))[0].tables())
    path = tmp_path / "open"
    if form in ("folder", "file"):
        path.mkdir()
        for name, content in files.items():
            (path / name).write_bytes(content)
        path = path / "datapackage.json" if form == "file" else path
    else:
        path = tmp_path / "open.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name if form == "zip" else f"open/{name}", content)
    imported = import_data_package(path, tmp_path / "made")
    assert faults(imported) == []
    assert set(cg.open(tmp_path / "made").rdf) == set(cg.open(source).rdf)


def test_a_package_that_frictionless_describes_is_read(tmp_path: Path) -> None:
    (tmp_path / "organizations.csv").write_bytes(ORGANIZATIONS.replace(b",", b";"))
    described = frictionless.describe(str(tmp_path / "organizations.csv"), type="package")
    described.to_json(str(tmp_path / "datapackage.json"))
    resource = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))["resources"][0]
    resource["path"] = "organizations.csv"
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": [resource]}), encoding="utf-8")
    imported = import_data_package(tmp_path, tmp_path / "made", name="ours")
    assert imported.rows == {"sources": 1, "organizations": 2}
    assert faults(imported) == [("no-column", None, "organizations", "size")]
    assert cells(tmp_path / "made", "organizations") == [
        "id,name,kind,source,record",
        'a,Alpha AG,enterprise,data-package,"organizations, row 2"',
        'b,Beta University,university,data-package,"organizations, row 3"',
    ]
    assert cg.check(cg.open(tmp_path / "made"), require_evidence=True).count("violation") == 0


def test_dialects_encodings_and_forms_of_cells_are_followed(tmp_path: Path) -> None:
    organizations = {
        "name": "单位",
        "path": ["data/1.txt", "data/2.txt"],
        "encoding": "gb18030",
        "dialect": {"delimiter": "|", "quoteChar": "'", "commentChar": "#"},
        "schema": {
            "missingValues": ["", "-"],
            "fields": [
                {"name": "nr", "title": "编号"},
                {"name": "wer", "title": "名称"},
                {"name": "lat", "title": "latitude", "type": "number", "decimalChar": ","},
                {"name": "lon", "title": "longitude", "type": "number", "decimalChar": ","},
                {"name": "small", "type": "boolean", "trueValues": ["ja"], "falseValues": ["nein"]},
            ],
        },
    }
    # Each file repeats the headings.
    heading = "nr|wer|lat|lon|small\n"
    files = {
        "data/1.txt": (f"# made up\n{heading}a|'甲|机电'|31,5|120,25|ja\n").encode("gb18030"),
        "data/2.txt": (f"{heading}b|乙州大学|-|-|nein\nc|丙所|north|1|vielleicht\n").encode("gb18030"),
    }
    shareholdings = {
        "name": "shareholdings",
        "schema": "schema.json",
        "data": [
            {"shareholder": "a", "organization": "b", "share": "EUR 0,25"},
            {"shareholder": "b", "organization": "c", "share": None},
        ],
    }
    files["schema.json"] = json.dumps(
        {"fields": [{"name": "share", "type": "number", "decimalChar": ",", "bareNumber": False}]}
    ).encode()
    path = package(tmp_path / "package", organizations, shareholdings, files=files, title="Made up")
    imported = import_data_package(path, tmp_path / "made")
    assert faults(imported) == [
        ("value", 4, "单位", "lat: north"),
        ("value", 4, "单位", "small: vielleicht"),
    ]
    assert cells(tmp_path / "made", "organizations")[:3] == [
        "id,name,latitude,longitude,small,source,record",
        'a,甲|机电,31.5,120.25,true,data-package,"organizations, row 2"',
        'b,乙州大学,,,false,data-package,"organizations, row 3"',
    ]
    assert [row.split(",")[:3] for row in cells(tmp_path / "made", "shareholdings")[1:]] == [
        ["a", "b", "0.25"],
        ["b", "c", ""],
    ]


def test_what_is_no_table_is_said_and_left_out(tmp_path: Path) -> None:
    path = package(
        tmp_path / "package",
        {"name": "organizations", "path": "organizations.csv"},
        {"name": "单位", "path": "organizations.csv"},
        {"name": "weather", "path": "weather.csv"},
        {"name": "regions", "path": "https://example.org/regions.csv"},
        {"name": "sites", "path": "../sites.csv"},
        {"name": "projects", "path": "gone.csv"},
        {"name": "products", "path": "products.xlsx"},
        {"name": "quotes"},
        files={"organizations.csv": ORGANIZATIONS + b"c,Gamma\n", "products.xlsx": b"PK"},
    )
    imported = import_data_package(path, tmp_path / "made")
    assert imported.rows == {"sources": 1, "organizations": 2}
    assert faults(imported) == [
        ("cells", 4, "organizations", "2 cells, expected 4"),
        ("no-column", None, "organizations", "size"),
        ("repeated", None, "单位", "organizations"),
        ("no-table", None, "weather", "weather.csv"),
        (
            "unreadable",
            None,
            "regions",
            "'https://example.org/regions.csv' lies at a web address; download it and name the file",
        ),
        ("unreadable", None, "sites", "'../sites.csv' leads out of the package"),
        ("unreadable", None, "projects", "'gone.csv' is not among the files of the package"),
        ("unreadable", None, "products", "is xlsx, expected CSV that is not compressed"),
        ("unreadable", None, "quotes", "has no path and no data"),
    ]


def test_a_package_without_a_table_of_ours_is_read_as_a_roster(tmp_path: Path) -> None:
    rows = "序号,联合体名称,牵头单位\n1,甲省膜材料创新联合体,东山膜业有限公司\n".encode()
    path = package(tmp_path / "package", {"name": "list", "path": "list.csv"}, files={"list.csv": rows}, title="名单")
    result = run("import", "package", path, "-o", tmp_path / "made", "--format", "json")
    assert (result.returncode, json.loads(result.stdout)) == (0, [])
    leads = cg.open(tmp_path / "made").ask("who-leads")
    assert leads[["organization_zh", "consortium_zh"]].to_numpy().tolist() == [
        ["东山膜业有限公司", "甲省膜材料创新联合体"]
    ]


def test_mistakes_in_the_tables_are_all_listed_and_nothing_is_written(tmp_path: Path) -> None:
    files = {"organizations.csv": b"id,name,kind\na,Alpha,klub\na,Beta,\n"}
    latin = {"name": "regions", "path": "organizations.csv", "encoding": "no-such-code"}
    path = package(tmp_path / "package", {"name": "organizations", "path": "organizations.csv"}, latin, files=files)
    with pytest.raises(TableProblemsError) as raised:
        import_data_package(path, tmp_path / "made")
    assert [str(one).partition(";")[0] for one in raised.value.problems] == [
        "regions: is not in the encoding that is stated: unknown encoding: no-such-code",
        "frame organizations, row 2: 'kind' holds 'klub', expected one of enterprise (企业), university (高等学校),"
        " institute (科研院所), government (政府部门), other (其他), unstated (未说明)",
        "frame organizations, row 3: repeats row 2: both have the same id",
    ]
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "datapackage.json is no JSON in UTF-8"),
        (b"[" * 100_000, "datapackage.json is no JSON in UTF-8"),
        (b"[]", "has no list of resources"),
        (b'{"resources": []}', "has no list of resources"),
        (b'{"resources": [1]}', "has no list of resources"),
        (b'{"resources": [{"name": "a", "path": "a.csv"}]}', "no resource with a row that can be read"),
    ],
)
def test_what_is_no_package_is_one_error(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "datapackage.json").write_bytes(content)
    with pytest.raises(UnreadableError, match=reason):
        import_data_package(tmp_path, tmp_path / "made")
    with pytest.raises(UnreadableError, match="expected a data package"):
        import_data_package(tmp_path / "nowhere", tmp_path / "made")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["datapackage.json"]


@pytest.mark.parametrize(
    "part",
    [
        {"schema": {"fields": None, "missingValues": 5}},
        {"schema": {"fields": [1, {"name": ["x"]}, {"name": "name", "type": "boolean", "trueValues": 5}]}},
        {"schema": {"fields": [{"name": "name", "type": "date", "format": "%Q"}]}},
        {"dialect": {"delimiter": ";;"}},
        {"dialect": {"commentChar": 5, "escapeChar": []}},
        {"dialect": {"header": False}},
        {"encoding": "hex"},
        {"path": [1]},
        {"name": {"a": 1}, "title": ["a"]},
        {"data": [{"name": {"a": 1}}, {"name": [1]}]},
        {"data": [["name", None, None], ["x", 1, 2]]},
    ],
)
def test_a_descriptor_with_values_of_other_kinds_never_ends_in_a_traceback(
    tmp_path: Path, part: dict[str, Any]
) -> None:
    resource = {"name": "organizations", "path": "organizations.csv"} | part
    path = package(tmp_path / "package", resource, files={"organizations.csv": ORGANIZATIONS})
    result = run("import", "package", path, "-o", tmp_path / "made")
    assert "Traceback" not in result.stderr
    assert (result.returncode == 0) == (tmp_path / "made").exists()
