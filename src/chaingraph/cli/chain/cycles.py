"""``chaingraph chain cycles``: products and stages that all lead to each other."""

from __future__ import annotations

from chaingraph.cli.network_options import projection
from chaingraph.cli.options import Sources
from chaingraph.cli.output import Output, progress, quantity, say
from chaingraph.messages import tr


def cycles(source: Sources, output: Output) -> None:
    """List the cycles of a chain: one row for each, the largest first.

    Measures of the chain take the products of one cycle for one product.
    """
    from chaingraph import metrics

    chain = projection(source.open(), "chain", {"isolates": True})
    with progress(tr("looking for cycles")):
        frame = metrics.cycles(chain)
    if len(frame):
        say(tr("{cycles}; measures take the products of one for one product", cycles=quantity(len(frame), "cycles")))
    sizes = f"{quantity(len(chain), 'nodes')} and {quantity(chain.number_of_edges(), 'ties')}"
    output.write(frame, empty=tr("0 cycles in a chain of {sizes}", sizes=sizes))
