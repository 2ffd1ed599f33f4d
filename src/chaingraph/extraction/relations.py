"""What sentences say of units and subsidiaries, sites, titles, amounts, cooperation, supplies and events.

The rules are data (``ontology/extraction/zh-relations.toml``, ``en-relations.toml``): each names its table, and the
groups of its pattern are columns of that table.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from chaingraph.extraction.chinese_names import UNCLEAR
from chaingraph.extraction.lexicon import lexicon
from chaingraph.extraction.signs import pattern
from chaingraph.extraction.stages import level_of
from chaingraph.extraction.topic import modality
from chaingraph.rosters.codes import code_of
from chaingraph.tables import contract

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from chaingraph.extraction.facts import Cells
    from chaingraph.extraction.mentions import Mention
    from chaingraph.extraction.sentence import Sentence

_TABLES_OF_KINDS = {
    "organization": "organizations",
    "consortium": "consortia",
    "platform": "platforms",
    "project": "projects",
    "programme": "programmes",
    "cluster": "clusters",
}
_PROPERTIES = {
    "hierarchy": "parent",
    "sites": "site",
    "recognitions": "recognition",
    "cooperations": "cooperation",
    "supplies": "supply",
}
"""What a claim about a planned or denied row calls it; that about an amount is called as its kind is.

