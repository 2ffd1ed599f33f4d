from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from pypinyin import lazy_pinyin

GRAPH = Path(__file__).resolve().parents[1] / "graph"
JIANGSU, CHINA, HORIZON = "jiangsu-2022", "china-consortia", "horizon-batteries"
PILOT = "江苏省创新联合体建设试点(首批)"
THINGS = ("regions", "industries", "chains", "stages", "products", "organizations", "programmes", "consortia",
          "platforms", "projects")  # fmt: skip
HOLDERS = {"organization": "organizations", "consortium": "consortia", "platform": "platforms", "region": "regions"}
APPROVAL = re.compile(r"批[复復准]|[获獲]批|[复復]函|立[项項]")
# Words that state a relation between a unit and a body, in either script.
RELATION = re.compile(
    r"[牵牽][头頭]|[组組](?:建|成)|共[建同]|[联聯]合|成[员員][单單]位|盟单位|理事[长長]|[发發]起|[参參]加|加入|依托|[汇匯]聚"
    r"|为核心|任务承担单位|[等的共]\S{0,3}家(?:[单單]位|高校|企)"
)
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


@cache
def sound(words: str) -> str:
    """The syllables of words: the same in both scripts."""
    return "'" + "'".join(s for s in lazy_pinyin(words) if s.strip()) + "'"


def words(data_set: str, row: dict[str, str]) -> list[str]:
    """The quoted words of a row."""
    exact = {quote["id"]: quote["exact"] for quote in rows(data_set, "quotes")}
    return [exact[quote] for quote in row["quote"].split(";")]


def named(data_set: str, table: str, key: str, quoted: list[str]) -> bool:
    """Whether quoted words print the name or an alias of a thing, at least without the province or 国家 before it."""
    row = next(row for row in rows(data_set, table) if row["id"] == key)
    full = [row["name"], *(alias.partition("@")[0] for alias in row.get("alias", "").split(";") if alias)]
    printed = [*full, *(name.removeprefix("江苏省").removeprefix("国家") for name in full)]
    return any(sound(name) in sound(quote) for name in printed for quote in quoted)


def body_named(data_set: str, row: dict[str, str]) -> bool:
    """Whether the quotes of a membership name the consortium, one of several, or the programme."""
    bodies = [("consortia", c) for c in (row["consortium"], *row.get("one_of", "").split(";")) if c]
    if row.get("programme"):
        bodies.append(("programmes", row["programme"]))
    return any(named(data_set, table, key, words(data_set, row)) for table, key in bodies)


def unnamed(data_set: str, table: str, column: str, things: str = "organizations") -> str:
    """How many rows of a relation do not print the thing of a column in their quotes, of how many that have one."""
    related = [r for r in rows(data_set, table) if r[column]]
    without = [r for r in related if not named(data_set, things, r[column], words(data_set, r))]
    return f"{len(without)} of the {len(related)}"


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


def test_what_stays_a_claim_has_a_reason_that_the_readme_explains() -> None:
    claims = read(GRAPH / "curation" / "claims.csv")
    reasons = {row["reason"] for row in claims}
    assert len(claims) == 67
    assert {row["reason"] for row in claims if f"`{row['reason']}` (" in readme("curation")} == reasons


def page_ids(shared: Path) -> dict[str, str]:
    """The page of each source that the collector lists: the first id with the same address."""
    first: dict[str, str] = {}
    listed = read(shared / "data" / "consortia-facts" / "sources.csv")
    return {row["id"]: first.setdefault(row["url"], row["id"]) for row in listed}


def test_every_fact_is_used_in_the_data_set_of_its_source(shared: Path) -> None:
    assignment = {row["source"]: row["dataset"] for row in read(GRAPH / "curation" / "assignment.csv")}
    quoted: dict[str, set[str]] = {}
    exact: dict[str, dict[tuple[str, str], str]] = {}
    for name in (JIANGSU, CHINA):
        quoted[name] = {q for rs in tables(name).values() for r in rs for q in r.get("quote", "").split(";")}
        exact[name] = {(r["source"], r["exact"]): r["id"] for r in rows(name, "quotes")}
    all_facts = facts(shared)
    pages = page_ids(shared)
    used = [
        fact
        for fact in all_facts
        if exact[s := assignment[fact["source"]]].get((pages[fact["source"]], fact["quote"])) in quoted[s]
    ]
    assert (len(all_facts), len(used)) == (840, 840)


