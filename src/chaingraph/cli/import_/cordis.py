"""``chaingraph import cordis``: the official download becomes a data set folder, and its faults a report."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chaingraph.cli.command import Panel, option
from chaingraph.cli.import_.registers import print_faults
from chaingraph.cli.output import FormatOption, progress, quantity, say
from chaingraph.export.files import replacement
from chaingraph.messages import enumeration, tr

if TYPE_CHECKING:
    from chaingraph.importers.cordis import Imported, Selection


@dataclass(frozen=True)
class ProjectFilters:
    """Which projects are imported."""

    min_partners: Annotated[
        int, option(Panel.SELECTION, "Only projects of at least so many organizations.", min=0, metavar="N")
    ] = 0
    programme: Annotated[
        list[str] | None,
        option(Panel.SELECTION, "Only under this legal basis, such as HORIZON.2.4; several may stand.", metavar="CODE"),
    ] = None
    scheme: Annotated[
        list[str] | None,
        option(Panel.SELECTION, "Only of this funding scheme: RIA, or in full; several may stand.", metavar="CODE"),
    ] = None
    title: Annotated[
        list[str] | None,
        option(Panel.SELECTION, "Only with these words in the title; several may stand.", metavar="WORDS"),
    ] = None
    country: Annotated[
        list[str] | None,
        option(Panel.SELECTION, "Only with a participant from there (DE, UK, EL); several may stand.", metavar="CODE"),
    ] = None
    since: Annotated[str | None, option(Panel.SELECTION, "Only started then or later.", metavar="DATE")] = None

    def selection(self) -> Selection:
        """Return the filters as the importer takes them."""
        from chaingraph.importers.cordis import Selection

        return Selection(
            min_partners=self.min_partners,
            programmes=tuple(self.programme or ()),
            schemes=tuple(self.scheme or ()),
            titles=tuple(self.title or ()),
            countries=tuple(self.country or ()),
            since=self.since,
        )


def cordis(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="The download as CSV: a zip, or the folder of its files.")
    ],
    output: Annotated[Path, option(Panel.OUTPUT, "The folder to write.", "--output", "-o", metavar="FOLDER")],
    name: Annotated[str | None, option(Panel.OUTPUT, "The data set's name; else the folder's.", metavar="NAME")] = None,
    retrieved: Annotated[
        str | None,
        option(Panel.INPUT, "The day of the snapshot; else that of the zip's members.", metavar="DATE"),
    ] = None,
    faults: Annotated[
        Path | None, option(Panel.OUTPUT, "Write every fault of the source to this .csv file.", metavar="FILE")
    ] = None,
    form: FormatOption = None,
    *,
    filters: ProjectFilters,
) -> None:
    """Import CORDIS: EU projects and who takes part.

    PATH is the official download of FP7, Horizon 2020 or Horizon Europe. Prints the faults of the source, one row per
    kind; they do not change the exit status.
    """
    from chaingraph.export.tables import check_suffix, csv_bytes, csv_rows
    from chaingraph.importers.cordis import import_cordis
    from chaingraph.importers.cordis.faults import counts

    if faults is not None:
        check_suffix(faults, (".csv",))
    with nullcontext() if faults is None else replacement(faults) as file:
        with progress(tr("importing {path}", path=path)) as report:
            imported = import_cordis(
                path, output, selection=filters.selection(), name=name, retrieved=retrieved, report=report
            )
        if file is not None:
            file.write_bytes(csv_bytes(csv_rows(imported.faults.columns, imported.faults.iter_rows())))
    kinds = counts(imported.faults)
    print_faults(kinds[kinds["count"] > 0].reset_index(drop=True), form)
    _say_counts(imported, output)


def _say_counts(imported: Imported, output: Path) -> None:
    rows = enumeration(
        quantity(imported.rows[table], table) for table in ("projects", "organizations", "participations")
    )
    faults = quantity(imported.faults.height, "faults of the source")
    say(tr("{rows}; {faults}, kept as they stand → {output}", rows=rows, faults=faults, output=output))
