"""A language model by its address, if the user names one: it only points at words.

It speaks OpenAI's chat protocol. What it answers is a proposal like any other, and whatever does not stand in the text
letter by letter is dropped and counted.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chaingraph.errors import UsageError, excerpt
from chaingraph.extraction.facts import Fact
from chaingraph.messages import tr
from chaingraph.tables import contract

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chaingraph.extraction.documents import Document
    from chaingraph.extraction.facts import Value

_TABLES = (
    *("organizations", "consortia", "memberships", "platforms", "projects", "participations", "supplies", "hierarchy"),
    *("clusters", "sites", "recognitions", "amounts", "cooperations", "events", "reported", "claims"),
)
_LEFT_OUT = ("id", "quote", "source", "record")
_CHUNK = 6000
_CONFIDENCE = 0.4
_SECONDS = 120.0


@dataclass(frozen=True)
class LanguageModel:
    """A model behind an address that speaks OpenAI's chat protocol.

    Args:
        url: The address, such as ``http://localhost:8080/v1``.
        name: What the address calls the model.
        key: The key that the address asks for, if it does.
        seconds: How long one answer may take.
    """

    url: str
    name: str
    key: str | None = None
    seconds: float = _SECONDS

    def facts(self, document: Document) -> tuple[list[Fact], int]:
        """Return what the model proposes for a document, and how many of its rows do not stand in the text.

        Raises:
            UsageError: The address does not answer, or refuses.
        """
        facts: list[Fact] = []
        dropped = 0
        for start in range(0, len(document.text), _CHUNK):
            chunk = document.text[start : start + _CHUNK]
            for row in _rows(self._answer(chunk)):
                fact = _checked(row, document.text, f"model {self.name}")
                if fact is None:
                    dropped += 1
                else:
                    facts.append(fact)
        return facts, dropped

    def _answer(self, text: str) -> str:
        import httpx

        address = self.url.rstrip("/") + (
            "" if self.url.rstrip("/").endswith("/chat/completions") else "/chat/completions"
        )
        messages = [{"role": "system", "content": prompt()}, {"role": "user", "content": text}]
        try:
            answer = httpx.post(
                address,
                json={"model": self.name, "messages": messages, "temperature": 0},
                headers={"Authorization": f"Bearer {self.key}"} if self.key else {},
                timeout=self.seconds,
            )
            answer.raise_for_status()
            return str(answer.json()["choices"][0]["message"]["content"])
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, IndexError, TypeError) as error:
            reason = excerpt(str(error) or type(error).__name__, 200)
            message = tr(
                "the model at {address} gives no answer ({reason}); check the address and the name, or read without",
                address=address,
                reason=reason,
            )
            raise UsageError(message) from error


def prompt() -> str:
    """Return what the model is told: the tables with their columns, and the form of the answer."""
    lines = [
        "Find the statements of the text that fit these tables. Copy every name, number and quote from the text letter"
        " by letter; leave out what the text does not say. References are names. Answer with JSON alone:",
        '{"rows": [{"table": "memberships", "cells": {"organization": "...", "consortium": "...", "role": "lead"},'
        ' "quote": "the words of the text"}]}',
    ]
    for table in _TABLES:
        columns = []
        for column in contract()[table].cells:
            if column.name not in _LEFT_OUT:
                codes = f" ({'|'.join(sorted(set(column.code_list().spellings.values())))})" if column.codes else ""
                columns.append(column.name + codes)
        lines.append(f"{table}: {', '.join(columns)}")
    return "\n".join(lines)


def _rows(answer: str) -> Iterator[Any]:
    """Yield the rows of an answer; one empty row for an answer that is no JSON, so that it is counted."""
    match = re.search(r"\{.*\}", answer, re.DOTALL)
    try:
        rows = json.loads(match[0])["rows"] if match else None
    except (ValueError, KeyError, TypeError, RecursionError):
        rows = None
    yield from rows if isinstance(rows, list) else [{}]


def _checked(row: Any, text: str, reason: str) -> Fact | None:  # noqa: ANN401 - what a model answers can be anything
    """Return a row as a fact if all of it stands in the text, else None."""
    if not isinstance(row, dict) or row.get("table") not in _TABLES:
        return None
    quote, cells = row.get("quote"), row.get("cells")
    if not isinstance(quote, str) or not quote.strip() or quote not in text or not isinstance(cells, dict) or not cells:
        return None
    table = contract()[str(row["table"])]
    columns = {column.name: column for column in table.cells if column.name not in _LEFT_OUT}
    checked: dict[str, Value] = {}
    for name, value in cells.items():
        if value is None or value == "":
            continue
        if name not in columns or not isinstance(value, str | int | float) or isinstance(value, bool):
            return None
        codes = columns[name].codes
        stands = str(value) in set(columns[name].code_list().spellings.values()) if codes else str(value) in text
        if table.name == "claims" and name in ("table", "property"):
            stands = True
        if not stands:
            return None
        checked["subject_table" if (table.name, name) == ("claims", "table") else name] = value
    required = [column.name for column in columns.values() if column.required and column.name != "name"]
    if any(name not in checked and (name, table.name) != ("table", "claims") for name in required) or not checked:
        return None
    start = text.find(quote)
    return Fact(table.name, checked, start, start + len(quote), reason, _CONFIDENCE)


def without_repeats(facts: list[Fact], more: list[Fact]) -> list[Fact]:
    """Return the facts of a model that the rules have not read: things by their name, relations by their cells."""

    def key(fact: Fact) -> tuple[object, ...]:
        if "name" in fact.cells and contract()[fact.table].is_of_things:
            return fact.table, fact.cells["name"]
        names = [column.name for column in contract()[fact.table].cells if column.reference]
        names += ["name", "value", "subject", "property"]
        return (fact.table, *(str(fact.cells.get(name)) for name in names))

    keys = {key(fact) for fact in facts}
    new_facts = []
    for fact in more:
        if key(fact) not in keys:
            keys.add(key(fact))
            new_facts.append(fact)
    return new_facts
