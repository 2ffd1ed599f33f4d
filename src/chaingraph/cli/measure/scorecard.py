"""``chaingraph measure scorecard``: the base of each consortium, and ranks by weights that a person gives."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from chaingraph.cli.command import Panel, option
from chaingraph.cli.options import At, Sources, refuse
from chaingraph.cli.output import OrderedOutput, progress, quantity, say
from chaingraph.errors import MeasureError, UnreadableError, UsageError, excerpt
from chaingraph.messages import enumeration, lazy_tr, tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from chaingraph.indicators import Scorecard
    from chaingraph.store import KnowledgeGraph

_CHANGE, _DRAWS = 0.2, 1000
_SHORT = (
    *("label", "leads", "members", "platforms", "projects", "stage_completeness", "ties_to_consortia"),
    *("bridging_members", "home_share", "known_share", "evidence_share"),
)
"""The columns that a terminal has room for."""
_RANKS = ("rank", "rank_size", "rank_low", "rank_high", "drawn_low", "drawn_high")
_EXPECTED = lazy_tr("expected a table [weights] with a line per column, such as members = 1.0")


def scorecard(
    source: Sources,
    at: At = None,
    weights: Annotated[
        Path | None,
        option(
            Panel.MEASURE,
            "Rank by the table [weights] of a TOML file, a line per column such as members = 1.0.",
            metavar="FILE",
        ),
    ] = None,
    change: Annotated[
        float | None,
        option(
            Panel.MEASURE, f"With --weights: how far each weight may change; {_CHANGE} if not given.", metavar="SHARE"
        ),
    ] = None,
    draws: Annotated[
        int | None,
        option(Panel.MEASURE, f"With --weights: how many draws of weights; {_DRAWS} if not given.", metavar="N"),
    ] = None,
    seed: Annotated[
        int | None, option(Panel.MEASURE, "With --weights: the seed of the draws; 0 if not given.", metavar="N")
    ] = None,
    *,
    output: OrderedOutput,
) -> None:
    """Measure the base of each consortium: one row per consortium, each cell known, reported or unknown.

    There is no ranking without --weights.
    """
    if weights is None:
        refuse(
            {"--change": change, "--draws": draws, "--seed": seed}, tr("it is about ranks, which need --weights FILE")
        )
    frame = scorecard_frame(
        source.open(),
        at=at,
        weights=weights,
        change=_CHANGE if change is None else change,
        draws=_DRAWS if draws is None else draws,
        seed=seed or 0,
        on_screen=output.on_screen,
    )
    output.write(frame, empty=tr("the graph has no consortium; the table 'consortia' (创新联合体) holds them"))


def scorecard_frame(
    graph: KnowledgeGraph,
    *,
    at: str | None,
    weights: Path | None,
    change: float,
    draws: int,
    seed: int,
    on_screen: bool,
) -> pd.DataFrame:
    """Return the scorecard, with ranks where weights are given, and say what its cells rest on."""
    from chaingraph import indicators

    with progress(tr("reading the base of each consortium")):
        card = indicators.scorecard(graph, at=at)
    _say_undated(card.undated)
    _say_reported(card)
    ranks = None
    if weights is None:
        say(tr("no ranking without --weights: a TOML file with a table [weights], such as members = 1.0"))
    else:
        ranks = _ranking(card, weights, change=change, draws=draws, seed=seed)
    if on_screen:
        say(
            tr(
                "(reported): what a source counts, none of it known by name; ?: nobody states it; else "
                "known by name, which"
            )
        )
        say(tr("is the least that it can be unless a source reports as many"))
        say(tr("more columns: --format csv gives all, each with its basis"))
        return _for_reading(card, ranks)
    return _in_full(card, ranks)


def _ranking(card: Scorecard, path: Path, *, change: float, draws: int, seed: int) -> pd.DataFrame:
    """Return the ranks by the weights of a file, and say how they were made.

    Raises:
        UnreadableError: The file cannot be read, or its weights cannot rank.
        UsageError: ``change`` or ``draws`` are out of range.
    """
    from chaingraph.indicators import ranking

    for name, value, fine, expected in (
        ("change", change, 0 <= change < 1, tr("a number from 0 to below 1")),
        ("draws", draws, draws >= 1, tr("a number of at least 1")),
    ):
        if not fine:
            message = tr("--{name} is {value}, expected {expected}", name=name, value=value, expected=expected)
            raise UsageError(message)
    weights = _weights(path)
    try:
        with progress(tr("ranking")):
            ranks = ranking(card.low, weights, high=card.high, change=change, draws=draws, seed=seed)
    except MeasureError as error:
        place = "" if error.place is None else f"{error.place}: "
        raise UnreadableError(path, f"[weights]: {place}{error.reason}") from error
    for name, reason in ranks.attrs["left_out"].items():
        say(tr("{name} counts for nothing in the ranking: {reason}", name=name, reason=reason))
    open_ranks = int(ranks["rank"].isna().sum())
    say(
        tr(
            "rank_low to rank_high: no weights within {change:.0%} of those in {name} and no values "
            "of cells from what is known by name to what is reported, or without a limit, lead "
            "outside; drawn_low to drawn_high: what {draws:,} draws of weights (seed {seed}) "
            "reached; rank: at the weights as they are, open for {open_ranks:,} of {count:,}; "
            "rank_size: how many have it",
            change=change,
            name=excerpt(path.name),
            draws=draws,
            seed=seed,
            open_ranks=open_ranks,
            count=len(ranks),
        )
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
        raise UnreadableError(
            path, tr("cannot be read ({strerror}); {expected}", strerror=error.strerror, expected=_EXPECTED)
        ) from error
    except RecursionError as error:
        raise UnreadableError(path, tr("is nested too deeply; {expected}", expected=_EXPECTED)) from error
    except ValueError as error:
        raise UnreadableError(
            path, tr("is no TOML in UTF-8 ({error}); {expected}", error=excerpt(str(error), 120), expected=_EXPECTED)
        ) from error
    for key in content:
        if key != "weights":
            raise UnreadableError(
                path,
                tr("holds '{key}' beside or instead of [weights]; {expected}", key=excerpt(key), expected=_EXPECTED),
            )
    weights = content.get("weights", {})
    if not isinstance(weights, dict) or not weights:
        raise UnreadableError(path, tr("has no weights; {expected}", expected=_EXPECTED))
    return weights


def _say_undated(undated: Mapping[str, int]) -> None:
    for name, count in undated.items():
        if count:
            what = {"organizations": "memberships", "reported": tr("reported counts")}.get(name, name)
            say(quantity(count, f"{what} have no date and are kept"))


def _say_reported(card: Scorecard) -> None:
    """Say what is reported of programmes, which no cell holds a part of, and in how many cells more is reported."""
    reported = card.reported
    for _, counts in reported[reported["of"] == "programme"].groupby("scope", sort=True):
        texts = [
            " ".join(
                (
                    quantity(row["reported"], row["counts"]),
                    *(f"({row[name]})" for name in ("qualifier", "kind", "role", "level") if row[name] is not None),
                )
            )
            for row in counts.to_dict("records")
        ]
        label = counts["scope_label"].iloc[0]
        say(
            tr(
                "{label}: {texts} reported of the programme as a whole, split over nobody",
                label=label,
                texts=enumeration(texts),
            )
        )
    own = reported[reported["column"].notna() & (reported["known"] > 0) & (reported["reported"] > reported["known"])]
    if len(own):
        cells = quantity(len(own), "cells")
        say(
            tr(
                "in {cells} a source reports more than is known by name; measure coverage SOURCE lists them",
                cells=cells,
            )
        )


def _order(card: Scorecard, ranks: pd.DataFrame | None) -> list[int]:
    if ranks is None:
        return list(range(len(card.frame)))
    return card.frame.index.get_indexer(ranks.index).tolist()


def _for_reading(card: Scorecard, ranks: pd.DataFrame | None) -> pd.DataFrame:
    """Return the columns that a terminal has room for, and those that are weighed, as text with their basis."""
    import pandas as pd

    order = _order(card, ranks)
    columns: dict[str, list[object]] = {}
    weighed: tuple[str, ...] = ()
    if ranks is not None:
        columns = {name: ranks[name].tolist() for name in _RANKS}
        weighed = tuple(ranks.attrs["weights"])
    basis = card.basis
    for name in dict.fromkeys((*_SHORT[:2], *weighed, *_SHORT[2:])):
        cells = zip(card.frame[name].tolist(), basis[name].tolist(), strict=True)
        texts = [_cell(value, ground) for value, ground in cells]
        columns[name] = [texts[row] for row in order]
    return pd.DataFrame(columns)


def _cell(value: object, basis: str) -> str:
    if basis == "unknown":
        return "?"
    text = f"{value:.2f}" if isinstance(value, float) else str(value)
    return f"{text} (reported)" if basis == "reported" else text


def _in_full(card: Scorecard, ranks: pd.DataFrame | None) -> pd.DataFrame:
    """Return every column with its basis beside it."""
    import pandas as pd

    order = _order(card, ranks)
    basis = card.basis
    columns: dict[str, object] = {"consortium": card.frame.index[order].tolist()}
    if ranks is not None:
        columns |= {name: ranks[name].array for name in ranks.columns}
    for name in card.frame.columns:
        columns[name] = card.frame[name].array.take(order)
        columns[f"{name}_basis"] = basis[name].array.take(order)
    return pd.DataFrame(columns)
