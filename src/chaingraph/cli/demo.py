"""``chaingraph demo``: the sample data sets from tables to a graph, its measures and its page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from chaingraph.cli.command import Panel, option
from chaingraph.cli.measure.stability import stability_words
from chaingraph.cli.output import print_frame, progress, say
from chaingraph.errors import UsageError
from chaingraph.messages import lazy_tr, tr

if TYPE_CHECKING:
    import pandas as pd

    from chaingraph.store import KnowledgeGraph

_PILOT = "id:cn/programmes/jiang-su-sheng-chuang-xin-lian-he-ti-jian-she-shi-dian-shou"
_DRAWS = 100
PAGE = "index.html"
"""The page that the demo opens on."""
TITLES = {
    "zh": "创新联合体：江苏试点、各地名单与欧洲电池项目",
    "en": lazy_tr("Innovation consortia: Jiangsu's pilot, rosters across China, Europe's battery projects"),
}
_BY_CLASS = """
SELECT ?class (COUNT(DISTINCT ?thing) AS ?things) { ?thing a ?class FILTER (STRSTARTS(STR(?class), STR(cg:))) }
GROUP BY ?class ORDER BY DESC(?things) ?class"""


def demo(
    output: Annotated[Path, option(Panel.OUTPUT, "The folder to write.", "--output", "-o", metavar="FOLDER")] = Path(
        "chaingraph-demo"
    ),
    browser: Annotated[bool, option(Panel.OUTPUT, "Open the page in the browser.", "--open")] = False,
) -> None:
    """See it at work on three real data sets.

    Builds the graph, prints what is in it, and writes a graph, a table of measures, and pages: the chain map, the
    network and the brief of Jiangsu's pilot, and the other sets beside them.
    """
    run(output)
    if browser:
        from chaingraph.cli.browser import open_page

        open_page(output / PAGE)


def run(output: Path) -> None:
    """Build, print and write the demo; ``output`` is the folder for its files."""
    from chaingraph.export.tables import write_table
    from chaingraph.indicators import with_reported
    from chaingraph.metrics import centrality, rank_stability, with_ranks
    from chaingraph.networks import co_membership, whole
    from chaingraph.resources import SAMPLES, sample
    from chaingraph.store import KnowledgeGraph
    from chaingraph.webpage import page

    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = tr(
            "cannot write {output}: {strerror}; name another folder with -o", output=output, strerror=error.strerror
        )
        raise UsageError(message) from error
    with progress(tr("building the graph")) as report:
        graph = KnowledgeGraph.build([sample(name) for name in SAMPLES], output / "graph.ttl", report=report)
        report(tr("measuring"))
        network = co_membership(graph)
        table = centrality(network)
        stability = rank_stability(network, draws=_DRAWS, report=report)
        write_table(table.reset_index(), output / "centrality.csv")
        report(tr("drawing"))
        network_of_all = with_ranks(with_reported(whole(graph, quotes=True), graph), stability)
        page(network_of_all, title=TITLES, language="zh").save(output / "everything.html")
        _write_pages(graph, output)
    _print_counts(graph)
    _print_coverage(graph)
    _print_bridges(table, stability, network.number_of_edges())
    _print_next(output)


def _write_pages(graph: KnowledgeGraph, output: Path) -> None:
    """Write the chain map, the network and the brief of the pilot, the chain map of China, and the start page."""
    from chaingraph.briefing import brief
    from chaingraph.briefing.map_builder import map_model
    from chaingraph.briefing.map_page import page_of_map
    from chaingraph.briefing.programme_lines import programme_lines
    from chaingraph.briefing.start_page import Entry, start_page
    from chaingraph.export.files import write_text
    from chaingraph.indicators import with_reported
    from chaingraph.languages import words
    from chaingraph.networks import whole
    from chaingraph.resources import sample
    from chaingraph.store import KnowledgeGraph
    from chaingraph.webpage import page

    pilot, china = (KnowledgeGraph.open(sample(name)) for name in ("jiangsu-2022", "china-consortia"))
    chain_map = map_model(pilot, language="zh", network_page="network.html")
    page_of_map(chain_map).save(output / "chain-map.html")
    network = with_reported(whole(pilot, quotes=True), pilot)
    page(network, language="zh", chain_map=page_of_map(chain_map)).save(output / "network.html")
    brief(pilot, language="zh").save(output / "brief.html")
    chain_map_of_china = map_model(china, language="zh")
    page_of_map(chain_map_of_china).save(output / "china-chain-map.html")
    texts = words("chaingraph.briefing")["start"]
    computed = {
        "chain-map": [*programme_lines(pilot, _PILOT, chain_map), chain_map.introduction],
        "china-chain-map": [chain_map_of_china.introduction],
    }
    entries = [
        Entry(f"{name}.html", entry["title"], (*computed.get(name, []), *entry["lines"]))
        for name, entry in texts["pages"].items()
    ]
    credit = [str(entry.get("attribution_zh") or entry.get("attribution", "")) for entry in graph.data_sets()]
    write_text(output / PAGE, start_page(texts["title"], texts["about"], entries, [line for line in credit if line]))


def _print_counts(graph: KnowledgeGraph) -> None:
    names = [entry.get("title_en") or entry.get("title_zh", "") for entry in graph.data_sets()]
    say(
        tr("{count:,} statements from {data_sets} data sets: ", count=len(graph), data_sets=len(names))
        + "; ".join(names)
    )
    say(tr("\nWhat there is of each class"))
    counts = graph.select(_BY_CLASS)
    print_frame(counts)


def _print_coverage(graph: KnowledgeGraph) -> None:
    from chaingraph.indicators import coverage

    frame = coverage(graph, language="en")
    pilot = frame[(frame["scope"] == _PILOT) & frame["known"].notna()]
    name = pilot["scope_label"].iloc[0]
    say(tr("\nReported: {name}; against what is known by name (reported totals are split over nobody)", name=name))
    print_frame(pilot[["counts", "label", "reported", "known", "quote"]])


def _print_bridges(table: pd.DataFrame, stability: pd.DataFrame, ties: int) -> None:
    say(
        tr(
            "\nThe ten organizations that bridge most (betweenness; {count:,} organizations, {ties:,} "
            "ties of shared consortia)",
            count=len(table),
            ties=ties,
        )
    )
    ranks = stability.loc[table.index[:10], ["rank", "rank_size", "rank_low", "rank_high", "in_top"]]
    columns = ["label", "degree", "strength", "betweenness", "harmonic", "constraint"]
    print_frame(table.head(10)[columns].join(ranks))
    say(stability_words(stability))


def _print_next(output: Path) -> None:
    files = {
        "index.html": tr("open it in a browser: it leads to the pages below; all work offline"),
        "chain-map.html": tr("who holds which stage of Jiangsu's chains; click a card for the words that state it"),
        "network.html": tr("the network of Jiangsu's pilot; brief.html puts both into a few pages of text"),
        "centrality.csv": tr("every organization's measures, for a spreadsheet"),
        "graph.ttl": tr("the graph in Turtle, for any RDF tool"),
    }
    query = "SELECT ?name { ?c a cg:Consortium ; rdfs:label ?name } LIMIT 10"
    lines = [
        "",
        tr("Written to {folder}", folder=f"{output}/"),
        *(f"  {name:<14}  {text}" for name, text in files.items()),
        "",
        tr("Next"),
        f'  chaingraph query {output}/graph.ttl "{query}"',
        f"  chaingraph measure centrality {output}/graph.ttl --top 20",
        "  chaingraph template -o roster.xlsx    " + tr("a list to fill in, if you have none; then"),
        "  chaingraph page roster.xlsx -o roster.html",
    ]
    say("\n".join(lines))
