"""What the command line prints: results on stdout or in a file, words and progress on stderr."""

from __future__ import annotations

import os
import re
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from chaingraph.cli.column_titles import titles
from chaingraph.cli.command import Panel, option
from chaingraph.errors import UsageError, excerpt
from chaingraph.messages import enumeration, quantity_in_language, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import pandas as pd
    from rich.table import Table

_UNBOUNDED = 10_000
_LONGEST_ESCAPE = len("\\U0001f600")
_ROWS_ON_TERMINAL = 30
_SINGULAR_NOUNS = {"consortia": "consortium", "ties": "tie", "series": "series"}
_PLURALS = re.compile(r"(?<=ss)es$|(?<=x)es$|(?<=[cs]h)es$|s$")
_SINGULAR_VERBS = {
    "are": "is",
    "count": "counts",
    "have": "has",
    "lead": "leads",
    "stop": "stops",
    "supply": "supplies",
}


class Format(StrEnum):
    """How a table is printed."""

    table = "table"
    csv = "csv"
    json = "json"


FormatOption = Annotated[
    Format | None,
    option(Panel.OUTPUT, "How it is printed; a table if not given.", "--format"),
]


@dataclass(frozen=True)
class Output:
    """Where a table goes: to stdout in a format, or to a file."""

    output: Annotated[
        Path | None,
        option(
            Panel.OUTPUT,
            "Write it in full to a .csv, .xlsx, .json, .parquet or (with coordinates) .geojson file instead.",
            "--output",
            "-o",
            metavar="FILE",
        ),
    ] = None
    form: FormatOption = None

    def __post_init__(self) -> None:
        """Refuse what cannot be written before anything is computed."""
        from chaingraph.export.tables import check_suffix

        if self.output is None:
            return
        if self.form is not None:
            message = tr(
                "--format is for standard output; with -o the suffix of the file says the format: give one of them"
            )
            raise UsageError(message)
        check_suffix(self.output)

    @property
    def on_screen(self) -> bool:
        """Whether a person reads the table in a terminal, which has no room for all columns."""
        return self.output is None and self.form in (None, Format.table)

    @property
    def _rows_on_terminal(self) -> int | None:
        return _ROWS_ON_TERMINAL if self.form is None else None

    def write(
        self,
        frame: pd.DataFrame,
        *,
        empty: str,
        sheets: Mapping[str, pd.DataFrame] | None = None,
        as_named: bool = False,
    ) -> None:
        """Print the frame, or write it to the file and say so.

        Args:
            frame: The table; its index is left out.
            empty: What to say if it has no row: why, and what would have some.
            sheets: What an Excel workbook has beside the table, by the names of the sheets.
            as_named: Whether its columns keep their names on the screen, as those of a query do.
        """
        if frame.empty:
            say(empty)
        if self.output is None:
            print_frame(frame, self.form, rows_on_terminal=self._rows_on_terminal, as_named=as_named)
        else:
            from chaingraph.export.tables import write_table, write_tables

            if sheets and self.output.suffix.lower() == ".xlsx":
                write_tables({self.output.stem: frame, **sheets}, self.output)
            else:
                write_table(frame, self.output)
            say(f"{quantity(len(frame), 'rows')} → {self.output}")

    def refuse_any(self, reason: str) -> None:
        """Refuse to write a file or to print as a format what is no table."""
        name = "-o" if self.output is not None else "--format" if self.form is not None else None
        if name is not None:
            message = tr("{name} does not apply: {reason}", name=name, reason=reason)
            raise UsageError(message)


@dataclass(frozen=True)
class OrderedOutput(Output):
    """Where a table goes whose first rows say most."""

    top: Annotated[int | None, option(Panel.OUTPUT, "Only the first N rows.", metavar="N", min=1)] = None

    @property
    def _rows_on_terminal(self) -> int | None:
        return super()._rows_on_terminal if self.top is None else None

    def write(
        self,
        frame: pd.DataFrame,
        *,
        empty: str,
        sheets: Mapping[str, pd.DataFrame] | None = None,
        as_named: bool = False,
    ) -> None:
        """Print or write the first rows of the frame."""
        head = frame if self.top is None else frame.head(self.top)
        super().write(head, empty=empty, sheets=sheets, as_named=as_named)


def use_utf8() -> None:
    """Make the streams take Chinese whatever the locale; a terminal that cannot show it shows question marks.

    A file or pipe gets UTF-8, or what PYTHONIOENCODING names, and the line ends of the text on every system.
    """
    named = os.environ.get("PYTHONIOENCODING", "").partition(":")[0] or None
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding=named or "utf-8", errors="backslashreplace", newline="\n")


def say(words: str) -> None:
    """Print words for a person on stderr."""
    from rich.console import Console

    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    console.print("\n".join(excerpt(line, _UNBOUNDED) for line in words.split("\n")))