def test_every_row_rests_on_a_fact_that_the_makers_can_name(shared: Path) -> None:
    pages = page_ids(shared)
    copied = {(pages[f["source"]], f["quote"]) for f in facts(shared)}
    for name in (JIANGSU, CHINA):
        assert {(r["source"], r["exact"]) for r in rows(name, "quotes")} <= copied


def test_quotes_of_the_article_stand_in_it_word_for_word(shared: Path) -> None:
    text = (shared / "data" / "consortia-facts" / "000_e5fd94c8487512b0.txt").read_text(encoding="utf-8")
    folded = " ".join(text.split())
    quotes = [row["exact"] for row in rows(JIANGSU, "quotes") if row["source"] == "s01"]
    assert len(quotes) == 7
    assert [quote for quote in quotes if " ".join(quote.split()) not in folded] == []


def test_the_totals_of_the_pilot_are_told_of_the_programme_and_of_nothing_else() -> None:
    scopes = ("consortium", "region", "organization", "platform", "industry", "project")
    programme = {name: key for key, name in names(JIANGSU, "programmes").items()}[PILOT]
    exact = {row["id"]: row["exact"] for row in rows(JIANGSU, "quotes")}
    totals = [r for r in rows(JIANGSU, "reported") if r["quote"].startswith("s01-")]
    assert [(r["counts"], r["value"], r["level_at_least"], r["programme"], exact[r["quote"]]) for r in totals] == [
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
    unstated = [
        (row["name"], row["value"])
        for row in rows(data_set, "reported")
        if int(row["value"]) not in set().union(*map(numbers, words(data_set, row)))
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
        ("北京大学物理学院", "unstated"),
        ("中国电子科技集团公司第五十八研究所", "institute"),
        ("上海化工研究院", "institute"),
        ("上海集成电路行业协会", "other"),
        ("联合微电子中心", "unstated"),
        ("武汉市新型显示科技成果转化中试平台", "unstated"),
        ("新疆电子研究所股份有限公司", "enterprise"),
    ],
)
def test_the_kind_of_an_organization_is_what_words_state(name: str, kind: str) -> None:
    found = [row for data_set in (JIANGSU, CHINA) for row in rows(data_set, "organizations") if row["name"] == name]
    assert {row["kind"] for row in found} == {kind}


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
    claims = [c for c in rows(JIANGSU, "claims") if (c["subject"], c["property"]) == (project["id"], "budget")]
    other = [(c["value"], c["qualifier"]) for c in claims]
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


def test_two_sources_never_share_an_address() -> None:
    for name in (JIANGSU, CHINA):
        addresses = [row["url"] for row in rows(name, "sources")]
        assert len(addresses) == len(set(addresses))


def test_a_page_has_the_date_of_the_page_and_not_of_the_paper_on_it() -> None:
    dates = {row["id"]: row["published"] for name in (JIANGSU, CHINA) for row in rows(name, "sources")}
    assert (dates["t09"], dates["t07"], dates["t15"], dates["s19"]) == ("2025-09-04", "2020", "", "2022-08-24")


@pytest.mark.parametrize("data_set", [JIANGSU, CHINA])
def test_a_region_is_within_another_only_where_one_quote_names_both(data_set: str) -> None:
    known = names(data_set, "regions")
    unsaid = []
    for row in rows(data_set, "regions"):
        if above := known.get(row["within"], ""):
            parts = (above.removesuffix("省"), row["name"].removeprefix(above))
            if not any(all(sound(part) in sound(quote) for part in parts) for quote in words(data_set, row)):
                unsaid.append((row["name"], above))
    assert unsaid == []


