"""What changed between two graphs is told by class, with old and new values."""

from __future__ import annotations

import json
import shutil
import zipfile
from typing import TYPE_CHECKING

import networkx as nx
import polars as pl
import pytest

import chaingraph as cg
from chaingraph.differences import Difference
from chaingraph.resources import SAMPLES, sample
from tests.webpage.conftest import page_data

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import DataSetFolder

DESCRIPTION = '{"name": "roster", "title": {"en": "Roster", "zh": "名册"}}'
OLD = {
    "regions": "id,name\nsz,苏州\nwx,无锡\n",
    "organizations": (
        "id,name,kind,region,alias\na,甲公司,enterprise,sz,甲;A\nb,乙大学,university,wx,\nc,丙所,institute,,\n"
    ),
    "consortia": "id,name,industry\nx,联合体一,\n",
    "memberships": "organization,consortium,role,since\na,x,lead,2021\nb,x,member,\nc,x,member,\n",
    "projects": "id,name,start\np,项目一,2021\n",
    "participations": (
        "project,organization,role,contribution\np,a,coordinator,10\np,b,participant,20\np,c,participant,\n"
    ),
}
NEW = OLD | {
    "organizations": (
        "id,name,kind,region,alias\na,甲公司,enterprise,wx,A;甲\nb,乙大学,university,wx,\nc,丙所,institute,,\nd,丁公司,,,\n"
    ),
    "memberships": "organization,consortium,role,since\na,x,member,2021\nb,x,lead,\nd,x,member,\n",
    "projects": "id,name,start\np,项目一,2022\nq,项目二,2022\n",
    "participations": (
        "project,organization,role,contribution\np,a,participant,10\np,b,coordinator,25\np,c,participant,\n"
        "q,a,coordinator,\nq,d,participant,\np,d,participant,\n"
    ),
}


@pytest.fixture
def sides(data_set: DataSetFolder) -> tuple[Path, Path]:
    folders = data_set("old", **OLD), data_set("new", **NEW)
    for folder in folders:
        (folder / "dataset.json").write_text(DESCRIPTION, encoding="utf-8")
    return folders


def told(found: Difference) -> list[tuple[object, ...]]:
    frame = found.frame.drop(columns="id").astype(object)
    return [tuple(frame.where(frame.notna(), None).loc[index]) for index in frame.index]


def test_every_difference_is_told_by_class_with_old_and_new_value(sides: tuple[Path, Path]) -> None:
    rows = told(cg.diff(*sides))
    assert [row for row in rows if row[0] not in {"Membership", "Participation"}] == [
        ("Organization", "added", "丁公司", None, None, None, None),
        ("Organization", "changed", "甲公司", "region", "苏州 (sz)", "无锡 (wx)", None),
        ("Consortium", "changed", "联合体一", "lead", "甲公司 (a)", "乙大学 (b)", None),
        ("Project", "added", "项目二", None, None, None, None),
        ("Project", "changed", "项目一", "coordinator", "甲公司 (a)", "乙大学 (b)", None),
        ("Project", "changed", "项目一", "start", "2021", "2022", None),
    ]


def test_a_relation_with_another_role_is_changed_and_not_removed_and_added(sides: tuple[Path, Path]) -> None:
    rows = told(cg.diff(*sides))
    assert sorted((row for row in rows if row[0] == "Membership"), key=str) == [
        ("Membership", "added", "丁公司 · 联合体一 (member)", None, None, None, True),
        ("Membership", "changed", "乙大学 · 联合体一 (lead)", "role", "member", "lead", True),
        ("Membership", "changed", "甲公司 · 联合体一 (member)", "role", "lead", "member", True),
        ("Membership", "removed", "丙所 · 联合体一 (member)", None, None, None, True),
    ]
    assert sorted((row for row in rows if row[0] == "Participation"), key=str) == [
        ("Participation", "added", "项目一 · 丁公司 (participant)", None, None, None, True),
        ("Participation", "added", "项目二 · 丁公司 (participant)", None, None, None, False),
        ("Participation", "added", "项目二 · 甲公司 (coordinator)", None, None, None, False),
        ("Participation", "changed", "项目一 · 乙大学 (coordinator)", "contribution", "20", "25", True),
        ("Participation", "changed", "项目一 · 乙大学 (coordinator)", "role", "participant", "coordinator", True),
        ("Participation", "changed", "项目一 · 甲公司 (participant)", "role", "coordinator", "participant", True),
    ]


