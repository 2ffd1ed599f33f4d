"""Make the reference page of the ontology, ``docs/reference.html``, from the ontology's own files.

``python docs/reference.py`` writes it. Everything on the page is read from ``ontology/``: terms, code lists, tables,
shapes, questions and links to other vocabularies; the words of the page itself are in the template.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup
from rdflib import DCTERMS, OWL, RDF, RDFS, SH, SKOS, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import BNode, Node

sys.path.insert(0, str(Path(__file__).resolve().parent))

from diagram import diagram

from chaingraph.errors import UsageError
from chaingraph.export.files import write_text
from chaingraph.resources import ontology_file, rule_files
from chaingraph.sparql.questions import questions
from chaingraph.vocabulary import CG, PREFIXES, CodeList, code_list

HERE = Path(__file__).resolve().parent
PAGE = HERE / "reference.html"
TERMS = PREFIXES["cg"]
KINDS = {
    OWL.Class: ("class", "类"),
    OWL.ObjectProperty: ("object property", "对象属性"),
    OWL.DatatypeProperty: ("value property", "数值属性"),
    OWL.AnnotationProperty: ("annotation property", "注解属性"),
}
OUTSIDE = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "eurio": "http://data.europa.eu/s66#",
    "frapo": "http://purl.org/cerif/frapo/",
    "iof": "https://spec.industrialontologies.org/ontology/construct/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "shape": "https://w3id.org/chaingraph/shape#",
    "vivo": "http://vivoweb.org/ontology/core#",
}
MARKS = ("isMembership", "isLeadMembership", "isParticipation")
DAYS = ("Earliest", "Latest")


@dataclass(frozen=True)
class Fact:
    """A line below a term: a word in both languages, and items that are (text, anchor or None)."""

    english: str
    chinese: str
    items: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class Term:
    """A term of the ontology as the page shows it; ``days`` are the names and labels of its earliest and latest day."""

    name: str
    kind: tuple[str, str]
    label: dict[str, str]
    definition: dict[str, str]
    example: dict[str, str]
    facts: tuple[Fact, ...]
    days: tuple[tuple[str, dict[str, str]], ...]


@cache
def ontology() -> Graph:
    """Return the ontology."""
    return Graph().parse(ontology_file("chaingraph.ttl"))


@cache
def optional(name: str) -> Graph:
    """Return a file of the ontology that need not be there."""
    try:
        return Graph().parse(ontology_file(name))
    except UsageError:
        return Graph()


def in_order_of_file(file: str, prefix: str, names: set[str]) -> list[str]:
    """Return names in the order in which a Turtle file defines them."""
    text = ontology_file(file).read_text(encoding="utf-8")
    order = {name: number for number, name in enumerate(re.findall(rf"(?m)^{prefix}:([\w-]+) a ", text))}
    return sorted(names, key=lambda name: (order.get(name, len(order)), name))


def short(node: Node) -> str:
    """Return a name as the files write it."""
    for prefix, namespace in {**PREFIXES, **OUTSIDE}.items():
        if str(node).startswith(namespace):
            return f"{prefix}:{str(node)[len(namespace) :]}"
    return str(node)


def item(node: Node) -> tuple[str, str | None]:
    """Return the text of a node with the anchor on the page that it leads to."""
    name = short(node)
    if name.startswith("cg:"):
        return name, name[3:]
    if name.startswith("code:"):
        return name, f"code-{name[5:]}"
    return name, None


def by_language(graph: Graph, subject: Node, predicate: URIRef) -> dict[str, str]:
    """Return the texts of a subject by language; what is missing is empty."""
    found = {"en": "", "zh": ""}
    for text in sorted(graph.objects(subject, predicate), key=str):
        if isinstance(text, Literal) and text.language in found:
            found[text.language] = str(text)
    return found


def union(node: Node) -> list[Node]:
    """Return the classes that a domain or range admits."""
    members = ontology().value(node, OWL.unionOf)
    return [node] if members is None else list(Collection(ontology(), members))


def steps(head: Node) -> str:
    """Return a property chain as a path, without the marks that only a reasoner needs."""
    names = []
    for node in Collection(ontology(), head):
        inverse = ontology().value(node, OWL.inverseOf)
        name = short(node if inverse is None else inverse)
        if name.removeprefix("cg:") not in MARKS:
            names.append(name if inverse is None else f"^{name}")
    return " / ".join(names)


@cache
def tables() -> list[dict[str, Any]]:
    """Return the tables of the contract."""
    found: list[dict[str, Any]] = json.loads(ontology_file("tables.json").read_text(encoding="utf-8"))["tables"]
    return found


def table_name(table: dict[str, Any]) -> str:
    """Return the name of a table."""
    return str(table["url"]).removesuffix(".csv")


def columns_of(term: str) -> tuple[tuple[str, str | None], ...]:
    """Return the columns that write a property, or the tables whose rows are of a class."""
    found: dict[str, str] = {}
    for table in tables():
        name = table_name(table)
        for column in table["tableSchema"]["columns"]:
            if column.get("propertyUrl") == TERMS + term and not column.get("virtual"):
                found[f"{name}.{column['name']}"] = f"table-{name}"
            elif column.get("valueUrl") == TERMS + term or (
                column.get("virtual") and column.get("propertyUrl") == TERMS + term
            ):
                found[name] = f"table-{name}"
    return tuple(found.items())


def outside(term: URIRef) -> tuple[tuple[str, str | None], ...]:
    """Return what align.ttl says of a term."""
    graph = optional("align.ttl")
    words = {RDFS.subClassOf: "⊑", RDFS.subPropertyOf: "⊑", SKOS.exactMatch: "=", SKOS.closeMatch: "≈"}
    words |= {SKOS.broadMatch: "<", SKOS.narrowMatch: ">", SKOS.relatedMatch: "~"}
    found = {f"{word} {short(o)}" for predicate, word in words.items() for o in graph.objects(term, predicate)}
    return tuple((text, None) for text in sorted(found))


def facts(name: str) -> tuple[Fact, ...]:
    """Return what the ontology and the other files say of a term besides its definition."""
    graph, term = ontology(), URIRef(TERMS + name)

    def nodes(predicate: URIRef, *, inverse: bool = False) -> tuple[tuple[str, str | None], ...]:
        ends = graph.subjects(predicate, term) if inverse else graph.objects(term, predicate)
        return tuple(sorted(item(node) for end in ends for node in union(end) if isinstance(node, URIRef)))

    rules = [path.name for path in rule_files() if re.search(rf"\ba cg:{name}\b \}}", path.read_text(encoding="utf-8"))]
    asked = sorted(str(o) for o in graph.objects(term, URIRef(f"{TERMS}neededFor")))
    chains = sorted(steps(head) for head in graph.objects(term, OWL.propertyChainAxiom))
    found = (
        Fact("kind of", "上位类", nodes(RDFS.subClassOf)),
        Fact("kinds", "下位类", nodes(RDFS.subClassOf, inverse=True)),
        Fact("special case of", "上位属性", nodes(RDFS.subPropertyOf)),
        Fact("from", "定义域", nodes(RDFS.domain)),
        Fact("to", "值域", nodes(RDFS.range)),
        Fact("inverse", "逆属性", nodes(OWL.inverseOf)),
        Fact("codes", "代码表", nodes(RDFS.seeAlso)),
        Fact("short for", "等同路径", tuple((text, None) for text in chains)),
        Fact("derived by", "推导规则", tuple((f"rules/{text}", None) for text in rules)),
        Fact("written in", "所在表", columns_of(name)),
        Fact("needed for", "所答问题", tuple((text, f"question-{text}") for text in asked)),
        Fact("elsewhere", "外部术语", outside(term)),
    )
    return tuple(fact for fact in found if fact.items)


def terms() -> dict[str, list[Term]]:
    """Return the terms by kind, each in the order of the file; a date's earliest and latest day stand with the date."""
    graph = ontology()
    found: dict[str, list[Term]] = {}
    for kind, words in KINDS.items():
        names = {
            str(term).removeprefix(TERMS) for term in graph.subjects(RDF.type, kind) if str(term).startswith(TERMS)
        }
        days = {name: tuple(name + day for day in DAYS if name + day in names) for name in names}
        folded = {day for pair in days.values() for day in pair}
        found[words[0]] = [
            Term(
                name,
                words,
                by_language(graph, URIRef(TERMS + name), RDFS.label),
                by_language(graph, URIRef(TERMS + name), SKOS.definition),
                by_language(graph, URIRef(TERMS + name), SKOS.example),
                facts(name),
                tuple((day, by_language(graph, URIRef(TERMS + day), RDFS.label)) for day in days[name]),
            )
            for name in in_order_of_file("chaingraph.ttl", "cg", names - folded)
        ]
    return found


