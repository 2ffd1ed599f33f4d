"""What stops, and what output is lost, if organizations, regions or products drop out of a chain."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx
import numpy as np
import pandas as pd

from chaingraph.arrays import ArrayNetwork
from chaingraph.errors import MeasureError, NetworkError
from chaingraph.messages import tr
from chaingraph.metrics._ranks import with_rank_bounds
from chaingraph.metrics.supply_chain._supplies import (
    final_products,
    node_regions,
    product_graph,
    read_chain,
    read_supply,
    row_text,
    rows_by,
    stopped_products,
    substitutes,
)
from chaingraph.metrics.supply_chain.upstreamness import product_cycles

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from chaingraph.metrics.supply_chain._supplies import Flags, ProductChain, Suppliers, SupplyNetwork, Values


class _Outcome(NamedTuple):
    """What happens to each product in each scenario; all arrays have the shape (products, scenarios)."""

    suppliers_left: Values
    without_supplier: Flags
    stopped: Flags
    lost_low: Values
    lost_high: Values


def disruption(
    supply: nx.Graph[Any] | ArrayNetwork,
    chain: nx.Graph[Any] | None = None,
    *,
    organizations: Collection[str] = (),
    regions: Collection[str] = (),
    products: Collection[str] = (),
) -> pd.DataFrame:
    """Return one row per product: whether it stops if these drop out, why, and between what bounds its output falls.

    A product stops if no supplier that the network names is left, or an input of it stops, and no kind of it can
    replace it. ``lost_low`` and ``lost_high``, 0 to 1, follow every path: the share of the product's own supply that is
    lost, and that of the scarcest input (Leontief 1936, Rev. Econ. Stat. 18: 105). Low: the suppliers that are left get
    the inputs that are left, kinds replace a product fully, and unknown shares belong to those who stay, or to others
    that nobody names; high: none of this, and a cycle is one product.

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
        NetworkError: Nothing drops out, something that should is not there, or shares or inputs are impossible.
    """
    network = read_supply(supply)
    product_chain = read_chain(chain, network.nodes)
    failures = _failing_organizations(network, organizations, regions)
    removed = _removed_products(product_chain, products)
    if not (failures or removed.any()):
        message = tr("nothing drops out; name organizations, regions or products")
        raise NetworkError(message)
    outcome = _outcome(network, product_chain, [failures], removed)
    return _scenario_frame(network, product_chain, failures, removed[:, 0], outcome)


def criticality(
    supply: nx.Graph[Any] | ArrayNetwork,
    chain: nx.Graph[Any] | None = None,
    *,
    by: str = "region",
) -> pd.DataFrame:
    """Return one row per region or organization: what stops if it alone drops out, the most critical first.

    Each row is one scenario of ``disruption``. A final product goes into no other and is no kind of another.

    Args:
        supply: The projection ``supply``.
        chain: The projection ``chain``; without it nothing spreads, and no product is final.
        by: ``region``: each region, with all organizations in it or within it; or ``organization``.

    Returns:
        A frame indexed by region or organization: ``label``, ``organizations`` (how many drop out), ``stopped``
        (products), ``final_stopped`` and ``stages_stopped`` (how many), ``final_products`` (the labels of those that
        stop), ``lost_low`` and ``lost_high`` (the part of final output lost, 0 to 1, each final product alike: missing
        without any), ``rows_lost`` (the supplies that stop counting), and for each number the first and the last
        place that a row can have, 1 the worst (``rank_stopped_low``, ``rank_stopped_high``; missing if all are equal).
        ``attrs``: ``final`` (how many there are), ``no_region``.

    Raises:
        MeasureError: ``by`` is something else.
        NetworkError: No organization has a region, or shares or inputs are impossible.
    """
    network = read_supply(supply)
    product_chain = read_chain(chain, network.nodes)
    scenarios = _scenarios(network, by)
    nothing = np.zeros((len(product_chain.products), len(scenarios)), dtype=bool)
    outcome = _outcome(network, product_chain, list(scenarios.values()), nothing)
    final = final_products(product_chain)
    stages = [outcome.stopped[members].all(axis=0) for members in product_chain.stages.values() if members]
    labels = [product_chain.label(position) for position in range(len(product_chain.products))]
    by_supplier = rows_by(network.rows, "supplier")
    frame = pd.DataFrame(
        {
            "label": [str(network.nodes.get(name, {}).get("label", name)) for name in scenarios],
            "organizations": [len(members) for members in scenarios.values()],
            "stopped": outcome.stopped.sum(axis=0),
            "final_stopped": outcome.stopped[final].sum(axis=0),
            "stages_stopped": sum(stages, np.zeros(len(scenarios), dtype=np.int64)),
            "final_products": [
                "; ".join(sorted(labels[position] for position in np.flatnonzero(stopped & final).tolist()))
                for stopped in outcome.stopped.T
            ],
            "lost_low": outcome.lost_low[final].mean(axis=0) if final.any() else np.nan,
            "lost_high": outcome.lost_high[final].mean(axis=0) if final.any() else np.nan,
            "rows_lost": [row_text(by_supplier.get(name, ()) for name in names) for names in scenarios.values()],
        },
        index=pd.Index(list(scenarios), name=by),
    )
    numbers = ["final_stopped", "lost_low", "lost_high", "stages_stopped", "stopped"]
    frame = with_rank_bounds(frame, dict.fromkeys(["final_stopped", "lost", "stages_stopped", "stopped"], False))
    frame.attrs = {"final": int(final.sum()), "no_region": _no_region(network)}
    return frame.sort_values(numbers, ascending=False, kind="stable")


def _scenarios(network: SupplyNetwork, by: str) -> dict[str, set[str]]:
    """Return the organizations that fail together, by the name of the region or organization."""
    if by == "organization":
        return {node: {node} for node in network.organizations}
    if by != "region":
        message = tr("criticality by '{by}' is unknown; expected region or organization", by=by)
        raise MeasureError(message, measure="criticality")
    by_region: dict[str, set[str]] = {}
    for node in network.organizations:
        for region in node_regions(network.nodes[node]):
            by_region.setdefault(region, set()).add(node)
    if not by_region:
        message = tr("no organization has a region; measure by organization, or give regions to the organizations")
        raise NetworkError(message)
    return dict(sorted(by_region.items()))


def _no_region(network: SupplyNetwork) -> int:
    return sum(not node_regions(network.nodes[node]) for node in network.organizations)


def _removed_products(chain: ProductChain, products: Collection[str]) -> Flags:
    removed = np.zeros((len(chain.products), 1), dtype=bool)
    for node in products:
        if str(node) not in chain.positions:
            message = tr("there is no product '{node}' in the networks; list(chain) gives their names", node=node)
            raise NetworkError(message)
        removed[chain.positions[str(node)]] = True
    return removed


def _failing_organizations(
    network: SupplyNetwork, organizations: Collection[str], regions: Collection[str]
) -> set[str]:
    regions_of = {node: node_regions(network.nodes[node]) for node in network.organizations}
    for node in organizations:
        if str(node) not in regions_of:
            message = tr("the network has no organization '{node}'; list(network) gives the nodes", node=node)
            raise NetworkError(message)
    every = set().union(*regions_of.values())
    for region in regions:
        if str(region) not in every:
            message = tr(
                "no organization has the region '{region}'; there are: {every}",
                region=region,
                every=", ".join(sorted(every)) or "none",
            )
            raise NetworkError(message)
    names = {str(region) for region in regions}
    return {str(node) for node in organizations} | {node for node, own in regions_of.items() if own & names}


def _scenario_frame(
    network: SupplyNetwork, chain: ProductChain, failures: set[str], removed: Flags, outcome: _Outcome
) -> pd.DataFrame:
    """Return the only scenario of an outcome as the frame of ``disruption``."""
    suppliers = [network.supplier_names(node) for node in chain.products]
    stopped, final = outcome.stopped[:, 0], final_products(chain)
    by_tie = rows_by(network.rows, "supplier", "product")
    frame = pd.DataFrame(
        {
            "label": [chain.label(position) for position in range(len(chain.products))],
            "final": final,
            "suppliers": [len(names) for names in suppliers],
            "suppliers_left": outcome.suppliers_left[:, 0].astype(np.int64),
            "stopped": stopped,
            "because": _reasons(chain, stopped, removed, outcome.without_supplier[:, 0]),
            "lost_low": outcome.lost_low[:, 0],
            "lost_high": outcome.lost_high[:, 0],
            "rows_lost": [
                row_text(by_tie[name, node] for name in names if is_removed or name in failures)
                for node, is_removed, names in zip(chain.products, removed.tolist(), suppliers, strict=True)
            ],
        },
        index=pd.Index(chain.products, name="product"),
    )
    frame.attrs = {
        "removed": sorted(failures),
        "final_stopped": [chain.products[position] for position in np.flatnonzero(final & stopped).tolist()],
        "stages_stopped": [stage for stage, members in chain.stages.items() if members and stopped[members].all()],
        "without_suppliers": [node for node, names in zip(chain.products, suppliers, strict=True) if not names],
        "no_region": _no_region(network),
        "cycles": product_cycles(chain),
    }
    return frame.sort_values(["stopped", "lost_high", "lost_low"], ascending=False, kind="stable")


def _reasons(chain: ProductChain, stopped: Flags, removed: Flags, without_supplier: Flags) -> list[str]:
    stopped_inputs: list[list[str]] = [[] for _ in chain.products]
    for tail, head in chain.inputs:
        if stopped[tail]:
            stopped_inputs[head].append(chain.label(tail))
    reasons = []
    for position in range(len(chain.products)):
        if not stopped[position]:
            reasons.append("")
        elif removed[position]:
            reasons.append(tr("dropped out"))
        elif without_supplier[position]:
            reasons.append(tr("no supplier left"))
        elif stopped_inputs[position]:
            reasons.append(tr("input stopped: ") + ", ".join(sorted(stopped_inputs[position])))
        else:
            reasons.append(tr("no kind of it left"))
    return reasons


def _outcome(network: SupplyNetwork, chain: ProductChain, scenarios: Sequence[set[str]], removed: Flags) -> _Outcome:
    """Follow each scenario: a set of organizations that drop out, with the products that can no longer be had."""
    scenarios_of: dict[str, list[int]] = {}
    for column, members in enumerate(scenarios):
        for name in members:
            scenarios_of.setdefault(name, []).append(column)
    failures = np.zeros(removed.shape)
    low, high = np.zeros(removed.shape), np.zeros(removed.shape)
    suppliers = np.zeros(len(chain.products))
    for position, node in enumerate(chain.products):
        names = network.supplier_names(node)
        suppliers[position] = len(names)
        for column in {column for name in names for column in scenarios_of.get(name, ())}:
            failures[position, column] = sum(name in scenarios[column] for name in names)
            low[position, column], high[position, column] = _own_loss(network.suppliers[node], scenarios[column])
    low[removed] = high[removed] = 1.0
    left = suppliers[:, None] - failures
    without_supplier, supplied = (left == 0) & (failures > 0), suppliers > 0
    stopped = stopped_products(chain, removed, without_supplier, supplied, substitutes(chain))
    least = _least_loss(chain, low, supplied, removed)
    most = np.where(removed, 1.0, _greatest_loss(chain, high, supplied))
    return _Outcome(left, without_supplier, stopped, least, np.where(stopped, 1.0, most))


def _own_loss(suppliers: Suppliers, failures: set[str]) -> tuple[float, float]:
    """Bound the share of a product that is lost with some of its own suppliers."""
    lost = math.fsum(share for name, share in suppliers.shares.items() if name in failures)
    # Others that nobody names may have all of the rest, or none of it.
    all_fail = all(name in failures for name in suppliers.names)
    any_without_share = any(name in failures for name in suppliers.without_share)
    return min(1.0, lost), min(1.0, lost + (suppliers.rest if any_without_share or all_fail else 0.0))


def _least_loss(chain: ProductChain, own_loss: Values, supplied: Flags, removed: Flags) -> Values:
    """Return the least that is lost of each product: the scarcest of what it needs, or what its best kind loses.

    The iteration starts from no losses and only raises them, so it ends at the smallest solution.
    """
    size = len(chain.products)
    inputs, kinds = _predecessors(chain.inputs, size), _predecessors(chain.kinds, size)
    served_by = substitutes(chain)
    producible = [supplied[position] or not kinds[position] for position in range(size)]
    sources = [
        [source for source in served_by.indices[start:stop].tolist() if producible[source]]
        for start, stop in pairwise(served_by.indptr)
    ]
    loss = np.zeros_like(own_loss)
    while True:
        own = np.array([np.maximum(own_loss[p], loss[inputs[p]].max(axis=0, initial=0.0)) for p in range(size)])
        # Of a cycle of kinds that nobody supplies none can be had.
        after = np.array([own[sources[p]].min(axis=0, initial=1.0) for p in range(size)]).reshape(own_loss.shape)
        after[removed] = 1.0
        if (after == loss).all():
            return after
        loss = after


def _greatest_loss(chain: ProductChain, own_loss: Values, supplied: Flags) -> Values:
    """Return the most that is lost of each product, in the order of the chain; a cycle is one product."""
    inputs, kinds = (_predecessors(pairs, len(chain.products)) for pairs in (chain.inputs, chain.kinds))
    loss = np.zeros_like(own_loss)
    condensation = nx.condensation(product_graph(chain))
    for component in nx.topological_sort(condensation):
        members = sorted(condensation.nodes[component]["members"])
        own = 1 - np.prod(1 - own_loss[members], axis=0)
        of_inputs, of_kinds = (
            loss[[p for member in members for p in predecessors[member] if p not in members]].max(axis=0, initial=0.0)
            for predecessors in (inputs, kinds)
        )
        worst = 1 - (1 - own) * (1 - of_inputs)
        if len(members) == 1 and kinds[members[0]] and not supplied[members[0]]:
            worst = np.zeros_like(worst)
        loss[members] = np.maximum(worst, of_kinds)
    return loss


def _predecessors(pairs: Sequence[tuple[int, int]], size: int) -> list[list[int]]:
    predecessors: list[list[int]] = [[] for _ in range(size)]
    for tail, head in pairs:
        predecessors[head].append(tail)
    return predecessors
