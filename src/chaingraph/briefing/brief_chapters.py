"""The chapters of a brief, numbered as its language does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chaingraph.briefing.words import brief_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chaingraph.briefing.brief_model import Brief, Notes
    from chaingraph.languages import Language

_DIGITS = "〇一二三四五六七八九十"
_CHAPTERS = ("figures", "map", "lists", "network", "coverage", "changes", "notes")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: its key in the words, and its numbered heading."""

    key: str
    heading: str


def chapters(brief: Brief) -> list[Chapter]:
    """Return the chapters that a brief has, in their order; changes only where it was compared."""
    keys = [key for key in _CHAPTERS if (key != "changes" or brief.changes) and (key != "notes" or brief.notes)]
    return [
        Chapter(key, numbered(brief.language, "chapter", number, brief_text(brief.language, f"heading_{key}")))
        for number, key in enumerate(keys, 1)
    ]


def numbered(language: Language, kind: str, number: int, heading: str) -> str:
    """Return a heading with its number: in Chinese 一、 for a chapter and （一） for a list.

    >>> numbered("zh", "list", 2, "牵头企业清单"), numbered("en", "chapter", 1, "Key figures")
    ('（二）牵头企业清单', '1. Key figures')
    """
    numeral = _DIGITS[number] if language == "zh" else str(number)
    return brief_text(language, f"numeral_{kind}", number=numeral, heading=heading)


def figure_caption(language: Language, number: int, caption: str) -> str:
    """Return the caption of a figure with its number."""
    return brief_text(language, "figure_word", number=number, caption=caption)


def note_text(notes: Notes) -> str:
    """Return the numbers of notes as they stand behind a statement.

    >>> note_text((1, 4)), note_text(())
    ('[1] [4]', '')
    """
    return " ".join(f"[{number}]" for number in notes)


def basis_text(language: Language, basis: str, since: str) -> str:
    """Return what a figure rests on and since when it holds; of what is unknown there is no date."""
    text = brief_text(language, f"basis_{basis}")
    if basis == "unknown":
        return text
    date = brief_text(language, "since", date=since) if since else brief_text(language, "undated")
    return text + brief_text(language, "note_separator") + date


def column_shares(widths: Sequence[int], notes: bool) -> list[float]:
    """Return the share of the width that each column of a list has, the last of them that of notes, if there are any.

    >>> column_shares((3, 1), notes=False)
    [0.75, 0.25]
    """
    parts = [*widths, 1] if notes else list(widths)
    return [part / sum(parts) for part in parts]
