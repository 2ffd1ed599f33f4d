"""The supplies are read once, not once per organization or product, so that time grows with them and not its square."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from chaingraph.metrics import chokepoints, criticality, disruption, upstreamness
from tests.metrics.supply_chain.chains import chained, supplied

if TYPE_CHECKING:
    from collections.abc import Callable

MEASURES: dict[str, Callable[[Any, Any], object]] = {
    "chokepoints": chokepoints,
    "upstreamness": upstreamness,
    "losses by organization": lambda supply, chain: criticality(supply, chain, by="organization"),
    "one failure": lambda supply, chain: disruption(supply, chain, organizations=["o0"]),
}


def scans(measure: Callable[[Any, Any], object], size: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often the measure compares a whole column of the supplies, of so many organizations and products."""
    count = 0

    def counting(method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401
            nonlocal count
            count += 1
            return method(*arguments, **options)

        return call

    supply = supplied(*((f"o{number}", f"p{number}", 1.0) for number in range(size)))
    chain = chained(*(f"p{number}>p{number + 1}" for number in range(size - 1)))
    with monkeypatch.context() as patch:
        for name in ("isin", "__eq__"):
            patch.setattr(pd.Series, name, counting(getattr(pd.Series, name)))
        measure(supply, chain)
    return count


@pytest.mark.parametrize("name", MEASURES)
def test_more_organizations_need_no_more_scans_of_the_supplies(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert scans(MEASURES[name], 3, monkeypatch) == scans(MEASURES[name], 12, monkeypatch)
