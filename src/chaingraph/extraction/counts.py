"""How many members, platforms, projects ... a document says that there are: number, what is counted, and of what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chaingraph.extraction.chinese_names import UNCLEAR
from chaingraph.extraction.lexicon import lexicon
from chaingraph.extraction.signs import pattern
from chaingraph.extraction.topic import is_norm
from chaingraph.rosters.dates import number_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from chaingraph.extraction.sentence import Sentence

_BODIES = ("consortia", "organizations", "platforms")
_CLAUSE_END = re.compile("[，；。;]|, ")
_SCALES = {"万": 10_000, "亿": 100_000_000, "thousand": 1000, "million": 1_000_000}


def read_counts(sentence: Sentence) -> None:
    """Add the counts of a sentence, each with what it is a count of."""
    words = lexicon(sentence.language)["counts"]
    if is_norm(sentence.text, sentence.language):
        return
    previous = 0
    last: Mapping[str, Any] | None = None
    _read_round(sentence, words)
    pairs = _read_pairs(sentence, words)
    matches = list(pattern(words["number"], sentence.language).finditer(sentence.text))
    matches = [match for match in matches if not any(start <= match.start() < end for start, end in pairs)]
    for number, match in enumerate(matches):
        following = matches[number + 1].start() if number + 1 < len(matches) else len(sentence.text)
        value = _value(match)
        noun = _noun(sentence.text, match, previous, following, words)
        place = re.search(rf"(?P<place>{words['scope']['place']})$", sentence.text[previous : match.start()])
        if noun is None and re.search(words["whole"], sentence.text[previous : match.start()]):
            noun = _earlier_noun(sentence.text[: match.start()], match, words)
        if noun is None and (place or _is_elliptical(sentence, match, previous, words)):
            last = _of_verb(sentence, sentence.text[previous : match.start()], words) or last or sentence.topic.noun
            noun = None if last is None else (last, match.start(), match.end())
        if noun is None:
            noun = _of_list(sentence, match, words)
        previous = match.end()
        if noun is not None:
            last = noun[0]
        if value is None or noun is None or _is_ordinal(sentence.text, match, words):
            continue
        settings, start, end = noun
        sentence.topic.noun = settings
        _add(sentence, match, value, settings, start, end, place["place"] if place else None)


def _value(match: re.Match[str]) -> int | float | None:
    digits = re.sub("[,，]", "", match["number"])
    scale = _SCALES.get((match.groupdict().get("scale") or "").casefold(), 1)
    if re.fullmatch(r"\d+(?:\.\d+)?", digits):
        number = float(digits) * scale
        return int(number) if number.is_integer() else number
    if digits in ("一", "零"):
        return None  # 一家企业 is an article, not a count
    value = number_of(digits)
    if value is None:
        numerals = lexicon("en")["counts"]["numerals"]
        parts = [numerals.get(part) for part in digits.casefold().split("-")]
        value = None if None in parts else sum(parts)
    return None if value is None else value * scale


def _digits(value: float) -> str:
    """Return a number as a claim has it: 50, not 50.0."""
    return str(int(value)) if float(value).is_integer() else str(value)


def _is_ordinal(text: str, match: re.Match[str], words: Mapping[str, Any]) -> bool:
    return re.search(words["no_count_before"], text[: match.start()]) is not None or (
        re.match(words["no_count_after"], text[match.end() :]) is not None
    )


def _noun(
    text: str, match: re.Match[str], previous: int, following: int, words: Mapping[str, Any]
) -> tuple[Mapping[str, Any], int, int] | None:
    """Return what is counted, and where the words that say so begin and end: behind the number, else before it."""
    match_after = re.match(words["behind"], text[match.end() : following])
    after = match_after[0] if match_after else ""
    unit = match.groupdict().get("counter") or ""
    best: tuple[Mapping[str, Any], int, int] | None = None
    nearest = len(after)
    nouns = [noun for noun in words["nouns"] if not unit or unit not in words["bodies"] or noun["counts"] in _BODIES]
    for noun in nouns:
        hit = re.search(noun["pattern"], after)
        if hit and hit.start() < nearest:
            nearest, best = hit.start(), (noun, match.start(), match.end() + hit.end())
    best = best or _noun_before(text, match, previous, nouns, words)
    if best is not None:
        return best
    of_unit = next((noun for noun in words.get("units", ()) if unit in noun["counters"]), None)
    return None if of_unit is None else (of_unit, match.start(), match.end())


def _noun_before(
    text: str, match: re.Match[str], previous: int, nouns: Sequence[Mapping[str, Any]], words: Mapping[str, Any]
) -> tuple[Mapping[str, Any], int, int] | None:
    """Return what is counted where the words for it stand before the number, in its clause or as a label."""
    label = _label(text, match, words)
    for noun in nouns if label is not None else ():
        if label is not None and re.search(noun["pattern"], label[0]):
            return noun, label[1], match.end()
    start = max(previous, *(text.rfind(mark, 0, match.start()) + 1 for mark in words["clause_marks"]))
    before = text[start : match.start()]
    last: tuple[int, Mapping[str, Any], int] | None = None
    for noun in nouns:
        for hit in re.finditer(noun["pattern"], before):
            if last is None or hit.end() > last[0]:
                last = (hit.end(), noun, start + hit.start())
    return None if last is None else (last[1], last[2], match.end())


def _earlier_noun(
    text: str, match: re.Match[str], words: Mapping[str, Any]
) -> tuple[Mapping[str, Any], int, int] | None:
    """Return what is counted where the words for it stand earlier in the sentence: 成员横跨三省，共计19家."""
    hits = [(hit.end(), noun) for noun in words["nouns"] for hit in re.finditer(noun["pattern"], text)]
    return (max(hits, key=lambda hit: hit[0])[1], match.start(), match.end()) if hits else None


def _label(text: str, match: re.Match[str], words: Mapping[str, Any]) -> tuple[str, int] | None:
    """Return the label of a line that is a number behind it, and where it begins: 单位总数：4家, Members: 27."""
    label = re.match(words["label"], text[: match.start()])
    return (label["label"], label.start("label")) if label is not None else None


def _is_elliptical(sentence: Sentence, match: re.Match[str], previous: int, words: Mapping[str, Any]) -> bool:
    """Tell whether a number counts what was counted before: 再支持建设10家, three were selected, 按地区分甲市3家."""
    text = sentence.text
    return (
        re.search(words["ellipsis"], text[previous : match.start()]) is not None
        or re.match(words["ellipsis_behind"], text[match.end() :]) is not None
        or re.search(words["breakdown"], text[: match.start()]) is not None
    )


def _of_list(
    sentence: Sentence, match: re.Match[str], words: Mapping[str, Any]
) -> tuple[Mapping[str, Any], int, int] | None:
    """Return what is counted behind a name: the consortia of which it is one, or in 甲联合体2项 its projects."""
    unit = match.groupdict().get("counter") or ""
    before = sentence.text[: match.start()]
    for rule in words.get("behind_names", ()):
        if unit in rule["counters"] and pattern(rule["pattern"], sentence.language).search(before + match["before"]):
            nouns = [noun for noun in words["nouns"] if noun["counts"] == rule["counts"]]
            noun = next(noun for noun in nouns if noun.get("role") == rule.get("role"))
            return noun, match.start(), match.end()
    return None


def _read_round(sentence: Sentence, words: Mapping[str, Any]) -> None:
    """Add the counts that round words give: 成员过百, 企业上千."""
    for match in pattern(words["round"], sentence.language).finditer(sentence.text):
        noun = next((noun for noun in words["nouns"] if re.search(noun["pattern"], match["noun"])), None)
        value = number_of(f"一{match['value']}")
        scope = None if noun is None else _scope(sentence, match, noun)
        if noun is not None and value is not None and scope is not None:
            cells = {"counts": noun["counts"], "value": value, "qualifier": "more-than", "role": noun.get("role")}
            cells |= {"kind": noun.get("kind"), scope[0]: scope[1]}
            place = sentence.place(match.start(), match.end())
            sentence.facts.row("reported", place, f"counts {sentence.language}", 0.6, **cells)


def _read_pairs(sentence: Sentence, words: Mapping[str, Any]) -> list[tuple[int, int]]:
    """Add the counts of members that a sentence lists in the order of its consortia, and return where they stand."""
    spans: list[tuple[int, int]] = []
    for match in pattern(words["pairing"], sentence.language).finditer(sentence.text):
        lists = pattern("<CL>", sentence.language).finditer(sentence.text[: match.start()])
        bodies = next((names for one in lists if len(names := sentence.mentions(one, 0)) > 1), [])
        numbers = list(re.finditer(r"\d+", match["numbers"]))
        if len(bodies) != len(numbers):
            continue
        spans.append(match.span())
        for body, number in zip(bodies, numbers, strict=True):
            start = match.start("numbers") + number.start()
            sentence.facts.row(
                "reported",
                sentence.place(start, start + len(number[0])),
                f"counts {sentence.language}",
                0.7,
                counts="organizations",
                value=int(number[0]),
                qualifier="exactly",
                role="member",
                consortium=body.name,
            )
    return spans


def _of_verb(sentence: Sentence, text: str, words: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return what is counted where only a verb says so: 再支持建设10家; where a list is spoken of also 核定通过3家."""
    of_list = words["of_list"] if sentence.topic.programme is not None else "(?!)"
    if not re.search(words["of_consortia"], text) and not re.search(of_list, text):
        return None
    nouns: list[Mapping[str, Any]] = words["nouns"]
    return next(noun for noun in nouns if noun["counts"] == "consortia")


