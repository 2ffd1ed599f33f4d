"""Each competency question gives the rows that stand beside it, and a parameter stays a value whatever it holds."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import chaingraph as cg
from chaingraph.errors import UnknownTermError, UsageError
from chaingraph.resources import SAMPLES, ontology_file, sample
from chaingraph.sparql.lookup import literal
from chaingraph.sparql.questions import Question, answer, query_text, question, questions
from chaingraph.store import KnowledgeGraph
from chaingraph.vocabulary import CG, code_list

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import DataSetFolder

NAMES = [
    "amounts-of-a-consortium",
    "chain-of-stages",
    "code-list",
    "codes-of-an-industry",
    "contradictions",
    "contributions-to-a-project",
    "cooperations",
    "denied-or-planned",
    "events-in-order",
    "how-many-consortia",
    "how-many-platforms",
    "how-many-projects",
    "how-many-subjects",
    "in-two-or-more-consortia",
    "industries-of-a-programme",
    "leading-enterprises",
    "makers-of-a-product",
    "members-by-role-and-kind",
    "members-of-one-parent",
    "one-of",
    "parts-in-the-same-chain",
    "parts-of-a-project",
    "platforms-by-level",
    "platforms-of-a-programme",
    "programmes-and-their-authorities",
    "projects-by-level-and-year",
    "quotes-behind",
    "recognitions-by-year",
    "records-of-a-register",
    "reported-and-known",
    "resting-on-source",
    "shareholders-of",
    "sites-in-a-cluster",
    "stages-without-research",
    "state-at",
    "supplies-of-a-product",
    "things-of-a-region",
    "titles-and-their-holders",
    "upstream-and-downstream-of-a-lead",
    "what-a-dataset-says",
    "who-is-who",
    "who-leads",
    "without-source",
]
HOSTILE = [
    '"',
    "'",
    "> . } DROP ALL",
    '" } } ; DROP ALL #',
    "} UNION { ?s ?p ?o",
    "line\nbreak\r\ttab",
    "back\\slash",
    "\\u0022 } UNION {",
    '"""',
    "?organization",
    "{{ UNDEF }}",
    "\x00\x7f",
    "𝄞",
    "\\1 \\g<0>",
]


@cache
def graph(samples: tuple[str, ...] = SAMPLES) -> KnowledgeGraph:
    return cg.open(*[sample(name) for name in samples])


def rows_file(asked: Question) -> Path:
    return ontology_file(f"questions/{asked.name}.csv")


def small(data_set: DataSetFolder) -> KnowledgeGraph:
    return cg.open(
        data_set(
            sources="id,title\ns,报道\nt,名录\n",
            quotes="id,source,exact\nq,s,甲牵头\nr,t,乙参加\n",
            organizations="id,name,alias,kind\na,甲,Jia,enterprise\nb,乙,,university\nc,丙,双,\nd,丁,双,\n",
            consortia="id,name,body\nx,联合体,innovation-consortium\ny,联盟,alliance\n",
            memberships=(
                "organization,consortium,role,since,until,quote\n"
                "a,x,lead,2020,,q\na,x,office,2020,,q\nb,x,member,2021-06,2022,r\nc,x,member,,,\nd,y,member,2022-03-04,,\n"
            ),
        )
    )


def test_all_questions_are_there_and_nothing_else() -> None:
    assert [asked.name for asked in questions()] == NAMES
    files = {path.name for path in ontology_file("questions/who-leads.rq").parent.iterdir()}
    assert files == {f"{name}{suffix}" for name in NAMES for suffix in (".rq", ".csv")}


@pytest.mark.parametrize("name", NAMES)
def test_a_question_gives_the_rows_that_stand_beside_it(name: str) -> None:
    asked = question(name)
    expected = rows_file(asked).read_text(encoding="utf-8")
    found = answer(graph(asked.samples), name, **asked.arguments).to_csv(index=False, lineterminator="\n")
    assert found == expected, "if the data changed and the rows are right: python docs/questions.py --write"
    assert 2 <= len(pd.read_csv(rows_file(asked))) + 1 <= 41


