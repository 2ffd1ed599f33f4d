"""The command line in Chinese: help, calls that are wrong, what is refused, tables, and the first steps."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from chaingraph.cli.column_titles import titles
from chaingraph.cli.command import Panel
from tests.cli.shell import run
from tests.cli.test_options import COMMANDS

HAN = re.compile("[\u4e00-\u9fff]")
ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "graph" / "jiangsu-2022"


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAINGRAPH_LANG", "zh")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_is_in_chinese(name: str) -> None:
    lines = run(*name.split(), "--help").stdout.splitlines()
    assert re.match(f"用法：.*chaingraph {name} ", lines[0])
    assert HAN.search(lines[2])
    panels = {line.removesuffix(":") for line in lines if line.endswith(":") and not line.startswith(" ")}
    assert panels.isdisjoint({str(panel) for panel in Panel} | {"Arguments", "Help", "Options"})
    assert "[required]" not in "\n".join(lines)


def test_the_list_of_commands_is_in_chinese() -> None:
    for words in ([], ["measure"], ["chain"], ["import"]):
        text = run(*words, "--help").stdout
        listed = text[text.index("命令:") :].splitlines()[1:]
        starts = [line for line in listed if re.match(r"  [a-z]", line)]
        assert len(starts) >= 5
        assert [line for line in starts if not HAN.search(line)] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pge"], "错误：没有命令“pge”；您是否指 page"),
        (["measure", "centralty"], "错误：没有命令“centralty”；您是否指 centrality"),
        (["page"], "错误：缺少参数 'SOURCE'。"),
        (["page", "x"], "错误：缺少选项 '--output' / '-o'；例如：chaingraph page x -o x.html"),
        (["brief", "a.xlsx"], "错误：缺少选项 '--output' / '-o'；例如：chaingraph brief a.xlsx -o a.html"),
        (
            ["build", "http://a.org/sparql"],
            "错误：缺少选项 '--output' / '-o'；例如：chaingraph build http://a.org/sparql -o jiangsu.kg",
        ),
        (["measure", "a.xlsx"], "错误：没有命令“a.xlsx”；应为以下之一：centrality、stability"),
        (["page", "x", "-o"], "错误：选项“-o”需要一个值。"),
        (["page", "x", "--no-isolates=1"], "错误：选项“--no-isolates”不带值。"),
        (["page", "x", "--lebel", "1"], "错误：没有选项：--lebel；您是否指 --level"),
        (["demo", "extra"], "错误：参数多于该命令所需：extra"),
        (["measure", "centrality", "x", "--top", "a"], "错误：'--top' 的值无效：应为整数"),
        (["measure", "centrality", "x", "--top", "0"], "错误：'--top' 的值无效：应不小于 1"),
        (["measure", "stability", "x", "--drop", "q"], "错误：'--drop' 的值无效：应为数"),
        (["check", "x", "--format", "xml"], "错误：'--format' 的值无效：'xml' 不是 'table', 'csv', 'json' 之一"),
    ],
)
def test_a_call_that_is_wrong_is_answered_with_what_would_be_right(arguments: list[str], message: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert len(lines) == 1 or lines[0].startswith("用法：")
    assert lines[-1].startswith(message)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["page", SAMPLE, "-o", "x.htm"], "chaingraph: 无法写入 x.htm：文件名应以 .html 结尾"),
        (["page", SAMPLE, "-o", "x.html", "--size", "closenes"], "chaingraph: “closenes”未知；您是否指 closeness"),
        (["network", SAMPLE, "suply", "-o", "x.csv"], "chaingraph: “suply”未知；您是否指 supply"),
        (["ask", SAMPLE, "who-lead"], "chaingraph: “who-lead”未知；您是否指 who-leads"),
        (["measure", "centrality", SAMPLE, "--measures", "degre"], "chaingraph: 没有指标“degre”"),
        (["query", SAMPLE, "SELECT ?x {"], "chaingraph: 无法读懂查询："),
        (["build", "absent", "-o", "x.ttl"], "chaingraph: absent: 不存在；应为数据集文件夹"),
    ],
)
def test_what_is_refused_is_said_in_chinese(arguments: list[str], message: str, tmp_path: Path) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert [line for line in done.stderr.splitlines() if line.startswith(message)] != []
    assert list(tmp_path.iterdir()) == []


def test_a_table_has_chinese_titles_and_csv_and_json_keep_the_names() -> None:
    heading = run("measure", "coverage", SAMPLE).stdout.splitlines()[0]
    assert heading.split()[:3] == ["范围", "范围名称", "计数对象"]
    assert run("measure", "coverage", SAMPLE, "--format", "csv").stdout.startswith("scope,scope_label,counts,")
    rows = json.loads(run("measure", "coverage", SAMPLE, "--format", "json").stdout)
    assert list(rows[0])[:3] == ["scope", "scope_label", "counts"]
    assert run("query", SAMPLE, "SELECT ?label { ?x a cg:Consortium ; rdfs:label ?label }").stdout.startswith("label")


def test_a_column_has_the_title_of_its_parts_or_keeps_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["label", "rank_hhi_low", "members_enterprise", "x", "degree", 2019]
    assert titles(names) == ["名称", "名次：集中度 HHI（下限）", "成员（企业）", "x", "联系数", "2019"]
    assert titles(["largest_share", "home_share", "share_in_home"]) == ["最大份额", "home_share", "share_in_home"]
    monkeypatch.setenv("CHAINGRAPH_LANG", "en")
    assert titles(names) == ["label", "rank_hhi_low", "members_enterprise", "x", "degree", "2019"]


def test_without_a_command_the_spreadsheet_that_is_here_is_named_with_the_command_that_opens_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = run(cwd=tmp_path).stderr.splitlines()
    assert "把您单位照原样保存的联合体名单变成网页" in lines
    (tmp_path / "名单 2022.xlsx").write_bytes(b"")
    (tmp_path / "~$名单 2022.xlsx").write_bytes(b"")
    lines = run(cwd=tmp_path).stderr.splitlines()
    assert lines[2:6] == [
        "把 名单 2022.xlsx 变成网页",
        '  chaingraph page "名单 2022.xlsx" -o "名单 2022.html"',
        "把 名单 2022.xlsx 写成几页简报，供领导阅看",
        '  chaingraph brief "名单 2022.xlsx" -o "名单 2022.docx"',
    ]
    assert sum("chaingraph page" in line for line in lines) == 1
    monkeypatch.setenv("CHAINGRAPH_LANG", "en")
    assert run(cwd=tmp_path).stderr.splitlines()[2] == "Turn 名单 2022.xlsx into a page"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_ends_with_an_example_that_it_understands(name: str) -> None:
    lines = run(*name.split(), "--help").stdout.splitlines()
    assert lines[-2] == "例:"
    words = shlex.split(lines[-1].strip())
    assert words[: 1 + len(name.split())] == ["chaingraph", *name.split()]
    command = COMMANDS[name]
    with command.make_context(name, words[1 + len(name.split()) :]) as context:
        sources = context.params.get("sources") or []
        assert [source for source in sources if source.startswith("graph/") and not (ROOT / source).is_dir()] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["build", SAMPLE, "-o", "graph.ttl"],
        ["network", SAMPLE, "whole", "-o", "network.graphml"],
        ["network", SAMPLE, "whole", "-o", "network.gexf"],
        ["network", SAMPLE, "affiliation", "-o", "network.json"],
        ["network", SAMPLE, "affiliation", "-o", "network.xlsx"],
        ["page", SAMPLE, "-o", "page.html"],
        ["chain", "map", SAMPLE, "-o", "map.html"],
        ["measure", "map", SAMPLE, "-o", "tiles.html"],
        ["brief", SAMPLE, "-o", "brief.html"],
        ["template", "-o", "template.xlsx"],
        ["package", SAMPLE, "-o", "package"],
    ],
    ids=lambda arguments: " ".join(map(str, arguments[:1] + arguments[-1:])),
)
def test_a_file_is_the_same_whatever_the_language_of_messages(
    arguments: list[str | Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = []
    for language in ("zh", "en"):
        monkeypatch.setenv("CHAINGRAPH_LANG", language)
        folder = tmp_path / language
        folder.mkdir()
        assert run(*arguments, cwd=folder).returncode == 0
        files.append(
            {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
        )
    assert len(files[0]) >= 1
    assert [path for path in files[0] if files[0][path] != files[1].get(path)] == []
    assert files[0].keys() == files[1].keys()
