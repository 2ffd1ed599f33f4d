"""The page of the commands, made from the commands themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

import typer

from chaingraph.cli.main import app
from generated.markdown_text import code, escaped, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class Command(Protocol):
    """What this page needs of a command; typer's own classes are not public."""

    help: str | None
    params: Sequence[Parameter]
    context_class: Callable[..., object]

    def get_usage(self, context: object) -> str:
        """Return the line that says how it is called."""
        ...


class Parameter(Protocol):
    """An argument or an option."""

    param_type_name: str
    hidden: bool

    def get_help_record(self, context: object) -> tuple[str, str] | None:
        """Return its names and what it is; None for one that help does not list."""
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
    for title in ("Argument", "Option"):
        parameters = [each for each in command.params if each.param_type_name == title.lower() and not each.hidden]
        records = [record for each in parameters if (record := each.get_help_record(context))]
        if records:
            parts.append(table((title, "What it is"), [(code(names), escaped(text)) for names, text in records]))
    return "\n\n".join(parts)
