"""How few supply a product: concentration and the largest supplier and region, with bounds where shares are missing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chaingraph.metrics.supply_chain._supplies import Suppliers, SupplyNetwork

HIGHLY_CONCENTRATED = 0.18
"""The Herfindahl-Hirschman index above which a market is called highly concentrated.

1,800 of 10,000 points: U.S. Department of Justice and Federal Trade Commission, Merger Guidelines (2023), section 2.1.
"""

COLUMNS = (
    "suppliers",
    "sole_supplier",
    "known_share",
    "hhi_low",
    "hhi_high",
    "undecided",
    "largest_share_low",
    "largest_share_high",
    "largest_supplier",
    "largest_undecided",
    "largest_region",
    "largest_region_share_low",
    "largest_region_share_high",
)


def concentration(supply: SupplyNetwork, suppliers: Suppliers | None) -> dict[str, Any]:
    """Return how concentrated the supply of a product is, by the names of ``COLUMNS``; None where nobody supplies it.

    What the known shares leave belongs to the suppliers without one and to any number of others that nobody names: many
    small ones for the least concentration, one for the most. It is ``undecided`` whether a product is highly
    concentrated if the bounds of the index lie on both sides of ``HIGHLY_CONCENTRATED``, and ``largest_undecided`` who
    the largest supplier is if what the known shares leave is more than the largest of them. Whether a supplier is the
    only one is unknown (None) if it is the only one by name and its share is not all.
    """
    if suppliers is None or not suppliers.names:
        return dict.fromkeys(COLUMNS, None) | {"suppliers": None}
    shares, rest = suppliers.shares, suppliers.rest
    squares, most = math.fsum(share**2 for share in shares.values()), max(shares.values(), default=0.0)
    sole = suppliers.names[0] if len(suppliers.names) == 1 else None
    return {
        "suppliers": len(suppliers.names),
        "sole_supplier": False if sole is None else True if rest == 0 else None,
        "known_share": math.fsum(shares.values()),
        "hhi_low": squares,
        "hhi_high": squares + rest**2,
        "undecided": squares <= HIGHLY_CONCENTRATED < squares + rest**2,
        "largest_share_low": most,
        "largest_share_high": max(most, rest),
        "largest_supplier": sole or (max(sorted(shares), key=lambda name: shares[name]) if shares else None),
        "largest_undecided": rest > most,
    } | _largest_region(supply, suppliers)


def _largest_region(supply: SupplyNetwork, suppliers: Suppliers) -> dict[str, Any]:
    """Bound the share of the largest region; a supplier of no known region may be in any, or alone in its own."""
    region_of = {name: supply.nodes[name].get("region") for name in suppliers.names}
    by_region: dict[str, float] = {str(region): 0.0 for region in region_of.values() if region is not None}
    no_region = 0.0
    for name, share in suppliers.shares.items():
        if region_of[name] is None:
            no_region += share
        else:
            by_region[str(region_of[name])] += share
    if not by_region:
        return {"largest_region": None, "largest_region_share_low": None, "largest_region_share_high": None}
    # The rest can go to any region, with a supplier without a share or with one that nobody names.
    largest = max(sorted(by_region), key=lambda region: by_region[region]) if max(by_region.values()) > 0 else None
    if len(by_region) == 1 and None not in region_of.values():
        largest = next(iter(by_region))
    most = max(by_region.values())
    return {
        "largest_region": largest,
        "largest_region_share_low": most,
        "largest_region_share_high": min(1.0, most + suppliers.rest + no_region),
    }
