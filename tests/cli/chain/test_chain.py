"""The chain from the shell: each question, what is said beside it, and what stops without something."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from chaingraph.resources import sample
from tests.cli.shell import run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import DataSetFolder

JIANGSU, CHINA = str(sample("jiangsu-2022")), str(sample("china-consortia"))


def table(*arguments: str) -> list[dict[str, str]]:
    done = run(*arguments, "--format", "csv")
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


@pytest.fixture
def chain(data_set: DataSetFolder) -> Path:
    """Sand goes into glass, glass into panels; made up."""
    return data_set(
        products="id,name,input_of\nsand,沙,glass\nglass,玻璃,panel\npanel,面板,\n",
        regions="id,name\nr,苏州\ns,无锡\n",
        organizations="id,name,region\na,甲,r\nb,乙,s\nc,丙,s\n",
        supplies="supplier,product,share\na,sand,60%\nb,sand,40%\nb,glass,\nc,panel,\n",
    )


def test_chokepoints_are_ordered_by_how_few_supply_them(chain: Path) -> None:
    found = table("chain", "chokepoints", str(chain))
    assert [(row["label"], row["suppliers"], row["stops"]) for row in found] == [
        ("玻璃", "1", "1"),
        ("面板", "1", "0"),
        ("沙", "2", "1"),
    ]


def test_a_terminal_sees_names_and_how_to_read_them(chain: Path) -> None:
    done = run("chain", "chokepoints", str(chain))
    assert "leave (rank_*_low, rank_*_high); there is no sum of them" in done.stderr
    assert "乙" in done.stdout
    assert "id:roster/organizations" not in done.stdout


@pytest.mark.parametrize(
    ("name", "stopped"),
    [("乙", ["玻璃", "面板"]), ("无锡", ["玻璃", "面板"]), ("沙", ["沙", "玻璃", "面板"]), ("甲", [])],
)
def test_without_something_what_needs_it_stops(chain: Path, name: str, stopped: list[str]) -> None:
    found = table("chain", "disruption", str(chain), "--without", name)
    assert sorted(row["label"] for row in found if row["stopped"] == "true") == sorted(stopped)


def test_who_drops_out_must_be_in_the_graph(chain: Path) -> None:
    done = run("chain", "disruption", str(chain), "--without", "华为")
    assert done.returncode == 2
    assert "no one organization, region or product is called '华为'" in done.stderr


def test_what_drops_out_is_named_or_each_alone_but_not_both(chain: Path) -> None:
    done = run("chain", "disruption", str(chain), "--by", "region", "--without", "甲")
    assert done.returncode == 2
    assert "--by does not apply: --without says what drops out; leave one of them out" in done.stderr


@pytest.mark.parametrize(("cascade", "risk"), [("linear", "1.0"), ("leontief", "1.0")])
def test_risk_has_its_bounds(chain: Path, cascade: str, risk: str) -> None:
    found = table("chain", "risk", str(chain), "--cascade", cascade)
    assert {row["label"] for row in found} == {"甲", "乙", "丙"}
    assert all(0 <= float(row["risk_low"]) <= float(row["risk_high"]) <= 1 for row in found)
    assert max(row["risk_high"] for row in found) == risk


def test_what_each_region_and_organization_would_stop_is_listed(chain: Path) -> None:
    regions = table("chain", "disruption", str(chain), "--by", "region")
    assert [(row["region"], row["stopped"], row["final_products"]) for row in regions] == [
        ("无锡", "2", "面板"),
        ("苏州", "0", ""),
    ]
    people = table("chain", "disruption", str(chain))
    assert [(row["label"], row["stopped"]) for row in people] == [("乙", "2"), ("丙", "1"), ("甲", "0")]


def test_the_order_of_the_chain_is_told(chain: Path) -> None:
    up = {row["label"]: row["upstreamness"] for row in table("chain", "upstreamness", str(chain))}
    down = {row["label"]: row["downstreamness"] for row in table("chain", "downstreamness", str(chain))}
    assert (up["沙"], up["玻璃"], up["面板"]) == ("3.0", "2.0", "1.0")
    assert (down["沙"], down["玻璃"], down["面板"]) == ("1.0", "2.0", "3.0")


def test_cycles_are_named(data_set: DataSetFolder) -> None:
    folder = data_set(products="id,name,input_of\na,甲物,b\nb,乙物,a\n")
    done = run("chain", "cycles", str(folder))
    assert (
        "1 cycle; measures solve one whose shares are all stated, and take the products of any other for one"
        in done.stderr
    )
    assert "甲物" in done.stdout


def test_completeness_says_for_each_consortium_what_is_held_and_what_nobody_says() -> None:
    done = run("chain", "completeness", CHINA)
    assert "光伏产业链: anyone known: 6 of 6 stages held" in done.stderr
    assert "长三角集成电路产业链联盟: 0 of 4 stages held, 4 unknown" in done.stderr


def test_completeness_takes_a_date_and_no_other_filter() -> None:
    assert "rows have no date and are kept" in run("chain", "completeness", JIANGSU, "--at", "2022").stderr
    done = run("chain", "completeness", JIANGSU, "--only", "kind=university")
    assert done.returncode == 2
    assert "No such option: --only" in done.stderr


def test_a_graph_without_a_chain_is_told_so() -> None:
    done = run("chain", "completeness", str(sample("horizon-batteries")))
    assert done.returncode == 2
    assert "the graph states no stages, products or supplies" in done.stderr


def test_coverage_at_a_date_says_what_has_none() -> None:
    done = run("measure", "coverage", JIANGSU, "--at", "2022-10")
    assert "counts have no date and are kept" in done.stderr
    assert "rows of organizations have no date and are kept" in done.stderr
