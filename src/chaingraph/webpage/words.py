"""The words and colours of a page, as ``words.json`` has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NotRequired, TypeAlias, TypedDict, cast

from chaingraph import languages

Text: TypeAlias = Mapping[str, str]
"""One text in both languages, by language."""


class ClassWords(TypedDict):
    """The name of a class (in English singular and plural), its colour and its shape; without a colour it is grey.

    A class in the background is what many things have in common without a tie to each other: no path runs through it,
    and it names no community.
    """

    zh: str
    en: list[str]
    shape: str
    hue: NotRequired[int]
    background: NotRequired[bool]


class RelationWords(TypedDict):
    """The name of a relation, and its name as read from the target."""

    zh: str
    en: str
    inverse: Text


class Words(TypedDict):
    """What ``words.json`` holds; a hue is the number of a colour in ``shared/base.css``."""

    classes: Mapping[str, ClassWords]
    unclassed: ClassWords
    unstated: Text
    values: Mapping[str, Mapping[str, Text]]
    value_hues: Mapping[str, Mapping[str, int]]
    uses: Mapping[str, list[str]]
    hues: list[int]
    number_hues: list[int]
    attributes: Mapping[str, Text]
    community: Mapping[str, Text]
    relations: Mapping[str, RelationWords]
    layouts: Mapping[str, Text]
    places: Mapping[str, Text]
    left_out: Mapping[str, Text]
    omitted: Mapping[str, Text]
    condensed_encoding: Text
    sentences: Mapping[str, Text]
    shared: Mapping[str, Text]
    page: Mapping[str, Text]


def words() -> Words:
    """Return the words of pages; ``community``, ``sentences``, ``shared`` and ``page`` are by language, then by key."""
    return cast("Words", languages.words("chaingraph.webpage"))


def words_with_shared(own: Mapping[str, Text]) -> dict[str, Text]:
    """Return the words of a page together with those that all pages share, by language, then by key."""
    return {language: {**words()["shared"][language], **own[language]} for language in languages.LANGUAGES}


ENCODING = ("by_class", "by_attribute", "by_shape", "size", "one_size")
"""The sentences on what colours, shapes and areas show, which the scripts need too."""


def page_words() -> dict[str, Text]:
    """Return the words of the page of a network, by language, then by key."""
    own = words_with_shared(words()["page"])
    sentences = words()["sentences"]
    return {
        language: {**own[language], **{f"encoding_{name}": sentences[language][name] for name in ENCODING}}
        for language in languages.LANGUAGES
    }
