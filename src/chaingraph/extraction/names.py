"""All names of a document: those its passages spell out, the short forms that it defines, and those it uses."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from chaingraph.extraction.chinese_names import chinese_names, is_kind
from chaingraph.extraction.english_names import english_names, english_short_forms
from chaingraph.extraction.lexicon import alternatives, lexicon
from chaingraph.extraction.mentions import Aliases, Mention, without_overlap
from chaingraph.rosters.places import province_of_city, provinces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chaingraph.extraction.passages import Passage

_QUOTES = re.compile(r"[“\"]([^“”\"]{1,30})[”\"]")
_LEAST_SHORT, _LEAST_WITH_PLACE, _LONGEST_SHORT = 3, 4, 5
_SEPARATORS = re.compile(r"[、/，或和]+|\s+or\s+|,\s*")


def spelled_out(text: str, language: str) -> list[Mention]:
    """Return the names that a passage spells out."""
    mentions = without_overlap(chinese_names(text) if language == "zh" else english_names(text))
    if language == "zh" and re.search(lexicon("zh")["aliases"]["tenders"], text):
        # 中标联合体 is a group of bidders.
        return [one for one in mentions if one.kind != "consortium" or "创新" in text[one.start : one.end]]
    return mentions


def aliases(
    passages: Sequence[Passage], mentions: Sequence[list[Mention]], language: str, others: Sequence[Mention] = ()
) -> Aliases:
    """Return the other names of what a document names: those in brackets, and short forms that it uses.

    Args:
        passages: The paragraphs.
        mentions: What each of them spells out.
        language: That of the document.
        others: What the document names elsewhere, in its tables.
    """
    by_name, in_brackets = _in_brackets(passages, mentions, language)
    full = {one.name: one for passage_mentions in mentions for one in passage_mentions if not one.is_generic}
    for one in others:
        full.setdefault(one.name, one)
    if language == "en":
        # FLEXWEAVE is told from other words in capital letters only where something calls it a consortium.
        by_name |= {name: one for name, one in full.items() if one.kind == "consortium" and " " not in name}
    text = "\n".join(passage.text for passage in passages)
    forms = {name: short_forms(one, language) for name, one in full.items()}
    holders = Counter(short for shorts in forms.values() for short in shorts)
    for name, one in sorted(full.items(), key=lambda item: -len(item[0])):
        for short in forms[name]:
            if holders[short] == 1 and short not in full and short not in by_name and short in text:
                by_name[short] = one
    _abbreviate(full, by_name, text)
    for name, one in full.items():
        longer = [other for other in full.values() if name in forms[other.name] and other.kind == one.kind]
        if len(longer) == 1:
            by_name.setdefault(name, longer[0])
    _contract(full, by_name)
    for short, long in lexicon(language)["aliases"]["companies"]:
        if long in by_name and short in text:
            by_name.setdefault(short, by_name[long])
    return Aliases(by_name, in_brackets)


def _abbreviate(full: dict[str, Mention], by_name: dict[str, Mention], text: str) -> None:
    """Take the brand of a firm with some later characters of its name in their order, 澜泊材科, for the firm."""
    brands: dict[str, list[Mention]] = {}
    for one in full.values():
        bare = _name_parts()[1].sub("", one.name)
        is_whole = one.kind == "organization" and one.code in ("enterprise", "university", "institute")
        if is_whole and len(bare) > _LEAST_WITH_PLACE and not bare.isascii() and not is_kind(bare[:2]):
            brands.setdefault(bare[:2], []).append(one)
    for brand, holders in brands.items():
        if len(holders) > 1:
            continue
        for match in re.finditer(re.escape(brand), text):
            short = _subsequence(_name_parts()[1].sub("", holders[0].name), text, match.start())
            if len(short) >= _LEAST_SHORT and short not in holders[0].name and short not in full:
                by_name.setdefault(short, holders[0])


def _subsequence(name: str, text: str, start: int) -> str:
    """Return the characters of a text from a place on that stand in a name in the same order, at most five.

    >>> _subsequence("澜泊新材料有限公司", "由澜泊材公牵头", 1)
    '澜泊材公'
    """
    at = 0
    for place in range(start, min(len(text), start + _LONGEST_SHORT)):
        index = name.find(text[place], at)
        if index < 0 or (place < start + 2 and index != at):
            return text[start:place]
        at = index + 1
    return text[start : start + _LONGEST_SHORT]


def _in_brackets(
    passages: Sequence[Passage], mentions: Sequence[list[Mention]], language: str
) -> tuple[dict[str, Mention], dict[str, list[str]]]:
    """Return what other names stand for, and those of each name in their order."""
    by_name: dict[str, Mention] = {}
    in_brackets: dict[str, list[str]] = {}
    for passage, passage_mentions in zip(passages, mentions, strict=True):
        for one in passage_mentions:
            if one.is_generic or one.kind not in ("organization", "consortium", "platform"):
                continue
            for alias in _bracket_names(passage.text, one, language):
                by_name.setdefault(alias, one)
                if alias not in in_brackets.setdefault(one.name, []):
                    in_brackets[one.name].append(alias)
    for passage, passage_mentions in zip(passages, mentions, strict=True):
        party = re.match(r"([甲乙丙丁戊己庚]方)：", passage.text)
        if (
            party is not None
            and passage_mentions
            and passage_mentions[0].kind == "organization"
            and passage_mentions[0].start == party.end()
        ):
            by_name.setdefault(party[1], passage_mentions[0])
    return by_name, in_brackets


def _contract(full: dict[str, Mention], by_name: dict[str, Mention]) -> None:
    """Take a shorter name of a consortium, 膜联合体, for the one longer name that holds its words."""
    consortia = [one for one in full.values() if one.kind == "consortium"]
    for one in consortia:
        stem = re.sub(r"(?:产业)?(?:技术)?创新联合体$|联合体$|联盟$", "", one.name)
        longer = [other for other in consortia if len(other.name) > len(one.name) and stem and stem in other.name]
        if len(longer) == 1 and one.name not in by_name and longer[0].code == one.code:
            by_name[one.name] = longer[0]


def _bracket_names(text: str, one: Mention, language: str) -> list[str]:
    match = re.compile(lexicon(language)["aliases"]["pattern"]).match(text, one.end)
    if match is None:
        return []
    names = _QUOTES.findall(match["names"]) or _SEPARATORS.split(match["names"])
    return [re.sub(r"^(?:the|The)\s+", "", name).strip(' “”"') for name in names if name.strip(' “”"')]


def bracket_end(text: str, one: Mention, language: str) -> int:
    """Return where the bracket with the other names of a mention ends, or the mention if it has none."""
    match = re.compile(lexicon(language)["aliases"]["pattern"]).match(text, one.end)
    return one.end if match is None else match.end()


def short_forms(one: Mention, language: str) -> list[str]:
    """Return the forms in which a document may shorten a name, the longest first.

    >>> from chaingraph.extraction.mentions import mention
    >>> short_forms(mention("organization", 0, 0, "滁州澜泊新材料有限公司", "enterprise"), "zh")[:3]
    ['滁州澜泊新材料', '滁州澜泊新材', '滁州澜泊新']
    """
    if one.kind != "organization":
        return []
    if language == "en" or one.name.isascii():
        return english_short_forms(one.name)
    ending, places = _name_parts()
    core = ending.sub("", one.name)
    bare = places.sub("", core)
    forms = [core[:length] for length in range(len(core), _LEAST_WITH_PLACE - 1, -1) if core != bare]
    forms += [bare[:length] for length in range(len(bare), _LEAST_SHORT - 1, -1)]
    if one.code == "university" and one.name[:2] in ("国立", "私立"):
        forms = [one.name[2:], *forms]
    if one.code != "enterprise":
        forms = [form for form in forms if len(form) >= _LEAST_WITH_PLACE]
    return [
        form for form in dict.fromkeys(forms) if form != one.name and not places.fullmatch(form) and not is_kind(form)
    ]


@cache
def _name_parts() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of the legal form at the end of a name, and of the places at its beginning."""
    endings = alternatives(word for words in lexicon("zh")["organizations"].values() for word in words)
    places = alternatives([*provinces(), *province_of_city(), *(f"{city}市" for city in province_of_city())])
    return re.compile(rf"(?:{endings})$"), re.compile(rf"^(?:{places})+(?:省|市|自治区)?")
