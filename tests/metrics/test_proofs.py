"""Every number of a reference implementation stands beside ours, and they are equal to the digits it prints."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

from chaingraph.metrics._proofs import entries, proofs


def test_every_number_equals_its_reference() -> None:
    frame = proofs()
    assert frame["equal"].all(), frame[~frame["equal"]].to_string()
    assert len(frame) > 250
    assert set(frame["source"].str.split(" ").str[0]) >= {"EconGeo", "REAT", "numpy"}
    if find_spec("esda") is not None:
        assert frame.attrs["left_out"] == []


def test_a_wrong_reference_number_is_seen() -> None:
    wrong = next(entries())._replace(function="gini", arguments={"values": [1, 3]}, expected=0.26, digits=4)
    frame = proofs([wrong])
    assert frame["equal"].tolist() == [False]
    assert frame["ours"].tolist() == [0.25]


def test_the_numbers_handed_over_are_all_among_the_proofs(shared: Path) -> None:
    golden = json.loads((shared / "golden" / "golden.json").read_text(encoding="utf-8"))
    frame = proofs()
    held = {round(value, 6) for value in frame["expected"]}

    def numbers(value: object) -> list[float]:
        if isinstance(value, dict):
            return [number for one in value.values() for number in numbers(one)]
        if isinstance(value, list):
            return [number for one in value for number in numbers(one)]
        return [float(value)] if isinstance(value, int | float) else []

    missing = []
    inputs = {"counts", "x", "E_ij", "E_j", "rows", "columns", "note", "source", "diversity_if_strictly_above_1"}
    inputs |= {"ubiquity_if_strictly_above_1", "eigenvalues", "gini_normalised"}
    for group in ("econgeo_matrix", "complexity_matrix", "reat", "ellison_glaeser", "moran"):
        for name, value in golden[group].items():
            if name not in inputs:
                kept = (
                    {key: one for key, one in value.items() if key not in inputs} if isinstance(value, dict) else value
                )
                missing += [(group, name, number) for number in numbers(kept) if round(number, 6) not in held]
    assert missing == []