def _add(
    sentence: Sentence,
    match: re.Match[str],
    value: float,
    noun: Mapping[str, Any],
    start: int,
    end: int,
    place: str | None,
) -> None:
    words = lexicon(sentence.language)["counts"]
    margins = words["near"]
    before, after = sentence.text[max(0, start - margins[0]) : start], sentence.text[end : end + margins[1]]
    around = before + sentence.text[start:end] + after
    clause = _CLAUSE_END.split(before)[-1] + sentence.text[start:end] + _CLAUSE_END.split(after)[0]
    scope = ("region", place) if place is not None and noun["counts"] == "consortia" else _scope(sentence, match, noun)
    if scope is None:
        return
    sentence.topic.scope = scope
    status = sentence.modality(match)
    if status == "denied":
        table = f"{scope[0]}s" if scope[0] != "consortium" else "consortia"
        subject = {"property": f"number of {noun['counts']}", "value": _digits(value), "status": status}
        sentence.claim(sentence.place(start, end), "counts denied", table=table, subject=scope[1], **subject)
    if status in ("denied", "ended"):
        return
    qualifier, is_cap = _qualifier(match, words)
    if is_cap and scope[0] == "region":
        return
    unit = match.groupdict().get("counter")
    sentence.facts.row(
        "reported",
        sentence.place(start, end),
        f"counts {sentence.language}",
        0.7,
        counts=noun["counts"],
        value=value,
        qualifier=None if is_cap else qualifier,
        unit=unit if noun["counts"] in ("other", "persons") else None,
        kind=noun.get("kind"),
        role=noun.get("role"),
        level_at_least=_level(clause, sentence.language),
        lead=_lead(around, sentence.language),
        status="planned" if status == "planned" else None,
        **{scope[0]: scope[1]},
    )


