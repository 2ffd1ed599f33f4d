"""What the tools answer, as texts of bounded size; they know a graph, and nothing of the protocol."""

from __future__ import annotations

from functools import cached_property, partial
from threading import Lock
from typing import TYPE_CHECKING, Any

import pandas as pd

from chaingraph import networks
from chaingraph.assistant.answers import DEFAULT_ROWS, Basis, answer, count_with_evidence, rows_of, sliced
from chaingraph.assistant.computations import Computations
from chaingraph.assistant.facts import facts
from chaingraph.assistant.surroundings import MAX_FOLLOWED, Surroundings
from chaingraph.checks import why
from chaingraph.errors import NetworkError, UsageError
from chaingraph.identity.thing_index import ThingIndex
from chaingraph.indicators import completeness as chain_completeness
from chaingraph.indicators import coverage
from chaingraph.languages import check_language
from chaingraph.metrics.network.centrality import centrality, centrality_notes
from chaingraph.queries.node_classes import CLASSES
from chaingraph.queries.nodes import NodeReader
from chaingraph.sparql.lookup import thing_iri
from chaingraph.sparql.questions import question, questions
from chaingraph.vocabulary import full_iri, short_name, term_labels

if TYPE_CHECKING:
    import networkx as nx

    from chaingraph.store import KnowledgeGraph

_COUNTS = (
    "SELECT ?class (COUNT(?thing) AS ?n) {{ VALUES ?class {{ {} }} ?thing a ?class }} GROUP BY ?class ORDER BY ?class"
)
_MAX_STEPS = 3
_MAX_MEASURES = 5
_MANY_TIES = 300_000
"""Ties beyond which a network is not measured for an assistant."""
_LARGE = 200_000
"""Statements beyond which what takes the whole graph is computed while the assistant does other things."""


