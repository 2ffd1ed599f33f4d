"""The reference page says what the ontology's files say, leads nowhere outside itself, and is not stale."""

from __future__ import annotations

import re
import sys
from functools import cache
from html.parser import HTMLParser
from importlib import util
from pathlib import Path
from types import ModuleType

from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.collection import Collection

from chaingraph.resources import ontology_file
from chaingraph.sparql.questions import questions
from chaingraph.vocabulary import PREFIXES

DOCS = Path(__file__).resolve().parents[1] / "docs"
TERMS = PREFIXES["cg"]


@cache
def module(name: str) -> ModuleType:
    spec = util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = util.module_from_spec(spec)
    sys.modules[name] = made
    spec.loader.exec_module(made)
    return made


@cache
def page() -> str:
    made: str = module("reference").page()
    return made


class Elements(HTMLParser):
    """The ids, the links and the names of the elements of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: set[str] = set()
        self.names: set[str] = set()
        self.loaded: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        self.names.add(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.add(given["href"])
        self.loaded |= {given[key] for key in ("src", "srcset", "data", "xlink:href") if key in given}


def ontology() -> Graph:
    return Graph().parse(ontology_file("chaingraph.ttl"))


def test_the_page_is_what_the_files_say_now() -> None:
    assert (DOCS / "reference.html").read_text(encoding="utf-8") == page(), "it is stale: python docs/reference.py"


def test_every_term_code_table_and_question_has_an_anchor_of_its_own() -> None:
    elements = Elements(page())
    terms = {str(term)[len(TERMS) :] for term in ontology().subjects(RDF.type) if str(term).startswith(TERMS)}
    codes = {
        f"code-{str(code).removeprefix(PREFIXES['code'])}"
        for code in Graph().parse(ontology_file("codes.ttl")).subjects(RDF.type)
        if str(code).startswith(PREFIXES["code"])
    }
    asked = {f"question-{question.name}" for question in questions()}
    assert terms | codes | asked <= set(elements.ids)
    assert {f"table-{name}" for name in ("memberships", "reported", "quotes")} <= set(elements.ids)
    assert sorted(elements.ids) == sorted(set(elements.ids))


def test_every_link_leads_to_a_place_on_the_page() -> None:
    elements = Elements(page())
    assert {link for link in elements.links if not link.startswith("#")} == set()
    assert {link for link in elements.links if link[1:] not in elements.ids} == set()


def test_the_page_needs_no_script_and_no_other_file() -> None:
    elements = Elements(page())
    assert elements.names & {"script", "link", "img", "iframe", "object", "embed", "base"} == set()
    assert elements.loaded == set()
    assert "url(" not in page().replace("url(#arrow)", "")


def test_every_label_stands_on_the_page_in_both_languages() -> None:
    text = page()
    for label in ontology().objects(None, RDFS.label):
        escaped = str(label).replace("&", "&amp;").replace("'", "&#39;")
        assert escaped in text, label


def test_what_a_file_says_cannot_become_markup() -> None:
    assert re.search(r"<(?!https?:)\w+[^>]*>", "".join(re.findall(r"<pre>(.*?)</pre>", page(), re.DOTALL))) is None
    assert "&lt;https://w3id.org/chaingraph/ontology#&gt;" in page()


def test_the_diagram_shows_every_class() -> None:
    classes = {
        str(term)[len(TERMS) :] for term in ontology().subjects(RDF.type, OWL.Class) if str(term).startswith(TERMS)
    }
    assert classes == module("diagram").SHOWN


def test_a_tie_of_the_diagram_joins_what_the_ontology_lets_its_property_join() -> None:
    graph = ontology()

    def admitted(name: str, end: URIRef) -> set[str]:
        found = set()
        for node in graph.objects(URIRef(TERMS + name), end):
            union = graph.value(node, OWL.unionOf)
            members = [node] if union is None else Collection(graph, union)
            found |= {str(member)[len(TERMS) :] for member in members}
        return found

    for tie in module("diagram").TIES:
        if tie.relation:
            assert (URIRef(TERMS + tie.name), RDF.type, OWL.Class) in graph
        else:
            assert tie.source in (admitted(tie.name, RDFS.domain) or {tie.source}), tie
            assert tie.target in (admitted(tie.name, RDFS.range) or {tie.target}), tie
