"""What ``measure SOURCE scorecard`` prints: the cells with their basis, the ranks, and the words beside them."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from chaingraph.cli.output import Format, progress, quantity, say
from chaingraph.errors import MeasureError, UnreadableError, UsageError, shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from chaingraph.store import KnowledgeGraph

_DRAWS = 1000
_SHORT = (
    *("label", "leads", "members", "platforms", "projects", "stage_completeness", "ties_to_consortia"),
    *("bridging_members", "home_share", "known_share", "evidence_share"),
)
"""The columns that a terminal has room for."""
_RANKS = ("rank", "rank_low", "rank_high", "drawn_low", "drawn_high")
_EXPECTED = "expected a table [weights] with a line a column, such as members = 1.0"


def scorecard_frame(
    graph: KnowledgeGraph,
    form: Format,
    *,
    at: str | None,
    weights: Path | None,
    change: float,
    draws: int | None,
    seed: int,
) -> pd.DataFrame:
    """Return the scorecard, with ranks where weights are given, and say what its cells rest on."""
    from chaingraph.indicators.scorecard import scorecard

    with progress("reading the base of each consortium"):
        card = scorecard(graph, at=at)
    _say_undated(card.attrs["undated"])
    _say_reported(card)
    ranks = None
    if weights is None:
        say("no ranking without --weights: a TOML file with a table [weights], such as members = 1.0")
    else:
        ranks = _ranked(card, weights, change=change, draws=_DRAWS if draws is None else draws, seed=seed)
    if form is Format.table:
        say("(reported): what a source counts, none of it known by name; ?: nobody states it; else known by name")
        say("more columns: --format csv gives all, each with its basis")
        return _for_reading(card, ranks)
    return _in_full(card, ranks)


def _ranked(card: pd.DataFrame, path: Path, *, change: float, draws: int, seed: int) -> pd.DataFrame:
    """Return the ranks by the weights of a file, and say how they were made.

    Raises:
        UnreadableError: The file cannot be read, or its weights cannot rank.
        UsageError: ``change`` or ``draws`` are out of range.
    """
    from chaingraph.indicators._weighted_ranking import checked_weights, ranking

    for name, value, fine, expected in (
        ("change", change, 0 <= change < 1, "a number from 0 to below 1"),
        ("draws", draws, draws >= 1, "a number of at least 1"),
    ):
        if not fine:
            message = f"--{name} is {value}, expected {expected}"
            raise UsageError(message)
    stated = _weights(path)
    try:
        with progress("ranking"):
            ranks = ranking(card, checked_weights(card, stated), change=change, draws=draws, seed=seed)
    except MeasureError as error:
        place = "" if error.place is None else f"{error.place}: "
        raise UnreadableError(path, f"[weights]: {place}{error.reason}") from error
    for name, reason in ranks.attrs["left_out"].items():
        say(f"{name} counts for nothing in the ranking: {reason}")
    open_ranks = int(ranks["rank"].isna().sum())
    say(
        f"rank_low to rank_high: no weights within {change:.0%} of those in {shown(path.name)} and no values of unknown"
        f" cells in their column's known range lead outside; drawn_low to drawn_high: what {draws:,} draws of weights"
        f" (seed {seed}) reached; rank: at the weights as they are, open for {open_ranks:,} of {len(ranks):,}"
    )
    return ranks


def _weights(path: Path) -> Mapping[str, object]:
    """Read the table [weights] of a TOML file.

    Raises:
        UnreadableError: It cannot be read, is no TOML, or holds something else.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UnreadableError(path, f"cannot be read ({error.strerror}); {_EXPECTED}") from error
    except RecursionError as error:
        raise UnreadableError(path, f"is nested too deeply; {_EXPECTED}") from error
    except ValueError as error:
        raise UnreadableError(path, f"is no TOML in UTF-8 ({shown(str(error), 120)}); {_EXPECTED}") from error
    for key in content:
        if key != "weights":
            raise UnreadableError(path, f"holds '{shown(key)}' beside or instead of [weights]; {_EXPECTED}")
    found = content.get("weights", {})
    if not isinstance(found, dict) or not found:
        raise UnreadableError(path, f"has no weights; {_EXPECTED}")
    return found


def _say_undated(undated: Mapping[str, int]) -> None:
    for name, count in undated.items():
        if count:
            what = {"organizations": "memberships", "reported": "reported counts"}.get(name, name)
            say(quantity(count, f"{what} have no date and are kept"))


def _say_reported(card: pd.DataFrame) -> None:
    """Say what is reported of programmes, which no cell holds a part of, and in how many cells more is reported."""
    reported = card.attrs["reported"]
    for _, counts in reported[reported["of"] == "programme"].groupby("scope", sort=True):
        told = [
            " ".join(
                (
                    quantity(row["reported"], row["counts"]),
                    *(f"({row[name]})" for name in ("qualifier", "kind", "role", "level") if row[name] is not None),
                )
            )
            for row in counts.to_dict("records")
        ]
        label = counts["scope_label"].iloc[0]
        say(f"{label}: {', '.join(told)} reported of the programme as a whole, split over nobody")
    own = reported[reported["column"].notna() & (reported["known"] > 0) & (reported["reported"] > reported["known"])]
    if len(own):
        cells = quantity(len(own), "cells")
        say(f"in {cells} a source reports more than is known by name; measure SOURCE coverage lists them")


def _order(card: pd.DataFrame, ranks: pd.DataFrame | None) -> list[int]:
    if ranks is None:
        return list(range(len(card)))
    return card.index.get_indexer(ranks.index).tolist()


def _for_reading(card: pd.DataFrame, ranks: pd.DataFrame | None) -> pd.DataFrame:
    """Return the columns that a terminal has room for, and those that are weighed, as text with their basis."""
    import pandas as pd

    order = _order(card, ranks)
    columns: dict[str, list[object]] = {}
    weighed: tuple[str, ...] = ()
    if ranks is not None:
        columns = {name: ranks[name].tolist() for name in _RANKS}
        weighed = tuple(ranks.attrs["weights"])
    basis = card.attrs["basis"]
    for name in dict.fromkeys((*_SHORT[:2], *weighed, *_SHORT[2:])):
        cells = zip(card[name].tolist(), basis[name].tolist(), strict=True)
        texts = [_cell(value, ground) for value, ground in cells]
        columns[name] = [texts[row] for row in order]
    return pd.DataFrame(columns)


def _cell(value: object, basis: str) -> str:
    if basis == "unknown":
        return "?"
    text = f"{value:.2f}" if isinstance(value, float) else str(value)
    return f"{text} (reported)" if basis == "reported" else text


def _in_full(card: pd.DataFrame, ranks: pd.DataFrame | None) -> pd.DataFrame:
    """Return every column with its basis beside it."""
    import pandas as pd

    order = _order(card, ranks)
    basis = card.attrs["basis"]
    columns: dict[str, object] = {"consortium": card.index[order].tolist()}
    if ranks is not None:
        columns |= {name: ranks[name].array for name in ranks.columns}
    for name in card.columns:
        columns[name] = card[name].array.take(order)
        columns[f"{name}_basis"] = basis[name].array.take(order)
    return pd.DataFrame(columns)
