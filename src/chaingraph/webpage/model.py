"""The page as data: what the template and the scripts read, and the JSON that carries it to the scripts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, NotRequired, TypeAlias, TypedDict

from chaingraph.languages import Language
from chaingraph.webpage.words import Text

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Scalar: TypeAlias = str | int | float | bool | None
"""A value as JSON has it; None is a number that is not defined."""
Attribute: TypeAlias = tuple[str, Scalar | Text]
"""The name and the value of an attribute; a text that has translations is one in both languages."""
Circle: TypeAlias = tuple[float, float, float]
"""x, y and radius; y grows downwards, everywhere on the page."""


@dataclass(frozen=True, slots=True)
class Quote:
    """The words of a source, or the number of a record in a register, with the source."""

    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    record: str = ""
    title: str = ""
    url: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set that the network was made from."""

    title: Text
    attribution: Text
    licence: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many of something are known by name of a node, and how many a source reports, with its words.

    ``counts`` is a code (``organizations``, ``platforms`` ...); ``qualifier`` one too (``about``, ``more-than`` ...),
    empty where the source gives the number as it is; ``known`` is None where nothing can be set against the number.
    """

    counts: str
    reported: int
    qualifier: str = ""
    known: int | None = None
    label: Text | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A node: ``type`` and ``colour`` are positions in the legend, ``attributes`` and ``quotes`` in those of the page.

    ``pinyin`` is what one can type for a Chinese name; see `chaingraph.languages.pinyin`.
    """

    id: str
    name: Text
    type: int
    colour: int
    leading: bool = False
    pinyin: str = ""
    attributes: tuple[int, ...] = ()
    quotes: tuple[int, ...] = ()
    counts: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """What ties mean: the key of the relation, its name, and its name as read from the target where it has one."""

    key: str
    name: Text
    inverse: Text | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie between two nodes, by their positions; ``relation``, ``attributes`` and ``quotes`` are positions too.

    ``leads`` tells that it says who leads.
    """

    source: int
    target: int
    relation: int | None = None
    attributes: tuple[int, ...] = ()
    quotes: tuple[int, ...] = ()
    leads: bool = False


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """What a colour or a shape stands for, and how many nodes have it; the hue -1 is grey."""

    name: Text
    hue: int
    shape: str
    count: int


@dataclass(frozen=True, slots=True)
class Legend:
    """The classes of the nodes, which shapes show, and what colours show.

    Colours show the classes too where ``attribute`` is None, else the values of that attribute. ``background`` are the
    positions of the classes that a path avoids where it can.
    """

    classes: tuple[LegendEntry, ...]
    colours: tuple[LegendEntry, ...]
    attribute: str | None = None
    background: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line under the nodes, with a label beyond its last point if there is one.

    ``kind`` is ``coast`` or ``lakes`` of a line that shows these, which is drawn more faintly.
    """

    points: tuple[tuple[float, float], ...]
    label: Text | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Disc:
    """A community of a large network as one disc: the circle that its nodes take up, and its best-connected node.

    The last disc may stand for all nodes that are in no circle (``outside``).
    """

    x: float
    y: float
    radius: float
    hub: int
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Overview:
    """The communities that a large network opens with: the disc of each node, and the discs.

    ``scale`` times the square root of a number of nodes is the radius of a closed disc; no two overlap.
    """

    homes: tuple[int, ...]
    discs: tuple[Disc, ...]
    scale: float


class DrawnNode(TypedDict):
    """A node as vis-network draws it; ``id`` is its position."""

    id: int
    x: float
    y: float
    size: float


class Curve(TypedDict):
    """How a tie is bent that has another beside it."""

    enabled: bool
    type: str
    roundness: float


DrawnTie = TypedDict(
    "DrawnTie", {"id": int, "from": int, "to": int, "width": NotRequired[float], "smooth": NotRequired[Curve]}
)
"""A tie as vis-network draws it; ``id`` is its position."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What vis-network draws, in its own form, and what is drawn under it.

    ``labelled`` are the nodes that are labelled before all others. ``swappable`` tells whether x and y may change
    places on an upright screen. ``economical`` tells that there is too much for animations, ``isolates`` that nodes
    without a tie are drawn from the start, and not one chip with their number.
    """

    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnTie, ...]
    options: Mapping[str, object]
    labelled: tuple[int, ...] = ()
    circles: tuple[Circle, ...] = ()
    lines: tuple[Line, ...] = ()
    swappable: bool = True
    economical: bool = False
    isolates: bool = False


