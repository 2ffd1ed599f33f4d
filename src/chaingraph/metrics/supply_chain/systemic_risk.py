"""How far the failure of one organization spreads: the systemic risk index of a supply network."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
import scipy.sparse as sp

from chaingraph.arrays import ArrayNetwork
from chaingraph.errors import MeasureError, NetworkError
from chaingraph.messages import tr
from chaingraph.metrics._ranks import with_rank_bounds
from chaingraph.metrics.supply_chain._reached_pairs import TOLERANCE
from chaingraph.metrics.supply_chain._shock_propagation import merged_ties, risk_index
from chaingraph.metrics.supply_chain._supplies import read_chain, read_supply

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from chaingraph.arrays import Matrix
    from chaingraph.metrics.supply_chain._shock_propagation import Ties
    from chaingraph.metrics.supply_chain._supplies import SupplyNetwork

    Values = NDArray[np.float64]
    Names = NDArray[np.object_]
    Essential = Collection[str | tuple[str, str]]

BLOCK = 256
"""At most how many failures are followed at once."""


def supplier_customer_ties(supply: nx.Graph[Any] | ArrayNetwork, chain: nx.Graph[Any] | None = None) -> pd.DataFrame:
    """Return one row per tie between organizations: who supplies whom with which product.

    A row of supplies that states its customer is one tie, its weight the share of the product's supply. With a chain, a
    supply without a customer goes to all who supply what the product is an input of, also by way of a product that it
    is a kind of, each alike; those ties are ``implied``.

    Args:
        supply: The projection ``supply``.
        chain: The projection ``chain``; without it a supply without a customer is no tie.

    Returns:
        A frame with ``supplier``, ``customer``, ``product``, ``weight_low`` and ``weight_high`` (equal if the share is
        known, else from 0 to what the known shares leave), ``implied`` and ``supply``, the row.
        ``attrs["without_customer"]`` counts the rows that lead to nobody.

    Raises:
        NetworkError: As in ``chokepoints``.
    """
    return _tie_frame(read_supply(supply), chain)


def systemic_risk(
    supply: pd.DataFrame | nx.Graph[Any],
    chain: nx.Graph[Any] | None = None,
    *,
    cascade: str = "linear",
    essential: Essential | None = None,
    failures: Mapping[str, Collection[str]] | None = None,
    block: int = BLOCK,
) -> pd.DataFrame:
    """Return for each organization the part of all output that its failure takes along, 0 to 1.

    The economic systemic risk index (Diem, Borsos, Reisch, Kertesz and Thurner 2022, Sci. Rep. 12: 7719), by the rules
    and with the differences that the module ``_shock_propagation`` lists. With missing weights it lies between
    ``risk_low`` and ``risk_high`` whatever they are; the interval need not be the narrowest.

    Args:
        supply: The projection ``supply`` (ties by ``supplier_customer_ties``); a table with ``supplier``,
            ``customer`` and, if known, ``weight`` and ``product``; or a directed graph with ``weight`` on ties and
            ``product`` or ``industry`` on suppliers. A missing weight (or a table's ``weight_low``, ``weight_high``)
            is from 0 to the largest; if none is known, each tie weighs 1. Without products nobody is replaceable.
        chain: The projection ``chain``, for ``supplier_customer_ties``.
        cascade: ``linear``: the part of all inputs that is lost counts; ``leontief``: that of the scarcest.
        essential: With ``leontief``, what cannot be done without: products, or pairs of one and a customer; the others
            count as in ``linear``. None: all.
        failures: Name -> organizations that fail together. None: each alone.
        block: At most how many failures are followed at once.

    Returns:
        A frame indexed by organization or failure, the riskiest first: ``label``, ``risk_low``, ``risk_high``,
        ``reached`` (others that can lose output), ``rank_low`` and ``rank_high`` (the first and the last place that the
        bounds leave, 1 the riskiest) and, of a supply network, ``rows`` (the supplies of what fails, on either side).
        Missing: where nothing that fails has a tie, so that nothing is known; ranks also if all risks are equal.
        ``attrs``: ``cascade``, ``weight``, ``without_ties`` (how many rows are missing), ``missing_weights``,
        ``rounds``, ``ties_followed`` (what the time grows with: the ties along which each failure is followed, summed
        over the failures), ``converged``, ``tolerance``, and of a supply network ``without_customer``, ``implied``.

    Raises:
        MeasureError: An unknown cascade, or nothing is sold.
        NetworkError: A weight is negative, an organization its own customer, or a name is unknown.

    >>> systemic_risk(pd.DataFrame({"supplier": ["hub", "hub"], "customer": ["a", "b"]}))["risk_high"].to_dict()
    {'hub': 1.0, 'a': 0.5, 'b': 0.5}
    """
    table, labels, notes = _tie_table(supply, chain)
    ties, weight = _ties(table, labels, cascade, essential)
    groups = {name: [name] for name in labels} if failures is None else failures
    frame, convergence = _bounded_index(ties, groups, block)
    frame.insert(0, "label", [labels.get(name, name) for name in groups])
    frame.index.name = "organization" if failures is None else "failure"
    if "supply" in table.columns:
        frame["rows"] = _supplies_of(table, groups)
    frame.attrs.update({"cascade": cascade, "weight": weight, **convergence, **notes})
    return frame.sort_values(["risk_high", "risk_low"], ascending=False, kind="stable")


def _tie_frame(network: SupplyNetwork, chain: nx.Graph[Any] | ArrayNetwork | None) -> pd.DataFrame:
    """Return the frame of ``supplier_customer_ties``."""
    product_chain = read_chain(chain, network.nodes)
    broader: nx.DiGraph[int] = nx.DiGraph()
    broader.add_nodes_from(range(len(product_chain.products)))
    broader.add_edges_from(product_chain.kinds)
    users: dict[int, set[str]] = {}
    for tail, head in product_chain.inputs:
        users.setdefault(tail, set()).update(network.supplier_names(product_chain.products[head]))
    rows, without_customer = [], 0
    for row, supplier, product, customer, share in network.rows.itertuples(index=False, name=None):
        low, high = (share, share) if not math.isnan(share) else (0.0, network.suppliers[product].rest)
        if customer is not None:
            rows.append((supplier, customer, product, low, high, False, row))
            continue
        position = product_chain.positions[product]
        served = [position, *nx.descendants(broader, position)]
        names = set().union(*(users.get(user, set()) for user in served)) - {supplier}
        without_customer += not names
        rows += [(supplier, name, product, low / len(names), high / len(names), True, row) for name in sorted(names)]
    columns = ["supplier", "customer", "product", "weight_low", "weight_high", "implied", "supply"]
    frame = pd.DataFrame([row for row in rows if row[0] != row[1]], columns=columns)
    frame.attrs = {"without_customer": without_customer}
    return frame


def _bounded_index(
    ties: Ties, failures: Mapping[str, Collection[str]], block: int
) -> tuple[pd.DataFrame, dict[str, int | float | bool]]:
    """Follow the failures with the best and the worst weights, and return how the iteration ended."""
    if not ties.high.sum() > 0:
        message = tr("nothing is sold, so that there is no output to lose; give ties with weights above 0")
        raise MeasureError(message, measure="systemic_risk")
    failing = _failing(ties.names, failures)
    exact = bool((ties.low == ties.high).all())
    runs = [risk_index(ties, failing, worst=worst, block=block) for worst in ((True,) if exact else (False, True))]
    frame = pd.DataFrame(
        {"risk_low": runs[0].risk, "risk_high": runs[-1].risk, "reached": runs[-1].reached},
        index=pd.Index(list(failures)),
    )
    # Of organizations that have no tie nothing is known: their risk is not 0.
    has_tie = np.bincount(np.concatenate([ties.supplier, ties.customer]), minlength=len(ties.names)) > 0
    unknown = failing.T @ has_tie.astype(np.float64) == 0
    frame = frame.astype({"reached": "Int64"})
    frame.loc[unknown, ["risk_low", "risk_high", "reached"]] = None
    frame = with_rank_bounds(frame, {"risk": False})
    frame = frame.rename(columns={"rank_risk_low": "rank_low", "rank_risk_high": "rank_high"})
    convergence: dict[str, int | float | bool] = {
        "without_ties": int(unknown.sum()),
        "missing_weights": int((ties.low != ties.high).sum()),
        "rounds": max(run.rounds for run in runs),
        "ties_followed": sum(run.ties_followed for run in runs),
        "converged": all(run.converged for run in runs),
        "tolerance": TOLERANCE,
    }
    return frame, convergence


def _supplies_of(table: pd.DataFrame, failures: Mapping[str, Collection[str]]) -> list[str]:
    """Return for each failure the supplies of its organizations, on either side, as one text each."""
    ends = pd.concat([table[["supply", end]].set_axis(["supply", "node"], axis=1) for end in ("supplier", "customer")])
    of = ends.groupby("node")["supply"].agg(set).to_dict()
    return ["; ".join(sorted(set().union(*(of.get(str(name), ()) for name in names)))) for names in failures.values()]


def _tie_table(
    supply: pd.DataFrame | nx.Graph[Any], chain: nx.Graph[Any] | ArrayNetwork | None
) -> tuple[pd.DataFrame, dict[str, str], dict[str, Any]]:
    """Return the ties, each organization's label, and the ``attrs`` that say how the ties were read."""
    if isinstance(supply, pd.DataFrame):
        missing = [name for name in ("supplier", "customer") if name not in supply.columns]
        if missing:
            message = tr(
                "the table has no column {missing}; expected supplier and customer",
                missing=" and no column ".join(missing),
            )
            raise NetworkError(message)
        names = sorted({*map(str, supply["supplier"]), *map(str, supply["customer"])})
        return supply, {name: name for name in names}, {}
    labels = {str(node): str(data.get("label", node)) for node, data in supply.nodes(data=True)}
    if any(data.get("relation") == "supplies" for *_, data in supply.edges(data=True)):
        network = read_supply(supply)
        table = _tie_frame(network, chain)
        notes = {"without_customer": table.attrs["without_customer"], "implied": int(table["implied"].sum())}
        return table, {name: labels[name] for name in network.organizations}, notes
    if not supply.is_directed():
        message = tr("the ties have no direction; give a directed graph, supplier to customer")
        raise NetworkError(message)
    products = {str(n): d.get("product", d.get("industry")) for n, d in supply.nodes(data=True)}
    ties = [
        (str(u), str(v), d.get("weight"), d.get("product", products[str(u)])) for u, v, d in supply.edges(data=True)
    ]
    return pd.DataFrame(ties, columns=["supplier", "customer", "weight", "product"]), labels, {}


def _bounds(table: pd.DataFrame) -> tuple[Values, Values, str]:
    """Return the least and the greatest weight of each tie, and what they rest on."""
    if "weight_low" in table.columns:
        low, high = table["weight_low"].to_numpy(np.float64), table["weight_high"].to_numpy(np.float64)
        source = "weight_low to weight_high"
    elif "weight" in table.columns and table["weight"].notna().any():
        weight = pd.to_numeric(table["weight"]).to_numpy(np.float64)
        low, high = np.nan_to_num(weight, nan=0.0), np.where(np.isnan(weight), np.nanmax(weight), weight)
        source = tr("weight; a missing one is from 0 to the largest")
    else:
        low = high = np.ones(len(table))
        source = tr("each tie counts 1")
    for row in np.flatnonzero(~((low >= 0) & (low <= high) & np.isfinite(high))).tolist():
        tie = f"'{table['supplier'].iloc[row]}' to '{table['customer'].iloc[row]}'"
        message = tr(
            "row {row}: the weight of {tie} is {low}, expected 0 or more; correct the row",
            row=row,
            tie=tie,
            low=low[row],
        )
        raise NetworkError(message)
    return low, high, source


def _ties(
    table: pd.DataFrame, labels: Mapping[str, str], cascade: str, essential: Essential | None
) -> tuple[Ties, str]:
    """Return the ties by number, and what their weights rest on."""
    if cascade not in ("linear", "leontief"):
        message = tr("the cascade '{cascade}' is unknown; expected linear or leontief", cascade=cascade)
        raise MeasureError(message, measure="systemic_risk")
    low, high, source = _bounds(table)
    supplier, customer = table["supplier"].astype(str).to_numpy(), table["customer"].astype(str).to_numpy()
    for row in np.flatnonzero(supplier == customer).tolist():
        message = tr("row {row}: '{supplier}' is its own customer; leave the row out", row=row, supplier=supplier[row])
        raise NetworkError(message)
    # Without a product an organization makes what nobody else does: it is replaceable by none.
    own = pd.Series("of " + pd.Series(supplier, dtype=object), dtype=object)
    products = table["product"].reset_index(drop=True).astype(object) if "product" in table.columns else own
    product = products.where(products.notna(), own).astype(str).to_numpy()
    needed = (
        _essential_ties(product, customer, essential) if cascade == "leontief" else np.zeros(len(table), dtype=bool)
    )
    return merged_ties(list(labels), supplier, customer, product, needed, (low, high)), source


def _essential_ties(product: Names, customer: Names, essential: Essential | None) -> NDArray[np.bool_]:
    """Tell which ties bring what their customer cannot do without."""
    result = np.full(len(product), fill_value=essential is None)
    for item in essential or ():
        name, whom = item if isinstance(item, tuple) else (item, None)
        ties = (product == str(name)) & (True if whom is None else customer == str(whom))
        if not ties.any():
            what = (
                tr("the product '{name}'", name=name)
                if whom is None
                else tr("the product '{name}' and the customer '{whom}'", name=name, whom=whom)
            )
            message = tr(
                "no tie has {what}; there are the products: {product}",
                what=what,
                product=", ".join(sorted(set(product.tolist()))[:20]),
            )
            raise NetworkError(message)
        result |= ties
    return result


def _failing(names: list[str], failures: Mapping[str, Collection[str]]) -> Matrix:
    """Return the matrix with 1 at (organization, failure) where the organization fails."""
    position = {name: place for place, name in enumerate(names)}
    rows, columns = [], []
    for column, members in enumerate(failures.values()):
        for member in members:
            if str(member) not in position:
                message = tr(
                    "there is no organization '{member}' in the network; list(network) gives the nodes", member=member
                )
                raise NetworkError(message)
            rows.append(position[str(member)])
            columns.append(column)
    ends = (np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64))
    return sp.csr_array(sp.coo_array((np.ones(len(rows)), ends), shape=(len(names), len(failures))))
