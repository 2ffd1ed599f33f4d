"""Crosswalks: industries count as the codes of another classification, and what is doubtful about that is said."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from chaingraph.errors import UsageError
from chaingraph.indicators import crosstab

if TYPE_CHECKING:
    from chaingraph.store import KnowledgeGraph
    from tests.conftest import DataSetFolder


@pytest.fixture
def kg(data_set: DataSetFolder) -> KnowledgeGraph:
    """Four organizations in industries with codes of EuroSciVoc; one industry has a code of NACE already."""
    import chaingraph as cg

    folder = data_set(
        regions="id,name\nn,North\ns,South\n",
        industries="id,name,code\nbat,batteries,esv:1\noptics,optics,esv:2\nsoft,software,esv:3\nelec,electronics,NACE:C26\n",
        organizations="id,name,region,industry\na,A,n,bat\nb,B,n,optics\nc,C,s,optics\nd,D,s,soft\n",
    )
    return cg.open(folder)


def crosswalk(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["from", "to", "relation"])


def test_industries_count_as_the_codes_that_theirs_lead_to(kg: KnowledgeGraph) -> None:
    walk = crosswalk(("esv:1", "NACE:C27", "exact"), ("esv:2", "NACE:C26", "close"), ("esv:3", "NACE:J62", "broad"))
    table = crosstab(kg, "region", "industry", crosswalk=walk)
    assert table.to_dict("index") == {
        "North": {"NACE:C27": 1, "NACE:J62": 0, "electronics": 1},
        "South": {"NACE:C27": 0, "NACE:J62": 1, "electronics": 1},
    }
    assert table.attrs["crosswalk"] == {"mapped": 3, "missing": [], "several": [], "inexact": 2}


def test_an_industry_without_a_target_is_in_no_cell_and_is_named(kg: KnowledgeGraph) -> None:
    table = crosstab(kg, "region", "industry", crosswalk=crosswalk(("esv:2", "NACE:C26", "exact")))
    assert table.to_dict("index") == {"North": {"electronics": 1}, "South": {"electronics": 1}}
    assert [name.rpartition("/")[2] for name in table.attrs["crosswalk"]["missing"]] == ["bat", "soft"]
    assert table.attrs["unplaced"] == {"region": 0, "industry": 2}


def test_an_industry_with_two_targets_is_in_the_cells_of_both_and_is_named(kg: KnowledgeGraph) -> None:
    walk = crosswalk(("esv:2", "NACE:C26", "narrow"), ("esv:2", "NACE:C27", "narrow"), ("esv:1", "NACE:C27", "exact"))
    full = crosstab(kg, "region", "industry", crosswalk=walk)
    assert full.loc["North"].to_dict() == {"NACE:C27": 2, "electronics": 1}
    assert full.attrs["several"] == 2
    assert [name.rpartition("/")[2] for name in full.attrs["crosswalk"]["several"]] == ["optics"]
    shares = crosstab(kg, "region", "industry", crosswalk=walk, split="fractional")
    assert shares.loc["North"].to_dict() == {"NACE:C27": 1.5, "electronics": 0.5}


def test_two_industries_of_one_target_count_a_thing_once(data_set: DataSetFolder) -> None:
    import chaingraph as cg

    folder = data_set(
        regions="id,name\nn,North\n",
        industries="id,name,code\nbat,batteries,esv:1\noptics,optics,esv:2\n",
        consortia="id,name,region,industry\nx,X,n,bat;optics\n",
    )
    walk = crosswalk(("esv:1", "NACE:C26", "exact"), ("esv:2", "NACE:C26", "exact"))
    table = crosstab(cg.open(folder), "region", "industry", count="consortia", crosswalk=walk)
    assert (table.to_numpy().tolist(), table.attrs["several"]) == ([[1]], 0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("from,to,relation\nesv:1,C26,exact\n", "row 2: 'to' holds 'C26', expected a code as scheme:value"),
        ("from,to,relation\n,NACE:C26,exact\n", "row 2: 'from' holds '', expected a code as scheme:value"),
        (
            "from,to,relation\nesv:1,NACE:C26,alike\n",
            "row 2: 'relation' holds 'alike', expected exact, close, broad, narrow",
        ),
        ("from,to,relation\nesv:1,NACE:C26,exact\nesv:2,ISIC:26,exact\n", "leads to ISIC, NACE; expected codes of one"),
        ("code,target\nesv:1,NACE:C26\n", "has the columns code, target; expected from, to and relation"),
        ("from,to,relation\nesv:9,NACE:C26,exact\n", "no industry that is counted has a code of the crosswalk"),
    ],
)
def test_a_crosswalk_that_says_nothing_about_the_graph_is_refused(
    kg: KnowledgeGraph, tmp_path: Path, content: str, message: str
) -> None:
    path = tmp_path / "crosswalk.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as refusal:
        crosstab(kg, "region", "industry", crosswalk=path)
    assert message in str(refusal.value)


def test_a_crosswalk_needs_industries(kg: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="a crosswalk applies to industries, and the table is of region by kind"):
        crosstab(kg, "region", "kind", crosswalk=crosswalk(("esv:1", "NACE:C27", "exact")))
