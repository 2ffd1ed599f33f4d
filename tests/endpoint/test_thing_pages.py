"""The pages of things as a client without a browser meets them, and their files."""

from __future__ import annotations

import json

import httpx
import pyoxigraph as ox
import pytest

from tests.endpoint.client import ORGANIZATION, PAGE, SCRIPT, page, rows
from tests.endpoint.hostility import ID, LONG

ELSEWHERE = "https://example.org/elsewhere?a=1&b='2'"


def test_a_thing_is_told_with_its_names_relations_measures_and_quotes(hostile: httpx.Client) -> None:
    record = hostile.get("/thing/a/consortia/one.json").json()
    quote = {
        "exact": "由甲牵头", "prefix": None, "suffix": None, "record": None, "title": "真实来源",
        "published": "2022-03", "publisher": None, "url": "https://source.example/a?b=1&c=%22",
        "source": f"{ID}/a/sources/s2",
    }  # fmt: skip
    role = {"property": "role", "label": {"zh": "角色", "en": "role"}}
    lead = role | {"value": "https://w3id.org/chaingraph/code#role-lead", "zh": "牵头单位", "en": "lead"}
    member = role | {"value": "https://w3id.org/chaingraph/code#role-member", "zh": "成员单位", "en": "member"}
    since = {
        "property": "since",
        "label": {"zh": "起始时间", "en": "since"},
        "value": "2021",
        "zh": "2021",
        "en": "2021",
    }
    braces = "{{ 7 * 7 }} ${7*7} %s"
    del record["datasets"], record["relations"][1:], record["measures"][1:]
    assert record == {
        "iri": f"{ID}/a/consortia/one",
        "class": "Consortium",
        "classes": [],
        "name": {"zh": "联合体", "en": 'Consortium " onmouseover=alert(5) x="'},
        "names": [
            {"value": 'Consortium " onmouseover=alert(5) x="', "language": "en"},
            {"value": "联合体", "language": "zh"},
        ],
        "aliases": [],
        "reported": False,
        "attributes": [],
        "evidence": [],
        "measures": [
            {
                "name": "members",
                "zh": "已知成员单位",
                "en": "members known by name",
                "value": 2,
                "query": "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?m a cg:Membership ; cg:consortium "
                f"<{ID}/a/consortia/one> ; cg:organization ?x }}",
            }
        ],
        "relations": [
            {
                "relation": "consortium",
                "class": "Membership",
                "reported": False,
                "zh": "成员",
                "en": "members",
                "count": 2,
                "at_least": False,
                "rows": [
                    {
                        "iri": f"{ID}/a/memberships/m1",
                        "ends": [
                            {
                                "property": "organization",
                                "iri": SCRIPT["iri"],
                                "zh": SCRIPT["name_zh"],
                                "en": SCRIPT["name_en"],
                            }
                        ],
                        "details": [lead],
                        "evidence": [quote],
                    },
                    {
                        "iri": f"{ID}/a/memberships/m0",
                        "ends": [
                            {
                                "property": "organization",
                                "iri": f"{ID}/b/organizations/script",
                                "zh": braces,
                                "en": braces,
                            }
                        ],
                        "details": [member, since],
                        "evidence": [quote | {"exact": None, "record": "<i>17</i>"}],
                    },
                ],
            }
        ],
    }


def test_each_measure_is_what_its_query_counts(client: httpx.Client) -> None:
    for address in (ORGANIZATION, "/thing/cn/regions/jiang-su-sheng", "/thing/cn/products/qiao-liang-lan-suo"):
        measures = client.get(f"{address}.json").json()["measures"]
        assert measures
        for one in measures:
            content = client.get("/sparql", params={"query": one["query"]}, headers={"Accept": "text/csv"}).text
            assert content.split() == ["n", str(one["value"])]


def test_what_is_only_reported_is_marked_as_reported(hostile: httpx.Client) -> None:
    text = page(hostile, "/thing/a/consortia/one?lang=en")
    section = text[text.index('<section class="relation reported" aria-label="reported counts">') :]
    assert "only reported" in section
    assert "136" in section
    assert "only reported" in page(hostile, "/thing/a/reported/r?lang=en")
    assert "only reported" not in page(hostile, "/thing/a/organizations/script?lang=en")


def test_the_graph_of_a_thing_is_its_statements_its_relation_nodes_and_their_quotes(hostile: httpx.Client) -> None:
    subjects = {f"{ID}/a/{one}" for one in (
        "consortia/one", "memberships/m0", "memberships/m1", "reported/r",
        "quotes/q1", "quotes/q2", "sources/s1", "sources/s2",
    )}  # fmt: skip
    whole = ox.Store()
    everything = hostile.get(
        "/sparql", params={"query": "CONSTRUCT WHERE { ?s ?p ?o }"}, headers={"Accept": "text/turtle"}
    )
    whole.load(everything.content, ox.RdfFormat.TURTLE)
    expected = {str(quad.triple) for quad in whole if getattr(quad.subject, "value", "") in subjects}
    turtle = hostile.get("/thing/a/consortia/one.ttl")
    assert {str(quad.triple) for quad in ox.parse(turtle.content, ox.RdfFormat.TURTLE)} == expected
    linked = hostile.get("/thing/a/consortia/one", headers={"Accept": "application/ld+json"})
    assert {str(quad.triple) for quad in ox.parse(linked.content, ox.RdfFormat.JSON_LD)} == expected
    assert len(rows(hostile, "/thing/a/consortia/one.csv")) == 1 + len(expected)