def lists() -> list[CodeList]:
    """Return the code lists in the order of their file, each with its definition and those of its codes."""
    graph = optional("codes.ttl")
    names = {short(scheme).removeprefix("code:") for scheme in graph.subjects(RDF.type, SKOS.ConceptScheme)}
    return [code_list(name) for name in in_order_of_file("codes.ttl", "code", names)]


def code_definition(iri: str) -> dict[str, str]:
    """Return the definition of a code or list in both languages."""
    return by_language(optional("codes.ttl"), URIRef(iri), SKOS.definition)


def table_views() -> list[dict[str, Any]]:
    """Return the tables with the columns that a person fills."""
    found = []
    for table in tables():
        schema = table["tableSchema"]
        references = {key["columnReference"]: key["reference"]["resource"] for key in schema.get("foreignKeys", ())}
        virtual = [column for column in schema["columns"] if column.get("virtual")]
        found.append(
            {
                "name": table_name(table),
                "en": [title["@value"] for title in table["dc:title"] if title["@language"] == "en"],
                "zh": [title["@value"] for title in table["dc:title"] if title["@language"] == "zh"],
                "key": schema["primaryKey"] if isinstance(schema["primaryKey"], list) else [schema["primaryKey"]],
                "one_of": table.get(f"{TERMS}atLeastOneOf", []),
                "classes": [
                    (item(URIRef(column["valueUrl"])), column.get(f"{TERMS}when", {}))
                    for column in virtual
                    if column["propertyUrl"] == str(RDF.type)
                ],
                "shorts": [
                    (item(URIRef(column["propertyUrl"])), column.get(f"{TERMS}when", {}))
                    for column in virtual
                    if column["propertyUrl"] != str(RDF.type)
                ],
                "columns": [
                    column_view(column, references.get(column["name"]))
                    for column in schema["columns"]
                    if not column.get("virtual")
                ],
            }
        )
    return found


