"""Chinese names by their grammar: an ending, and before it all that no other word of the sentence ends.

The endings and the words between names are data (``ontology/extraction/zh.toml``).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from chaingraph.extraction.lexicon import alternatives, lexicon
from chaingraph.extraction.mentions import Mention, mention
from chaingraph.rosters.places import province_of_city, provinces

if TYPE_CHECKING:
    from collections.abc import Iterator

_RUN = re.compile(r"[\w·\-&+/]+(?:（[^（），。；：]{1,10}）[\w·\-&+]*)*")
_QUOTED = re.compile(r"“([^“”]{2,60})”")
_LONGEST = 45
_TITLE_AFTER = re.compile(
    r"(?:等)?(?:\d+个)?(?:重大|重点|科技|攻关|研发|示范|产业化)*(?:项目|课题)(?!(?:共|合计|总计)?[\d一二三四五六七八九十])"
)
_COUNT_OF_NAMES = re.compile(r"(?:[两二三四五六七八九十]|\d+)(?:个|家|大|所)(?=[\u4e00-\u9fff])")
UNCLEAR = "unclear"
"""The kind of a name that may be one of an organization."""
_IN_BRANDS = ("和", "与", "及", "以", "向")
_JOINERS = ("和", "与", "及")
_WEAK = ("公司", "集团", "厂", "学校", "学院", "平台", "基地", "实验室", "工作站", "中心", "银行")


def chinese_names(text: str) -> list[Mention]:
    """Return the names in a passage; a generic mention of a consortium has no name.

    >>> [(each.kind, each.name) for each in chinese_names("由安徽启衡股份有限公司牵头，联合江淮理工大学组建。")]
    [('organization', '安徽启衡股份有限公司'), ('organization', '江淮理工大学')]
    """
    quoted = [each for match in _QUOTED.finditer(text) if (each := _quoted_name(text, match)) is not None]
    mentions = [*quoted, *_programmes(text), *_partly_quoted(text), *_untyped(text)]
    for run in _RUN.finditer(text):
        for start, end in _segments(text, run.start(), run.end()):
            mentions += _names_of_segment(text, start, end)
            mentions += _clusters(text, start, end)
    return mentions


def _quoted_name(text: str, match: re.Match[str]) -> Mention | None:
    name = match[1]
    if "+" in name or "×" in name:
        return None
    if text[match.end() : match.end() + 6].startswith(("计划", "专项", "工程", "行动", "领雁")):
        return None
    outer = (match.start(), match.end())
    ending = _ending(name)
    if (ending is not None and ending.end() == len(name)) or (
        ending is not None and name[ending.end() :].startswith("（")
    ):
        kind, code = _kinds()[ending[0]]
        if not is_generic(name, ending[0]) or kind == "platform":
            return Mention(kind, *outer, name, match.start(1), match.end(1), code)
    is_title = _TITLE_AFTER.match(text, match.end()) or (
        len(name) > 5 and _undertaking().match(text, match.end()) and re.search("项目|课题|攻关|计划|经费|预算", text)
    )
    if is_title or _programme_ending().search(text[: match.start()]):
        return Mention("project", *outer, name, match.start(1), match.end(1))
    return None


@cache
def _undertaking() -> re.Pattern[str]:
    return re.compile(lexicon("zh")["projects"]["undertaking"])


@cache
def _around_quotes() -> re.Pattern[str]:
    places = alternatives(_places())
    endings = alternatives(ending for ending, (kind, _) in _kinds().items() if kind == "consortium")
    return re.compile(rf"(?:{places})?“[^“”]{{2,40}}”(?P<ending>{endings})")


def _partly_quoted(text: str) -> Iterator[Mention]:
    """Yield consortia of whose names a part stands in quotation marks: 无锡市“金属材料”创新联合体."""
    for match in _around_quotes().finditer(text):
        yield mention("consortium", match.start(), match.end(), match[0], _kinds()[match["ending"]][1])


@cache
def _slots() -> list[re.Pattern[str]]:
    return [re.compile(slot) for slot in lexicon("zh")["untyped"]["slots"]]


def _untyped(text: str) -> Iterator[Mention]:
    """Yield what stands where organizations stand and does not say what it is, 苏大维格; some rules take it for one."""
    if not re.search(lexicon("zh")["untyped"]["needs"], text):
        return
    for slot in _slots():
        for match in slot.finditer(text):
            start = match.start("list")
            for item in re.finditer(r"[^、]+", match["list"]):
                for begin, end in _split_at_joiners(text, start + item.start(), start + item.end()):
                    yield from _untyped_name(text, begin, end)


def _split_at_joiners(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of an item of a list that 和, 与, 及 join."""
    begin = start
    for match in re.finditer("以及|和(?!平|田|县)|与|及", text[start:end]):
        yield begin, start + match.start()
        begin = start + match.end()
    yield begin, end


