"""The pages as a client without a browser meets them, over real servers: a real data set, and a hostile graph."""

from __future__ import annotations

import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from chaingraph.endpoint.pages.home import question_groups
from chaingraph.endpoint.pages.terms import words
from chaingraph.sparql.questions import answer, questions
from chaingraph.store import KnowledgeGraph
from tests.endpoint.client import ORGANIZATION, PAGE, SCRIPT, page, rows
from tests.servers import SHORT, end_server, eventually, start_server

TEMPLATES = Path(__file__).resolve().parents[2] / "src/chaingraph/endpoint/pages/templates"
CONSORTIUM = "江苏省半导体产业技术创新联合体"


def test_a_search_finds_names_in_both_languages_with_the_exact_one_first(client: httpx.Client) -> None:
    results = client.get("/search.json", params={"q": "集成电路"}).json()
    assert results["things"][0] == {
        "iri": "https://w3id.org/chaingraph/id/cn/industries/ji-cheng-dian-lu",
        "class": "Industry",
        "name": "集成电路",
        "name_zh": "集成电路",
        "name_en": "Integrated circuits",
        "aliases": [],
        "page": "/thing/cn/industries/ji-cheng-dian-lu",
    }
    english = client.get("/search.json", params={"q": "CIRCUITS integrated"}).json()
    assert english["things"][0] == results["things"][0]
    assert (results["more"], results["truncated"], results["classes"], results["page"]) == (False, False, [], 1)


def test_an_alias_is_found_and_named(client: httpx.Client) -> None:
    (results,) = client.get("/search.json", params={"q": "南通富士通微电子股份", "class": "Organization"}).json()[
        "things"
    ]
    assert (results["name"], results["aliases"]) == ("通富微电", ["南通富士通微电子股份有限公司"])
    assert "又称" in page(client, "/search?q=南通富士通微电子股份")


def test_all_of_a_class_are_listed_by_their_names(client: httpx.Client, store: Path) -> None:
    things = KnowledgeGraph.open(store).select(
        "SELECT ?thing (MIN(LCASE(STR(?name))) AS ?first) { ?thing a cg:Region ; rdfs:label ?name } "
        "GROUP BY ?thing ORDER BY ?first ?thing"
    )
    listed = client.get("/search.json?class=Region").json()["things"]
    assert [thing["iri"].rpartition("/id/")[2] for thing in listed] == [
        name.removeprefix("id:") for name in things["thing"]
    ]


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("/search?page=0", "'page' is '0', expected a number from 1 to 100"),
        ("/search?page=²", "'page' is '²', expected a number from 1 to 100"),
        ("/search?class=Firm", "'class' is 'Firm', expected one of Organization, Consortium"),
        (f"/search?q={'x' * 201}", "'q' has 201 characters, expected at most 200"),
        ("/question/who-leads?boss=x", "'boss' is no parameter of who-leads, expected consortium"),
        (f"{ORGANIZATION}?relation=boss&class=Membership", "there is no relation 'boss' of the class 'Membership'"),
    ],
)
def test_what_is_not_understood_is_refused_on_a_page_and_in_json(
    client: httpx.Client, address: str, reason: str
) -> None:
    page_response = client.get(address, headers=PAGE | {"Accept-Language": "en"})
    assert page_response.status_code == 400
    assert "The request cannot be carried out" in page_response.text
    record = client.get(address, headers={"Accept": "application/json"})
    assert record.status_code == 400
    assert record.json() == {"status": 400, "error": record.json()["error"]}
    assert reason in record.json()["error"]


def test_the_first_page_counts_what_the_store_holds_and_lists_every_question(client: httpx.Client, store: Path) -> None:
    kg = KnowledgeGraph.open(store)
    record = client.get("/index.json").json()
    for name, count in record["counts"].items():
        assert count == kg.select(f"SELECT ?x {{ ?x a cg:{name} }}").shape[0]
    assert list(record["counts"])[:3] == ["Organization", "Consortium", "Programme"]
    assert record["statements"] == len(kg.select("SELECT ?s ?p ?o { ?s ?p ?o }"))
    assert rows(client, "/index.csv") == [["class", "count"], *([n, str(c)] for n, c in record["counts"].items())]
    text = page(client, "/")
    assert [question["name"] for question in record["questions"]] == [one.name for one in questions()]
    for one in questions():
        assert f'href="/question/{one.name}"' in text
    assert record["datasets"][0]["title"]["zh"] in text


