"""OpenRefine itself matches a column of names with the service, and brings columns from it (Debian: openrefine)."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.endpoint.hostility import ID
from tests.endpoint.openrefine import openrefine

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers import ServerProcess


@pytest.mark.skipif(shutil.which("openrefine") is None, reason="needs openrefine")
def test_openrefine_matches_a_column_and_extends_it(server: ServerProcess, tmp_path: Path) -> None:
    service = f"http://127.0.0.1:{server.port}/reconcile"
    with openrefine(tmp_path / "projects") as refine:
        project = refine.project("names", ["苏大维格", "东南大学", "火星第一研究所"])
        types = refine.post("guess-types-of-column", {"project": project}, {"columnName": "name", "service": service})
        assert types.json()["types"][0]["id"] == "Organization"
        refine.reconcile(project, service, ("Organization", "单位"))
        refine.extend(project, service, ["kind", "leads"])
        assert refine.rows(project) == [
            (
                ["苏大维格", "企业", "江苏省新型显示产业技术创新联合体"],
                f"{ID}/cn/organizations/su-da-wei-ge",
            ),
            (["东南大学", "高等学校", None], f"{ID}/cn/organizations/dong-nan-da-xue"),
            (["火星第一研究所"], "none"),
        ]
