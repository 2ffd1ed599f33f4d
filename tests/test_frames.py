"""A frame is a frame: whatever returns one, it can be put together, merged and written to Parquet."""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import chaingraph as cg
from chaingraph.indicators import ConsortiumTable, Scorecard
from chaingraph.resources import sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from chaingraph.store import KnowledgeGraph

Frames = dict[str, pd.DataFrame]

CONSORTIUM = "id:cn/consortia/zhong-guo-ji-cheng-dian-lu-te-se-gong-yi-ji-feng-zhuang-ce"
WEIGHTS = {"members": 1.0, "ties_to_consortia": 0.5}


def of_check(kg: KnowledgeGraph) -> Frames:
    report = cg.check(kg)
    return {"frame": report.frame, "without_evidence": report.without_evidence}


def of_diff(kg: KnowledgeGraph) -> Frames:
    difference = cg.diff(kg, cg.open(sample("horizon-batteries")))
    return {"frame": difference.frame, "counts": difference.counts}


def of_consortia(kg: KnowledgeGraph) -> Frames:
    table = cg.indicators.consortia(kg)
    assert isinstance(table, ConsortiumTable)
    return {"frame": table.frame, "reported": table.reported}


def of_scorecard(kg: KnowledgeGraph) -> Frames:
    card = cg.indicators.scorecard(kg, at="2024")
    assert isinstance(card, Scorecard)
    return {"frame": card.frame, "basis": card.basis, "reported": card.reported}


def of_completeness_summary(kg: KnowledgeGraph) -> Frames:
    return {"frame": cg.indicators.completeness_summary(cg.indicators.completeness(kg))}


def of_crosstab(kg: KnowledgeGraph) -> Frames:
    return {
        "counts": cg.indicators.crosstab(kg, "region", "kind"),
        "fractions": cg.indicators.crosstab(kg, "consortium", "kind", count="memberships", split="fractional"),
    }


CASES: Mapping[str, Callable[[KnowledgeGraph], Frames]] = {
    "centrality": lambda kg: {"frame": cg.centrality(cg.co_membership(kg))},
    "check": of_check,
    "contradictions": lambda kg: {"frame": cg.contradictions(kg)},
    "diff": of_diff,
    "rests_on": lambda kg: {"frame": cg.rests_on(kg, "id:cn/sources/s02")},
    "why": lambda kg: {"frame": cg.why(kg, CONSORTIUM)},
    "completeness": lambda kg: {"frame": cg.indicators.completeness(kg, at="2024")},
    "completeness_summary": of_completeness_summary,
    "consortia": of_consortia,
    "coverage": lambda kg: {"frame": cg.indicators.coverage(kg, at="2024")},
    "crosstab": of_crosstab,
    "ranking": lambda kg: {"frame": cg.indicators.ranking(cg.scorecard(kg).frame, WEIGHTS, draws=5)},
    "reported_ratios": lambda kg: {"frame": cg.indicators.reported_ratios(kg)},
    "scorecard": of_scorecard,
    "tile_values": lambda kg: {"frame": cg.indicators.tile_values(kg).to_frame()},
}
"""What calls each public function that returns frames; the top and ``indicators`` share the names that both have."""

WITHOUT_FRAME = {
    "accept",
    "brief",
    "build",
    "chain_map",
    "heatmap",
    "open",
    "page",
    "questions",
    "read",
    "roll_up",
    "tile_map",
    "with_reported",
}
"""Public functions that return no frame; what returns a network is in ``cg.networks``."""


@pytest.fixture(scope="module")
def both() -> tuple[KnowledgeGraph, KnowledgeGraph]:
    return cg.open(sample("jiangsu-2022")), cg.open(sample("china-consortia"))


def functions(package: object) -> set[str]:
    return {name for name in dir(package) if inspect.isfunction(getattr(package, name))}


def test_every_public_function_is_covered_here_or_returns_no_frame() -> None:
    public = functions(cg) | functions(cg.indicators)
    assert public - functions(cg.networks) - WITHOUT_FRAME == set(CASES)


def values(attributes: object) -> Iterator[object]:
    if isinstance(attributes, dict):
        for name, value in attributes.items():
            assert isinstance(name, str)
            yield from values(value)
    elif isinstance(attributes, list | tuple):
        for value in attributes:
            yield from values(value)
    else:
        yield attributes


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame as objects with one missing value: Parquet makes strings of objects."""
    names = [pd.Index(axis.astype(object), name=axis.name) for axis in frame.axes]
    return frame.astype(object).where(frame.notna(), None).set_axis(names[0]).set_axis(names[1], axis=1)


@pytest.mark.parametrize("name", CASES)
def test_frames_of_two_graphs_go_together_and_into_parquet(
    name: str, both: tuple[KnowledgeGraph, KnowledgeGraph], tmp_path: Path
) -> None:
    first, second = (CASES[name](kg) for kg in both)
    assert any(len(frame) for frame in (*first.values(), *second.values()))
    for part, frame in first.items():
        assert {type(value) for value in values(frame.attrs)} <= {str, int, float, bool, type(None)}, part
        assert len(pd.concat([frame, second[part]])) == len(frame) + len(second[part]), part
        own, other = frame.reset_index(), second[part].reset_index()
        key = str(own.columns[1 if own.columns[0] == "index" else 0])
        assert set(own.merge(other, on=key, how="outer")[key]) == set(own[key]) | set(other[key]), part
        frame.to_parquet(tmp_path / f"{part}.parquet")
        assert_frame_equal(plain(pd.read_parquet(tmp_path / f"{part}.parquet")), plain(frame), obj=part)
        assert json.dumps(frame.attrs), part