@dataclass(frozen=True, slots=True)
class LayoutChoice:
    """A layout that the reader can choose: its name, how to read it, and, but for the one that is drawn, its places.

    ``x`` and ``y`` are the places of the nodes in whole units; y grows downwards. ``circles``, ``lines`` and
    ``swappable`` are as in `Drawing`.
    """

    name: str
    reading: Text
    x: tuple[int, ...] = ()
    y: tuple[int, ...] = ()
    circles: tuple[Circle, ...] = ()
    lines: tuple[Line, ...] = ()
    swappable: bool = True


@dataclass(frozen=True, slots=True)
class Palette:
    """The hues that the reader can choose anew: of classes, of values by attribute, of other values, and of numbers.

    ``classes`` follow those of the legend.
    """

    classes: tuple[int, ...]
    values: Mapping[str, Mapping[str, int]]
    hues: tuple[int, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Views:
    """What the reader can choose to see of a network: layouts, the one that is drawn first, colours and areas.

    ``size`` is the attribute that areas show at first, ``encoding`` the part of the introduction that says what
    colours, shapes and areas show.
    """

    layouts: tuple[LayoutChoice, ...]
    palette: Palette
    size: str
    encoding: Text


@dataclass(frozen=True, slots=True)
class Step:
    """A view that the reader comes to in turn: its title, what the address of the page has for it, and a text."""

    title: Text
    view: str
    text: Text


@dataclass(frozen=True, slots=True)
class PageParts:
    """What every page shows and says, whatever it draws: its words, and the things that search and panel know.

    ``introduction`` says what one sees and how to read it. ``words`` are by language, then by key; ``attribute_names``
    by attribute; ``attribute_uses`` lists the attributes that are categories although they are numbers, and those that
    nothing is filtered by.
    """

    language: Language
    title: Text
    introduction: Text
    datasets: tuple[DataSet, ...]
    nodes: tuple[Node, ...]
    ties: tuple[Tie, ...]
    relations: tuple[Relation, ...]
    attributes: tuple[Attribute, ...]
    quotes: tuple[Quote, ...]
    legend: Legend
    directed: bool
    words: Mapping[str, Text]
    attribute_names: Mapping[str, Text]
    attribute_uses: Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class PageModel(PageParts):
    """Everything that the page of a network shows and says.

    ``undirected_paths`` tells that paths may go against the direction of the ties from the start; ``chain_map`` are the
    positions of the nodes that the chain map has, which is another view of the page, None where there is none.
    """

    drawing: Drawing
    overview: Overview | None
    undirected_paths: bool
    views: Views
    steps: tuple[Step, ...]
    chain_map: tuple[int, ...] | None


_POSITIONS = ("id", "from", "to")
"""What vis-network wants of a node or a tie, and the scripts know from its position and from the ends of the tie."""


def as_json(model: PageParts) -> str:
    """Return the model as JSON: an object for each dataclass, of its fields; one that has its default is left out.

    Of what vis-network draws, the JSON has no ``id``, ``from`` and ``to``: these are the position of the node or tie in
    its list, and the ends of the tie.

    >>> print(json.dumps([Tie(0, 1, relation=2), Quote(record="7")], default=_object))
    [{"source": 0, "target": 1, "relation": 2}, {"record": "7"}]
    """
    return json.dumps(model, default=_object, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _object(record: DataclassInstance) -> dict[str, object]:
    values = ((field, getattr(record, field.name)) for field in fields(record))
    content = {field.name: value for field, value in values if value != field.default}
    if isinstance(record, Drawing):
        # Numbers that only count up would be a third of a large page.
        for name, items in (("nodes", record.nodes), ("edges", record.edges)):
            content[name] = [{key: value for key, value in item.items() if key not in _POSITIONS} for item in items]
    return content
