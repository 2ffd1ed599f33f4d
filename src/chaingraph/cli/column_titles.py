"""The titles of columns in the user's language, for tables that a person reads; files, CSV and JSON keep the names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chaingraph.languages import words
from chaingraph.messages import user_language

if TYPE_CHECKING:
    from collections.abc import Iterable


def titles(columns: Iterable[Any]) -> list[str]:
    """Return the titles of columns in the user's language; a name stays that has none, or whose title is another's."""
    names = [str(column) for column in columns]
    if user_language() == "en":
        return names
    translations = [_title(name) or name for name in names]
    return [text if translations.count(text) == 1 else name for name, text in zip(names, translations, strict=True)]


def _title(name: str) -> str | None:
    vocabulary = words("chaingraph.cli")
    if name in vocabulary["titles"]:
        return str(vocabulary["titles"][name])
    measures = words("chaingraph.metrics")["measures"]
    if name in measures:
        return str(measures[name]["zh"])
    for prefix, text in vocabulary["prefixes"].items():
        if name.startswith(prefix) and (rest := _title(name.removeprefix(prefix))):
            return f"{text}{rest}"
    for suffix, text in vocabulary["suffixes"].items():
        if name.endswith(suffix) and (rest := _title(name.removesuffix(suffix))):
            return f"{rest}{text}"
    return None
