"""The paragraphs of a document as they are read: lines joined where a line end stands inside a sentence.

Each character of a passage leads to its place in the text of the document, so that every quote is exact.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from chaingraph.extraction.lexicon import boilerplate
from chaingraph.rosters.folding import has_han

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from chaingraph.extraction.documents import Document

_WIDE = str.maketrans(",;:!?()", "，；：！？（）")
_SENTENCE_END = re.compile(r"(?<=[。！？])(?![”’）])|(?<=[。！？][”’）])")
_ENGLISH_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“‘(]?[A-Z0-9])")
_ABBREVIATION = re.compile(
    r"\b(?:Co|Ltd|Inc|Corp|No|Dr|Mr|Mrs|Ms|Prof|St|vs|etc|approx|Univ|Dept|e\.g|i\.e|[A-Z])\.[\"”’)]*\s+$"
)
_LEGAL_FORM = re.compile(r"\b(?:Ltd|Inc|Corp)\.\s+$")
_BEGINNING = re.compile(r"[\"“‘(]?[A-Z][\w'’-]*,? [a-z0-9(]")
"""What follows the full stop of Ltd. where a sentence ends there: one word with a capital letter, and a small one."""
_ITEM = re.compile(r"\s*(?:[（(]?[0-9一二三四五六七八九十]{1,3}[)）.、．]|[•●·\-*])\s*")
_TERMINAL = "。！？；：.!?;:"
_LEAST_WRAPPED = 5


@dataclass(frozen=True)
class Passage:
    """A paragraph, or the part of it that is one sentence.

    ``offsets`` has the place of each character in the text of the document, and that after the last.
    """

    text: str
    offsets: tuple[int, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where characters of the passage stand in the document."""
        return self.offsets[start], self.offsets[end - 1] + 1

    def part(self, start: int, end: int) -> Passage:
        """Return a part of the passage."""
        return Passage(self.text[start:end], self.offsets[start : end + 1])

    @property
    def sentences(self) -> list[tuple[int, int]]:
        """The beginning and the end of each sentence."""
        cuts = [0, *(_cuts(self.text)), len(self.text)]
        return [(start, end) for start, end in pairwise(cuts) if self.text[start:end].strip()]


def _cuts(text: str) -> list[int]:
    if has_han(text):
        return [match.start() for match in _SENTENCE_END.finditer(text)]
    return [
        match.end()
        for match in _ENGLISH_END.finditer(text)
        if not _ABBREVIATION.search(text[: match.end()])
        or (_LEGAL_FORM.search(text[: match.end()]) and _BEGINNING.match(text, match.end()))
    ]


def passages(document: Document) -> list[Passage]:
    """Return the paragraphs of a document outside its tables, without boilerplate, in their order."""
    lines = [line for line in _lines(document) if line[2].strip()]
    texts = [text for _, _, text in lines]
    is_wrapped, widest = bool(document.pages) or _is_wrapped(texts), _widest(texts)
    groups: list[list[tuple[int, int, str]]] = []
    for line in lines:
        if groups and _joins(groups[-1][-1], line, is_wrapped, widest, document.text):
            groups[-1].append(line)
        else:
            groups.append([line])
    pieces = (_passage(group) for group in groups)
    return [passage for passage in pieces if not is_boilerplate(passage.text)]


def is_boilerplate(line: str) -> bool:
    """Tell whether a line belongs to the site and not to what the document says: menus, disclaimers, view counts."""
    return boilerplate().search(line.strip()) is not None


def _lines(document: Document) -> Iterator[tuple[int, int, str]]:
    """Yield the lines that belong to no table: start, end, text as it is compared."""
    inside = [*document.table_spans, *document.noise]
    start = 0
    for line in document.text.split("\n"):
        end = start + len(line)
        if not any(first <= start < last for first, last in inside):
            yield start, end, plain(line)
        start = end + 1


def plain(text: str) -> str:
    """Return a text of the same length in simplified characters and, if it is Chinese, full-width punctuation."""
    if not has_han(text):
        return text.replace("\u3000", " ").replace("\xa0", " ")
    simple = "".join(map(_simplified, text))
    wide = simple.translate(_WIDE)
    return "".join(
        old if new in "，：" and _between_digits(simple, at) else new
        for at, (old, new) in enumerate(zip(simple, wide, strict=True))
    )


def _between_digits(text: str, at: int) -> bool:
    return 0 < at < len(text) - 1 and text[at - 1].isdigit() and text[at + 1].isdigit()


@cache
def _simplified(character: str) -> str:
    if character < "\u3400":
        return {"「": "“", "」": "”", "『": "“", "』": "”", "〝": "“", "〞": "”"}.get(character, character)
    text = str(_converter()(character))
    return text if len(text) == 1 else character


@cache
def _converter() -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


def is_invisible(character: str) -> bool:
    """Tell whether a character shows nothing, as marks of direction and of the order of bytes do."""
    return unicodedata.category(character) in ("Cf", "Cc")


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _widest(lines: Sequence[str]) -> int:
    widths = sorted(map(_width, lines))
    return widths[int(0.9 * (len(widths) - 1))] if widths else 0


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Tell whether lines are broken at one width, in the middle of sentences."""
    widest = _widest(lines)
    full = [line for line in lines if abs(_width(line) - widest) <= 6 and line.rstrip()[-1] not in _TERMINAL]
    return len(full) >= _LEAST_WRAPPED and len(full) >= 0.35 * len(lines) and widest <= 130


def _joins(line: tuple[int, int, str], following: tuple[int, int, str], wrapped: bool, widest: int, text: str) -> bool:
    first, second = line[2].rstrip(), following[2].strip()
    is_next = text[line[1] : following[0]].count("\n") == 1
    if second == "." or (second[0] == "." and len(second) < 3):
        return True
    if not has_han(first) and second[0].islower() and first[-1] not in ".!?:" and len(first) > 40:
        return True
    if is_next and first.count("“") > first.count("”") and "”" in second:
        return True
    if is_next and not has_han(first) and len(first) > 60 and first[-1] not in ".!?:;" and not _ITEM.match(second):
        return True
    if not (wrapped and is_next) or _ITEM.match(second):
        return False
    return (
        first[-1] not in "。！？!?" and _width(first) >= widest - 10 and (first[-1] not in ".:：；;" or has_han(first))
    )


def _passage(lines: list[tuple[int, int, str]]) -> Passage:
    text = ""
    offsets: list[int] = []
    last = 0
    for start, _, line in lines:
        left = len(line) - len(line.lstrip())
        stripped = line.strip()
        if text and not (
            has_han(text[-1]) or has_han(stripped[0]) or stripped[0] in ".，。、；：）”" or text[-1] in "，。、；：（“"
        ):
            text, offsets = text + " ", [*offsets, start]
        visible = [at for at, character in enumerate(stripped) if not is_invisible(character)]
        text += "".join(stripped[at] for at in visible)
        offsets += [start + left + at for at in visible]
        last = start + left + len(stripped)
    return Passage(text, (*offsets, last))
