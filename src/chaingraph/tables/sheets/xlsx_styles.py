"""The parts of an .xlsx workbook that its sheets share: texts, and what the styles of cells say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chaingraph.errors import UnreadableError
from chaingraph.messages import tr
from chaingraph.tables.sheets.cell_values import styles_by_format
from chaingraph.tables.sheets.number_formats import BUILT_IN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chaingraph.tables.sheets.archive import Archive

_SHORTEST_TEXT = len("<si/>")
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_FALSE = {"0", "false", "off", "none"}


def is_on(attributes: Mapping[str, str], name: str = "val", *, default: bool = True) -> bool:
    """Tell whether an attribute that is a truth value is true; ``default`` is what its absence means.

    >>> is_on({"hidden": "1"}, "hidden"), is_on({}), is_on({"val": "false"})
    (True, True, False)
    """
    value = attributes.get(name)
    return default if value is None else value.strip().lower() not in _FALSE


def unescaped(text: str) -> str:
    r"""Return a text with the characters that XML cannot hold, which are written as ``_x000D_``.

    >>> unescaped("a_x000D_b_x005F_x000D_")
    'a\rb_x000D_'
    """
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


@dataclass(frozen=True)
class Styles:
    """What the styles of cells say, by the number of the style.

    ``dates`` are the styles in which a number is a date, ``formats`` the formats in which it shows otherwise than it
    is, ``struck`` the styles that are struck out.
    """

    dates: frozenset[int] = frozenset()
    formats: Mapping[int, str] = field(default_factory=dict)
    struck: frozenset[int] = frozenset()


class _StyleHandler:
    """Takes the number formats, fonts and cell styles of a workbook."""

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}
        self.struck_fonts: list[bool] = []
        self.styles: list[tuple[str, str]] = []
        self._inside = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in {"fonts", "cellXfs", "cellStyleXfs", "dxfs"}:
            self._inside = name
        elif name == "numFmt" and self._inside != "dxfs":
            self.codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "font" and self._inside == "fonts":
            self.struck_fonts.append(False)
        elif name == "strike" and self._inside == "fonts" and self.struck_fonts:
            self.struck_fonts[-1] = is_on(attributes)
        elif name == "xf" and self._inside == "cellXfs":
            self.styles.append((attributes.get("numFmtId", "0"), attributes.get("fontId", "0")))

    def end(self, name: str) -> None:
        if name == self._inside:
            self._inside = ""

    def text(self, text: str) -> None:
        """Styles have no text."""


def styles(archive: Archive, part: str | None) -> Styles:
    """Return the styles of a workbook; those of one without such a part say nothing."""
    if part is None or part not in archive:
        return Styles()
    handler = _StyleHandler()
    archive.parse(part, handler)
    fonts = {str(number) for number, is_struck in enumerate(handler.struck_fonts) if is_struck}
    built_in = {str(number): code for number, code in BUILT_IN.items()}
    codes = [handler.codes.get(number, built_in.get(number, "General")) for number, _ in handler.styles]
    dates, formats = styles_by_format(codes)
    return Styles(dates, formats, frozenset(style for style, (_, font) in enumerate(handler.styles) if font in fonts))


class TextHandler:
    """Takes texts that may have several runs: pieces of text, each in a font of its own; phonetic hints are no text."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.is_struck = False
        self._depth_of_hints = 0
        self._is_text = False
        self._is_font = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element inside a text."""
        if name == "rPh":
            self._depth_of_hints += 1
        elif name == "t":
            self._is_text = self._depth_of_hints == 0
        elif name == "rPr":
            self._is_font = True
        elif name == "strike" and self._is_font and is_on(attributes):
            self.is_struck = True

    def end(self, name: str) -> None:
        """Take the end of an element inside a text."""
        if name == "rPh":
            self._depth_of_hints -= 1
        elif name == "t":
            self._is_text = False
        elif name == "rPr":
            self._is_font = False

    def text(self, text: str) -> None:
        """Take a piece of text."""
        if self._is_text:
            self.pieces.append(text)

    def take(self) -> tuple[str, bool]:
        """Return the whole text, and whether a part of it is struck out; and begin anew."""
        result = unescaped("".join(self.pieces)), self.is_struck
        self.pieces.clear()
        self.is_struck = False
        return result


class _SharedTexts(TextHandler):
    """Takes the texts that cells share."""

    def __init__(self, archive: Archive, part: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.struck: set[int] = set()
        self._archive, self._part = archive, part

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sst":
            for key in ("count", "uniqueCount"):
                self._check_count(key, attributes.get(key, "0").strip())
        super().start(name, attributes)

    def _check_count(self, key: str, count: str) -> None:
        """Refuse a number of distinct texts that the part has no room for; otherwise what it states counts nothing."""
        room = self._archive.size(self._part) // _SHORTEST_TEXT if key == "uniqueCount" else 2**40
        if not (count.isascii() and count.isdigit() and len(count) < 16 and int(count) <= room):
            reason = tr(
                'states {key}="{count}" for the texts that its cells share, which cannot be; save it again',
                key=key,
                count=count[:30],
            )
            raise UnreadableError(self._archive.path, reason)

    def end(self, name: str) -> None:
        super().end(name)
        if name == "si":
            text, is_struck = self.take()
            if is_struck:
                self.struck.add(len(self.texts))
            self.texts.append(text)


def shared_texts(archive: Archive, part: str | None) -> tuple[list[str], set[int]]:
    """Return the texts that the cells of a workbook share, and the numbers of those struck out in whole or in part."""
    if part is None or part not in archive:
        return [], set()
    handler = _SharedTexts(archive, part)
    archive.parse(part, handler)
    return handler.texts, handler.struck
