"""The command line: the commands, the global options, and what becomes of an error."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer import TyperException

from chaingraph import __version__
from chaingraph.cli import chain, import_, measure
from chaingraph.cli.accept import accept
from chaingraph.cli.ask import ask
from chaingraph.cli.assistant import assistant
from chaingraph.cli.brief import brief
from chaingraph.cli.build import build
from chaingraph.cli.check import check
from chaingraph.cli.command import add, group
from chaingraph.cli.completion import join_words
from chaingraph.cli.demo import demo
from chaingraph.cli.diff import diff
from chaingraph.cli.doctor import doctor
from chaingraph.cli.first_steps import first_steps
from chaingraph.cli.identify import identify
from chaingraph.cli.network import network
from chaingraph.cli.options import TABLE_OF_NAMES
from chaingraph.cli.output import quantity, say, use_utf8
from chaingraph.cli.package import package
from chaingraph.cli.page import page
from chaingraph.cli.prove import prove
from chaingraph.cli.query import query
from chaingraph.cli.questions import questions
from chaingraph.cli.read import read
from chaingraph.cli.serve import serve
from chaingraph.cli.template import template
from chaingraph.cli.usage_errors import usage_lines
from chaingraph.errors import ChaingraphError, TableProblemsError
from chaingraph.messages import tr

_PROBLEMS_ON_SCREEN = 50
_INTERRUPTED = 128 + signal.SIGINT

app = group(
    "Knowledge graphs of industrial-chain innovation networks: tables in; SPARQL, measures and one page out.",
    name="chaingraph",
    epilog="Begin with: chaingraph demo --open",
    invoke_without_command=True,
)


def _print_version(version: bool) -> None:
    if version:
        sys.stdout.write(f"chaingraph {__version__}\n")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    _: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        say("\n".join(first_steps(Path())))


add(app, demo, template, doctor, build, check, diff, identify)
app.add_typer(import_.app, name="import")
add(app, read, accept, package)
add(app, query, ask, questions, network, page, brief, serve, assistant)
app.add_typer(measure.app, name="measure")
app.add_typer(chain.app, name="chain")
add(app, prove)


def _say_problems(error: TableProblemsError) -> None:
    """Say what is wrong in tables, up to a screenful, and how much there is."""
    for problem in error.problems[:_PROBLEMS_ON_SCREEN]:
        say(str(problem))
    if any(problem.missing_table == TABLE_OF_NAMES for problem in error.problems):
        say(tr("names without a row among the organizations (单位): --create makes an organization of each"))
    problems, more = quantity(len(error.problems), "problems"), len(error.problems) - _PROBLEMS_ON_SCREEN
    if more > 0:
        say(tr("{problems} found, {more} of them not shown; nothing was written", problems=problems, more=more))
    else:
        say(tr("{problems} found; nothing was written", problems=problems))


def _stop_on_signals() -> None:
    """Have the signals that end a process end it as an error does, so that temporary files are removed.

    One that is ignored, as under nohup, stays so.
    """
    for name in ("SIGTERM", "SIGHUP", "SIGQUIT"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _stop)


def _stop(number: int, _: object) -> None:
    if signal.getsignal(signal.SIGTERM) is not _stop:
        # A server has its own way to end on SIGTERM.
        signal.raise_signal(signal.SIGTERM)
    else:
        sys.exit(128 + number)


def main() -> None:
    """Run the command line; what is refused is said in one line, or as a list of problems."""
    use_utf8()
    join_words()
    _stop_on_signals()
    try:
        status = app(standalone_mode=False)
        if status == _INTERRUPTED:
            say(tr("stopped; nothing was written"))
        sys.exit(status or 0)
    except TyperException as error:
        say("\n".join(usage_lines(error)))
        sys.exit(2)
    except TableProblemsError as error:
        _say_problems(error)
        sys.exit(error.exit_status)
    except ChaingraphError as error:
        say(f"chaingraph: {error}")
        sys.exit(error.exit_status)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        say(tr("stopped; nothing was written"))
        sys.exit(128 + signal.SIGINT)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        reason = error.strerror or error
        say(tr("chaingraph: {where}{reason}; make sure that you may read and write there", where=where, reason=reason))
        sys.exit(2)
