"""Which texts a spreadsheet computes, and how CSV keeps it from that; it needs no other library."""

from __future__ import annotations

import csv
import io
import re
from typing import Final

FORMULA: Final = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula, or passes over before one."""

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def spreadsheet_text(text: str) -> str:
    """Return a text that no spreadsheet computes: with an apostrophe before it where it begins like a formula.

    >>> spreadsheet_text("=1+1"), spreadsheet_text("-1e5"), spreadsheet_text("-1e5 ="), spreadsheet_text("a=1")
    ("'=1+1", '-1e5', "'-1e5 =", 'a=1')
    """
    return f"'{text}" if text.startswith(FORMULA) and not _NUMBER.fullmatch(text) else text


def without_apostrophe(text: str) -> str:
    """Return a cell of a CSV file as it was before `spreadsheet_text`.

    >>> without_apostrophe("'=1+1"), without_apostrophe("'s Gravenhage")
    ('=1+1', "'s Gravenhage")
    """
    return text[1:] if text.startswith("'") and text == spreadsheet_text(text[1:]) else text


def spreadsheet_csv(content: bytes) -> bytes:
    r"""Return CSV in UTF-8 as a file for spreadsheets: with a byte order mark, LF as line ends, and no formula.

    >>> spreadsheet_csv(b"a,b\r\n=1,x\r\n").decode()
    "\ufeffa,b\n'=1,x\n"
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in csv.reader(io.StringIO(content.decode(), newline="")):
        writer.writerow(spreadsheet_text(cell.replace("\r\n", "\n").replace("\r", "\n")) for cell in row)
    return text.getvalue().encode("utf-8-sig")
