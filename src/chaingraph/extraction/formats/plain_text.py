"""Plain text: its encoding, and tables of lines whose cells a tab separates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chaingraph.errors import UnreadableError
from chaingraph.extraction.formats.builder import DOCUMENT, TextBuilder
from chaingraph.messages import tr
from chaingraph.rosters.folding import has_han

if TYPE_CHECKING:
    from collections.abc import Callable

_LEAST_HAN = 4
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def write_text(write: Callable[[bytes], None], path: str, encoding: str | None) -> None:
    """Write a text file as a document in JSON."""
    builder = TextBuilder()
    lines = decoded(Path(path).read_bytes(), encoding).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and "\t" in lines[end].strip(" \n"):
            end += 1
        if end - at > 1:
            builder.table([_unique(line.split("\t")) for line in lines[at:end]], str)
            at = end
            continue
        if at < len(lines) - 1:
            builder.line(lines[at])
        else:
            builder.write(lines[at])
        at += 1
    write(builder.message())


class _Text(str):
    """A text that is an object of its own, so that two equal cells are two."""

    __slots__ = ()


def _unique(cells: list[str]) -> list[_Text]:
    return [_Text(cell) for cell in cells]


def decoded(content: bytes, encoding: str | None) -> str:
    """Return the text of bytes; without an encoding UTF-8, UTF-16 by its mark, or clear Chinese.

    Raises:
        UnreadableError: The bytes are of another encoding.
    """
    guess = encoding or next((name for mark, name in _BOMS if content.startswith(mark)), None)
    try:
        if guess is not None:
            return content.decode(guess).removeprefix("\ufeff")
        return content.decode("utf-8")
    except LookupError as error:
        reason = tr("there is no encoding '{encoding}'; try gb18030, big5, utf-16 or cp1252", encoding=encoding)
        raise UnreadableError(DOCUMENT, reason) from error
    except UnicodeError as error:
        if guess is not None:
            reason = tr("is not {guess}; name its encoding with --encoding", guess=guess)
            raise UnreadableError(DOCUMENT, reason) from error
    for name, plain in (("gb18030", "gb2312"), ("big5hkscs", "big5")):
        try:
            text = content.decode(name)
        except UnicodeError:
            continue
        if _is_chinese(text, plain):
            return text
    reason = tr("is neither UTF-8 nor clearly Chinese; name its encoding with --encoding (such as cp1252)")
    raise UnreadableError(DOCUMENT, reason)


def _is_chinese(text: str, plain: str) -> bool:
    """Tell whether nine of ten letters that are not ASCII are Chinese ones in common use, those of a small set."""
    letters = [character for character in text if character > "\x7f"]
    common = sum(bool(character.encode(plain, "ignore")) for character in letters)
    return sum(map(has_han, letters)) >= _LEAST_HAN and common >= 0.9 * len(letters)