def column_view(column: dict[str, Any], reference: str | None) -> dict[str, Any]:
    """Return what the page shows of a column."""
    datatype = column.get("datatype", "string")
    plain = datatype if isinstance(datatype, str) else str(datatype["base"])
    value, anchor = plain, None
    if match := re.fullmatch(rf"{re.escape(PREFIXES['code'])}([a-z-]+)-\{{\w+\}}", column.get("valueUrl", "")):
        value, anchor = f"code:{match[1]}", f"code-{match[1]}"
    elif reference is not None:
        value, anchor = f"→ {reference.removesuffix('.csv')}", f"table-{reference.removesuffix('.csv')}"
    elif f"{TERMS}referenceTable" in column:
        value = f"→ {column[f'{TERMS}referenceTable']}"
    elif f"{TERMS}precision" in column:
        value = "date"
    limits = []
    if isinstance(datatype, dict):
        limits = [f"{word} {datatype[key]}" for key, word in (("minimum", "≥"), ("maximum", "≤")) if key in datatype]
        limits += [str(datatype["format"])] if "format" in datatype else []
    return {
        "name": column["name"],
        "en": column["titles"]["en"],
        "zh": column["titles"]["zh"],
        "required": column.get("required", False),
        "several": "separator" in column,
        "value": value,
        "anchor": anchor,
        "limits": limits,
        "property": item(URIRef(column["propertyUrl"])) if "propertyUrl" in column else None,
    }


def shacl_path(node: Node) -> str:
    """Return the path of a shape as SPARQL writes it."""
    graph = optional("shapes.ttl")
    if isinstance(node, URIRef):
        return short(node)
    inverse, either = graph.value(node, SH.inversePath), graph.value(node, SH.alternativePath)
    if inverse is not None:
        return f"^{shacl_path(inverse)}"
    if either is not None:
        return " | ".join(shacl_path(part) for part in Collection(graph, either))
    for predicate, mark in ((SH.zeroOrMorePath, "*"), (SH.oneOrMorePath, "+"), (SH.zeroOrOnePath, "?")):
        repeated = graph.value(node, predicate)
        if repeated is not None:
            return shacl_path(repeated) + mark
    return " / ".join(shacl_path(part) for part in Collection(graph, node))


