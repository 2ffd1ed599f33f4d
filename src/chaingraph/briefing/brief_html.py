"""A brief as one HTML file without scripts, that needs no other file and no address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from chaingraph.briefing.brief_chapters import basis_text, chapters, figure_caption, numbered
from chaingraph.briefing.scriptless import scriptless_page
from chaingraph.briefing.words import words

if TYPE_CHECKING:
    from chaingraph.briefing.brief_model import Brief, KeyFigure


def brief_html(brief: Brief) -> str:
    """Return a brief as HTML; what came with the data is escaped, and no script may run."""
    language, text = brief.language, words()["brief"][brief.language]

    def basis(figure: KeyFigure) -> str:
        return basis_text(language, figure.basis, figure.since)

    return scriptless_page(
        "brief",
        brief=brief,
        text=text,
        chapters=chapters(brief),
        basis=basis,
        network=Markup(brief.network.svg(text["network_caption"])),
        figure_caption=lambda number, caption: figure_caption(language, number, caption),
        list_heading=lambda number, caption: numbered(language, "list", number, caption),
    )
