"""``chaingraph chain downstreamness``: how far each product and organization is from raw products."""

from __future__ import annotations

from chaingraph.cli.chain.supply import chain_with_supply
from chaingraph.cli.chain.upstreamness import write_order
from chaingraph.cli.network_options import SupplyFilters
from chaingraph.cli.options import Sources
from chaingraph.cli.output import OrderedOutput, progress
from chaingraph.messages import tr


def downstreamness(source: Sources, filters: SupplyFilters, output: OrderedOutput) -> None:
    """Measure how many steps each product and organization is from raw products: one row for each."""
    from chaingraph import metrics

    supply, chain = chain_with_supply(source.open(), filters)
    with progress(tr("measuring")):
        frame = metrics.downstreamness(supply, chain)
    write_order(frame, "downstreamness", output)
