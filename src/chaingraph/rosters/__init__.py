"""Rosters as offices keep them: any sheet with a row of headings becomes tables of the contract.

All that was left out or assumed is said, with its place.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from chaingraph.errors import UnreadableError, UsageError, did_you_mean
from chaingraph.messages import tr
from chaingraph.rosters.cells import SheetCells
from chaingraph.rosters.collection import Collection
from chaingraph.rosters.columns import NO_CORRECTIONS, Corrections, SheetReading, check_meanings, reading_of
from chaingraph.rosters.consolidation import (
    date_by_years,
    keep_decisions,
    leave_out_slips,
    resolve_aliases,
    unify_regions,
)
from chaingraph.rosters.continuation import fill_down
from chaingraph.rosters.folding import has_han, name_of
from chaingraph.rosters.frames import frames_of
from chaingraph.rosters.kinds import state_kinds
from chaingraph.rosters.layout import Layout, layout_of
from chaingraph.rosters.log import Log
from chaingraph.rosters.look_alikes import look_alikes
from chaingraph.rosters.names import has_ending
from chaingraph.rosters.rows import SheetReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import polars as pl

    from chaingraph.rosters.sheet import Sheet

__all__ = ["NO_CORRECTIONS", "Corrections", "Roster", "SheetRead", "read_sheets"]

_MARKS = frozenset("、，,;；/／\n|｜ 　")


@dataclass(frozen=True)
class SheetRead:
    """A sheet, where its table is, what it is read as (None where no context fits), and how many rows were read."""

    sheet: Sheet
    layout: Layout | None
    reading: SheetReading | None
    rows: int = 0


@dataclass(frozen=True)
class Roster:
    """One or several sheets as tables of the contract.

    Args:
        frames: The tables as frames of text, references by name or id.
        sheets: What each sheet was read as.
        log: What was left out, and what was assumed.
        unlisted_counts: By table the number of things that no row lists and only a cell names.
        alike: Pairs of names of organizations that look alike.
        title: The title above the first table, if any.
        language: The language of most names, zh or en.
        decided: What a person decided for all sheets: meanings by heading.
        described: What the workbook says of the data set, as pairs of a dotted key and a text.
    """

    frames: Mapping[str, pl.DataFrame]
    sheets: Sequence[SheetRead]
    log: Log
    unlisted_counts: Mapping[str, int]
    alike: Sequence[tuple[str, str]]
    title: str | None
    language: str
    decided: Mapping[str, str] = field(default_factory=dict)
    described: Sequence[tuple[str, str]] = ()


def read_sheets(sheets: Iterable[Sheet], corrections: Corrections = NO_CORRECTIONS) -> Roster:
    """Read sheets as one roster.

    Args:
        sheets: The sheets, in their order.
        corrections: What a person decided about their reading.

    Raises:
        UnreadableError: No sheet has a row of headings that fits what a roster can be about.
        UsageError: A correction names a meaning that there is not.
    """
    check_meanings(corrections)
    plans = [_plan(sheet, corrections) for sheet in sheets]
    if unused := [heading for heading in corrections.columns if heading not in corrections.used]:
        headings = dict.fromkeys(h[-1] for plan in plans if plan.layout for h in plan.layout.headings if h)
        message = tr(
            "no column is headed '{unused}'; the headings are {headings}",
            unused=unused[0],
            headings=", ".join(headings),
        )
        raise UsageError(message + did_you_mean(unused[0], headings))
    readable = [plan for plan in plans if plan.reading is not None]
    if not readable:
        raise UnreadableError(*_nothing_to_read(plans))
    collection, log = Collection(), Log()
    names = _names_alone(readable)
    years = _years(readable)
    read: list[SheetRead] = []
    for plan in plans:
        read.append(plan if plan.reading is None else _read(plan, collection, log, names, years))
    if not any(collection.things.values()) and not any(collection.relations.values()):
        reason = tr(
            "has headings that are known and no row below them that could be read{left_out}",
            left_out=_rows_left_out(log),
        )
        raise UnreadableError(str(readable[0].sheet.place()), reason)
    roster = _finished(read, collection, log, years)
    if not roster.frames:
        file = readable[0].sheet.file
        reason = tr("decides on names, and no roster is beside it; name both, as in: ROSTER.xlsx {file}", file=file)
        raise UnreadableError(file, reason)
    return replace(roster, decided=corrections.columns)


def _rows_left_out(log: Log) -> str:
    """Return the first row that was left out and why, as the end of a sentence; empty if there is none."""
    return f" ({log.rows[0].place.cell} '{log.rows[0].text}': {log.rows[0].key})" if log.rows else ""


def _plan(sheet: Sheet, corrections: Corrections) -> SheetRead:
    layout = layout_of(sheet)
    return SheetRead(sheet, layout, None if layout is None else reading_of(sheet, layout, corrections))


def _nothing_to_read(plans: Sequence[SheetRead]) -> tuple[str, str]:
    """Return where nothing could be read, and what to do."""
    if not plans:
        return tr("the roster"), tr("has no cell; expected a row of headings and rows below it")
    sheet, layout = plans[0].sheet, plans[0].layout
    if layout is not None:
        headings = ", ".join(heading[-1] for heading in layout.headings if heading)
        reason = tr(
            "has the headings {headings}, and none that names what the rows are about; head the "
            "column of names with what they name, such as 联合体名称, 单位名称, 平台名称 or organization, or say "
            '--column "HEADING=name"',
            headings=headings,
        )
        return str(sheet.place()), reason
    first = next((row for n in range(sheet.height) if any(row := sheet.row(n))), [])
    texts = ", ".join(text for text in first if text)[:200]
    reason = tr(
        "has no row of headings that are known (it begins with {texts}); head its columns with "
        "what they hold, such as 联合体名称, 牵头单位, 成员单位 or consortium, lead, members",
        texts=texts,
    )
    return str(sheet.place()), reason


def _names_alone(plans: Sequence[SheetRead]) -> frozenset[str]:
    """Return the names of organizations that stand alone in a cell: they show where a list of names is cut."""
    names: set[str] = set()
    for plan in plans:
        assert plan.reading is not None
        assert plan.layout is not None
        for column in plan.reading.columns:
            if column.match.of is None and plan.reading.context.names_organizations(column.match.meaning):
                cells = plan.sheet.columns[column.index]
                texts = {text for row in plan.layout.rows if (text := cells[row]) is not None}
                names |= {
                    name
                    for text in texts
                    if _MARKS.isdisjoint(text) and has_ending(name := name_of(text), "organizations")
                }
    return frozenset(names)


def _years(plans: Sequence[SheetRead]) -> frozenset[str]:
    """Return the years of the sheets, where several sheets of one context stand for several years; else none."""
    years = [(plan.reading.context.table, plan.layout.year) for plan in plans if plan.reading and plan.layout]
    tables = {table for table, year in years if year is not None}
    several = {table for table in tables if len({year for one, year in years if one == table and year}) > 1}
    return frozenset(year for table, year in years if table in several and year is not None)


def _read(plan: SheetRead, collection: Collection, log: Log, names: frozenset[str], years: frozenset[str]) -> SheetRead:
    layout, reading = plan.layout, plan.reading
    assert layout is not None
    assert reading is not None
    for row in layout.left_out:
        log.leave_out_row(row.reason, plan.sheet.place(row.row), row.text)
    for note in plan.sheet.notes:
        if note.key == "no value":
            log.leave_out_cell("no value", note.place, "", "")
        else:
            log.note(
                note.key,
                note.place,
                note.values.get("text", ""),
                **{k: v for k, v in note.values.items() if k != "text"},
            )
    year = layout.year if layout.year in years else None
    sheet, continued_rows = fill_down(plan.sheet, layout, reading)
    for number in continued_rows:
        log.note("continued", sheet.place(number))
    cells = SheetCells(sheet, collection, log, names, year)
    return SheetRead(sheet, layout, reading, SheetReader(cells, layout, reading).read())


def _finished(read: list[SheetRead], collection: Collection, log: Log, years: frozenset[str]) -> Roster:
    """Return what was gathered as a roster: one row per thing, slips of the pen left out, years as times."""
    first = next(plan for plan in read if plan.rows or plan.reading)
    for short, name in unify_regions(collection):
        log.note("one region", first.sheet.place(), short=short, name=name)
    resolve_aliases(collection)
    leave_out_slips(collection, log)
    keep_decisions(collection, log)
    if count := state_kinds(collection):
        log.note("kinds", first.sheet.place(), value=f"{count:,}")
    if years:
        count = date_by_years(collection)
        log.note("years", first.sheet.place(), years=", ".join(sorted(years)), value=str(count))
    for one in collection.differences:
        log.note("difference", one.place, name=one.name, column=one.column, first=one.first, other=one.other)
    organizations = collection.things.get("organizations", {})
    decided: set[frozenset[str]] = set()
    if "identities" in collection.relations:
        decisions = collection.relations["identities"].columns
        decided = {frozenset(map(str, pair)) for pair in zip(decisions["left"], decisions["right"], strict=True)}
    alike = [
        pair for pair in look_alikes([thing.name for thing in organizations.values()]) if frozenset(pair) not in decided
    ]
    names = [thing.name for things in collection.things.values() for thing in things.values()]
    unlisted_counts = {
        table: sum(not thing.listed for thing in things.values()) for table, things in collection.things.items()
    }
    title = next((plan.layout.title for plan in read if plan.layout and plan.layout.title), None)
    language = "zh" if 2 * sum(map(has_han, names)) > len(names) else "en"
    return Roster(
        frames_of(collection), read, log, {t: n for t, n in unlisted_counts.items() if n}, alike, title, language
    )
