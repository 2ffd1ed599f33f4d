"""The texts that come from files and code, and the names that pages know them by.

Whole pages are made when the site is built (``pages``) or are kept in git, because GitHub shows them (``files``). A
``section`` is what stands in a page between ``<!-- generated: NAME -->`` and ``<!-- end -->``; it is kept in git too.
``python docs/generate.py`` writes what is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from generated import codes, commands, facts, glossary, packages, public_api, questions, results, shapes, tables, terms

ROOT = Path(__file__).resolve().parents[2]
_SECTION = re.compile(r"(?<=^<!-- generated: )(?P<name>.+?) -->$.*?^<!-- end -->$", re.DOTALL | re.MULTILINE)
_SECTIONS: dict[str, Callable[[], str]] = {
    "benchmarks": results.benchmarks,
    "data sets": facts.data_sets,
    "endpoint limits": facts.endpoint_limits,
    "endurance": results.endurance,
    "errors": facts.errors,
    "measures": facts.measures,
    "measures in Chinese": facts.measures_in_chinese,
    "networks": facts.networks,
    "packages": packages.table,
    "networks in Chinese": facts.networks_in_chinese,
    "proofs": facts.proofs,
    "rooms": facts.rooms,
    "tables": tables.overview,
    "tables in Chinese": tables.overview_in_chinese,
}
_KEPT: dict[str, Callable[[], str]] = {
    "docs/reference/codes.md": codes.page,
    "docs/reference/glossary.md": glossary.page,
    "docs/reference/tables.md": tables.page,
}


def pages() -> dict[str, str]:
    """Return the pages that exist in the site only, as Markdown by their path in ``docs/``."""
    return {
        "reference/commands.md": commands.page(),
        "reference/ontology.md": terms.page(),
        "reference/questions.md": questions.page(),
        "reference/shapes.md": shapes.page(),
    } | public_api.pages()


def files() -> dict[Path, str]:
    """Return the files of the repository that are made, or hold a section that is made, with what should stand in them.

    Raises:
        KeyError: A page asks for a section that nothing is known of.
    """
    by_hand = [ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    texts = {path: path.read_text(encoding="utf-8") for path in by_hand}
    with_sections = {path: _SECTION.sub(_filled, text) for path, text in texts.items() if _SECTION.search(text)}
    return with_sections | {ROOT / path: page() for path, page in _KEPT.items()}


def _filled(section: re.Match[str]) -> str:
    return f"{section['name']} -->\n\n{_SECTIONS[section['name']]()}\n\n<!-- end -->"
