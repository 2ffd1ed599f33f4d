"""One sentence of each way to say a thing, in both languages: who leads, what is refused, awarded, counted, built."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.extraction.proposals import proposals, rows

pytest.importorskip("opencc")

DATA = tomllib.loads(Path(__file__).with_name("sentences.toml").read_text(encoding="utf-8"))
SENTENCES = DATA["sentences"]


@pytest.mark.parametrize("sentence", SENTENCES, ids=[one["text"] for one in SENTENCES])
def test_a_sentence_states_its_rows_and_no_others_of_the_table(sentence: dict[str, Any]) -> None:
    wanted = [tuple(cell if cell != "" else None for cell in row) for row in sentence["rows"]]
    proposed = rows(sentence["text"], sentence["table"], *sentence["columns"])
    assert sorted(proposed, key=str) == sorted(wanted, key=str)


@pytest.mark.parametrize("text", DATA["nothing"])
def test_a_rule_an_example_and_an_advertisement_state_nothing(text: str) -> None:
    assert proposals(text) == []