def test_every_page_carries_the_attribution_and_the_licence(client: httpx.Client) -> None:
    (dataset,) = client.get("/index.json").json()["datasets"]
    for address in ("/", "/search?q=a", "/question/who-leads", ORGANIZATION, "/network", "/sparql"):
        text = page(client, address, **{"Accept-Language": "zh"})
        footer = text[text.index("<footer>") :]
        assert dataset["attribution"]["zh"] in footer
        assert dataset["licence"]["zh"] in footer


@pytest.mark.parametrize("question", questions(), ids=lambda one: one.name)
def test_a_question_is_answered_as_the_library_answers_it(client: httpx.Client, store: Path, question: Any) -> None:  # noqa: ANN401
    values = {one.name: one.example for one in question.parameters if one.required}
    record = client.get(f"/question/{question.name}.json", params=values)
    frame = None
    kg = KnowledgeGraph.open(store)
    if record.status_code == 400:
        assert "which nothing of that kind in the graph is called" in record.json()["error"]
        assert (
            "which nothing of that kind" in client.get(f"/question/{question.name}", params=values, headers=PAGE).text
        )
        return
    frame = answer(kg, question.name, **values)
    results = record.json()
    assert results["columns"] == list(frame.columns)
    assert len(results["rows"]) == min(len(frame), 500)
    assert results["truncated"] == (len(frame) > 500)
    text = page(client, str(httpx.URL(f"/question/{question.name}", params=values)), **{"Accept-Language": "en"})
    assert question.english.replace("'", "&#39;") in text
    assert ("Only the first 500 rows are shown; there are more." in text) == (len(frame) > 500)


def test_a_value_is_given_by_name_code_or_iri_and_comes_back_in_the_form(client: httpx.Client) -> None:
    by_name = client.get("/question/who-leads.json", params={"consortium": CONSORTIUM}).json()
    assert [row["organization_zh"] for row in by_name["rows"]] == ["通富微电"]
    iri = by_name["rows"][0]["consortium"]
    assert client.get("/question/who-leads.json", params={"consortium": iri}).json()["rows"] == by_name["rows"]
    assert f'value="{CONSORTIUM}"' in page(client, f"/question/who-leads?consortium={CONSORTIUM}")
    assert '<option value="national" selected>' in page(client, "/question/platforms-by-level?level=国家级")


def test_a_wrong_value_is_said_at_its_field_and_the_others_stay(client: httpx.Client) -> None:
    response = client.get(f"/question/state-at?date=gestern&consortium={CONSORTIUM}", headers=PAGE)
    assert response.status_code == 400
    field = response.text[response.text.index('for="p-date"') : response.text.index('for="p-consortium"')]
    assert 'value="gestern"' in field
    assert 'aria-invalid="true" aria-describedby="fault-date"' in field
    assert "&#39;date&#39; is &#39;gestern&#39;, expected a day such as 2022-12-31" in field
    assert response.text.count("aria-invalid") == 1
    assert f'value="{CONSORTIUM}"' in response.text
    assert "<table>" not in response.text


def test_a_required_value_is_filled_in_with_the_example_before_anything_is_asked(client: httpx.Client) -> None:
    text = page(client, "/question/state-at")
    assert 'type="date" value="2022-12-31"' in text
    assert "<table>" not in text
    assert "aria-invalid" not in text


def test_columns_without_any_value_are_left_out_of_the_page_and_named(client: httpx.Client) -> None:
    text = page(client, "/question/who-leads", **{"Accept-Language": "en"})
    assert "Left out, because no row says anything there: since, until, record" in text
    assert re.findall(r'<th scope="col">(.*?)</th>', text) == ["consortium", "organization", "quote"]


