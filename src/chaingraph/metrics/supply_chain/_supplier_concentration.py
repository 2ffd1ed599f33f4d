"""How few supply a product: concentration and the largest supplier and region, with bounds where shares are missing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

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

    What the known shares leave is divided among the suppliers without one: in equal parts for the least concentration,
    all to one for the most. It is ``undecided`` whether a product is highly concentrated if the bounds of the index lie
    on both sides of ``HIGHLY_CONCENTRATED``, and ``largest_undecided`` who the largest supplier is if what the known
    shares leave is more than the largest of them.
    """
    if suppliers is None or not suppliers.names:
        return dict.fromkeys(COLUMNS, None) | {"sole_supplier": False}
    shares, rest, number = suppliers.shares, suppliers.rest, len(suppliers.without_share)
    squares, most = math.fsum(share**2 for share in shares.values()), max(shares.values(), default=0.0)
    sole = suppliers.names[0] if len(suppliers.names) == 1 else None
    low, high = squares + (rest**2 / number if number else 0.0), squares + rest**2
    return {
        "suppliers": len(suppliers.names),
        "sole_supplier": sole is not None,
        "known_share": math.fsum(shares.values()),
        "hhi_low": low,
        "hhi_high": high,
        "undecided": low <= HIGHLY_CONCENTRATED < high,
        "largest_share_low": max(most, rest / number if number else 0.0),
        "largest_share_high": max(most, rest),
        "largest_supplier": sole or (max(sorted(shares), key=lambda name: shares[name]) if shares else None),
        "largest_undecided": sole is None and rest > most,
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
    # The rest can go to the regions of the suppliers without a share; to any region if one of them, or all, have none.
    anywhere = not suppliers.without_share or any(region_of[name] is None for name in suppliers.without_share)
    candidates = set(by_region) if anywhere else {str(region_of[name]) for name in suppliers.without_share}
    low = max(by_region.values())
    if suppliers.without_share and not anywhere:
        low = max(low, _least_maximum([by_region[region] for region in candidates], suppliers.rest))
    high = max(share + (suppliers.rest if region in candidates else 0.0) for region, share in by_region.items())
    largest = max(sorted(by_region), key=lambda region: by_region[region]) if max(by_region.values()) > 0 else None
    if len(by_region) == 1 and None not in region_of.values():
        largest = next(iter(by_region))
    return {
        "largest_region": largest,
        "largest_region_share_low": low,
        "largest_region_share_high": min(1.0, high + no_region),
    }


def _least_maximum(levels: Sequence[float], amount: float) -> float:
    """Return the least that the greatest level can be once an amount is spread over them: filled from below."""
    ordered = sorted(levels)
    for count in range(1, len(ordered) + 1):
        level = (amount + math.fsum(ordered[:count])) / count
        if count == len(ordered) or level <= ordered[count]:
            return max(level, ordered[-1])
    return amount
