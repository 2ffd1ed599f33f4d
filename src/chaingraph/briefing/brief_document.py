"""The brief: a page of key figures in words, the chain map, four lists, the network, coverage and sources."""

from __future__ import annotations

import html as escaping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from chaingraph.briefing.brief_builder import brief_of
from chaingraph.briefing.brief_html import brief_html
from chaingraph.errors import UsageError, excerpt
from chaingraph.export.files import write_text
from chaingraph.languages import check_language
from chaingraph.messages import tr

if TYPE_CHECKING:
    import os

    from chaingraph.briefing.brief_model import Brief
    from chaingraph.languages import Language
    from chaingraph.store import KnowledgeGraph


@dataclass(frozen=True)
class BriefDocument:
    """A brief that can be saved; the last expression of a notebook cell shows it."""

    model: Brief = field(repr=False)

    @property
    def html(self) -> str:
        """The brief as one HTML file."""
        return brief_html(self.model)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the brief, whole or not at all, as its suffix says: ``.html``, or ``.docx`` with the extra ``brief``.

        Raises:
            UsageError: The suffix is another, the extra is not installed, or no font has the characters of the names.
        """
        target = Path(path)
        if target.suffix == ".html":
            write_text(target, self.html)
        elif target.suffix == ".docx":
            from chaingraph.briefing.brief_word import write_word

            write_word(self.model, target)
        else:
            message = tr(
                "cannot write {target}: expected a name that ends in .html or .docx", target=excerpt(str(target))
            )
            raise UsageError(message)
        return target

    def _repr_html_(self) -> str:
        """The brief in a frame that can reach neither the notebook nor the network."""
        return (
            f'<iframe sandbox="" srcdoc="{escaping.escape(self.html, quote=True)}" '
            'width="100%" height="640" style="border:0" title="chaingraph"></iframe>'
        )


def brief(
    kg: KnowledgeGraph,
    chain: str | None = None,
    *,
    language: Language | None = None,
    title: str | None = None,
    since: KnowledgeGraph | None = None,
) -> BriefDocument:
    """Return a brief for those who decide: key figures, chain map, four lists, network, coverage, numbered sources.

    Every sentence is computed from the graph. Each figure says whether it is known by name, reported by a source or
    unknown, and the latest date of the sources behind it; where nothing is known, a sentence says so.

    Args:
        kg: The graph.
        chain: Only this chain and what belongs to it: its IRI, short IRI or a name that it alone has.
        language: The language of the brief, zh or en; that of the graph if None.
        title: The heading; else of the chain or the data set.
        since: An older graph; a chapter then says what changed.

    Raises:
        UnknownThingError: No chain in the graph has this IRI or name.
        AmbiguousNameError: Several things have this name; they are listed.
        UnknownLanguageError: The language is neither zh nor en.

    Example:
        >>> import chaingraph as cg
        >>> from chaingraph.resources import sample
        >>> cg.brief(cg.open(sample("jiangsu-2022")), language="en").model.figures[1].basis
        'unknown'
    """
    if language is not None:
        check_language(language)
    return BriefDocument(brief_of(kg, chain, language=language, title=title, since=since))
