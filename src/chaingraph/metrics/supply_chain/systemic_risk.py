"""How far the failure of one organization spreads: the systemic risk index of a supply network."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
import scipy.sparse as sp

from chaingraph.errors import MeasureError, NetworkError
from chaingraph.metrics.supply_chain.shock_propagation import TOLERANCE, index, merged
from chaingraph.metrics.supply_chain.supplies import goods, supplier_names, supplies

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from chaingraph.arrays import Matrix
    from chaingraph.metrics.supply_chain.shock_propagation import Ties

    Values = NDArray[np.float64]
    Names = NDArray[np.object_]
    Essential = Collection[str | tuple[str, str]]

BLOCK = 32
"""How many failures are followed at once: few enough to stay in a processor's cache."""


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
        NetworkError: As in :func:`chaingraph.metrics.supply_chain.chokepoints.chokepoints`.
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
    essential: Essential | None = None,
    failures: Mapping[str, Collection[str]] | None = None,
    block: int = BLOCK,
) -> pd.DataFrame:
    """Return for each organization the part of all output that its failure takes along, 0 to 1.

    The economic systemic risk index (Diem, Borsos, Reisch, Kertesz and Thurner 2022, Sci. Rep. 12: 7719), by the rules
    and with the differences that :mod:`.shock_propagation` states. With missing weights it lies between
    ``risk_low`` and ``risk_high`` whatever they are; the interval need not be the narrowest.

    Args:
        network: A table with ``supplier``, ``customer`` and, if known, ``weight`` and ``product``; the projection
            ``supply`` (ties by :func:`trade`); or a directed graph with ``weight`` on ties and ``product`` or
            ``industry`` on suppliers. A missing weight (or a table's ``weight_low``, ``weight_high``) is from 0 to the
            largest; if none is known, each tie weighs 1. Without products nobody is replaceable.
        chain: The projection ``chain``, for :func:`trade`.
        cascade: ``linear``: the part of all inputs that is lost counts; ``leontief``: that of the scarcest.
        essential: With ``leontief``, what cannot be done without: products, or pairs of one and a customer; the others
            count as in ``linear``. None: all.
        failures: Name -> organizations that fail together. None: each alone.
        block: How many failures are followed at once.

    Returns:
        A frame indexed by organization or failure, the riskiest first: ``label``, ``risk_low``, ``risk_high``,
        ``reached`` (others that can lose output), ``rank_low``, ``rank_high`` and, of a supply network, ``rows`` (the
        supplies of what fails, on either side). ``attrs``: ``cascade``, ``weight``, ``missing_weights``, ``rounds``,
        ``converged``, ``tolerance``, and of a supply network ``without_customer``, ``implied``.

    Raises:
        MeasureError: An unknown cascade, or nothing is sold.
        NetworkError: A weight is negative, an organization its own customer, or a name is unknown.

    >>> systemic_risk(pd.DataFrame({"supplier": ["hub", "hub"], "customer": ["a", "b"]}))["risk_high"].to_dict()
    {'hub': 1.0, 'a': 0.5, 'b': 0.5}
    """
    table, labels, notes = _table(network, chain)
    ties, weighed = _ties(table, labels, cascade, essential)
    named = {name: [name] for name in labels} if failures is None else failures
    frame, ended = _runs(ties, named, block)
    frame.insert(0, "label", [labels.get(name, name) for name in named])
    frame.index.name = "organization" if failures is None else "failure"
    if "supply" in table.columns:
        frame["rows"] = _rows(table, named)
    frame.attrs.update({"cascade": cascade, "weight": weighed, **ended, **notes})
    return frame.sort_values(["risk_high", "risk_low"], ascending=False, kind="stable")


def _runs(
    ties: Ties, failures: Mapping[str, Collection[str]], block: int
) -> tuple[pd.DataFrame, dict[str, int | float | bool]]:
    """Follow the failures with the best and the worst weights, and tell how that ended."""
    if not ties.high.sum() > 0:
        message = "nothing is sold, so that there is no output to lose; give ties with weights above 0"
        raise MeasureError(message, measure="systemic_risk")
    failing = _failing(ties.names, failures)
    exact = bool((ties.low == ties.high).all())
    runs = [index(ties, failing, worst=worst, block=block) for worst in ((True,) if exact else (False, True))]
    frame = pd.DataFrame(
        {"risk_low": runs[0].risk, "risk_high": runs[-1].risk, "reached": runs[-1].reached},
        index=pd.Index(list(failures)),
    )
    for bound in ("low", "high"):
        frame[f"rank_{bound}"] = frame[f"risk_{bound}"].rank(method="min", ascending=False).astype("int64")
    ended: dict[str, int | float | bool] = {
        "missing_weights": int((ties.low != ties.high).sum()),
        "rounds": max(run.rounds for run in runs),
        "converged": all(run.converged for run in runs),
        "tolerance": TOLERANCE,
    }
    return frame, ended


def _rows(table: pd.DataFrame, failures: Mapping[str, Collection[str]]) -> list[str]:
    """Return for each failure the supplies that its organizations stand in, as one text each."""
    ends = pd.concat([table[["supply", end]].set_axis(["supply", "node"], axis=1) for end in ("supplier", "customer")])
    of = ends.groupby("node")["supply"].agg(set).to_dict()
    return ["; ".join(sorted(set().union(*(of.get(str(name), ()) for name in names)))) for names in failures.values()]


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
    table: pd.DataFrame, labels: Mapping[str, str], cascade: str, essential: Essential | None
) -> tuple[Ties, str]:
    if cascade not in ("linear", "leontief"):
        message = f"the cascade '{cascade}' is unknown; expected linear or leontief"
        raise MeasureError(message, measure="systemic_risk")
    low, high, said = _bounds(table)
    supplier, customer = table["supplier"].astype(str).to_numpy(), table["customer"].astype(str).to_numpy()
    for row in np.flatnonzero(supplier == customer).tolist():
        message = f"row {row}: '{supplier[row]}' is its own customer; leave the row out"
        raise NetworkError(message)
    # Without a product an organization makes what nobody else does: it is replaceable by none.
    bare = pd.Series("of " + pd.Series(supplier, dtype=object), dtype=object)
    held = table["product"].reset_index(drop=True).astype(object) if "product" in table.columns else bare
    product = held.where(held.notna(), bare).astype(str).to_numpy()
    needed = _needed(product, customer, essential) if cascade == "leontief" else np.zeros(len(table), dtype=bool)
    return merged(list(labels), supplier, customer, product, needed, (low, high)), said


def _needed(product: Names, customer: Names, essential: Essential | None) -> NDArray[np.bool_]:
    """Tell which ties bring what their customer cannot do without."""
    needed = np.full(len(product), fill_value=essential is None)
    for one in essential or ():
        name, whom = one if isinstance(one, tuple) else (one, None)
        found = (product == str(name)) & (True if whom is None else customer == str(whom))
        if not found.any():
            said = f"the product '{name}'" if whom is None else f"the product '{name}' and the customer '{whom}'"
            message = f"no tie has {said}; there are the products: {', '.join(sorted(set(product.tolist()))[:20])}"
            raise NetworkError(message)
        needed |= found
    return needed


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
