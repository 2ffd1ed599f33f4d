"""Nodes are read once, and named in the language of the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import chaingraph as cg
from chaingraph.errors import UnknownLanguageError
from chaingraph.queries.nodes import LABELS, NodeReader

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder


@pytest.mark.parametrize(
    ("rows", "language"),
    [
        ("a,甲,First,\nb,乙,,\n", "zh"),
        ("a,甲,First,\nb,Second,Second,\n", "en"),
        ("a,甲,First,\n", "en"),
        ("a,First,,甲\nb,Second,,\nc,Third,,\n", "en"),
    ],
    ids=["more Chinese", "more English", "as many", "Chinese translations"],
)
def test_the_language_of_a_graph_is_the_one_of_more_names(data_set: DataSetFolder, rows: str, language: str) -> None:
    kg = cg.open(data_set(organizations=f"id,name,name_en,name_zh\n{rows}"))
    assert NodeReader(kg).language() == language
    with_labels = NodeReader(kg)
    with_labels.select(LABELS)
    assert with_labels.language() == language


def test_a_name_is_in_the_language_else_without_one_else_in_the_other(data_set: DataSetFolder) -> None:
    kg = cg.open(data_set(organizations="id,name,name_en,name_zh\na,Gamma,Alpha,甲\nb,Beta,,乙\nc,丙,,\nd,丁,,\n"))
    reader = NodeReader(kg)
    names = {
        language: reader.names(language, "?s a cg:Organization .").sort("s")["name"].to_list()
        for language in ("en", "zh", None)
    }
    assert names == {
        "en": ["Alpha", "Beta", "丙", "丁"],
        "zh": ["甲", "乙", "丙", "丁"],
        None: ["甲", "乙", "丙", "丁"],
    }
    with pytest.raises(UnknownLanguageError):
        reader.names("fr")
