from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

GRAPH = Path(__file__).resolve().parents[1] / "graph"
JIANGSU, CHINA, HORIZON = "jiangsu-2022", "china-consortia", "horizon-batteries"
PILOT = "江苏省创新联合体建设试点(首批)"
THINGS = ("regions", "industries", "chains", "stages", "products", "organizations", "programmes", "consortia",
          "platforms", "projects")  # fmt: skip
DIGITS = {d: n for n, d in enumerate("零一二三四五六七八九十")} | {"两": 2, "兩": 2}

Rows = list[dict[str, str]]


@cache
def rows(data_set: str, table: str) -> Rows:
    path = GRAPH / data_set / f"{table}.csv"
    return read(path) if path.exists() else []


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tables(data_set: str) -> dict[str, Rows]:
    return {path.stem: rows(data_set, path.stem) for path in sorted((GRAPH / data_set).glob("*.csv"))}


def names(data_set: str, table: str) -> dict[str, str]:
    return {row["id"]: row["name"] for row in rows(data_set, table)}


def facts(shared: Path) -> Rows:
    return read(shared / "data" / "consortia-facts" / "facts.csv")


def numbers(words: str) -> set[int]:
    """The numbers that words state, in Arabic or Chinese figures below a hundred."""
    found = {int(n) for n in re.findall(r"\d+", words.replace(",", ""))}
    for tens, ten, ones in re.findall(r"([二三四五六七八九]?)(十)([一二三四五六七八九]?)", words):
        found.add((DIGITS[tens] if tens else 1) * DIGITS[ten] + (DIGITS[ones] if ones else 0))
    return found | {DIGITS[c] for c in words if c in DIGITS}


