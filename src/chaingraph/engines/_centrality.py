"""Centrality of a network, or of an affiliation table of any size by an engine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from chaingraph.errors import NetworkError, UnknownTermError, UsageError, did_you_mean, excerpt
from chaingraph.messages import lazy_tr, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    import networkx as nx
    import pandas as pd

    from chaingraph.engines._connection import Engine
    from chaingraph.engines._measures import Run
    from chaingraph.engines._tables import Counts

USUAL = ("memberships", "degree", "strength", "closeness", "harmonic", "pagerank")
"""The measures of an engine if none is named."""
OF_TWO_MODES = ("degree", "two_mode_degree")
"""The measures of an engine of a two-mode network."""
GROUPS = ("component", "label_propagation")
"""The measures that number groups, the largest first."""
WEIGHTS = ("own", "newman")
SOURCES = 256
"""From how many members an engine searches distances."""
_ALL_TIES = lazy_tr("it needs all ties in the memory of one machine; measure an excerpt of the table without an engine")
_OTHERS = lazy_tr("no such measure was shown to scale; measure an excerpt of the table without an engine")
REFUSED = {
    **dict.fromkeys(("betweenness", "constraint", "core_number", "effective_size", "clustering"), _ALL_TIES),
    **dict.fromkeys(("eccentricity", "eigenvector", "katz"), _OTHERS),
    "stability": lazy_tr("each of its draws measures the table anew; measure an excerpt of it without an engine"),
    "communities": lazy_tr("Leiden needs all ties in the memory of one machine; label_propagation is another method"),
}
"""The measures that no engine takes, with the reason and what to do instead."""


def centrality(
    source: nx.Graph[Any] | str | Path,
    *,
    engine: str | Engine | None = None,
    **options: Any,  # noqa: ANN401 - those of either function
) -> pd.DataFrame:
    """Return one row per node, one column per measure, of a network or by an engine.

    Args:
        source: A networkx graph, as :func:`chaingraph.metrics.centrality` takes it. With an engine what
            :func:`chaingraph.engines.table_centrality` takes: a folder or file of Parquet, a built store or a table.
        engine: None for a network; else the address of an engine, see :func:`chaingraph.engines.connect`, or an engine.
        options: Those of the one function or the other.

    Raises:
        UsageError: A path without an engine, or a network with one.

    >>> import networkx as nx
    >>> centrality(nx.star_graph(3), measures=["degree", "closeness"]).to_dict("list")
    {'label': ['0', '1', '2', '3'], 'degree': [3, 1, 1, 1], 'closeness': [1.0, 0.6, 0.6, 0.6]}
    """
    from chaingraph.metrics.network.centrality import centrality as network_centrality

    if engine is None:
        if isinstance(source, str | Path):
            message = tr("expected a network, or engine= with the address of an engine, such as engine='duckdb'")
            raise UsageError(message)
        return network_centrality(source, **options)
    if not isinstance(source, str | Path):
        message = tr("an engine measures tables; leave out engine, or name a Parquet file")
        raise UsageError(message)
    return table_centrality(source, engine=engine, **options)


def table_centrality(
    source: str | Path,
    *,
    engine: str | Engine,
    measures: Sequence[str] | None = None,
    network: str = "co_membership",
    weight: str = "own",
    at: str | None = None,
    between: tuple[str, str] | None = None,
    roll_up: str | None = None,
    sources: int = SOURCES,
    seed: int = 0,
) -> pd.DataFrame:
    """Return one row per member of an affiliation table, one column per measure, computed by an engine.

    Two members are tied by each event that they share. The values are those of :func:`chaingraph.metrics.centrality`
    of the network of these ties, which is never made. ``component`` is as in :func:`chaingraph.metrics.components`;
    ``label_propagation`` numbers groups in which labels settle that go from members to events and back (Raghavan,
    Albert and Kumara 2007, PRE 76 036106), which is no substitute for :func:`chaingraph.metrics.communities`.

    Args:
        source: A folder with the tables of the contract in Parquet, a Parquet file or a folder of its parts with the
            columns member and event, a built store, or the name of a table that the engine has.
        engine: The address of an engine, see :func:`chaingraph.engines.connect`, or the engine itself.
        measures: Names of measures; memberships, degree, strength, closeness, harmonic and pagerank if None.
        network: ``co_membership`` or ``co_participation``; or ``affiliation`` or ``participation``, of which both modes
            have rows, with their degree.
        weight: What weighs a tie: ``own``, how many events two share, or ``newman``, where an event of k members
            counts 1/(k - 1).
        at: Only rows that can have been in force at this date: a year, a month or a day.
        between: Only rows that can have been in force at some time from the first date to the second.
        roll_up: Parents stand for their parts, as of a date, or ``any`` for whatever the date.
        sources: From how many members distances are searched; closeness and harmonic are estimated if there are more.
        seed: Seed of the sample of them.

    Returns:
        A frame indexed by node, ordered by the first measure. ``attrs`` has ``engine``, ``weight``, ``rounds`` (how
        often a measure went over all ties), ``sampled`` (by measure from how many sources of how many, and the largest
        standard error; that of each node is in a column such as ``harmonic_error``), ``left_out`` (rows that name no
        member or event), ``undated`` (rows without a date, which a period keeps) and ``joined`` (for how many parents
        stand).

    Raises:
        UsageError: The source does not exist, the engine does not answer, or an option does not apply.
        UnreadableError: A column is missing, or a cell is not what was expected.
        NetworkError: A measure is unknown, or one that no engine takes.
    """
    from chaingraph.engines._sources import connection, keep_source
    from chaingraph.engines._tables import TWO_MODE, relation_of
    from chaingraph.metrics.network.registry import ISOLATE

    names = check_measures(measures, network)
    _check_numbers(weight, sources)
    with connection(engine) as connected:
        counts = keep_source(connected, source, network, at=at, between=between, roll_up=roll_up)
        if network in TWO_MODE:
            frame = _two_mode_frame(connected, counts, names)
            rounds, sampled = {}, {}
        else:
            run = _measured(connected, counts, names, weight, sources, seed)
            frame, rounds, sampled = _frame(run, names), run.rounds, run.sampled
    undefined = {name: ISOLATE for name in names if frame[name].isna().any()}
    own = relation_of(network).events if weight == "own" else weight
    frame.attrs = {"undefined": undefined, "weight": own, "distance": None, "sampled": sampled}
    frame.attrs |= {"engine": connected.name, "rounds": rounds, "left_out": counts.left_out}
    frame.attrs |= {"undated": counts.undated, "joined": counts.joined}
    return frame


def check_measures(measures: Sequence[str] | None, network: str) -> list[str]:
    """Return the names of the measures that are meant.

    Raises:
        NetworkError: One is unknown, or one that no engine takes, with the reason and what to do instead.
    """
    from chaingraph.engines._measures import MEASURES
    from chaingraph.engines._tables import TWO_MODE

    available = OF_TWO_MODES if network in TWO_MODE else tuple(MEASURES)
    usual = OF_TWO_MODES if network in TWO_MODE else USUAL
    names = list(dict.fromkeys(usual if measures is None else measures))
    for name in names:
        if name in REFUSED:
            raise NetworkError(tr("no engine takes {name}: {reason}", name=name, reason=REFUSED[name]))
        if name not in available:
            message = tr(
                "by an engine there is no measure '{name}' of {network}; there are {available}",
                name=excerpt(name),
                network=network,
                available=", ".join(available),
            )
            raise NetworkError(message + did_you_mean(name, available))
    return names


def _check_numbers(weight: str, sources: int) -> None:
    if weight not in WEIGHTS:
        raise UnknownTermError(weight, WEIGHTS)
    if sources < 1:
        message = tr("distances are searched from {sources} members, expected at least 1", sources=sources)
        raise UsageError(message)


def _measured(engine: Engine, counts: Counts, names: Sequence[str], weight: str, sources: int, seed: int) -> Run:
    """Keep the values of measures in an engine, and return what was done for them."""
    from chaingraph.engines._measures import MEASURES, Run
    from chaingraph.engines._tables import keep_ties

    keep_ties(engine, newman=weight == "newman")
    run = Run(engine, counts.members, sources, seed)
    for name in names:
        MEASURES[name](run)
    return run


def _frame(run: Run, names: Sequence[str]) -> pd.DataFrame:
    """Return the values of all measures, in the order of the first of them."""
    columns, joins = ["m.name AS node", "CAST(m.label AS STRING) AS label"], []
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


def _two_mode_frame(engine: Engine, counts: Counts, names: Sequence[str]) -> pd.DataFrame:
    from chaingraph.engines._statements import statement

    table = engine.ask(statement("two_mode", members=counts.members, events=counts.events))
    frame: pd.DataFrame = table.to_pandas().set_index("node")
    return frame[["label", "bipartite", *names]]
