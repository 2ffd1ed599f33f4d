"""``chaingraph measure communities``: who belongs together."""

from __future__ import annotations

from typing import Annotated, Literal, cast

from chaingraph.cli.command import Panel, option
from chaingraph.cli.measure.centrality import Weight
from chaingraph.cli.network_options import NetworkChoice
from chaingraph.cli.options import Seed, Sources
from chaingraph.cli.output import OrderedOutput, progress, quantity, say, say_equal
from chaingraph.messages import tr


def communities(
    source: Sources,
    method: Annotated[str, option(Panel.MEASURE, "How they are found: leiden or louvain.", metavar="NAME")] = "leiden",
    weight: Weight = "own",
    seed: Seed = 0,
    *,
    choice: NetworkChoice,
    output: OrderedOutput,
) -> None:
    """Measure who belongs together: one row per node, with its community and its role in it."""
    from chaingraph import metrics

    network = choice.network_of(source.open())
    with progress(tr("finding communities")):
        weigh_by = None if weight == "none" else weight
        algorithm = cast("Literal['leiden', 'louvain']", method)
        labels = metrics.communities(network, method=algorithm, weight=weigh_by, seed=seed)
        frame = metrics.community_table(network, labels, weight=weigh_by)
    notes = labels.attrs
    number = quantity(labels.nunique(), "communities")
    modularity = f"{notes['modularity']:.4f}" if network.number_of_edges() else "undefined"
    weights = (
        tr("ties weigh alike") if notes["weight"] is None else tr("ties weigh by '{weight}'", weight=notes["weight"])
    )
    say(
        tr(
            "{number} by {method}, modularity {modularity}, {weights}, seed {seed}",
            number=number,
            method=notes["method"],
            modularity=modularity,
            weights=weights,
            seed=notes["seed"],
        )
    )
    if network.number_of_edges():
        say_equal(frame, ["community"], "nodes", instead=tr("another network or filter may tell them apart"))
    output.write(frame.reset_index(), empty=tr("the network has no nodes"))