def make(data_set: str, *options: str) -> subprocess.CompletedProcess[str]:
    script = GRAPH / data_set / "make.py"
    return subprocess.run([sys.executable, "-B", str(script), *options], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("data_set", [JIANGSU, CHINA, HORIZON])
def test_a_data_set_is_made_again_byte_for_byte(data_set: str, shared: Path, tmp_path: Path) -> None:
    source = "horizon-europe" if data_set == HORIZON else "consortia-facts"
    result = make(data_set, "--facts", str(shared / "data" / source), "-o", str(tmp_path))
    assert result.returncode == 0, result.stderr
    committed = {p.name: p.read_bytes() for p in (GRAPH / data_set).iterdir() if p.suffix in (".csv", ".json")}
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == committed


@pytest.mark.parametrize("data_set", [JIANGSU, CHINA, HORIZON])
def test_absent_facts_are_one_line_and_status_2(data_set: str, tmp_path: Path) -> None:
    result = make(data_set, "--facts", str(tmp_path / "nowhere"), "-o", str(tmp_path / "out"))
    assert (result.returncode, result.stdout, len(result.stderr.splitlines())) == (2, "", 1)
    assert "nowhere" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("data_set", [JIANGSU, CHINA, HORIZON])
def test_every_row_leads_to_a_quote_or_to_a_record(data_set: str) -> None:
    without = [
        (table, row)
        for table, table_rows in tables(data_set).items()
        for row in table_rows
        if table not in ("sources", "quotes") and not row.get("quote") and not (row.get("source") and row.get("record"))
    ]
    assert without == []


def test_every_fact_is_used_in_the_data_set_of_its_source(shared: Path) -> None:
    assignment = {row["source"]: row["dataset"] for row in read(GRAPH / "curation" / "assignment.csv")}
    quoted: dict[str, set[str]] = {}
    exact: dict[str, dict[tuple[str, str], str]] = {}
    for name in (JIANGSU, CHINA):
        quoted[name] = {q for rs in tables(name).values() for r in rs for q in r.get("quote", "").split(";")}
        exact[name] = {(r["source"], r["exact"]): r["id"] for r in rows(name, "quotes")}
    all_facts = facts(shared)
    used = [f for f in all_facts if exact[s := assignment[f["source"]]].get((f["source"], f["quote"])) in quoted[s]]
    assert (len(all_facts), len(used)) == (840, 840)


def test_every_row_rests_on_a_fact_that_the_makers_can_name(shared: Path) -> None:
    words = {(f["source"], f["quote"]) for f in facts(shared)}
    for name in (JIANGSU, CHINA):
        assert {(r["source"], r["exact"]) for r in rows(name, "quotes")} <= words


def test_quotes_of_the_article_stand_in_it_word_for_word(shared: Path) -> None:
    text = (shared / "data" / "consortia-facts" / "000_e5fd94c8487512b0.txt").read_text(encoding="utf-8")
    folded = " ".join(text.split())
    quotes = [row["exact"] for row in rows(JIANGSU, "quotes") if row["source"] == "s01"]
    assert len(quotes) == 7
    assert [quote for quote in quotes if " ".join(quote.split()) not in folded] == []


def test_the_totals_of_the_pilot_are_told_of_the_programme_and_of_nothing_else() -> None:
    scopes = ("consortium", "region", "organization", "platform", "industry", "project")
    programme = {name: key for key, name in names(JIANGSU, "programmes").items()}[PILOT]
    words = {row["id"]: row["exact"] for row in rows(JIANGSU, "quotes")}
    totals = [r for r in rows(JIANGSU, "reported") if r["quote"].startswith("s01-")]
    assert [(r["counts"], r["value"], r["level_at_least"], r["programme"], words[r["quote"]]) for r in totals] == [
        ("consortia", "10", "", programme, "a total of 10 innovation consortiums were shortlisted"),
        ("organizations", "136", "", programme, "a total of 136 upstream and downstream innovation subjects"),
        (
            "platforms",
            "154",
            "provincial",
            programme,
            "154 major innovation platforms at or above the provincial level",
        ),
        (
            "projects",
            "152",
            "provincial",
            programme,
            "152 science and technology projects at or above the provincial level",
        ),
    ]
    assert [r[scope] for r in totals for scope in scopes if r[scope]] == []


@pytest.mark.parametrize("data_set", [JIANGSU, CHINA])
def test_a_reported_value_stands_in_the_words_of_its_quotes(data_set: str) -> None:
    words = {row["id"]: row["exact"] for row in rows(data_set, "quotes")}
    unstated = [
        (row["name"], row["value"])
        for row in rows(data_set, "reported")
        if int(row["value"]) not in set().union(*(numbers(words[q]) for q in row["quote"].split(";")))
    ]
    assert unstated == []


def test_five_consortia_of_the_pilot_are_known_by_name() -> None:
    programmes = names(JIANGSU, "programmes")
    pilot = {r["name"] for r in rows(JIANGSU, "consortia") if programmes.get(r["programme"]) == PILOT}
    assert pilot == {
        "江苏省新型显示产业技术创新联合体",
        "江苏省半导体产业技术创新联合体",
        "江苏省高算力芯片设计创新联合体",
        "江苏省集成电路先进封装技术创新联合体",
        "江苏省高性能金属材料创新联合体",
    }


def test_who_leads_in_the_pilot_is_told_as_far_as_it_is_stated() -> None:
    organizations, consortia = names(JIANGSU, "organizations"), names(JIANGSU, "consortia")
    programmes = names(JIANGSU, "programmes")
    leads = [r for r in rows(JIANGSU, "memberships") if r["role"] == "lead"]
    assert {organizations[r["organization"]] for r in leads if programmes.get(r["programme"]) == PILOT} == {
        "法尔胜泓昇集团",
        "中复神鹰",
        "华进半导体",
        "苏大维格",
        "中科芯集成电路有限公司",
        "法尔胜泓昇集团有限公司",
        "华进半导体封装先导技术研发中心有限公司",
    }
    one_of = {tuple(consortia[c] for c in r["one_of"].split(";")) for r in leads if r["one_of"]}
    assert one_of == {
        ("江苏省高算力芯片设计创新联合体", "江苏省集成电路先进封装技术创新联合体", "江苏省高性能金属材料创新联合体")
    }
    pairs = {(organizations[r["organization"]], consortia[r["consortium"]]) for r in leads if r["consortium"]}
    assert pairs >= {
        ("苏大维格", "江苏省新型显示产业技术创新联合体"),
        ("通富微电", "江苏省半导体产业技术创新联合体"),
        ("华进半导体", "江苏省集成电路先进封装技术创新联合体"),
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("南昌大学", "university"),
        ("江西服装学院", "university"),
        ("景德镇陶瓷大学", "university"),
        ("复旦大学", "university"),
        ("中国电子科技集团公司第五十八研究所", "institute"),
        ("上海化工研究院", "institute"),
        ("上海集成电路行业协会", "other"),
        ("联合微电子中心", "unstated"),
        ("武汉市新型显示科技成果转化中试平台", "unstated"),
        ("新疆电子研究所股份有限公司", "enterprise"),
    ],
)
def test_the_kind_of_an_organization_is_what_words_state(name: str, kind: str) -> None:
    assert {row["kind"] for row in rows(CHINA, "organizations") if row["name"] == name} == {kind}