class Toolbox:
    """The answers that a graph gives to the tools' arguments.

    Raises:
        ChaingraphError: From every method, where an argument does not fit; the message says what would.
    """

    def __init__(self, kg: KnowledgeGraph, language: str | None = None, *, large: int = _LARGE) -> None:
        self._kg = kg
        self._language = language
        self._large = large
        self._lock = Lock()
        self._summary_lock = Lock()

    @cached_property
    def language(self) -> str:
        """The language of names: the one that was chosen, else that of the graph."""
        language = self._language or NodeReader(self._kg).language()
        check_language(language)
        return language

    @cached_property
    def _index(self) -> ThingIndex:
        return ThingIndex(self._kg)

    @cached_property
    def _size(self) -> int:
        """The number of statements."""
        return len(self._kg)

    @cached_property
    def _counts(self) -> dict[str, int]:
        """By class how many things there are."""
        counts = self._kg.select_text(_COUNTS.format(" ".join(f"cg:{name}" for name in CLASSES)))
        return {short_name(name).removeprefix("cg:"): int(n) for name, n in counts.iter_rows()}

    @cached_property
    def _coverage(self) -> pd.DataFrame:
        return coverage(self._kg)

    @cached_property
    def _computations(self) -> Computations:
        return Computations(waits=self._size <= self._large)

    def prepare(self) -> None:
        """Index the names and count the things now, so that no tool has to wait for it."""
        with self._summary_lock:
            _ = self.language, self._counts, self._computations, self._coverage, term_labels(), questions()
        with self._lock:
            self._index.index_names()

    def about(self) -> str:
        """Return the data sets with licence and attribution, and how many things of each class are known by name."""
        with self._summary_lock:
            rows = [{"class": name, "known": count} for name, count in self._counts.items()]
        note = "Counts are of things known by name; what sources report beyond them is in the tool 'coverage'."
        return answer(rows, "known", datasets=self._kg.data_sets(), statements=self._size, notes=[note])

    def find(self, name: str, kind: str = "", cursor: str = "", limit: int = DEFAULT_ROWS) -> str:
        """Return the things that are called like a text, the nearest first."""
        if kind and kind not in CLASSES:
            message = f"'kind' is '{kind[:50]}', expected one of {', '.join(CLASSES)}"
            raise UsageError(message)
        text = name.strip()
        if not 1 <= len(text) <= 200:
            message = "'name' is empty or has more than 200 characters"
            raise UsageError(message)
        with self._lock:
            classes = [kind] if kind else []
            (nearest,) = self._index.nearest([text], classes, 50)
            beginning = self._index.beginning_with(text, classes, 50)
        rows: dict[str, dict[str, Any]] = {}
        for match in nearest:
            if match.score >= 0.5:
                rows[match.thing.iri] = {
                    "matched": match.name,
                    "score": round(match.score, 2),
                    "same_name": match.equal,
                }
        for one in beginning:
            rows.setdefault(one.iri, {"matched": one.name(self.language)})
        things = {iri: self._index.thing(iri) for iri in rows}
        matches = [
            {"id": short_name(iri), "class": thing.class_name, "name": thing.name(self.language)} | row
            for iri, row in rows.items()
            if (thing := things[iri]) is not None
        ]
        note = "A name that is only similar may be another thing: compare before you say that it is the same."
        return answer(matches, "known", cursor=cursor, limit=limit, notes=[note] if matches else [])

    def facts(self, thing: str, cursor: str = "", limit: int = DEFAULT_ROWS) -> str:
        """Return what the graph states of a thing, each fact with its evidence."""
        iri = full_iri(thing_iri(self._kg, thing))
        with self._lock:
            entry = self._index.thing(iri)
            rows = facts(self._kg, self._index, iri, self.language)
        names = (
            {"name": entry.name(self.language), "other_names": entry.all_names(), "class": entry.class_name}
            if entry
            else {}
        )
        return answer(rows, "known", cursor=cursor, limit=limit, id=short_name(iri), **names)

    def why(self, thing: str, cursor: str = "", limit: int = DEFAULT_ROWS) -> str:
        """Return the words and records that state a thing and its relations."""
        return answer(rows_of(why(self._kg, thing)), "known", cursor=cursor, limit=limit)

    def list_questions(self) -> str:
        """Return the named questions with their parameters."""
        rows = [
            {
                "question": one.name,
                "asks": one.chinese if self.language == "zh" else one.english,
                "parameters": {
                    each.name: f"{each.kind} of {', '.join(each.of)}"[:80] + (", required" if each.required else "")
                    for each in one.parameters
                },
            }
            for one in questions()
        ]
        return answer(rows, "known", limit=100)

    def ask(self, question_name: str, parameters: dict[str, str], cursor: str = "", limit: int = DEFAULT_ROWS) -> str:
        """Return the answer to a named question."""
        one = question(question_name)
        key = ("ask", question_name, *sorted(parameters.items()))
        what = f"the whole answer to '{question_name}'"
        frame = self._computations.result(key, lambda: self._kg.ask(question_name, **parameters), what)
        rows = sliced(frame)
        reported = question_name.startswith(("how-many", "reported")) or "denied" in question_name
        basis: Basis = "reported" if reported else "known"
        asks = one.chinese if self.language == "zh" else one.english
        without = len(frame) - count_with_evidence(frame)
        notes = [f"{without} of {len(rows)} rows carry no quote of their own; the tool 'why' has what states a thing."]
        return answer(rows, basis, cursor=cursor, limit=limit, notes=notes if without else [], asks=asks)

    def coverage(self, cursor: str = "", limit: int = DEFAULT_ROWS) -> str:
        """Return what sources report as counts, against the things that are known by name."""
        note = "'reported' is what a source says, 'known' how many of them have a name here; never add the two."
        with self._summary_lock:
            rows = sliced(self._coverage)
        return answer(rows, "reported", cursor=cursor, limit=limit, notes=[note])

    def chain_gaps(
        self, chain: str = "", *, gaps_only: bool = True, cursor: str = "", limit: int = DEFAULT_ROWS
    ) -> str:
        """Return the stages and inputs of chains with who holds them; without ``gaps_only`` the held ones too."""
        frame = self._completeness()
        if chain:
            iri = thing_iri(self._kg, chain, argument="chain", classes=("cg:Chain",))
            frame = frame[frame["chain"] == short_name(iri)]
        count = int((frame["status"] == "held").sum())
        total = len(frame)
        if gaps_only:
            frame = frame[frame["status"] != "held"]
        notes = [
            f"{count} of {total} stages and inputs are held by somebody known.",
            "'unknown' is not 'absent': nobody states that the stage is missing, only that no holder is known.",
        ]
        rows = [row | {"basis": "unknown" if row["status"] == "unknown" else "known"} for row in rows_of(frame)]
        return answer(rows, "known", cursor=cursor, limit=limit, notes=notes)

    def measure(
        self, network: str, measures: list[str], thing: str = "", cursor: str = "", limit: int = DEFAULT_ROWS
    ) -> str:
        """Return measures of the nodes of a network, the first measure's greatest first."""
        if not 1 <= len(measures) <= _MAX_MEASURES:
            message = f"'measures' has {len(measures)} names, expected 1 to {_MAX_MEASURES}"
            raise UsageError(message)
        node = short_name(thing_iri(self._kg, thing)) if thing else ""
        graph, frame = self._measured(network, tuple(measures))
        if node:
            frame = frame[frame["node"] == node]
        notes = [
            f"Of the {len(graph):,} nodes and {graph.number_of_edges():,} ties that are known; a rank may change with"
            " more members.",
            *centrality_notes(frame, exact=""),
        ]
        return answer(sliced(frame), "known", cursor=cursor, limit=limit, notes=notes, network=graph.graph["name"])

    def surroundings(self, thing: str, steps: int = 1, cursor: str = "", limit: int = DEFAULT_ROWS) -> str:
        """Return the ties around a thing, each with the words that state it."""
        if not 1 <= steps <= _MAX_STEPS:
            message = f"'steps' is {steps}, expected 1 to {_MAX_STEPS}"
            raise UsageError(message)
        iri = thing_iri(self._kg, thing)
        around = Surroundings(self._kg, iri, steps)
        notes = [
            f"More than {MAX_FOLLOWED} things lie at one distance: the ties of {around.left_out:,} were not followed."
        ] * bool(around.left_out)
        with self._lock:
            rows = around.rows(self._index, self.language)
        return answer(
            rows, "known", cursor=cursor, limit=limit, notes=notes, nodes=around.things, ties=len(around.ties)
        )

    def _completeness(self) -> pd.DataFrame:
        """Return who holds the stages of the chains."""
        with self._summary_lock:
            chains, language = self._counts.get("Chain", 0), self.language
        if not chains:
            return pd.DataFrame(columns=["chain", "status"])
        function = partial(chain_completeness, self._kg, language=language)
        return self._computations.result("completeness", function, "who holds which stage")

    def _measured(self, name: str, measures: tuple[str, ...]) -> tuple[nx.Graph[str], pd.DataFrame]:
        """Return a network and measures of its nodes, the first measure's greatest first."""
        if name not in networks.PROJECTIONS:
            message = f"there is no network '{name[:50]}', expected one of {', '.join(networks.PROJECTIONS)}"
            raise UsageError(message)
        graph = self._computations.result(name, partial(_network, self._kg, name), f"the network {name}")

        def ranked() -> pd.DataFrame:
            frame = centrality(graph, measures=list(measures), exact=None).reset_index()
            frame = frame.sort_values([measures[0], "node"], ascending=[False, True])
            frame["label"] = [_label(graph.nodes[node], self.language) for node in frame["node"]]
            return frame

        what = f"{', '.join(measures)} of the network {name}"
        return graph, self._computations.result((name, measures), ranked, what)


def _network(kg: KnowledgeGraph, name: str) -> nx.Graph[str]:
    graph = networks.PROJECTIONS[name].function(kg)
    if graph.number_of_edges() > _MANY_TIES:
        message = f"the network has {graph.number_of_edges():,} ties; measure it with 'chaingraph measure centrality'"
        raise NetworkError(message)
    return graph


def _label(attributes: dict[str, Any], language: str) -> str:
    return str(attributes.get(f"label_{language}") or attributes["label"])
