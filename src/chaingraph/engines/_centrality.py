"""Centrality of a network, or of an affiliation table of any size by an engine."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from chaingraph.errors import NetworkError, UnknownTermError, UsageError, did_you_mean, excerpt
from chaingraph.messages import lazy_tr, tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import networkx as nx
    import pandas as pd

    from chaingraph.engines._connection import Engine
    from chaingraph.engines._measures import Run

USUAL = ("memberships", "degree", "strength", "closeness", "harmonic", "pagerank")
"""The measures of an engine if none is named."""
GROUPS = ("component", "label_propagation")
"""The measures that number groups, the largest first."""
WEIGHTS = ("own", "newman")
SOURCES = 256
"""From how many members an engine searches distances."""
_ALL_TIES = lazy_tr("it needs all ties in the memory of one machine: take an excerpt, and measure it without an engine")
REFUSED = {
    "betweenness": _ALL_TIES,
    "constraint": _ALL_TIES,
    "core_number": _ALL_TIES,
    "effective_size": _ALL_TIES,
    "clustering": _ALL_TIES,
    "communities": lazy_tr("Leiden needs all ties in the memory of one machine; label_propagation is another method"),
}
"""The measures that no engine takes, with the reason and what to do instead."""


def centrality(
    source: nx.Graph[Any] | str | Path,
    *,
    engine: str | Engine | None = None,
    **options: Any,  # noqa: ANN401
) -> pd.DataFrame:
    """Return one row per node, one column per measure, of a network or by an engine.

    Args:
        source: A networkx graph. With an engine: a folder with the tables of the contract in Parquet, a Parquet file
            with the columns member and event, or the name of a table that the engine has.
        engine: None for a network; or the address of an engine, see :func:`chaingraph.engines.connect`, or the engine.
        options: Without an engine those of :func:`chaingraph.metrics.centrality`; with one those of
            :func:`chaingraph.engines.table_centrality`.

    Raises:
        UsageError: A path without an engine, or a network with one.
    """
    import networkx as nx

    if engine is None:
        from chaingraph.metrics.network.centrality import centrality as network_centrality

        if isinstance(source, nx.Graph):
            return network_centrality(source, **options)
        message = tr("expected a network, or engine= with the address of an engine, such as engine='duckdb'")
        raise UsageError(message)
    if isinstance(source, nx.Graph):
        message = tr("an engine measures tables, not networks; leave out engine, or name a Parquet file")
        raise UsageError(message)
    return table_centrality(source, engine=engine, **options)


def table_centrality(
    source: str | Path,
    *,
    engine: str | Engine,
    measures: Sequence[str] | None = None,
    network: str = "co_membership",
    weight: str = "own",
    sources: int = SOURCES,
    seed: int = 0,
) -> pd.DataFrame:
    """Return one row per member of an affiliation table, one column per measure, computed by an engine.

    Two members are tied by each event that they share. The values are those of :func:`chaingraph.metrics.centrality`
    of the network of these ties, which is not made.

    Args:
        source: A folder with the tables of the contract in Parquet, a Parquet file with the columns member and event,
            or the name of a table that the engine has.
        engine: The address of an engine, see :func:`chaingraph.engines.connect`, or the engine itself.
        measures: Names of measures, those of ``USUAL`` if None.
        network: ``co_membership`` or ``co_participation``: which table ties.
        weight: What weighs a tie: ``own``, how many events two share, or ``newman``, where an event of k members
            counts 1/(k - 1).
        sources: From how many members distances are searched; closeness and harmonic are estimated if there are more.
        seed: Seed of the sample of them.

    Returns:
        A frame indexed by node, ordered by the first measure. ``attrs`` has ``engine``, ``rounds`` (how often a measure
        went over all ties), ``sampled`` (by measure from how many sources of how many, and the largest standard error),
        and ``left_out``, how many rows name no member or no event.

    Raises:
        UsageError: The source or a column does not exist, or the engine does not answer.
        NetworkError: A measure is unknown, or one that no engine takes.
    """
    from chaingraph.engines._measures import MEASURES, Run
    from chaingraph.engines._tables import keep_ties, read_tables, relation_of

    names = list(dict.fromkeys(USUAL if measures is None else measures))
    check_measures(names)
    if weight not in WEIGHTS:
        raise UnknownTermError(weight, WEIGHTS)
    if sources < 1:
        message = tr("distances are searched from {sources} members, expected at least 1", sources=sources)
        raise UsageError(message)
    relation = relation_of(network)
    with connection(engine) as connected:
        counts = read_tables(connected, source, relation)
        keep_ties(connected, newman=weight == "newman")
        run = Run(connected, counts.members, sources, seed)
        for name in names:
            MEASURES[name](run)
        frame = _result(run, names)
        frame.attrs = {
            **{"engine": connected.name, "rounds": run.rounds, "sampled": run.sampled, "left_out": counts.left_out},
            **{"weight": weight, "distance": None, "undefined": {}},
        }
    return frame


def check_measures(names: Sequence[str]) -> None:
    """Refuse measures that no engine takes.

    Raises:
        NetworkError: With the reason, and what to do instead.
    """
    from chaingraph.engines._measures import MEASURES

    for name in names:
        if name in REFUSED:
            raise NetworkError(tr("no engine takes {name}: {reason}", name=name, reason=REFUSED[name]))
        if name not in MEASURES:
            message = tr(
                "there is no measure '{name}'; there are {available}", name=excerpt(name), available=", ".join(MEASURES)
            )
            raise NetworkError(message + did_you_mean(name, MEASURES))


@contextmanager
def connection(engine: str | Engine) -> Iterator[Engine]:
    """Yield an engine; one that is named by its address is closed afterwards."""
    from chaingraph.engines._connection import connect

    if not isinstance(engine, str):
        yield engine
        return
    connected = connect(engine)
    try:
        yield connected
    finally:
        connected.close()


def _result(run: Run, names: Sequence[str]) -> pd.DataFrame:
    """Return the values of all measures, in the order of the first of them."""
    columns, joins = ["m.name AS node", "m.label"], []
    for number, name in enumerate(names):
        value = f"t{number}.value" if name == "pagerank" else f"coalesce(t{number}.value, 0)"
        columns.append(f"{value} AS {name}")
        if name in run.sampled:
            columns.append(f"t{number}.error AS {name}_error")
        joins.append(f"LEFT JOIN chaingraph_{name} t{number} ON t{number}.member = m.id")
    order = "ASC" if names[0] in GROUPS else "DESC NULLS LAST"
    table = run.engine.ask(
        f"SELECT {', '.join(columns)} FROM chaingraph_member m {' '.join(joins)} ORDER BY {names[0]} {order}, m.id"
    )
    frame: pd.DataFrame = table.to_pandas().set_index("node")
    return frame