@pytest.mark.parametrize("name", NAMES)
def test_a_question_is_asked_in_both_languages_and_so_are_its_parameters(name: str) -> None:
    asked = question(name)
    assert asked.english.rstrip(".")[-1].isascii()
    assert re.search(r"[\u4e00-\u9fff]", asked.chinese)
    assert set(asked.samples) <= set(SAMPLES)
    for parameter in asked.parameters:
        assert parameter.english.isascii()
        assert re.search(r"[\u4e00-\u9fff]", parameter.chinese)
        assert parameter.example
        assert f"VALUES ?{parameter.name} {{ " in asked.text
    clauses = set(re.findall(r"VALUES \?(\w+) \{ (?:UNDEF|2) \}", asked.text))
    assert clauses == {parameter.name for parameter in asked.parameters}


@pytest.mark.parametrize("name", NAMES)
def test_every_example_of_a_parameter_can_be_given(name: str) -> None:
    asked = question(name)
    for parameter in asked.parameters:
        required = {other.name: other.example for other in asked.parameters if other.required}
        text = query_text(graph(), asked, required | {parameter.name: parameter.example})
        assert re.search(rf"VALUES \?{parameter.name} {{ (?!UNDEF)\S", text), parameter.name


@pytest.mark.parametrize("name", NAMES)
def test_a_question_mentions_only_terms_and_codes_that_exist(name: str) -> None:
    text = "\n".join(line for line in question(name).text.splitlines() if not line.startswith(("#", "PREFIX")))
    for term in re.findall(r"\bcg:(\w+)", text):
        assert getattr(CG, term)
    codes = {
        code.iri.rpartition("#")[2]
        for scheme in (
            "body",
            "claim-status",
            "counts",
            "lead",
            "level",
            "organization-kind",
            "qualifier",
            "recognition-kind",
            "role",
            "status",
        )
        for code in code_list(scheme).codes
    }
    assert set(re.findall(r"\bcode:([\w-]+)", text)) <= codes


@pytest.mark.parametrize("name", NAMES)
def test_a_question_is_answered_on_all_samples_together(name: str) -> None:
    required = {p.name: p.example for p in question(name).parameters if p.required}
    assert list(answer(graph(), name, **required).columns)


OF_ONE_DATA_SET = [
    name
    for name in NAMES
    if name != "in-two-or-more-consortia" and not any(parameter.required for parameter in question(name).parameters)
]
"""Not the one whose organizations may be in consortia of two data sets, and not those about one thing."""


@pytest.mark.parametrize("name", OF_ONE_DATA_SET)
def test_data_sets_side_by_side_do_not_multiply_the_rows_of_a_question(name: str) -> None:
    # A variable that a row leaves open must not take every value of another data set.
    apart = sum(len(answer(graph((sample,)), name)) for sample in SAMPLES)
    assert len(answer(graph(), name)) <= apart


def test_a_built_store_gives_the_same_rows_in_the_same_order(tmp_path: Path) -> None:
    store = cg.build([sample("jiangsu-2022")], tmp_path / "graph.kg")
    for asked in questions():
        if asked.samples == ("jiangsu-2022",):
            pd.testing.assert_frame_equal(
                answer(store, asked.name, **asked.arguments),
                answer(graph(asked.samples), asked.name, **asked.arguments),
            )


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_text_stays_a_value(value: str) -> None:
    kg = graph()
    size = len(kg)
    assert kg.select(f"SELECT ?v {{ VALUES ?v {{ {literal(value)} }} }}")["v"].tolist() == [value]
    assert answer(kg, "records-of-a-register", record=value).empty
    assert answer(kg, "what-a-dataset-says", dataset=value).empty
    for name, parameter in (("who-leads", "consortium"), ("quotes-behind", "thing"), ("state-at", "date")):
        with pytest.raises(UsageError):
            answer(kg, name, **{parameter: value})
    for prefix in ("id:", "https://example.org/", "urn:"):
        with pytest.raises(UsageError):
            answer(kg, "quotes-behind", thing=prefix + value)
    for name, parameter in (("in-two-or-more-consortia", "least"), ("platforms-by-level", "level")):
        with pytest.raises(UsageError):
            answer(kg, name, **{parameter: value})
    assert len(kg) == size


def test_half_a_character_is_refused() -> None:
    with pytest.raises(UsageError, match="half a character"):
        answer(graph(), "records-of-a-register", record="a\ud800")