@pytest.mark.parametrize("data_set", [JIANGSU, CHINA])
def test_nothing_exists_since_the_day_of_an_approval(data_set: str, shared: Path) -> None:
    approved = [
        (f["subject"], f["object"]) for f in facts(shared) if f["predicate"] == "date" and APPROVAL.search(f["quote"])
    ]
    since = [(row["name"], row["since"]) for row in rows(data_set, "platforms") if row["since"]]
    assert since
    assert [
        (name, date) for name, date in since for subject, told in approved if subject == name and date in told
    ] == []


@pytest.mark.parametrize(("data_set", "without"), [(JIANGSU, 4), (CHINA, 12)])
def test_a_membership_quotes_the_name_of_the_body_or_a_relation(data_set: str, without: int) -> None:
    silent = [
        row
        for row in rows(data_set, "memberships")
        if not body_named(data_set, row) and not any(map(RELATION.search, words(data_set, row)))
    ]
    assert len(silent) == without


def test_a_shareholding_quotes_that_there_are_shareholders() -> None:
    assert all(any("股东" in quote for quote in words(JIANGSU, row)) for row in rows(JIANGSU, "shareholdings"))


def test_what_is_part_of_building_a_centre_does_not_run_on_it() -> None:
    project = next(r for r in rows(JIANGSU, "projects") if r["name"] == "华进半导体二期项目")
    parts = [c["value"] for c in rows(JIANGSU, "claims") if (c["subject"], c["property"]) == (project["id"], "part_of")]
    assert (project["platform"], parts) == ("", ["国家集成电路特色工艺及封装测试创新中心"])


def test_a_place_on_a_list_of_candidates_is_told_alike_of_all_five() -> None:
    lists = {row["id"] for row in rows(JIANGSU, "programmes") if "培育" in row["name"]}
    platforms = [row for row in rows(JIANGSU, "platforms") if row["programme"] in lists]
    assert [(row["level"], row["kind"], row["status"]) for row in platforms] == [("unstated", "", "")] * 5


def test_a_consortium_that_holds_stages_of_one_chain_is_of_that_chain() -> None:
    for name in (JIANGSU, CHINA):
        chains = {row["id"]: row["chain"] for row in rows(name, "stages")}
        of = {row["id"]: row["chain"] for row in rows(name, "consortia")}
        held = {(r["consortium"], chains[r["stage"]]) for r in rows(name, "stage_roles") if r["consortium"]}
        assert [(c, chain) for c, chain in held if chain and of[c] != chain] == []


def test_horizon_batteries_tells_which_participations_have_ended() -> None:
    members = {(r["consortium"], r["role"], r["organization"]) for r in rows(HORIZON, "memberships")}
    ended = [(c["subject"], c["property"], c["value"]) for c in rows(HORIZON, "claims") if c["status"] == "ended"]
    assert len(ended) == len(set(ended) & members) == 40
    assert {row["status"] for row in rows(HORIZON, "projects")} == {"unstated", "ended"}


def test_a_region_of_horizon_batteries_cites_an_organization_there_if_there_is_one() -> None:
    at = {row["id"]: row["region"] for row in rows(HORIZON, "organizations")}
    elsewhere = [row["id"] for row in rows(HORIZON, "regions") if at[row["record"]] != row["id"]]
    assert set(elsewhere) & set(at.values()) == set()
    assert all(at[row["record"]].startswith(row["id"]) for row in rows(HORIZON, "regions"))


def readme(folder: str) -> str:
    return " ".join((GRAPH / folder / "README.md").read_text(encoding="utf-8").split())


