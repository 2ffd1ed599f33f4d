"""``chaingraph chain risk``: how much of all output the failure of each organization takes along."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from chaingraph.cli.chain.supply import NO_CHAIN, SUPPLIES_TELL, say_count, supply_and_chain
from chaingraph.cli.command import Panel, option
from chaingraph.cli.network_options import SupplyFilters
from chaingraph.cli.options import Sources
from chaingraph.cli.output import OrderedOutput, progress, say, say_equal
from chaingraph.messages import tr


class Cascade(StrEnum):
    """How a customer loses what an input loses."""

    linear = "linear"
    leontief = "leontief"


def risk(
    source: Sources,
    cascade: Annotated[
        Cascade, option(Panel.MEASURE, "How losses add up: linear in all inputs, or by the scarcest (leontief).")
    ] = Cascade.linear,
    *,
    filters: SupplyFilters,
    output: OrderedOutput,
) -> None:
    """Measure the systemic risk of each organization: one row per organization, the riskiest first."""
    from chaingraph import metrics

    supply, chain = supply_and_chain(source.open(), filters)
    with progress(tr("measuring")):
        frame = metrics.systemic_risk(supply, chain, cascade=cascade.value)
    notes = frame.attrs
    say(tr("{cascade} cascade; weights: {weight}", cascade=notes["cascade"], weight=notes["weight"]))
    say(tr("rank_low to rank_high: the places that the bounds of all risks leave, 1 the riskiest"))
    say_count(notes["without_ties"], "organizations have no tie that is known, so that their risk is unknown")
    say_count(notes["missing_weights"], "ties have no share, and the index lies between its bounds")
    say_count(notes["without_customer"], "supplies lead to nobody that is known")
    say_count(notes["implied"], "ties are implied by what a product goes into")
    say_equal(frame, ["risk_low", "risk_high"], "organizations", instead=SUPPLIES_TELL)
    output.write(frame.reset_index(), empty=NO_CHAIN)
