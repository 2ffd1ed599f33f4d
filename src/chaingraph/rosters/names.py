"""Names in a cell: one or a list, with roles in brackets or before a colon, and counts of those that are not named."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from chaingraph.rosters.codes import code_of
from chaingraph.rosters.folding import clean, fold, folded_words, has_han, is_nothing, name_of, spellings
from chaingraph.rosters.others import OF_THESE, Count, without_others
from chaingraph.rosters.places import is_place

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPEN, _CLOSE = "（([【［〔「『“", "）)]】］〕」』”"
_QUOTATION_MARKS = re.compile("“([^“”]+)”|「([^「」]+)」")
_STRONG = "、；;\n|｜"
_NUMBERING = re.compile(
    r"(?:(?<=^)|(?<=[\s、，,；;。]))\s*(?:[（(](\d{1,3})[)）]|(\d{1,3})(?:[.．、)）](?!\d)|\s(?=[\u4e00-\u9fff])))\s*|([①-⑳])\s*"
)
_LABEL = re.compile(r"(?:(?<=^)|(?<=[\s、，,；;。\n]))([^\s、，,；;。：:\n（）()]{1,14})\s*[:：]\s*")
_JOINERS = "和与及"
_STRONG_MARKS = frozenset(_STRONG)
_WEAK = ("，,", "/／", " ", _JOINERS)
_WEAK_MARKS = frozenset("".join(_WEAK))
_ROLE_MARKS = frozenset("（(【[［—-－")
_NUMBER = re.compile(r"[\d①-⑳]")
_CLOSE_MARKS = frozenset(_CLOSE)
_BRACKETS = frozenset(_OPEN + _CLOSE)
_BRACKETS_AT_END = re.compile(r"(?:[（(【\[][^（）()【】\[\]]*[)）】\]]\s*)+$")
_PAIR = 2
_TOGETHER = re.compile("联合|共建|合作|共同")


class Name(NamedTuple):
    """One name of a cell, with the notation of the role that the cell gives it, if any."""

    text: str
    role: str | None = None


class Names(NamedTuple):
    """What a cell of names says.

    ``unclear`` are pieces that could be one name or several; they are no names. ``is_open`` tells that the cell says
    that there are others without saying how many. ``unclear_counts`` could count the whole list or what one name stands
    for.
    """

    names: tuple[Name, ...] = ()
    counts: tuple[Count, ...] = ()
    unclear: tuple[str, ...] = ()
    is_open: bool = False
    unclear_counts: tuple[int, ...] = ()


NOTHING = Names()


@dataclass(frozen=True)
class Reader:
    """Reads cells of names.

    Args:
        endings: The list of ``spellings.json`` with the endings of such names.
        roles: The code list of the roles that a bracket may hold; None where it holds none.
        is_list: The heading announces several names, so that a mark that usually stands between names does so here.
        names: Names that stand alone in some cell of the same roster.
    """

    endings: str = "organizations"
    roles: str | None = "role"
    is_list: bool = False
    names: frozenset[str] = frozenset()
    _of_pieces: dict[str, Names] = field(default_factory=dict, compare=False, repr=False)

    def read(self, text: str) -> Names:
        """Return what a cell says.

        >>> reader = Reader()
        >>> [name.text for name in reader.read("东山机电有限公司（牵头）、甲州大学,北湖仪器厂").names]
        ['东山机电有限公司', '甲州大学', '北湖仪器厂']
        >>> reader.read("东山机电有限公司（牵头）").names, reader.read("甲州大学等5家单位").counts
        ((Name(text='东山机电有限公司', role='lead'),), (Count(value=5, qualifier=None, kind=None),))
        >>> reader.read("北京大学与清华大学").unclear
        ('北京大学与清华大学',)
        >>> [name.text for name in reader.read("“北京大学与清华大学”、甲州大学").names]
        ['北京大学与清华大学', '甲州大学']
        """
        cell = clean(text)
        if is_nothing(cell):
            return NOTHING
        parts = [self._of_segment(segment, role) for segment, role in self._segments(cell)]
        if len(parts) == 1 and len(set(parts[0].names)) == len(parts[0].names):
            return parts[0]
        return Names(
            tuple(dict.fromkeys(name for part in parts for name in part.names)),
            tuple(count for part in parts for count in part.counts),
            tuple(piece for part in parts for piece in part.unclear),
            any(part.is_open for part in parts),
            tuple(count for part in parts for count in part.unclear_counts),
        )

    def _segments(self, cell: str) -> Iterator[tuple[str, str | None]]:
        """Yield the parts of a cell that a label and a colon begin, such as 牵头单位：…, each with the label's role."""
        if ":" not in cell and "：" not in cell:
            yield cell, None
            return
        labels = []
        for match in _LABEL.finditer(cell):
            role = code_of(match[1], self.roles) if self.roles else None
            if role is not None or fold(match[1]) in folded_words("names", "counted", "organizations"):
                labels.append((match.start(), match.end(), role))
        first, *ends = [*(start for start, _, _ in labels), len(cell)]
        if cell[:first].strip(_STRONG + " ，,。"):
            yield cell[:first], None
        for (_, start, role), end in zip(labels, ends, strict=True):
            yield cell[start:end], role

    def _of_segment(self, segment: str, role: str | None) -> Names:
        segment, counts, is_open = without_others(segment.strip(_STRONG + " ，,。"))
        parts = [self._of_piece(piece) for piece in self._pieces(segment)]
        names = [name for part in parts for name in part.names]
        if role is not None:
            names = [Name(name.text, name.role or role) for name in names]
        counts += [count for part in parts for count in part.counts]
        counts = [Count(one.value + len(names), None, one.kind) if one.qualifier == "others" else one for one in counts]
        unclear = tuple([piece for part in parts for piece in part.unclear])
        unclear_counts = tuple(one.value for one in counts if one.qualifier == OF_THESE and one.value != len(names))
        counts = [one for one in counts if one.qualifier != OF_THESE]
        is_open = is_open or any(part.is_open for part in parts)
        return Names(tuple(names), tuple(counts), unclear, is_open, unclear_counts)

    def _of_piece(self, piece: str) -> Names:
        """Return what one piece of a list says: a name, perhaps with a role and a count, or that it is unclear."""
        result = self._of_pieces.get(piece)
        if result is None:
            result = self._of_pieces[piece] = self._of_new_piece(piece)
        return result

    def _of_new_piece(self, piece: str) -> Names:
        rest, counts, is_open = without_others(piece)
        if is_nothing(rest):
            return Names((), tuple(counts), (), is_open)
        text, role = self._role(rest)
        if (quotation := _QUOTATION_MARKS.fullmatch(text)) is not None:
            return Names((Name(name_of(quotation[1] or quotation[2]), role),), tuple(counts), (), is_open)
        text = name_of(text)
        if not text or text.replace(" ", "").replace(".", "").isdigit():
            return Names((), tuple(counts), (rest,) if text else (), is_open)
        if self._is_unclear(text):
            return Names((), tuple(counts), (rest,), is_open)
        return Names((Name(text, role),), tuple(counts), (), is_open)

    def _pieces(self, segment: str) -> list[str]:
        """Return the pieces of a list, each a name perhaps with brackets and a count."""
        if _STRONG_MARKS.isdisjoint(segment) and _NUMBER.search(segment) is None:
            piece = segment.strip(" ，,。")
            return self._by_weak_marks(piece) if piece else []
        numbered = _numbered(segment)
        lines = numbered if numbered is not None else [segment]
        pieces = [piece for line in lines for piece in _outside_brackets(line, _STRONG)]
        pieces = [piece.strip(" ，,。") for piece in pieces]
        pieces = self._joined_again(segment, [piece for piece in pieces if piece])
        if len(pieces) > 1:
            pieces[-1:] = self._by_joiner(pieces[-1])
        return [name for piece in pieces for name in self._by_weak_marks(piece)]

    def _by_joiner(self, piece: str) -> list[str]:
        """Split the end of a list, 乙大学和丙研究院, but not 乙大学与丙公司联合研究院."""
        parts = [part.strip() for part in _outside_brackets(piece, _JOINERS)]
        if len(parts) != _PAIR:
            return [piece]
        names = [self._role(without_others(part)[0])[0] for part in parts]
        is_end = all(map(self._is_name, names)) and not _TOGETHER.search(piece)
        return parts if is_end else [piece]

    def _joined_again(self, segment: str, pieces: list[str]) -> list[str]:
        """Join what a mark inside one name has cut: 集成电路、人工智能研究院, 中国科学院、水利部甲州山地研究所."""
        if "、" not in segment or len(pieces) < 2 or "\n" in segment or ";" in segment or "；" in segment:
            return pieces
        *first, last = pieces
        if not self.is_list and _is_kept_together(pieces):
            return [segment]
        if self.is_list and self.endings == "organizations" and not all(map(is_place, first)):
            return pieces
        if self._is_name(last) and not any(self._is_name(piece) for piece in first):
            return [segment]
        return pieces

    def _by_weak_marks(self, piece: str) -> list[str]:
        if _WEAK_MARKS.isdisjoint(piece):
            return [piece]
        for marks in _WEAK:
            parts = [part.strip() for part in _outside_brackets(piece, marks) if part.strip()]
            parts = _with_legal_forms(parts)
            if len(parts) > 1 and self._splits(parts, marks, piece):
                return [name for part in parts for name in self._by_weak_marks(part)]
        return [piece]

    def _splits(self, parts: list[str], marks: str, piece: str) -> bool:
        bare = [self._role(part)[0] for part in parts]
        if name_of(piece) in self.names:
            return False
        if all(name_of(part) in self.names for part in bare):
            return True
        if marks == _JOINERS:
            return False
        is_han = all(map(has_han, parts))
        if marks == "，,":
            if is_han and self.endings == "organizations":
                return not all(map(is_place, parts[:-1]))
            return all(map(self._is_name, bare)) or (self.is_list and len(parts) > _PAIR)
        return (is_han or marks != " ") and all(map(self._is_name, bare))

    def _role(self, piece: str) -> tuple[str, str | None]:
        """Return a piece without the bracket that holds a role, and the notation of that role."""
        if self.roles is None or _ROLE_MARKS.isdisjoint(piece):
            return piece, None
        for match in reversed(list(re.finditer(r"[（(【\[［]([^（）()【】\[\]［］]*)[)）】\]］]", piece))):
            words = [word for word in re.split(r"[、，,;；/ ]+", match[1]) if word]
            roles = [code_of(word, self.roles) for word in words]
            role = next((role for role in roles if role is not None), None)
            if role is not None:
                others = "、".join(word for word, of in zip(words, roles, strict=True) if of is None)
                rest = piece[: match.start()] + (f"（{others}）" if others else "") + piece[match.end() :]
                return rest.strip(" -—－"), role
        for dash in ("——", "—", " - ", "－", "-"):
            name, _, word = piece.rpartition(dash)
            role = code_of(word, self.roles) if name else None
            if role is not None:
                return name.strip(), role
        return piece, None

    def _is_name(self, piece: str) -> bool:
        return name_of(piece) in self.names or has_ending(piece, self.endings)

    def _is_unclear(self, name: str) -> bool:
        """Tell whether what is left may still be several names: A公司与B大学, Foo, Bar."""
        if name in self.names or self.endings != "organizations":
            return False
        pieces = _outside_brackets(name, "、")
        if len(pieces) > 1 and not all(map(is_place, pieces[:-1])) and not _is_kept_together(pieces):
            return True
        if _WEAK_MARKS.isdisjoint(name):
            return False
        for marks in (_JOINERS, "/／", "，,"):
            parts = _with_legal_forms([part.strip() for part in _outside_brackets(name, marks) if part.strip()])
            if len(parts) == 1:
                continue
            if marks == _JOINERS:
                return all(map(self._is_name, parts)) and not _TOGETHER.search(name)
            # A list may be meant; in a column of single names a Latin comma or slash belongs to the name.
            return self.is_list or has_han(name)
        return False