def say_note(note: str) -> None:
    """Say what was assumed, left out or made on the way."""
    say(tr("note: {note}", note=note))


def quantity(number: int, words: str) -> str:
    """Return a number with the words that follow it, which stand in the plural; for 1 they become singular.

    >>> quantity(1, "organizations have no date and are kept")
    '1 organization has no date and is kept'
    >>> quantity(2000, "consortia"), quantity(1, "consortia"), quantity(1, "industries")
    ('2,000 consortia', '1 consortium', '1 industry')
    >>> [quantity(1, words) for words in ("ties", "classes", "cases", "branches", "measures")]
    ['1 tie', '1 class', '1 case', '1 branch', '1 measure']
    """
    translation = quantity_in_language(number, words)
    if translation is not None:
        return translation
    if number != 1:
        return f"{number:,} {words}"
    singular = words.split(" ")
    nouns = [place for place, word in enumerate(singular) if word.endswith("s") or word in _SINGULAR_NOUNS]
    if nouns and singular[0] not in _SINGULAR_VERBS:
        noun = singular[nouns[0]]
        regular = f"{noun[:-3]}y" if noun.endswith("ies") else _PLURALS.sub("", noun, count=1)
        singular[nouns[0]] = _SINGULAR_NOUNS.get(noun, regular)
    return " ".join(["1", *(_SINGULAR_VERBS.get(word, word) for word in singular)])


def say_equal(frame: pd.DataFrame, columns: Iterable[str], rows: str, *, instead: str) -> None:
    """Say which columns have one value for all rows, so that they order nothing.

    Args:
        frame: The table.
        columns: The columns by which somebody could order its rows.
        rows: What a row is, in the plural.
        instead: If all columns are so: what would differ.
    """
    if len(frame) < 2:
        return
    counts = {name: frame[name].nunique() for name in columns}
    equal = [name for name, count in counts.items() if count < 2]
    different = [name for name, count in counts.items() if count > 1]
    if equal:
        rest = tr("different: {names}", names=enumeration(different)) if different else instead
        say(tr("equal for all {rows}: {equal}; {rest}", rows=rows, equal=enumeration(equal), rest=rest))


@contextmanager
def progress(words: str) -> Iterator[Callable[[str], None]]:
    """Show what is going on, on a terminal only; the value changes the words."""
    # A notebook tells the commands it runs to colour what they write, though no terminal is there.
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.text import Text

    with Console(stderr=True).status(Text(words)) as status:
        yield lambda step: status.update(Text(step))


def write_out(text: str) -> None:
    """Write a text on stdout; a terminal gets its control characters as text, as they could take it over."""
    if sys.stdout.isatty():
        text = "\n".join(excerpt(line, len(line) * _LONGEST_ESCAPE) for line in text.split("\n"))
    sys.stdout.write(text)


def print_frame(
    frame: pd.DataFrame,
    form: Format | None = None,
    *,
    rows_on_terminal: int | None = None,
    as_named: bool = False,
) -> None:
    """Print a frame on stdout.

    Args:
        frame: The table; its index is left out.
        form: How; a table if None.
        rows_on_terminal: After how many rows a table ends that a person reads in a terminal; the rest is counted. None:
            no row is left out.
        as_named: Whether columns keep their names in a table; else they have titles in the user's language.
    """
    from chaingraph.export.tables import csv_text, json_text

    if form in (None, Format.table) and not as_named:
        frame = frame.set_axis(titles(frame.columns), axis=1)

    if form is Format.csv:
        write_out(csv_text(frame))
    elif form is Format.json:
        write_out(json_text(frame))
    elif sys.stdout.isatty():
        from rich.console import Console

        first_rows = frame if rows_on_terminal is None else frame.head(rows_on_terminal)
        Console(highlight=False, markup=False).print(_rich_table(first_rows))
        if len(first_rows) < len(frame):
            say(
                tr(
                    "the first {count} of {rows}; all of them: --format table, or -o FILE.xlsx or .csv",
                    count=len(first_rows),
                    rows=quantity(len(frame), "rows"),
                )
            )
    else:
        from chaingraph.cli.text_table import text_lines

        sys.stdout.writelines(f"{line}\n" for line in text_lines(frame))


def _rich_table(frame: pd.DataFrame) -> Table:
    from rich.table import Table
    from rich.text import Text

    from chaingraph.cli.text_table import cell, is_number_column

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in frame.columns:
        justify: Literal["left", "right"] = "right" if is_number_column(frame[name]) else "left"
        table.add_column(Text(excerpt(str(name), _UNBOUNDED)), justify=justify, overflow="fold")
    for row in frame.itertuples(index=False):
        table.add_row(*(Text(cell(value)) for value in row))
    return table