def test_a_name_with_quotes_and_braces_finds_its_thing(data_set: DataSetFolder) -> None:
    kg = cg.open(
        data_set(
            organizations='id,name\na,"甲""} UNION {"\n', consortia="id,name\nx,联\\u0022合\n",
            memberships="organization,consortium,role\na,x,lead\n",
        )
    )  # fmt: skip
    found = answer(kg, "who-leads", consortium="联\\u0022合")
    assert found["organization_zh"].tolist() == ['甲"} UNION {']


def test_an_unknown_question_or_parameter_names_what_exists() -> None:
    with pytest.raises(UnknownTermError, match="did you mean who-leads"):
        answer(graph(), "who-lead")
    with pytest.raises(UnknownTermError, match="'consortia' is unknown; did you mean consortium"):
        answer(graph(), "who-leads", consortia="x")


def test_a_missing_parameter_is_named_with_an_example() -> None:
    with pytest.raises(UsageError, match=r"state-at needs 'date' \(the day\), for example date=2022-12-31"):
        answer(graph(), "state-at")


def test_a_code_is_given_by_notation_label_or_short_name() -> None:
    frames = [
        answer(graph(), "platforms-by-level", level=level) for level in ("national", "国家级", "code:level-national")
    ]
    assert len(frames[0]) > 0
    pd.testing.assert_frame_equal(frames[0], frames[1])
    pd.testing.assert_frame_equal(frames[0], frames[2])
    with pytest.raises(UnknownTermError, match="'global' is unknown; expected one of national, provincial, municipal"):
        answer(graph(), "platforms-by-level", level="global")


def test_a_thing_is_given_by_iri_short_name_name_or_alias(data_set: DataSetFolder) -> None:
    kg = small(data_set)
    iri = "https://w3id.org/chaingraph/id/roster/organizations/a"
    frames = [answer(kg, "quotes-behind", thing=thing) for thing in (iri, "id:roster/organizations/a", "甲", "Jia")]
    assert frames[0]["quote"].tolist() == ["甲牵头", "甲牵头"]
    for frame in frames[1:]:
        pd.testing.assert_frame_equal(frame, frames[0])


def test_a_name_of_two_things_is_answered_with_the_candidates(data_set: DataSetFolder) -> None:
    with pytest.raises(
        UsageError, match="2 things are called: id:roster/organizations/c, id:roster/organizations/d; give one"
    ):
        answer(small(data_set), "quotes-behind", thing="双")


def test_a_name_of_nothing_is_answered_with_the_nearest(data_set: DataSetFolder) -> None:
    kg = small(data_set)
    with pytest.raises(UsageError, match="nothing of that kind in the graph is called; did you mean 联合体"):
        answer(kg, "who-leads", consortium="联合会体")
    with pytest.raises(UsageError, match="expected the IRI, the short IRI or the exact name of a consortium"):
        answer(kg, "who-leads", consortium="甲")
    with pytest.raises(UsageError, match="'id:roster/organizations/z', which is not in the graph"):
        answer(kg, "quotes-behind", thing="id:roster/organizations/z")


@pytest.mark.parametrize("value", ["2022", "2022-13-01", "2022-02-30", "20221231", "yesterday", "二〇二二", ""])
def test_a_date_must_be_a_day(value: str) -> None:
    with pytest.raises(UsageError, match="expected a day such as 2022-12-31"):
        answer(graph(), "state-at", date=value)


@pytest.mark.parametrize("value", ["two", "", "1e999", "NaN", "Infinity", "1 2", True])
def test_a_number_must_be_one(value: object) -> None:
    with pytest.raises(UsageError, match="expected a number such as 3"):
        answer(graph(), "in-two-or-more-consortia", least=value)


def test_numbers_and_days_may_be_given_as_python_has_them() -> None:
    pd.testing.assert_frame_equal(
        answer(graph(), "in-two-or-more-consortia", least=9), answer(graph(), "in-two-or-more-consortia", least="9")
    )
    expected = answer(graph(), "state-at", date="2022-12-31")
    pd.testing.assert_frame_equal(answer(graph(), "state-at", date=date(2022, 12, 31)), expected)
    pd.testing.assert_frame_equal(answer(graph(), "state-at", date=pd.Timestamp("2022-12-31")), expected)


