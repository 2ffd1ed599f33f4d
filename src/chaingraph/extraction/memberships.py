"""Who leads, joins, hosts the office of, and leaves a consortium."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chaingraph.extraction.chinese_names import UNCLEAR
from chaingraph.extraction.lexicon import lexicon
from chaingraph.extraction.signs import pattern
from chaingraph.rosters.codes import code_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from chaingraph.extraction.mentions import Mention
    from chaingraph.extraction.sentence import Sentence

_RESPECTIVELY = re.compile("分别|依次|respectively")


def read_memberships(sentence: Sentence) -> None:
    """Add the memberships of a sentence, and claims about those that are planned or denied."""
    if _pair_respectively(sentence):
        return
    for reason, rule, match in sentence.rules("rules"):
        if sentence.topic.subject_kind(sentence.signs, match.start()) == "project" or _hosts(sentence, match):
            continue
        members = _members(sentence, rule, match)
        role = _role(rule, match, sentence.language)
        if not members or role is None:
            continue
        body = _body(sentence, rule, match)
        if body is None and not (rule.get("programme") and sentence.topic.programme):
            continue
        for one in members:
            _add(sentence, one, body, role, reason, rule, match)


def _members(sentence: Sentence, rule: Mapping[str, Any], match: re.Match[str]) -> list[Mention]:
    """Return the organizations of a match; names that may be others only where one is sure or the rule says so."""
    members = [one for one in sentence.mentions(match, "organization") if one.kind in ("organization", "platform")]
    members = [one for one in members if one.code != "government"]
    is_sure = rule.get("untyped") or (len(members) > 1 and any(one.code != UNCLEAR for one in members))
    return [one for one in members if is_sure or one.code != UNCLEAR]


def _hosts(sentence: Sentence, match: re.Match[str]) -> bool:
    """Tell whether the words around a match speak of a platform or a part: 由A牵头建设的B实验室, 环节由A领衔."""
    words = lexicon(sentence.language)["memberships"]
    if re.search(words["part_before"], sentence.text[: match.start()]) is not None:
        return True
    following_words = re.compile(words["platform_behind"])
    return pattern(following_words.pattern, sentence.language).match(sentence.text, match.end()) is not None


def _role(rule: Mapping[str, Any], match: re.Match[str], language: str) -> str | None:
    if "role" in rule:
        return str(rule["role"])
    word = match["role"]
    own = lexicon(language).get("role_words", {}).get(word.casefold())
    return own or code_of(word, "role") or code_of(re.sub("^(?:首批|主要|其他|核心|骨干)", "", word), "role")


def _body(sentence: Sentence, rule: Mapping[str, Any], match: re.Match[str]) -> Mention | None:
    consortia = sentence.mentions(match, "consortium")
    if consortia and not consortia[0].is_generic:
        return consortia[0]
    body = sentence.topic.consortium_at(sentence.signs, match.start())
    if rule.get("needs") == "C":
        inside = any(one.kind == "consortium" for one in sentence.signs.by_place.values())
        generic = re.search(lexicon(sentence.language)["topics"]["consortium"], sentence.text) is not None
        if not (inside or generic or (body is not None and rule.get("loose"))):
            return None
    return body


def _add(
    sentence: Sentence,
    one: Mention,
    body: Mention | None,
    role: str,
    reason: str,
    rule: Mapping[str, Any],
    match: re.Match[str],
) -> None:
    status = rule.get("status") or sentence.modality(match)
    place = sentence.mention_place(one) if rule.get("quote") != "match" else sentence.place(match.start(), match.end())
    if body is not None and body.name == one.name:
        return
    sentence.organization(one)
    if rule.get("until") and status in (None, "ended"):
        date = sentence.nearest_date(match.end()) if rule.get("date", True) else None
        if body is not None:
            sentence.facts.row(
                "memberships", place, reason, 0.7, organization=one.name, consortium=body.name, role=role, until=date
            ) if date else sentence.claim(
                place, reason, table="consortia", subject=body.name, property=role, value=one.name, status="ended"
            )
        return
    end = sentence.nearest_date(match.end()) if status == "ended" and rule.get("role") != "lead" else None
    if body is not None and end is not None:
        cells = {"organization": one.name, "consortium": body.name, "role": role, "until": end}
        sentence.facts.row("memberships", place, reason, 0.7, **cells)
        return
    if body is not None and status in ("planned", "denied", "ended"):
        name = "membership_until" if status == "denied" and rule.get("until") else role
        sentence.claim(
            place, reason, table="consortia", subject=body.name, property=name, value=one.name, status=status
        )
        return
    sentence.facts.row(
        "memberships",
        place,
        reason,
        float(rule.get("confidence", 0.8)),
        organization=one.name,
        consortium=body.name if body is not None else None,
        programme=sentence.topic.programme if body is None else None,
        role=role,
        since=sentence.nearest_date(match.start()) if rule.get("since") else None,
    )


def _pair_respectively(sentence: Sentence) -> bool:
    """Pair consortia and organizations that a sentence lists in one order, if there are as many of each."""
    if not _RESPECTIVELY.search(sentence.text):
        return False
    for reason, rule, match in sentence.rules("pairings"):
        consortia = [one for one in sentence.mentions(match, "consortium") if not one.is_generic]
        members = sentence.mentions(match, "organization")
        role = _role(rule, match, sentence.language)
        if len(consortia) < 2 or len(consortia) != len(members) or role is None:
            continue
        for body, one in zip(consortia, members, strict=True):
            sentence.organization(one)
            sentence.facts.row(
                "memberships",
                sentence.mention_place(one),
                reason,
                0.8,
                organization=one.name,
                consortium=body.name,
                role=role,
            )
        return True
    return False
