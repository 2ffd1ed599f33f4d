"""A brief as one HTML file without scripts, that needs no other file and no address."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING

import jinja2
from markupsafe import Markup

from chaingraph.briefing.brief_chapters import basis_text, chapters, figure_caption, numbered
from chaingraph.briefing.words import words

if TYPE_CHECKING:
    from chaingraph.briefing.brief_model import Brief, KeyFigure


def brief_html(brief: Brief) -> str:
    """Return a brief as HTML; what came with the data is escaped, and no script may run."""
    language, text = brief.language, words()["brief"][brief.language]
    style = Markup(_file("brief.css"))
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )

    def basis(figure: KeyFigure) -> str:
        return basis_text(language, figure.basis, figure.since)

    return environment.from_string(_file("brief.html.j2")).render(
        brief=brief,
        text=text,
        style=style,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        chapters=chapters(brief),
        basis=basis,
        network=Markup(brief.network.svg(text["network_caption"])),
        figure_caption=lambda number, caption: figure_caption(language, number, caption),
        list_heading=lambda number, caption: numbered(language, "list", number, caption),
    )


def _file(name: str) -> str:
    return files("chaingraph.briefing").joinpath(name).read_text(encoding="utf-8")