def test_a_member_with_two_roles_is_one_row(data_set: DataSetFolder) -> None:
    found = answer(small(data_set), "members-by-role-and-kind", consortium="联合体")
    assert found[["organization_zh", "role_en"]].to_numpy().tolist() == [
        ["甲", "lead, office"],
        ["丙", "member"],
        ["乙", "member"],
    ]
    assert found["quote"].isna().tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2019-12-31", {"丙": "undated"}),
        ("2020-06-01", {"甲": "possible", "丙": "undated"}),
        ("2021-06-15", {"甲": "certain", "乙": "possible", "丙": "undated"}),
        ("2021-07-01", {"甲": "certain", "乙": "certain", "丙": "undated"}),
        ("2022-07-01", {"甲": "certain", "乙": "possible", "丙": "undated", "丁": "certain"}),
        ("2023-01-01", {"甲": "certain", "丙": "undated", "丁": "certain"}),
    ],
)
def test_the_state_at_a_day_keeps_undated_memberships_and_says_so(
    data_set: DataSetFolder, day: str, expected: dict[str, str]
) -> None:
    found = answer(small(data_set), "state-at", date=day)
    assert dict(zip(found["organization_zh"], found["dating"], strict=True)) == expected


def test_what_rests_on_a_source_alone_disappears_without_it(data_set: DataSetFolder) -> None:
    kg = small(data_set)
    rests = answer(kg, "resting-on-source", source="名录")
    assert rests[["class", "other_sources", "quote"]].to_numpy().tolist() == [["cg:Membership", 0, "乙参加"]]
    assert answer(kg, "without-source", source="名录")["statement"].tolist() == rests["statement"].tolist()


def test_two_values_two_counts_a_denial_and_two_leads_are_contradictions(data_set: DataSetFolder) -> None:
    kg = cg.open(
        data_set(
            organizations="id,name,kind\na,甲,enterprise\nb,乙,university\n",
            programmes="id,name\np,试点\n",
            consortia="id,name,founded\nx,联合体,2021\n",
            memberships="organization,consortium,role\na,x,lead\nb,x,lead\n",
            claims="table,subject,property,value,status\nconsortia,x,founded,2020,stated\nconsortia,x,founded,2021-05,stated\n"
            "organizations,b,member,x,denied\n",
            reported="id,name,counts,value,qualifier,programme\nr,一,consortia,10,,p\ns,二,consortia,12,,p\nt,三,consortia,9,about,p\n",
        )
    )
    found = answer(kg, "contradictions")
    assert found[["kind", "first", "second"]].to_numpy().tolist() == [
        ["row and claim", "2021", "2020"],
        ["stated and denied", "联合体", "x"],
        ["two counts", "10", "12"],
        ["two leads", "甲", "乙"],
    ]


def test_what_is_known_by_name_is_what_coverage_says() -> None:
    kg = graph()
    counted = answer(kg, "reported-and-known").set_index(["count_zh", "scope"])["known"]
    coverage = cg.coverage(kg, language="zh").dropna(subset=["known"])
    known = coverage[coverage["label"].notna()].set_index(["label", "scope"])["known"]
    both = sorted(set(counted.index) & set(known.index))
    assert len(both) > 20
    assert {key: counted[key] for key in both} == {key: known[key] for key in both}


def test_stages_of_which_no_order_is_stated_have_no_position(data_set: DataSetFolder) -> None:
    stages = "id,name,chain,follows\na,甲,c,\nb,乙,c,a\nd,丁,c,\n"
    kg = cg.open(data_set(chains="id,name\nc,链\n", stages=stages))
    rows = kg.ask("chain-of-stages", chain="链")
    positions = dict(zip(rows["stage_zh"], rows["position"], strict=True))
    assert {name: None if pd.isna(position) else int(position) for name, position in positions.items()} == {
        "甲": 1,
        "乙": 2,
        "丁": None,
    }


def test_a_recognition_of_no_stated_kind_is_among_the_evaluations_and_no_title_is(data_set: DataSetFolder) -> None:
    kg = cg.open(
        data_set(
            organizations="id,name\na,甲\nb,乙\n",
            recognitions="name,organization,kind\n考核,a,\n小巨人,b,title\n奖,b,award\n",
        )
    )
    columns = ["kind_of_recognition_zh", "name_zh", "holder_zh"]
    rows = [
        [None if pd.isna(cell) else cell for cell in row] for row in kg.ask("recognitions-by-year")[columns].to_numpy()
    ]
    assert rows == [[None, "考核", "甲"], ["奖励", "奖", "乙"]]
    assert kg.ask("recognitions-by-year", kind="award")["name_zh"].tolist() == ["奖"]