def _untyped_name(text: str, start: int, end: int) -> Iterator[Mention]:
    segments = _segments(text, start, end)
    if not segments or segments[-1][1] != end:
        return
    begin, stop = segments[-1]
    name = text[begin:stop]
    if (
        not re.fullmatch(r"[\u4e00-\u9fffA-Za-z](?:(?!\d)[\w（）·-]){1,15}", name)
        or name in _places()
        or _ending(name) is not None
    ):
        return
    if _generic_words().fullmatch(name) or re.search(lexicon("zh")["untyped"]["not"], name):
        return
    yield mention("organization", begin, stop, name, UNCLEAR)


@cache
def _programme_ending() -> re.Pattern[str]:
    words = alternatives(lexicon("zh")["programmes"]["endings"])
    return re.compile(rf"(?:{words}|项目|课题)(?:项目|课题|的)?[：:—]?$")


@cache
def _programme() -> re.Pattern[str]:
    strong = alternatives(lexicon("zh")["programmes"]["strong"])
    places = alternatives([*provinces(), *(f"{city}市" for city in province_of_city())])
    return re.compile(
        rf"(?:国家|(?:{places})|省|市)?(?:[\u4e00-\u9fff]{{0,6}}(?:“[^“”]{{2,8}}”){{1,2}}(?:研发攻关)?(?:计划|专项|工程|行动)"
        rf"|(?:科技|关键核心技术|重点领域|产业)?(?:{strong})(?:计划|专项)?)"
    )


def _programmes(text: str) -> Iterator[Mention]:
    for match in _programme().finditer(text):
        yield mention("programme", match.start(), match.end(), match[0])


@cache
def _words() -> re.Pattern[str]:
    words = lexicon("zh")["words"]
    protected = set(words["protected"]) - set(words["stops"])
    tokens = sorted(protected | set(words["stops"]), key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, tokens)))


@cache
def _stops() -> frozenset[str]:
    return frozenset(lexicon("zh")["words"]["stops"])


