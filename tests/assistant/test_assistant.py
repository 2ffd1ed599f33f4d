"""The tools of the assistant, asked by the protocol's own client: every tool, hostile arguments, and a conversation."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest
from mcp import Client, StdioServerParameters
from mcp.types import TextContent

from chaingraph.assistant.answers import MAX_BYTES
from chaingraph.assistant.server import assistant_server
from chaingraph.assistant.toolbox import Toolbox
from chaingraph.endpoint.limits import Limits
from chaingraph.endpoint.workers.query_pool import QueryPool
from chaingraph.store import KnowledgeGraph

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

ROOT = Path(__file__).resolve().parents[2]
ID = "https://w3id.org/chaingraph/id/cn"
DISPLAY = "江苏省新型显示产业技术创新联合体"
TOOLS = {
    *("about", "find", "facts", "questions", "ask", "why", "coverage", "measure", "surroundings", "chain_gaps"),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built store of the smallest real data set."""
    path = tmp_path_factory.mktemp("assistant") / "jiangsu.kg"
    KnowledgeGraph.build([ROOT / "graph" / "jiangsu-2022"], path)
    return path


@pytest.fixture(scope="module")
def toolbox(store: Path) -> Toolbox:
    """The answers of that store."""
    return Toolbox(KnowledgeGraph.open(store))


def converse(toolbox: Toolbox, talk: Callable[[Client], Awaitable[None]], engine: QueryPool | None = None) -> None:
    """Let a client talk with a server in this process."""

    async def run() -> None:
        async with Client(assistant_server(toolbox, engine)) as client:
            await talk(client)

    anyio.run(run)


async def call(client: Client, tool: str, **arguments: object) -> dict[str, Any]:
    """Return the answer of a tool, which must be within its size and name its basis."""
    text = await text_of(client, tool, **arguments)
    assert len(text.encode()) <= MAX_BYTES
    answer: dict[str, Any] = json.loads(text)
    assert answer["basis"] in ("known", "reported", "unknown")
    assert answer["truncated"] == ("next_cursor" in answer)
    return answer


async def text_of(client: Client, tool: str, **arguments: object) -> str:
    result = await client.call_tool(tool, arguments)
    (content,) = result.content
    assert isinstance(content, TextContent)
    assert not result.is_error, content.text
    return content.text


