"""What takes the whole of a large graph holds nobody up: who asks is told to call again, and gets it then."""

from __future__ import annotations

from threading import Event, Thread

import pytest

from chaingraph.assistant.computations import Computations, NotReadyError
from chaingraph.assistant.toolbox import Toolbox
from chaingraph.errors import NetworkError
from chaingraph.resources import sample
from chaingraph.store import KnowledgeGraph


def test_a_large_graph_is_computed_once_while_who_asked_does_other_things() -> None:
    computations, gate, calls = Computations(waits=False), Event(), []

    def network() -> str:
        gate.wait()
        calls.append("network")
        return "the network"

    for _ in range(2):
        with pytest.raises(
            NotReadyError, match=r"^the network takes the whole of a large graph .* the same call again"
        ):
            computations.result("network", network, "the network")
    gate.set()
    result = ""
    while not result:
        try:
            result = computations.result("network", network, "the network")
        except NotReadyError:
            continue
    assert (result, calls) == ("the network", ["network"])


def test_a_small_graph_is_waited_for() -> None:
    computations, gate = Computations(waits=True), Event()
    results: list[bool] = []
    asks = Thread(target=lambda: results.append(computations.result("network", gate.wait, "the network")))
    asks.start()
    gate.set()
    asks.join()
    assert results == [True]


def test_what_cannot_be_computed_is_refused_each_time_with_its_reason() -> None:
    computations = Computations(waits=True)

    def network() -> str:
        message = "the network has too many ties"
        raise NetworkError(message)

    for _ in range(2):
        with pytest.raises(NetworkError, match=r"^the network has too many ties$"):
            computations.result("network", network, "the network")


def test_the_answers_about_a_large_graph_are_those_about_a_small_one() -> None:
    kg = KnowledgeGraph.open(sample("jiangsu-2022"))
    small, large = Toolbox(kg), Toolbox(kg, large=0)

    def patiently(toolbox: Toolbox, name: str, *arguments: object) -> str:
        while True:
            try:
                answer: str = getattr(toolbox, name)(*arguments)
            except NotReadyError:
                continue
            return answer

    for name, *arguments in (
        ("measure", "affiliation", ["degree", "betweenness"]),
        ("ask", "who-leads", {}),
        ("chain_gaps",),
        ("coverage",),
    ):
        assert patiently(large, name, *arguments) == getattr(small, name)(*arguments)
