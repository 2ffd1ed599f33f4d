"""How few hold a product: concentration and the largest supplier and region, with bounds where shares are missing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chaingraph.metrics.supply_chain.supplies import Holders, Supplies

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


def concentration(held: Supplies, holders: Holders | None) -> dict[str, Any]:
    """Return how concentrated the supply of a product is, by the names of ``COLUMNS``; None where nobody supplies it.

    The known shares stand; what they leave is divided among the suppliers without one: in equal parts for the least
    concentration, all to one for the most. It is ``undecided`` whether a product is highly concentrated if the bounds
    of the index lie on both sides of ``HIGHLY_CONCENTRATED``, and ``largest_undecided`` who the largest supplier is if
    what the known shares leave is more than the largest of them: then these are too few to say.
    """
    if holders is None or not holders.suppliers:
        return dict.fromkeys(COLUMNS, None) | {"sole_supplier": False}
    known, rest, number = holders.known, holders.rest, len(holders.open)
    squares, most = math.fsum(share**2 for share in known.values()), max(known.values(), default=0.0)
    sole = holders.suppliers[0] if len(holders.suppliers) == 1 else None
    low, high = squares + (rest**2 / number if number else 0.0), squares + rest**2
    return {
        "suppliers": len(holders.suppliers),
        "sole_supplier": sole is not None,
        "known_share": math.fsum(known.values()),
        "hhi_low": low,
        "hhi_high": high,
        "undecided": low <= HIGHLY_CONCENTRATED < high,
        "largest_share_low": max(most, rest / number if number else 0.0),
        "largest_share_high": max(most, rest),
        "largest_supplier": sole or (max(sorted(known), key=lambda name: known[name]) if known else None),
        "largest_undecided": sole is None and rest > most,
    } | _regions(held, holders)


def _regions(held: Supplies, holders: Holders) -> dict[str, Any]:
    """Bound the share of the largest region; a supplier of no known region may be in any, or alone in its own."""
    place = {name: held.nodes[name].get("region") for name in holders.suppliers}
    known: dict[str, float] = {str(region): 0.0 for region in place.values() if region is not None}
    elsewhere = 0.0
    for name, share in holders.known.items():
        if place[name] is None:
            elsewhere += share
        else:
            known[str(place[name])] += share
    if not known:
        return {"largest_region": None, "largest_region_share_low": None, "largest_region_share_high": None}
    # The rest can go to the regions of the open suppliers; to any region if one of them, or all, are of none.
    anywhere = not holders.open or any(place[name] is None for name in holders.open)
    reached = set(known) if anywhere else {str(place[name]) for name in holders.open}
    low = max(known.values())
    if holders.open and not anywhere:
        low = max(low, _filled([known[region] for region in reached], holders.rest))
    high = max(share + (holders.rest if region in reached else 0.0) for region, share in known.items()) + elsewhere
    named = max(sorted(known), key=lambda region: known[region]) if low > 0 and max(known.values()) > 0 else None
    if len(known) == 1 and None not in place.values():
        named = next(iter(known))
    return {
        "largest_region": named,
        "largest_region_share_low": low,
        "largest_region_share_high": min(1.0, high),
    }


def _filled(bases: Sequence[float], amount: float) -> float:
    """Return the least that the greatest can be once an amount is spread over the bases, filled from below."""
    ordered = sorted(bases)
    for count in range(1, len(ordered) + 1):
        level = (amount + math.fsum(ordered[:count])) / count
        if count == len(ordered) or level <= ordered[count]:
            return max(level, ordered[-1])
    return amount
