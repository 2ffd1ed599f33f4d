"""Failures followed over what they reach give what a cascade over all organizations gives, and cost what they reach."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaingraph.metrics import systemic_risk
from chaingraph.metrics.supply_chain import _reached_pairs, _shock_propagation
from tests.metrics.supply_chain.chains import table

if TYPE_CHECKING:
    from collections.abc import Callable

Tie = tuple[str, str, str, float, float]


def part(own: float, other: float, total: float) -> float:
    """The part of a tie of weight ``own`` where all else of the total has the weights of ``other``."""
    whole = own + max(total - other, 0.0)
    return own / whole if whole > 0 else 0.0


def until_nothing_changes(
    step: Callable[[dict[str, float]], dict[str, float]], failed: set[str], names: set[str]
) -> dict[str, float]:
    losses, change = {name: float(name in failed) for name in names}, 1.0
    while change >= 1e-6:
        after = {name: max(losses[name], min(1.0, step(losses).get(name, 0.0))) for name in names}
        change, losses = max(after[name] - losses[name] for name in names), after
    return losses


def bound(ties: list[Tie], failed: set[str], *, worst: bool, leontief: bool) -> tuple[float, int]:
    """One bound of the index and what is reached, tie by tie over all organizations, by the rules of the module."""
    own = {tie: tie[4] if worst else tie[3] for tie in ties}
    other = {tie: tie[3] if worst else tie[4] for tie in ties}
    names = {tie[0] for tie in ties} | {tie[1] for tie in ties}

    def total(weights: dict[Tie, float], **ends: str) -> float:
        place = {"supplier": 0, "customer": 1, "product": 2}
        return sum(w for tie, w in weights.items() if all(tie[place[end]] == name for end, name in ends.items()))

    lines = sorted({(tie[0], tie[2]) for tie in ties})
    sold, offered = (
        {line: total(weights, supplier=line[0], product=line[1]) for line in lines} for weights in (own, other)
    )
    needs = {tie: (tie[1], tie[2] if leontief else "") for tie in ties}
    weight = {
        tie: part(own[tie], other[tie], total(other, customer=tie[1], **({"product": tie[2]} if leontief else {})))
        for tie in ties
    }

    def downstream(losses: dict[str, float]) -> dict[str, float]:
        short: dict[tuple[str, str], float] = defaultdict(float)
        for tie in ties:
            line = (tie[0], tie[2])
            others = [one for one in lines if one[1] == line[1] and one != line]
            left = sold[line] * (1 - losses[line[0]]) + sum(offered[one] * (1 - losses[one[0]]) for one in others)
            hard = sold[line] / max(left, sold[line]) if sold[line] > 0 else 1.0
            short[needs[tie]] += weight[tie] * hard * losses[line[0]]
        result: dict[str, float] = defaultdict(float)
        for (customer, _), lack in short.items():
            result[customer] = max(result[customer], lack)
        return result

    sales_part = {tie: part(own[tie], other[tie], total(other, supplier=tie[0])) for tie in ties}

    def upstream(losses: dict[str, float]) -> dict[str, float]:
        result: dict[str, float] = defaultdict(float)
        for tie in ties:
            result[tie[0]] += sales_part[tie] * losses[tie[1]]
        return result

    down, up = (until_nothing_changes(step, failed, names) for step in (downstream, upstream))
    losses = {name: max(down[name], up[name]) for name in names}
    risk = sum(
        part(total(own, supplier=name), total(other, supplier=name), sum(other.values())) * loss
        for name, loss in losses.items()
    )
    return min(risk, 1.0), sum(loss > 1e-6 for name, loss in losses.items() if name not in failed)


TIES = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(0, 2), st.integers(0, 9), st.integers(0, 3)).filter(
        lambda tie: tie[0] != tie[1]
    ),
    min_size=1,
    max_size=14,
    unique_by=lambda tie: tie[:3],
).filter(lambda ties: any(low + more for *_, low, more in ties))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(TIES, st.booleans(), st.booleans(), st.integers(1, 5), st.sampled_from([0.0, 2.0]))
def test_the_index_is_that_of_the_rules_tie_by_tie(
    numbers: list[tuple[int, int, int, int, int]], leontief: bool, known: bool, block: int, table_part: float
) -> None:
    ties = [
        (f"o{s}", f"o{c}", f"p{p}", float(low), float(low if known else low + more)) for s, c, p, low, more in numbers
    ]
    if not any(tie[4] for tie in ties):
        return
    frame = pd.DataFrame(ties, columns=["supplier", "customer", "product", "weight_low", "weight_high"])
    names = sorted({*frame["supplier"], *frame["customer"]})
    groups = {**{name: [name] for name in names}, "two": names[:2], "none": []}
    with pytest.MonkeyPatch.context() as patch:
        # All failures are followed in a table of all organizations, or none is.
        patch.setattr(_shock_propagation, "TABLE_PART", table_part)
        index = systemic_risk(frame, cascade="leontief" if leontief else "linear", failures=groups, block=block)
    for name in [*names, "two"]:
        low, _ = bound(ties, set(groups[name]), worst=False, leontief=leontief)
        high, reached = bound(ties, set(groups[name]), worst=True, leontief=leontief)
        row = index.loc[name]
        assert (row["risk_low"], row["risk_high"]) == pytest.approx((low, high), abs=1e-12)
        assert row["reached"] == reached


def visits(copies: int, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Links read and pairs computed for the risk of all in so many chains, of five ties each."""
    links = pairs = 0
    entries, fixed_point = _reached_pairs.Links.entries, _reached_pairs.fixed_point

    def counting_entries(self: Any, numbers: Any) -> Any:  # noqa: ANN401
        nonlocal links
        entry, place = entries(self, numbers)
        links += len(entry)
        return entry, place

    def counting_rounds(all_pairs: Any, failed: Any, size: int, step_of: Any) -> Any:  # noqa: ANN401
        nonlocal pairs
        end = fixed_point(all_pairs, failed, size, step_of)
        pairs += len(all_pairs) * end.rounds
        return end

    ties = [
        (f"o{copy}-{place}", f"o{copy}-{place + 1}", 1, f"p{copy}-{place}")
        for copy in range(copies)
        for place in range(5)
    ]
    with monkeypatch.context() as patch:
        patch.setattr(_reached_pairs.Links, "entries", counting_entries)
        patch.setattr(_shock_propagation, "fixed_point", counting_rounds)
        frame = systemic_risk(table(*ties))
    # Of six in a row each reaches all that come after it, and all before: five ties in all, so six times five.
    assert frame.attrs["ties_followed"] == copies * 30
    return links, pairs


def test_work_grows_with_what_failures_reach_and_not_with_the_square_of_the_organizations(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few, many = visits(40, monkeypatch), visits(640, monkeypatch)
    assert many == pytest.approx((few[0] * 16, few[1] * 16), rel=0.01)
