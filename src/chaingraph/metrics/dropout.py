"""What stops if organizations, regions or products drop out of a chain."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd

from chaingraph.errors import NetworkError
from chaingraph.metrics.flows import final, goods, kinds_closed, stopped, supplier_names, supplies
from chaingraph.metrics.ordering import named_cycles

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from chaingraph.metrics.flows import Flags, Goods, Holders, Supplies


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
    inputs that are left, kinds stand in fully, and unknown shares belong to those who stay; high: none of this. A
    cycle is gone round at most once.

    Args:
        supply: The projection ``supply``.
        chain: The projection ``chain``; without it nothing spreads.
        organizations: Nodes that drop out.
        regions: Values of the node attribute ``region``: every organization in them drops out.
        products: Nodes that can no longer be had at all.

    Returns:
        A frame indexed by product with ``label``, ``final``, ``suppliers``, ``suppliers_left``, ``stopped``,
        ``because``, ``lost_low``, ``lost_high``, the worst first. ``attrs``: ``removed`` organizations,
        ``final_stopped``, ``stages_stopped`` (all their products stop), ``without_suppliers``, ``no_region``,
        ``cycles``.

    Raises:
        NetworkError: Nothing is named, something named is not there, or shares or inputs are impossible, as in
            :func:`chaingraph.metrics.chain.chokepoints`.
    """
    held = supplies(supply)
    chained = goods(chain, held.nodes)
    gone_suppliers = _dropped(held, organizations, regions)
    size = len(chained.products)
    removed, empty = np.zeros((size, 1), dtype=bool), np.zeros((size, 1), dtype=bool)
    for node in products:
        if str(node) not in chained.number:
            message = f"there is no product '{node}' in the networks; list(chain) gives their names"
            raise NetworkError(message)
        removed[chained.number[str(node)]] = True
    if not (gone_suppliers or removed.any()):
        message = "nothing drops out; name organizations, regions or products"
        raise NetworkError(message)
    suppliers = [supplier_names(held, node) for node in chained.products]
    left = [sum(name not in gone_suppliers for name in names) for names in suppliers]
    empty[:, 0] = [bool(names) and not stay for names, stay in zip(suppliers, left, strict=True)]
    supplied = np.array([bool(names) for names in suppliers], dtype=bool)
    gone = stopped(chained, removed, empty, supplied, kinds_closed(chained))[0][:, 0]
    direct = np.array([_direct(held.holders.get(node), gone_suppliers) for node in chained.products]).reshape(size, 2)
    direct[removed[:, 0]] = 1.0
    low = _lost(chained, direct[:, 0], supplied, removed[:, 0], worst=False)
    high = _lost(chained, direct[:, 1], supplied, removed[:, 0], worst=True)
    ends = final(chained)
    frame = pd.DataFrame(
        {
            "label": [str(chained.nodes[node].get("label", node)) for node in chained.products],
            "final": ends,
            "suppliers": [len(names) for names in suppliers],
            "suppliers_left": left,
            "stopped": gone,
            "because": _reasons(chained, gone, removed[:, 0], empty[:, 0]),
            "lost_low": low,
            "lost_high": np.where(gone, 1.0, high),
        },
        index=pd.Index(chained.products, name="product"),
    )
    frame.attrs = {
        "removed": sorted(gone_suppliers),
        "final_stopped": [node for node, end, off in zip(chained.products, ends, gone, strict=True) if end and off],
        "stages_stopped": [s for s, members in chained.stages.items() if members and gone[members].all()],
        "without_suppliers": [node for node, names in zip(chained.products, suppliers, strict=True) if not names],
        "no_region": sum(held.nodes[o].get("region") is None for o in held.organizations),
        "cycles": named_cycles(chained),
    }
    return frame.sort_values(["stopped", "lost_high", "lost_low"], ascending=False, kind="stable")


def _dropped(held: Supplies, organizations: Collection[str], regions: Collection[str]) -> set[str]:
    known = set(held.organizations)
    for node in organizations:
        if str(node) not in known:
            message = f"the network has no organization '{node}'; list(network) gives the nodes"
            raise NetworkError(message)
    places = {str(held.nodes[node]["region"]) for node in known if held.nodes[node].get("region") is not None}
    for region in regions:
        if str(region) not in places:
            message = f"no organization has the region '{region}'; there are: {', '.join(sorted(places)) or 'none'}"
            raise NetworkError(message)
    wanted = {str(region) for region in regions}
    return {str(node) for node in organizations} | {n for n in known if str(held.nodes[n].get("region")) in wanted}


def _direct(holders: Holders | None, gone: set[str]) -> tuple[float, float]:
    if holders is None or not holders.suppliers:
        return 0.0, 0.0
    lost = math.fsum(share for name, share in holders.known.items() if name in gone)
    away = [name for name in holders.open if name in gone]
    if holders.open:
        least = holders.rest if len(away) == len(holders.open) else 0.0
        return min(1.0, lost + least), min(1.0, lost + (holders.rest if away else 0.0))
    return min(1.0, lost), 1.0 if all(name in gone for name in holders.known) else min(1.0, lost)


def _lost(
    held: Goods, direct: NDArray[np.float64], supplied: Flags, removed: Flags, *, worst: bool
) -> NDArray[np.float64]:
    size = len(held.products)
    inputs: list[list[int]] = [[] for _ in range(size)]
    kinds: list[list[int]] = [[] for _ in range(size)]
    for tail, head in held.inputs:
        inputs[head].append(tail)
    for tail, head in held.kinds:
        kinds[head].append(tail)
    lost = direct.copy()
    for _ in range(size):
        before = lost.copy()
        for node in range(size):
            scarcest = max((before[i] for i in inputs[node]), default=0.0)
            own = 1 - (1 - direct[node]) * (1 - scarcest) if worst else max(direct[node], scarcest)
            ways = [before[kind] for kind in kinds[node]]
            if supplied[node] or not ways:
                ways.append(own)
            lost[node] = 1.0 if removed[node] else (max(ways) if worst else min(ways))
        if (lost == before).all():
            break
    return lost


def _reasons(held: Goods, gone: Flags, removed: Flags, empty: Flags) -> list[str]:
    label = [str(held.nodes[node].get("label", node)) for node in held.products]
    stopped_inputs: list[list[str]] = [[] for _ in held.products]
    for tail, head in held.inputs:
        if gone[tail]:
            stopped_inputs[head].append(label[tail])
    reasons = []
    for node in range(len(label)):
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
