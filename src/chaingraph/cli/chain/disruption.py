"""``chaingraph chain disruption``: what stops if organizations, regions or products drop out."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from chaingraph.cli.chain.supply import NO_CHAIN, SUPPLIES_TELL, for_reading, say_count, supply_and_chain
from chaingraph.cli.command import Panel, option
from chaingraph.cli.completion import things
from chaingraph.cli.network_options import SupplyFilters
from chaingraph.cli.options import Sources, refuse
from chaingraph.cli.output import OrderedOutput, progress, quantity, say, say_equal
from chaingraph.errors import UsageError, did_you_mean, excerpt
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    import networkx as nx
    import pandas as pd


class Unit(StrEnum):
    """What drops out alone, one after the other."""

    organization = "organization"
    region = "region"


_SHORT = {
    Unit.region: (
        *("region", "organizations", "stopped", "final_stopped", "stages_stopped", "lost_low", "lost_high"),
        "final_products",
    ),
    Unit.organization: (
        *("label", "stopped", "final_stopped", "stages_stopped", "lost_low", "lost_high", "final_products"),
    ),
}
"""The columns that a terminal has room for."""


def disruption(
    source: Sources,
    without: Annotated[
        list[str] | None,
        option(
            Panel.MEASURE,
            "Let this organization, region or product drop out, by name; several drop out together.",
            "--without",
            metavar="NAME",
            autocompletion=things("cg:Organization", "cg:Region", "cg:Product"),
        ),
    ] = None,
    by: Annotated[
        Unit | None,
        option(
            Panel.MEASURE,
            "Let each alone drop out, one after the other, regions at all levels; organization if not given.",
        ),
    ] = None,
    *,
    filters: SupplyFilters,
    output: OrderedOutput,
) -> None:
    """Measure what stops if organizations, regions or products drop out.

    With --without one row per product: whether it stops, and why. Else one row per organization or region: what stops
    if it alone drops out, the worst first.
    """
    if without:
        refuse({"--by": by}, tr("--without says what drops out; leave one of them out"))
    supply, chain = supply_and_chain(source.open(), filters)
    say(tr("stopped: no supplier by name is left, or an input stops; lost_low to lost_high: others may supply as well"))
    if without:
        output.write(_without(supply, chain, without), empty=NO_CHAIN)
        return
    unit = by or Unit.organization
    frame = _criticality(supply, chain, unit)
    output.write(for_reading(frame, output, _SHORT[unit]), empty=NO_CHAIN)


def _criticality(supply: nx.Graph[Any], chain: nx.Graph[Any], unit: Unit) -> pd.DataFrame:
    from chaingraph import metrics

    with progress(tr("measuring")):
        frame = metrics.criticality(supply, chain, by=unit.value)
    say(
        tr(
            "one row per {unit}: what stops if it alone drops out; final products: {final}",
            unit=unit,
            final=frame.attrs["final"],
        )
    )
    say_count(frame.attrs["no_region"] if unit is Unit.region else 0, "organizations have no region")
    say_equal(frame, ["stopped", "final_stopped", "lost_low", "lost_high"], f"{unit}s", instead=SUPPLIES_TELL)
    return frame.reset_index()


def _without(supply: nx.Graph[Any], chain: nx.Graph[Any], names: Sequence[str]) -> pd.DataFrame:
    from chaingraph import metrics

    nodes = _nodes(supply, chain, names)
    with progress(tr("measuring")):
        frame = metrics.disruption(supply, chain, **nodes)
    notes = frame.attrs
    organizations = quantity(len(notes["removed"]), "organizations")
    say(
        tr(
            "{organizations} and {products} drop out",
            organizations=organizations,
            products=quantity(len(nodes["products"]), "products"),
        )
    )
    say(
        tr(
            "{products}, {count} of them final",
            products=quantity(int(frame["stopped"].sum()), "products stop"),
            count=len(notes["final_stopped"]),
        )
    )
    for stage in notes["stages_stopped"]:
        say(tr("all products stop at the stage {name}", name=chain.nodes[stage].get("label", stage)))
    return frame.reset_index()


def _nodes(supply: nx.Graph[Any], chain: nx.Graph[Any], names: Sequence[str]) -> dict[str, list[str]]:
    """Sort names, of nodes or as people write them, into organizations, regions and products.

    Raises:
        UsageError: Nothing has a name, or several have it.
    """
    candidates = _candidates(supply, chain)
    nodes: dict[str, list[str]] = {"organizations": [], "regions": [], "products": []}
    for name in names:
        matches = sorted(candidates.get(name, ()))
        if len(matches) != 1:
            several = tr(" or ").join(node for _, node in matches)
            hint = (
                tr("several have it: {several}; name one of these", several=several)
                if matches
                else tr("list them with: network SOURCE supply")
            )
            message = tr(
                "no one organization, region or product is called '{name}'; {hint}", name=excerpt(name), hint=hint
            )
            raise UsageError(message if matches else message + did_you_mean(name, candidates))
        nodes[matches[0][0]].append(matches[0][1])
    return nodes


def _candidates(supply: nx.Graph[Any], chain: nx.Graph[Any]) -> dict[str, set[tuple[str, str]]]:
    """Return by each name what has it: organizations, regions or products, and the node."""
    from chaingraph.metrics.supply_chain._supplies import node_regions

    candidates: dict[str, set[tuple[str, str]]] = {}
    for network in (supply, chain):
        for node, data in network.nodes(data=True):
            what = {"Organization": "organizations", "Product": "products"}.get(str(data.get("type")))
            if what is None:
                continue
            for name in {str(node), *(str(data[key]) for key in ("label", "label_en", "label_zh") if key in data)}:
                candidates.setdefault(name, set()).add((what, str(node)))
    for _, data in supply.nodes(data=True):
        for name in node_regions(data):
            candidates.setdefault(name, set()).add(("regions", name))
    return candidates
