"""Measures at the parents, from the shell: what was joined is said, with the date that is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.shell import run
from tests.webpage.conftest import page_data

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import DataSetFolder

JOINED = "note: 1 organization joined with 1 parent (--roll-up)"


@pytest.fixture
def academy(data_set: DataSetFolder) -> Path:
    return data_set(
        regions="id,name\nr,南京\nt,苏州\n",
        organizations="id,name,kind,region\np,研究院,institute,r\na,一所,institute,r\nu,大学,university,t\n",
        hierarchy="organization,parent,kind,since\na,p,unit,2010\n",
        consortia="id,name\nx,联合体\n",
        memberships="organization,consortium\na,x\nu,x\n",
        reported="id,name,counts,value,consortium\nn,成员,organizations,2,x\n",
    )


@pytest.mark.parametrize(
    ("command", "first"),
    [
        (("measure", "centrality", "--measures", "degree", "--top", "1"), "id:roster/organizations/p"),
        (("measure", "agglomeration", "--columns", "kind"), "南京"),
        (("measure", "coverage"), "id:roster/consortia/x"),
    ],
)
def test_a_measure_at_the_parents_says_how_many_were_joined(
    command: tuple[str, ...], first: str, academy: Path
) -> None:
    result = run(*command, str(academy), "--roll-up", "2015", "--format", "csv")
    assert result.returncode == 0
    assert result.stdout.splitlines()[1].split(",")[0] == first
    assert JOINED in result.stderr


def test_before_an_organization_was_part_of_another_nothing_is_joined(academy: Path) -> None:
    result = run("measure", "structure", str(academy), "--roll-up", "2005")
    assert result.returncode == 0
    assert "note: nothing is part of anything then; the table 'hierarchy' (隶属关系) says what is" in result.stderr


def test_the_page_keeps_the_names_of_what_was_joined(academy: Path, tmp_path: Path) -> None:
    result = run("page", str(academy), "-o", str(tmp_path / "page.html"), "--roll-up", "any")
    assert result.returncode == 0
    data = page_data((tmp_path / "page.html").read_text(encoding="utf-8"))
    parts = {node["id"]: [value for name, value in node["attributes"] if name == "parts"] for node in data["nodes"]}
    assert parts == {"id:roster/organizations/p": [{"zh": "一所", "en": "一所"}], "id:roster/organizations/u": []}
    assert data["attribute_names"]["parts"] == {"zh": "下属单位与子公司", "en": "units and subsidiaries"}


def test_a_date_that_is_none_is_refused_in_one_line(academy: Path) -> None:
    result = run("measure", "coverage", str(academy), "--roll-up", "yes")
    assert result.returncode == 2
    assert "'yes' is no date" in result.stderr
