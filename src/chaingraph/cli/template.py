"""``chaingraph template``: a workbook to fill in, empty or filled with a data set."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from chaingraph.cli.command import Panel, option
from chaingraph.cli.options import refuse
from chaingraph.cli.output import progress, quantity, say, say_note
from chaingraph.cli.shell_words import shell_word
from chaingraph.languages import Language
from chaingraph.messages import tr


def template(
    output: Annotated[Path, option(Panel.OUTPUT, "The new .xlsx file to write.", "--output", "-o", metavar="FILE")],
    language: Annotated[Language, option(Panel.OUTPUT, "The language of headings, codes and explanations.")] = "zh",
    data: Annotated[
        Path | None,
        option(Panel.INPUT, "Fill in this data set: a folder or a workbook.", "--with", metavar="SOURCE"),
    ] = None,
    tables: Annotated[
        str | None, option(Panel.OUTPUT, "Only these tables, such as consortia,memberships.", metavar="NAME,NAME")
    ] = None,
    encoding: Annotated[
        str | None, option(Panel.INPUT, "How the CSV files of --with are encoded, if not in UTF-8.", metavar="NAME")
    ] = None,
) -> None:
    """Write a workbook to fill in with your own data.

    The first sheet is a list of consortia with their leads and members, which is enough to begin; the second explains.
    Then one sheet per table follows, with headings in Chinese or English, drop-downs, and what each column means. An
    existing file is never replaced.
    """
    from chaingraph.tables.template import tables_by_title, write
    from chaingraph.tables.template.rows import read_texts

    if data is None:
        refuse({"--encoding": encoding}, tr("there is no --with SOURCE to read"))
    names = None if tables is None else tables_by_title([name for name in tables.split(",") if name.strip()])
    contents = None if data is None else read_texts(data, encoding=encoding)
    with progress(tr("writing the workbook")):
        write(output, language=language, tables=names, data=contents)
    if contents is not None:
        for note in contents.notes:
            say_note(note)
        say(f"{quantity(sum(map(len, contents.rows.values())), 'rows')} → {output}")
        say(tr("next: chaingraph build {quote} -o graph.ttl gives the same graph", quote=shell_word(str(output))))
        return
    page = shell_word(str(output.with_suffix(".html")))
    name = shell_word(str(output))
    if names is None:
        say(
            tr(
                "→ {output}; open it in a spreadsheet program and fill in its first sheet; the second explains",
                output=output,
            )
        )
        say(tr("next: chaingraph page {name} -o {page}", name=name, page=page))
        return
    say(tr("→ {output}; open it in a spreadsheet program: its first sheet says how to fill it in", output=output))
    say(tr("next: chaingraph page {quote} --create --network affiliation -o {page}", quote=name, page=page))
