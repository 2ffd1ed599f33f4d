"""A start page that leads to several pages, and says in a few lines what each shows, in both languages."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import jinja2
from markupsafe import Markup

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
    folder = files("chaingraph.briefing")
    style = Markup(folder.joinpath("start_page.css").read_text(encoding="utf-8"))
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(folder.joinpath("start_page.html.j2").read_text(encoding="utf-8")).render(
        title=title,
        about=about,
        entries=entries,
        credits=credits,
        style=style,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    )
