"""Every command works in folders whose names have spaces and Chinese characters, and with such names of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.made_up import TABLES, write_data_set
from tests.cli.shell import run, run_process
from tests.cli.test_first_run import commands
from tests.cli.test_options import COMMANDS

if TYPE_CHECKING:
    from pathlib import Path

DATA = "联合体 名单"
LINES = {
    "accept": ["accept", "候选 表.xlsx", "-o", "接受 的"],
    "ask": ["ask", DATA, "who-leads", "-o", "谁 牵头.csv"],
    "brief": ["brief", DATA, "-o", "简 报.docx"],
    "build": ["build", DATA, "-o", "图 谱.kg"],
    "check": ["check", DATA, "-o", "检 查.xlsx"],
    "chain map": ["chain", "map", DATA, "-o", "链 图.html"],
    "diff": ["diff", DATA, "图 谱.kg", "--page", "变 化.html", "--report", "变 化.md"],
    "identify": ["identify", DATA, "-o", "同 名.csv"],
    "import roster": ["import", "roster", "名 单.csv", "-o", "名单 表"],
    "network": ["network", DATA, "affiliation", "-o", "网 络.xlsx"],
    "package": ["package", DATA, "-o", "数据 包"],
    "page": ["page", DATA, "-o", "网 页.html"],
    "query": ["query", "图 谱.kg", "-f", "问 题.rq", "-o", "答 案.parquet"],
    "read": ["read", "通 知.txt", "-o", "候选 表.xlsx"],
    "template": ["template", "-o", "模 板.xlsx", "--with", DATA],
}
"""How the commands run that write a file; what prints a table of a source runs as it is."""
ORDER = ["build", "read", *(name for name in LINES if name not in {"build", "read"})]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("paths") / "我的 数据"
    folder.mkdir()
    write_data_set(folder / DATA, TABLES, "data")
    (folder / "名 单.csv").write_bytes("联合体名称,牵头单位,成员单位\r\n甲联合体,乙公司,丙大学\r\n".encode())
    (folder / "通 知.txt").write_bytes("由甲公司牵头组建动力电池创新联合体。\r\n成员单位包括乙大学。\r\n".encode())
    (folder / "问 题.rq").write_bytes(b"\xef\xbb\xbfSELECT ?name {\r\n  ?o a cg:Organization ; rdfs:label ?name }\r\n")
    return folder


def test_what_writes_a_file_writes_it_there(folder: Path) -> None:
    for name in ORDER:
        done = run(*LINES[name], cwd=folder)
        assert done.returncode in ({0, 1} if name == "check" else {0}), (name, done.stderr)
        written = [word for word in LINES[name][2:] if (folder / word).exists() and word != DATA]
        assert written, name
    assert run("page", "图 谱.kg", "-o", "又一 页.html", cwd=folder).returncode == 0


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, command in COMMANDS.items()
        if name not in LINES and {"sources", "form"} <= {each.name for each in command.params}
    ],
)
def test_what_prints_a_table_reads_from_there(folder: Path, name: str) -> None:
    done = run(*name.split(), DATA, "--format", "csv", cwd=folder)
    assert done.returncode in {0, 2}, done.stderr
    assert "Traceback" not in done.stderr
    if done.returncode == 2:
        # Made-up data lack what some measures need; what is said is the same as in a folder with a plain name.
        plain = folder.parent / "plain"
        if not plain.exists():
            write_data_set(plain, TABLES, "data")
        assert run(*name.split(), plain, "--format", "csv").stderr.replace(str(plain), DATA) == done.stderr


def test_the_commands_that_the_program_proposes_are_typed_as_they_stand(tmp_path: Path) -> None:
    folder = tmp_path / "我的 数据"
    folder.mkdir()
    (folder / "名 单.csv").write_bytes("联合体名称,牵头单位\r\n甲联合体,乙公司\r\n".encode())
    proposed = commands(run(cwd=folder).stderr)[0]
    assert proposed[:2] == ["page", "名 单.csv"]
    done = run_process(*proposed, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert (folder / "名 单.html").is_file()
