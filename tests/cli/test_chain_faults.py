"""What no chain can be is named with its row: by the tables where one row is wrong, else by the check."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.cli.shell import run

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder

ORGANIZATIONS = "id,name\na,A\nb,B\n"
PRODUCTS = "id,name\np,P\nq,Q\nr,R\n"


def test_each_row_that_is_wrong_by_itself_is_refused_with_its_line(data_set: DataSetFolder) -> None:
    supplies = "supplier,product,share\na,p,0.5\nb,p,-0.1\na,q,140%\nnobody,p,0.1\np,q,0.5\n,r,0.5\n"
    folder = data_set(organizations=ORGANIZATIONS, products=PRODUCTS, supplies=supplies)
    unknown = "expected the id, name or alias of a row of 'organizations' (单位)"
    said = [
        "supplies.csv, row 3: 'share' holds '-0.1', expected a number from 0 to 1 (60% is read as 0.6)",
        "supplies.csv, row 4: 'share' holds '140%', expected a number from 0 to 1 (60% is read as 0.6)",
        f"supplies.csv, row 5: 'supplier' holds 'nobody', {unknown}",
        f"supplies.csv, row 6: 'supplier' holds 'p', {unknown}",
        "supplies.csv, row 7: expected a value in at least one of supplier, consortium, platform, project",
    ]
    for command in (("check", str(folder)), ("build", str(folder), "-o", str(folder / "out.ttl"))):
        done = run(*command)
        lines = done.stderr.splitlines()
        assert (done.returncode, done.stdout) == (1, "")
        assert sorted(line for line in lines if line.startswith("supplies.csv")) == said
        assert lines[-1] == "5 problems found; nothing was written"
    assert not (folder / "out.ttl").exists()


def test_an_own_input_and_shares_over_100_percent_are_listed_with_their_rows(data_set: DataSetFolder) -> None:
    rows = "id,supplier,product,share\ns1,a,p,70%\ns2,b,p,40%\ns3,a,q,60%\ns4,b,q,40%\n"
    products = "id,name,input_of\np,P,q\nq,Q,p;q\n"
    folder = data_set(organizations=ORGANIZATIONS, products=products, supplies=rows)
    done = run("check", str(folder), "--format", "json")
    assert done.returncode == 1, done.stderr
    assert [(row["kind"], row["thing"], row["message"]) for row in json.loads(done.stdout)] == [
        (
            "own input",
            "id:roster/products/q",
            "the product is its own input: correct the column 'input_of' in the row id:roster/products/q",
        ),
        (
            "shares",
            "id:roster/products/p",
            "the shares of the product add up to 1.1, expected at most 1: correct the column 'share' in the rows"
            " id:roster/supplies/s1, id:roster/supplies/s2",
        ),
    ]
