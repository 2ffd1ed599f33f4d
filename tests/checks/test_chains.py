"""What no chain can be: shares that are more than all, and a product that goes into itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import chaingraph as cg
from chaingraph.checks.chains import chain_findings

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
