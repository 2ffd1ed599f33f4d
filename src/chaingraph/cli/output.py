"""What the command line prints: results on stdout, words and progress on stderr."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from chaingraph.errors import shown
from chaingraph.export.cells import cell_text, plain
from chaingraph.export.tables import csv_text, json_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_UNBOUNDED = 10_000
_ONE_THING = {"consortia": "consortium", "ties": "tie"}
_ONE_DOES = {"are": "is", "count": "counts", "have": "has", "lead": "leads", "stop": "stops", "supply": "supplies"}


class Format(StrEnum):
    """How a table comes out."""

    table = "table"
    csv = "csv"
    json = "json"


def use_utf8() -> None:
    """Make the streams take Chinese whatever the locale; a terminal that cannot show it shows question marks."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def say(words: str) -> None:
    """Print words for a person on stderr."""
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    console.print("\n".join(shown(line, _UNBOUNDED) for line in words.split("\n")))


def quantity(number: int, words: str) -> str:
    """Return a number with the words that follow it, which stand in the plural and are bent if it is 1.

    >>> quantity(1, "organizations have no date and are kept")
    '1 organization has no date and is kept'
    >>> quantity(2000, "consortia"), quantity(1, "consortia"), quantity(1, "industries")
    ('2,000 consortia', '1 consortium', '1 industry')
    """
    if number != 1:
        return f"{number:,} {words}"
    bent = words.split(" ")
    nouns = [place for place, word in enumerate(bent) if word.endswith("s") or word in _ONE_THING]
    if nouns and bent[0] not in _ONE_DOES:
        word = bent[nouns[0]]
        bent[nouns[0]] = _ONE_THING.get(word) or (f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s"))
    return " ".join(["1", *(_ONE_DOES.get(word, word) for word in bent)])


@contextmanager
def progress(words: str) -> Iterator[Callable[[str], None]]:
    """Show what is going on, on a terminal only; the value changes the words."""
    # A notebook tells the commands it runs to colour what they write, though no terminal is there.
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with Console(stderr=True).status(Text(words)) as status:
        yield lambda step: status.update(Text(step))


def print_frame(frame: pd.DataFrame, form: Format) -> None:
    """Print a frame on stdout."""
    if form is Format.csv:
        sys.stdout.write(csv_text(frame))
    elif form is Format.json:
        sys.stdout.write(json_text(frame))
    else:
        console = Console(highlight=False, markup=False)
        if not console.is_terminal:
            console = Console(highlight=False, markup=False, width=_UNBOUNDED)
        console.print(_rich_table(frame))


def _rich_table(frame: pd.DataFrame) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in frame.columns:
        numeric = pd.api.types.is_numeric_dtype(frame[name]) and not pd.api.types.is_bool_dtype(frame[name])
        table.add_column(Text(str(name)), justify="right" if numeric else "left", overflow="fold")
    for row in frame.itertuples(index=False):
        table.add_row(*(Text(_cell(value)) for value in row))
    return table


def _cell(value: object) -> str:
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".") if abs(value) >= 1e-4 or value == 0 else f"{value:.2e}"
    return shown(cell_text(value), limit=_UNBOUNDED)
