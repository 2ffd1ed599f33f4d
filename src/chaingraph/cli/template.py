"""``chaingraph template``: a workbook to fill in, empty or filled with a data set."""

from __future__ import annotations

import shlex
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from chaingraph.cli.options import Encoding
from chaingraph.cli.output import progress, quantity, say


class TemplateLanguage(StrEnum):
    """The languages of templates."""

    zh = "zh"
    en = "en"


def template(
    output: Annotated[Path, typer.Option("--output", "-o", help="The new .xlsx file to write.")],
    language: Annotated[
        TemplateLanguage, typer.Option(help="The language of headings, codes and explanations.")
    ] = TemplateLanguage.zh,
    data: Annotated[
        Path | None, typer.Option("--with", metavar="SOURCE", help="Fill in this data set: a folder or a workbook.")
    ] = None,
    tables: Annotated[
        str | None, typer.Option(metavar="NAME,NAME", help="Only these tables, such as consortia,memberships.")
    ] = None,
    encoding: Encoding = None,
) -> None:
    """Write a workbook to fill in with your own data.

    One sheet a table, with headings in Chinese or English, drop-downs, and what each column means; the first sheet
    explains. Two sheets are enough to begin. An existing file is never replaced.
    """
    from chaingraph.tables.template import chosen_tables, write
    from chaingraph.tables.template.rows import written

    names = None if tables is None else chosen_tables([name for name in tables.split(",") if name.strip()])
    filled = None if data is None else written(data, encoding=encoding)
    with progress("writing the workbook"):
        write(output, language=language.value, tables=names, data=filled)
    if filled is not None:
        for note in filled.notes:
            say(f"note: {note}")
        say(f"{quantity(sum(map(len, filled.rows.values())), 'rows')} → {output}")
        say(f"next: chaingraph build {shlex.quote(str(output))} -o graph.ttl gives the same graph")
        return
    page = shlex.quote(str(output.with_suffix(".html")))
    say(f"→ {output}; open it in a spreadsheet program: its first sheet says how to fill it in")
    say(f"next: chaingraph page {shlex.quote(str(output))} --create --network affiliation -o {page}")
