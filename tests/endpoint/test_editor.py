"""The editor at /sparql as a browser without scripts gets it, and the files of an answer."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest

from chaingraph.endpoint.engine import RefusedError
from chaingraph.endpoint.pages.editor import Place, fault_of, query_of
from chaingraph.sparql.questions import questions
from chaingraph.sparql.tokens import query_tokens
from chaingraph.store import KnowledgeGraph
from tests.export.same_cells import CELLS

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "en"}
NAMED = "SELECT ?region ?name { ?region a cg:Region ; rdfs:label ?name } ORDER BY ?region ?name LIMIT 2"


def page(client: httpx.Client, **parameters: str) -> httpx.Response:
    return client.get("/sparql", params=parameters, headers=PAGE)


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def box(html: str) -> str:
    match = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", html, re.DOTALL)
    assert match is not None
    return unescape(match[1])


def links(html: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'href="([^"]*)"', html)]


def test_the_editor_begins_with_a_query_that_can_be_run(client: httpx.Client) -> None:
    text = box(page(client).text)
    response = client.post("/sparql", data={"query": text})
    assert response.status_code == 200
    assert response.json()["head"]["vars"] == ["consortium", "organization", "since"]


def test_every_competency_question_is_an_example_in_both_languages(client: httpx.Client) -> None:
    for language in ("en", "zh"):
        html = page(client, lang=language).text
        offered = [(name, unescape(title)) for name, title in re.findall(r'<option value="([\w-]+)">([^<]*)<', html)]
        titles = [(one.name, one.english if language == "en" else one.chinese) for one in questions()]
        assert offered == titles


def test_an_example_is_filled_in_with_its_prefixes_and_without_what_is_said_of_samples(client: httpx.Client) -> None:
    html = page(client, example="state-at").text
    text = box(html)
    assert text.startswith("# en: Which memberships hold on a day?")
    assert "PREFIX cg: <https://w3id.org/chaingraph/ontology#>" in text
    assert "rows on" not in text
    assert "2022-12-31" in text.partition("PREFIX")[0], "the example of the parameter stays"
    assert '<option value="state-at" selected>' in html


def test_an_example_asks_what_its_question_asks() -> None:
    for question in questions():
        shorter, whole = (
            [token for token in query_tokens(text) if token[0] != "#"] for text in (query_of(question), question.text)
        )
        assert shorter == whole


def test_rows_come_as_a_table_that_links_to_the_pages_of_things(client: httpx.Client, store: Path) -> None:
    html = page(client, query=NAMED).text
    rows = KnowledgeGraph.open(store).select_text(NAMED).rows()
    cells = re.findall(r"<td[^>]*>(.*?)</td>", html, re.DOTALL)
    assert len(cells) == 4
    assert [unescape(re.sub(r"<[^>]+>", "", cell)) for cell in cells[1::2]] == [name for _, name in rows]
    assert [links(cell) for cell in cells[::2]] == [
        [iri.replace("https://w3id.org/chaingraph/id/", "/thing/")] for iri, _ in rows
    ]
    assert re.search(r"2 rows · \d\.\d{3} s", text_of(html))


def test_an_answer_can_be_had_as_files_and_under_a_link_that_asks_again(client: httpx.Client) -> None:
    html = page(client, query=NAMED).text
    ours = [link for link in links(html) if "query=" in link and "lang" not in link]
    assert [urlsplit(link).path for link in ours] == ["/sparql", "/sparql.csv", "/sparql.json", "/sparql.tsv"]
    assert [parse_qs(urlsplit(link).query) for link in ours] == [{"query": [NAMED]}] * 4
    types = [client.get(link).headers["content-type"].partition(";")[0] for link in ours[1:]]
    assert types == ["text/csv", "application/sparql-results+json", "text/tab-separated-values"]


def test_a_construct_query_is_shown_as_statements_and_offered_as_a_network(client: httpx.Client) -> None:
    query = "CONSTRUCT { ?a cg:within ?b } WHERE { ?a cg:within ?b } LIMIT 3"
    html = page(client, query=query).text
    assert "3 triples" in text_of(html)
    assert html.count("<tr>") == 4
    assert "/network" in [urlsplit(link).path for link in links(html) if "query=" in link]
    kinds = [urlsplit(link).path for link in links(html) if link.startswith("/sparql.")]
    assert kinds == ["/sparql.ttl", "/sparql.nt", "/sparql.jsonld"]


def test_only_rows_with_two_things_are_offered_as_a_network(client: httpx.Client) -> None:
    two = page(client, query="SELECT ?a ?b ?n { ?a cg:within ?b ; rdfs:label ?n } LIMIT 2").text
    offered = [
        [link for link in links(html) if link.startswith("/network?")] for html in (page(client, query=NAMED).text, two)
    ]
    assert [len(one) for one in offered] == [0, 1]


def test_a_truth_value_is_said_in_words(client: httpx.Client) -> None:
    assert '<p class="verdict">yes</p>' in page(client, query="ASK { ?s a cg:Consortium }").text
    assert '<p class="verdict">否</p>' in page(client, query="ASK { ?s a cg:Nothing }", lang="zh").text


def test_a_cut_answer_says_so(client: httpx.Client) -> None:
    html = page(client, query="SELECT * { ?s ?p ?o } LIMIT 501").text
    assert "500+ rows" in text_of(html)
    assert "Only the first 500 are shown; a file holds at most 500." in text_of(html)


def test_where_the_parser_gave_up_is_shown(client: httpx.Client) -> None:
    response = page(client, query='SELECT * {\r\n  ?a rdfs:label "苏州" . ?a ?b c }')
    assert response.status_code == 400
    assert 'data-line="2" data-column="32"' in response.text
    assert "line 2, column 32" in text_of(response.text)
    assert "<mark>}</mark>" in response.text
    assert box(response.text) == (text := 'SELECT * {\n  ?a rdfs:label "苏州" . ?a ?b c }')
    assert "第 2 行，第 32 列" in text_of(page(client, query=text, lang="zh").text)


def test_a_place_beyond_the_last_line_is_its_end() -> None:
    refused = RefusedError(400, "the query cannot be read: error at 9:1: expected more")
    assert fault_of("ASK {\n", refused).place == Place(9, 1, "", "")


def test_a_parser_that_read_to_the_end_names_no_place() -> None:
    assert fault_of("SELEC", RefusedError(400, "the query cannot be read: error at 1:6: expected [_]")).place is None


def test_a_long_reason_is_shortened_and_can_be_opened() -> None:
    fault = fault_of("ASK {", RefusedError(400, "x" * 300))
    assert (fault.reason, fault.rest) == ("x" * 240, "x" * 60)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "the query has a SERVICE clause"),
        ("DROP ALL", "this endpoint is read-only"),
        ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", "is not in this store"),
    ],
)
def test_what_the_guard_refuses_is_said_at_the_editor(client: httpx.Client, query: str, reason: str) -> None:
    for language, words in (("en", "The request cannot be carried out"), ("zh", "请求有误")):
        response = page(client, query=query, lang=language)
        assert response.status_code == 400
        assert box(response.text) == query
        assert reason in text_of(response.text)
        assert words in text_of(response.text)


def test_an_update_sent_by_a_browser_is_refused_at_the_editor(client: httpx.Client) -> None:
    response = client.post("/sparql", data={"update": "DROP ALL"}, headers=PAGE)
    assert (response.status_code, box(response.text)) == (400, "DROP ALL")
    assert "this endpoint is read-only" in text_of(response.text)


def test_a_query_too_long_for_a_link_is_posted_and_says_so(client: httpx.Client) -> None:
    query = f"ASK {{}} # {'x' * 7000}"
    response = client.post("/sparql?lang=en", data={"query": query}, headers=PAGE)
    assert response.status_code == 200
    assert "too long for a link" in text_of(response.text)
    assert not [link for link in links(response.text) if "query=" in link]
    assert re.findall(r'formaction="([^"]*)"', response.text) == ["/sparql.csv", "/sparql.json", "/sparql.tsv"]
    assert client.post("/sparql.csv", data={"query": query}).status_code == 200


def test_the_graphs_of_a_request_stay_with_it(client: httpx.Client) -> None:
    graph = "http://example.org/g"
    html = client.get("/sparql", params={"query": "ASK {}", "default-graph-uri": graph}, headers=PAGE).text
    assert f'<input type="hidden" name="default-graph-uri" value="{graph}">' in html


def test_a_csv_file_of_an_answer_holds_no_formula(client: httpx.Client) -> None:
    query = f"SELECT ?x {{ VALUES ?x {{ {' '.join(str(ox.Literal(text)) for text in CELLS)} -2 }} }}"
    content = client.get("/sparql.csv", params={"query": query}).content
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows == [["x"], *([cell] for cell in CELLS.values()), ["-2"]]


def test_a_file_of_a_cut_answer_says_so(client: httpx.Client) -> None:
    for ending in ("csv", "tsv", "json"):
        response = client.get(f"/sparql.{ending}", params={"query": "SELECT * { ?s ?p ?o } LIMIT 501"})
        assert response.headers["x-truncated"] == "after 500 rows"
        assert response.headers["content-disposition"] == f'attachment; filename="answer.{ending}"'


def test_files_that_there_are_none_of_are_refused(client: httpx.Client) -> None:
    assert client.get("/sparql.xlsx", params={"query": "ASK {}"}).status_code == 404
    assert client.get("/sparql.csv").status_code == 400
    assert client.get("/sparql.ttl", params={"query": "ASK {}"}).status_code == 406
    assert client.post("/sparql.csv", data={"update": "DROP ALL"}).status_code == 400


def test_programs_get_no_page(client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": "ASK {}"}, headers={"Accept": "*/*"})
    assert response.headers["content-type"] == "application/sparql-results+json"


def test_the_editor_says_which_term_of_an_answer_without_rows_does_not_exist(client: httpx.Client) -> None:
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    for name, count in (("cg:Organisation", 1), ("cg:Organization", 0)):
        html = client.get("/sparql", params={"query": f"SELECT ?o {{ ?o a {name} }}"}, headers=headers).text
        assert html.count("no such term: cg:Organisation; did you mean cg:Organization?") == count
