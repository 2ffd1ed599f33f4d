"""The exception tree: everything that chaingraph raises on purpose.

::

    ChaingraphError
    ├── UsageError                 wrong usage: an unknown name, a missing extra, a path that cannot be written
    │   ├── UnknownTermError       a term, code, question or option that does not exist
    │   ├── UnknownThingError      an IRI or name that nothing in the graph has
    │   ├── AmbiguousNameError     a name that several things in the graph have
    │   └── UnknownLanguageError   a language that chaingraph has no words in
    ├── UnreadableError            an input that cannot be read at all
    ├── TableProblemsError         tables that were read, with every problem found in them
    ├── QueryError                 SPARQL text that is refused, with the reason
    ├── NetworkError               a network or measure that is undefined as asked
    └── MeasureError               a measure that does not exist for these numbers

``exit_status`` is what the command line ends with: 1 for problems in the data, 2 for everything else.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LONGEST_NAME = 100


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return the end of a message about an unknown name: those nearest to it, or nothing.

    >>> did_you_mean("betweeness", ["degree", "betweenness"]), did_you_mean("x", ["degree"])
    ('; did you mean betweenness?', '')
    """
    close = get_close_matches(name[:_LONGEST_NAME], list(names), n=3)
    return tr("; did you mean {term}?", term=tr(" or ").join(close)) if close else ""


def installer() -> str:
    """Return the beginning of the line that installs a package where chaingraph runs, however it was installed."""
    place = Path(sys.prefix)
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    if (place / "uv-receipt.toml").is_file():
        return f"uv pip install --python {python}"
    if (place / "pipx_metadata.json").is_file():
        return f"pipx runpip {place.name} install"
    return f"{python} -m pip install"


def install_line(extra: str) -> str:
    """Return the line that installs an extra; its quotes are those that every shell knows."""
    return f'{installer()} "chaingraph[{extra}]"'


class ChaingraphError(Exception):
    """Root of the tree; catch it to catch everything that chaingraph refuses."""

    exit_status: ClassVar[int] = 2


class UsageError(ChaingraphError):
    """The call itself cannot be carried out as written."""


class UnknownTermError(UsageError):
    """A term, code, question or option that does not exist.

    Args:
        term: The unknown name.
        expected: The names that exist; the message has the nearest of them, or else all.
    """

    def __init__(self, term: str, expected: Sequence[str]) -> None:
        self.term = term
        self.expected = tuple(expected)
        text = excerpt(term)
        similar = get_close_matches(text, self.expected, n=3)
        if similar:
            message = tr("'{term}' is unknown; did you mean {names}?", term=text, names=tr(" or ").join(similar))
        else:
            message = tr("'{term}' is unknown; expected one of {names}", term=text, names=", ".join(self.expected))
        super().__init__(message)


class UnknownLanguageError(UsageError):
    """A language that chaingraph has no words in.

    Args:
        language: The unknown language.
        expected: The languages that exist.

    >>> print(UnknownLanguageError("fr", ("zh", "en")))
    there is no language 'fr'; expected zh or en
    """

    def __init__(self, language: str, expected: Sequence[str]) -> None:
        self.language = language
        self.expected = tuple(expected)
        super().__init__(
            tr(
                "there is no language '{language}'; expected {names}",
                language=excerpt(str(language)),
                names=tr(" or ").join(self.expected),
            )
        )


class UnknownThingError(UsageError):
    """An IRI or a name that nothing in the graph has.

    Args:
        message: What is wrong, and what to do.
        name: The IRI or name.
        suggestions: The names in the graph that are nearest to it.
    """

    def __init__(self, message: str, name: str, suggestions: Iterable[str] = ()) -> None:
        self.name = name
        self.suggestions = tuple(suggestions)
        super().__init__(message)


class AmbiguousNameError(UsageError):
    """A name that several things in the graph have.

    Args:
        message: What is wrong, and what to do.
        name: The name.
        candidates: The short IRIs of the things.
    """

    def __init__(self, message: str, name: str, candidates: Iterable[str]) -> None:
        self.name = name
        self.candidates = tuple(candidates)
        super().__init__(message)


class UnreadableError(ChaingraphError):
    """An input that cannot be read at all.

    Args:
        source: The file or folder.
        reason: What is wrong with it, and what to do.
    """

    def __init__(self, source: object, reason: str) -> None:
        self.source = str(source)
        self.reason = reason
        super().__init__(f"{source}: {reason}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a table, with its place, so that a person can find and correct it.

    ``place`` is the file, with the sheet in a workbook. ``row`` counts as a spreadsheet does: the headings are row 1.
    ``missing_table`` is the table that has no row for the reference in the cell.
    """

    place: str
    row: int | None
    column: str | None
    value: str | None
    reason: str
    missing_table: str | None = None

    def __str__(self) -> str:
        """Write the problem in one line.

        >>> print(Problem("memberships.csv", 14, "since", "二〇二一", "expected a year, month or day such as 2021-10"))
        memberships.csv, row 14: 'since' holds '二〇二一', expected a year, month or day such as 2021-10
        >>> print(Problem("regions.csv", None, None, None, "the file is empty"))
        regions.csv: the file is empty
        """
        place = excerpt(self.place, 300)
        where = place if self.row is None else tr("{place}, row {row}", place=place, row=self.row)
        if self.column is None:
            return f"{where}: {self.reason}"
        column = excerpt(self.column)
        if self.value is None:
            return f"{where}: '{column}' {self.reason}"
        value = excerpt(self.value)
        return tr(
            "{where}: '{column}' holds '{value}', {reason}", where=where, column=column, value=value, reason=self.reason
        )


class TableProblemsError(ChaingraphError):
    """Tables that were read but hold mistakes; ``problems`` lists all of them, of all files."""

    exit_status: ClassVar[int] = 1

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        first = self.problems[0]
        if count == 1:
            message = tr("1 problem found: {first}", first=first)
        else:
            message = tr("{count} problems found; the first: {first}", count=count, first=first)
        super().__init__(message)


class QueryError(ChaingraphError):
    """SPARQL text that is refused, with the reason."""


class NetworkError(ChaingraphError, ValueError):
    """A network, or a measure, layout or page of it, that is undefined as asked, and what to do instead."""


class MeasureError(ChaingraphError, ValueError):
    """A measure that does not exist for these numbers, with the row and the reason.

    Args:
        reason: What is wrong, and what to do.
        measure: The name of the measure; it opens the message.
        place: The row, column or group at which the measure does not exist, such as ``row 'Suzhou'``.

    >>> print(MeasureError("the counts add up to zero; leave the row out", measure="herfindahl", place="row 'R3'"))
    herfindahl: row 'R3': the counts add up to zero; leave the row out
    """

    def __init__(self, reason: str, *, measure: str | None = None, place: str | None = None) -> None:
        self.reason = reason
        self.measure = measure
        self.place = place
        super().__init__(": ".join(part for part in (measure, place, reason) if part))


def excerpt(value: str, limit: int = 60) -> str:
    r"""Return a text fit for one line of a message: control characters escaped, cut after ``limit`` characters.

    >>> excerpt("a\nb")
    'a\\nb'
    """
    text = value[: limit + 1]
    if not text.isprintable():
        text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    return text if len(text) <= limit else text[: limit - 1] + "…"
