"""What kind of thing a source is: an endpoint, a built store, tables in files or frames, or an RDF file.

Opening, building and comparing all decide by :func:`sources_of`, so that a source means the same to each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

import pandas as pd
import polars as pl

from chaingraph.errors import UsageError, excerpt
from chaingraph.messages import lazy_tr, tr
from chaingraph.rosters.files import SUFFIXES
from chaingraph.rosters.opening import holds_decisions, read_tables_or_roster
from chaingraph.store.versions import STORE_SUFFIX
from chaingraph.tables import DataSet, read
from chaingraph.tables.files import TABLE_SUFFIXES
from chaingraph.tables.frames import Frame, Frames, likely_table
from chaingraph.tables.metadata import FILE_NAME
from chaingraph.tables.sheets import SUFFIXES as WORKBOOK_SUFFIXES

EXPECTED = lazy_tr(
    "expected a data set folder, a workbook or roster (.xlsx, .xls, .ods, .csv), an RDF file "
    "(.ttl, .nt, .jsonld, .rdf) or a built store (.kg)"
)
EXCERPT = 200
"""The longest text of another server that a message quotes, in characters."""

SourceLike = str | Path | Frames | Frame
"""What may be opened: a path, the address of an endpoint, or frames by table name."""


class Kind(Enum):
    """The kinds of sources."""

    ENDPOINT = "endpoint"
    STORE = lazy_tr("built store")
    FOLDER = lazy_tr("folder of tables")
    WORKBOOK = "workbook"
    ROSTER = "roster"
    FRAMES = "frames"
    RDF = lazy_tr("RDF file")


@dataclass(frozen=True, eq=False)
class Source:
    """One source: its kind, where it is (an address, a path, or frames by table name), and its name in messages.

    ``decisions`` are files that say who is who among the names of a roster.
    """

    kind: Kind
    origin: str | Path | Frames
    name: str
    decisions: tuple[Path, ...] = ()

    def __str__(self) -> str:
        """Return the name, which holds no password."""
        return self.name

    @property
    def path(self) -> Path:
        """The path of a source that is a file or folder."""
        assert isinstance(self.origin, Path)
        return self.origin

    @property
    def has_tables(self) -> bool:
        """Tell whether the source is tables, by the contract or as kept."""
        return self.kind in {Kind.FOLDER, Kind.WORKBOOK, Kind.ROSTER, Kind.FRAMES}

    def tables(
        self, *, encoding: str | None = None, create: str | None = None, columns: Mapping[str, str] | None = None
    ) -> DataSet:
        """Read the tables of a source that has tables.

        See :func:`chaingraph.tables.read` and, for files that do not follow the contract,
        :func:`chaingraph.rosters.opening.read_tables_or_roster`.
        """
        assert not isinstance(self.origin, str)
        if isinstance(self.origin, Mapping) or (create is not None and self.kind is not Kind.ROSTER):
            return read(self.origin, encoding=encoding if self.kind is Kind.FOLDER else None, create=create)
        return read_tables_or_roster(self.origin, encoding=encoding, columns=columns, decisions=self.decisions)


def sources_of(given: SourceLike | Iterable[SourceLike]) -> list[Source]:
    """Return the sources that are meant, each with its kind; a folder of described data sets stands for all of them.

    >>> [source.kind.value for source in sources_of(["https://kg.example.org/sparql", "roster.xlsx", "graph.ttl"])]
    ['endpoint', 'workbook', 'RDF file']

    Raises:
        UsageError: Nothing is given, or something that cannot be a source.
    """
    if isinstance(given, str | Path | Mapping | Frame) or not isinstance(given, Iterable):
        several = [given]
    else:
        several = list(given)
    if not several:
        message = tr("there is nothing to open; {expected}", expected=EXPECTED)
        raise UsageError(message)
    sources: list[Source] = []
    for one in several:
        if isinstance(one, str | Path):
            sources += _files_or_endpoint(one)
        else:
            count = sum(source.kind is Kind.FRAMES for source in sources)
            sources.append(Source(Kind.FRAMES, _frames(one), f"frames {count + 1}" if count else "frames"))
    return _with_decisions(sources)


def _with_decisions(sources: list[Source]) -> list[Source]:
    """Give files of decisions on who is who to the rosters beside them, of which they are no part of their own."""
    if len(sources) == 1:
        return sources
    files = [one for one in sources if one.kind is Kind.ROSTER and holds_decisions(one.path)]
    others = [one for one in sources if one not in files]
    if not any(one.has_tables and isinstance(one.origin, Path) for one in others):
        return sources
    paths = tuple(one.path for one in files)
    return [replace(one, decisions=paths) if isinstance(one.origin, Path) else one for one in others]


def _files_or_endpoint(given: str | Path) -> list[Source]:
    if is_address(given):
        return [Source(Kind.ENDPOINT, str(given), name_of(str(given)))]
    return [Source(_kind(path), path, str(path)) for path in _data_sets(Path(given))]


def _kind(path: Path) -> Kind:
    if path.suffix == STORE_SUFFIX and path.exists():
        return Kind.STORE
    if path.is_dir():
        return Kind.FOLDER
    if path.suffix.lower() in WORKBOOK_SUFFIXES:
        return Kind.WORKBOOK
    return Kind.ROSTER if path.suffix.lower() in SUFFIXES else Kind.RDF


def _data_sets(path: Path) -> list[Path]:
    """Return the data sets of a folder that holds described data sets and is none itself; else the path alone."""
    if path.parts[:1] in {("http:",), ("https:",)}:
        message = tr("{path}: the address of an endpoint is given as text, not as a Path, which changes it", path=path)
        raise UsageError(message)
    if (
        not path.is_dir()
        or path.suffix == STORE_SUFFIX
        or any(child.suffix in TABLE_SUFFIXES for child in path.iterdir())
    ):
        return [path]
    return [child for child in sorted(path.iterdir()) if (child / FILE_NAME).is_file()] or [path]


def _frames(given: object) -> Frames:
    if isinstance(given, Mapping):
        return given
    if isinstance(given, pd.DataFrame | pl.DataFrame):
        message = tr(
            "a frame alone does not say which table it is; name the table, such as "
            "cg.open({{'{likely_table}': frame}})",
            likely_table=likely_table(given),
        )
        raise UsageError(message)
    if isinstance(given, Sequence):
        message = tr("several sources are given one after another, cg.open(first, second), not as a list")
        raise UsageError(message)
    message = tr(
        "a source of type {name} cannot be opened; {expected}, or frames by table name",
        name=type(given).__name__,
        expected=EXPECTED,
    )
    raise UsageError(message)


def is_address(source: object) -> bool:
    """Tell whether a source is the address of an endpoint.

    >>> is_address("https://kg.example.org/sparql"), is_address("graph/jiangsu-2022")
    (True, False)
    """
    return isinstance(source, str) and source.lower().startswith(("http://", "https://"))


def name_of(address: str) -> str:
    """Return an address as it may be shown: without parameters, user and password.

    >>> name_of("https://ann:secret@kg.example.org/sparql?key=1")
    'https://kg.example.org/sparql'
    """
    scheme, _, rest = address.partition("://")
    authority_and_path = rest.partition("?")[0].partition("#")[0]
    host, slash, path = authority_and_path.partition("/")
    return excerpt(f"{scheme}://{host.rpartition('@')[2]}{slash}{path}", EXCERPT)
