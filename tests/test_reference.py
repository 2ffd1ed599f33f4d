"""The site builds, says what the files of the ontology say, and leads nowhere that is not there."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote, urlsplit

import pytest
from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, Literal, URIRef
from rdflib.collection import Collection

import chaingraph as cg
from chaingraph.resources import ontology_file
from chaingraph.sparql.questions import questions
from chaingraph.tables.contract import contract
from chaingraph.vocabulary import PREFIXES

ROOT = Path(__file__).resolve().parents[1]
TERMS = PREFIXES["cg"]


class Elements(HTMLParser):
    """The anchors of a page, where its links lead, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        self.ids += [values["id"]] if "id" in values else []
        if tag == "a" and "href" in values:
            self.links.add(values["href"])
        elif tag == "link" and values.get("rel") != "canonical":
            self.loaded.add(values["href"])
        self.loaded |= {values[key] for key in ("src", "srcset", "data", "xlink:href") if key in values}

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as ``make docs`` builds it."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Elements]:
    """The pages of the site by their path in it."""
    paths = sorted(site.rglob("*.html"))
    return {path.relative_to(site).as_posix(): Elements(path.read_text(encoding="utf-8")) for path in paths}


@cache
def generated(module: str) -> ModuleType:
    sys.path.insert(0, str(ROOT / "docs"))
    return import_module(f"generated.{module}")


@cache
def ontology(file: str = "chaingraph.ttl") -> Graph:
    return Graph(bind_namespaces="none").parse(ontology_file(file))


def local_names(file: str, namespace: str, *kinds: URIRef) -> set[str]:
    graph = ontology(file)
    subjects = {str(term) for kind in kinds or (None,) for term in graph.subjects(RDF.type, kind)}
    return {term.removeprefix(namespace) for term in subjects if term.startswith(namespace)}


def test_every_term_code_table_question_and_shape_has_one_anchor(pages: dict[str, Elements]) -> None:
    shapes = local_names("shapes.ttl", "https://w3id.org/chaingraph/shape#", SH.NodeShape, SH.PropertyShape)
    expected = {
        "ontology": local_names("chaingraph.ttl", TERMS),
        "codes": local_names("codes.ttl", PREFIXES["code"]),
        "tables": set(contract()),
        "questions": {question.name for question in questions()},
        "shapes": shapes,
    }
    for name, anchors in expected.items():
        ids = pages[f"reference/{name}.html"].ids
        assert anchors - set(ids) == set(), name
        assert sorted(ids) == sorted(set(ids)), name


def test_every_link_inside_the_site_leads_to_a_place_in_it(pages: dict[str, Elements], site: Path) -> None:
    dead = []
    for name, elements in pages.items():
        for link in elements.links - {"."}:
            parts = urlsplit(link)
            if parts.scheme or name == "404.html":
                continue
            path = os.path.normpath(Path(name).parent / unquote(parts.path)) if parts.path else name
            anchors = pages[path].ids if path in pages else []
            if not (site / path).is_file() or (parts.fragment and unquote(parts.fragment) not in anchors):
                dead.append((name, link))
    assert dead == []


def test_no_page_loads_anything_from_elsewhere(pages: dict[str, Elements]) -> None:
    addresses = {link for elements in pages.values() for link in elements.loaded if urlsplit(link).scheme != ""}
    assert {address for address in addresses if not address.startswith("data:")} == set()


@pytest.mark.parametrize(
    ("file", "page"), [("chaingraph.ttl", "ontology"), ("codes.ttl", "codes"), ("shapes.ttl", "shapes")]
)
def test_every_label_definition_example_and_message_stands_on_its_page_in_both_languages(
    file: str, page: str, pages: dict[str, Elements]
) -> None:
    text = " ".join(" ".join(pages[f"reference/{page}.html"].text).split())
    properties = (RDFS.label, SKOS.definition, SKOS.example, SKOS.altLabel, SH.message)
    values = [value for each in properties for value in ontology(file).objects(None, each)]
    languages = {value.language for value in values if isinstance(value, Literal)}
    assert languages == {"en", "zh"}
    assert [str(value) for value in values if " ".join(str(value).split()) not in text] == []


def test_every_link_to_another_vocabulary_stands_with_its_term(pages: dict[str, Elements]) -> None:
    text = " ".join(pages["reference/ontology.html"].text)
    graph = ontology("align.ttl")
    outside = {node.n3(graph.namespace_manager) for node in graph.objects() if isinstance(node, URIRef)}
    assert len(outside) > 20
    assert {name for name in outside if name not in text} == set()


def test_the_pages_of_questions_and_tables_hold_the_queries_and_every_title(pages: dict[str, Elements]) -> None:
    asked = "".join(pages["reference/questions.html"].text)
    for question in questions():
        assert "".join(question.text[question.text.index("SELECT") :].split()) in "".join(asked.split()), question.name
    text = " ".join(pages["reference/tables.html"].text)
    titles = {title for table in contract().values() for column in table.cells for title in column.titles}
    assert {title for title in titles if title not in text} == set()


def test_what_a_file_says_cannot_become_markup(site: Path) -> None:
    text = (site / "reference" / "questions.html").read_text(encoding="utf-8")
    blocks = re.findall(r"<code>(.*?)</code>", text, re.DOTALL)
    assert {tag for block in blocks for tag in re.findall(r"<(\w+)", block)} <= {"a", "span", "wbr"}
    assert html.escape(f"<{TERMS}>", quote=False) in re.sub(r"</?(?:a|span)\b[^>]*>", "", text)


def test_a_name_of_the_ontology_in_the_text_leads_to_its_definition(pages: dict[str, Elements]) -> None:
    assert "../reference/ontology.html#leads" in pages["explanation/model.html"].links
    assert "codes.html#role" in pages["reference/ontology.html"].links


def test_the_page_of_python_lists_every_public_name_with_what_it_is(pages: dict[str, Elements]) -> None:
    words = " ".join(pages["reference/python/index.html"].text).split()
    assert len(words) > 1000
    for module in (cg, cg.networks, cg.metrics, cg.indicators):
        names = {name for name in module.__all__ if not isinstance(getattr(module, name), ModuleType)}
        assert names - set(words) == set(), module.__name__
    entries = [entry for module in generated("public_api").MODULES for entry in generated("public_api").entries(module)]
    assert [entry.name for entry in entries if not entry.summary] == []


def test_the_diagram_shows_every_class() -> None:
    assert local_names("chaingraph.ttl", TERMS, OWL.Class) == generated("diagram").CLASSES


def test_a_tie_of_the_diagram_joins_what_the_ontology_lets_its_property_join() -> None:
    graph = ontology()

    def admitted(name: str, end: URIRef) -> set[str]:
        classes = set()
        for node in graph.objects(URIRef(TERMS + name), end):
            union = graph.value(node, OWL.unionOf)
            members = [node] if union is None else Collection(graph, union)
            classes |= {str(member)[len(TERMS) :] for member in members}
        return classes

    for tie in generated("diagram").TIES:
        if tie.relation:
            assert (URIRef(TERMS + tie.name), RDF.type, OWL.Class) in graph
        else:
            assert tie.source in (admitted(tie.name, RDFS.domain) or {tie.source}), tie
            assert tie.target in (admitted(tie.name, RDFS.range) or {tie.target}), tie
