"""Graphs as RDF/XML: what it cannot hold is refused, everything else is read again as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from hypothesis import event, given, reject, settings
from hypothesis import strategies as st

from chaingraph.errors import UsageError
from chaingraph.sparql.rdf_results import xml_document
from chaingraph.vocabulary import PREFIXES
from tests.cli.shell import run

if TYPE_CHECKING:
    from pathlib import Path

SUBJECT = ox.NamedNode("http://e.org/s")
ENDS = [
    "a",
    "_",
    "1",
    "a1",
    "",
    "#",
    "a.b",
    "-a",
    "a:",
    "中",
    "%20b",
    "é",
    "(b)",
    "a?b=c&d",
    "xml",
    "\U00010400",
    "a'b",
    "·",
]
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@settings(deadline=None)
@given(
    st.sampled_from(["http://e.org/", "urn:x:", RDF, "http://www.w3.org/2000/xmlns/", PREFIXES["cg"]]),
    st.lists(st.sampled_from([*ENDS, "li", "Description", "_1"]), max_size=3).map("".join),
    st.text(st.characters(codec="utf-8"), max_size=8),
    st.sampled_from(["plain", "en", "typed"]),
)
def test_a_graph_is_written_so_that_it_is_read_again_or_is_refused(
    namespace: str, name: str, text: str, kind: str
) -> None:
    literal = {
        "plain": ox.Literal(text),
        "en": ox.Literal(text, language="en"),
        "typed": ox.Literal(text, datatype=ox.NamedNode("http://e.org/d&t")),
    }[kind]
    try:
        predicate = ox.NamedNode(namespace + name)
    except ValueError:
        reject()
    triples = [ox.Triple(SUBJECT, predicate, literal)]
    try:
        document = xml_document(triples, PREFIXES)
    except UsageError as error:
        event("refused")
        document, message = b"", str(error)
    if not document:
        assert message.startswith("RDF/XML cannot hold this graph: ")
        assert message.endswith("; write Turtle (.ttl)")
        return
    ElementTree.fromstring(document)
    assert [quad.triple for quad in ox.parse(document, ox.RdfFormat.RDF_XML)] == triples


@pytest.mark.parametrize(
    ("triple", "reason"),
    [
        ("<http://e.org/_> 'v'", "the property <http://e.org/_> does not end in a name"),
        ("<http://e.org/1> 'v'", "the property <http://e.org/1> does not end in a name"),
        (r"<http://e.org/p> 'a\u0001b'", r"XML does not keep U+0001 in 'a\x01b'"),
        (r"<http://e.org/p> 'a\rb'", r"XML does not keep U+000D in 'a\rb'"),
        (f"<{RDF}li> 'v'", "its document would be none that parsers read"),
    ],
)
def test_what_rdf_xml_cannot_hold_is_refused_and_nothing_is_written(tmp_path: Path, triple: str, reason: str) -> None:
    source = tmp_path / "in.ttl"
    source.write_text(f"<http://e.org/s> {triple} .", encoding="utf-8")
    answer = run("build", source, "-o", tmp_path / "out.rdf")
    assert (answer.returncode, (tmp_path / "out.rdf").exists()) == (2, False)
    assert f"RDF/XML cannot hold this graph: {reason}" in answer.stderr
    assert "write Turtle (.ttl)" in answer.stderr
    assert run("build", source, "-o", tmp_path / "out.ttl").returncode == 0
