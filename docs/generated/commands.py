"""The page of the commands, made from the commands themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

import typer

from chaingraph.cli.main import app
from generated.markdown_text import code, escaped, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Command(Protocol):
    """What this page asks of a command or a group; typer's own classes are not public."""

    help: str | None
    context_class: Callable[..., object]

    def get_usage(self, context: object) -> str:
        """Return the line that says how it is called."""
        ...

    def help_sections(self, context: object) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return the arguments and the options of each panel, each with its names and what it is."""
        ...


_HEAD = """# Commands

This page is made from the commands of the program; `chaingraph COMMAND --help` prints the same.

Results go to standard output (`--format table`, `csv` or `json`), words for a person to standard error. The exit status
is 0 if all is well, 1 if the data have problems, and 2 if the command is used wrongly or an input cannot be read: then
one line says what is wrong and what to do."""


def page() -> str:
    """Return the page as Markdown: usage, words and options of each command, in the order of their names."""
    commands = sorted(_commands(cast("Command", typer.main.get_command(app)), "chaingraph"))
    return "\n\n".join([_HEAD, *(_command(name, command) for name, command in commands)]) + "\n"


def _commands(command: Command, name: str) -> Iterator[tuple[str, Command]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, command
        return
    for word, each in inner.items():
        yield from _commands(each, f"{name} {word}")


def _command(name: str, command: Command) -> str:
    context = command.context_class(command, info_name=name)
    usage = " ".join(command.get_usage(context).removeprefix("Usage: ").split())
    words = [escaped(paragraph) for paragraph in (command.help or "").split("\n\n")]
    parts = [f"## {name.removeprefix('chaingraph ')}", *words, f"```text\n{usage}\n```"]
    for title, records in command.help_sections(context):
        if title != "Help":
            rows = [(code(names), escaped(text)) for names, text in records]
            parts.append(table((title, "What it is"), rows))
    return "\n\n".join(parts)
