"""What is wrong with how a command was called, in the user's language, with the nearest name that would be right."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

from chaingraph.cli.shell_words import shell_line
from chaingraph.errors import did_you_mean
from chaingraph.languages import words
from chaingraph.messages import enumeration, lazy_tr, tr

_REASONS = (
    (re.compile("Input should be a valid integer"), lazy_tr("expected a whole number")),
    (re.compile("Input should be a valid number"), lazy_tr("expected a number")),
    (re.compile("Input should be greater than or equal to (.+)"), lazy_tr("expected at least {}")),
    (re.compile("Input should be less than or equal to (.+)"), lazy_tr("expected at most {}")),
    (re.compile("Input should be greater than (.+)"), lazy_tr("expected more than {}")),
    (re.compile("Input should be less than (.+)"), lazy_tr("expected less than {}")),
    (re.compile(r"Value error, (.+) is not one of (.+)\."), lazy_tr("{} is none of {}")),
)
"""What is said of a value that an option cannot have, and the same in our words."""


def usage_lines(error: Any) -> list[str]:  # noqa: ANN401 - typer keeps the class private
    """Return how the command is called, where its help is, and what is wrong with this call.

    Args:
        error: What typer raises for a call that it does not understand.
    """
    context = error.ctx
    if type(error).__name__ == "NoArgsIsHelpError":
        return [str(error.message)]
    if context is None:
        return [tr("Error: {message}", message=_option_message(error))]
    pieces = " ".join(context.command.collect_usage_pieces(context))
    return [
        tr("Usage: {command} {pieces}", command=context.command_path, pieces=pieces),
        tr("Try '{command} -h' for help.", command=context.command_path),
        "",
        tr("Error: {message}", message=_message(error)),
    ]


def _message(error: Any) -> str:  # noqa: ANN401 - as above
    name, command, text = type(error).__name__, error.ctx.command, str(error.message)
    if name == "NoSuchOption":
        options = [option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)]
        return tr("No such option: {option}", option=error.option_name) + did_you_mean(
            error.option_name, [option for option in options if option.startswith("-")]
        )
    if name == "MissingParameter":
        hint = error.param.get_error_hint()
        if error.param.param_type_name == "argument":
            return tr("Missing argument {name}.", name=hint)
        return tr("Missing option {name}; for example: {example}", name=hint, example=_example(error.ctx, error.param))
    if name == "BadParameter" and error.param is not None:
        return tr("Invalid value for {name}: {reason}", name=error.param.get_error_hint(), reason=_reason(text))
    if match := re.match(r"No such command '(.*?)'", text):
        return tr("No such command '{name}'", name=match[1]) + _instead(match[1], command)
    if match := re.match(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", text):
        return tr("Got more arguments than the command takes: {arguments}", arguments=match[1])
    return str(error.format_message())


def _option_message(error: Any) -> str:  # noqa: ANN401 - as above
    text = str(error.format_message())
    if "requires an argument" in text:
        return tr("Option '{option}' requires an argument.", option=error.option_name)
    if "does not take a value" in text:
        return tr("Option '{option}' does not take a value.", option=error.option_name)
    return text


def _reason(text: str) -> str:
    for pattern, reason in _REASONS:
        match = pattern.match(text)
        if match is not None:
            names = re.findall("'([^']+)'", match[2]) if match.re.groups > 1 else []
            return reason.format(*match.groups()) + did_you_mean(match[1].strip("'") if names else "", names)
    return text


def _example(context: Any, parameter: Any) -> str:  # noqa: ANN401 - as above
    """Return the call with a value for the option that is missing: that of the example in the help of the command."""
    names = _names(context)
    example = words("chaingraph.cli")["examples"][" ".join(names)].split()
    value = next(value for option, value in pairwise(example) if option in parameter.opts)
    sources = [str(one) for one in context.params.get("sources") or () if one]
    if len(sources) == 1 and "://" not in sources[0]:
        value = f"{Path(sources[0]).stem}{Path(value).suffix}"
    return shell_line("chaingraph", *names, *sources, parameter.opts[-1], value)


def _names(context: Any) -> list[str]:  # noqa: ANN401 - as above
    """Return the names of a command and its group, whatever the program was started as."""
    return [] if context.parent is None else [*_names(context.parent), str(context.info_name)]


def _instead(name: str, group: Any) -> str:  # noqa: ANN401 - as above
    """Say what could be meant by a name that is no command of a group: a file, or another command."""
    path = Path(name)
    if path.suffix.lower() in {".xlsx", ".xls", ".ods", ".csv"} and path.is_file() and "page" in group.commands:
        command = shell_line("chaingraph", "page", name, "-o", f"{path.stem}.html")
        return tr("; it is a file, which becomes a page with: {command}", command=command)
    close = did_you_mean(name, list(group.commands))
    return close or tr("; expected one of {names}", names=enumeration(group.commands))
