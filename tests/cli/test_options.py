"""Every option of every command: documented, in one panel, and read, so that another value changes what comes of it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import typer

from chaingraph.cli.command import Panel, PanelCommand
from chaingraph.cli.main import app
from chaingraph.cli.measure.crosstab_options import Counts
from chaingraph.cli.network_options import NetworkFilters, SupplyFilters
from chaingraph.errors import UsageError
from chaingraph.resources import sample
from tests.cli.made_up import TABLES, UNLISTED, write_data_set
from tests.cli.shell import run
from tests.importers.test_cordis import files, folder_of

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_OPTIONS = 18


def _commands(group: Any, name: str = "") -> Iterator[tuple[str, PanelCommand]]:  # noqa: ANN401 - private to typer
    for word, command in group.commands.items():
        if isinstance(command, PanelCommand):
            yield f"{name}{word}", command
        else:
            yield from _commands(command, f"{name}{word} ")


COMMANDS = dict(_commands(typer.main.get_command(app)))
OPTIONS = {
    name: [each for each in command.params if each.param_type_name == "option"] for name, command in COMMANDS.items()
}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_documented_and_stands_in_one_panel(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    for parameter in command.params:
        assert getattr(parameter, "help", None), parameter.name
    for parameter in OPTIONS[name]:
        assert getattr(parameter, "rich_help_panel", None) in set(Panel), parameter.name
    lines = run(*name.split(), "--help").stdout.splitlines()
    starts = [line.split(maxsplit=1)[0].rstrip(",") for line in lines if line.startswith("  -")]
    assert sorted(starts) == sorted(
        [*(parameter.opts[-1] if len(parameter.opts) == 1 else parameter.opts[1] for parameter in OPTIONS[name]), "-h"]
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_has_more_options_than_a_person_can_take_in(name: str) -> None:
    assert len(OPTIONS[name]) <= MOST_OPTIONS


def test_limits_and_levels_name_what_they_are_of() -> None:
    filters = NetworkFilters(only=["kind=enterprise", "role=lead", "kind=university"]).filters()
    assert (filters.get("kinds"), filters.get("roles"), filters.get("regions")) == (
        ["enterprise", "university"],
        ["lead"],
        None,
    )
    assert Counts(level=["0", "industry=2"]).levels == {"region": 0, "industry": 2}
    for wrong in (["x"], ["-1"], ["1", "region=0"], ["chain=1"], ["industry="]):
        with pytest.raises(UsageError, match="expected --level N"):
            _ = Counts(level=wrong).levels
    assert Counts().crosswalk("region", "industry=nace.csv") == (["region", "industry"], Path("nace.csv"))
    with pytest.raises(UsageError, match="a crosswalk stands behind industry alone"):
        Counts().crosswalk("region=nace.csv", "industry")
    for wrong in (["kind"], ["kind="], ["size=3"], ["=lead"]):
        with pytest.raises(UsageError, match="expected --only NAME=VALUE with one of the names kind, region, role"):
            NetworkFilters(only=wrong).filters()


def test_the_level_of_regions_is_that_of_the_network_between_them(sources: dict[str, str], tmp_path: Path) -> None:
    commands = [("network", sources["SOURCE"], "inter_region", *level) for level in ((), ("--level", "0"))]
    results = [outcome((*each, "-o", "net.graphml"), tmp_path / f"{n}") for n, each in enumerate(commands)]
    assert [result[0] for result in results] == [0, 0]
    assert results[0][3] != results[1][3]
    refused = run("network", sources["SOURCE"], "hosting", "--level", "0", "-o", tmp_path / "net.graphml")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("chaingraph: --level does not apply to the network hosting")


def test_a_period_is_a_first_and_a_last_date_in_one_option() -> None:
    period, date = SupplyFilters(at="2019/2022-10").filters(), SupplyFilters(at="2022").filters()
    assert (period.get("between"), period.get("at")) == (("2019", "2022-10"), None)
    assert (date.get("between"), date.get("at")) == (None, "2022")


def test_help_loads_none_of_the_heavy_libraries() -> None:
    heavy = ["matplotlib", "networkit", "networkx", "numpy", "pandas", "polars", "pyoxigraph", "rdflib", "scipy"]
    code = (
        "import sys\nfrom chaingraph.cli.main import main\nsys.argv = ['chaingraph', 'measure', 'spatial', '--help']\n"
        f"try:\n    main()\nexcept SystemExit:\n    print([name for name in {heavy} if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "[]"


@dataclass(frozen=True)
class Change:
    """What an option is tried with: its arguments, others beside them, a base of its own, and more sources."""

    arguments: tuple[str, ...]
    beside: tuple[str, ...] = ()
    base: tuple[str, ...] | None = None
    more: tuple[str, ...] = ()


def to(
    *arguments: str, beside: tuple[str, ...] = (), base: tuple[str, ...] | None = None, more: tuple[str, ...] = ()
) -> Change:
    return Change(arguments, beside, base, more)


READING = {
    "encoding": to("--encoding", "ascii"),
    "create": to("--create", more=("UNLISTED",)),
    "column": to("--column", "负责单位=lead", more=("ROSTER",)),
}
TABLE = {"form": to("--format", "json"), "output": to("-o", "table.xlsx")}
FIRST_ROWS = TABLE | {"top": to("--top", "1")}
SUPPLY = {
    "only": to("--only", "kind=university"),
    "at": to("--at", "2020"),
    "minimum": to("--minimum", "0.55"),
    "isolates": to("--no-isolates"),
    "roll_up": to("--roll-up", "any"),
}
FILTERS = SUPPLY | {
    "only": to("--only", "role=lead"),
    "minimum": to("--minimum", "2"),
    "level": to("--level", "0"),
}
NETWORK = FILTERS | {"network": to("--network", "affiliation")}
COLUMNS = {
    "columns": to("--columns", "kind"),
    "count": to("--count", "memberships"),
    "value": to("--value", "contribution"),
    "level": to("--level", "0"),
    "split": to("--split", "fractional"),
    "roll_up": to("--roll-up", "any"),
    "language": to("--language", "en"),
}
COUNTS = (
    COLUMNS
    | {"rows": to("--rows", "kind"), "at_least": to("--at-least", "2")}
    | {
        "only": to("--only", "kind=enterprise"),
    }
)
WEIGHTS = ("--weights", "WEIGHTS")
SAMPLE = "SELECT ?name { ?o a cg:Organization ; rdfs:label ?name } ORDER BY ?name"

BASE: dict[str, tuple[str, ...]] = {
    "template": ("-o", "book.xlsx"),
    "build": ("SOURCE", "-o", "graph.ttl"),
    "diff": ("SOURCE", "CHANGED"),
    "identify": ("SOURCE", "-o", "pairs.csv"),
    "query": ("SOURCE", SAMPLE),
    "ask": ("SOURCE", "who-leads"),
    "questions": (),
    "doctor": (),
    "prove": (),
    "network": ("SOURCE", "co_membership", "-o", "network.graphml"),
    "page": ("SOURCE", "-o", "page.html"),
    "brief": ("SOURCE", "-o", "brief.html"),
    "chain map": ("SOURCE", "-o", "map.html"),
    "measure map": ("SOURCE", "-o", "map.html"),
    "import cordis": ("DOWNLOAD", "-o", "made"),
    "import ownership": ("REGISTER", "-o", "made"),
    "import ror": ("ROR", "-o", "made"),
    "import openalex": ("REGISTER", "-o", "made"),
    "import facilities": ("FACILITIES", "-o", "made"),
    "import package": ("PACKAGE", "-o", "made"),
    "import roster": ("ROSTER", "-o", "made"),
    "read": ("NOTICE", "-o", "rows.xlsx"),
    "accept": ("CANDIDATES", "-o", "made"),
    "package": ("SOURCE", "-o", "made"),
}
"""What a command is given if it is not one source; ``-o`` where there must be one."""

CHANGES: dict[str, dict[str, Change]] = {
    "template": {
        "output": to("-o", "other.xlsx"),
        "language": to("--language", "en"),
        "data": to("--with", "SOURCE"),
        "tables": to("--tables", "consortia"),
        "encoding": to("--encoding", "latin-1", beside=("--with", "SOURCE")),
    },
    "doctor": TABLE,
    "build": READING
    | {"output": to("-o", "graph.nt"), "engine": to("--engine", "duckdb", base=("PARQUET", "-o", "parts"))},
    "check": READING
    | TABLE
    | {"texts": to("--texts", "TEXTS"), "require_evidence": to("--require-evidence"), "strict": to("--strict")},
    "diff": TABLE
    | {
        "page": to("--page", "page.html"),
        "report": to("--report", "report.md"),
        "language": to("--language", "en", beside=("--report", "report.md")),
    },
    "identify": READING
    | {
        "output": to("-o", "other.csv"),
        "decisions": to("--decisions", "DECISIONS"),
        "language": to("--language", "en"),
    },
    "query": READING
    | TABLE
    | {
        "file": to("-f", "QUERY", base=("SOURCE",)),
        "limit": to("--limit", "size=10"),
        "deadline": to("--deadline", "0"),
    },
    "ask": READING | TABLE | {"parameter": to("-p", "consortium=光伏联合体")},
    "questions": TABLE,
    "prove": TABLE,
    "network": READING | FILTERS | {"output": to("-o", "network.gexf")},
    "page": READING
    | NETWORK
    | {
        "output": to("-o", "other.html"),
        "language": to("--language", "en"),
        "title": to("--title", "Ours"),
        "colour": to("--colour", "kind"),
        "size": to("--size", "closeness"),
        "layout": to("--layout", "map"),
        "stability": to("--no-stability"),
        "steps": to("--steps", "STEPS"),
    },
    "brief": READING
    | {
        "output": to("-o", "other.html"),
        "chain": to("--chain", "光伏产业链"),
        "language": to("--language", "en"),
        "title": to("--title", "Ours"),
        "since": to("--since", "CHANGED"),
    },
    "import cordis": {
        "output": to("-o", "other"),
        "min_partners": to("--min-partners", "2"),
        "programme": to("--programme", "HORIZON.2.45"),
        "scheme": to("--scheme", "RIA"),
        "title": to("--title", "batteries"),
        "country": to("--country", "EL"),
        "since": to("--since", "2022"),
        "name": to("--name", "ours"),
        "retrieved": to("--retrieved", "2024-01-01"),
        "faults": to("--faults", "faults.csv"),
        "form": to("--format", "json"),
    },
    **{
        f"import {name}": {
            "output": to("-o", "other"),
            "name": to("--name", "ours"),
            "faults": to("--faults", "faults.csv"),
            "form": to("--format", "json"),
        }
        for name in ("ownership", "ror", "openalex", "facilities", "package")
    },
    "measure centrality": READING
    | NETWORK
    | FIRST_ROWS
    | {
        "measures": to("--measures", "degree"),
        "weight": to("--weight", "none"),
        "distance": to("--distance", "inverse"),
        "exact": to("--sampled", beside=("--distance", "inverse")),
        "engine": to("--engine", "duckdb", base=("STORE",)),
    },
    "measure stability": READING
    | NETWORK
    | FIRST_ROWS
    | {
        "measure": to("--measure", "degree"),
        "weight": to("--weight", "none", beside=("--measure", "strength")),
        "drop": to("--drop", "0.3"),
        "draws": to("--draws", "20"),
        "seed": to("--seed", "1"),
    },
    "measure communities": READING
    | NETWORK
    | FIRST_ROWS
    | {"method": to("--method", "louvain"), "weight": to("--weight", "none"), "seed": to("--seed", "1")},
    "measure structure": READING | NETWORK | TABLE,
    "measure crosstab": READING
    | COLUMNS
    | TABLE
    | {"rows": to("--rows", "kind"), "engine": to("--engine", "duckdb", base=("STORE",))},
    "measure agglomeration": READING
    | COUNTS
    | FIRST_ROWS
    | {"index": to("--index", "herfindahl"), "plot": to("--plot", "map.svg")},
    "measure complexity": READING | COUNTS | FIRST_ROWS | {"index": to("--index", "pci")},
    "measure spatial": READING
    | COLUMNS
    | FIRST_ROWS
    | {
        "network": to("--network", "co_participation"),
        "neighbours": to("--neighbours", "2"),
        "band": to("--band", "100"),
        "permutations": to("--permutations", "19"),
        "seed": to("--seed", "1"),
    },
    "measure coverage": READING | FIRST_ROWS | {"at": to("--at", "2020"), "roll_up": to("--roll-up", "any")},
    "measure consortia": READING | FIRST_ROWS | {"level": to("--level", "0")},
    "measure scorecard": READING
    | FIRST_ROWS
    | {
        "at": to("--at", "2020"),
        "weights": to(*WEIGHTS),
        "change": to("--change", "0.9", beside=WEIGHTS),
        "draws": to("--draws", "7", beside=WEIGHTS),
        "seed": to("--seed", "1", beside=WEIGHTS),
    },
    "import roster": {
        "output": to("-o", "other"),
        "check": to("--check", base=("ROSTER",)),
        "encoding": to("--encoding", "ascii"),
        "column": to("--column", "负责单位=lead"),
    },
    "read": {
        "output": to("-o", "other.xlsx"),
        "form": to("--format", "json", base=("NOTICE",)),
        "data_set": to("--data-set", "SOURCE"),
        "encoding": to("--encoding", "ascii"),
        "model": to("--model", "http://127.0.0.1:9/"),
        "model_name": to("--model-name", "ours"),
    },
    "accept": {"output": to("-o", "other"), "everything": to("--all")},
    "package": {
        "encoding": to("--encoding", "ascii"),
        "create": to("--create", base=("UNLISTED", "-o", "made")),
        "column": to("--column", "负责单位=lead", base=("ROSTER", "-o", "made")),
        "output": to("-o", "other"),
    },
    "chain map": READING
    | {
        "output": to("-o", "other.html"),
        "chain": to("--chain", "光伏产业链"),
        "language": to("--language", "en"),
        "title": to("--title", "Ours"),
        "network_page": to("--network-page", "network.html"),
    },
    "measure map": READING
    | {
        "output": to("-o", "other.html"),
        "count": to("--count", "memberships"),
        "index": to("--index", "shannon"),
        "columns": to("--columns", "kind", beside=("--index", "shannon")),
        "area": to("--area", "china", base=(str(sample("horizon-batteries")), "-o", "map.html")),
        "language": to("--language", "en"),
        "title": to("--title", "Ours"),
    },
    "chain chokepoints": READING | SUPPLY | FIRST_ROWS | {"level": to("--level", "0")},
    "chain completeness": READING | FIRST_ROWS | {"at": to("--at", "2019")},
    "chain upstreamness": READING | SUPPLY | FIRST_ROWS,
    "chain downstreamness": READING | SUPPLY | FIRST_ROWS,
    "chain risk": READING | SUPPLY | FIRST_ROWS | {"cascade": to("--cascade", "leontief")},
    "chain disruption": READING
    | SUPPLY
    | FIRST_ROWS
    | {"without": to("--without", "甲公司"), "by": to("--by", "region")},
    "chain cycles": READING | TABLE,
}

ELSEWHERE = {
    "assistant": dict.fromkeys(
        ("port", "sparql", "deadline", "language", "encoding", "create", "column"),
        "test_every_option_of_assistant_is_read",
    ),
    "demo": {
        "output": "test_the_demo_builds_prints_and_writes",
        "browser": "test_the_demo_opens_its_page_as_a_file_of_this_machine",
    },
    "serve": dict.fromkeys(
        (
            "port",
            "host",
            "allow_host",
            "allow_origin",
            "deadline",
            "memory",
            "rows",
            "workers",
            "encoding",
            "create",
            "column",
        ),
        "test_every_option_of_serve_is_read",
    ),
}
"""Options whose effect takes long or needs a server, and the test that shows it."""


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the words in capitals stand for."""
    folder = tmp_path_factory.mktemp("sources")
    write_data_set(folder / "data", TABLES, "roster")
    write_data_set(folder / "unlisted", UNLISTED, "unlisted")
    write_data_set(folder / "changed", TABLES | {"platforms": "id,name,host\npl,平台,a\n"}, "roster")
    (folder / "roster.csv").write_text("联合体名称,负责单位\n戊联合体,戊公司\n", encoding="utf-8")
    (folder / "texts").mkdir()
    (folder / "texts" / "notice.txt").write_text("据公告，甲公司牵头组建电池联合体。", encoding="utf-8")
    assert run("read", folder / "texts" / "notice.txt", "-o", folder / "candidates.xlsx").returncode == 0
    (folder / "weights.toml").write_text("[weights]\nmembers = 1.0\nplatforms = 2.0\n", encoding="utf-8")
    (folder / "who.csv").write_text("table,left,right,decision\norganizations,a,l,same\n", encoding="utf-8")
    (folder / "query.rq").write_text("ASK {}", encoding="utf-8")
    (folder / "steps.json").write_text('{"steps": [{"title": "All", "view": "labels=none"}]}', encoding="utf-8")
    company = '{"id": "a", "schema": "Company", "properties": {"name": ["A"]}, "display_name": "A"}\n'
    (folder / "register.jsonl").write_text(company, encoding="utf-8")
    ror = '[{"id": "https://ror.org/01", "names": [{"value": "A", "types": ["ror_display"]}]}]'
    (folder / "ror.json").write_text(ror, encoding="utf-8")
    (folder / "package").mkdir()
    resources = [{"name": "organizations", "data": [{"id": "a", "name": "A", "size": 1}]}]
    (folder / "package" / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")
    (folder / "parquet").mkdir()
    pl.DataFrame({"name": ["A"]}).write_parquet(folder / "parquet" / "regions.parquet")
    (folder / "facilities.csv").write_text("os_id,name,address,country_code\n1,A,Road,CN\n", encoding="utf-8")
    assert run("build", folder / "data", "-o", folder / "graph.kg").returncode == 0
    return {
        "STORE": str(folder / "graph.kg"),
        "REGISTER": str(folder / "register.jsonl"),
        "ROR": str(folder / "ror.json"),
        "FACILITIES": str(folder / "facilities.csv"),
        "PACKAGE": str(folder / "package"),
        "PARQUET": str(folder / "parquet"),
        "SOURCE": str(folder / "data"),
        "UNLISTED": str(folder / "unlisted"),
        "ROSTER": str(folder / "roster.csv"),
        "CHANGED": str(folder / "changed"),
        "STEPS": str(folder / "steps.json"),
        "TEXTS": str(folder / "texts"),
        "NOTICE": str(folder / "texts" / "notice.txt"),
        "CANDIDATES": str(folder / "candidates.xlsx"),
        "WEIGHTS": str(folder / "weights.toml"),
        "DECISIONS": str(folder / "who.csv"),
        "QUERY": str(folder / "query.rq"),
        "DOWNLOAD": str(folder_of(folder, files())),
    }


Outcome = tuple[int, str, str, dict[str, bytes]]
"""An exit status, what was printed, what was said, and the files that were written, by their names."""


@pytest.fixture(scope="session")
def without_options() -> dict[tuple[str, ...], Outcome]:
    """What comes of a command without the option that is tried, by its arguments."""
    return {}


def outcome(arguments: tuple[str, ...], folder: Path) -> Outcome:
    """Run a command in an empty folder: its exit status, what it printed and said, and the files that it wrote."""
    folder.mkdir()
    result = run(*arguments, cwd=folder)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    written = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    return result.returncode, result.stdout, result.stderr, written


CASES = [(name, parameter.name) for name in COMMANDS if name not in ELSEWHERE for parameter in OPTIONS[name]]


@pytest.mark.parametrize(("name", "option"), CASES, ids=[f"{name} {option}" for name, option in CASES])
def test_another_value_of_an_option_changes_what_comes_of_a_command(
    name: str,
    option: str,
    sources: dict[str, str],
    without_options: dict[tuple[str, ...], Outcome],
    tmp_path: Path,
) -> None:
    for library in {"identify": ("opencc", "rapidfuzz"), "measure spatial": ("esda",)}.get(name, ()):
        pytest.importorskip(library)
    change = CHANGES[name][option]
    base = BASE.get(name, ("SOURCE",)) if change.base is None else change.base
    without = (*name.split(), *base[:1], *change.more, *base[1:], *change.beside)
    if without not in without_options:  # most options of a command are tried beside the same other arguments
        folder = tmp_path / "before"
        without_options[without] = outcome(tuple(sources.get(word, word) for word in without), folder)
    before = without_options[without]
    after = outcome(tuple(sources.get(word, word) for word in (*without, *change.arguments)), tmp_path / "after")
    assert before != after
    assert before[0] == 0 or change.more or change.base
    assert "Traceback" not in before[2] + after[2]


def test_a_command_does_and_says_the_same_again(sources: dict[str, str], tmp_path: Path) -> None:
    for number, name in enumerate(COMMANDS):
        if name not in {*ELSEWHERE, "prove"}:
            arguments = tuple(sources.get(word, word) for word in (*name.split(), *BASE.get(name, ("SOURCE",))))
            assert outcome(arguments, tmp_path / f"{number}") == outcome(arguments, tmp_path / f"{number} again"), name


def test_what_is_shown_elsewhere_is_shown() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("test_*.py"))
    for name, options in ELSEWHERE.items():
        assert options.keys() == {parameter.name for parameter in OPTIONS[name]}
        assert [test for test in options.values() if f"def {test}(" not in tests] == []
