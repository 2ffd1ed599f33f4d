"""``chaingraph measure stability``: how far ranks hold if some of the memberships were unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from chaingraph.cli.command import Panel, option
from chaingraph.cli.measure.centrality import Weight, measure_names
from chaingraph.cli.network_options import NetworkChoice
from chaingraph.cli.options import Seed, Sources
from chaingraph.cli.output import OrderedOutput, progress, say
from chaingraph.languages import words
from chaingraph.messages import tr, user_language

if TYPE_CHECKING:
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
    with progress(tr("measuring")) as report:
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
    output.write(frame.reset_index(), empty=tr("the network has no nodes"))


def page_rank_words(frame: pd.DataFrame) -> str:
    """Say what a node of a page says of its rank."""
    notes = frame.attrs
    measure = words("chaingraph.metrics")["measures"][notes["measure"]][user_language()]
    return tr(
        "each node says its rank by {measure}, and between which ranks it stays if {drop:.0%} of the {dropped} are "
        "missing ({draws} random draws, seed {seed})",
        measure=measure,
        drop=notes["drop"],
        dropped=tr("memberships") if notes["dropped"] == "memberships" else tr("ties"),
        draws=notes["draws"],
        seed=notes["seed"],
    )


def stability_words(frame: pd.DataFrame) -> str:
    """Say how a table of ranks was made."""
    notes = frame.attrs
    unranked = int(frame["rank"].isna().sum())
    without = tr("; without a value and a rank: {unranked:,}", unranked=unranked) if unranked else ""
    return tr(
        "rank by {measure}, 1 for the largest value; rank_size: how many have it; rank_low to "
        "rank_high holds the rank and 95 % of {draws} draws in each of which {drop:.0%} of the "
        "{dropped} were dropped at random (seed {seed}); in_top: share of the draws among the "
        "first {top}, with all that are equal{without}",
        measure=notes["measure"],
        draws=notes["draws"],
        drop=notes["drop"],
        dropped=tr("memberships") if notes["dropped"] == "memberships" else tr("ties"),
        seed=notes["seed"],
        top=notes["top"],
        without=without,
    )
