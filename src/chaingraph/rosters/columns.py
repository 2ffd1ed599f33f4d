"""What the columns of a sheet mean: the context that fits the headings best, and in it one meaning per column."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from chaingraph.errors import UsageError
from chaingraph.messages import enumeration, tr, user_language
from chaingraph.rosters.amounts import Unit, unit_of, whole_of
from chaingraph.rosters.folding import fold, has_han, is_nothing
from chaingraph.rosters.headings import EXACT, WEAK, Match, likely_title, match, reason_left_out
from chaingraph.rosters.meanings import Context, contexts, name_of
from chaingraph.rosters.names import has_ending
from chaingraph.rosters.places import is_place
from chaingraph.tables import contract

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chaingraph.rosters.layout import Layout
    from chaingraph.rosters.sheet import Sheet

LEAVE_OUT = "-"
"""What ``--column`` says of a column that is to be left out."""
_SAMPLE = 200
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}", re.I)
_ENOUGH = 0.6
_NO_UNIT = Unit()
_SUBJECT_SHEET, _SUBJECT_TITLE = 5, 3
_NO_NAME = re.compile(r".{0,4}?(?:省|市|区|县|\d{4}年?度?)*(?:产业|技术|创新|企业|拟)*(?:联合体|联盟|共同体)")
_GROUP_NAME = re.compile(r"(.{2,}?(?:联合体|联盟|共同体))(?:成员|会员|参与|组成|理事|单位|企业|名单)")


@dataclass(frozen=True)
class ColumnReading:
    """One column of a sheet that is read: where it is, its heading, what it means, and the unit of its amounts."""

    index: int
    heading: str
    match: Match
    unit: Unit = _NO_UNIT


@dataclass(frozen=True)
class ColumnLeftOut:
    """One column that is not read: why, as a key of the words of this room; candidates where it could mean several."""

    index: int
    heading: str
    reason: str
    candidates: tuple[str, ...] = ()
    similar_title: str | None = None


@dataclass(frozen=True)
class SheetReading:
    """What a sheet is read as.

    Args:
        context: What its rows are about.
        columns: The columns that are read.
        left_out: Those that are not.
        group: The consortium that the title names, for a list of members that has no column of consortia.
    """

    context: Context
    columns: tuple[ColumnReading, ...]
    left_out: tuple[ColumnLeftOut, ...]
    group: str | None = None


@dataclass(frozen=True)
class Corrections:
    """What a person decided about the reading.

    Args:
        columns: Meanings by heading, for all sheets.
        sheets: Meanings by sheet and heading, which go before.
        rows: By sheet the table that its rows are of.
        used: The headings that were there, so that one that was nowhere can be told.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    sheets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def meaning(self, sheet: str, headings: Sequence[str]) -> str | None:
        """Return the meaning that was given to one of the headings of a column of a sheet."""
        by_key = {fold(given): (given, meaning) for given, meaning in self.columns.items()}
        of_sheet = {fold(given): (given, meaning) for given, meaning in self.sheets.get(sheet, {}).items()}
        for heading in headings:
            given = by_key.get(fold(heading)) or of_sheet.get(fold(heading))
            if given is not None:
                self.used.add(given[0])
                return given[1]
        return None

    @property
    def all_meanings(self) -> list[tuple[str, str]]:
        """Every heading with the meaning that it was given."""
        return [pair for columns in (self.columns, *self.sheets.values()) for pair in columns.items()]


NO_CORRECTIONS = Corrections()


