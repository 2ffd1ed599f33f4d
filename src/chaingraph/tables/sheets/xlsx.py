"""Workbooks of Excel and those who write like it (.xlsx, .xlsm): ECMA-376, in its transitional and its strict form."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.errors import UnreadableError
from chaingraph.messages import tr
from chaingraph.tables.sheets.cell_values import FormattedCells
from chaingraph.tables.sheets.grid import Grid, Visibility, grid_of
from chaingraph.tables.sheets.xlsx_cells import TYPES, SheetPass, typed_cells
from chaingraph.tables.sheets.xlsx_styles import Styles, is_on, shared_texts, styles

if TYPE_CHECKING:
    from chaingraph.tables.sheets.archive import Archive

_MOST_SHEETS = 1_000
_VISIBILITIES = {"hidden": Visibility.HIDDEN, "veryHidden": Visibility.VERY_HIDDEN}


@dataclass
class _Relations:
    """The parts that a part refers to, by the id and by the last word of the type of the relation."""

    folder: str
    by_id: dict[str, tuple[str, str]] = field(default_factory=dict)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            part = posixpath.normpath(posixpath.join("/" + self.folder, target)).lstrip("/")
            self.by_id[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], part)

    def end(self, name: str) -> None:
        """Relations nest nothing."""

    def text(self, text: str) -> None:
        """Relations have no text."""

    def of_type(self, type_: str) -> str | None:
        return next((part for kind, part in self.by_id.values() if kind == type_), None)


@dataclass
class _BookHandler:
    """Takes the sheets and the settings of a workbook."""

    sheets: list[tuple[str, str, str]] = field(default_factory=list)
    is_1904: bool = False
    formulas_stale: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.sheets.append((attributes.get("name", ""), attributes.get("state", ""), relation))
        elif name == "workbookPr":
            self.is_1904 = is_on(attributes, "date1904", default=False)
        elif name == "calcPr":
            self.formulas_stale = is_on(attributes, "fullCalcOnLoad", default=False)

    def end(self, name: str) -> None:
        """Sheets nest nothing."""

    def text(self, text: str) -> None:
        """Sheets have no text."""


class ExcelBook:
    """An .xlsx workbook: its sheets by title, each read when it is asked for.

    Raises:
        UnreadableError: It is no workbook, or its parts are not where they must be.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        part = self._relations("").of_type("officeDocument") or "xl/workbook.xml"
        if part.endswith(".bin"):
            raise UnreadableError(archive.path, tr("is a binary workbook (.xlsb); save it as .xlsx"))
        self._book = _BookHandler()
        archive.parse(part, self._book)
        if len(self._book.sheets) > _MOST_SHEETS:
            reason = tr(
                "has {count:,} sheets, more than {most_sheets:,}; split it",
                count=len(self._book.sheets),
                most_sheets=_MOST_SHEETS,
            )
            raise UnreadableError(archive.path, reason)
        relations = self._relations(part)
        self._styles_part, self._texts_part = relations.of_type("styles"), relations.of_type("sharedStrings")
        self._parts: dict[str, str] = {}
        self.visibilities: dict[str, Visibility] = {}
        for title, state, relation in self._book.sheets:
            type_, target = relations.by_id.get(relation, ("", ""))
            if type_ in {"chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"}:
                continue
            if target not in archive:
                raise archive.damaged(part, tr("the sheet '{title}' is not there", title=title[:40]))
            if target in self._parts.values() or title in self._parts:
                raise archive.damaged(part, tr("the sheet '{title}' stands there twice", title=title[:40]))
            self._parts[title] = target
            self.visibilities[title] = _VISIBILITIES.get(state, Visibility.VISIBLE)

    def grid(self, title: str) -> Grid:
        """Return the cells of a sheet."""
        where = tr("{file}, sheet {title}", file=self._archive.path.name, title=title)
        sheet = SheetPass(self._archive, self._parts[title], where)
        raw = sheet.cells()
        texts, struck_texts = self._texts
        cells = typed_cells(raw, texts, self._styles.dates, is_1904=self._book.is_1904)
        return grid_of(
            where,
            title,
            cells,
            merged=sheet.merged,
            hidden_rows=sheet.hidden_rows,
            hidden_columns=sheet.hidden_columns,
            struck=[*sheet.struck, *_struck(raw, self._styles.struck, struck_texts)],
            computed=sheet.computed,
            formulas_stale=self._book.formulas_stale,
            show=FormattedCells(self._styles.formats) if self._styles.formats else None,
        )

    def _relations(self, part: str) -> _Relations:
        folder, name = posixpath.split(part)
        relations = _Relations(folder)
        relations_part = posixpath.join(folder, "_rels", f"{name}.rels")
        if relations_part in self._archive:
            self._archive.parse(relations_part, relations)
        return relations

    @cached_property
    def _styles(self) -> Styles:
        return styles(self._archive, self._styles_part)

    @cached_property
    def _texts(self) -> tuple[list[str], set[int]]:
        return shared_texts(self._archive, self._texts_part)


def _struck(raw: pl.DataFrame, styles_: frozenset[int], texts: set[int]) -> list[tuple[int, int]]:
    """Return the cells that their style, or the text that they share, strikes out."""
    if not styles_ and not texts:
        return []
    of_style = pl.col("style").is_in(list(styles_))
    of_text = (pl.col("type") == TYPES["s"]) & pl.col("raw").is_in([str(number) for number in texts])
    return raw.filter(of_style | of_text).select("row", "column").rows()
