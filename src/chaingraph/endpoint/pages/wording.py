"""The words of the pages, in Chinese and English; the only place that reads their files."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES = ("zh", "en")


@cache
def words(language: str) -> Mapping[str, str]:
    """Return every word of the pages in a language, by its name; all files ``*words.json`` of this folder together.

    >>> words("zh")["search"], words("en")["search"]
    ('搜索', 'Search')
    """
    found: dict[str, str] = {}
    for file in sorted(files("chaingraph.endpoint.pages").iterdir(), key=lambda one: one.name):
        if file.name.endswith("words.json"):
            found |= json.loads(file.read_text(encoding="utf-8"))[language]
    return found