def reading_of(sheet: Sheet, layout: Layout, corrections: Corrections = NO_CORRECTIONS) -> SheetReading | None:
    """Return what a sheet is read as, None where its headings fit no context.

    Raises:
        UsageError: A correction names a meaning or a table that there is not.
    """
    given = corrections.rows.get(sheet.title) or corrections.rows.get(sheet.name)
    if given is not None and given not in contexts():
        message = tr(
            "the rows of {name} cannot be '{given}'; expected one of {contexts}",
            name=sheet.name,
            given=given,
            contexts=", ".join(contexts()),
        )
        raise UsageError(message)
    best: tuple[float, SheetReading] | None = None
    for context in contexts().values() if given is None else [contexts()[given]]:
        if given is None and context.only_by_name and not _supports(sheet, layout, context, ()):
            continue
        reading = _in_context(sheet, layout, context, corrections)
        if reading is None:
            continue
        score = _score(sheet, layout, reading)
        if best is None or score > best[0]:
            best = (score, reading)
    if best is None:
        return None
    for headings in layout.headings:
        meaning = corrections.meaning(sheet.name, headings)
        if meaning not in {None, LEAVE_OUT} and _meaning_of_path(meaning or "", best[1].context) is None:
            names = ", ".join(best[1].context.meanings)
            table = best[1].context.table
            message = tr(
                "{name} lists {table}, where '{headings}' cannot be '{meaning}'; expected {names}",
                name=sheet.name,
                table=table,
                headings=headings[-1],
                meaning=meaning,
                names=names,
            )
            raise UsageError(message)
    return best[1]


def _score(sheet: Sheet, layout: Layout, reading: SheetReading) -> float:
    """Return how well a context fits: by its columns, then by what the sheet and its title call it."""
    score: float = sum(column.match.strength for column in reading.columns)
    score += 2 * sum(bool(column.candidates) for column in reading.left_out)
    words = [fold(word) for word in reading.context.sheets]
    name, title = fold(re.sub(r"[\d年（）()]+", "", sheet.title)), fold(layout.title or sheet.file.rpartition(".")[0])
    if any(name == word for word in words) or heading_words(reading.context) & {name}:
        score += _SUBJECT_SHEET
    elif any(word in name for word in words if len(word) > 1):
        score += _SUBJECT_TITLE
    longest = max((len(word) for word in words if len(word) > 1 and word in title), default=0)
    return score + (_SUBJECT_TITLE if longest else 0) + longest / 100


def heading_words(context: Context) -> set[str]:
    """Return the names of a context's table as they are compared."""
    table = contract()[context.table]
    return {fold(name) for name in (table.name, *table.titles)}


def _in_context(sheet: Sheet, layout: Layout, context: Context, corrections: Corrections) -> SheetReading | None:
    columns: list[ColumnReading] = []
    left_out: list[ColumnLeftOut] = []
    for index, headings in enumerate(layout.headings):
        if not headings:
            if any(sheet.columns[index][row] is not None for row in layout.rows):
                left_out.append(ColumnLeftOut(index, "", "no heading"))
            continue
        result = _column(sheet, layout, index, context, corrections)
        if isinstance(result, ColumnReading):
            columns.append(result)
        else:
            left_out.append(result)
    columns, repeated = _consistent(columns, context)
    group = None
    if context.table == "memberships" and not any(column.match.meaning.column == "consortium" for column in columns):
        group = _group_of(sheet, layout)
    if not _has_subject(columns, left_out, context, group):
        return None
    return SheetReading(context, tuple(columns), tuple(sorted(left_out + repeated, key=lambda c: c.index)), group)


def _column(
    sheet: Sheet, layout: Layout, index: int, context: Context, corrections: Corrections
) -> ColumnReading | ColumnLeftOut:
    headings = layout.headings[index]
    heading = headings[-1] if len(headings) == 1 else headings[0]
    given = corrections.meaning(sheet.name, headings)
    if given == LEAVE_OUT:
        return ColumnLeftOut(index, heading, "decided")
    unit = next((unit for text in (*headings, *layout.above) if (unit := unit_of(text)) is not None), _NO_UNIT)
    if given is not None:
        decided = _meaning_of_path(given, context)
        if decided is not None and decided.meaning.leave is not None:
            return ColumnLeftOut(index, heading, decided.meaning.leave)
        if decided is not None:
            return ColumnReading(index, heading, decided, unit)
    matches = [result for text in headings if (result := match(text, context)) is not None]
    sample = _sample(sheet, layout, index)
    if not matches:
        if context.table == "organizations" or context.about is not None:
            code = _credit_codes(sample, context)
            if code is not None and reason_left_out(heading) is None:
                return ColumnReading(index, heading, code, unit)
        reason = next((reason for text in headings if (reason := reason_left_out(text)) is not None), None)
        similar_title = None if reason else likely_title(heading)
        return ColumnLeftOut(index, heading, reason or "unknown heading", similar_title=similar_title)
    best = next((one for one in matches if one.strength > WEAK), matches[0])
    if best.candidates:
        return ColumnLeftOut(index, heading, "several meanings", candidates=best.candidates)
    return _borne_out(sheet, layout, ColumnReading(index, heading, best, unit), context, sample)


