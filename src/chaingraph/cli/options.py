"""The options that several commands share, each with what is done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from chaingraph.cli.command import Panel, option
from chaingraph.cli.output import progress, quantity, say, say_note
from chaingraph.cli.shell_words import shell_line
from chaingraph.errors import UsageError, did_you_mean, excerpt
from chaingraph.messages import enumeration, tr, user_language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path
    from typing import Any

    from chaingraph.store import KnowledgeGraph
    from chaingraph.tables import DataSet

SOURCES = (
    "A roster or workbook as you keep it (.xlsx .xls .ods .csv), data set folder, RDF file (.ttl .nt .jsonld .rdf),"
    " built store (.kg) or SPARQL endpoint (https://...); several are read as one graph."
)
TABLE_OF_NAMES = "organizations"
"""The table to which --create adds rows."""

At = Annotated[
    str | None,
    option(Panel.MEASURE, "Only what can have held then: 2022 or 2022-10.", "--at", metavar="DATE"),
]
RollUp = Annotated[
    str | None,
    option(
        Panel.MEASURE,
        "Parents stand for their units and subsidiaries, as of a date (2022) or whatever the date (any).",
        "--roll-up",
        metavar="DATE|any",
    ),
]
Level = Annotated[
    int | None,
    option(Panel.MEASURE, "The level of the regions: 0 is the highest.", metavar="N", min=0),
]
Seed = Annotated[int, option(Panel.MEASURE, "The seed of what is drawn at random.", metavar="N")]


@dataclass(frozen=True)
class RosterColumns:
    """What the columns of rosters mean."""

    column: Annotated[
        list[str] | None,
        option(
            Panel.INPUT,
            "What a column of a roster means: '负责单位=lead', or '负责单位=-' to leave it out; several may stand.",
            "--column",
            metavar="HEADING=MEANING",
        ),
    ] = None

    @property
    def columns(self) -> dict[str, str]:
        """What columns of rosters mean, by heading.

        Raises:
            UsageError: An option is no pair.
        """
        pairs = dict(text.rpartition("=")[::2] for text in self.column or ())
        if not all(heading and meaning for heading, meaning in pairs.items()):
            message = tr('expected --column "HEADING=MEANING", such as "负责单位=lead"')
            raise UsageError(message)
        return pairs


@dataclass(frozen=True)
class Reading(RosterColumns):
    """How sources are read."""

    encoding: Annotated[
        str | None,
        option(Panel.INPUT, "How CSV files are encoded, if not in UTF-8.", metavar="NAME"),
    ] = None
    create: Annotated[
        bool,
        option(Panel.INPUT, "Make an organization of each name that no row has.", "--create"),
    ] = False

    def graph(self, sources: Sequence[str]) -> KnowledgeGraph:
        """Open sources as one graph, with progress, and say what was assumed."""
        from chaingraph.store import KnowledgeGraph

        self.check(sources)
        with progress(tr("opening {sources}", sources=source_names(sources))) as report:
            graph = KnowledgeGraph.open(
                *sources, encoding=self.encoding, create=self.create, columns=self.columns, report=report
            )
        say_notes(graph)
        return graph

    def check(self, sources: Sequence[str]) -> None:
        """Refuse options about tables where no source has any.

        Raises:
            UsageError: One of them is given.
        """
        if not (self.encoding or self.create or self.column):
            return
        from chaingraph.store.source import Kind, sources_of

        kinds = {source.kind for source in sources_of(sources) if source.kind is not Kind.RDF or source.path.exists()}
        if kinds and kinds.isdisjoint({Kind.FOLDER, Kind.ROSTER}):
            refuse({"--encoding": self.encoding}, tr("no source is a folder of CSV files, or one of them"))
        if kinds and kinds.isdisjoint({Kind.FOLDER, Kind.WORKBOOK}):
            reason = tr("a roster makes what it names") if Kind.ROSTER in kinds else tr("no source has tables")
            refuse({"--create": self.create or None}, reason)
        if kinds and kinds.isdisjoint({Kind.FOLDER, Kind.WORKBOOK, Kind.ROSTER}):
            refuse({"--column": self.column}, tr("no source is a roster"))
        if self.create:
            refuse({"--column": self.column}, tr("--create reads tables of the contract, whose columns are known"))


@dataclass(frozen=True, kw_only=True)
class Sources(Reading):
    """The sources of a command, and how they are read."""

    sources: Annotated[list[str], typer.Argument(metavar="SOURCE", help=SOURCES)]

    def open(self) -> KnowledgeGraph:
        """Open the sources as one graph."""
        return self.graph(self.sources)

    def command(self, name: str, output: Path, suffix: str) -> str:
        """Return the call of another command that reads the same, and writes beside an output."""
        reading = [f"--column={column}" for column in self.column or ()]
        if self.encoding:
            reading.append(f"--encoding={self.encoding}")
        return shell_line("chaingraph", name, *self.sources, *reading, "-o", str(output.with_suffix(suffix)))


def source_names(sources: Iterable[str]) -> str:
    """Return sources as they may be shown: of an address only the scheme, the host and the path."""
    from chaingraph.store.source import is_address, name_of

    return enumeration(name_of(source) if is_address(source) else source for source in sources)


def say_notes(graph: KnowledgeGraph | DataSet) -> None:
    """Say what rosters were read as, and what was assumed while a graph or its tables were read."""
    for line in graph.summary.get(user_language(), ()):
        say(line)
    for note in graph.notes:
        say_note(note)
    for table, count in graph.created.items():
        say(tr("note: made {quantity} of names that no row has", quantity=quantity(count, table)))


def after_a_source(names: Callable[[str], list[str]]) -> Callable[[typer.Context, str], list[str]]:
    """Return what completes the last argument of a command by names, once a source is there."""

    def complete(ctx: typer.Context, incomplete: str) -> list[str]:
        if not any(ctx.params.get(name) for name in ("sources", "name", "question")):
            return []
        return names(incomplete)

    return complete


def question_names(incomplete: str) -> list[str]:
    """Return the names of competency questions that complete what is typed."""
    from chaingraph.sparql.questions import questions

    return [question.name for question in questions() if question.name.startswith(incomplete)]


def parameters(pairs: Iterable[str], option: str = "-p") -> dict[str, str]:
    """Read the NAME=VALUE pairs of an option.

    Raises:
        UsageError: A pair has no equals sign, or a name stands twice.
    """
    values: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or name in values:
            message = tr("expected {option} NAME=VALUE, each name once, and got '{pair}'", option=option, pair=pair)
            raise UsageError(message)
        values[name] = value
    return values


def limits_by(pairs: Iterable[str] | None, names: Sequence[str]) -> dict[str, list[str]]:
    """Read the NAME=VALUE pairs of ``--only`` as the filters of a network or a crosstab.

    >>> limits_by(["kind=enterprise", "kind=university", "region=Zhejiang"], ("kind", "region"))
    {'kinds': ['enterprise', 'university'], 'regions': ['Zhejiang']}

    Raises:
        UsageError: A pair has no equals sign, no value, or another name.
    """
    limits: dict[str, list[str]] = {}
    for pair in pairs or ():
        name, _, value = pair.partition("=")
        if name not in names or not value:
            message = tr(
                "expected --only NAME=VALUE with one of the names {names}, and got '{pair}'",
                names=enumeration(names),
                pair=excerpt(pair),
            )
            raise UsageError(message + did_you_mean(name, names))
        limits.setdefault(f"{name}s", []).append(value)
    return limits


def refuse(options: dict[str, Any], reason: str) -> None:
    """Refuse options that were given where they do not apply.

    Args:
        options: By the name of each option its value, None if it was not given.
        reason: Why they do not apply, and what to do.

    Raises:
        UsageError: One of them was given.
    """
    for name, value in options.items():
        if value is not None:
            message = tr("{name} does not apply: {reason}", name=name, reason=reason)
            raise UsageError(message)
