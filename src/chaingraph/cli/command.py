"""How a function becomes a command: groups of options in its signature, and help with one section per panel."""

from __future__ import annotations

import inspect
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, get_type_hints

import typer
from typer.core import TyperCommand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager


class Panel(StrEnum):
    """The sections in which help lists options, in their order."""

    QUESTION = "Question"
    MEASURE = "Measure"
    COUNTS = "Counts"
    SPACE = "Space"
    CHECKS = "Checks"
    NETWORK = "Network"
    SELECTION = "Selection"
    PAGE = "Page"
    SERVER = "Server"
    LIMITS = "Limits"
    INPUT = "Input"
    OUTPUT = "Output"


def option(panel: Panel, help_text: str, *names: str, **settings: Any) -> Any:  # noqa: ANN401 - as typer.Option
    """Return an option that stands in a panel of the help, as :func:`typer.Option` returns it."""
    return typer.Option(*names, help=help_text, rich_help_panel=panel, **settings)


class _Formatter(Protocol):
    def section(self, name: str) -> AbstractContextManager[None]: ...

    def write_dl(self, rows: Sequence[tuple[str, str]]) -> None: ...


class PanelCommand(TyperCommand):
    """A command whose help lists its options by panel, as plain text that a pipe takes as well as a terminal."""

    def format_options(self, ctx: Any, formatter: _Formatter) -> None:  # noqa: ANN401 - typer keeps the class private
        """Write one section for the arguments and one for each panel."""
        for title, records in self.help_sections(ctx):
            with formatter.section(title):
                formatter.write_dl(records)

    def help_sections(self, ctx: Any) -> list[tuple[str, list[tuple[str, str]]]]:  # noqa: ANN401 - as above
        """Return the arguments and the options of each panel, each with its names and what it is."""
        arguments = [each for each in self.get_params(ctx) if each.param_type_name == "argument"]
        options = [each for each in self.get_params(ctx) if each.param_type_name == "option"]
        panels = [(panel, [each for each in options if _panel(each) == panel]) for panel in Panel]
        help_option = [each for each in options if _panel(each) is None]
        sections = []
        for title, parameters in (("Arguments", arguments), *panels, ("Help", help_option)):
            records = [record for each in parameters if (record := each.get_help_record(ctx)) is not None]
            if parameters is arguments:
                # The type follows the name of an argument in pointed brackets, and says nothing to a person.
                records = [(names.partition(" <")[0], text) for names, text in records]
            if records:
                sections.append((str(title), records))
        return sections


def _panel(parameter: object) -> str | None:
    return getattr(parameter, "rich_help_panel", None)


def flat(function: Callable[..., None]) -> Callable[..., None]:
    """Return the function with each parameter that is a group of options replaced by the options of the group.

    A group is a dataclass whose fields are annotated as typer's parameters are. Several commands can so share options
    together with what is done with them.
    """
    signature = inspect.signature(function, eval_str=True)
    groups: dict[str, tuple[type, list[str]]] = {}
    parameters: list[inspect.Parameter] = []
    for parameter in signature.parameters.values():
        if is_dataclass(parameter.annotation) and isinstance(parameter.annotation, type):
            options = list(_options(parameter.annotation))
            groups[parameter.name] = (parameter.annotation, [option.name for option in options])
            parameters += options
        else:
            parameters.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY))

    def command(**values: object) -> None:
        for name, (group, names) in groups.items():
            values[name] = group(**{option: values.pop(option) for option in names})
        function(**values)

    command.__name__, command.__doc__ = function.__name__, function.__doc__
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    vars(command)["__signature__"] = signature.replace(parameters=parameters)
    return command


def _options(group: type) -> Iterator[inspect.Parameter]:
    """Yield the fields of a group as parameters, what a class adds before what it inherits."""
    annotations = get_type_hints(group, include_extras=True)
    by_name = {field.name: field for field in fields(group)}
    for option in [
        by_name[name]
        for name in dict.fromkeys(name for each in group.__mro__ for name in inspect.get_annotations(each))
    ]:
        default = inspect.Parameter.empty if option.default is MISSING else option.default
        yield inspect.Parameter(
            option.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotations[option.name]
        )


def group(help_text: str, **settings: Any) -> typer.Typer:  # noqa: ANN401 - the settings of typer.Typer
    """Return a group of commands with the settings that all groups share."""
    return typer.Typer(
        help=help_text,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
        **settings,
    )


def add(app: typer.Typer, *functions: Callable[..., None]) -> None:
    """Add functions to a group as commands of their names."""
    for function in functions:
        app.command(cls=PanelCommand)(flat(function))