def test_counts_tell_rows_by_class_and_relations_of_what_is_in_both_by_key(sides: tuple[Path, Path]) -> None:
    counts = cg.diff(*sides).counts.astype(object)
    assert counts.where(counts.notna(), None).to_numpy().tolist() == [
        ["Organization", 1, 0, 1, None, None],
        ["Consortium", 0, 0, 1, None, None],
        ["Membership", 1, 1, 2, 3, 3],
        ["Project", 1, 0, 1, None, None],
        ["Participation", 3, 0, 2, 3, 2],
    ]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_folder_does_not_differ_from_its_store(name: str, tmp_path: Path) -> None:
    store = tmp_path / "built.kg"
    cg.build([sample(name)], store)
    assert cg.diff(sample(name), store).frame.empty
    assert cg.diff(cg.open(store), sample(name)).frame.empty


def test_folders_graphs_and_files_tell_the_same(sides: tuple[Path, Path], tmp_path: Path) -> None:
    by_folder = cg.diff(*sides)
    cg.open(sides[1]).export(tmp_path / "new.ttl")
    mixed = cg.diff(cg.open(sides[0]), tmp_path / "new.ttl")
    assert told(mixed) == told(by_folder)
    assert mixed.counts.equals(by_folder.counts)


def test_a_decision_of_identity_shows_as_what_it_does(sides: tuple[Path, Path]) -> None:
    shutil.copytree(sides[0], sides[1], dirs_exist_ok=True)
    (sides[1] / "identities.csv").write_text("table,left,right,decision\norganizations,a,c,same\n", encoding="utf-8")
    found = cg.diff(*sides)
    rows = [row[:6] for row in told(found) if row[0] == "Organization"]
    assert rows == [
        ("Organization", "removed", "丙所", None, None, None),
        ("Organization", "changed", "甲公司", "alias", "A; 甲", "A; 丙所; 甲"),
        ("Organization", "changed", "甲公司", "kind", "enterprise", "enterprise; institute"),
    ]
    assert cg.diff(cg.open(sides[0]), cg.open(sides[1])).frame.equals(found.frame)


def test_the_same_sides_give_the_same_rows_whichever_way_round(sides: tuple[Path, Path]) -> None:
    there, back = cg.diff(*sides), cg.diff(*reversed(sides))
    assert back.counts[["class", "added", "removed"]].to_numpy().tolist() == (
        there.counts[["class", "removed", "added"]].to_numpy().tolist()
    )
    assert cg.diff(*sides).frame.equals(there.frame)


def test_data_sets_without_a_common_base_are_noted(sides: tuple[Path, Path]) -> None:
    (sides[1] / "dataset.json").unlink()
    (note,) = cg.diff(*sides).notes
    assert note.startswith("the two share no thing: things are one only by an equal IRI")


def test_the_report_tells_it_in_english_and_chinese(sides: tuple[Path, Path]) -> None:
    found = cg.diff(*sides)
    english = found.markdown("en")
    assert found.markdown() == found.markdown("zh")
    assert english.startswith("# What changed\n\nFrom **Roster** to **Roster**.\n\n| class | added |")
    assert "| organizations | 1 | 0 | 1 |  |  |" in english
    assert "## projects: 1 added\n\n| id | name |\n| --- | --- |\n| id:roster/projects/q | 项目二 |\n" in english
    assert "| id:roster/projects/p | 项目一 | start | 2021 | 2022 |" in english
    chinese = found.markdown("zh")
    assert chinese.startswith("# 变化\n\n由**名册**到**名册**。\n\n| 类 | 新增 |")
    assert "## 项目：变更1\n" in chinese
    assert cg.diff(sides[0], sides[0]).markdown("en").endswith("Nothing differs.\n")