def _borne_out(
    sheet: Sheet, layout: Layout, column: ColumnReading, context: Context, sample: Sequence[str]
) -> ColumnReading | ColumnLeftOut:
    """Return the column if what its cells hold does not speak against its heading."""
    meaning = column.match.meaning
    if meaning.leave is not None:
        return ColumnLeftOut(column.index, column.heading, meaning.leave)
    numbers = [text for text in sample if whole_of(text) is not None]
    names = (
        context.target(meaning, column.match.of).reference in {"organizations", "consortia"} or meaning.column == "name"
    )
    if names and column.match.of is None and sample and len(numbers) >= _ENOUGH * len(sample):
        count = context.meanings.get("member count")
        if meaning.name == "member" and count is not None and context.table == "consortia":
            return replace(column, match=Match(count))
        return ColumnLeftOut(column.index, column.heading, "numbers")
    if column.match.strength == WEAK and not _supports(sheet, layout, context, sample):
        return ColumnLeftOut(column.index, column.heading, "not borne out")
    return column


def _supports(sheet: Sheet, layout: Layout, context: Context, sample: Sequence[str]) -> bool:
    """Tell whether cells, or the sheet's name and title, bear out that a column has the names of a context's things."""
    names = [fold(sheet.title), fold(layout.title or ""), fold(sheet.file.rpartition(".")[0])]
    if any(word in name for word in {*map(fold, context.sheets), *heading_words(context)} for name in names if name):
        return True
    if context.table == "regions":
        return bool(sample) and sum(map(is_place, sample)) >= _ENOUGH * len(sample)
    kinds = {"organizations", "consortia", "platforms", "projects"}
    if context.table not in kinds or not sample:
        return False
    return sum(has_ending(text, context.table) for text in sample) >= _ENOUGH * len(sample)


