"""Which link of the chain an organization holds, and the platforms that organizations and consortia run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chaingraph.extraction.chinese_names import UNCLEAR
from chaingraph.extraction.lexicon import lexicon
from chaingraph.extraction.mentions import mention
from chaingraph.extraction.signs import pattern
from chaingraph.extraction.topic import is_norm, qualifier_before

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from chaingraph.extraction.mentions import Mention
    from chaingraph.extraction.sentence import Sentence


def read_stages(sentence: Sentence) -> None:
    """Add the roles in stages of a sentence."""
    words = lexicon(sentence.language)["stage_words"]
    spans: list[tuple[int, int]] = []
    for reason, rule, match in sentence.rules("stages"):
        is_elsewhere = rule.get("brackets", False) != sentence.is_whole
        if is_elsewhere or (rule.get("needs") == "chain" and not _speaks_of_a_chain(sentence, rule)):
            continue
        if any(match.start() < end and start < match.end() for start, end in spans):
            continue
        if "behind" in rule and re.search(rule["behind"], sentence.text[: match.start()]) is None:
            continue
        stage, words_of_stage = _stage_name(sentence, match)
        holders = [
            one
            for one in sentence.mentions(match, "organization")
            if one.kind == "organization" and one.code != UNCLEAR
        ]
        if not holders or not stage or re.search(words["not"], stage) or sentence.modality(match) == "denied":
            continue
        spans.append(match.span())
        segment = words["segments"].get((match.groupdict().get("segment") or "").casefold())
        first = re.match(words["first"], words_of_stage)
        if first is not None and len(first[0]) < len(words_of_stage):
            segment = segment or words["segments"].get(first["segment"].casefold())
            words_of_stage = words_of_stage[first.end() :]
        for one, name in _pairs(holders, words_of_stage, match[0], words):
            sentence.organization(one)
            place = sentence.place(match.start(), match.end())
            sentence.facts.row("stage_roles", place, reason, 0.6, stage=name, segment=segment, organization=one.name)


def _speaks_of_a_chain(sentence: Sentence, rule: Mapping[str, Any]) -> bool:
    """Tell whether a paragraph speaks of a chain, or a sentence shares out the work: A负责甲，B负责乙."""
    if re.search(lexicon(sentence.language)["stage_words"]["chain"], sentence.source):
        return True
    if not rule.get("parallel"):
        return False
    also = pattern(rule.get("also", "(?!)"), sentence.language).search(sentence.text) is not None
    return also or len(list(pattern(rule["pattern"], sentence.language).finditer(sentence.text))) > 1


def _pairs(holders: list[Mention], stage: str, text: str, words: Mapping[str, Any]) -> list[tuple[Mention, str]]:
    """Pair organizations with stages: in their order where the text says so and there are as many of each."""
    stages = [part for part in re.split(words["list"], stage) if part]
    if re.search(words["respectively"], text):
        return list(zip(holders, stages, strict=True)) if len(stages) == len(holders) else []
    return [(one, stage) for one in holders]


def _stage_name(sentence: Sentence, match: re.Match[str]) -> tuple[str, str]:
    """Return the name of a stage as it is compared, and as the document writes it."""
    start, end = sentence.signs.span(match.start("stage"), match.end("stage"))
    whole = sentence.passage.text[start:end]
    text = whole.strip()
    for word in lexicon(sentence.language)["stage_words"]["cut"]:
        text = re.sub(word, "", text).strip()
    start += whole.find(text)
    return text, sentence.original(start, start + len(text))


def read_platforms(sentence: Sentence) -> None:
    """Add the platforms of a sentence with their hosts."""
    if is_norm(sentence.text, sentence.language):
        return
    for reason, _, match in sentence.rules("hosts"):
        hosts = [one for group in ("host", "host2") for one in sentence.mentions(match, group)]
        hosts = [one for one in hosts if one.kind == "organization" and one.code != UNCLEAR]
        consortia = sentence.mentions(match, "consortium")
        body = consortia[0] if consortia else None
        if body is not None and body.is_generic:
            body = sentence.topic.consortium
        status = sentence.modality(match)
        if status == "denied":
            continue
        if match.groupdict().get("company"):
            hosts = _company(sentence)
        if "both" in match.groupdict():
            hosts = list(sentence.topic.hosts)
        elif hosts:
            sentence.topic.hosts = tuple(hosts)
        for one in sentence.mentions(match, "platform"):
            for host in hosts if not match.groupdict().get("company") else ():
                sentence.organization(host)
            _add_platform(sentence, one, hosts, body, status, reason, match)
    _read_programmes_of_platforms(sentence)


def _company(sentence: Sentence) -> list[Mention]:
    """Return the company that 公司 or the company stands for."""
    name = sentence.topic.company or sentence.topic.firm
    return [] if name is None else [mention("organization", 0, 0, name, "enterprise")]


def _read_programmes_of_platforms(sentence: Sentence) -> None:
    """Add the programmes under which a sentence says that platforms were approved."""
    for reason, _, match in sentence.rules("programmes_of_platforms"):
        status = sentence.modality(match)
        for platform in sentence.mentions(match, "platform"):
            for one in sentence.mentions(match, "programme"):
                sentence.facts.thing("programmes", one.name, sentence.mention_place(one), reason, 0.6)
                where = sentence.mention_place(platform)
                if status is None:
                    sentence.facts.thing("platforms", platform.name, where, reason, 0.6, programme=one.name)
                    continue
                claim = {"property": "programme", "value": one.name, "status": status}
                sentence.claim(where, reason, table="platforms", subject=platform.name, **claim)


def _add_platform(
    sentence: Sentence,
    one: Mention,
    hosts: list[Mention],
    body: Mention | None,
    status: str | None,
    reason: str,
    match: re.Match[str],
) -> None:
    since = None if status == "planned" else _since(sentence, match)
    sentence.topic.platform = one.name
    sentence.facts.thing(
        "platforms",
        one.name,
        sentence.mention_place(one),
        reason,
        0.7,
        level=level_of(one.name, sentence.language),
        host=";".join(host.name for host in hosts) or None,
        consortium=body.name if body is not None and not body.is_generic else None,
        since=since,
        status="planned" if status == "planned" else None,
    )


def read_host_in_brackets(sentence: Sentence, platform: Mention) -> None:
    """Add the host that a bracket behind a platform names: （依托单位：A）."""
    words = lexicon(sentence.language)["bracket_roles"]["host"]
    for match in pattern(words, sentence.language).finditer(sentence.text):
        hosts = [one for one in sentence.mentions(match, "organization") if one.kind == "organization"]
        for host in hosts:
            sentence.organization(host)
        if hosts:
            _add_platform(sentence, platform, hosts, None, None, f"bracket {sentence.language}", match)


def read_plans(sentence: Sentence) -> None:
    """Add claims about the opening and the cost of a platform that is planned."""
    names = [one.name for one in sentence.signs.by_place.values() if one.kind == "platform"]
    generic = re.search(lexicon(sentence.language)["topics"]["platform"], sentence.text)
    words = lexicon(sentence.language)["stage_words"]
    if re.search(words["other_platform"], sentence.text) is not None:
        generic = None
    if not names and generic is not None and sentence.topic.platform is not None:
        platforms = [name for table, name in sentence.facts.things if table == "platforms"]
        kind = re.search(words["kind_of_platform"], sentence.text)
        of_kind = [name for name in platforms if kind is not None and name.endswith(kind[0])]
        names = [of_kind[-1] if of_kind else sentence.topic.platform]
    thing = sentence.facts.things.get(("platforms", names[-1])) if names else None
    if thing is None:
        return
    for reason, rule, match in sentence.rules("plans"):
        if thing.cells.get("status") != "planned" and sentence.modality(match) != "planned":
            continue
        one = sentence.mentions(match, "value")[0]
        value = one.name if one.kind == "date" else sentence.original(one.start, one.end)
        qualifier = qualifier_before(sentence.text[: match.start("value")], sentence.language)
        sentence.claim(
            sentence.place(match.start(), match.end()),
            reason,
            table="platforms",
            subject=names[-1],
            property=rule["property"],
            value=value,
            qualifier=qualifier,
            status="planned",
        )


def _since(sentence: Sentence, match: re.Match[str]) -> str | None:
    """Return the date of opening that stands in the clauses around a match."""
    word = re.compile(lexicon(sentence.language)["stage_words"]["opening"])
    tail = sentence.text[match.end() : match.end() + 30]
    date = next((one for one in sentence.signs.mentions(match.start(), match.end() + 30) if one.kind == "date"), None)
    return date.name if date is not None and word.search(tail + match[0]) else None


def level_of(name: str, language: str) -> str | None:
    """Return the level that a name says: 国家…, 江苏省…, 无锡市….

    >>> level_of("江苏省电子化学品工程技术研究中心", "zh"), level_of("固态钠电中试平台", "zh")
    ('provincial', None)
    """
    data = lexicon(language)
    for level, words in data["levels"].items():
        if any(re.match(word, name) for word in words):
            is_official = level == "national" or re.search(data["official"], name) is not None
            return str(level) if is_official else None
    return None
