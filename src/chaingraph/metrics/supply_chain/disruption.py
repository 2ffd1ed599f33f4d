"""What stops if organizations, regions or products drop out of a chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd

from chaingraph.errors import MeasureError, NetworkError
from chaingraph.metrics.supply_chain._shortfall import outcome_of
from chaingraph.metrics.supply_chain.supplies import (
    final,
    goods,
    places,
    rows_named,
    supplier_names,
    supplies,
)
from chaingraph.metrics.supply_chain.upstreamness import named_cycles

if TYPE_CHECKING:
    from collections.abc import Collection

    from chaingraph.metrics.supply_chain._shortfall import Outcome
    from chaingraph.metrics.supply_chain.supplies import Flags, Goods, Supplies


def without(
    supply: nx.Graph[Any],
    chain: nx.Graph[Any] | None = None,
    *,
    organizations: Collection[str] = (),
    regions: Collection[str] = (),
    products: Collection[str] = (),
) -> pd.DataFrame:
    """Return one row a product: whether it stops if these drop out, why, and between what bounds its output falls.

    A product stops if no supplier that the network names is left, or an input of it stops, and no kind of it can stand
    in. ``lost_low`` and ``lost_high``, 0 to 1, follow every path: the share of the product's own supply that is lost,
    and that of the scarcest input (Leontief 1936, Rev. Econ. Stat. 18: 105). Low: the suppliers that are left get the
    inputs that are left, kinds stand in fully, and unknown shares belong to those who stay; high: none of this, and a
    cycle is one product.

    Args:
        supply: The projection ``supply``.
        chain: The projection ``chain``; without it nothing spreads.
        organizations: Nodes that drop out.
        regions: Every organization in one of them, or in a region within one, drops out (``region``, ``regions``).
        products: Nodes that can no longer be had at all.

    Returns:
        A frame indexed by product: ``label``, ``final``, ``suppliers``, ``suppliers_left``, ``stopped``, ``because``,
        ``lost_low``, ``lost_high``, ``rows_lost`` (its supplies that stop counting), the worst first. ``attrs``:
        ``removed`` organizations, ``final_stopped``, ``stages_stopped`` (all their products stop),
        ``without_suppliers``, ``no_region``, ``cycles``.

    Raises:
        NetworkError: Nothing is named, something named is not there, or shares or inputs are impossible.
    """
    held = supplies(supply)
    chained = goods(chain, held.nodes)
    gone = _dropped(held, organizations, regions)
    removed = _removed(chained, products)
    if not (gone or removed.any()):
        message = "nothing drops out; name organizations, regions or products"
        raise NetworkError(message)
    outcome = outcome_of(held, chained, [gone], removed)
    return _told(held, chained, gone, removed[:, 0], outcome)


def losses(supply: nx.Graph[Any], chain: nx.Graph[Any] | None = None, *, by: str = "region") -> pd.DataFrame:
    """Return one row a region or organization: what stops if it alone drops out, the worst first.

    Each is a scenario of :func:`without`. A final product goes into no other and is no kind of another.

    Args:
        supply: The projection ``supply``.
        chain: The projection ``chain``; without it nothing spreads, and no product is final.
        by: ``region``: each region, with all organizations in it or within it; or ``organization``.

    Returns:
        A frame indexed by region or organization: ``label``, ``organizations`` (how many drop out), ``stopped``
        (products), ``final_stopped`` and ``stages_stopped`` (how many), ``final_products`` (the labels of those that
        stop), ``lost_low`` and ``lost_high`` (the part of final output lost, 0 to 1, each final product alike: missing
        without any), ``rows_lost`` (the supplies that stop counting), and a rank for each number, 1 the worst.
        ``attrs``: ``final`` (how many there are), ``no_region``.

    Raises:
        MeasureError: ``by`` is something else.
        NetworkError: No organization has a region, or shares or inputs are impossible.
    """
    held = supplies(supply)
    chained = goods(chain, held.nodes)
    scenarios = _scenarios(held, by)
    outcome = outcome_of(held, chained, list(scenarios.values()), _nothing(chained, len(scenarios)))
    ends = final(chained)
    stages = [outcome.stopped[members].all(axis=0) for members in chained.stages.values() if members]
    labels = [_label(chained, node) for node in range(len(chained.products))]
    frame = pd.DataFrame(
        {
            "label": [str(held.nodes.get(name, {}).get("label", name)) for name in scenarios],
            "organizations": [len(members) for members in scenarios.values()],
            "stopped": outcome.stopped.sum(axis=0),
            "final_stopped": outcome.stopped[ends].sum(axis=0),
            "stages_stopped": sum(stages, np.zeros(len(scenarios), dtype=np.int64)),
            "final_products": [
                "; ".join(sorted(labels[node] for node in np.flatnonzero(outcome.stopped[:, column] & ends).tolist()))
                for column in range(len(scenarios))
            ],
            "lost_low": outcome.low[ends].mean(axis=0) if ends.any() else np.nan,
            "lost_high": outcome.high[ends].mean(axis=0) if ends.any() else np.nan,
            "rows_lost": [rows_named(held.rows, chained.products, members) for members in scenarios.values()],
        },
        index=pd.Index(list(scenarios), name=by),
    )
    numbers = ["final_stopped", "lost_low", "lost_high", "stages_stopped", "stopped"]
    for name in numbers:
        frame[f"rank_{name}"] = frame[name].rank(method="min", ascending=False).astype("Int64")
    frame.attrs = {"final": int(ends.sum()), "no_region": _no_region(held)}
    return frame.sort_values(numbers, ascending=False, kind="stable")


def _scenarios(held: Supplies, by: str) -> dict[str, set[str]]:
    if by == "organization":
        return {node: {node} for node in held.organizations}
    if by != "region":
        message = f"losses by '{by}' are unknown; expected region or organization"
        raise MeasureError(message, measure="losses")
    found: dict[str, set[str]] = {}
    for node in held.organizations:
        for place in places(held.nodes[node]):
            found.setdefault(place, set()).add(node)
    if not found:
        message = "no organization has a region; measure by organization, or give regions to the organizations"
        raise NetworkError(message)
    return dict(sorted(found.items()))


def _no_region(held: Supplies) -> int:
    return sum(not places(held.nodes[node]) for node in held.organizations)


def _label(chained: Goods, node: int) -> str:
    name = chained.products[node]
    return str(chained.nodes[name].get("label", name))


def _nothing(chained: Goods, scenarios: int) -> Flags:
    return np.zeros((len(chained.products), scenarios), dtype=bool)


def _removed(chained: Goods, products: Collection[str]) -> Flags:
    removed = _nothing(chained, 1)
    for node in products:
        if str(node) not in chained.number:
            message = f"there is no product '{node}' in the networks; list(chain) gives their names"
            raise NetworkError(message)
        removed[chained.number[str(node)]] = True
    return removed


def _dropped(held: Supplies, organizations: Collection[str], regions: Collection[str]) -> set[str]:
    known = {node: places(held.nodes[node]) for node in held.organizations}
    for node in organizations:
        if str(node) not in known:
            message = f"the network has no organization '{node}'; list(network) gives the nodes"
            raise NetworkError(message)
    everywhere = set().union(*known.values())
    for region in regions:
        if str(region) not in everywhere:
            message = f"no organization has the region '{region}'; there are: {', '.join(sorted(everywhere)) or 'none'}"
            raise NetworkError(message)
    wanted = {str(region) for region in regions}
    return {str(node) for node in organizations} | {node for node, held_by in known.items() if held_by & wanted}


def _told(held: Supplies, chained: Goods, gone: set[str], removed: Flags, outcome: Outcome) -> pd.DataFrame:
    """Return the one scenario of an outcome as the frame of :func:`without`."""
    suppliers = [supplier_names(held, node) for node in chained.products]
    off, ends = outcome.stopped[:, 0], final(chained)
    frame = pd.DataFrame(
        {
            "label": [_label(chained, node) for node in range(len(chained.products))],
            "final": ends,
            "suppliers": [len(names) for names in suppliers],
            "suppliers_left": outcome.left[:, 0].astype(np.int64),
            "stopped": off,
            "because": _reasons(chained, off, removed, outcome.empty[:, 0]),
            "lost_low": outcome.low[:, 0],
            "lost_high": outcome.high[:, 0],
            "rows_lost": [
                rows_named(held.rows, [node], None if away else gone)
                for node, away in zip(chained.products, removed.tolist(), strict=True)
            ],
        },
        index=pd.Index(chained.products, name="product"),
    )
    frame.attrs = {
        "removed": sorted(gone),
        "final_stopped": [chained.products[node] for node in np.flatnonzero(ends & off).tolist()],
        "stages_stopped": [s for s, members in chained.stages.items() if members and off[members].all()],
        "without_suppliers": [node for node, names in zip(chained.products, suppliers, strict=True) if not names],
        "no_region": _no_region(held),
        "cycles": named_cycles(chained),
    }
    return frame.sort_values(["stopped", "lost_high", "lost_low"], ascending=False, kind="stable")


def _reasons(held: Goods, gone: Flags, removed: Flags, empty: Flags) -> list[str]:
    stopped_inputs: list[list[str]] = [[] for _ in held.products]
    for tail, head in held.inputs:
        if gone[tail]:
            stopped_inputs[head].append(_label(held, tail))
    reasons = []
    for node in range(len(held.products)):
        if not gone[node]:
            reasons.append("")
        elif removed[node]:
            reasons.append("dropped out")
        elif empty[node]:
            reasons.append("no supplier left")
        elif stopped_inputs[node]:
            reasons.append("input stopped: " + ", ".join(sorted(stopped_inputs[node])))
        else:
            reasons.append("no kind of it left")
    return reasons
