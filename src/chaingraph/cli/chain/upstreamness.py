"""``chaingraph chain upstreamness``: how far each product and organization is from final use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chaingraph.cli.chain.supply import NO_CHAIN, SUPPLIES_TELL, chain_with_supply, say_count, say_cycles
from chaingraph.cli.network_options import SupplyFilters
from chaingraph.cli.options import Sources
from chaingraph.cli.output import OrderedOutput, progress, say_equal
from chaingraph.errors import UsageError
from chaingraph.messages import tr

if TYPE_CHECKING:
    import pandas as pd


def upstreamness(source: Sources, filters: SupplyFilters, output: OrderedOutput) -> None:
    """Measure how many steps each product and organization is from final use: one row for each."""
    from chaingraph import metrics

    supply, chain = chain_with_supply(source.open(), filters)
    with progress(tr("measuring")):
        frame = metrics.upstreamness(supply, chain)
    write_order(frame, "upstreamness", output)


def write_order(frame: pd.DataFrame, index: str, output: OrderedOutput) -> None:
    """Write a table of the order of a chain, and say what is missing from it.

    Raises:
        UsageError: It has no row.
    """
    if frame.empty:
        raise UsageError(NO_CHAIN)
    say_cycles(frame.attrs["condensed"])
    solved = len(frame.attrs["cycles"]) - frame.attrs["condensed"]
    say_count(solved, "cycles have shares on all of their ties and are solved as they are")
    say_count(int(frame[index].isna().sum()), "have no value: no input that is known leads to or from them")
    say_count(len(frame.attrs["supplies_nothing"]), "organizations supply nothing that is known")
    say_count(int(frame["disagrees"].fillna(value=False).sum()), "are not where their stated segment says")
    say_equal(frame, [index], tr("products and organizations"), instead=SUPPLIES_TELL)
    output.write(frame.reset_index(), empty=NO_CHAIN)
