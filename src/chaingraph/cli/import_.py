"""What ``import`` does: other people's downloads become data set folders, and their faults a report."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chaingraph.cli.options import Form
from chaingraph.cli.output import Format, print_frame, progress, quantity, say
from chaingraph.export.files import replacement
from chaingraph.export.tables import check_suffix, csv_bytes, csv_rows

if TYPE_CHECKING:
    from chaingraph.importers.cordis import Imported

app = typer.Typer(
    help="Make a data set folder of another's download.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _group() -> None:
    """Keep the name of the source in the command even while there is one source only."""


@app.command()
def cordis(
    path: Annotated[Path, typer.Argument(help="The download as CSV: a zip, or the folder of its files.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write.")],
    min_partners: Annotated[
        int, typer.Option("--min-partners", min=0, help="Only projects of at least so many organizations.")
    ] = 0,
    programme: Annotated[
        list[str] | None, typer.Option(help="Only under this legal basis, such as HORIZON.2.4; several may stand.")
    ] = None,
    scheme: Annotated[
        list[str] | None, typer.Option(help="Only of this funding scheme: RIA, or in full; several may stand.")
    ] = None,
    title: Annotated[
        list[str] | None, typer.Option(help="Only with these words in the title; several may stand.")
    ] = None,
    country: Annotated[
        list[str] | None, typer.Option(help="Only with a participant from there (DE, UK, EL); several may stand.")
    ] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Only started then or later.")] = None,
    name: Annotated[str | None, typer.Option(help="The data set's name; else the folder's.")] = None,
    retrieved: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day of the snapshot; else that of the zip's members.")
    ] = None,
    faults: Annotated[Path | None, typer.Option(help="Write every fault of the source to this .csv file.")] = None,
    form: Form = Format.table,
) -> None:
    """Import CORDIS: EU projects and who takes part.

    PATH is the official download of FP7, Horizon 2020 or Horizon Europe. Prints the faults of the source, a row a
    kind; they do not change the exit status.
    """
    from chaingraph.importers.cordis import Selection, import_cordis
    from chaingraph.importers.cordis.faults import counts

    if faults is not None:
        check_suffix(faults, (".csv",))
    selection = Selection(
        min_partners=min_partners,
        programmes=tuple(programme or ()),
        schemes=tuple(scheme or ()),
        titles=tuple(title or ()),
        countries=tuple(country or ()),
        since=since,
    )
    with nullcontext() if faults is None else replacement(faults) as listed:
        with progress(f"importing {path}") as report:
            made = import_cordis(path, output, selection=selection, name=name, retrieved=retrieved, report=report)
        if listed is not None:
            listed.write_bytes(csv_bytes(csv_rows(made.faults.columns, made.faults.iter_rows())))
    told = counts(made.faults)
    print_frame(told[told["count"] > 0].reset_index(drop=True), form)
    _say_counts(made, output)


def _say_counts(made: Imported, output: Path) -> None:
    rows = ", ".join(quantity(made.rows[table], table) for table in ("projects", "organizations", "participations"))
    faults = quantity(made.faults.height, "faults of the source")
    say(f"{rows}; {faults}, kept as they stand → {output}")
