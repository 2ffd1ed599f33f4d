"""The small picture of what is around a thing: a few of its neighbours, by relation, with room for their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chaingraph.endpoint.pages.relations import LEADING
from chaingraph.endpoint.pages.terms import ORIGINS, STATEMENTS, TABLES, hue
from chaingraph.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_NEIGHBOURS = 40
"""Neighbours in the picture; the rest is counted."""

_CLASS_OF_END = {
    "oneOf": "Consortium",
    "supplier": "Organization",
    "customer": "Organization",
    "shareholder": "Organization",
    "parent": "Organization",
    "authority": "Organization",
    "payer": "Organization",
    "party": "Organization",
    "counterparty": "Organization",
    "hostedBy": "Organization",
}
"""The class of what a property leads to, where it is not called like the property."""

_ROW, _TEXT = 23.0, 13.0
_MARGIN = 14.0


@dataclass(frozen=True)
class Neighbour:
    """A thing around another: by which relation (its words in both languages), of which class, and whether it leads."""

    iri: str
    name: dict[str, str]
    relation: dict[str, str]
    class_name: str
    leads: bool = False


@dataclass(frozen=True)
class Neighbours:
    """Some neighbours of a thing, at most 40, and how many of its relations are with others."""

    shown: tuple[Neighbour, ...]
    rest: int


def neighbours_in(record: dict[str, Any]) -> Neighbours:
    """Return the neighbours in the record of a thing (`thing_record`): those of its relations, then what it refers to.

    What is only a statement or a source of one is no neighbour. Each neighbour is there once, by the first relation.
    """
    groups = [one for one in record["relations"] if one["class"] not in (*STATEMENTS, *ORIGINS)]
    shown: dict[str, Neighbour] = {}
    rest = 0
    for one in (*_of_relations(groups), *_of_attributes(record["attributes"])):
        if one.iri == record["iri"] or one.iri in shown:
            continue
        if len(shown) < MOST_NEIGHBOURS:
            shown[one.iri] = one
        else:
            rest += 1
    rest += sum(max(0, group["count"] - len(group["rows"])) for group in groups)
    return Neighbours(tuple(shown.values()), rest)


def _of_relations(groups: Iterable[dict[str, Any]]) -> Iterable[Neighbour]:
    for group in groups:
        relation = {language: group[language] for language in LANGUAGES}
        for row in group["rows"]:
            leads = bool(LEADING & {detail["value"] for detail in row["details"]})
            for end in row["ends"]:
                class_name = group["class"] if end["property"] is None else _class_of(end["property"])
                yield Neighbour(end["iri"], {one: end[one] for one in LANGUAGES}, relation, class_name, leads)


def _of_attributes(attributes: Iterable[dict[str, Any]]) -> Iterable[Neighbour]:
    for attribute in attributes:
        relation = {language: attribute[language] for language in LANGUAGES}
        for value in attribute["values"]:
            if value["thing"] and attribute["property"] not in {"cg:source", "source"}:
                name = {language: value[language] for language in LANGUAGES}
                yield Neighbour(value["thing"], name, relation, _class_of(attribute["property"]))


def _class_of(name: str) -> str:
    """Return the class of what a property leads to; empty where the name of the property does not say it."""
    local = name.removeprefix("cg:")
    class_name = _CLASS_OF_END.get(local, local[:1].upper() + local[1:])
    return class_name if class_name in TABLES else ""


@dataclass(frozen=True)
class Place:
    """A line of text in the picture: a neighbour with its mark and curve, or the words of a relation without them."""

    text: str
    x: float
    y: float
    anchor: str
    neighbour: Neighbour | None = None
    mark_x: float = 0.0
    curve: str = ""
    hue: int | None = None


@dataclass(frozen=True)
class Picture:
    """The picture: its size, the centre, and the lines of text."""

    width: float
    height: float
    centre_x: float
    centre_y: float
    places: tuple[Place, ...]


def neighbour_picture(neighbours: Sequence[Neighbour], language: str, *, width: float, sides: int) -> Picture:
    """Return the picture of neighbours on both sides of the thing, or only at its right, where there is less room.

    Each line has a row of its own, and texts are shortened to their room, so that nothing overlaps.

    Args:
        neighbours: The neighbours.
        language: The language of the names.
        width: The width of the picture.
        sides: 2 or 1.
    """
    groups: dict[str, list[Neighbour]] = {}
    for one in neighbours:
        groups.setdefault(one.relation[language], []).append(one)
    columns: list[list[str | Neighbour]] = [[] for _ in range(sides)]
    for relation, members in groups.items():
        min(columns, key=len).extend([relation, *members])
    height = max(len(column) for column in columns) * _ROW + 2 * _MARGIN
    centre_x, reach = (width / 2, 96.0) if sides == 2 else (_MARGIN, 62.0)
    room = (width - centre_x - reach - 16) if sides == 2 else width - centre_x - reach - 12
    places = []
    for side, column in enumerate(columns):
        direction = 1 if side == 0 else -1
        top = (height - len(column) * _ROW) / 2 + _ROW / 2
        for number, line in enumerate(column):
            places.append(_place(line, language, (centre_x, height / 2), direction, reach, top + number * _ROW, room))
    return Picture(width, height, centre_x, height / 2, tuple(places))


def _place(
    line: str | Neighbour,
    language: str,
    centre: tuple[float, float],
    direction: int,
    reach: float,
    y: float,
    room: float,
) -> Place:
    mark_x = centre[0] + direction * reach
    text_x = mark_x + direction * 11
    anchor = "start" if direction > 0 else "end"
    ems = room / _TEXT
    if isinstance(line, str):
        return Place(shortened(line, ems), text_x, y + 5, anchor)
    middle = centre[0] + direction * reach / 2
    curve = f"M{centre[0]:g} {centre[1]:g}C{middle:g} {centre[1]:g} {middle:g} {y:g} {mark_x:g} {y:g}"
    text = shortened(line.name[language], ems)
    return Place(text, text_x, y + 4.5, anchor, line, mark_x, curve, hue(line.class_name) if line.class_name else None)


def shortened(text: str, ems: float) -> str:
    """Return a text that is at most so many ems wide: of a longer one the beginning and the end.

    >>> shortened("江苏省集成电路先进封装技术创新联合体", 10), shortened("Jiangsu", 10)
    ('江苏省集成…新联合体', 'Jiangsu')
    """
    text = " ".join(text[:400].split())
    if _ems(text) <= ems:
        return text
    start, end = "", ""
    while _ems(start + end) < ems - 1.0:
        if _ems(start) <= 1.5 * _ems(end):
            start += text[len(start)]
        else:
            end = text[-len(end) - 1] + end
    return f"{start.rstrip()}…{end.lstrip()}"


def _ems(text: str) -> float:
    """Return about how wide a text is: a Chinese character is one em wide, a Latin letter half as wide."""
    return sum(1.0 if ord(character) > 0x2E7F else 0.66 if character.isupper() else 0.54 for character in text)