def _outside_brackets(text: str, marks: str) -> list[str]:
    """Split a text at each of some characters, never inside brackets."""
    if _set_of(marks).isdisjoint(text):
        return [text]
    if _BRACKETS.isdisjoint(text):
        return _pattern_of(marks).split(text)
    pieces, depth, start = [], 0, 0
    for at, character in enumerate(text):
        if character in _OPEN:
            depth += 1
        elif character in _CLOSE:
            depth = max(depth - 1, 0)
        elif depth == 0 and character in marks:
            pieces.append(text[start:at])
            start = at + 1
    return [*pieces, text[start:]]


@cache
def _bodies() -> frozenset[str]:
    return frozenset(spellings()["names"]["bodies"])


def _is_kept_together(pieces: list[str]) -> bool:
    """Tell whether pieces are one institute that ministries or academies keep together: its name begins with theirs."""
    *first, last = pieces
    return all(piece in _bodies() for piece in first) and last.startswith(tuple(_bodies())) and last not in _bodies()


@cache
def _set_of(marks: str) -> frozenset[str]:
    return frozenset(marks)


@cache
def _pattern_of(marks: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(marks)}]")


def _numbered(segment: str) -> list[str] | None:
    """Return the items of a list that is numbered 1, 2, 3 ..., None where it is not."""
    if _NUMBER.search(segment) is None:
        return None
    marks = list(_NUMBERING.finditer(segment))
    numbers = [int(m[1] or m[2]) if m[1] or m[2] else ord(m[3]) - ord("①") + 1 for m in marks]
    if not numbers or numbers != list(range(1, len(numbers) + 1)) or (len(numbers) == 1 and marks[0].start() > 0):
        return None
    ends = [mark.start() for mark in marks[1:]] + [len(segment)]
    items = [segment[mark.end() : end] for mark, end in zip(marks, ends, strict=True)]
    return [item for item in (segment[: marks[0].start()], *items) if item.strip()]


