"""The command line: the only place that prints, knows default paths and exit statuses."""

from __future__ import annotations

import os
import signal
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from chaingraph import __version__
from chaingraph.cli import diff as differing
from chaingraph.cli import doctor as doctoring
from chaingraph.cli import identify as identifying
from chaingraph.cli import import_ as importing
from chaingraph.cli import template as templating
from chaingraph.cli.chain import Cascade, Question
from chaingraph.cli.measure.network_measures import Measure
from chaingraph.cli.options import (
    CREATED,
    At,
    Between,
    Create,
    Encoding,
    Form,
    Isolates,
    Kinds,
    Minimum,
    Projection,
    Regions,
    Roles,
    Source,
    filters,
    opened,
    parameters,
    projected,
    question_names,
    say_notes,
)
from chaingraph.cli.output import Format, print_frame, progress, quantity, say, use_utf8
from chaingraph.cli.serve import serve
from chaingraph.errors import ChaingraphError, TableProblemsError, UnreadableError, UsageError

_SHOWN_PROBLEMS = 50
_FIRST_STEPS = f"""chaingraph {__version__}: rosters of innovation consortia in; a graph, measures and one page out

See it at work 看演示
  chaingraph demo --open
Write a workbook to fill in with your own data 生成可填写的工作簿 (--language en: in English)
  chaingraph template -o roster.xlsx
Turn the filled workbook into a page 把填好的工作簿变成网页
  chaingraph page roster.xlsx --create --network affiliation -o roster.html

chaingraph --help lists all commands; chaingraph doctor says whether everything is installed"""

app = typer.Typer(
    name="chaingraph",
    help="Knowledge graphs of industrial-chain innovation networks: tables in; SPARQL, measures and one page out.",
    epilog="Begin with: chaingraph demo --open",
    invoke_without_command=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(importing.app, name="import")


class Language(StrEnum):
    """The languages of pages."""

    zh = "zh"
    en = "en"


def _version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"chaingraph {__version__}\n")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    if context.invoked_subcommand is None:
        say(_FIRST_STEPS)


@app.command()
def demo(
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write.")] = Path("chaingraph-demo"),
    shown: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """See it at work on three real data sets.

    Builds the graph, prints what is in it, and writes a graph, a table of measures and a page.
    """
    from chaingraph.cli.demo import PAGE, run

    run(output)
    if shown:
        from chaingraph.cli.browser import open_page

        open_page(output / PAGE)


app.command()(templating.template)


@app.command()
def build(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="SOURCE", help="What to build from; several make one graph. An endpoint is copied."),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="A file (.ttl .nt .jsonld .rdf) or a store (.kg).")],
    encoding: Encoding = None,
    create: Create = False,
) -> None:
    """Build a graph: from tables or RDF to a file or store."""
    from chaingraph.store import KnowledgeGraph

    with progress("building") as report:
        graph = KnowledgeGraph.build(sources, output, encoding=encoding, create=create, report=report)
    say_notes(graph)
    say(f"{quantity(len(graph), 'triples')} → {output}")


@app.command()
def query(
    source: Source,
    text: Annotated[
        str | None,
        typer.Argument(metavar="[TEXT]", help="The query; the prefixes cg:, code:, id:, rdfs: ... are known."),
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", "-f", help="A file that holds the query.")] = None,
    named: Annotated[
        str | None,
        typer.Option(help="A competency question; 'chaingraph questions' lists them.", autocompletion=question_names),
    ] = None,
    parameter: Annotated[
        list[str] | None, typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="What the question is about.")
    ] = None,
    form: Form = Format.table,
    encoding: Encoding = None,
    create: Create = False,
) -> None:
    """Answer a SPARQL query.

    Prints a table for SELECT, true or false for ASK, Turtle for CONSTRUCT and DESCRIBE.
    """
    if [text, file, named].count(None) != 2 or (parameter and named is None):
        message = "expected one query: its text, or -f FILE, or --named NAME with -p NAME=VALUE"
        raise UsageError(message)
    if named is not None:
        print_frame(opened(source, encoding, create).ask(named, **parameters(parameter or [])), form)
        return
    if file is not None:
        try:
            text = file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise UnreadableError(file, f"cannot be read as a query in UTF-8 ({error})") from error
    import pandas as pd

    assert text is not None
    graph = opened(source, encoding, create)
    turtle = graph.construct_turtle(text)
    if turtle is not None:
        sys.stdout.write(turtle)
        return
    answer = graph.query(text)
    if isinstance(answer, pd.DataFrame):
        print_frame(answer, form)
    else:
        sys.stdout.write(f"{str(answer).lower()}\n")


