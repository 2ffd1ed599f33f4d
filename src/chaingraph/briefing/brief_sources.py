"""The numbered notes of a brief: each source once, in the order in which it is first cited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chaingraph.briefing.brief_model import Note
from chaingraph.briefing.words import brief_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chaingraph.briefing.brief_model import Notes
    from chaingraph.languages import Language
    from chaingraph.webpage.model import Quote

MOST_NOTES = 3
"""How many notes stand at most behind one statement."""


class Sources:
    """Numbers the sources of quotes as they are cited."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._numbers: dict[tuple[str, str, str], int] = {}

    def notes(self, quotes: Iterable[Quote]) -> Notes:
        """Return the numbers of the sources of some quotes, the first few."""
        keys = dict.fromkeys((quote.title, quote.url, quote.published) for quote in quotes)
        cited = [key for key in keys if any(key)][:MOST_NOTES]
        return tuple(sorted(self._numbers.setdefault(key, len(self._numbers) + 1) for key in cited))

    def list(self) -> tuple[Note, ...]:
        """Return all sources that were cited."""
        untitled = brief_text(self._language, "untitled")
        separator = brief_text(self._language, "note_separator")
        return tuple(
            Note(number, separator.join(part for part in (title or untitled, published) if part), _address(url))
            for (title, url, published), number in self._numbers.items()
        )


def _address(url: str) -> str:
    """Return an address that a reader can follow; of any other kind none."""
    return url if url.startswith(("https://", "http://")) else ""


def latest(quotes: Iterable[Quote]) -> str:
    """Return the latest date on which a source of some quotes was published, empty where none is dated."""
    return max((quote.published for quote in quotes), default="")


def period(quotes: Sequence[Quote]) -> tuple[str, str]:
    """Return the first and the last date of the sources of some quotes, empty texts where none is dated."""
    dates = sorted({quote.published for quote in quotes if quote.published})
    return (dates[0], dates[-1]) if dates else ("", "")
