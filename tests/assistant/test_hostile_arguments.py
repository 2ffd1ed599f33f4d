"""Every tool with every odd argument: an answer of bounded size or a refusal in words, and the server goes on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from mcp import Client
from mcp.types import TextContent

from chaingraph.assistant.answers import MAX_BYTES
from chaingraph.assistant.server import assistant_server
from chaingraph.assistant.toolbox import Toolbox
from chaingraph.endpoint.limits import Limits
from chaingraph.endpoint.workers.query_pool import QueryPool
from chaingraph.resources import sample
from chaingraph.store import KnowledgeGraph

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = {
    "empty": "",
    "spaces": " \t\n",
    "huge": "联合体" * 100_000,
    "long enough": "x" * 199,
    "control characters": "苏大维格\x00\x07\x1b[31m\x7f",
    "marks of direction": "\u202e苏大维格\u202c\u200f\ufeff",
    "half of a pair": "\ud83d",
    "emoji": "👩\u200d🔬🏭",
    "combining": "e" + "\u0301" * 150,
    "IRI with a quote": 'https://a.example/"x',
    "IRI with an angle": "https://a.example/> } ; DROP ALL #",
    "IRI with a space": "id:cn/organizations/su da wei ge",
    "IRI of nothing": "id:cn/organizations/no-such",
    "IRI of a term": "cg:Organization",
    "relative": "../../etc/passwd",
    "script": "<script>alert(1)</script>",
    "formula": '=HYPERLINK("http://a.example")',
    "query": "} UNION { ?s ?p ?o",
    "pattern": "(((((a+)+)+)+)+)+$",
    "format": "{0.__class__} %s %n",
}
"""Texts for the arguments that are texts."""

OTHERS = {
    "null": None,
    "number": 7,
    "not a number": 1e999,
    "true": True,
    "list": ["苏大维格"] * 1000,
    "object": {"$ref": "#", "a": {"b": ["c"]}},
    "deep": json.loads("[" * 200 + "]" * 200),
}
"""Values of other types."""

NUMBERS = {
    "zero": 0,
    "negative": -1,
    "enormous": 10**18,
    "beyond all": 10**400,
    "half": 0.5,
    "text": "ten",
    "none": None,
}
CURSORS = {
    "unknown": "zz",
    "negative": "-1",
    "beyond": "999999",
    "huge": "9" * 5000,
    "foreign digits": "٣",
    "text": "1;",
}

REQUIRED: dict[str, dict[str, Any]] = {
    "about": {},
    "find": {"name": "江苏"},
    "facts": {"thing": "苏大维格"},
    "questions": {},
    "ask": {"question": "who-leads"},
    "why": {"thing": "苏大维格"},
    "coverage": {},
    "measure": {"network": "affiliation", "measures": ["degree"]},
    "surroundings": {"thing": "苏大维格"},
    "chain_gaps": {},
    "sparql": {"query": "SELECT ?c { ?c a cg:Consortium }"},
}
"""By tool arguments that fit, of which one after another is replaced."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built store."""
    path = tmp_path_factory.mktemp("hostile") / "jiangsu.kg"
    KnowledgeGraph.build([sample("jiangsu-2022")], path)
    return path


def odd_values(schema: dict[str, Any], name: str) -> dict[str, object]:
    """Return the odd values for an argument, by what is odd in them."""
    if name == "cursor":
        return CURSORS | OTHERS
    if schema.get("type") in ("integer", "boolean"):
        return NUMBERS | {"list": [1]}
    if schema.get("type") == "array":
        return OTHERS | {title: [text] for title, text in TEXTS.items()} | {"none of them": []}
    if schema.get("type") == "object":
        # Half of a pair of surrogates cannot be sent as a name within JSON, only as a value.
        names = {title: text.encode("utf-8", "replace").decode() for title, text in TEXTS.items()}
        return OTHERS | {title: {"consortium": text, names[title]: "x"} for title, text in TEXTS.items()}
    return TEXTS | OTHERS


async def text_of(client: Client, tool: str, arguments: dict[str, Any]) -> str:
    """Return what a tool says to arguments: its answer, or its refusal, which must help."""
    result = await client.call_tool(tool, arguments)
    (content,) = result.content
    assert isinstance(content, TextContent)
    if not result.is_error:
        answer = json.loads(content.text)
        assert answer["basis"] in ("known", "reported", "unknown")
    return content.text


@pytest.mark.parametrize("tool", REQUIRED)
def test_a_tool_answers_or_refuses_whatever_its_arguments_are(store: Path, tool: str) -> None:
    async def talk() -> None:
        toolbox = Toolbox(KnowledgeGraph.open(store))
        async with Client(assistant_server(toolbox, QueryPool(store, Limits(rows=100, workers=1)))) as client:
            tools = {one.name: one for one in (await client.list_tools()).tools}
            assert set(tools) == set(REQUIRED)
            before = await text_of(client, tool, REQUIRED[tool])
            schemas: dict[str, dict[str, Any]] = tools[tool].input_schema["properties"]
            odd = [
                (f"{name}: {title}", REQUIRED[tool] | {name: value})
                for name, schema in {**schemas, "no such argument": {}}.items()
                for title, value in odd_values(schema, name).items()
            ]
            for title, arguments in odd:
                text = await text_of(client, tool, arguments)
                assert len(text.encode("utf-8", "replace")) <= MAX_BYTES, title
                assert "Traceback" not in text, title
                assert "/src/" not in text, title
            assert await text_of(client, tool, REQUIRED[tool]) == before

    anyio.run(talk)