@pytest.mark.parametrize(
    "path", ["/thing/cn/organizations/nobody", "/thing?iri=x> ?p", "/thing", "/question/why", "/nope"]
)
def test_an_unknown_address_is_said_in_both_languages_with_a_search(client: httpx.Client, path: str) -> None:
    for language, title in (("zh-CN", "没有找到"), ("en-GB,en;q=0.9", "Nothing found")):
        response = client.get(path, headers=PAGE | {"Accept-Language": language})
        assert response.status_code == 404
        assert f"<h1>{title}</h1>" in response.text
        assert 'action="/search"' in response.text
    assert client.get(path, headers={"Accept": "application/json"}).json()["status"] == 404


def test_a_slash_too_many_leads_to_the_page_and_never_to_another_host(client: httpx.Client) -> None:
    for address, leads in (
        ("/search/?q=a&path=b&request=c", "/search?q=a&path=b&request=c"),
        ("//evil.example/", "/evil.example"),
        ("/%2F/evil.example/", "/evil.example"),
        ("/\\evil.example/", "/%5Cevil.example"),
    ):
        response = client.get(f"{client.base_url}{address[1:]}" if address[1] == "/" else address, headers=PAGE)
        assert (response.status_code, response.headers["location"]) == (307, leads)


def test_every_link_of_a_page_leads_to_an_answer(client: httpx.Client) -> None:
    for start in ("/", ORGANIZATION, "/question/state-at", "/search?class=Platform"):
        links = re.findall(r'href="(/(?!network|sparql)[^"#]*)', page(client, start))
        for link in sorted(set(links))[:40]:
            address = link.replace("&amp;", "&")
            assert client.get(address, headers=PAGE).status_code in {200, 400}, address