def test_hostile_names_stay_text_in_the_report(data_set: DataSetFolder) -> None:
    old = data_set("old", organizations="id,name\na,甲\n")
    new = data_set("new", organizations='id,name\na,"<img src=x>|[x](javascript:1)"\n')
    for folder in (old, new):
        (folder / "dataset.json").write_text(DESCRIPTION, encoding="utf-8")
    report = cg.diff(old, new).markdown()
    assert "| name | 甲 | &lt;img src=x&gt;\\|\\[x\\](javascript:1) |" in report


def test_the_network_of_the_change_ties_what_changed(sides: tuple[Path, Path]) -> None:
    network = cg.diff(*sides).network()
    names = nx.get_node_attributes(network, "label")
    assert {names[node]: data["change"] for node, data in network.nodes(data=True)} == {
        "甲公司": "changed",
        "乙大学": "unchanged",
        "丙所": "unchanged",
        "丁公司": "added",
        "联合体一": "changed",
        "项目一": "changed",
        "项目二": "added",
    }
    ties = sorted((names[u], names[v], data["relation"], data["role"]) for u, v, data in network.edges(data=True))
    assert ties == [
        ("丁公司", "联合体一", "added memberships", "member"),
        ("丙所", "联合体一", "removed memberships", "member"),
        ("乙大学", "联合体一", "changed memberships", "lead"),
        ("甲公司", "联合体一", "changed memberships", "member"),
        ("项目一", "丁公司", "added participations", "participant"),
        ("项目一", "乙大学", "changed participations", "coordinator"),
        ("项目一", "甲公司", "changed participations", "participant"),
        ("项目二", "丁公司", "added participations", "participant"),
        ("项目二", "甲公司", "added participations", "coordinator"),
    ]
    assert "变更：项目参与" in json.dumps(page_data(cg.page(network, colour="change").html), ensure_ascii=False)


def test_two_snapshots_differ_as_their_own_rows_do(shared: Path, tmp_path: Path) -> None:
    """The battery projects of two days: the counts are taken from the download itself."""
    from chaingraph.importers.cordis import Selection, import_cordis

    rows = []
    for day in ("2025-11-16", "2025-12-06"):
        snapshot = shared / "data" / "horizon-europe" / f"horizon-{day}.zip"
        chosen = Selection(titles=("batter",))
        import_cordis(snapshot, tmp_path / day, selection=chosen, name="horizon", retrieved=day)
        with zipfile.ZipFile(snapshot) as archive:
            projects = pl.read_csv(archive.read("project.csv"), infer_schema=False)
            participants = pl.read_csv(archive.read("organization.csv"), infer_schema=False)
        titled = projects.filter(pl.col("title").str.to_lowercase().str.contains("batter", literal=True))
        rows.append(participants.join(titled, on="projectID", how="semi"))
    projects_of = [set(side["projectID"]) for side in rows]
    both = projects_of[0] & projects_of[1]
    keys = [set(side.select("projectID", "organisationID", "role").rows()) for side in rows]
    leads = [dict(side.filter(role="coordinator").select("projectID", "organisationID").rows()) for side in rows]
    found = cg.diff(tmp_path / "2025-11-16", tmp_path / "2025-12-06")
    numbers = {row["class"]: row for row in found.counts.to_dict("records")}
    frame = found.frame
    assert numbers["Project"]["added"] == len(projects_of[1] - projects_of[0]) > 0
    assert numbers["Participation"]["added_to_existing"] == sum(key[0] in both for key in keys[1] - keys[0]) > 0
    assert numbers["Participation"]["removed_from_existing"] == sum(key[0] in both for key in keys[0] - keys[1])
    others = [project for project in both if leads[0][project] != leads[1][project]]
    assert len(frame[(frame["class"] == "Project") & (frame["property"] == "coordinator")]) == len(others)
