"""What ``chaingraph`` says without a command: which file here it can open, and the commands to begin with."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from chaingraph import __version__
from chaingraph.cli.shell_words import shell_word
from chaingraph.messages import tr

if TYPE_CHECKING:
    from pathlib import Path

_SUFFIXES = {".xlsx", ".xls", ".ods", ".csv", ".tsv"}
_MOST = 3


def first_steps(folder: Path) -> list[str]:
    """Return the lines that tell a newcomer what to do in a folder.

    Args:
        folder: Where the user is; its spreadsheets come first, the newest before the others.
    """
    lines = [
        tr(
            "chaingraph {version}: rosters of innovation consortia in; a graph, measures and one page out",
            version=__version__,
        ),
        "",
    ]
    sheets = _sheets(folder)
    for sheet in sheets:
        lines += [
            tr("Turn {name} into a page", name=sheet.name),
            f"  chaingraph page {shell_word(sheet.name)} -o {shell_word(f'{sheet.stem}.html')}",
        ]
    for sheet in sheets[:1]:
        lines += [
            tr("Turn {name} into a few pages of text for a director", name=sheet.name),
            f"  chaingraph brief {shell_word(sheet.name)} -o {shell_word(f'{sheet.stem}{brief_suffix()}')}",
        ]
    lines += [tr("See it at work"), "  chaingraph demo --open"]
    lines += [tr("Write a list to fill in, if you have none"), "  chaingraph template -o roster.xlsx"]
    if not sheets:
        lines += [
            tr("Turn a list of consortia, as your office keeps it, into a page"),
            "  chaingraph page roster.xlsx -o roster.html",
        ]
    return [
        *lines,
        "",
        tr("chaingraph --help lists all commands; chaingraph doctor says whether everything is installed"),
    ]


def brief_suffix() -> str:
    """Return the suffix of a brief that can be written here: that of Word, where what writes it is installed."""
    return ".docx" if find_spec("docx") else ".html"


def _sheets(folder: Path) -> list[Path]:
    sheets = [
        path
        for path in folder.iterdir()
        if path.suffix.lower() in _SUFFIXES and not path.name.startswith((".", "~$")) and path.is_file()
    ]
    return sorted(sheets, key=lambda path: (-path.stat().st_mtime, path.name))[:_MOST]
