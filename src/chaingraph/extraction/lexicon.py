"""The words and patterns of both languages, from ``ontology/extraction/``: the only reader of that folder."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any

from chaingraph.resources import ontology_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@cache
def lexicon(language: str) -> Mapping[str, Any]:
    """Return the words and patterns of a language: zh or en."""
    data: dict[str, Any] = {}
    for name in (language, f"{language}-relations"):
        data |= tomllib.loads(ontology_file(f"extraction/{name}.toml").read_text(encoding="utf-8"))
    return data


def alternatives(words: Iterable[str]) -> str:
    """Return a pattern of literal words, the longest first.

    >>> alternatives(["公司", "有限公司"])
    '有限公司|公司'
    """
    return "|".join(map(re.escape, sorted(set(words), key=lambda word: (-len(word), word))))


@cache
def boilerplate() -> re.Pattern[str]:
    """Return the pattern of lines that belong to a site and not to a document."""
    return re.compile("|".join(f"(?:{line})" for language in ("zh", "en") for line in lexicon(language)["boilerplate"]))
