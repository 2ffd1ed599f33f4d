"""Texts in two languages: which one is chosen, and what happens where a language is unknown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest

import chaingraph as cg
from chaingraph.errors import UnknownLanguageError
from chaingraph.identity.candidates import candidates
from chaingraph.languages import LANGUAGES, in_both, text_in
from chaingraph.tables.template import workbook

if TYPE_CHECKING:
    from collections.abc import Callable

    from chaingraph.store import KnowledgeGraph
    from tests.conftest import DataSetFolder

ROOMS = Path(cg.__file__).parent


@pytest.fixture
def kg(data_set: DataSetFolder) -> KnowledgeGraph:
    return cg.open(data_set(organizations="id,name,region\na,甲,r\n", regions="id,name\nr,苏州\n"))


@pytest.mark.parametrize(
    ("texts", "chinese", "english"),
    [
        ({"zh": "甲", "en": "A", "": "a"}, "甲", "A"),
        ({"en": "A", "": "a"}, "a", "A"),
        ({"zh-Hans": "甲", "ja": "あ"}, "甲", "あ"),
        ({"zh": "", "en": "A"}, "A", "A"),
        ({"zh": None, "en": None}, "", ""),
        ({"zh-Hant": "臺", "zh": "台"}, "台", "台"),
    ],
)
def test_a_text_is_the_one_of_the_language_then_the_one_without_then_the_other(
    texts: dict[str, str | None], chinese: str, english: str
) -> None:
    assert in_both(texts) == {"zh": chinese, "en": english}
    assert text_in(texts, "zh") == chinese


@pytest.mark.parametrize(
    "action",
    [
        lambda kg: cg.page(nx.Graph(), language="fr"),
        lambda kg: workbook(language="fr"),
        lambda kg: candidates(kg, language="fr"),
        lambda kg: cg.diff(kg, kg).markdown("fr"),
        lambda kg: cg.crosstab(kg, "region", "kind", language="fr"),
    ],
    ids=["page", "template", "identify", "diff", "crosstab"],
)
def test_an_unknown_language_is_one_error_everywhere(kg: KnowledgeGraph, action: Callable[[Any], object]) -> None:
    with pytest.raises(UnknownLanguageError) as refused:
        action(kg)
    assert str(refused.value) == "there is no language 'fr'; expected zh or en"
    assert (refused.value.language, refused.value.expected) == ("fr", LANGUAGES)


def test_a_package_has_one_file_of_words_in_both_languages() -> None:
    files = sorted(ROOMS.rglob("*words*.json"))
    assert {file.name for file in files} == {"words.json"}
    for file in files:
        assert not uneven(json.loads(file.read_text(encoding="utf-8"))), file


def uneven(words: object) -> list[object]:
    """Return the entries that are in one language only."""
    if not isinstance(words, dict):
        return []
    if len(words.keys() & set(LANGUAGES)) == 1:
        return [words]
    return [entry for value in words.values() for entry in uneven(value)]
