"""The ties around a thing, read from it outwards: what lies elsewhere in a large graph costs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chaingraph.assistant.answers import SlicedRows
from chaingraph.assistant.statements import Namer, classes_of, evidence_of, incoming, properties_of
from chaingraph.languages import words
from chaingraph.queries.node_classes import CLASSES
from chaingraph.queries.ties import DIRECT, MEMBERSHIPS, RELATION_NODES, Tie
from chaingraph.vocabulary import PREFIXES, code_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from chaingraph.identity.thing_index import ThingIndex
    from chaingraph.store import KnowledgeGraph

MAX_FOLLOWED = 200
"""How many things of one distance have their ties followed."""

_CG = PREFIXES["cg"]
_TOO_WIDE = {_CG + name for name in ("Region", "Industry")}
"""Classes that end a path: through a region or an industry everything within it would be reached."""

_CLASSES = {_CG + name for name in CLASSES}
_ROW_CLASSES = {_CG + name for name in ("Membership", *(entry[0] for entry in RELATION_NODES))}
_ENDS = {end for _, source, target, _ in RELATION_NODES for end in (source, target)} | {end for end, _ in MEMBERSHIPS}
_PERIODS = {"since": ("since", "start", "Earliest"), "until": ("until", "end", "Latest")}


class Surroundings:
    """The ties with an end at a thing, and with more steps those of the things that these lead to.

    Regions and industries are reached but not followed, unless the thing is one. Each tie is one of the whole network
    (`chaingraph.networks.whole`).

    Args:
        kg: The graph.
        iri: The thing.
        steps: How many ties away.
    """

    def __init__(self, kg: KnowledgeGraph, iri: str, steps: int) -> None:
        self._kg = kg
        self._classes: dict[str, set[str]] = {}
        self.left_out = 0
        """How many things were reached whose ties were not followed, because there are too many of one distance."""
        things = {iri}
        ties: dict[Tie, None] = {}
        border = [iri]
        for _ in range(steps):
            followed = [one for one in border if one == iri or not self._classes[one] & _TOO_WIDE]
            self.left_out += max(0, len(followed) - MAX_FOLLOWED)
            of_step = self._ties(followed[:MAX_FOLLOWED])
            ties |= dict.fromkeys(of_step)
            border = sorted({end for tie in of_step for end in (tie.source, tie.target)} - things)
            things.update(border)
        self.ties = tuple(ties)
        self.things = len(things)

    def rows(self, index: ThingIndex, language: str) -> SlicedRows:
        """Return one row per tie, with the names of its ends, its role and dates and the words that state it."""
        return SlicedRows(len(self.ties), lambda start, end: self._rows(self.ties[start:end], index, language))

    def _rows(self, ties: Sequence[Tie], index: ThingIndex, language: str) -> list[dict[str, Any]]:
        namer = Namer(index, language)
        texts = words("chaingraph.networks")["relations"]["whole"]
        properties = properties_of(self._kg, [iri for tie in ties for iri in (tie.row, tie.dates_of) if iri])
        evidence = evidence_of(self._kg, [tie.row for tie in ties if tie.row])
        return [
            {
                "from": namer.thing(tie.source),
                "relation": texts[tie.words][language],
                "to": namer.thing(tie.target),
                "role": tie.role,
                **_period(properties.get(tie.dates_of, {})),
                "share": " ".join(properties.get(tie.row, {}).get(f"{_CG}share", ())),
                "evidence": evidence.get(tie.row, [])[:3],
            }
            for tie in ties
        ]

    def _ties(self, things: Sequence[str]) -> list[Tie]:
        """Return the ties with an end at one of the things, sorted, each once."""
        direct: set[Tie] = set()
        rows: dict[str, str] = {}
        for iri, properties in properties_of(self._kg, things, [_CG + name for name in DIRECT]).items():
            direct |= {_direct_tie(iri, name, value) for name, values in properties.items() for value in values}
        for iri, name, subject, class_iri in incoming(self._kg, things):
            if class_iri in _ROW_CLASSES:
                rows[subject] = class_iri.removeprefix(_CG)
            elif class_iri in _CLASSES and name.removeprefix(_CG) in DIRECT:
                direct.add(_direct_tie(subject, name, iri))
        of_rows = (tie for tie in self._of_rows(rows) if tie.source in things or tie.target in things)
        ties = sorted({*direct, *of_rows})
        ends = {end for tie in ties for end in (tie.source, tie.target)} - self._classes.keys()
        classes = classes_of(self._kg, sorted(ends))
        self._classes |= {iri: _CLASSES.intersection(classes.get(iri, ())) for iri in ends}
        return [tie for tie in ties if self._classes[tie.source] and self._classes[tie.target]]

    def _of_rows(self, rows: Mapping[str, str]) -> Iterator[Tie]:
        """Return the ties that relation nodes make, given by IRI with their class."""
        roles = {code.iri: code.notation for code in code_list("role").codes}
        names = [_CG + name for name in (*sorted(_ENDS), "organization", "role")]
        for row, properties in properties_of(self._kg, sorted(rows), names).items():
            if rows[row] == "Membership":
                role = min((roles[one] for one in properties.get(f"{_CG}role", ()) if one in roles), default="")
                for end in ("consortium", "programme", "oneOf"):
                    relation, entry = MEMBERSHIPS[end, role == "lead"]
                    for source, target in _pairs(properties, "organization", end):
                        yield Tie(source, target, relation, entry, row=row, role=role, dates_of=row)
            for class_name, start, end, relation in RELATION_NODES:
                if rows[row] == class_name:
                    for source, target in _pairs(properties, start, end):
                        dates_of = target if class_name == "Participation" else row
                        yield Tie(source, target, relation, relation, row=row, dates_of=dates_of)


def _direct_tie(source: str, name: str, target: str) -> Tie:
    relation = name.removeprefix(_CG)
    return Tie(source, target, relation, relation, dates_of=source if relation == "hostedBy" else "")


def _pairs(properties: Mapping[str, list[str]], start: str, end: str) -> Iterable[tuple[str, str]]:
    sources, targets = (properties.get(_CG + name, ()) for name in (start, end))
    return [(source, target) for source in sources for target in targets]


def _period(properties: Mapping[str, list[str]]) -> dict[str, str]:
    """Return since when and until when something is, as its source has it: the text of the date, else the day."""
    period = {}
    for name, (since, start, bound) in _PERIODS.items():
        for date in (since, start):
            days = properties.get(f"{_CG}{date}{bound}", ())
            texts = properties.get(_CG + date, ())
            choice = 0 if bound == "Earliest" else -1
            if days:
                period[name] = (texts or days)[choice]
    return period
