"""What was read as what, and what was left out, in a few lines of Chinese or English."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from chaingraph import languages
from chaingraph.rosters.meanings import contexts, title_of
from chaingraph.tables import contract

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from chaingraph.languages import Language
    from chaingraph.rosters import Roster, SheetRead
    from chaingraph.rosters.log import Remark

_MOST_SHEETS, _MOST_EXAMPLES = 3, 3
_LONGEST = 40


def summary(roster: Roster, file: str, language: Language) -> list[str]:
    """Return what a person should know of a reading, in at most about ten lines.

    Args:
        roster: The reading.
        file: What the roster is called in a command.
        language: zh or en.
    """
    return list(_Writer(roster, file, language).lines())


class _Writer:
    def __init__(self, roster: Roster, file: str, language: Language) -> None:
        self.roster = roster
        self.file = file
        self.language = language
        self.words: Mapping[str, Any] = languages.words("chaingraph.rosters")

    def lines(self) -> Iterator[str]:
        """Yield the lines."""
        yield from self._sheets()
        yield from self._questions()
        columns = self._columns()
        if columns:
            yield self._line("columns", columns=self._joined(columns))
        yield self._line("things", things=self._joined(self._things()))
        if left_out := self._columns_left_out():
            yield self._line("columns left out", columns=self._joined(left_out))
        if self.roster.log.rows:
            yield self._line("rows left out", rows=self._remarks(self.roster.log.rows, with_text=True))
        if self.roster.log.cells:
            yield self._line("cells left out", cells=self._remarks(self.roster.log.cells, with_text=True))
        if self.roster.alike:
            one, other = self.roster.alike[0]
            count = f"{len(self.roster.alike):,}"
            yield self._line("look alike", count=count, one=one, other=other, file=self.file)
        if notes := self._notes():
            yield self._line("notes", notes=notes)

    def _line(self, key: str, **values: str) -> str:
        return str(self.words["lines"][key][self.language]).format(**values)

    def _joined(self, texts: Iterable[str]) -> str:
        return self._line("joined").join(texts)

    def _table(self, name: str) -> str:
        table = contract()[name]
        return table.title_zh if self.language == "zh" else table.titles[0]

    def _sheets(self) -> Iterator[str]:
        read = [one for one in self.roster.sheets if one.reading is not None and one.layout is not None]
        for one in read[:_MOST_SHEETS]:
            assert one.reading is not None
            assert one.layout is not None
            yield self._line(
                "sheet",
                place=str(one.sheet.place()),
                rows=f"{one.rows:,}",
                table=self._table(one.reading.context.table),
                heading=str(one.layout.heading_row + 1),
            )
        if more := read[_MOST_SHEETS:]:
            yield self._line("more sheets", count=str(len(more)), rows=f"{sum(one.rows for one in more):,}")
        for one in self.roster.sheets:
            if one.reading is None:
                yield self._line("sheet without table", place=str(one.sheet.place()))

    def _questions(self) -> Iterator[str]:
        left_out = {
            c.heading: (c, one.reading.context.table)
            for one in self.roster.sheets
            if one.reading
            for c in one.reading.left_out
        }
        for heading, (column, table) in left_out.items():
            if column.candidates:
                names = [self._meaning(path, table) for path in column.candidates]
                yield self._line("question", heading=heading, candidates=self._line("or").join(names), first=names[0])
            elif column.similar_title is not None:
                yield self._line("near", heading=heading, near=column.similar_title)

    def _sheets_with_names(self) -> list[SheetRead]:
        """Return the sheets, without those of decisions on who is who, which the program wrote itself."""
        return [one for one in self.roster.sheets if one.reading is None or one.reading.context.table != "identities"]

    def _columns(self) -> list[str]:
        meanings = {
            c.heading: self._meaning(c.match.path, one.reading.context.table)
            for one in self._sheets_with_names()
            if one.reading is not None
            for c in one.reading.columns
        }
        return [heading if heading == name else f"{heading} → {name}" for heading, name in meanings.items()]

    def _meaning(self, path: str, table: str) -> str:
        """Return what a meaning is called in the language, which ``--column`` takes as well."""
        return title_of(path, contexts()[table]) if self.language == "zh" else path

    def _things(self) -> list[str]:
        texts = []
        for table, frame in self.roster.frames.items():
            if table in {"sources", "quotes"}:
                continue
            unlisted_count = self.roster.unlisted_counts.get(table, 0)
            text = self._line("thing", name=self._table(table), count=f"{frame.height:,}")
            if unlisted_count == frame.height:
                text += self._line("all of names")
            elif unlisted_count:
                text += self._line("of names", count=f"{unlisted_count:,}")
            texts.append(text)
        return texts

    def _columns_left_out(self) -> list[str]:
        reasons = {
            c.heading: c.reason
            for one in self._sheets_with_names()
            if one.reading is not None
            for c in one.reading.left_out
            if not c.candidates and (c.heading or c.reason != "no heading")
        }
        return [self._with_reason(heading, self._reason(reason)) for heading, reason in reasons.items()]

    def _with_reason(self, what: str, reason: str) -> str:
        return what if what == reason else self._line("with reason", what=what, reason=reason)

    def _reason(self, key: str, **values: str) -> str:
        return str(self.words["reasons"][key][self.language]).format(**values)

    def _remarks(self, remarks: Sequence[Remark], *, with_text: bool) -> str:
        """Return examples of each reason for which something was left out, with their number."""
        by_reason: dict[str, list[Remark]] = {}
        for remark in remarks:
            by_reason.setdefault(remark.key, []).append(remark)
        texts = []
        for key, group in by_reason.items():
            first = group[0]
            cells = self._joined(remark.place.cell for remark in group[:_MOST_EXAMPLES])
            if len(group) > _MOST_EXAMPLES:
                cells += self._line("joined") + self._line("more", count=f"{len(group) - _MOST_EXAMPLES:,}")
            text = self._line("excerpt", text=_excerpt(first.text)) if with_text and first.text else ""
            texts.append(self._with_reason(f"{cells}{text}", self._reason(key, **first.values)))
        return self._line("separated").join(texts)

    def _notes(self) -> str:
        counts = Counter(remark.key for remark in self.roster.log.notes)
        texts = []
        for key, count in counts.items():
            first = next(remark for remark in self.roster.log.notes if remark.key == key)
            words = str(self.words["notes"][key][self.language])
            text = words.format(text=_excerpt(first.text), **first.values)
            place = f"{first.place.cell}: " if first.place.row is not None else ""
            more = self._line("more", count=f"{count - 1:,}")
            texts.append(self._with_reason(f"{place}{text}", more) if count > 1 else f"{place}{text}")
        return self._line("separated").join(texts)


def _excerpt(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"
