"""Every command that takes a source, against endpoints whose answers do not fit what they were asked.

The commands are those of the command tree, so that a new one is tested by itself. The server is a real one on loopback:
it answers from a store of its own, and then changes the answer.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

import chaingraph.store.remote
from chaingraph.store.transport import Limits
from tests.cli.made_up import TABLES, write_data_set
from tests.cli.shell import run
from tests.cli.test_options import BASE, COMMANDS
from tests.store.servers import DRIPS, JSON, Script, dripping, scripted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Document = dict[str, Any]

WITH_SOURCE = [
    name
    for name, command in COMMANDS.items()
    if any(each.param_type_name == "argument" and each.metavar in {"SOURCE", "OLD"} for each in command.params)
]
INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
IRI = {"type": "uri", "value": "http://e.org/x"}


def each_row(change: Callable[[Document], object]) -> Callable[[Document], Document]:
    def changed(document: Document) -> Document:
        for row in document["results"]["bindings"]:
            change(row)
        return document

    return changed


def each_term(change: Callable[[dict[str, Any]], object]) -> Callable[[Document], Document]:
    return each_row(lambda row: [change(term) for term in row.values()])


def without(place: int) -> Callable[[Document], Document]:
    """Return an answer without one of its variables; of fewer, without the last."""

    def changed(document: Document) -> Document:
        names = document["head"]["vars"]
        for row in document["results"]["bindings"]:
            row.pop(names[min(place, len(names) - 1)], None)
        return document

    return changed


def only_first_row_empty(document: Document) -> Document:
    for row in document["results"]["bindings"][:1]:
        row.clear()
    return document


def count(text: str) -> Callable[[Document], Document]:
    return lambda _: {"head": {"vars": ["n"]}, "results": {"bindings": [{"n": {"type": "literal", "value": text}}]}}


ROWS: dict[str, Callable[[Document], object]] = {
    "rows without the first variable": without(0),
    "rows without the second variable": without(1),
    "one empty row": only_first_row_empty,
    "a variable that was not asked for": each_row(lambda row: row.update(extra=IRI)),
    "nothing for each term": each_row(lambda row: row.update(dict.fromkeys(row))),
    "literals for IRIs": each_term(lambda term: term.update(type="literal")),
    "blank nodes without labels": each_term(lambda term: term.update(type="bnode", value="a b")),
    "IRIs that are none": each_term(lambda term: term.update(type="uri", value="no iri")),
    "languages that are none": each_term(lambda term: term.update({"xml:lang": "no tag!"})),
    "datatypes that are none": each_term(lambda term: term.update(datatype="no iri")),
    "halves of characters": each_term(lambda term: term.update(type="literal", value="\ud800")),
    "triples for terms": each_term(lambda term: term.update(type="triple", value={})),
    "true for rows": lambda _: {"head": {}, "boolean": True},
    "a list for rows": lambda _: [],
    "rows that are lists": lambda _: {"head": {"vars": ["s"]}, "results": {"bindings": [[[]]]}},
}
"""Changes of each answer to a SELECT query, except the numbers of rows."""
COUNTS = {
    "a negative count": count("-1"),
    "a count beyond all": count("9" * 30),
    "a count in other digits": count("١"),
    "a word for a count": count("many"),
    "no rows counted": count("0"),
}
MODES = [*ROWS, *COUNTS]


class HostileServer:
    """Answers from a store, and changes the answer."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store
        self.mode = ""

    def answer(self, text: str, _: int) -> tuple[int, dict[str, str], bytes]:
        result = self.store.query(text)
        if isinstance(result, ox.QueryTriples):
            content = result.serialize(format=ox.RdfFormat.N_TRIPLES) or b""
            return 200, {"Content-Type": "application/n-triples"}, content
        document = json.loads(result.serialize(format=ox.QueryResultsFormat.JSON) or b"")
        if isinstance(result, ox.QuerySolutions):
            change = (COUNTS if "COUNT(*)" in text else ROWS).get(self.mode)
            document = document if change is None else change(document)
        return 200, {"Content-Type": JSON}, json.dumps(document).encode()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[HostileServer, Script]]:
    folder = tmp_path_factory.mktemp("hostile")
    write_data_set(folder / "data", TABLES, "roster")
    assert run("build", folder / "data", "-o", folder / "data.nt").returncode == 0
    store = ox.Store()
    store.bulk_load(path=str(folder / "data.nt"), format=ox.RdfFormat.N_TRIPLES)
    hostile = HostileServer(store)
    with scripted(hostile.answer) as script:
        yield hostile, script


def arguments(name: str, address: str) -> list[str]:
    """Return a command with the address for each of its sources."""
    words = [*name.split(), *BASE.get(name, ("SOURCE",))]
    return [address if word in {"SOURCE", "CHANGED"} else word for word in words]


def assert_one_line(name: str, words: list[str], folder: Path, *, fits: bool = False) -> None:
    """Run a command: it refuses its source in one line, or, if that may fit, answers. A traceback would go through."""
    result = run(*words, cwd=folder)
    lines = result.stderr.splitlines()
    errors = [line for line in lines if line.startswith("chaingraph: ")]
    if not (fits and result.returncode == 0):
        assert (name, result.returncode, len(errors), lines[-1:]) == (name, 2, 1, errors)


def test_every_command_takes_an_endpoint_that_answers_truly(
    server: tuple[HostileServer, Script], tmp_path: Path
) -> None:
    hostile, script = server
    hostile.mode = ""
    for name in ("check", "diff", "network", "measure coverage", "chain completeness"):
        result = run(*arguments(name, script.address), cwd=tmp_path)
        assert (name, result.returncode) == (name, 0), result.stderr


@pytest.mark.parametrize("mode", MODES)
def test_an_answer_that_does_not_fit_the_query_is_refused_in_one_line(
    server: tuple[HostileServer, Script], tmp_path: Path, mode: str
) -> None:
    hostile, script = server
    hostile.mode = mode
    for name in WITH_SOURCE:
        # What these two ask for may be unbound, or a text.
        assert_one_line(name, arguments(name, script.address), tmp_path, fits=name in {"ask", "query"})


def test_no_command_waits_for_an_endpoint_beyond_the_deadline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chaingraph.store.remote, "Limits", partial(Limits, deadline=0.05, tries=1))
    with dripping(*DRIPS["a body"]) as address:
        for name in WITH_SOURCE:
            assert_one_line(name, arguments(name, address), tmp_path)


@pytest.mark.parametrize("suffix", [".nt", ".ttl", ".jsonld"])
def test_an_endpoint_that_has_no_row_for_anything_not_even_a_count_leaves_no_file(tmp_path: Path, suffix: str) -> None:
    def nothing(_: str, __: int) -> tuple[int, dict[str, str], bytes]:
        return 200, {"Content-Type": JSON}, b'{"head": {"vars": ["s"]}, "results": {"bindings": []}}'

    with scripted(nothing) as script:
        result = run("build", script.address, "-o", f"copy{suffix}", cwd=tmp_path)
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