def _qualifier(match: re.Match[str], words: Mapping[str, Any]) -> tuple[str, bool]:
    text = " ".join(match.groupdict().get(group) or "" for group in ("before", "more", "after")).casefold()
    if any(word in text for word in words["qualifiers"]["none"]):
        return "exactly", True
    for name in ("at-least", "nearly", "about", "more-than"):
        if any(word in text for word in words["qualifiers"][name]):
            return name, False
    return "exactly", False


def _level(text: str, language: str) -> str | None:
    for level, words in lexicon(language)["counts"]["levels"].items():
        if re.search(words, text):
            return str(level)
    return None


def _lead(text: str, language: str) -> str | None:
    for answer, words in lexicon(language)["counts"]["lead"].items():
        if re.search(words, text):
            return str(answer)
    return None


def _scope(sentence: Sentence, match: re.Match[str], noun: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return what a count is a count of: a column of ``reported``, and the name."""
    words = lexicon(sentence.language)["counts"]["scope"]
    before = sentence.text[: match.start()]
    topic = sentence.topic
    region = topic.region if re.search(words["region"], sentence.text) else None
    mentions = [one for one in sentence.signs.mentions(0, match.start()) if one.kind in ("consortium", "organization")]
    body = topic.consortium_at(sentence.signs, match.start())
    is_beside = sentence.signs.by_place.get(match.start() - 1) in mentions and mentions[-1].kind == "consortium"
    is_label = _label(sentence.text, match, lexicon(sentence.language)["counts"]) is not None
    if (is_beside or is_label) and body is not None and body.name and noun["counts"] != "consortia":
        return "consortium", body.name
    if noun["counts"] == "consortia":
        if topic.programme is not None:
            return "programme", topic.programme
        return ("region", topic.region) if topic.region else None
    if topic.programme is not None and re.search(words["programme"], sentence.text):
        return "programme", topic.programme
    if region is not None and not any(one.kind == "consortium" for one in mentions):
        return "region", region
    return _owner(sentence, match, before) or _spoken_of(sentence, before)


def _spoken_of(sentence: Sentence, before: str) -> tuple[str, str] | None:
    """Return what a count belongs to that no word of its sentence names: several consortia, or what is spoken of."""
    topic = sentence.topic
    words = lexicon(sentence.language)["counts"]
    if re.search(words["scope"]["plural"], before):
        if topic.programme is not None:
            return "programme", topic.programme
        if topic.region is not None:
            return "region", topic.region
    has_body = any(one.kind == "consortium" for one in sentence.signs.by_place.values())
    if topic.scope is not None and topic.scope[0] in ("region", "programme") and not has_body:
        return topic.scope
    scopes = (
        ("consortium", topic.consortium.name if topic.consortium else None),
        ("project", topic.project),
        ("organization", topic.company),
        ("programme", topic.programme),
    )
    return next(((name, value) for name, value in scopes if value is not None), None)


def _owner(sentence: Sentence, match: re.Match[str], before: str) -> tuple[str, str] | None:
    """Return the consortium or organization that a count of this sentence belongs to."""
    owners = pattern(lexicon(sentence.language)["counts"]["scope"]["owner"], sentence.language)
    matches = list(owners.finditer(before))
    if matches:
        last = matches[-1]
        one = sentence.signs.mentions(last.start(), last.start() + 1)[0]
        if one.kind == "organization" and one.code != UNCLEAR:
            sentence.organization(one)
            return "organization", one.name
    if re.search(lexicon(sentence.language)["counts"]["scope"]["company"], before):
        firms = [one for one in sentence.signs.mentions(0, match.start()) if one.code == "enterprise"]
        if firms:
            sentence.organization(firms[-1])
            return "organization", firms[-1].name
        company = sentence.topic.company or sentence.topic.firm
        if company is not None:
            return "organization", company
    body = sentence.topic.consortium_at(sentence.signs, match.start())
    inside = any(one.kind == "consortium" for one in sentence.signs.by_place.values())
    return ("consortium", body.name) if body is not None and inside and body.name else None