def _with_legal_forms(parts: list[str]) -> list[str]:
    """Join a part that is a legal form only, such as Ltd., to the one before it."""
    joined: list[str] = []
    for part in parts:
        if joined and fold(part) in folded_words("names", "legal forms"):
            joined[-1] = f"{joined[-1]}, {part}"
        else:
            joined.append(part)
    return joined


@cache
def _endings(kind: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the endings of Chinese names, and the last words of other names, of a kind of things."""
    words = spellings()["names"]
    listed = [*words[kind], *words.get(f"{kind} en", [])]
    han = tuple(sorted((fold(word) for word in listed if has_han(word)), key=len, reverse=True))
    return han, frozenset(word.strip(".").casefold() for word in listed if not has_han(word))


@lru_cache(maxsize=50_000)
def has_ending(text: str, kind: str) -> bool:
    """Tell whether a text ends as names of a kind of things do: 东山机电有限公司, 甲州大学（机械学院）, Acme GmbH.

    >>> has_ending("甲州大学（机械学院）", "organizations"), has_ending("大学", "organizations")
    (True, False)
    >>> has_ending("Acme GmbH", "organizations"), has_ending("某某国家重点实验室", "platforms")
    (True, True)
    """
    bare = text if _CLOSE_MARKS.isdisjoint(text) else _BRACKETS_AT_END.sub("", text)
    bare = bare.strip() or text
    han, words = _endings(kind)
    if has_han(bare):
        key = fold(bare)
        if not key.endswith(han) or key in han:
            return False
        if len(key) > len(han[0]) + 1:
            return True
        return any(key.endswith(ending) and len(key) > len(ending) + (len(ending) < 2) for ending in han)
    last = [word.strip(".,").casefold() for word in bare.split()]
    if (
        kind in {"organizations", "universities"}
        and len(last) > 1
        and last[0] in words
        and last[1] in {"of", "for", "de", "di", "für"}
    ):
        return True
    return len(last) > 1 and (last[-1] in words or (len(last) > 2 and " ".join(last[-2:]) in words))
