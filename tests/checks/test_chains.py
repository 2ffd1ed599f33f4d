"""What no chain can be: shares that are more than all, and a product that goes into itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import chaingraph as cg
from chaingraph.checks.chains import _day_of_largest_sum, _Share, _sum_on, chain_findings

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder

ORGANIZATIONS = "id,name\na,A\nb,B\n"


def test_only_shares_that_hold_on_one_day_add_up(data_set: DataSetFolder) -> None:
    rows = "id,supplier,product,share,since,until\ns1,a,p,70%,2019,2020\ns2,b,p,60%,2021,\ns3,a,p,40%,2021,\n"
    products = "id,name\np,P\n"
    apart = data_set("apart", organizations=ORGANIZATIONS, products=products, supplies=rows)
    assert chain_findings(cg.open(apart)) == []
    overlapping = rows.replace("2019,2020", "2019,2021-01")
    both = data_set("both", organizations=ORGANIZATIONS, products=products, supplies=overlapping)
    # In January 2021 a has 70 %, stated besides its 40 %, and b 60 %.
    assert [found.message for found in chain_findings(cg.open(both))] == [
        "the shares of the product add up to 1.3, expected at most 1: correct the column 'share' in the rows"
        " id:both/supplies/s1, id:both/supplies/s2"
    ]


def test_several_rows_of_one_supplier_state_one_share(data_set: DataSetFolder) -> None:
    rows = "id,supplier,product,customer,share\ns1,a,p,b,70%\ns2,a,p,,60%\ns3,b,p,,30%\n"
    folder = data_set(organizations=ORGANIZATIONS, products="id,name\np,P\n", supplies=rows)
    assert chain_findings(cg.open(folder)) == []


def test_a_circle_of_inputs_is_possible_but_no_product_is_its_own(data_set: DataSetFolder) -> None:
    folder = data_set(products="id,name,name_en,input_of\np,甲,P,q\nq,乙,Q,p;q\n")
    assert [(found.kind, found.thing) for found in chain_findings(cg.open(folder))] == [
        ("own input", "id:roster/products/q")
    ]


_DAYS = st.integers(1, 9).map(lambda day: f"2021-01-0{day}")
_SHARES = st.builds(
    _Share, st.uuids().map(str), st.sampled_from("abc"), st.sampled_from([0.0, 0.1, 0.3, 0.7, 1.0]), _DAYS, _DAYS
)


@given(st.lists(_SHARES, min_size=1, max_size=12))
@example([_Share("r", "a", 1.0, "2021-01-05", "2021-01-01")])
def test_the_day_of_the_largest_sum_is_that_of_adding_up_each_day(shares: list[_Share]) -> None:
    of_days = {share.since: _sum_on(share.since, shares)[0] for share in shares}
    assert of_days[_day_of_largest_sum(shares)] == pytest.approx(max(of_days.values()))


def test_many_shares_of_one_product_are_added_up_in_one_pass(data_set: DataSetFolder) -> None:
    """Made-up rows of 4,000 suppliers, one year each: day by day they would be 16 million."""
    count = 4_000
    names = "".join(f"o{n},公司{n}\n" for n in range(count))
    years = [f"{1 + n // 12:04d}-{1 + n % 12:02d}" for n in range(count)]
    rows = "".join(f"o{n},p,60%,{year},{year}\n" for n, year in enumerate(years))
    folder = data_set(
        organizations="id,name\n" + names,
        products="id,name\np,P\n",
        supplies=f"supplier,product,share,since,until\n{rows}o0,p,50%,{years[-1]},\n",
    )
    (finding,) = chain_findings(cg.open(folder))
    assert finding.message.startswith("the shares of the product add up to 1.1, expected at most 1")
