"""A mistyped command, option, measure, network, column or term is answered with the nearest, in each command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.made_up import TABLES, write_data_set
from tests.cli.shell import run
from tests.cli.test_options import COMMANDS, OPTIONS

if TYPE_CHECKING:
    from pathlib import Path

PAGE = ["page", "data", "-o", "x.html"]
AGGLOMERATION = ["measure", "agglomeration", "data"]
MISTYPED = [
    ([*PAGE, "--network", "afiliation"], "affiliation"),
    (["network", "data", "afiliation", "-o", "x.csv"], "affiliation"),
    (["measure", "centrality", "data", "--measures", "betweeness"], "betweenness"),
    (["measure", "centrality", "data", "--weight", "consorta"], "consortia"),
    (["measure", "stability", "data", "--measure", "betweeness"], "betweenness"),
    ([*AGGLOMERATION, "--index", "hachmn"], "hachman"),
    (["measure", "complexity", "data", "--index", "ecii"], "eci"),
    (["measure", "communities", "data", "--method", "lieden"], "leiden"),
    ([*AGGLOMERATION, "--rows", "regio"], "region"),
    ([*AGGLOMERATION, "--columns", "industy"], "industry"),
    ([*AGGLOMERATION, "--count", "memberhips"], "memberships"),
    ([*AGGLOMERATION, "--only", "knd=enterprise"], "kind"),
    ([*AGGLOMERATION, "--only", "kind=enterprse"], "enterprise"),
    ([*PAGE, "--only", "role=laed"], "lead"),
    ([*PAGE, "--layout", "comunities"], "communities"),
    ([*PAGE, "--colour", "regin"], "region"),
    ([*PAGE, "--size", "degre"], "degree"),
    (["chain", "disruption", "data", "--by", "regon"], "region"),
    (["check", "data", "--format", "jsn"], "json"),
    (["ask", "data", "who-lead"], "who-leads"),
    (["ask", "data", "who-leads", "-p", "consortum=x"], "consortium"),
    (["ask", "data", "amounts-of-a-consortium", "-p", "kind=revenu"], "revenue"),
    (["template", "-o", "x.xlsx", "--tables", "consortiums"], "consortia"),
    (["page", "roster.csv", "-o", "x.html", "--column", "牵头单=lead"], "牵头单位"),
    (["measure", "scorecard", "data", "--weights", "weights.toml"], "members"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mistyped")
    write_data_set(folder / "data", TABLES, "data")
    (folder / "roster.csv").write_text("联合体名称,牵头单位\n甲联合体,乙公司\n", encoding="utf-8")
    (folder / "weights.toml").write_text("[weights]\nmembrs = 1\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(("arguments", "nearest"), MISTYPED, ids=lambda value: str(value)[:60])
def test_a_mistyped_name_is_answered_with_the_nearest(folder: Path, arguments: list[str], nearest: str) -> None:
    done = run(*arguments, cwd=folder)
    _, asked, names = done.stderr.rstrip("\n").rpartition("did you mean ")
    assert (done.returncode, asked) == (2, "did you mean ")
    assert nearest in names.removesuffix("?").split(" or ")
    assert [path.name for path in folder.glob("x.*")] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_mistyped_command_or_option_is_answered_with_the_nearest(name: str) -> None:
    *groups, word = name.split()
    done = run(*groups, f"{word}x")
    assert (done.returncode, f"did you mean {word}" in done.stderr) == (2, True)
    for option in [text for each in OPTIONS[name] for text in (*each.opts, *each.secondary_opts) if text[:2] == "--"]:
        done = run(*name.split(), f"{option}x", "y")
        assert done.returncode == 2
        _, asked, names = done.stderr.rstrip("\n").rpartition(f"No such option: {option}x; did you mean ")
        assert asked, done.stderr
        assert option in names.removesuffix("?").split(" or ")


def test_a_mistyped_term_of_a_query_is_answered_with_the_nearest(folder: Path) -> None:
    done = run("query", "data", "SELECT ?x { ?x a cg:Organisation }", cwd=folder)
    assert "note: no such term: cg:Organisation; did you mean cg:Organization?" in done.stderr.splitlines()
