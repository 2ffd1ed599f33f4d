"""``chaingraph chain chokepoints``: where a chain hangs on few."""

from __future__ import annotations

from chaingraph.cli.chain.supply import NO_CHAIN, SUPPLIES_TELL, for_reading, say_count, say_cycles, supply_and_chain
from chaingraph.cli.network_options import SupplyFilters
from chaingraph.cli.options import Level, Sources
from chaingraph.cli.output import OrderedOutput, progress, say, say_equal
from chaingraph.errors import UsageError
from chaingraph.messages import tr

_SHORT = (
    *("label", "type", "suppliers", "largest_supplier", "known_share", "hhi_low", "hhi_high", "largest_region"),
    *("undecided", "substitutes", "final_products", "dominates", "stops"),
)
"""The columns that a terminal has room for."""


def chokepoints(source: Sources, level: Level = None, *, filters: SupplyFilters, output: OrderedOutput) -> None:
    """Measure how few hold each product and stage, and how much needs it: one row for each.

    Each indicator has its rank, 1 the most critical. Where shares are missing, bounds say what is possible.
    """
    from chaingraph import metrics

    supply, chain = supply_and_chain(source.open(), filters, level)
    with progress(tr("measuring")):
        frame = metrics.chokepoints(supply, chain)
    if frame.empty:
        raise UsageError(NO_CHAIN)
    say(
        tr(
            "each indicator has its ranks, 1 the most critical, from the first to the last place "
            "that its bounds and equals"
        )
    )
    say(tr("leave (rank_*_low, rank_*_high); there is no sum of them"))
    say(
        tr("suppliers: those by name, who are all only if their shares add up to 1; else hhi and largest_* have bounds")
    )
    say_cycles(len(frame.attrs["cycles"]))
    say_count(len(frame.attrs["without_suppliers"]), "products have no known supplier")
    undecided = int(frame["undecided"].fillna(value=False).sum())
    say_count(undecided, "products: known shares are too few to say how concentrated (undecided)")
    say_count(frame.attrs["no_region"], "organizations have no region, and may be in any")
    say_equal(
        frame,
        ["suppliers", "substitutes", "final_products", "dominates", "stops"],
        tr("products and stages"),
        instead=SUPPLIES_TELL,
    )
    if output.on_screen:
        names = {node: str(data.get("label", node)) for node, data in supply.nodes(data=True)}
        frame["largest_supplier"] = frame["largest_supplier"].map(names)
    output.write(for_reading(frame.reset_index(), output, _SHORT), empty=NO_CHAIN)
