"""The consortia and programmes of a document: when founded, whether planned or ended, where, under which programme."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chaingraph.extraction.lexicon import lexicon
from chaingraph.extraction.signs import pattern
from chaingraph.extraction.topic import is_norm, modality, qualifier_before

if TYPE_CHECKING:
    from chaingraph.extraction.mentions import Mention
    from chaingraph.extraction.sentence import Sentence


def read_consortia(sentence: Sentence) -> None:
    """Add the consortia that a sentence names, with what it says of them."""
    for one in sentence.signs.by_place.values():
        if one.kind == "consortium" and not one.is_generic:
            _add(sentence, one)
    _read_founding(sentence)
    for _, rule, match in sentence.rules("states"):
        for one in (*sentence.mentions(match, "consortium"), *sentence.mentions(match, "consortium2")):
            if one.name and sentence.modality(match) != "denied":
                sentence.facts.correct("consortia", one.name, status=rule["status"])
    _read_grants(sentence)
    _read_amounts(sentence)


def _read_grants(sentence: Sentence) -> None:
    """Add the programmes from which a sentence says that a consortium is funded."""
    bodies = [one for one in sentence.signs.by_place.values() if one.kind == "consortium"]
    for reason, _, match in sentence.rules("grants"):
        body = bodies[0] if bodies else None
        if body is not None and not body.name:
            body = sentence.topic.consortium
        if body is None or any(each.kind == "project" for each in sentence.signs.by_place.values()):
            continue
        for one in sentence.mentions(match, "programme"):
            sentence.facts.thing("programmes", one.name, sentence.mention_place(one), reason, 0.6)
            if sentence.modality(match) != "denied":
                sentence.facts.complete("consortia", body.name, programme=one.name)
                continue
            place = sentence.place(match.start(), match.end())
            claim = {"property": "programme", "value": one.name, "status": "denied"}
            sentence.claim(place, reason, table="consortia", subject=body.name, **claim)


def _read_amounts(sentence: Sentence) -> None:
    """Add claims about the budget of a consortium, what it was awarded, what its members pay, and how long it runs."""
    is_title = sentence.passage.offsets[0] == 0 and sentence.text.strip()[-1] not in ".!?。！？；;"
    if is_title or is_norm(sentence.text, sentence.language):
        return
    for reason, rule, match in sentence.rules("body_amounts"):
        if rule.get("needs") == "C" and not _speaks_of_one(sentence):
            continue
        bodies = [one for one in sentence.mentions(match, "consortium") if one.kind == "consortium"]
        body = bodies[0] if bodies else sentence.topic.consortium_at(sentence.signs, match.start())
        if body is not None and body.is_generic:
            body = sentence.topic.consortium
        if body is None or not body.name:
            continue
        status = sentence.modality(match)
        for one in sentence.mentions(match, "value"):
            if one.kind not in ("money", "date"):
                continue
            name = rule["property"]
            for member in sentence.mentions(match, "organization"):
                sentence.organization(member)
                name = f"{rule['property']} of {member.name}"
            sentence.claim(
                sentence.place(match.start(), match.end()),
                reason,
                table="consortia",
                subject=body.name,
                property=name,
                value=one.name if one.kind == "date" else sentence.original(one.start, one.end),
                qualifier=qualifier_before(sentence.text[: match.start("value")], sentence.language),
                status=status or "stated",
            )


def read_registrations(sentence: Sentence) -> None:
    """Add claims about the registration of a consortium with an office: applied for, or not granted."""
    body = sentence.topic.consortium
    for reason, rule, match in sentence.rules("registrations"):
        offices = [one for one in sentence.mentions(match, "authority") if one.code == "government"]
        consortia = [one for one in sentence.signs.by_place.values() if one.kind == "consortium"]
        if body is None or not body.name or not consortia:
            continue
        if offices:
            sentence.topic.office = offices[0].name
        value = f"{sentence.topic.office or ''}{match['kind']}"
        place = sentence.place(match.start(), match.end())
        claim = {"property": "registration", "value": value, "status": rule["status"]}
        sentence.claim(place, reason, table="consortia", subject=body.name, **claim)


def _speaks_of_one(sentence: Sentence) -> bool:
    """Tell whether a sentence names a consortium, or speaks of the one that was named before."""
    return any(one.kind == "consortium" for one in sentence.signs.by_place.values())


def _add(sentence: Sentence, one: Mention) -> None:
    programme = sentence.topic.programme
    has_programme = re.search(lexicon(sentence.language)["counts"]["scope"]["programme"], sentence.text) is not None
    sentence.facts.thing(
        "consortia",
        one.name,
        sentence.mention_place(one),
        f"names {sentence.language}",
        0.8,
        body=one.code,
        region=region_of(one.name, sentence.language),
        programme=programme if has_programme else None,
    )
    is_item = re.fullmatch(r"\W*[\w一二三四五六七八九十]{0,3}[.、．)）]?\s*\W?.\W?", sentence.text) is not None
    if is_item and programme is not None:
        status = "planned" if sentence.topic.is_proposal else None
        sentence.facts.complete("consortia", one.name, programme=programme, status=status)


def region_of(name: str, language: str) -> str | None:
    """Return the province or city with which a name begins, as the name writes it.

    >>> region_of("安徽省全固态钠电池创新联合体", "zh"), region_of("龙岩稀土永磁电机创新联合体", "zh")
    ('安徽省', '龙岩')
    """
    from chaingraph.rosters.places import province_of_city, provinces

    if language == "en":
        match = re.search(rf"\b(?:{lexicon('en')['places']})(?: Province| City)?", name)
        return match[0] if match else None
    name = re.sub(r"^\d{4}年度?", "", name)
    places = [*provinces(), *province_of_city(), *(f"{city}市" for city in province_of_city())]
    return max((place for place in places if name.startswith(place)), key=len, default=None)


def _read_founding(sentence: Sentence) -> None:
    for _, _, match in sentence.rules("founding"):
        mentions = sentence.signs.mentions(match.start(), match.end())
        bodies = [one for one in mentions if one.kind == "consortium"]
        days = [one for one in mentions if one.kind == "date"]
        if (
            not bodies
            or not days
            or modality(sentence.signs, match.start(), match.end(), sentence.language) == "denied"
        ):
            continue
        if re.search("|".join(lexicon(sentence.language)["modality"]["planned"]), match[0]):
            continue
        name = bodies[-1].name or (sentence.topic.consortium.name if sentence.topic.consortium else "")
        old = sentence.facts.things.get(("consortia", name))
        if old is not None and len(str(old.cells.get("founded") or "")) < len(days[-1].name):
            sentence.facts.correct("consortia", name, founded=days[-1].name)


def read_refusals(sentence: Sentence) -> None:
    """Add denied claims about the consortia that a sentence, without its brackets, says were not approved."""
    for reason, _, match in sentence.rules("refusals"):
        for group in ("consortium", "consortium2", "consortium3"):
            for one in sentence.mentions(match, group):
                if one.name:
                    programme = sentence.topic.programme
                    sentence.claim(
                        sentence.place(match.start(), match.end()),
                        reason,
                        table="consortia",
                        subject=one.name,
                        property="programme" if programme else "status",
                        value=programme or "active",
                        status="denied",
                    )
                    sentence.facts.correct("consortia", one.name, programme=None)


def find_programme(text: str, language: str) -> tuple[str, int, int] | None:
    """Return the programme of which a text is the list or the notice: its name, and where it stands.

    >>> find_programme("关于湖南省2024年度第一批创新联合体拟备案名单的公示", "zh")
    ('湖南省2024年度第一批创新联合体', 2, 19)
    """
    words = lexicon(language)["programme_lists"]
    for match in pattern(words["pattern"], language).finditer(text):
        is_placed = region_of(match["name"], language) is not None or re.search(r"\d{4}", match["name"]) is not None
        if is_placed or re.search(words["beside"], text):
            return match["name"], match.start("name"), match.end("name")
    return None
