"""What one value becomes in a table, and what a spreadsheet must not compute."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest

from chaingraph.export.cells import cell_text, plain
from chaingraph.export.formulas import spreadsheet_text, without_apostrophe
from tests.export.same_cells import CELLS


def test_a_text_that_a_spreadsheet_computes_gets_an_apostrophe_and_a_number_gets_none() -> None:
    assert {text: spreadsheet_text(text) for text in CELLS} == CELLS


def test_the_apostrophe_is_taken_off_again() -> None:
    assert [without_apostrophe(cell) for cell in CELLS.values()] == list(CELLS)


@pytest.mark.parametrize(
    ("value", "json_value", "text"),
    [
        (None, None, ""),
        (float("nan"), None, ""),
        (pd.NA, None, ""),
        (pd.NaT, None, ""),
        (np.float64("nan"), None, ""),
        (float("-inf"), "-INF", "-INF"),
        (np.int64(3), 3, "3"),
        (1e-7, 1e-7, "1e-07"),
        (np.bool_(True), True, "true"),
        (pd.Timestamp("2022-11-08"), "2022-11-08", "2022-11-08"),
        (pd.Timestamp("2022-11-08 09:30"), "2022-11-08T09:30:00", "2022-11-08T09:30:00"),
        (datetime(2022, 11, 8, tzinfo=UTC), "2022-11-08T00:00:00+00:00", "2022-11-08T00:00:00+00:00"),
        (date(2022, 11, 8), "2022-11-08", "2022-11-08"),
        ("a\r\nb\rc", "a\nb\nc", "a\nb\nc"),
        ("half \ud800", "half ?", "half ?"),
        (["甲", None, 2], ["甲", None, 2], "甲; ; 2"),
        (np.array([1, 2]), [1, 2], "1; 2"),
        ({"zh": "甲"}, {"zh": "甲"}, '{"zh": "甲"}'),
    ],
)
def test_a_value_is_written_in_one_way(value: object, json_value: object, text: str) -> None:
    assert plain(value) == json_value
    assert type(plain(value)) is type(json_value)
    assert cell_text(value) == text
