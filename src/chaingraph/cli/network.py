"""``chaingraph network``: a network of a graph, written for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chaingraph.cli.command import Panel, option
from chaingraph.cli.network_options import (
    NAMES,
    NetworkFilters,
    check_network,
    network_names,
    projection,
    say_if_no_ties,
)
from chaingraph.cli.options import SOURCES, Reading, after_a_source
from chaingraph.cli.output import quantity, say
from chaingraph.cli.roll_up import of_parents
from chaingraph.messages import enumeration

_WORKBOOK = ".xlsx"
_COMPLETION = after_a_source(network_names)


def network(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE", help=SOURCES, autocompletion=_COMPLETION)],
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help=f"Which network, the last argument: {NAMES}.", autocompletion=_COMPLETION),
    ],
    output: Annotated[
        Path,
        option(
            Panel.OUTPUT,
            "A file (.graphml .gexf .csv .xlsx .parquet .json .cyjs .g6.json .echarts.json .geojson), or a folder for"
            " Neo4j.",
            "--output",
            "-o",
            metavar="FILE",
        ),
    ],
    *,
    reading: Reading,
    filters: NetworkFilters,
) -> None:
    """Write a network to a file.

    Gephi, Cytoscape, R, igraph and networkx open GraphML and GEXF; spreadsheets and Gephi open CSV, DuckDB and Spark
    Parquet, which are written as two tables, the ties (x.csv) and the nodes (x-nodes.csv). Web pages draw .cyjs with
    Cytoscape.js, .g6.json with G6 and .echarts.json with ECharts; QGIS opens .geojson, of what has coordinates. A name
    without ending makes a folder that Neo4j imports. An Excel workbook (.xlsx) has sheets of the members, the ties, all
    measures, what is only reported (coverage), and the words and sources.
    """
    from chaingraph.export.networks import check_path, write_network
    from chaingraph.export.tables import write_tables

    check_network(name)
    check_path(output, others=(_WORKBOOK,))
    is_workbook = output.suffix.lower() == _WORKBOOK
    graph = of_parents(reading.graph(sources), filters.roll_up)
    network = projection(graph, name, filters.filters(), quotes=is_workbook, level=filters.level)
    say_if_no_ties(graph, name, network)
    if is_workbook:
        from chaingraph.cli.network_workbook import workbook_sheets

        write_tables(workbook_sheets(graph, network), output)
        files = str(output)
    else:
        files = enumeration(map(str, write_network(network, output)))
    extents = enumeration([quantity(network.number_of_nodes(), "nodes"), quantity(network.number_of_edges(), "ties")])
    say(f"{extents} → {files}")
