"""``chaingraph import roster``: a roster as an office keeps it becomes a data set folder that a person can correct."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chaingraph.cli.command import Panel, option
from chaingraph.cli.options import RosterColumns, refuse
from chaingraph.cli.output import progress, quantity, say
from chaingraph.errors import UsageError
from chaingraph.messages import enumeration, tr, user_language

if TYPE_CHECKING:
    from chaingraph.rosters import Roster


def roster(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help="Workbooks or CSV files as kept, or folders of them: one roster together."),
    ],
    output: Annotated[
        Path | None, option(Panel.OUTPUT, "The folder to write.", "--output", "-o", metavar="FOLDER")
    ] = None,
    check: Annotated[
        bool, option(Panel.OUTPUT, "Only tell how it is read; 1 if a question or a cell is open.", "--check")
    ] = False,
    encoding: Annotated[
        str | None, option(Panel.INPUT, "How CSV files are encoded, if not in UTF-8.", metavar="NAME")
    ] = None,
    *,
    columns: RosterColumns,
) -> None:
    """Import rosters: sheets of your own headings.

    Writes the tables, which you can correct, and reading.toml, which says what was read as what. What reading.toml in
    the folder says of a column is followed when the roster is imported again.
    """
    from chaingraph.rosters.opening import roster_of
    from chaingraph.rosters.reading_file import FILE_NAME
    from chaingraph.rosters.summary import summary

    if check == (output is not None):
        message = tr("expected -o FOLDER to write the tables, or --check to read and tell only")
        raise UsageError(message)
    earlier = None if output is None or not (output / FILE_NAME).is_file() else output / FILE_NAME
    with progress(tr("reading {paths}", paths=enumeration(map(str, paths)))):
        read = roster_of(*paths, encoding=encoding, columns=columns.columns, reading=earlier)
    for line in summary(read, str(paths[0]), user_language()):
        say(line)
    if output is not None:
        _write(read, output)
    elif read.log.cells or any(
        column.candidates for one in read.sheets if one.reading for column in one.reading.left_out
    ):
        raise typer.Exit(1)


def _write(read: Roster, output: Path) -> None:
    """Write the folder whole or not at all; of what lies in it only the files of an earlier import are replaced."""
    import shutil

    from chaingraph.export.files import replacement
    from chaingraph.rosters.opening import folder_files
    from chaingraph.tables import contract

    if output.exists() and not output.is_dir():
        refuse({"--output": output}, tr("{output} is a file; name a folder", output=output))
    with replacement(output, folder=True) as new:
        if output.is_dir():
            shutil.copytree(output, new, symlinks=True)
            for table in contract():
                (new / f"{table}.csv").unlink(missing_ok=True)
        else:
            new.mkdir()
        for name, text in folder_files(read, output).items():
            (new / name).write_text(text, encoding="utf-8", newline="")
    rows = sum(frame.height for frame in read.frames.values())
    size = enumeration([quantity(len(read.frames), "tables"), quantity(rows, "rows")])
    say(tr("{size} → {output}; open it with: chaingraph page {output} -o page.html", size=size, output=output))