def _segments(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the parts of a run of characters between the words over which no name goes."""
    parts: list[tuple[int, int]] = []
    begin = start
    for match in _words().finditer(text, start, end):
        if match[0] not in _stops():
            continue
        left = text[begin : match.start()]
        if match[0] in _IN_BRANDS and left in _places() and _ending(text[match.end() : end]) is not None:
            continue  # 江苏 和 瑞科技有限公司
        if match[0] in _JOINERS and len(left) > 2 and _ending(left) is None and _names_a_body(text[match.end() : end]):
            continue  # 钢铁新材料研发 及 产业化应用创新联合体
        if match.start() > begin:
            parts.append((begin, match.start()))
        begin = match.end()
    if end > begin:
        parts.append((begin, end))
    return parts


def _names_a_body(rest: str) -> bool:
    """Tell whether the words up to the next stop name a consortium or a platform."""
    stop = next((match.start() for match in _words().finditer(rest) if match[0] in _stops()), len(rest))
    ending = _ending(rest[:stop])
    return ending is not None and ending.end() == stop and _kinds()[ending[0]][0] in ("consortium", "platform")


@cache
def _places() -> frozenset[str]:
    cities = province_of_city()
    return frozenset([*provinces(), *cities, *(f"{city}市" for city in cities)])


@cache
def _kinds() -> dict[str, tuple[str, str | None]]:
    """Return what each ending is the end of: the kind of thing, and its code."""
    data = lexicon("zh")
    kinds: dict[str, tuple[str, str | None]] = dict.fromkeys(data["platforms"]["endings"], ("platform", None))
    for table, kind in (("organizations", "organization"), ("consortia", "consortium")):
        kinds |= {ending: (kind, code) for code, endings in data[table].items() for ending in endings}
    return kinds


@cache
def _endings() -> re.Pattern[str]:
    return re.compile(alternatives(_kinds()))


def _ending(name: str) -> re.Match[str] | None:
    """Return the last ending of names in a text."""
    last = None
    for match in _endings().finditer(name):
        last = match
    return last


def _end_of_names(text: str, start: int, end: int) -> int:
    """Return where the names of a segment end: before the words that count them, 甲中心、乙中心 两个平台."""
    count = _COUNT_OF_NAMES.search(text, start, end)
    if count is not None and (last := _ending(text[start : count.start()])) and start + last.end() == count.start():
        return count.start()
    return end


def _names_of_segment(text: str, start: int, end: int) -> Iterator[Mention]:
    end = _end_of_names(text, start, end)
    segment = text[start:end]
    ending = _ending(segment)
    if ending is None:
        return
    stop = start + ending.end()
    kind, code = _kinds()[ending[0]]
    bracket = re.match(r"（([\u4e00-\u9fff]{2,6})）", text[stop:])
    if bracket is not None and bracket[1] in _places():
        stop += bracket.end()
    begin = _beginning(text, start, start + ending.start())
    name = text[begin:stop]
    if len(name) > _LONGEST or "+" in name:
        return
    if kind == "consortium" and text[stop : stop + 2] in ("计划", "计画", "专项", "行动"):
        return  # 产业研发联盟计划 is a programme
    if kind == "platform" and re.match("(?:财团|社团)法人", name):
        kind, code = "organization", "institute"
    if kind == "consortium" and is_generic(name, ending[0]):
        if _stands_for_one(text, begin, name, ending[0]):
            at = start + ending.start()
            at -= text[at - 1 : at] in ("该", "本")
            yield mention("consortium", at, stop, "", code)
        return
    is_office = code == "government" and (len(name) > len(ending[0]) or name in lexicon("zh")["words"]["ministries"])
    if (is_generic(name, ending[0]) and not is_office) or (ending[0] in _WEAK and len(name) - len(ending[0]) < 2):
        return
    if code == "other" and ending[0].endswith("中心") and _building().search(text[:begin]):
        kind, code = "platform", None
    yield mention(kind, begin, stop, name, code)


@cache
def _building() -> re.Pattern[str]:
    """Return the pattern of the words for setting up behind which a centre is a platform: 正筹建东海省技术服务中心."""
    return re.compile(lexicon("zh")["platforms"]["building"])


@cache
def _cluster_endings() -> tuple[re.Pattern[str], dict[str, str]]:
    kinds = {ending: code for code, endings in lexicon("zh")["clusters"].items() for ending in endings}
    return re.compile(alternatives(kinds)), kinds


def _clusters(text: str, start: int, end: int) -> Iterator[Mention]:
    """Yield the park, zone or cluster that a segment names: 苏州工业园区, 无锡高新区; 国家级高新区 is a kind."""
    endings, kinds = _cluster_endings()
    matches = list(endings.finditer(text, start, end))
    if not matches:
        return
    match = matches[-1]
    begin = _beginning(text, start, match.start())
    stem = text[begin : match.start()]
    names_a_place = any(place in stem for place in province_of_city())
    if len(stem) < 2 or len(stem) + len(match[0]) > _LONGEST or "+" in stem:
        return
    if names_a_place or _generic_words().fullmatch(stem) is None:
        yield mention("cluster", begin, match.end(), text[begin : match.end()], kinds[match[0]])


def _beginning(text: str, start: int, end: int) -> int:
    """Return where a name begins: behind a numbering, and at its region if what is before cannot belong to it."""
    match = re.match(
        r"(?:[0-9]{4}年度?|[0-9]{1,3}[.、．]|[0-9]{1,3}(?=[\u4e00-\u9fff]{2})(?!\d*(?:纳米|所|院|局|[度年届期级号家]))|[①-⑳]|省内|市内|[子分母]公司(?=[\u4e00-\u9fff]{4}))",
        text[start:end],
    )
    if match is not None:
        start += match.end()
    for at in range(start + 1, end - 1):
        if text[at : at + 2] in _places() and text[start:at] not in lexicon("zh")["words"]["bodies_before"]:
            before = text[start:at]
            if len(before) >= 5 and "（" not in before and not any(place in before for place in _places_in(before)):
                return at
            break
    return start


def _places_in(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1) if text[at : at + 2] in _places()]


@cache
def _generic_words() -> re.Pattern[str]:
    words = lexicon("zh")["words"]
    places = alternatives([*_places(), "自治区"])
    return re.compile(
        rf"(?:{alternatives(words['generic'])}|[{words['numerals']}]+(?:余|多)?[家个项所支批]?|第[一二三四五六七八九十\d]+批"
        rf"|\d{{4}}年度?|{places}|[、和与及以])*"
    )


def is_kind(text: str) -> bool:
    """Tell whether a text is a kind of thing and no name: 创新联合体, 省级平台, 创新联合.

    >>> is_kind("创新联合体"), is_kind("澜泊新材")
    (True, False)
    """
    ending = _ending(text)
    is_body = ending is not None and ending.end() == len(text) and _kinds()[ending[0]][0] == "consortium"
    return is_body or _generic_words().fullmatch(text) is not None


def is_generic(name: str, ending: str) -> bool:
    """Tell whether a name is only a kind of thing: 省级创新联合体, 首批创新联合体, 重点实验室."""
    stem = name[: name.rindex(ending)]
    if re.search(r"(?:[0-9一二两三四五六七八九十百]+(?:余|多)?|多|数|几)[家个]", stem):
        return True
    return stem.endswith(("类", "领域", "行业")) or _generic_words().fullmatch(stem) is not None


def _stands_for_one(text: str, begin: int, name: str, ending: str) -> bool:
    """Tell whether a generic mention stands for the one consortium that is spoken of: 该联合体, 联合体."""
    if name != ending or ending in ("创新联合体", "产业联盟", "创新联盟"):
        return text[max(0, begin - 1) : begin] in ("该", "本") and name == ending
    before = text[max(0, begin - 3) : begin]
    return not re.search(r"[家个级类批种各多些]$|任何$|没有$|攻关任务的$|的创新$", before)
