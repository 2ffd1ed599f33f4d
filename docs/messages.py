"""Keep the catalogues of messages: what the program can say, taken from its code and its commands, and its Chinese.

``python docs/messages.py`` brings ``src/chaingraph/locale`` up to date: new messages are added without a translation,
those that no code has any more are removed, the Chinese catalogue is compiled. It ends with status 1 while a message
has no translation, and lists those.
"""

from __future__ import annotations

import ast
import inspect
import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from chaingraph.cli.command import Panel
from chaingraph.cli.main import app
from chaingraph.export.files import write_bytes
from chaingraph.messages import QUANTITY

if TYPE_CHECKING:
    from collections.abc import Iterator

    import click

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "chaingraph"
CHINESE = SOURCE / "locale" / "zh" / "LC_MESSAGES" / "chaingraph.po"
HEADER = "# What the program says, in Chinese. Kept by docs/messages.py; translations are written here by hand."
DAY = datetime(2026, 11, 30, tzinfo=UTC)
"""What the catalogues say of when they were made: always the same, so that equal messages give equal files."""
FUNCTIONS = {"tr": (None, 0), "lazy_tr": (None, 0), "quantity": (QUANTITY, 1), "say_count": (QUANTITY, 1)}
"""By function that takes a message: its context, and which of the arguments it is."""


Message: TypeAlias = tuple[str | None, str]
"""The context of a message and its text in English."""


def messages() -> dict[Message, set[str]]:
    """Return every message with the files that have it, relative to the package."""
    places: dict[Message, set[str]] = {}
    for path in SOURCE.rglob("*.py"):
        for message in messages_of(path.read_text(encoding="utf-8")):
            places.setdefault(message, set()).add(path.relative_to(SOURCE).as_posix())
    for message in help_texts():
        places.setdefault((None, message), set()).add("cli")
    tables = json.loads((ROOT / "ontology" / "tables.json").read_text(encoding="utf-8"))["tables"]
    for table in tables:
        places.setdefault((QUANTITY, Path(table["url"]).stem), set()).add("ontology/tables.json")
    return places


def messages_of(code: str) -> Iterator[Message]:
    r"""Yield the messages of a module; also those within f-strings, where Babel's own reader does not look.

    >>> list(messages_of("say(f\"{quantity(3, 'rows')}{tr('; all of them')}\")"))
    [('quantity', 'rows'), (None, '; all of them')]
    """
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
            context, place = FUNCTIONS[node.func.id]
            argument = node.args[place] if len(node.args) > place else None
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield context, argument.value


def help_texts() -> Iterator[str]:
    """Yield what the help of every command says: what it is for, its arguments and options, and the panels."""
    import typer

    yield from (str(panel) for panel in Panel)
    commands: list[click.Command] = [typer.main.get_command(app)]
    while commands:
        command = commands.pop()
        commands += getattr(command, "commands", {}).values()
        for text in (command.help, command.epilog):
            if text:
                yield inspect.cleandoc(text)
        for parameter in command.params:
            if text := getattr(parameter, "help", None):
                yield text


def updated(old: Catalog, places: dict[Message, set[str]]) -> Catalog:
    """Return the catalogue with the messages of today, and the translations that it has of them."""
    new = Catalog(locale="zh", project="chaingraph", header_comment=HEADER, creation_date=DAY, revision_date=DAY)
    for context, message in sorted(places, key=lambda each: (min(places[each]), each[1], each[0] or "")):
        entry = old.get(message, context)
        files = [(file, None) for file in sorted(places[context, message])]
        new.add(message, entry.string if entry else "", locations=files, context=context)
    return new


def files() -> dict[Path, bytes]:
    """Return the catalogues as they should stand, by path."""
    with CHINESE.open("rb") as file:
        catalogue = updated(read_po(file, locale="zh"), messages())
    text, compiled = io.BytesIO(), io.BytesIO()
    write_po(text, catalogue, width=120)
    write_mo(compiled, catalogue)
    return {CHINESE: text.getvalue(), CHINESE.with_suffix(".mo"): compiled.getvalue()}


def main() -> None:
    """Write the catalogues, and say what is left to translate."""
    for path, content in files().items():
        write_bytes(path, content)
    with CHINESE.open("rb") as file:
        missing = [entry.id for entry in read_po(file, locale="zh") if entry.id and not entry.string]
    for message in missing:
        sys.stdout.write(f"{message}\n")
    if missing:
        sys.exit(1)


if __name__ == "__main__":
    main()
