"""``chaingraph package``: a data set as open data, with the metadata of Frictionless, CSVW and RO-Crate."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from chaingraph.cli.command import Panel, option
from chaingraph.cli.options import Reading, say_notes
from chaingraph.cli.output import progress, quantity, say
from chaingraph.errors import UsageError
from chaingraph.messages import enumeration, tr


def package(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A roster, a workbook or a data set folder.")],
    output: Annotated[Path, option(Panel.OUTPUT, "The folder to write.", "--output", "-o", metavar="FOLDER")],
    *,
    reading: Reading,
) -> None:
    """Write a data set as open data.

    The folder has one CSV file per table, and describes them for other programs: datapackage.json (Frictionless),
    csv-metadata.json (CSV on the Web) and ro-crate-metadata.json (RO-Crate). It opens as the same graph.
    """
    from chaingraph.importers.data_set_folder import check_folder
    from chaingraph.store.source import sources_of
    from chaingraph.tables.packages import package_files

    reading.check([source])
    sources = sources_of(source)
    if len(sources) != 1 or not sources[0].has_tables:
        message = tr("cannot package {source}: expected one roster, workbook or data set folder", source=source)
        raise UsageError(message)
    if sources[0].path.resolve() == output.resolve():
        message = tr("cannot write {output}: it is the source; name another folder", output=output)
        raise UsageError(message)
    check_folder(output)
    with progress(tr("reading {source}", source=source)):
        data = sources[0].tables(
            encoding=reading.encoding, create="organizations" if reading.create else None, columns=reading.columns
        )
    say_notes(data)
    files = package_files(data)
    _write(files, output)
    tables = [name for name in files if name.endswith(".csv")]
    rows = sum(data.rows[name.removesuffix(".csv")].height for name in tables)
    say(f"{enumeration([quantity(len(tables), 'tables'), quantity(rows, 'rows')])} → {output}")


def _write(files: dict[str, bytes], folder: Path) -> None:
    """Write the folder whole or not at all; tables of an earlier data set there go, its other files stay."""
    from chaingraph.export.files import replacement
    from chaingraph.tables import contract

    with replacement(folder, folder=True) as new:
        if folder.is_dir():
            shutil.copytree(folder, new, symlinks=True)
            for table in contract():
                (new / f"{table}.csv").unlink(missing_ok=True)
        else:
            new.mkdir()
        for name, content in files.items():
            (new / name).write_bytes(content)
