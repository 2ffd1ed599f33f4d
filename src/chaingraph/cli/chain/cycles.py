"""``chaingraph chain cycles``: products and stages that all lead to each other."""

from __future__ import annotations

from chaingraph.cli.network_options import projection
from chaingraph.cli.options import Sources
from chaingraph.cli.output import Output, progress, quantity, say
from chaingraph.messages import tr


def cycles(source: Sources, output: Output) -> None:
    """List the cycles of a chain: one row for each, the largest first.

    Measures solve a cycle whose shares are all stated; they take the products of any other for one product.
    """
    from chaingraph import metrics

    chain = projection(source.open(), "chain", {"isolates": True})
    with progress(tr("looking for cycles")):
        frame = metrics.cycles(chain)
    if len(frame):
        say(
            tr(
                "{cycles}; measures solve one whose shares are all stated, and take the products of any other for one",
                cycles=quantity(len(frame), "cycles"),
            )
        )
    sizes = f"{quantity(len(chain), 'nodes')} and {quantity(chain.number_of_edges(), 'ties')}"
    output.write(frame, empty=tr("0 cycles in a chain of {sizes}", sizes=sizes))