def constraints(shape: Node) -> list[str]:
    """Return the constraints of a shape, one text each, sorted."""
    graph = optional("shapes.ttl")
    said = {SH.path, SH.severity, SH.message, SH.targetClass, SH.property, SH.targetSubjectsOf, SH.targetObjectsOf}
    found = []
    for predicate, value in graph.predicate_objects(shape):
        if predicate in said or predicate == RDF.type or not str(predicate).startswith(str(SH)):
            continue
        text = short(value) if isinstance(value, URIRef) else str(value)
        if isinstance(value, BNode):
            head = graph.value(value, RDF.first)
            text = "…" if head is None else ", ".join(brief(part) for part in Collection(graph, value))
        found.append(f"{short(predicate).removeprefix('sh:')} {text}")
    return sorted(found)


def brief(node: Node) -> str:
    """Return a member of a list in a shape: a name, a value, or what a nested shape asks for."""
    return "(" + "; ".join(constraints(node)) + ")" if isinstance(node, BNode) else short(node)


def shapes() -> dict[str, list[dict[str, Any]]]:
    """Return node shapes and property shapes in the order of their file."""
    graph = optional("shapes.ttl")
    if not len(graph):
        return {"nodes": [], "properties": []}
    found: dict[str, list[dict[str, Any]]] = {}
    for key, kind in (("nodes", SH.NodeShape), ("properties", SH.PropertyShape)):
        names = {
            short(shape).removeprefix("shape:") for shape in graph.subjects(RDF.type, kind) if isinstance(shape, URIRef)
        }
        found[key] = [shape_view(name) for name in in_order_of_file("shapes.ttl", "shape", names)]
    return found


def shape_view(name: str) -> dict[str, Any]:
    """Return what the page shows of a shape."""
    graph, shape = optional("shapes.ttl"), URIRef(OUTSIDE["shape"] + name)
    path = graph.value(shape, SH.path)
    severity = graph.value(shape, SH.severity, default=SH.Violation)
    return {
        "name": name,
        "target": sorted(item(node) for node in graph.objects(shape, SH.targetClass)),
        "path": None if path is None else shacl_path(path),
        "constraints": constraints(shape),
        "message": by_language(graph, shape, SH.message),
        "warning": severity != SH.Violation,
        "properties": sorted(short(node).removeprefix("shape:") for node in graph.objects(shape, SH.property)),
    }


def question_views() -> list[dict[str, Any]]:
    """Return the questions with the query below its header and the number of rows that stand beside it."""
    found = []
    for question in questions():
        header = re.match(r"(?:#.*\n)+\n*", question.text)
        given = {p.name: question.arguments.get(p.name, p.example) for p in question.parameters if p.required}
        given |= dict(question.arguments)
        found.append(
            {
                "question": question,
                "query": question.text[header.end() if header else 0 :].strip(),
                "call": "".join(f' -p {name}="{value}"' for name, value in given.items()),
            }
        )
    return found


def label(name: str) -> tuple[str, str]:
    """Return the Chinese and English label of a term; a term that is not there is an error."""
    texts = by_language(ontology(), CG[name], RDFS.label)
    return texts["zh"], texts["en"]


def page() -> str:
    """Return the page."""
    root = URIRef("https://w3id.org/chaingraph/ontology")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("reference.html.j2").render(
        # The style sheet is ours and holds quotes and > that must stay; everything else on the page is escaped.
        style=Markup((HERE / "reference.css").read_text(encoding="utf-8")),
        title=by_language(ontology(), root, DCTERMS.title),
        description=by_language(ontology(), root, DCTERMS.description),
        version=str(ontology().value(root, OWL.versionInfo)),
        licence=str(ontology().value(root, DCTERMS.license)),
        diagram=diagram(label),
        terms=terms(),
        kinds=list(KINDS.values()),
        tables=table_views(),
        lists=lists(),
        code_definition=code_definition,
        questions=question_views(),
        shapes=shapes(),
        prefixes=PREFIXES,
        has_links=bool(len(optional("align.ttl"))),
        table_names=[table_name(table) for table in tables()],
    )


if __name__ == "__main__":
    write_text(PAGE, page())