@app.command()
def questions(form: Form = Format.table) -> None:
    """List the questions that a graph can answer by name."""
    import pandas as pd

    from chaingraph.sparql.questions import questions as known

    rows = [
        (asked.name, asked.english, asked.chinese, ", ".join(parameter.name for parameter in asked.parameters))
        for asked in known()
    ]
    print_frame(pd.DataFrame(rows, columns=["name", "question", "问题", "parameters"]), form)


@app.command()
def check(
    source: Source,
    texts: Annotated[Path | None, typer.Option(help="A folder with the archived words of the sources.")] = None,
    require_evidence: Annotated[
        bool, typer.Option("--require-evidence", help="Rows without a quote or a record are violations.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings end with status 1 as well.")] = False,
    form: Form = Format.table,
    encoding: Encoding = None,
    create: Create = False,
) -> None:
    """Check a graph against its shapes and sources.

    Violations (a broken shape, a quote that does not stand in its source) end with status 1. Warnings (contradictions,
    quotes whose text is not at hand) are listed and counted, and do so only with --strict.
    """
    from chaingraph.checks import check as checked
    from chaingraph.checks.report import VIOLATION, WARNING

    if texts is not None and not texts.is_dir():
        raise UnreadableError(texts, "is no folder; --texts takes the folder with the archived texts")
    graph = opened(source, encoding, create)
    with progress("checking") as report:
        found = checked(graph, texts=texts, require_evidence=require_evidence, report=report)
    frame = found.frame
    print_frame(frame.head(_SHOWN_PROBLEMS) if form is Format.table else frame, form)
    if form is Format.table and len(frame) > _SHOWN_PROBLEMS:
        say(f"{len(frame) - _SHOWN_PROBLEMS} more; --format csv lists all")
    without = found.without_evidence
    bare = without[without["without"] > 0]
    counts = ", ".join(f"{row['without']} of {row['rows']} {row['class']}" for row in bare.to_dict("records"))
    say(f"rows that lead to no quote and no record: {counts or 'none'}")
    say(f"{quantity(found.count(VIOLATION), 'violations')}, {quantity(found.count(WARNING), 'warnings')}")
    if found.count(VIOLATION) or (strict and found.findings):
        raise typer.Exit(1)


