"""Finding the table in a sheet: its title, its one or two rows of headings, its rows, and what is none of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from chaingraph.rosters.folding import clean, fold, folded_words, has_han, spellings
from chaingraph.rosters.headings import is_exact_title, is_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chaingraph.rosters.sheet import Sheet

_DEPTH = 40
"""The most rows in which the headings are looked for."""
_LONGEST_HEADING = 60
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=\s*(?:年|度|$|[^\d]))")
_SECTION = re.compile(
    r"[（(]?[一二三四五六七八九十百]+[)）]?\s*[、.．:：]|[（(][一二三四五六七八九十百\d]+[)）]|第[一二三四五六七八九十百\d]+[批类组]|[A-Z\d]+[、．]|[IVX]+\.\s"
)
_TOTAL = re.compile(r"[\s:：（(]*[\d,.]*\s*\w{0,3}[)）。]?")


@dataclass(frozen=True)
class RowLeftOut:
    """A row that is none of the table: why, as a key of the words of this room, and its first text."""

    row: int
    reason: str
    text: str


@dataclass(frozen=True)
class Layout:
    """Where the table of a sheet is.

    Args:
        heading_row: The last row of headings.
        headings: By column its headings, the one to try first first; none for a column without.
        rows: The rows of the table.
        left_out: The rows below the headings that are none.
        title: The title above the table, else None.
        above: All texts above the table.
        year: The year that the title or the sheet's name gives.
    """

    heading_row: int
    headings: tuple[tuple[str, ...], ...]
    rows: tuple[int, ...]
    left_out: tuple[RowLeftOut, ...]
    title: str | None
    above: tuple[str, ...]
    year: str | None

    def heading(self, column: int) -> str:
        """Return the heading of a column as a person reads it, empty where it has none."""
        return self.headings[column][-1] if self.headings[column] else ""


def layout_of(sheet: Sheet) -> Layout | None:
    """Return where the table of a sheet is, None where no row has headings that are known.

    >>> from chaingraph.rosters.sheet import Sheet
    >>> rows = [["甲省2022年名单"], ["序号", "联合体名称", "牵头单位"], ["1", "甲联合体", "东山公司"], ["合计", "1"]]
    >>> layout = layout_of(Sheet.of_rows("a.csv", "", rows))
    >>> layout.headings, layout.rows, layout.title, layout.year, layout.left_out[0].reason
    ((('序号',), ('联合体名称',), ('牵头单位',)), (2,), '甲省2022年名单', '2022', 'total')
    """
    top = min(sheet.height, _DEPTH)
    rows = [sheet.row(number) for number in range(top)]
    at = _heading_row(rows)
    if at is None:
        return None
    first, last, headings = _joined_headings(sheet, rows, at)
    above = tuple(dict.fromkeys(clean(text) for row in rows[:first] for text in row if text))
    title = _title(above)
    body_rows, left_out = _body(sheet, last, headings)
    years = [match[1] for text in (sheet.title, title or "", *above) for match in _YEAR.finditer(text)]
    return Layout(last, headings, body_rows, left_out, title, above, years[0] if years else None)


def _heading_row(rows: Sequence[Sequence[str | None]]) -> int | None:
    """Return the row that has the most known titles; one title below an all-text row is no proof."""
    best, best_score = None, 0
    width = max((sum(cell is not None for cell in row) for row in rows), default=0)
    for number, row in enumerate(rows):
        texts = [cell for cell in row if cell is not None]
        hits = sum(map(is_title, dict.fromkeys(texts)))
        exact = sum(map(is_exact_title, dict.fromkeys(texts)))
        if not hits or any(len(text) > _LONGEST_HEADING for text in texts):
            continue
        if hits == 1 and (len(texts) > 2 or (len(texts) < width and width > 2)):
            continue
        score = hits + exact
        if score > best_score:
            best, best_score = number, score
    return best


def _joined_headings(
    sheet: Sheet, rows: Sequence[Sequence[str | None]], at: int
) -> tuple[int, int, tuple[tuple[str, ...], ...]]:
    """Return the first and the last row of headings, and the headings: a row of groups stands above some."""
    plain = tuple((clean(text).replace("\n", ""),) if text else () for text in rows[at])
    groups = _groups(sheet, rows, at)
    if groups is not None:
        return at, at + 1, _of_two_rows(groups, rows[at], rows[at + 1])
    if at and (groups := _groups(sheet, rows, at - 1)) is not None:
        return at - 1, at, _of_two_rows(groups, rows[at - 1], rows[at])
    return at, at, plain


def _groups(sheet: Sheet, rows: Sequence[Sequence[str | None]], at: int) -> list[str | None] | None:
    """Return by column the heading of the upper of two rows of headings, None where the row is no such.

    A group is a heading merged over several columns, or followed by empty cells that have headings below.
    """
    if at + 1 >= len(rows):
        return None
    upper, lower = list(rows[at]), rows[at + 1]
    over = {
        column: upper[first]
        for top, first, bottom, last in sheet.merged
        if top == at == bottom and last > first
        for column in range(first, min(last, len(upper) - 1) + 1)
        if upper[first] is not None
    }
    if not over:
        last_text: str | None = None
        for column, text in enumerate(upper):
            last_text = text if text is not None else last_text
            if text is None and lower[column] is not None and last_text is not None:
                over[column] = last_text
        first_columns = {column - 1 for column in over} - over.keys()
        over |= {column: upper[column] for column in first_columns}
    below = [lower[column] for column in over]
    if not over or len(over) == len([text for text in upper if text]) == 1 or not all(below):
        return None
    if not sum(is_title(text) for text in below if text) * 2 >= len(below):
        return None
    others = [column for column, text in enumerate(lower) if text is not None and column not in over]
    if any(lower[column] != upper[column] and upper[column] is not None for column in others):
        return None
    if len(set(over.values())) == 1 and all(text is None or column in over for column, text in enumerate(upper)):
        return None  # a title merged over the whole table, not a group of its columns
    return [over.get(column) for column in range(len(upper))]


def _of_two_rows(
    groups: Sequence[str | None], upper: Sequence[str | None], lower: Sequence[str | None]
) -> tuple[tuple[str, ...], ...]:
    headings: list[tuple[str, ...]] = []
    for group, top, bottom in zip(groups, upper, lower, strict=True):
        own = clean(bottom or top or "").replace("\n", "")
        if group is None or bottom is None:
            headings.append((own,) if own else ())
        else:
            joined = clean(group).replace("\n", "")
            headings.append((f"{joined}{'' if has_han(joined) else ' '}{own}", own))
    return tuple(headings)


def _title(above: Sequence[str]) -> str | None:
    """Return the longest text above the table that is no note, no attachment's number and no unit."""
    texts = [text for text in above if not _is_note(text) and not re.fullmatch(r"[（(].*[)）]", text)]
    texts = [
        text
        for text in texts
        if not re.fullmatch(rf"(?:{_attachments()})\s*[\dA-Z一二三四五六七八九十]*[:：]?", text, re.I)
    ]
    return max(texts, key=len, default=None)