def test_a_body_that_is_no_innovation_consortium_is_kept_apart() -> None:
    for name in (JIANGSU, CHINA):
        for row in rows(name, "consortia"):
            assert (row["body"] == "innovation-consortium") == ("创新联合体" in row["name"]), row["name"]


def test_a_shareholder_is_not_a_member() -> None:
    members = {(r["organization"], r["consortium"]) for r in rows(JIANGSU, "memberships")}
    holders = {r["shareholder"] for r in rows(JIANGSU, "shareholdings")}
    led = {c for o, c in members if o == "hua-jin-ban-dao-ti" and c}
    assert (len(holders), len(led)) == (10, 1)
    assert {(o, c) for o in holders for c in led} & members == set()


def test_what_both_data_sets_hold_is_equal_in_both() -> None:
    shared_rows = 0
    for table in THINGS:
        here, there = ({r["id"]: r for r in rows(name, table)} for name in (JIANGSU, CHINA))
        for key in here.keys() & there.keys():
            shared_rows += 1
            columns = here[key].keys() | there[key].keys()
            assert {c: here[key].get(c, "") for c in columns} == {c: there[key].get(c, "") for c in columns}
        by_name = {r["name"]: r["id"] for r in there.values() if table != "stages"}
        assert [r["name"] for r in here.values() if by_name.get(r["name"], r["id"]) != r["id"]] == []
    assert shared_rows > 20


def test_disagreeing_sources_are_both_kept() -> None:
    project = next(r for r in rows(JIANGSU, "projects") if r["name"] == "华进半导体二期项目")
    other = [(c["value"], c["qualifier"]) for c in rows(JIANGSU, "claims") if c["subject"] == project["id"]]
    assert (project["budget"], other) == ("380000000", [("600000000", "about")])


def test_the_two_legal_names_of_huajin_stay_two() -> None:
    decisions = {(r["left"], r["right"]): r["decision"] for r in rows(JIANGSU, "identities")}
    ids = {name: key for key, name in names(JIANGSU, "organizations").items()}
    assert decisions[(ids["华进半导体"], ids["华进半导体封装先导技术研发中心有限公司"])] == "not-stated"


def test_horizon_batteries_holds_124_projects_of_three_or_more_with_one_coordinator_each() -> None:
    members: dict[str, set[str]] = {}
    for row in rows(HORIZON, "memberships"):
        members.setdefault(row["consortium"], set()).add(row["organization"])
    leads = [r["consortium"] for r in rows(HORIZON, "memberships") if r["role"] == "lead"]
    projects = {r["id"] for r in rows(HORIZON, "projects")}
    assert len(projects) == 124
    assert sorted(leads) == sorted(projects)
    assert min(len(m) for m in members.values()) >= 3
    assert all("batter" in r["name"].lower() for r in rows(HORIZON, "projects"))


@pytest.mark.parametrize("data_set", [JIANGSU, CHINA, HORIZON])
def test_a_data_set_says_whose_it_is(data_set: str) -> None:
    about = json.loads((GRAPH / data_set / "dataset.json").read_text(encoding="utf-8"))
    assert list(about) == ["name", "title", "description", "language", "base", "licence", "attribution", "sources"]
    assert len(about["sources"]) == len(rows(data_set, "sources"))
