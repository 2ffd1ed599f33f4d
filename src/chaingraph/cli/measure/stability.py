"""``chaingraph measure stability``: how far ranks hold if some of the memberships were unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from chaingraph.cli.command import Panel, option
from chaingraph.cli.measure.centrality import Weight, measure_names, short_names
from chaingraph.cli.network_options import NetworkChoice
from chaingraph.cli.options import Seed, Sources
from chaingraph.cli.output import OrderedOutput, progress, say, say_equal

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd


def stability(
    source: Sources,
    measure: Annotated[
        str, option(Panel.MEASURE, "The measure that ranks.", metavar="NAME", autocompletion=measure_names)
    ] = "betweenness",
    weight: Weight = "own",
    drop: Annotated[
        float, option(Panel.MEASURE, "The share of memberships dropped in each draw.", metavar="SHARE")
    ] = 0.1,
    draws: Annotated[int, option(Panel.MEASURE, "How many draws.", metavar="N", min=1)] = 200,
    seed: Seed = 0,
    *,
    choice: NetworkChoice,
    output: OrderedOutput,
) -> None:
    """Measure how far each node's rank holds.

    Rosters are known in part only: in each draw a share of the memberships is dropped at random, and the nodes are
    ranked anew. One row per node, with the ranks between which it stays.
    """
    from chaingraph import metrics

    network = choice.network_of(source.open())
    with progress("measuring") as report:
        frame = metrics.rank_stability(
            network,
            measure,
            drop=drop,
            draws=draws,
            seed=seed,
            weight=None if weight == "none" else weight,
            report=report,
        )
    say(stability_words(frame))
    if network.number_of_edges() and frame[measure].nunique() < 2:
        say_equal(frame, [measure], "nodes", instead=f"different: {_different(network)}")
    output.write(frame.reset_index(), empty="the network has no nodes")


def _different(network: nx.Graph[Any]) -> str:
    """Name the measures that tell the nodes of a network apart, of those that a terminal is shown."""
    from chaingraph import metrics

    frame = metrics.centrality(network, measures=short_names(network))
    return ", ".join(name for name in frame.columns[1:] if frame[name].nunique() > 1) or "none of the usual measures"


def stability_words(frame: pd.DataFrame) -> str:
    """Say how a table of ranks was made."""
    notes = frame.attrs
    return (
        f"rank by {notes['measure']}; rank_low to rank_high holds 95 % of {notes['draws']} draws in each of which"
        f" {notes['drop']:.0%} of the {notes['dropped']} were dropped at random (seed {notes['seed']}); in_top: share"
        f" of the draws among the first {notes['top']}"
    )