def test_whoever_holds_a_page_is_told_that_nothing_changed(client: httpx.Client) -> None:
    first = client.get(ORGANIZATION, headers=PAGE)
    again = client.get(ORGANIZATION, headers=PAGE | {"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    english = client.get(ORGANIZATION, headers=PAGE | {"Accept-Language": "en", "If-None-Match": first.headers["etag"]})
    assert english.status_code == 200
    assert client.get(ORGANIZATION, headers=PAGE).content == first.content


def test_the_language_is_the_chosen_one_else_the_browsers(client: httpx.Client) -> None:
    for address, language, tag in (
        ("/", "", "zh-CN"),
        ("/", "en-US,en;q=0.9,zh;q=0.8", "en"),
        ("/", "de,fr;q=0.5", "en"),
        ("/?lang=zh", "en", "zh-CN"),
    ):
        assert f'<html lang="{tag}">' in page(client, address, **{"Accept-Language": language})
    text = page(client, "/search?q=a&lang=en")
    assert 'href="/search?q=a&amp;lang=zh"' in text
    assert 'href="/sparql?lang=en"' in text


def test_styles_and_scripts_are_kept_for_ever_under_names_of_their_bytes(client: httpx.Client) -> None:
    text = page(client, "/")
    results = re.findall(r'(?:src|href)="(/assets/[^"]+)"', text)
    assert {re.sub(r"\.[0-9a-f]{16}\.", ".", one.removeprefix("/assets/")) for one in results} == {
        "icon.svg", "script.js", "style.css", "theme.js",
    }  # fmt: skip
    for one in results:
        assert client.get(one).headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/assets/style.0000000000000000.css").status_code == 404


def test_no_word_of_the_data_becomes_markup(hostile: httpx.Client) -> None:
    listed = hostile.get("/search.json").json()["things"]
    addresses = [one["page"] for one in listed if one["class"] != "Platform"]
    addresses += ["/", "/search?q=script", "/search?q=%3Cscript%3E&lang=en", "/question/who-leads", "/question/<b>"]
    addresses += [
        '/question/who-leads?consortium="><script>x',
        "/thing/a/quotes/q1",
        "/thing/a/claims/c",
        '/thing/"><b>',
    ]
    for address in addresses:
        text = hostile.get(address, headers=PAGE).text
        scripts = re.findall(r"<script[^>]*>", text)
        assert len(scripts) == 2
        assert all(re.fullmatch(r'<script src="/assets/\w+\.[0-9a-f]{16}\.js"(?: defer)?>', one) for one in scripts)
        ours = r"img src=\"/(?:assets/|picture\.svg)|svg (?:class=\"neighbours (?:wide|narrow)\" )?viewBox"
        assert not re.search(rf"<(?!{ours})(?:img |u>|i>|svg |style)|\son\w+=[^&]*?\(\d\)[^\"<]*>", text)
        assert not re.search(r"href=\"\s*javascript:", text, re.IGNORECASE)
        for link in re.findall(r'<a [^>]*href="(?:[a-z]+:)?//[^"]*"[^>]*>', text):
            assert 'rel="noopener noreferrer nofollow"' in link


def test_no_word_of_the_data_becomes_a_formula(hostile: httpx.Client) -> None:
    results = rows(hostile, "/search.csv?q=hyperlink")
    assert results == [
        ["iri", "class", "name", "name_zh", "name_en"],
        [SCRIPT["iri"], "Organization", SCRIPT["name_zh"], SCRIPT["name_zh"], f"'{SCRIPT['name_en']}"],
    ]
    for line in rows(hostile, "/thing/a/organizations/script.csv"):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in line)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot stop a process for a while")
def test_a_query_that_takes_too_long_is_said_on_a_page(store: Path) -> None:
    server = start_server(store, deadline=SHORT, workers=1)
    eventually(lambda: len(server.children) == 1 and server.answers())
    # A process that stands still answers nothing, however fast the machine is.
    for child in server.children:
        os.kill(child, signal.SIGSTOP)
    response = server.client.get("/search?q=a", headers=PAGE | {"Accept-Language": "en"})
    end_server(server)
    assert response.status_code == 504
    assert "<h1>Out of time</h1>" in response.text


def test_every_word_of_a_template_and_of_a_table_is_there_in_both_languages() -> None:
    # Reasons of the networks are English sentences themselves; only their Chinese stands in the words.
    only = {name for name in words("zh").keys() ^ words("en").keys() if not name.startswith("network_left_out_")}
    assert only == set()
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(TEMPLATES.iterdir()))
    used = set(re.findall(r"\bwords\.([a-z_0-9]+)", text))
    assert used - words("zh").keys() == set()
    placeholder = re.compile(r"\{(\w+)\}")
    for name in words("en"):
        assert sorted(placeholder.findall(words("zh")[name])) == sorted(placeholder.findall(words("en")[name])), name


def test_every_question_stands_in_a_group_and_its_columns_have_chinese_words(client: httpx.Client) -> None:
    *groups, rest = question_groups("zh")
    assert sorted(name for group in groups for name, _ in group["questions"]) == [one.name for one in questions()]
    assert rest["questions"] == []
    for name in ("who-leads", "reported-and-known", "platforms-by-level", "without-source"):
        for heading in re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page(client, f"/question/{name}")):
            assert re.search(r"[\u4e00-\u9fff]", heading), (name, heading)


@pytest.mark.parametrize("path", ["/", "/search?q=a", "/question/who-leads", "/thing/cn/organizations/nobody"])
def test_a_language_that_pages_do_not_have_is_refused(client: httpx.Client, path: str) -> None:
    address = f"{path}{'&' if '?' in path else '?'}lang=fr"
    answer = client.get(address, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["error"]) == (
        400,
        "the parameter 'lang' is unknown: there is no language 'fr'; expected zh or en",
    )
    assert client.get(address, headers=PAGE).status_code == 400


def test_a_code_is_said_in_words_of_the_chosen_language(client: httpx.Client) -> None:
    for language, words_of_it in (("zh", "单位"), ("en", "organizations")):
        text = page(client, f"/question/reported-and-known?lang={language}")
        assert f"<td><bdi>{words_of_it}</bdi>" in text
    assert "organizations" in client.get("/question/reported-and-known.csv").text