@pytest.mark.parametrize(
    ("address", "accept", "media_type"),
    [
        (ORGANIZATION, "text/html", "text/html; charset=utf-8"),
        (ORGANIZATION, "*/*", "text/html; charset=utf-8"),
        (ORGANIZATION, "text/turtle", "text/turtle; charset=utf-8"),
        (ORGANIZATION, "application/ld+json;q=0.9, text/html;q=0.5", "application/ld+json"),
        (ORGANIZATION, "application/json", "application/json"),
        (ORGANIZATION, "text/csv", "text/csv; charset=utf-8"),
        (f"{ORGANIZATION}.ttl", "text/html", "text/turtle; charset=utf-8"),
        (f"{ORGANIZATION}.jsonld", "text/html", "application/ld+json"),
        ("/search.json?q=a", "text/html", "application/json"),
        ("/search.csv?q=a", "text/html", "text/csv; charset=utf-8"),
        ("/question/who-leads.csv", "text/html", "text/csv; charset=utf-8"),
        ("/", "application/json", "application/json"),
    ],
)
def test_the_form_is_chosen_by_the_suffix_or_by_what_is_accepted(
    client: httpx.Client, address: str, accept: str, media_type: str
) -> None:
    response = client.get(address, headers={"Accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (200, media_type)
    assert response.headers["vary"].startswith("Accept, Accept-Language")


def test_a_form_that_there_is_none_of_is_refused(client: httpx.Client) -> None:
    response = client.get(ORGANIZATION, headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert response.json() == {
        "status": 406,
        "error": "this page can be had as text/html, application/json, text/csv, text/turtle, application/ld+json",
    }


def test_more_neighbours_than_fit_stand_on_pages_each_once(hostile: httpx.Client) -> None:
    address = "/thing/a/organizations/long.json"
    (group,) = hostile.get(address).json()["relations"]
    assert (group["relation"], group["class"], group["count"], len(group["rows"])) == ("hostedBy", "Platform", 130, 12)
    pages = [
        hostile.get(address, params={"relation": "hostedBy", "class": "Platform", "page": n}).json() for n in (1, 2)
    ]
    assert [one["more"] for one in pages] == [True, False]
    assert [row["iri"] for one in pages for row in one["rows"]] == [f"{ID}/a/platforms/p{n:03}" for n in range(130)]
    text = page(hostile, "/thing/a/organizations/long?lang=en")
    assert "See all 130" in text
    assert "page 1" in page(hostile, "/thing/a/organizations/long?relation=hostedBy&class=Platform&lang=en")


def test_a_table_and_an_id_lead_to_the_only_thing_that_they_fit(hostile: httpx.Client) -> None:
    led = hostile.get("/thing/consortia/one?lang=en", headers=PAGE)
    assert (led.status_code, led.headers["location"]) == (307, "/thing/a/consortia/one?lang=en")
    two = hostile.get("/thing/organizations/script", headers={"Accept": "application/json"})
    assert two.status_code == 404
    assert two.json()["error"] == (
        f"2 things end in /organizations/script: {ID}/a/organizations/script, {ID}/b/organizations/script"
    )


@pytest.mark.parametrize(
    ("iri", "address"),
    [
        (f"{ID}/a/organizations/script", "/thing/a/organizations/script"),
        (f"{ID}/a/organizations/%3Cb%3E", "/thing/a/organizations/%253Cb%253E"),
        (f"{ID}/a/organizations/x.csv", f"/thing?{httpx.QueryParams(iri=f'{ID}/a/organizations/x.csv')}"),
        (ELSEWHERE, f"/thing?{httpx.QueryParams(iri=ELSEWHERE)}"),
    ],
)
def test_every_thing_has_an_address_of_its_own(hostile: httpx.Client, iri: str, address: str) -> None:
    listed = hostile.get("/search.json?class=Organization").json()["things"]
    (results,) = [thing for thing in listed if thing["iri"] == iri]
    assert results["page"] == address
    assert hostile.get(results["page"], headers={"Accept": "application/json"}).json()["iri"] == iri


def test_a_name_of_ten_thousand_characters_is_cut_on_the_page_and_whole_in_the_file(hostile: httpx.Client) -> None:
    record = hostile.get("/thing/a/organizations/long.json").json()
    assert record["name"]["zh"] == LONG
    text = page(hostile, "/thing/a/organizations/long")
    assert f"<h1><bdi>{LONG[:300]}…</bdi></h1>" in text
    assert text.count(LONG) == 1


def test_a_source_lists_what_was_quoted_from_it(client: httpx.Client) -> None:
    (group,) = client.get("/thing/cn/sources/s03.json").json()["relations"]
    assert (group["relation"], group["class"], group["zh"]) == ("source", "Quote", "引文")
    exact = client.get("/thing/cn/quotes/s03-1.json").json()["attributes"]
    (words_of_it,) = [one["values"][0]["value"] for one in exact if one["property"] == "cg:exact"]
    assert group["rows"][0]["ends"] == [
        {
            "property": None,
            "iri": "https://w3id.org/chaingraph/id/cn/quotes/s03-1",
            "zh": words_of_it,
            "en": words_of_it,
        }
    ]


def test_the_json_of_a_page_is_the_same_at_every_request(client: httpx.Client) -> None:
    first, second = (client.get(f"{ORGANIZATION}.json").text for _ in range(2))
    assert first == second
    assert json.loads(first)["datasets"] == client.get("/index.json").json()["datasets"]
