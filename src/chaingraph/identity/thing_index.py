"""The things of a graph by their names: those that are called like a text, or nearly so."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from chaingraph.identity.name_index import NameIndex
from chaingraph.languages import LANGUAGES, text_in
from chaingraph.queries.node_classes import CLASSES
from chaingraph.vocabulary import PREFIXES, short_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chaingraph.store import KnowledgeGraph

_NAMES = "SELECT ?s ?c ?o (LANG(?o) AS ?l) {{ VALUES ?c {{ {classes} }} ?s a ?c ; {name} ?o }}"


class Thing(NamedTuple):
    """A thing with its class and its names: ``zh``, ``en`` and ``any`` (another language, or none), and aliases."""

    iri: str
    class_name: str
    names: Mapping[str, str]
    aliases: tuple[str, ...]

    def name(self, language: str) -> str:
        """Return what it is called in a language, else in another, else its short IRI."""
        return text_in(self.names, language) or next(iter(self.aliases), "") or short_name(self.iri)

    def all_names(self) -> tuple[str, ...]:
        """Return its names and aliases, each once."""
        return tuple(dict.fromkeys((*self.names.values(), *self.aliases)))


class Candidate(NamedTuple):
    """A thing that may be meant by a text: the name that is nearest, and how near, as in `NameMatch`."""

    thing: Thing
    name: str
    score: float
    equal: bool
    pinyin: bool


class Spelling(NamedTuple):
    """A thing with a Chinese name that a text spells, and how, as `NameIndex.with_spelling` says."""

    thing: Thing
    rank: int
    length: int


class ThingIndex:
    """The things of a graph that have a name, by class; the names of a class are indexed when it is first asked for.

    Example:
        >>> from chaingraph.resources import sample
        >>> from chaingraph.store import KnowledgeGraph
        >>> index = ThingIndex(KnowledgeGraph.open(sample("jiangsu-2022")))
        >>> [(best.thing.name("zh"), best.equal) for best, *_ in index.nearest(["苏大维格"], ["Organization"])]
        [('苏大维格', True)]
    """

    def __init__(self, kg: KnowledgeGraph) -> None:
        self._things: dict[str, Thing] = {}
        self._by_class: dict[str, list[Thing]] = defaultdict(list)
        self._indexes: dict[str, tuple[NameIndex, list[tuple[Thing, str]]]] = {}
        classes = " ".join(f"cg:{name}" for name in CLASSES)
        queries = [_NAMES.format(classes=classes, name=name) for name in ("rdfs:label", "skos:altLabel")]
        labels, aliases = (frame.sort("s", "c", "l", "o", nulls_last=True) for frame in kg.select_many(queries))
        names: dict[tuple[str, str], tuple[dict[str, str], list[str]]] = defaultdict(lambda: ({}, []))
        for iri, class_iri, text, tag in labels.select("s", "c", "o", "l").iter_rows():
            language = (tag or "").partition("-")[0]
            key = language if language in LANGUAGES else "any"
            own_names, own_aliases = names[iri, class_iri]
            if own_names.setdefault(key, text) != text:
                own_aliases.append(text)
        for iri, class_iri, text in aliases.select("s", "c", "o").iter_rows():
            names[iri, class_iri][1].append(text)
        for (iri, class_iri), (own_names, own_aliases) in sorted(names.items()):
            thing = Thing(iri, class_iri.removeprefix(PREFIXES["cg"]), own_names, tuple(own_aliases))
            self._things.setdefault(iri, thing)
            self._by_class[thing.class_name].append(thing)

    def index_names(self) -> None:
        """Index the names of every class now, so that no later answer has to wait for it."""
        for class_name in CLASSES:
            self._index(class_name)

    def thing(self, iri: str) -> Thing | None:
        """Return the thing of an IRI; None where the graph has no name of it."""
        return self._things.get(iri)

    def nearest(self, texts: Sequence[str], classes: Sequence[str] = (), count: int = 20) -> list[list[Candidate]]:
        """Return for each text the things whose names are nearest, the best first, at most ``count``.

        Args:
            texts: What things may be called.
            classes: The classes that are searched; all if empty.
            count: The greatest number of things.
        """
        results: list[dict[str, Candidate]] = [{} for _ in texts]
        for class_name in classes or CLASSES:
            index, entries = self._index(class_name)
            for best, matches in zip(results, index.nearest(texts), strict=True):
                for match in matches:
                    thing, name = entries[match.position]
                    best.setdefault(thing.iri, Candidate(thing, name, match.score, match.equal, match.pinyin))
        return [sorted(best.values(), key=lambda one: -one.score)[:count] for best in results]

    def beginning_with(self, text: str, classes: Sequence[str] = (), count: int = 20) -> list[Thing]:
        """Return the things of which a name, its Pinyin or its initials begin with a text, at most ``count``."""
        things: dict[str, Thing] = {}
        for class_name in classes or CLASSES:
            index, entries = self._index(class_name)
            # A thing has several names that may begin alike.
            for position in index.beginning_with(text, 4 * count):
                thing = entries[position][0]
                things.setdefault(thing.iri, thing)
        return list(things.values())[:count]

    def with_spelling(self, text: str, classes: Sequence[str] = (), count: int = 20) -> list[Spelling]:
        """Return the things with a Chinese name that contains a text in either script, in Pinyin or by its initials.

        Args:
            text: What somebody types.
            classes: The classes that are searched; all if empty.
            count: The greatest number of things; those whose name is the text or begins with it come first.
        """
        best: dict[str, Spelling] = {}
        for class_name in classes or CLASSES:
            index, entries = self._index(class_name)
            for position, rank, length in index.with_spelling(text):
                thing = entries[position][0]
                spelling = Spelling(thing, rank, length)
                best[thing.iri] = min(spelling, best.get(thing.iri, spelling), key=lambda one: one[1:])
        return sorted(best.values(), key=lambda one: (*one[1:], one.thing.iri))[:count]

    def _index(self, class_name: str) -> tuple[NameIndex, list[tuple[Thing, str]]]:
        if class_name not in self._indexes:
            entries = [(thing, name) for thing in self._by_class[class_name] for name in thing.all_names()]
            self._indexes[class_name] = (NameIndex([name for _, name in entries]), entries)
        return self._indexes[class_name]