An event that is planned or denied is none, and no claim: it has no thing that it could be about."""
_THINGS = ("thing", "party")


def read_relations(sentence: Sentence) -> None:
    """Add the rows of a sentence; what is planned, denied or ended becomes a claim.

    A sentence that says what ought to be, advertises or supposes states nothing.
    """
    words = lexicon(sentence.language)["relation_words"]
    if re.search(words["no_statement"], sentence.text) is not None:
        return
    spans: dict[str, list[tuple[int, int]]] = {}
    for reason, rule, match in sentence.rules("relations"):
        if rule.get("brackets", False) != sentence.is_whole:
            continue
        taken = spans.setdefault(rule["table"], [])
        span = match.span("value") if rule["table"] == "amounts" else match.span()
        if any(span[0] < end and start < span[1] for start, end in taken):
            continue
        rows = _rows(sentence, rule, match)
        if rows:
            taken.append(span)
        for cells in rows:
            _add(sentence, rule, match, cells, reason)


def _rows(sentence: Sentence, rule: Mapping[str, Any], match: re.Match[str]) -> list[Cells]:
    """Return the rows of a match, one for each combination of the names in its groups; none where a cell is missing."""
    choices: list[list[Cells]] = [[dict(rule.get("set", {}))]]
    for group, text in match.groupdict().items():
        if not text or group in ("mark", "word"):
            continue
        if group in _THINGS:
            cells = _thing_cells(sentence, match, group, rule["table"])
        else:
            cells = _cells(sentence, rule["table"], match, group)
        if not cells:
            return []
        choices.append(cells)
    rows: list[Cells] = []
    for parts in product(*choices):
        row: Cells = {}
        for part in parts:
            row |= part
        rows.append(row)
    rows = [
        row for row in rows if len({row[name] for name in ("left", "right") if name in row}) != 1 or "right" not in row
    ]
    return [row | _of_sentence(sentence, rule, match, row) for row in rows if is_whole_row(rule["table"], row)]


def is_whole_row(name: str, row: Cells) -> bool:
    """Tell whether a row names all that its table asks for, and no thing beside itself."""
    table = contract()[name]
    required = [column.name for column in table.cells if column.required and column.name not in ("id", "name")]
    references = [str(row[column.name]) for column in table.cells if column.reference and column.name in row]
    is_complete = all(row.get(column) is not None for column in required) and len(set(references)) == len(references)
    scopes = table.at_least_one_of
    return is_complete and (not scopes or any(row.get(column) for column in scopes))


def _thing_cells(sentence: Sentence, match: re.Match[str], group: str, table: str) -> list[Cells]:
    """Return the things that a group names, each in the column for its kind; 该项目 is the one that is spoken of."""
    cells: list[Cells] = []
    names = {column.name for column in contract()[table].cells}
    for one in sentence.mentions(match, group):
        name = _name(sentence, one)
        column = "right" if one.kind == "organization" and "right" in names else one.kind
        is_authority = table == "recognitions" and one.code == "government"
        if name is not None and column in names and one.code != UNCLEAR and not is_authority:
            _note(sentence, one)
            cells.append({column: name})
    if not cells and not sentence.mentions(match, group):
        words = lexicon(sentence.language)["relation_words"]
        for kind, name in (
            ("project", sentence.topic.project),
            ("platform", sentence.topic.platform),
            ("company", sentence.topic.company or sentence.topic.firm),
        ):
            if name is not None and re.search(words[kind], match[group]):
                return [{"organization" if kind == "company" else kind: name}]
    return cells


def _name(sentence: Sentence, one: Mention) -> str | None:
    """Return the name of a mention; of a generic one that of the consortium that is spoken of."""
    if one.name:
        return one.name
    topic = sentence.topic.consortium
    return topic.name if one.kind == "consortium" and topic is not None and topic.name else None


def _cells(sentence: Sentence, table: str, match: re.Match[str], group: str) -> list[Cells]:
    """Return what a group says in the column of its name: names, a date, a number, a code, or the words themselves."""
    column = contract()[table].column(group.rstrip("2"))
    mentions = sentence.mentions(match, group)
    if column.reference in ("regions", "products"):
        text = _words(sentence, match, group)
        is_name = re.search(lexicon(sentence.language)["relation_words"]["no_product"], text) is None
        return [{column.name: text}] if text and (column.reference == "regions" or is_name) else []
    if column.reference is not None:
        names = [
            one
            for one in mentions
            if _TABLES_OF_KINDS.get(one.kind) == column.reference and one.code != UNCLEAR and _name(sentence, one)
        ]
        for one in names:
            _note(sentence, one)
        if column.separator is not None:
            return [{column.name: ";".join(dict.fromkeys(one.name for one in names))}] if names else []
        return [{column.name: _name(sentence, one)} for one in names]
    if column.is_date:
        return [{column.name: mentions[0].name}] if mentions and mentions[0].kind == "date" else []
    if column.codes is not None:
        word = match[group].casefold()
        own = lexicon(sentence.language)["relation_words"]["codes"].get(word)
        code = own or code_of(match[group], column.codes)
        return [] if code is None else [{column.name: code}]
    if column.datatype in ("decimal", "double", "float", "integer", "nonNegativeInteger", "positiveInteger"):
        money = next((one for one in mentions if one.kind == "money"), None)
        if money is not None:
            number = float(money.name)
            value = int(number) if number.is_integer() else number
            return [{column.name: value, "currency": money.code}]
        return [{column.name: int(match[group])}] if match[group].isdigit() else []
    text = _words(sentence, match, group)
    if table == "recognitions" and group == "name":
        return [{group: title} for title in _titles(text, sentence.language)]
    return [{column.name: text}] if text else []


def _titles(text: str, language: str) -> list[str]:
    """Return the titles of a list of them: parts that end as titles do."""
    parts = re.split(lexicon(language)["titles"]["between"], text)
    ending = pattern("<TITLE>$", language)
    return parts if all(ending.match(part) for part in parts) else [text]


def _words(sentence: Sentence, match: re.Match[str], group: str) -> str:
    """Return the words of a group, without what belongs to no name."""
    start, end = match.span(group)
    text = sentence.words(start, end)
    for cut in lexicon(sentence.language)["relation_words"]["cuts"]:
        text = re.sub(cut, "", text)
    return text.strip(' ，、。：；,;:“”"')


def _note(sentence: Sentence, one: Mention) -> None:
    """Add the row of a thing that a relation names: an organization, or a cluster with what its name says of it."""
    if one.kind == "organization":
        sentence.organization(one)
    elif one.kind == "cluster":
        sentence.facts.thing(
            "clusters",
            one.name,
            sentence.mention_place(one),
            f"names {sentence.language}",
            0.7,
            kind=one.code,
            level=level_of(one.name, sentence.language),
        )


def _of_sentence(sentence: Sentence, rule: Mapping[str, Any], match: re.Match[str], row: Cells) -> Cells:
    """Return what the words around a match add: its date, the qualifier of an amount, the parts of a title."""
    cells: Cells = {}
    column = rule.get("date")
    if column is not None and column not in row:
        date = sentence.nearest_date(match.start("date") if "date" in match.re.groupindex else match.start())
        cells[column] = date[:4] if date is not None and column == "year" else date
    if rule["table"] == "amounts":
        cells["qualifier"] = _qualifier(sentence, match)
    if rule["table"] == "recognitions":
        cells |= parts_of_title(str(row["name"]), row, sentence.language)
    if "name" in rule:
        texts = {group: sentence.words(*match.span(group)) for group, text in match.groupdict().items() if text}
        cells["name"] = re.sub(r"\s+", " ", rule["name"].format(**texts)).strip()
    return cells


def _qualifier(sentence: Sentence, match: re.Match[str]) -> str | None:
    """Return the qualifier of an amount, by the words right before and behind it; exactly where there is none."""
    start, end = match.span("value")
    before, behind = sentence.text[:start].casefold(), sentence.text[end:].casefold()
    for qualifier, words in lexicon(sentence.language)["relation_words"]["qualifiers"].items():
        if re.search(words["before"], before) or ("behind" in words and re.match(words["behind"], behind)):
            return str(qualifier)
    return "exactly"


def parts_of_title(name: str, row: Mapping[str, object], language: str) -> Cells:
    """Return the name of a title without its year and its grade, and what it says of the kind, level and grade.

    >>> parts_of_title("2021年度江苏省科学技术奖一等奖", {}, "zh")
    {'year': '2021', 'grade': '一等奖', 'name': '江苏省科学技术奖', 'kind': 'award', 'level': 'provincial'}
    """
    words = lexicon(language)["recognition_words"]
    cells: Cells = {}
    year = re.match(words["year"], name)
    if year is not None:
        name = name[year.end() :].strip()
        cells["year"] = year["year"]
    grade = re.search(words["grade"], name)
    if grade is not None and len(grade[0]) < len(name) and "grade" not in row:
        name, cells["grade"] = name[: grade.start()].strip(" ,，"), grade["grade"]
    cells["name"] = name
    for kind, word in words["kinds"].items():
        if re.search(word, name) and "kind" not in row:
            cells["kind"] = kind
            break
    level = next((code for code, word in words["levels"].items() if re.search(word, name)), None)
    return cells | {"level": level}


def _add(sentence: Sentence, rule: Mapping[str, Any], match: re.Match[str], cells: Cells, reason: str) -> None:
    place = sentence.place(match.start(), match.end())
    status = _status(sentence, rule, match)
    table = rule["table"]
    if status is not None and table != "events":
        _claim(sentence, table, place, cells, status, reason)
    elif table == "events":
        if status is None and cells.get("date"):
            sentence.facts.thing(table, str(cells.pop("name")), place, reason, 0.6, **cells)
    else:
        sentence.facts.row(table, place, reason, float(rule.get("confidence", 0.6)), **cells)


def _status(sentence: Sentence, rule: Mapping[str, Any], match: re.Match[str]) -> str | None:
    """Return whether a match is planned, denied or ended; the words that its rule calls a mark do not count."""
    signs = sentence.signs
    if match.groupdict().get("mark"):
        start, end = match.span("mark")
        signs = signs.with_blank(start, end)
    return modality(signs, match.start(), match.end(), sentence.language) or rule.get("status")


def _claim(sentence: Sentence, table: str, place: tuple[int, int], cells: Cells, status: str, reason: str) -> None:
    """Add a claim about the first thing of a row: 拟认定, 未入选, 不再隶属."""
    references = [column for column in contract()[table].cells if column.reference and cells.get(column.name)]
    references = [column for column in references if column.name not in ("payer", "authority")]
    if not references:
        return
    subject = references[0]
    value = cells.get("name") or cells.get("value") or (cells.get(references[1].name) if len(references) > 1 else None)
    if value is None:
        value = cells.get("subject") or cells.get("address")
    if value is None or subject.reference is None or subject.separator is not None:
        return
    name = str(cells["kind"]) if table == "amounts" else _PROPERTIES[table]
    qualifier = cells.get("qualifier") if table == "amounts" else None
    sentence.claim(
        place,
        reason,
        table=subject.reference,
        subject=str(cells[subject.name]),
        property=name,
        value=value,
        qualifier=qualifier,
        status=status,
    )
