"""The sheets of a template: their layout, styles, comments and drop-downs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from chaingraph.errors import UsageError
from chaingraph.messages import tr
from chaingraph.tables import contract
from chaingraph.tables.template.rows import DataSetTexts, cell, choices, description_rows, needed, order
from chaingraph.tables.template.words import (
    column_definition,
    form,
    guide,
    heading,
    sheet_title,
    table_definition,
    words,
)
from chaingraph.tables.workbooks import reserved_sheets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from chaingraph.tables.contract import Column, Table
    from chaingraph.tables.template.rows import Row

_LONGEST_CELL = 32_767
_AS_TEXT = 49
"""The number of the format "text" in every workbook."""
_MOST_ROWS = 1_048_575
_EXACT_DIGITS = 15
_COLOURS = {"required": "#1F4E79", "one of": "#9DC3E6", "free": "#D9D9D9"}


class Sheets:
    """A workbook in the making, with the formats that its sheets share."""

    def __init__(self, book: Workbook, language: str, names: Sequence[str], examples: dict[str, Row]) -> None:
        self._book, self._language, self._names, self._examples = book, language, names, examples
        dark, pale = {"font_color": "#FFFFFF"}, {"font_color": "#000000"}
        frame = {"bold": True, "border": 1, "text_wrap": True, "valign": "top"}
        self._formats = {
            need: book.add_format({**frame, **(dark if need == "required" else pale), "bg_color": colour})
            for need, colour in _COLOURS.items()
        } | {
            # As text, a month stays a month: spreadsheets make a day of "2021-10".
            "text": book.add_format({"num_format": _AS_TEXT, "valign": "top"}),
            "wrapped text": book.add_format({"num_format": _AS_TEXT, "valign": "top", "text_wrap": True}),
            "number": book.add_format({"valign": "top"}),
            "prose": book.add_format({"text_wrap": True, "valign": "top"}),
            "title": book.add_format({"bold": True, "font_size": 16}),
            "heading": book.add_format({"bold": True, "font_size": 12, "top": 1}),
            "command": book.add_format({"font_name": "Consolas", "bg_color": "#F2F2F2"}),
        }

    def _text(self, *path: str) -> str:
        entry: Any = words()
        for key in (*path, self._language):
            entry = entry[key]
        return str(entry)

    def _write(self, sheet: Worksheet, row: int, column: int, text: str, style: str, where: str = "") -> None:
        if len(text) > _LONGEST_CELL:
            message = tr(
                "{where}: the text has {count:,} characters, and a cell holds {longest_cell:,}; shorten it",
                where=where,
                count=len(text),
                longest_cell=_LONGEST_CELL,
            )
            raise UsageError(message)
        sheet.write_string(row, column, text, self._formats[style])

    def roster(self) -> None:
        """Write the sheet of a roster: one row per consortium, which is read by its headings."""
        sheet = self._book.add_worksheet(reserved_sheets().roster[self._language])
        sheet.freeze_panes(1, 0)
        sheet.set_tab_color(_COLOURS["required"])
        for place, column in enumerate(words()["roster"]):
            sheet.set_column(place, place, column["width"], self._formats["wrapped text"])
            self._write(sheet, 0, place, column["title"][self._language], "required" if place in (1, 2, 3) else "free")
            sheet.write_comment(0, place, column["comment"][self._language], {"width": 260, "author": "chaingraph"})

    def guide(self, *, with_roster: bool) -> None:
        """Write the sheet that explains what to fill in, how, and what to do next."""
        sheet = self._book.add_worksheet(reserved_sheets().guide[self._language])
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 100)
        sheet.hide_gridlines(2)
        row = 0
        for style, line in guide(self._language, with_roster=with_roster):
            if style == "text":
                sheet.merge_range(row, 0, row, 1, "", self._formats["prose"])
                sheet.set_row(row, 15 * (1 + _width(line) // 125))
            self._write(sheet, row, 0, line, "prose" if style == "text" else style)
            row += 1
        for name in self._names:
            table = contract()[name]
            title = sheet_title(table, self._language)
            sheet.write_url(row, 0, f"internal:'{title}'!A1", string=title)
            self._write(sheet, row, 1, table_definition(table, self._language), "prose")
            row += 1

    def table(self, table: Table, rows: Sequence[Row]) -> None:
        """Write a table's sheet: headings with their comments, the rows, and what each column may hold."""
        if len(rows) > _MOST_ROWS:
            message = tr(
                "'{name}' has {count:,} rows, and a sheet holds {most_rows:,}; keep it as CSV",
                name=table.name,
                count=len(rows),
                most_rows=_MOST_ROWS,
            )
            raise UsageError(message)
        sheet = self._book.add_worksheet(sheet_title(table, self._language))
        sheet.freeze_panes(1, 0)
        if table.name in words()["enough"]:
            sheet.set_tab_color(_COLOURS["required"])
        columns = order(table)
        for place, column in enumerate(columns):
            numeric = column.datatype in {"integer", "decimal"}
            width = 40 if column.names_the_row or column.is_reference else 18
            sheet.set_column(place, place, width, self._formats["number" if numeric else "text"])
            self._write(sheet, 0, place, heading(column, self._language), _need(column, table))
            comment = self._comment(column, table)
            size = {"width": 320, "height": 24 + 17 * sum(1 + _width(line) // 44 for line in comment.split("\n"))}
            sheet.write_comment(0, place, comment, {**size, "author": "chaingraph"})
            validation = self._validation(column)
            if validation:
                sheet.data_validation(1, place, _MOST_ROWS, place, validation)
        for number, row in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                text = row[column.name]
                if text is not None:
                    self._put(sheet, number, place, cell(text, column, self._language), column, table.name)
        if rows:
            sheet.ignore_errors({"number_stored_as_text": f"A1:{_letters(len(columns) - 1)}{len(rows) + 1}"})

    def _put(self, sheet: Worksheet, row: int, place: int, text: str, column: Column, name: str) -> None:
        """Write a cell: a number as such where a spreadsheet keeps all of its digits, everything else as text."""
        digits = sum(character.isdigit() for character in text)
        if column.datatype in {"integer", "decimal"} and digits <= _EXACT_DIGITS:
            sheet.write_number(row, place, float(text), self._formats["number"])
        else:
            self._write(sheet, row, place, text, "text", f"{name}, row {row + 1}, '{column.name}'")

    def _comment(self, column: Column, table: Table) -> str:
        lines = [
            self._text("needs", _need(column, table)),
            column_definition(column, table, self._language),
            form(column, self._language),
        ]
        example = (self._examples.get(table.name) or {}).get(column.name)
        if example:
            lines.append(f"{self._text('example of')}: {example if len(example) <= 80 else example[:79] + '…'}")
        return "\n".join(filter(None, lines))

    def _validation(self, column: Column) -> dict[str, object]:
        """Return what a cell may hold, as spreadsheets check it; they warn, since the reader accepts more spellings."""
        warning = {"error_type": "warning", "error_message": self._text("not in the list")}
        listed = choices(column, self._language)
        if listed:
            return {"validate": "list", "source": listed, **warning}
        if column.reference is not None and column.reference in self._names:
            table = contract()[column.reference]
            name = table.label or table.identifier
            at = _letters([other.name for other in order(table)].index(name))
            title = sheet_title(table, self._language)
            cells = f"OFFSET('{title}'!${at}$2,0,0,MAX(1,COUNTA('{title}'!${at}:${at})-1),1)"
            return {"validate": "list", "source": f"={cells}", "show_error": False}
        if column.is_date:
            return {"validate": "any", "input_message": form(column, self._language)}
        if column.datatype in {"integer", "decimal"} and column.minimum is not None:
            bounds = (
                {"criteria": ">=", "value": column.minimum}
                if column.maximum is None
                else {"criteria": "between", "minimum": column.minimum, "maximum": column.maximum}
            )
            return {"validate": column.datatype, **bounds, **warning}
        return {}

    def description(self, data: DataSetTexts) -> None:
        """Write the description of the data set; an empty template asks for it and gives only its own language."""
        sheet = self._book.add_worksheet(reserved_sheets().description[self._language])
        for column, (width, title) in enumerate(
            zip((24, 60, 60), reserved_sheets().heading[self._language], strict=True)
        ):
            sheet.set_column(column, column, width, self._formats["text"])
            self._write(sheet, 0, column, title, "free")
        hints: dict[str, dict[str, str]] = words()["description"]
        values = {"language": self._language} if data.description is None else dict(description_rows(data.description))
        for row, key in enumerate(dict.fromkeys([*hints, *values]), start=1):
            text = reserved_sheets().keys.get(key, key) if self._language == "zh" else key
            self._write(sheet, row, 0, text, "text")
            if key in values:
                self._write(sheet, row, 1, values[key], "text", f"dataset.json, '{key}'")
            if key in hints:
                self._write(sheet, row, 2, hints[key][self._language], "prose")

    def examples(self) -> None:
        """Write the sheet with one real row of each table, below one another."""
        sheet = self._book.add_worksheet(reserved_sheets().examples[self._language])
        sheet.set_column(0, 30, 24)
        row = 0
        for name in self._names:
            table = contract()[name]
            example = self._examples.get(name)
            if example is None:
                continue
            self._write(sheet, row, 0, sheet_title(table, self._language), "heading")
            columns = [column for column in order(table) if example.get(column.name) is not None]
            for place, column in enumerate(columns):
                self._write(sheet, row + 1, place, heading(column, self._language), _need(column, table))
                self._write(sheet, row + 2, place, example[column.name] or "", "prose")
            row += 4


def _need(column: Column, table: Table) -> str:
    """Return whether a column must be filled, is one of several of which one must be, or may stay empty."""
    if needed(column, table):
        return "required"
    return "one of" if column.name in table.at_least_one_of else "free"


def _width(text: str) -> int:
    """Return about how many Latin letters wide a text is: a Chinese character is as wide as two."""
    kinds = Counter(character.isascii() for character in text)
    return kinds[True] + 2 * kinds[False]


def _letters(place: int) -> str:
    """Return the letters of a column: 0 is A, 26 is AA."""
    from xlsxwriter.utility import xl_col_to_name

    name: str = xl_col_to_name(place)
    return name
