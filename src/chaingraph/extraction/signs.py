"""A sentence in signs: each mention becomes one character, so that a pattern can speak of organizations and lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from chaingraph.extraction.lexicon import alternatives, lexicon
from chaingraph.extraction.mentions import KINDS
from chaingraph.rosters.folding import spellings
from chaingraph.rosters.places import province_of_city, provinces
from chaingraph.vocabulary import code_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chaingraph.extraction.mentions import Mention

_FIRST, _BLOCK = 0xE000, 0x200
_LETTERS = dict(zip("OCPJGDMK", KINDS, strict=True))
_CLASSES = {
    letter: f"\\u{_FIRST + place * _BLOCK:04x}-\\u{_FIRST + (place + 1) * _BLOCK - 1:04x}"
    for place, letter in enumerate(_LETTERS)
}
_THINGS = "".join(_CLASSES[letter] for letter in "OCPJGK")
_MACRO = re.compile(r"<([A-Z]+)>")
_BRACKET = re.compile(r"[（(]([^（）()]*)[）)]")


@dataclass(frozen=True)
class Signs:
    """A sentence in which mentions are single characters.

    ``places`` has the place of each character in the passage, and that after the last. ``mentions`` are in the order
    of their signs in the text.
    """

    text: str
    places: tuple[int, ...]
    by_place: dict[int, Mention]

    def mentions(self, start: int, end: int) -> list[Mention]:
        """Return the mentions between two characters of the text."""
        return [self.by_place[place] for place in range(start, end) if place in self.by_place]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where characters of the text stand in the passage."""
        last = self.by_place.get(end - 1)
        first = self.by_place.get(start)
        return (
            self.places[start] if first is None else first.name_start,
            self.places[end - 1] + 1 if last is None else last.name_end,
        )

    def without_brackets(self) -> tuple[Signs, list[tuple[int, Signs]]]:
        """Return the sentence without what stands in brackets, and each bracket's text with its place before it."""
        keep: list[int] = []
        brackets: list[tuple[int, Signs]] = []
        end = 0
        for match in _BRACKET.finditer(self.text):
            is_between_words = self.text[match.start() - 1 : match.start()] == " "
            keep += range(end, match.start() - is_between_words)
            end = match.end()
            brackets.append((match.start(), self.selection(range(match.start(1), match.end(1)))))
        keep += range(end, len(self.text))
        return self.selection(keep), brackets

    def with_blank(self, start: int, end: int) -> Signs:
        """Return the sentence with some characters blanked, which count for nothing where words are looked for."""
        return Signs(f"{self.text[:start]}{' ' * (end - start)}{self.text[end:]}", self.places, self.by_place)

    def selection(self, characters: Iterable[int]) -> Signs:
        """Return the sentence of some of its characters."""
        indices = list(characters)
        last = self.places[indices[-1] + 1] if indices else self.places[-1]
        return Signs(
            "".join(self.text[at] for at in indices),
            (*(self.places[at] for at in indices), last),
            {new: self.by_place[old] for new, old in enumerate(indices) if old in self.by_place},
        )


def signs(text: str, start: int, end: int, mentions: Sequence[Mention]) -> Signs:
    """Return a part of a passage in signs."""
    letters, places, by_place = [], [], {}
    at = start
    for number, one in enumerate(each for each in mentions if start <= each.start and each.end <= end):
        for place in range(at, one.start):
            letters.append(text[place])
            places.append(place)
        by_place[len(letters)] = one
        letters.append(chr(_FIRST + KINDS.index(one.kind) * _BLOCK + number % _BLOCK))
        places.append(one.start)
        at = one.end
    for place in range(at, end):
        letters.append(text[place])
        places.append(place)
    return Signs("".join(letters), (*places, end), by_place)


@lru_cache(maxsize=1000)
def pattern(text: str, language: str) -> re.Pattern[str]:
    """Return a pattern of the lexicon with its macros: <O> an organization, <OL> a list, <ROLE> a word for a role.

    In a class of characters, ``<~>`` at its end stands for all mentions: ``[^，<~>]`` is neither a comma nor a mention.
    """
    no_mention = text.replace("<~>]", f"{''.join(_CLASSES.values())}]")
    return re.compile(_MACRO.sub(lambda match: _macro(match[1], language), no_mention))


def _macro(name: str, language: str) -> str:
    if name in _LETTERS:
        return f"[{_CLASSES[name]}]"
    if name == "ROLE":
        return f"(?:{_roles(language)})"
    if name == "PLACE":
        return _places() if language == "zh" else f"(?:{lexicon(language)['places']})"
    if name == "TITLE":
        return _titles(language)
    if name == "TITLES":
        return f"{_titles(language)}(?:(?:{lexicon(language)['titles']['between']}){_titles(language)})*"
    if name == "ANY":
        return f"[{''.join(_CLASSES.values())}]"
    if name == "GAP":
        others = "".join(letters for letter, letters in _CLASSES.items() if letter != "K")
        return f"[^，。；、：,.;:{others}]{{0,16}}?"
    if name == "OTHERS":
        return str(lexicon(language)["lists"]["others"])
    if name == "X":
        return f"[{_THINGS}]"
    letters = {"M": _CLASSES["O"] + _CLASSES["P"], "X": _THINGS}.get(name[0], _CLASSES.get(name[0], ""))
    one = f"[{letters}]"
    return f"(?:{one}(?:{lexicon(language)['lists']['between']}{one})*)"


@lru_cache(maxsize=1)
def _places() -> str:
    cities = province_of_city()
    return f"(?:{alternatives([*provinces(), *cities, *(f'{city}市' for city in cities)])})"


@lru_cache(maxsize=2)
def _titles(language: str) -> str:
    """Return the pattern of the words of a title or an award: up to one of its last words."""
    endings = alternatives(lexicon(language)["titles"]["endings"])
    return f"(?:[^，。；：、,;:{_CLASSES['O']}]{{0,40}}?(?:{endings})(?:{lexicon(language)['titles']['behind']})*)"


@lru_cache(maxsize=2)
def _roles(language: str) -> str:
    if language == "en":
        return alternatives(lexicon("en")["roles"])
    words = {*code_list("role").spellings, *(word for words in spellings()["codes"]["role"].values() for word in words)}
    words |= set(lexicon("zh")["roles"])
    endings = ("单位", "企业", "高校", "院所", "方", "机构", "成员", "盟主", "链主", "主体")
    vague = set(lexicon("zh")["vague_roles"])
    return alternatives(word for word in words - vague if word.endswith(endings) and len(word) > 1)