async def refusal(client: Client, tool: str, **arguments: object) -> str:
    """Return the message with which a tool refuses its arguments."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def test_every_tool_is_described_and_says_that_it_only_reads(toolbox: Toolbox) -> None:
    async def talk(client: Client) -> None:
        tools = (await client.list_tools()).tools
        assert {one.name for one in tools} == TOOLS
        for one in tools:
            assert one.description
            assert one.annotations is not None
            assert one.annotations.read_only_hint is True
            assert len(json.dumps(one.input_schema, ensure_ascii=False)) < 2500

    converse(toolbox, talk)


def test_the_questions_of_a_director_are_answered_from_the_tools_alone(toolbox: Toolbox) -> None:
    async def talk(client: Client) -> None:
        # How many consortia? The source's number and words, and how many of them have a name here.
        many = await call(client, "ask", question="how-many-consortia", limit=100)
        assert many["basis"] == "reported"
        assert 10 in {row["reported"] for row in many["rows"]}
        assert any("10" in row["quote"] for row in many["rows"])
        known = {row["class"]: row["known"] for row in (await call(client, "about"))["rows"]}
        assert known["Consortium"] >= 10

        # Who leads the one of new displays?
        found = await call(client, "find", name="新型显示", kind="Consortium")
        consortium = found["rows"][0]
        assert consortium["name"] == DISPLAY
        leads = await call(client, "ask", question="who-leads", parameters={"consortium": consortium["id"]})
        (lead,) = {row["organization_zh"] for row in leads["rows"]}
        assert lead == "苏大维格"

        # Which words say so?
        words = [row["quote"] for row in leads["rows"]]
        stated = await call(client, "why", thing=consortium["id"], limit=100)
        exact = {row["exact"] for row in stated["rows"] if "exact" in row}
        assert "蘇大維格牽頭的江蘇省新型顯示產業技術創新聯合體" in exact
        assert all(any(part in exact for part in text.split(" | ")) or text in exact for text in words)

        # Which stages are missing? What nobody states is unknown, not absent.
        gaps = await call(client, "chain_gaps", limit=100)
        assert {row["status"] for row in gaps["rows"]} <= {"unknown", "absent", "planned"}
        assert all(row["basis"] == "unknown" for row in gaps["rows"] if row["status"] == "unknown")
        assert any("'unknown' is not 'absent'" in note for note in gaps["notes"])

    converse(toolbox, talk)


def test_the_facts_of_a_thing_carry_their_basis_and_their_words(toolbox: Toolbox) -> None:
    async def talk(client: Client) -> None:
        answer = await call(client, "facts", thing=DISPLAY, limit=100)
        assert answer["id"].startswith("id:cn/consortia/")
        memberships = [row for row in answer["rows"] if row.get("relation") == "成员关系"]
        assert memberships
        assert all(row["basis"] == "known" and row["evidence"] for row in memberships)
        assert all(row["basis"] in ("known", "reported") for row in answer["rows"])
        ties = await call(client, "surroundings", thing=DISPLAY)
        assert ties["ties"] == ties["total"] > 0
        assert any(DISPLAY in (row["from"]["name"], row["to"]["name"]) for row in ties["rows"])
        assert any("exact" in record for row in ties["rows"] for record in row.get("evidence", []))

    converse(toolbox, talk)


def test_a_measure_is_ranked_and_says_of_how_many(toolbox: Toolbox) -> None:
    async def talk(client: Client) -> None:
        answer = await call(client, "measure", network="affiliation", measures=["degree", "betweenness"], limit=5)
        degrees = [row["degree"] for row in answer["rows"]]
        assert degrees == sorted(degrees, reverse=True)
        assert "nodes and" in answer["notes"][0]
        one = await call(client, "measure", network="affiliation", measures=["degree"], thing="苏大维格")
        assert [row["label"] for row in one["rows"]] == ["苏大维格"]

    converse(toolbox, talk)


def test_a_long_answer_is_read_to_its_end_by_the_cursor(toolbox: Toolbox) -> None:
    async def talk(client: Client) -> None:
        rows, cursor = [], ""
        while True:
            answer = await call(client, "coverage", limit=7, cursor=cursor)
            rows += answer["rows"]
            cursor = answer.get("next_cursor", "")
            if not cursor:
                break
        assert len(rows) == answer["total"] > 7
        assert len({json.dumps(row, ensure_ascii=False) for row in rows}) == len(rows)
        questions = await call(client, "questions")
        assert questions["truncated"] is False or questions["total"] > len(questions["rows"])

    converse(toolbox, talk)


def test_what_no_source_states_is_unknown(toolbox: Toolbox) -> None:
    async def talk(client: Client) -> None:
        answer = await call(client, "find", name="火星第一研究所股份公司ZZQ")
        assert answer["basis"] == "unknown" or all(not row["same_name"] for row in answer["rows"])
        empty = await call(client, "ask", question="shareholders-of", parameters={"organization": "苏大维格"})
        assert empty["basis"] == "unknown"
        assert "no denial" in empty["notes"][-1]

    converse(toolbox, talk)


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("find", {"name": ""}, "'name' is empty"),
        ("find", {"name": "x" * 1000}, "at most 200 characters"),
        ("find", {"name": "a", "kind": "Firm"}, "expected one of Organization"),
        ("find", {"name": "江苏", "cursor": "zz"}, "expected the 'next_cursor'"),
        ("find", {"name": "江苏", "limit": 10_000}, "less than or equal to 100"),
        ("facts", {"thing": "<a> } ; DROP ALL"}, "DROP ALL"),
        ("facts", {"thing": "https://a.example/> ?p ?o } #"}, "expected the IRI"),
        ("ask", {"question": "no-such"}, "no-such"),
        ("ask", {"question": "chain-of-stages"}, "chain"),
        ("ask", {"question": "who-leads", "parameters": {"consortium": "} SERVICE <http://a.example/>"}}, "SERVICE"),
        ("measure", {"network": "whole", "measures": []}, "at least 1"),
        ("measure", {"network": "nothing", "measures": ["degree"]}, "there is no network 'nothing'"),
        ("measure", {"network": "affiliation", "measures": ["beauty"]}, "beauty"),
        ("surroundings", {"thing": "苏大维格", "steps": 99}, "less than or equal to 3"),
        ("chain_gaps", {"chain": "不存在的产业链"}, "不存在的产业链"),
        ("sparql", {"query": "ASK {}"}, "sparql"),
        ("why", {}, "thing"),
        ("why", {"thing": "苏大维格", "cursor": "-1"}, "expected the 'next_cursor'"),
        ("coverage", {"cursor": "1; DROP ALL"}, "expected the 'next_cursor'"),
        ("coverage", {"limit": 0}, "greater than or equal to 1"),
        ("surroundings", {"thing": ["苏大维格"]}, "valid string"),
        ("chain_gaps", {"chain": "x" * 501}, "at most 500 characters"),
    ],
)
def test_an_argument_that_does_not_fit_is_refused_with_words_that_help(
    toolbox: Toolbox, tool: str, arguments: dict[str, Any], words: str
) -> None:
    async def talk(client: Client) -> None:
        try:
            message = await refusal(client, tool, **arguments)
        except Exception as error:
            message = str(error)
        assert words in message
        assert "Traceback" not in message

    converse(toolbox, talk)


def test_queries_of_its_own_are_read_only_and_within_limits(toolbox: Toolbox, store: Path) -> None:
    async def talk(client: Client) -> None:
        assert {one.name for one in (await client.list_tools()).tools} == TOOLS | {"sparql"}
        answer = await call(client, "sparql", query="SELECT ?c { ?c a cg:Consortium } ORDER BY ?c", limit=3)
        assert answer["rows"][0]["c"].startswith("id:cn/consortia/")
        assert len(answer["rows"]) == 3
        assert (await call(client, "sparql", query="ASK { ?s a cg:Consortium }"))["rows"] == [{"answer": True}]
        for query, words in (
            ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "read-only"),
            ("SELECT * { SERVICE <http://a.example/> { ?s ?p ?o } }", "SERVICE"),
            ("SELECT * {" + "{" * 200 + "}" * 200 + "}", "nest"),
            ("SELECT * { ?s ?p ?o } #" + "x" * 70_000, "bytes"),
            ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "SELECT"),
        ):
            assert words in await refusal(client, "sparql", query=query), query

    converse(toolbox, talk, QueryPool(store, Limits(rows=100, workers=1)))


def test_a_query_that_would_not_end_is_stopped(toolbox: Toolbox, store: Path) -> None:
    async def talk(client: Client) -> None:
        query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
        assert "stopped" in await refusal(client, "sparql", query=query)

    converse(toolbox, talk, QueryPool(store, Limits(deadline=0.5, workers=1)))


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "chaingraph", "assistant", *arguments]


def test_the_command_talks_over_standard_input_and_output(store: Path) -> None:
    async def run() -> None:
        program, *arguments = command(str(store))
        async with Client(StdioServerParameters(command=program, args=arguments, env=dict(os.environ))) as client:
            answer = await call(client, "find", name="sdwg")
            assert answer["rows"][0]["name"] == "苏大维格"
            assert client.instructions is not None
            assert "Quote the words" in client.instructions

    anyio.run(run)


def test_the_command_talks_over_http_to_this_machine_only(store: Path) -> None:
    with subprocess.Popen(command(str(store), "--port", "0"), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()

        async def run() -> None:
            async with Client(address) as client:
                assert (await call(client, "about"))["basis"] == "known"

        try:
            assert address.startswith("http://127.0.0.1:")
            anyio.run(run)
            foreign = [{"Host": "evil.example"}, {"Origin": "https://evil.example"}]
            assert [httpx.post(address, json={}, headers=headers).status_code for headers in foreign] == [421, 403]
        finally:
            process.terminate()
