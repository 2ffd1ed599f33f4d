"""``chaingraph assistant``: what each of its options does to the tools."""

from __future__ import annotations

import json
import os
import socket
from typing import TYPE_CHECKING, Any

import anyio
from mcp import Client, StdioServerParameters
from mcp.types import TextContent

from tests.cli.shell import COMMAND, run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.conftest import DataSetFolder

LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER (?c != ?l) }"


def texts(source: Path, *options: str, calls: Sequence[tuple[str, dict[str, Any]]]) -> list[str]:
    """Return what the tools of the command answer to calls over standard input and output."""
    answers: list[str] = []

    async def talk() -> None:
        command = [*COMMAND, "assistant", str(source), *options]
        parameters = StdioServerParameters(command=command[0], args=command[1:], env=dict(os.environ))
        async with Client(parameters) as client:
            for tool, values in calls:
                (content,) = (await client.call_tool(tool, values)).content
                assert isinstance(content, TextContent)
                answers.append(content.text)

    anyio.run(talk)
    return answers


def test_every_option_of_assistant_is_read(data_set: DataSetFolder) -> None:
    names = "".join(f"o{number},组织{number},组织{number},Firm {number}\n" for number in range(40))
    roster = data_set(organizations=f"id,name,name_zh,name_en\n{names}", consortia="id,name\nx,联合体\n")
    find = ("find", {"name": "组织1", "limit": 1})
    (chinese,) = texts(roster, "--language", "zh", calls=[find])
    english, slow = texts(
        roster, *("--language", "en", "--sparql", "--deadline", "0.5"), calls=[find, ("sparql", {"query": LONG})]
    )
    assert [json.loads(one)["rows"][0]["name"] for one in (chinese, english)] == ["组织1", "Firm 1"]
    assert "took longer than 0.5 seconds" in slow
    unlisted = data_set("unlisted", consortia="id,name\nx,X\n", memberships="organization,consortium\n甲,x\n")
    (created,) = texts(unlisted, "--create", calls=[("find", {"name": "甲", "kind": "Organization"})])
    assert json.loads(created)["rows"][0]["same_name"] is True
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        for options, words in (
            (("--port", port), f"cannot listen on 127.0.0.1, port {port}"),
            (("--encoding", "ascii"), "ascii"),
            (("--column", "负责单位"), "--column"),
            (("--deadline", "3"), "--deadline does not apply without --sparql"),
        ):
            result = run("assistant", str(roster), *options)
            assert (result.returncode, words in result.stderr) == (2, True), result.stderr
