"""``chaingraph read``: documents become candidate rows with their words, in a workbook for a person to decide."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chaingraph.cli.command import Panel, option
from chaingraph.cli.output import Format, FormatOption, print_frame, progress, quantity, say, say_note
from chaingraph.errors import UsageError
from chaingraph.messages import enumeration, tr

if TYPE_CHECKING:
    from chaingraph.extraction import Candidates


def read(
    documents: Annotated[
        list[Path], typer.Argument(metavar="DOCUMENT", help="Text, HTML, PDF or Word (.docx); several may stand.")
    ],
    output: Annotated[
        Path | None,
        option(
            Panel.OUTPUT,
            "The workbook (.xlsx) to decide in; the texts go into a folder beside it.",
            "--output",
            "-o",
            metavar="FILE",
        ),
    ] = None,
    form: FormatOption = None,
    data_set: Annotated[
        Path | None,
        option(Panel.INPUT, "The data set that they are for: its names, and what is decided.", metavar="FOLDER"),
    ] = None,
    encoding: Annotated[
        str | None, option(Panel.INPUT, "How text and HTML are encoded, if not found out.", metavar="NAME")
    ] = None,
    model: Annotated[
        str | None,
        option(
            Panel.INPUT, "A language model that reads, too, by its address (OpenAI's chat protocol).", metavar="URL"
        ),
    ] = None,
    model_name: Annotated[str | None, option(Panel.INPUT, "What that address calls the model.", metavar="NAME")] = None,
) -> None:
    """Read documents into candidate rows, each with the words that state it.

    Lists and tables are read first, then prose. Nothing is sent anywhere, unless --model names an address; its key is
    taken from CHAINGRAPH_MODEL_KEY. Decide in the workbook, then run accept.
    """
    from chaingraph.extraction import LanguageModel
    from chaingraph.extraction import read as read_documents

    if output is not None and form is not None:
        message = tr("--format is for standard output; with -o the candidates go into a workbook: give one of them")
        raise UsageError(message)
    if output is not None and output.suffix.lower() != ".xlsx":
        message = tr("cannot write {output}: expected a name that ends in .xlsx", output=output)
        raise UsageError(message)
    if (model is None) != (model_name is None):
        message = tr("--model and --model-name go together: the address, and what it calls the model")
        raise UsageError(message)
    language_model = None
    if model is not None and model_name is not None:
        say(
            tr(
                "the texts of {documents} are sent to {model}",
                documents=quantity(len(documents), "documents"),
                model=model,
            )
        )
        language_model = LanguageModel(model, model_name, os.environ.get("CHAINGRAPH_MODEL_KEY"))
    with progress(tr("reading {documents}", documents=quantity(len(documents), "documents"))):
        candidates = read_documents(documents, data_set=data_set, encoding=encoding, model=language_model)
    for note in candidates.notes:
        say_note(note)
    _write(candidates, output, form)


def _write(candidates: Candidates, output: Path | None, form: Format | None) -> None:
    if not candidates.rows:
        say(tr("no row is proposed: no list, and no sentence that names who leads, joins, hosts or counts"))
    if output is not None:
        candidates.save(output)
        tables = enumeration(quantity(len(frame), table) for table, frame in candidates.frames.items())
        say(f"{tables or quantity(0, 'rows')} → {output}")
        say(tr("decide there, then: chaingraph accept {output} -o FOLDER", output=output))
    elif form is Format.json:
        from chaingraph.export.tables import json_document

        typer.echo(json_document([row.record() for row in candidates.rows]), nl=False)
    else:
        import pandas as pd

        from chaingraph.export.cells import cell_text

        rows = [
            {
                "table": row.table,
                "cells": "; ".join(f"{name}={cell_text(value)}" for name, value in row.cells.items()),
                "words": row.quote,
                "document": row.document,
                "page": row.page,
                "start": row.start,
                "confidence": row.confidence,
            }
            for row in candidates.rows
        ]
        columns = ["table", "cells", "words", "document", "page", "start", "confidence"]
        print_frame(pd.DataFrame(rows, columns=columns), form or Format.table)