@pytest.mark.parametrize("data_set", [JIANGSU, CHINA])
def test_the_counts_in_a_readme_are_those_of_the_data(data_set: str, shared: Path) -> None:
    pages = page_ids(shared)
    assignment = {row["source"]: row["dataset"] for row in read(GRAPH / "curation" / "assignment.csv")}
    own = [fact["source"] for fact in facts(shared) if assignment[fact["source"]] == data_set]
    members = rows(data_set, "memberships")
    nameless = [r for r in members if not body_named(data_set, r)]
    related = [r for r in nameless if any(map(RELATION.search, words(data_set, r)))]
    holders = [(r, c) for r in rows(data_set, "stage_roles") for c in HOLDERS if r.get(c)]
    mute = [(r, c) for r, c in holders if not named(data_set, HOLDERS[c], r[c], words(data_set, r))]
    stated = [
        f"{len(facts(shared))} facts collected from {len(set(pages.values()))} public pages",
        f"the {len(own)} facts of {len({pages[source] for source in own})} of them",
        f"`sources.csv` lists {len(rows(data_set, 'sources'))}, because",
        f"{len(nameless) - len(related)} of the {len(members)} memberships quote words without a relation",
        f"{len(related)} more state the relation without the body's name",
        f"The supplier is not printed in the quotes of {unnamed(data_set, 'supplies', 'supplier')} supplies that name",
        f"holder not in those of {len(mute)} of the {len(holders)} stage roles",
    ]
    if data_set == JIANGSU:
        stated += [
            f"{unnamed(data_set, 'shareholdings', 'organization')} shareholdings",
            f"the organization not in those of {unnamed(data_set, 'participations', 'organization')} participations",
        ]
    else:
        dated = [row for row in rows(CHINA, "platforms") if row["since"] and row["quote"].startswith("u01-")]
        stated += [f"`since` of the {len(dated)} centres of u01"]
        assert unnamed(data_set, "participations", "organization").startswith("0 of")
    assert [phrase for phrase in stated if phrase not in readme(data_set)] == []


def test_the_counts_in_the_readme_of_horizon_batteries_are_those_that_its_maker_tells(
    shared: Path, tmp_path: Path
) -> None:
    told = make(HORIZON, "--facts", str(shared / "data" / "horizon-europe"), "-o", str(tmp_path)).stderr
    counts = {fault.strip(): number for number, fault in re.findall(r"^ *(\d+) +(.+)$", told, re.MULTILINE)}

    def count(start: str) -> str:
        return next(str(number) for fault, number in counts.items() if fault.startswith(start))

    roles = [c["property"] for c in rows(HORIZON, "claims") if c["status"] == "ended"]
    ended = {(c["subject"], c["value"]) for c in rows(HORIZON, "claims") if c["status"] == "ended"}
    held = [(r["consortium"], r["organization"]) for r in rows(HORIZON, "memberships")]
    statuses = [row["status"] for row in rows(HORIZON, "projects")]
    text = readme(HORIZON)
    stated = [
        f"The {len(statuses)} projects",
        f"{len(rows(HORIZON, 'organizations'))} organizations, {len(rows(HORIZON, 'participations')):,} participations",
        f"SIGNED of {statuses.count('unstated')} projects",
        f"The end date of {count('projects that are SIGNED')} of them",
        f"{count('records whose participation has ended')} participations have ended "
        f"({roles.count('member')} of members, {roles.count('associate')} of associates, "
        f"{roles.count('third-party')} of third parties)",
        f"{sum(held.count(pair) - 1 for pair in ended)} of these organizations hold another role",
        f"{count('projects with a total cost of 0')} projects have 0 there",
        f"({count('participants with a contribution of 0')} participants, "
        f"{count('third parties with a contribution of 0')} third parties)",
        f"country only for {count('records with a two-letter')} records",
        f"where it is missing ({count('records without NUTS')}) the country",
        f"{count('regions that only deeper')} regions are given by no record",
    ]
    assert [phrase for phrase in stated if phrase not in text] == []
    four, five, one = count("organizations said"), count("project and organization repeated with another"), count("VAT")
    assert (four, five, one) == ("4", "5", "1")
    assert all(w in text for w in ("Four organizations", "Five organizations", "One VAT number"))


@pytest.mark.parametrize("module", ["fact_tables", "facts", "writing"])
def test_the_examples_of_the_makers_hold(module: str) -> None:
    command = [sys.executable, "-B", "-m", "doctest", str(GRAPH / "curation" / f"{module}.py")]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=GRAPH / "curation")
    assert (result.returncode, result.stdout) == (0, "")