@cache
def _attachments() -> str:
    return "|".join(map(re.escape, spellings()["attachments"]))


def _body(
    sheet: Sheet, heading_row: int, headings: Sequence[Sequence[str]]
) -> tuple[tuple[int, ...], tuple[RowLeftOut, ...]]:
    body_rows: list[int] = []
    left_out: list[RowLeftOut] = []
    columns = [column for column, heading in enumerate(headings) if heading]
    labels = [heading[-1] if heading else "" for heading in headings]
    over = {top: (first, last) for top, first, bottom, last in sheet.merged if top == bottom and last > first}
    in_notes = False
    for row, cells in enumerate(zip(*sheet.columns, strict=True)):
        if row <= heading_row:
            continue
        texts = [(column, text) for column, text in enumerate(cells) if text is not None]
        if not texts:
            continue
        reason = _reason(texts, columns, labels, merged=over.get(row), in_notes=in_notes)
        in_notes = reason == "note"
        if reason is None:
            body_rows.append(row)
        else:
            left_out.append(RowLeftOut(row, reason, clean(texts[0][1])))
    return tuple(body_rows), tuple(left_out)


def _reason(
    texts: Sequence[tuple[int, str]],
    columns: Sequence[int],
    labels: Sequence[str],
    *,
    merged: tuple[int, int] | None,
    in_notes: bool,
) -> str | None:
    """Return why a row is none of the table, None where it is one."""
    first = texts[0][1]
    if len(texts) > 1 and all(column < len(labels) and fold(text) == fold(labels[column]) for column, text in texts):
        return "headings"
    if any(_is_total(text) for _, text in texts[:2]):
        return "total"
    if len(texts) > 2:
        return None
    if len(texts) == 1:
        wide = merged is not None and merged[1] > merged[0]
        if _is_note(first) or (in_notes and (wide or len(columns) > 1)):
            return "note"
        if first.replace(",", "").replace(".", "").isdigit():
            return "lone number"
        if len(columns) > 1 and (wide or _SECTION.match(first)):
            return "section"
    return "note" if _is_note(first) and texts[0][0] == 0 else None


@cache
def _totals() -> tuple[str, ...]:
    return tuple(spellings()["totals"])


@lru_cache(maxsize=5_000)
def _is_total(text: str) -> bool:
    """Tell whether a cell begins a row of totals.

    >>> _is_total("合 计"), _is_total("合计：2家"), _is_total("总计算机厂"), _is_total("Total")
    (True, True, False, True)
    """
    key = fold(text)
    if key in folded_words("totals"):
        return True
    if not text.casefold().startswith(_totals()):
        return False
    for word in _totals():
        rest = text[len(word) :] if text.casefold().startswith(word) else ""
        if rest and (rest[0] in ":：（( " or rest[0].isdigit()) and _TOTAL.fullmatch(rest):
            return True
    return False


def _is_note(text: str) -> bool:
    """Tell whether a text is a note to the table: 注：, 填表人：, Source: ...

    >>> _is_note("注：排名不分先后。"), _is_note("填表人：张三"), _is_note("说明书公司"), _is_note("Notes")
    (True, True, False, True)
    """
    label, colon, _ = re.sub(r"^[*※\s]+", "", text).replace("：", ":").partition(":")
    label = re.sub(r"[\d一二三四五六七八九十.、]+$", "", label)
    is_label = fold(label) in folded_words("notes") and (bool(colon) or fold(label) == fold(text))
    return is_label or text.startswith("※")
