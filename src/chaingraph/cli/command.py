"""How a function becomes a command: groups of options in its signature, and help with one section per panel."""

from __future__ import annotations

import inspect
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, get_type_hints

import typer
from typer.core import TyperCommand, TyperGroup

from chaingraph.languages import words
from chaingraph.messages import lazy_tr, tr

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


ARGUMENTS, HELP, COMMANDS, OPTIONS = lazy_tr("Arguments"), lazy_tr("Help"), lazy_tr("Commands"), lazy_tr("Options")
_HELP_OPTION = lazy_tr("Show this message and exit.")


class _InLanguage:
    """A command or group that says what it is for in the user's language."""

    help: str | None
    epilog: str | None
    name: str | None

    def format_usage(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - typer keeps the classes private
        """Write how it is called."""
        pieces = " ".join(ctx.command.collect_usage_pieces(ctx))
        formatter.write_text(tr("Usage: {command} {pieces}", command=ctx.command_path, pieces=pieces))

    def format_help_text(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
        """Write what it is for."""
        if self.help:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(tr(inspect.cleandoc(self.help)))

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
        """Write what comes last."""
        if self.epilog:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(tr(inspect.cleandoc(self.epilog)))

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence of what it is for, as a list of commands has it."""
        return tr(inspect.cleandoc(self.help or "")).split("\n\n")[0].replace("\n", " ")

    @staticmethod
    def record(parameter: Any, ctx: Any) -> tuple[str, str] | None:  # noqa: ANN401 - as above
        """Return the names of a parameter and what it is."""
        english = parameter.help
        is_help = "--help" in getattr(parameter, "opts", ())
        parameter.help = str(_HELP_OPTION) if is_help else tr(english) if english else english
        try:
            record: tuple[str, str] | None = parameter.get_help_record(ctx)
        finally:
            parameter.help = english
        if record is None:
            return None
        names, text = record
        for extra, translation in (("[required]", tr("[required]")), ("[default: ", tr("[default: "))):
            text = text.replace(extra, translation)
        return names, text


class LanguageGroup(_InLanguage, TyperGroup):
    """A group of commands whose help is in the user's language."""

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
        """Write the options and the commands."""
        records = [record for each in self.get_params(ctx) if (record := self.record(each, ctx)) is not None]
        if records:
            with formatter.section(str(OPTIONS)):
                formatter.write_dl(records)
        commands = [
            (name, command.get_short_help_str())
            for name in self.list_commands(ctx)
            if (command := self.get_command(ctx, name)) is not None and not command.hidden
        ]
        with formatter.section(str(COMMANDS)):
            formatter.write_dl(commands)


class PanelCommand(_InLanguage, TyperCommand):
    """A command whose help lists its options by panel, as plain text that a pipe takes as well as a terminal."""

    def format_options(self, ctx: Any, formatter: _Formatter) -> None:  # noqa: ANN401 - typer keeps the class private
        """Write one section for the arguments and one for each panel."""
        for title, records in self.help_sections(ctx):
            with formatter.section(title):
                formatter.write_dl(records)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
        """Write an example, on the sample data where it needs some."""
        names: list[str] = []
        context = ctx
        while context.parent is not None:
            names.insert(0, context.info_name)
            context = context.parent
        name = " ".join(names)
        example = words("chaingraph.cli")["examples"][name]
        with formatter.section(tr("Example")):
            formatter.write(f"{' ' * formatter.current_indent}chaingraph {name} {example}".rstrip() + "\n")

    def help_sections(self, ctx: Any) -> list[tuple[str, list[tuple[str, str]]]]:  # noqa: ANN401 - as above
        """Return the arguments and the options of each panel, each with its names and what it is."""
        arguments = [each for each in self.get_params(ctx) if each.param_type_name == "argument"]
        options = [each for each in self.get_params(ctx) if each.param_type_name == "option"]
        panels = [(panel, [each for each in options if _panel(each) == panel]) for panel in Panel]
        help_option = [each for each in options if _panel(each) is None]
        sections = []
        for title, parameters in ((str(ARGUMENTS), arguments), *panels, (str(HELP), help_option)):
            records = [record for each in parameters if (record := self.record(each, ctx)) is not None]
            if parameters is arguments:
                # The type follows the name of an argument in pointed brackets, and says nothing to a person.
                records = [(names.partition(" <")[0], text) for names, text in records]
            if records:
                sections.append((tr(str(title)), records))
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
        cls=LanguageGroup,
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
