"""How far the failure of one organization spreads: the systemic risk index of a supply network."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
import scipy.sparse as sp

from chaingraph.errors import MeasureError, NetworkError
from chaingraph.metrics.contagion import TOLERANCE, index, merged
from chaingraph.metrics.flows import goods, supplier_names, supplies

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from chaingraph.arrays import Matrix
    from chaingraph.metrics.contagion import Ties

    Values = NDArray[np.float64]

BLOCK = 256
"""How many failures are followed at once; more need memory and gain nothing."""


def trade(supply: nx.Graph[Any], chain: nx.Graph[Any] | None = None) -> pd.DataFrame:
    """Return one row a tie between organizations: who supplies whom with which product.

    A row of supplies that states its customer is one tie, its weight the share of the product's supply. With a chain, a
    supply without a customer goes to all who supply what the product is an input of, also by way of a product that it
    is a kind of, each alike; those ties are ``implied``.

    Returns:
        A frame with ``supplier``, ``customer``, ``product``, ``weight_low`` and ``weight_high`` (equal if the share is
        known, else from 0 to what the known shares leave), ``implied`` and ``supply``, the row.
        ``attrs["without_customer"]`` counts the rows that lead to nobody.

    Raises:
        NetworkError: As in :func:`chaingraph.metrics.chain.chokepoints`.
    """
    held = supplies(supply)
    products = goods(chain, held.nodes)
    above: nx.DiGraph[int] = nx.DiGraph()
    above.add_nodes_from(range(len(products.products)))
    above.add_edges_from(products.kinds)
    users: dict[int, set[str]] = {}
    for tail, head in products.inputs:
        users.setdefault(tail, set()).update(supplier_names(held, products.products[head]))
    rows, silent = [], 0
    for row, supplier, product, customer, share in held.rows.itertuples(index=False, name=None):
        low, high = (share, share) if not math.isnan(share) else (0.0, held.holders[product].rest)
        if customer is not None:
            rows.append((supplier, customer, product, low, high, False, row))
            continue
        node = products.number[product]
        names = set().union(*(users.get(i, set()) for i in [node, *nx.descendants(above, node)])) - {supplier}
        silent += not names
        rows += [(supplier, name, product, low / len(names), high / len(names), True, row) for name in sorted(names)]
    columns = ["supplier", "customer", "product", "weight_low", "weight_high", "implied", "supply"]
    frame = pd.DataFrame([one for one in rows if one[0] != one[1]], columns=columns)
    frame.attrs = {"without_customer": silent, "organizations": held.organizations}
    return frame


def systemic_risk(
    network: pd.DataFrame | nx.Graph[Any],
    *,
    chain: nx.Graph[Any] | None = None,
    cascade: str = "linear",
    essential: Collection[str] | None = None,
    failures: Mapping[str, Collection[str]] | None = None,
    block: int = BLOCK,
) -> pd.DataFrame:
    """Return for each organization the part of all output that its failure takes along, 0 to 1.

    After the economic systemic risk index (Diem, Borsos, Reisch, Kertesz and Thurner 2022, Sci. Rep. 12: 7719), whose
    published numbers it has not been set against yet: quote it with what follows, not by their name alone. A failed
    organization produces nothing. Downstream, a customer loses the part of its inputs that is lost: ``linear`` of all
    inputs together, ``leontief`` of the scarcest product. A loss counts in proportion to how hard the supplier is to
    replace, its output of the product over all that is left of it, at most 1. Upstream, a supplier loses the part of
    its sales that goes to customers who lose output. Output left is the lesser of the two, weighed by sales.

    With missing weights the index lies between ``risk_low`` and ``risk_high`` whatever they are, within the bounds
    that the table gives for each; the interval need not be the narrowest.

    Args:
        network: A table with ``supplier``, ``customer`` and, if known, ``weight`` and ``product``; or the projection
            ``supply`` (ties by :func:`trade`); or a graph of organizations with ``weight`` on ties and ``industry`` or
            ``product`` on suppliers. A missing weight (or a table's ``weight_low``, ``weight_high``) is anything from 0
            to the largest that is known; if none is, each tie weighs 1. Without products nobody is replaceable.
        chain: The projection ``chain``, with the projection ``supply``: see :func:`trade`.
        cascade: ``linear`` or ``leontief``.
        essential: With ``leontief``, the products that cannot be done without; the others count as in ``linear``. All
            are, if None.
        failures: Name -> organizations that fail together; each organization alone, if None.
        block: Failures at once; memory grows with it.

    Returns:
        A frame indexed by organization, or failure, with ``label``, ``risk_low``, ``risk_high``, ``reached`` (how many
        others can lose more than the tolerance), ``rank_low`` and ``rank_high`` (by the two bounds), the riskiest
        first. ``attrs``: ``cascade``, ``weight``, ``missing_weights``, ``rounds``, ``converged``, ``tolerance``, and of
        a supply network ``without_customer`` and ``implied``.

    Raises:
        MeasureError: An unknown cascade, or nothing is sold.
        NetworkError: A weight is negative, an organization its own supplier, or a name is not there.

    >>> star = pd.DataFrame({"supplier": ["hub", "hub"], "customer": ["a", "b"], "weight": [1.0, 1.0]})
    >>> systemic_risk(star)["risk_high"].to_dict()
    {'hub': 1.0, 'a': 0.5, 'b': 0.5}
    """
    if cascade not in ("linear", "leontief"):
        message = f"the cascade '{cascade}' is unknown; expected linear or leontief"
        raise MeasureError(message, measure="systemic_risk")
    table, labels, notes = _table(network, chain)
    ties, weighed = _ties(table, labels, cascade, essential)
    if not ties.high.sum() > 0:
        message = "nothing is sold, so that there is no output to lose; give ties with weights above 0"
        raise MeasureError(message, measure="systemic_risk")
    named = {name: [name] for name in labels} if failures is None else failures
    failing = _failing(ties.names, named)
    exact = bool((ties.low == ties.high).all())
    runs = [index(ties, failing, worst=worst, block=block) for worst in ((True,) if exact else (False, True))]
    frame = pd.DataFrame(
        {
            "label": [labels.get(name, name) for name in named],
            "risk_low": runs[0].risk,
            "risk_high": runs[-1].risk,
            "reached": runs[-1].reached,
        },
        index=pd.Index(list(named), name="organization" if failures is None else "failure"),
    )
    for bound in ("low", "high"):
        frame[f"rank_{bound}"] = frame[f"risk_{bound}"].rank(method="min", ascending=False).astype("int64")
    frame = frame.sort_values(["risk_high", "risk_low"], ascending=False, kind="stable")
    frame.attrs = {
        "cascade": cascade,
        "weight": weighed,
        "missing_weights": int((ties.low != ties.high).sum()),
        "rounds": max(run.rounds for run in runs),
        "converged": all(run.converged for run in runs),
        "tolerance": TOLERANCE,
    }
    frame.attrs.update(notes)
    return frame


def _table(
    network: pd.DataFrame | nx.Graph[Any], chain: nx.Graph[Any] | None
) -> tuple[pd.DataFrame, dict[str, str], dict[str, Any]]:
    """Return the ties, each organization's label, and what is to be said about them."""
    if isinstance(network, pd.DataFrame):
        lacking = [name for name in ("supplier", "customer") if name not in network.columns]
        if lacking:
            message = f"the table has no column {' and no column '.join(lacking)}; expected supplier and customer"
            raise NetworkError(message)
        names = sorted({*map(str, network["supplier"]), *map(str, network["customer"])})
        return network, {name: name for name in names}, {}
    labels = {str(node): str(data.get("label", node)) for node, data in network.nodes(data=True)}
    if any(data.get("relation") == "supplies" for *_, data in network.edges(data=True)):
        table = trade(network, chain)
        notes = {"without_customer": table.attrs["without_customer"], "implied": int(table["implied"].sum())}
        return table, {name: labels[name] for name in table.attrs["organizations"]}, notes
    if not network.is_directed():
        message = "the ties have no direction; give a directed graph, supplier to customer"
        raise NetworkError(message)
    made = {str(n): d.get("product", d.get("industry")) for n, d in network.nodes(data=True)}
    found = [(str(u), str(v), d.get("weight"), d.get("product", made[str(u)])) for u, v, d in network.edges(data=True)]
    return pd.DataFrame(found, columns=["supplier", "customer", "weight", "product"]), labels, {}


def _bounds(table: pd.DataFrame) -> tuple[Values, Values, str]:
    if "weight_low" in table.columns:
        low, high = table["weight_low"].to_numpy(np.float64), table["weight_high"].to_numpy(np.float64)
        said = "weight_low to weight_high"
    elif "weight" in table.columns and table["weight"].notna().any():
        stated = pd.to_numeric(table["weight"]).to_numpy(np.float64)
        low, high = np.nan_to_num(stated, nan=0.0), np.where(np.isnan(stated), np.nanmax(stated), stated)
        said = "weight; a missing one is from 0 to the largest"
    else:
        low = high = np.ones(len(table))
        said = "each tie counts 1"
    for row in np.flatnonzero(~((low >= 0) & (low <= high) & np.isfinite(high))).tolist():
        tie = f"'{table['supplier'].iloc[row]}' to '{table['customer'].iloc[row]}'"
        message = f"row {row}: the weight of {tie} is {low[row]}, expected 0 or more; correct the row"
        raise NetworkError(message)
    return low, high, said


def _ties(
    table: pd.DataFrame, labels: Mapping[str, str], cascade: str, essential: Collection[str] | None
) -> tuple[Ties, str]:
    low, high, said = _bounds(table)
    supplier, customer = table["supplier"].astype(str).to_numpy(), table["customer"].astype(str).to_numpy()
    for row in np.flatnonzero(supplier == customer).tolist():
        message = f"row {row}: '{supplier[row]}' is its own customer; leave the row out"
        raise NetworkError(message)
    # Without a product an organization makes what nobody else does: it is replaceable by none.
    bare = pd.Series("of " + pd.Series(supplier, dtype=object), dtype=object)
    held = table["product"].reset_index(drop=True).astype(object) if "product" in table.columns else bare
    product = held.where(held.notna(), bare).astype(str).to_numpy()
    known = set(product.tolist())
    for name in essential or ():
        if str(name) not in known:
            message = f"no tie has the product '{name}'; there are: {', '.join(sorted(known)[:20])}"
            raise NetworkError(message)
    needed = np.full(len(table), cascade == "leontief")
    if essential is not None:
        needed &= np.isin(product, np.array([str(name) for name in essential], dtype=product.dtype))
    return merged(list(labels), supplier, customer, product, needed, (low, high)), said


def _failing(names: list[str], failures: Mapping[str, Collection[str]]) -> Matrix:
    number = {name: place for place, name in enumerate(names)}
    rows, columns = [], []
    for column, members in enumerate(failures.values()):
        for member in members:
            if str(member) not in number:
                message = f"there is no organization '{member}' in the network; list(network) gives the nodes"
                raise NetworkError(message)
            rows.append(number[str(member)])
            columns.append(column)
    ends = (np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64))
    return sp.csr_array(sp.coo_array((np.ones(len(rows)), ends), shape=(len(names), len(failures))))
