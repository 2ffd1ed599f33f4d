"""The command line: the commands, the global options, and what becomes of an error."""

from __future__ import annotations

import os
import signal
import sys
from typing import Annotated

import typer

from chaingraph import __version__
from chaingraph.cli import chain, import_, measure
from chaingraph.cli.accept import accept
from chaingraph.cli.ask import ask
from chaingraph.cli.assistant import assistant
from chaingraph.cli.brief import brief
from chaingraph.cli.build import build
from chaingraph.cli.check import check
from chaingraph.cli.command import add, group
from chaingraph.cli.demo import demo
from chaingraph.cli.diff import diff
from chaingraph.cli.doctor import doctor
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
from chaingraph.errors import ChaingraphError, TableProblemsError

_PROBLEMS_ON_SCREEN = 50
_FIRST_STEPS = f"""chaingraph {__version__}: rosters of innovation consortia in; a graph, measures and one page out

See it at work 看演示
  chaingraph demo --open
Write a list to fill in, if you have none 没有名单时，生成可填写的工作簿 (--language en: in English)
  chaingraph template -o roster.xlsx
Turn a list of consortia, as your office keeps it, into a page 把现有的或填好的名单变成网页
  chaingraph page roster.xlsx -o roster.html

chaingraph --help lists all commands; chaingraph doctor says whether everything is installed"""

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
        say(_FIRST_STEPS)


add(app, demo, template, doctor, build, check, diff, identify)
app.add_typer(import_.app, name="import")
add(app, read, accept, package)
add(app, query, ask, questions, network, page, brief, serve, assistant)
app.add_typer(measure.app, name="measure")
app.add_typer(chain.app, name="chain")
add(app, prove)


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
    _stop_on_signals()
    try:
        app()
    except TableProblemsError as error:
        for problem in error.problems[:_PROBLEMS_ON_SCREEN]:
            say(str(problem))
        if any(problem.missing_table == TABLE_OF_NAMES for problem in error.problems):
            say("names without a row among the organizations (单位): --create makes an organization of each")
        more = len(error.problems) - _PROBLEMS_ON_SCREEN
        say(
            f"{quantity(len(error.problems), 'problems')} found"
            + (f", {more} of them not shown" if more > 0 else "")
            + "; nothing was written"
        )
        sys.exit(error.exit_status)
    except ChaingraphError as error:
        say(f"chaingraph: {error}")
        sys.exit(error.exit_status)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        say("stopped; nothing was written")
        sys.exit(128 + signal.SIGINT)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        say(f"chaingraph: {where}{error.strerror or error}; make sure that you may read and write there")
        sys.exit(2)
