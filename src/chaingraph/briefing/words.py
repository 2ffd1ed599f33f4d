"""The words of the chain map and the brief, as ``words.json`` has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict, cast

from chaingraph import languages
from chaingraph.webpage.words import Text


class QuantityWords(TypedDict):
    """How a number of something is written: in Chinese, and in English in the singular and the plural."""

    zh: str
    en: list[str]


class TileWords(TypedDict):
    """The words of tile maps: what is counted, by what an index divides it, the indices, the areas, and the texts."""

    counts: Mapping[str, Text]
    columns: Mapping[str, Text]
    indices: Mapping[str, Text]
    areas: Mapping[str, Text]
    texts: Mapping[str, Mapping[str, str]]


class Words(TypedDict):
    """What ``words.json`` holds."""

    kinds: Mapping[str, Text]
    quantities: Mapping[str, QuantityWords]
    introduction: Mapping[str, Mapping[str, str]]
    page: Mapping[str, Text]
    brief: Mapping[str, Mapping[str, str]]
    tiles: TileWords


def words() -> Words:
    """Return the words; ``introduction``, ``page`` and ``brief`` are by language first, then by key."""
    return cast("Words", languages.words("chaingraph.briefing"))


def quantity(key: str, language: str, count: int) -> str:
    """Return so many of something, in words.

    >>> quantity("stage", "en", 1), quantity("stage", "zh", 2)
    ('1 stage', '2 个环节')
    """
    entry = words()["quantities"][key]
    text = entry["zh"] if language == "zh" else entry["en"][count != 1]
    return text.format(count=f"{count:,}")


def sentence(key: str, language: str, **parts: Any) -> str:  # noqa: ANN401 - whatever can be formatted
    """Return a sentence of the introduction, with its parts; numbers have separators."""
    texts = {name: f"{part:,}" if isinstance(part, int) else part for name, part in parts.items()}
    return words()["introduction"][language][key].format(**texts)


def brief_text(language: str, key: str, **parts: object) -> str:
    """Return a text of the brief, with its parts; numbers have separators.

    >>> brief_text("en", "more", count=1234)
    '1,234 in all'
    """
    texts = {name: f"{part:,}" if isinstance(part, int) else part for name, part in parts.items()}
    return words()["brief"][language][key].format(**texts)
