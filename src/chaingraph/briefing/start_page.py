"""A start page that leads to several pages, and says in a few lines what each shows, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chaingraph.briefing.scriptless import scriptless_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chaingraph.webpage.words import Text


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that one can go to: its address, its title, and what it shows, a line each."""

    address: str
    title: Text
    lines: tuple[Text, ...]


def start_page(title: Text, about: Text, entries: Sequence[Entry], credits: Sequence[str]) -> str:
    """Return the HTML of a start page; the first entry is the widest.

    Args:
        title: The heading by language.
        about: What a reader must know first, below the heading.
        entries: The pages.
        credits: Who is to be named, a line each.
    """
    return scriptless_page("start_page", title=title, about=about, entries=entries, credits=credits)