@app.command()
def network(
    source: Source,
    projection: Annotated[Projection, typer.Argument(help="The network to draw from the graph.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="A file: .graphml, .gexf, or .csv (a list of ties).")],
    role: Roles = None,
    kind: Kinds = None,
    region: Regions = None,
    at: At = None,
    between: Between = None,
    minimum: Minimum = None,
    isolates: Isolates = True,
    encoding: Encoding = None,
    create: Create = False,
) -> None:
    """Write a network to a file.

    Gephi, Cytoscape, R and networkx open GraphML and GEXF; spreadsheets and Gephi open CSV, which is written as two
    tables, the ties (x.csv) and the nodes (x-nodes.csv). A name without ending makes a folder that Neo4j imports.
    """
    from chaingraph.export.networks import check_path, write_network

    check_path(output)
    chosen = filters(role, kind, region, at, between, minimum, isolates)
    drawn = projected(opened(source, encoding, create), projection, chosen)
    files = ", ".join(map(str, write_network(drawn, output)))
    say(f"{quantity(drawn.number_of_nodes(), 'nodes')}, {quantity(drawn.number_of_edges(), 'ties')} → {files}")


@app.command()
def measure(
    source: Source,
    what: Annotated[Measure, typer.Argument(help="What to measure.")],
    projection: Annotated[Projection, typer.Option("--network", help="On which network.")] = Projection.co_membership,
    top: Annotated[int | None, typer.Option(min=1, help="Only the first rows.")] = None,
    measures: Annotated[str | None, typer.Option(metavar="NAME,NAME", help="centrality: only these measures.")] = None,
    weight: Annotated[str, typer.Option(help="What weighs a tie: own (what is counted), an attribute, none.")] = "own",
    distance: Annotated[
        str | None, typer.Option(help="What is a tie's length: an attribute, or inverse (one over its weight).")
    ] = None,
    exact: Annotated[
        bool | None, typer.Option("--exact/--sampled", help="Betweenness from all sources, or from a sample.")
    ] = None,
    group: Annotated[str | None, typer.Option(help="Add brokerage between the groups of this node attribute.")] = None,
    stability: Annotated[
        bool, typer.Option("--stability", help="centrality: how far ranks stand if memberships were unknown.")
    ] = False,
    drop: Annotated[float, typer.Option(help="With --stability: the share of memberships dropped in each draw.")] = 0.1,
    draws: Annotated[
        int | None, typer.Option(help="With --stability: how many draws (200). scorecard: draws of weights (1000).")
    ] = None,
    method: Annotated[str, typer.Option(help="communities: leiden or louvain.")] = "leiden",
    seed: Annotated[int, typer.Option(help="Seed of what is drawn at random.")] = 0,
    rows: Annotated[str, typer.Option(help="agglomeration, complexity: the attribute of the rows.")] = "region",
    columns: Annotated[str, typer.Option(help="agglomeration, complexity: the attribute of the columns.")] = "industry",
    count: Annotated[
        str, typer.Option(help="What is counted: organizations, memberships, projects ...")
    ] = "organizations",
    value: Annotated[str | None, typer.Option(help="An amount to add up instead: contribution or budget.")] = None,
    level: Annotated[int | None, typer.Option(help="The level of the regions: 0 is the highest.")] = None,
    industry_level: Annotated[int | None, typer.Option(help="The level of the industries: 0 is the highest.")] = None,
    split: Annotated[str, typer.Option(help="What is in several cells: full in each, or fractional.")] = "full",
    index: Annotated[
        str | None, typer.Option(help="An index by its name, such as herfindahl, locational_gini, pci.")
    ] = None,
    asked: Annotated[Question, typer.Option("--what", help="chain: what is asked of it.")] = Question.chokepoints,
    cascade: Annotated[Cascade, typer.Option(help="chain --what risk: how losses add up.")] = Cascade.linear,
    without: Annotated[
        list[str] | None,
        typer.Option(
            "--without", metavar="NAME", help="chain: what stops if this organization, region or product goes."
        ),
    ] = None,
    weights: Annotated[
        Path | None, typer.Option(help="scorecard: rank by the table [weights] of a TOML file: members = 1.0 ...")
    ] = None,
    change: Annotated[float, typer.Option(help="With --weights: how far each weight may change.")] = 0.2,
    plot: Annotated[
        Path | None, typer.Option(help="Draw location quotients as a heat map: a .png or .svg file.")
    ] = None,
    language: Annotated[Language, typer.Option(help="agglomeration, complexity: the language of names.")] = Language.en,
    role: Roles = None,
    kind: Kinds = None,
    region: Regions = None,
    at: At = None,
    between: Between = None,
    minimum: Minimum = None,
    isolates: Isolates = True,
    form: Form = Format.table,
    encoding: Encoding = None,
    create: Create = False,
) -> None:
    """Measure: who is central, what gathers where, what is known.

    centrality: who holds the network together; with --stability, how sure that is. communities: who belongs together.
    structure: the network as a whole. agglomeration: what gathers where. complexity: which regions and industries are
    complex. consortia: what gathers in each consortium. coverage: what is known by name of what is reported. chain:
    where the chain can break; with --what completeness, which stages nobody is known to hold; with --without NAME,
    what stops. scorecard: one row a consortium, each cell known, reported or unknown; with --weights, ranks.
    """
    from chaingraph.cli.measure import network_measures as measuring

    graph = opened(source, encoding, create)
    if what is Measure.coverage:
        frame = measuring.coverage_frame(graph, at=at)
    elif what is Measure.chain:
        from chaingraph.cli import chain as chaining

        chosen = filters(role, kind, region, at, between, minimum, isolates)
        frame = chaining.chain_frame(
            graph, asked, form, cascade=cascade.value, gone=without or [], level=level, chosen=chosen
        )
    elif what is Measure.consortia:
        frame = measuring.consortia_frame(graph, level=level)
    elif what is Measure.scorecard:
        from chaingraph.cli.measure import scorecard as scoring

        frame = scoring.scorecard_frame(graph, form, at=at, weights=weights, change=change, draws=draws, seed=seed)
    elif what in (Measure.agglomeration, Measure.complexity):
        from chaingraph.cli.measure import crosstab_measures as tallying

        table = tallying.counted(
            graph,
            rows,
            columns,
            count=count,
            value=value,
            level=level,
            industry_level=industry_level,
            split=split,
            language=language.value,
        )
        if plot is not None:
            tallying.draw(table, plot, f"{value or count}: {rows} x {columns}")
        made = tallying.agglomeration_frame if what is Measure.agglomeration else tallying.complexity_frame
        frame = made(table, index)
    else:
        chosen = filters(role, kind, region, at, between, minimum, isolates)
        with progress("drawing the network"):
            drawn = projected(graph, projection, chosen)
        names = measuring.measures_named(measures)
        if what is Measure.communities:
            frame = measuring.communities_frame(drawn, method=method, seed=seed)
        elif what is Measure.structure:
            frame = measuring.structure_frame(drawn)
        elif stability:
            by, times = measuring.measure_ranked_by(names), 200 if draws is None else draws
            frame = measuring.stability_frame(drawn, measure=by, weight=weight, drop=drop, draws=times, seed=seed)
        else:
            frame = measuring.centrality_frame(
                drawn, form, measures=names, weight=weight, distance=distance, exact=exact, group=group
            )
    print_frame(frame if top is None else frame.head(top), form)


@app.command()
def prove(form: Form = Format.table) -> None:
    """Set every index beside the number of its reference implementation.

    A number that is not equal to the digits that its source prints ends with status 1.
    """
    from chaingraph.metrics._proofs import proofs

    with progress("computing"):
        frame = proofs()
    print_frame(frame, form)
    for missing in frame.attrs["left_out"]:
        say(f"left out: {missing}")
    equal = int(frame["equal"].sum())
    say(f"{equal} of {len(frame)} numbers equal their source to the digits that it prints")
    if equal < len(frame):
        raise typer.Exit(1)


@app.command()
def page(
    source: Source,
    output: Annotated[Path, typer.Option("--output", "-o", help="The .html file to write.")],
    projection: Annotated[Projection, typer.Option("--network", help="Which network.")] = Projection.co_membership,
    language: Annotated[Language, typer.Option(help="The language the page opens in.")] = Language.zh,
    title: Annotated[str | None, typer.Option(help="The heading; else the data sets' titles.")] = None,
    colour: Annotated[
        str, typer.Option(help="What colours show: type, community, kind, region, or any attribute of the nodes.")
    ] = "type",
    size: Annotated[
        str, typer.Option(help="What areas show: degree, a measure such as betweenness, or a number of the nodes.")
    ] = "degree",
    group: Annotated[
        str | None, typer.Option(help="Nodes that share this attribute stand together; else communities.")
    ] = None,
    layout: Annotated[
        str, typer.Option(help="How nodes are laid out: communities, chain, map or two-mode.")
    ] = "communities",
    stability: Annotated[
        bool | None,
        typer.Option(
            "--stability/--no-stability",
            help="Put ranks by betweenness on the nodes, with how sure they are; unsaid: undirected up to 3,000 nodes.",
        ),
    ] = None,
    role: Roles = None,
    kind: Kinds = None,
    region: Regions = None,
    at: At = None,
    between: Between = None,
    minimum: Minimum = None,
    isolates: Isolates = True,
    encoding: Encoding = None,
    create: Create = False,
) -> None:
    """Write a network as one offline HTML page.

    A click on a node shows its ties and the words that state them.
    """
    from chaingraph.cli import page as paging

    paging.checked_name(output)
    paging.write_page(
        opened(source, encoding, create),
        projection,
        filters(role, kind, region, at, between, minimum, isolates),
        output,
        title=title,
        language=language.value,
        colour=colour,
        size=size,
        group=group,
        layout=layout,
        stability=stability,
    )


app.command()(serve)
app.command()(identifying.identify)
app.command()(differing.diff)
app.command()(doctoring.doctor)


def main() -> None:
    """Run the command line; what is refused is said in one line, or as a list of problems."""
    use_utf8()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        app()
    except TableProblemsError as error:
        for problem in error.problems[:_SHOWN_PROBLEMS]:
            say(str(problem))
        if any(problem.missing_table == CREATED for problem in error.problems):
            say("names without a row among the organizations (单位): --create makes an organization of each")
        more = len(error.problems) - _SHOWN_PROBLEMS
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