def _sample(sheet: Sheet, layout: Layout, index: int) -> list[str]:
    column = sheet.columns[index]
    step = max(1, len(layout.rows) // _SAMPLE)
    texts = (column[row] for row in layout.rows[::step])
    return [text for text in texts if text is not None and not is_nothing(text)]


def _credit_codes(sample: Sequence[str], context: Context) -> Match | None:
    code = contexts()["organizations"].meanings["credit code"]
    if sample and sum(_CREDIT_CODE.fullmatch(text) is not None for text in sample) >= 0.9 * len(sample):
        return Match(code, context.about if context.table != "organizations" else None)
    return None


def _meaning_of_path(path: str, context: Context) -> Match | None:
    """Return what ``--column`` names, None where this context has no such meaning."""
    of, dot, name = path.partition(".")
    attributes = contexts()["organizations"]
    of, name = name_of(of, context), name_of(name, attributes)
    if not dot:
        path = of
        if path in context.meanings:
            return Match(context.meanings[path], context.meanings[path].of, EXACT)
        path = name_of(path, attributes)
        if context.about is not None and path in attributes.meanings:
            return Match(attributes.meanings[path], context.about, EXACT)
        return None
    of_both = of in context.meanings and name in attributes.meanings
    return Match(attributes.meanings[name], of, EXACT) if of_both else None


def check_meanings(corrections: Corrections) -> None:
    """Refuse a correction that names a meaning of no context.

    Raises:
        UsageError: With the meanings that there are.
    """
    for heading, given in corrections.all_meanings:
        if given != LEAVE_OUT and all(_meaning_of_path(given, context) is None for context in contexts().values()):
            in_chinese = user_language() == "zh"
            names = sorted(
                {
                    context.chinese.get(name, name) if in_chinese else name
                    for context in contexts().values()
                    for name in context.meanings
                }
            )
            close = get_close_matches(given, names, n=5, cutoff=0.4)
            message = tr(
                "'{heading}' cannot be read as '{given}'; expected one of {names}, or - to leave it out",
                heading=heading,
                given=given,
                names=enumeration(close or names),
            )
            raise UsageError(message)


def _consistent(columns: Sequence[ColumnReading], context: Context) -> tuple[list[ColumnReading], list[ColumnLeftOut]]:
    """Return the columns with one per meaning that holds one value, and those that say the same again."""
    names = {column.match.path for column in columns}
    result: list[ColumnReading] = []
    left_out: list[ColumnLeftOut] = []
    keys: set[tuple[str | None, str, int | None]] = set()
    displaced = {old: new for column in columns for old, new in column.match.meaning.displaces.items()}
    for column in sorted(columns, key=lambda c: (-c.match.strength, c.index)):
        meaning, of = column.match.meaning, column.match.of
        if meaning.name in displaced and of in {None, context.about}:
            other = (
                context.meanings.get(displaced[meaning.name])
                or contexts()["organizations"].meanings[displaced[meaning.name]]
            )
            column = replace(column, match=replace(column.match, meaning=other))
            meaning = other
        if meaning.unless is not None and meaning.unless in names:
            left_out.append(ColumnLeftOut(column.index, column.heading, "said already"))
            continue
        key = (of, meaning.column if meaning.makes is None else meaning.name, meaning.level)
        target = context.target(meaning, of)
        several = target.separator is not None or meaning.makes is not None or meaning.column == "role"
        if key in keys and not several:
            left_out.append(ColumnLeftOut(column.index, column.heading, "said already"))
            continue
        keys.add(key)
        result.append(column)
    return sorted(result, key=lambda c: c.index), left_out


def _has_subject(
    columns: Sequence[ColumnReading], left_out: Sequence[ColumnLeftOut], context: Context, group: str | None
) -> bool:
    """Tell whether the columns have what a row of the context's table must have."""
    table = contract()[context.table]
    own = {
        column.match.meaning.column
        for column in columns
        if column.match.of is None and column.match.meaning.makes is None
    }
    if table.label is not None:
        levels = [column for column in columns if column.match.meaning.level is not None and column.match.of is None]
        is_list_of_places = bool(levels) and not any(
            column.reason in {"not borne out", "unknown heading"} for column in left_out
        )
        return table.label in own or (context.table == "regions" and is_list_of_places)
    required = {column.name for column in table.cells if column.required}
    choices = set(table.at_least_one_of)
    return required <= own and (not choices or bool(choices & own) or group is not None)


def _group_of(sheet: Sheet, layout: Layout) -> str | None:
    """Return the consortium whose members a sheet lists, by its title or its name.

    >>> from chaingraph.rosters.sheet import Sheet
    >>> from chaingraph.rosters.layout import layout_of
    >>> rows = [["甲省智能装备创新联合体成员单位名单"], ["序号", "单位名称"], ["1", "甲州大学"]]
    >>> sheet = Sheet.of_rows("a.csv", "", rows)
    >>> _group_of(sheet, layout_of(sheet))
    '甲省智能装备创新联合体'
    """
    for text in (layout.title or "", *layout.above, sheet.title, sheet.file.rpartition(".")[0]):
        group_match = _GROUP_NAME.match(re.sub(r"^附件\s*\d*[:：]?\s*", "", text))
        name = group_match[1] if group_match else None
        if (
            name is not None
            and has_han(name)
            and not re.fullmatch(
                r".{0,4}?(?:省|市|区|县|\d{4}年?度?)*(?:产业|技术|创新|企业|拟)*(?:联合体|联盟|共同体)", name
            )
        ):
            return name
    return None
