"""The projects of a document: programme, level, time, budget, and who takes part in which role."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chaingraph.extraction.chinese_names import UNCLEAR
from chaingraph.extraction.lexicon import lexicon
from chaingraph.extraction.signs import pattern
from chaingraph.extraction.stages import level_of
from chaingraph.extraction.time_mentions import period

if TYPE_CHECKING:
    from chaingraph.extraction.mentions import Mention
    from chaingraph.extraction.sentence import Sentence


def read_projects(sentence: Sentence) -> None:
    """Add the projects of a sentence, and what it says of the project that is spoken of."""
    projects = [(place, one) for place, one in sorted(sentence.signs.by_place.items()) if one.kind == "project"]
    ends = [*(place for place, _ in projects[1:]), len(sentence.text)][: len(projects)]
    for (place, one), end in zip(projects, ends, strict=True):
        start = max((sentence.text.rfind(mark, 0, place) for mark in "；。;"), default=-1) + 1
        _add_project(sentence, one, start, place, _part_end(sentence.text, place, end))
        if sentence.topic.project == one.name:
            clause = max(sentence.text.rfind(mark, 0, place) for mark in "，；。：,;") + 1
            _read_part(sentence, one.name, clause, _part_end(sentence.text, place, end))
    generic = re.search(lexicon(sentence.language)["topics"]["project"], sentence.text)
    project = sentence.topic.project
    words = lexicon(sentence.language)["topics"]["consortium"]
    is_body = sentence.topic.consortium is None and re.search(words, sentence.text) is not None
    is_body = is_body or sentence.topic.speaks_on_of_project(sentence.signs)
    if not projects and project is not None and (generic or is_body) and not sentence.is_bracket:
        _read_part(sentence, project, generic.start() if generic and not is_body else 0, len(sentence.text))


def _part_end(text: str, start: int, end: int) -> int:
    """Return where the words about one project end: at the next one, or where its clause of several ends."""
    stop = text.find("；", start, end)
    return stop if stop >= 0 else end


def _add_project(sentence: Sentence, one: Mention, start: int, place: int, end: int) -> None:
    programme = next((g for g in reversed(sentence.signs.mentions(start, place)) if g.kind == "programme"), None)
    if programme is None:
        programme = next((g for g in sentence.signs.mentions(place, end) if g.kind == "programme"), None)
    body = sentence.topic.consortium
    if _is_refused(sentence, place):
        sentence.claim(
            sentence.mention_place(one),
            f"projects {sentence.language}",
            table="projects",
            subject=one.name,
            property="programme" if sentence.topic.programme else "status",
            value=sentence.topic.programme or "active",
            status="denied",
        )
        return
    sentence.topic.project = one.name
    sentence.facts.thing(
        "projects",
        one.name,
        sentence.mention_place(one),
        f"projects {sentence.language}",
        0.7,
        programme=programme.name if programme is not None else None,
        level=level_of(programme.name, sentence.language) if programme is not None else None,
        consortium=body.name if body is not None else None,
    )
    if programme is not None:
        sentence.facts.thing(
            "programmes", programme.name, sentence.mention_place(programme), f"projects {sentence.language}", 0.6
        )


def _is_refused(sentence: Sentence, place: int) -> bool:
    """Tell whether a sentence, or in Chinese the words behind a project in its clause, say that it was not approved."""
    if sentence.language == "en":
        return re.search("|".join(lexicon("en")["modality"]["denied"]), sentence.text) is not None
    return re.match(lexicon("zh")["projects"]["refused"], sentence.text[place + 1 :]) is not None


def _read_part(sentence: Sentence, project: str, start: int, end: int) -> None:
    words = lexicon(sentence.language)["projects"]
    text = sentence.text[start:end]
    _read_money(sentence, project, start, end)
    days = [one for one in sentence.signs.mentions(start, end) if one.kind == "date"]
    first, last = period(sentence.passage.text, days)
    sentence.facts.complete("projects", project, start=first, end=last)
    for name, role in (
        ("lead", "coordinator"),
        ("partners", "participant"),
        ("partner_words", "participant"),
        ("lead_words", "coordinator"),
    ):
        for match in pattern(words[name], sentence.language).finditer(text):
            for group in ("organization", "organization2", "organization3", "organization4"):
                for one in _mentions(sentence, match, group, start):
                    _participate(sentence, project, one, role, name)


def _participate(sentence: Sentence, project: str, one: Mention, role: str, rule: str) -> None:
    if one.kind != "organization" or one.code == UNCLEAR:
        return
    old = [row for row in sentence.facts.rows if row.table == "participations"]
    if any(row.cells["project"] == project and row.cells["organization"] == one.name for row in old):
        return
    sentence.organization(one)
    place = sentence.mention_place(one)
    sentence.facts.row(
        "participations", place, f"projects {rule}", 0.7, project=project, organization=one.name, role=role
    )


def _read_money(sentence: Sentence, project: str, start: int, end: int) -> None:
    words = lexicon(sentence.language)["projects"]
    text = sentence.text[start:end]
    public: list[int] = []
    for match in pattern(words["funding"], sentence.language).finditer(text):
        one = _mentions(sentence, match, "money", start)[0]
        public.append(one.start)
        sentence.claim(
            sentence.place(start + match.start("words"), start + match.end("words")),
            "projects funding",
            table="projects",
            subject=project,
            property="public_funding",
            value=sentence.original(one.start, one.end),
            status="stated",
        )
    for match in pattern(words["budget"], sentence.language).finditer(text):
        one = next(iter(_mentions(sentence, match, "money", start) or _mentions(sentence, match, "money2", start)))
        if one.start not in public:
            sentence.facts.complete("projects", project, budget=_number(one.name), currency=one.code)


def _mentions(sentence: Sentence, match: re.Match[str], group: str, shift: int) -> list[Mention]:
    """Return the mentions in a group of a match in a part of a sentence; none where the pattern has no such group."""
    if match.re.groupindex.get(group) is None or match[group] is None:
        return []
    return sentence.signs.mentions(shift + match.start(group), shift + match.end(group))


def _number(text: str) -> int | float:
    value = float(text)
    return int(value) if value.is_integer() else value
