"""The page of the ontology: the diagram, and of each term what it means, with examples, and where it is used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from rdflib import DCTERMS, OWL, RDFS, SKOS, URIRef
from rdflib.collection import Collection

from chaingraph.resources import rule_files
from chaingraph.tables.contract import contract
from chaingraph.vocabulary import PREFIXES
from generated.diagram import diagram
from generated.markdown_text import code, escaped
from generated.ontology import TERMS, graph, names, short, texts, union

if TYPE_CHECKING:
    from rdflib.term import Node

_KINDS = {
    OWL.Class: ("Classes 类", "class 类"),
    OWL.ObjectProperty: ("Properties between things 对象属性", "property between things 对象属性"),
    OWL.DatatypeProperty: ("Properties with values 数值属性", "property with values 数值属性"),
    OWL.AnnotationProperty: ("Annotations 注解属性", "annotation 注解属性"),
}
_REASONER_MARKS = {"cg:isMembership", "cg:isLeadMembership", "cg:isParticipation"}
_ALIGNMENTS = {
    RDFS.subClassOf: "⊑",
    RDFS.subPropertyOf: "⊑",
    SKOS.exactMatch: "=",
    SKOS.closeMatch: "≈",
    SKOS.broadMatch: "<",
    SKOS.narrowMatch: ">",
    SKOS.relatedMatch: "~",
}
_DIAGRAM = """## Diagram 类图

A box is a class; a rounded one is a relation that has a role, a time, an amount or a source and is therefore a node; an
arrow is a direct tie. Each leads to its term.

方框是类，圆角框是带有角色、时间、金额或来源的关系（自成节点），箭头是直接的联系。点击可到达该术语。
{ lang=zh-CN }

<div class="diagram" tabindex="0">
{svg}
</div>"""
_ELSEWHERE = """Under “elsewhere 外部术语”: ⊑ is a kind of, = is, ≈ is close to, < the outside term is broader, >
narrower, ~ related. These links are in `ontology/align.ttl`, which no build reads."""


def page() -> str:
    """Return the page as Markdown."""
    parts = [_head(), _DIAGRAM.replace("{svg}", str(diagram(_label)))]
    for kind, (heading, name) in _KINDS.items():
        parts += [f"## {heading}", *(_term(term, name) for term in names("chaingraph.ttl", "cg", kind))]
    return "\n\n".join(parts) + "\n"


@cache
def anchors() -> frozenset[str]:
    """Return the anchors of the page: the local name of every term."""
    return frozenset(name for kind in _KINDS for name in names("chaingraph.ttl", "cg", kind))


def _head() -> str:
    ontology = URIRef("https://w3id.org/chaingraph/ontology")
    title, description = texts(ontology, DCTERMS.title), texts(ontology, DCTERMS.description)
    version, licence = graph().value(ontology, OWL.versionInfo), graph().value(ontology, DCTERMS.license)
    return f"""# Ontology

**{title["en"]} · {title["zh"]}**

{description["en"]}

{description["zh"]}
{{ lang=zh-CN }}

This page is made from `ontology/chaingraph.ttl`, version {version}, licence <{licence}>. The prefix `cg:` is
`{TERMS}`, `code:` is `{PREFIXES["code"]}`. The namespace is not registered yet: the addresses are names and do not
resolve. How rows of tables become triples is on the page [Tables](tables.md), the codes are on [Code lists](codes.md),
what a graph must look like on [Shapes](shapes.md).

{_ELSEWHERE}"""


def _label(name: str) -> tuple[str, str]:
    """Return the Chinese and the English label of a term."""
    label = texts(URIRef(TERMS + name), RDFS.label)
    return label["zh"], label["en"]


def _term(name: str, kind: str) -> str:
    iri = URIRef(TERMS + name)
    label, definition, example = (texts(iri, each) for each in (RDFS.label, SKOS.definition, SKOS.example))
    parts = [f'### {label["en"]} {label["zh"]} {{ #{name} data-toc-label="{name}" }}', f"{code(f'cg:{name}')}, {kind}"]
    parts += [definition["en"], f"{definition['zh']}\n{{ lang=zh-CN }}"]
    if example["en"] or example["zh"]:
        parts.append(f"> {example['en']}\n>\n> {example['zh']}\n> {{ lang=zh-CN }}")
    lines = [f"- {words}: {', '.join(items)}" for words, items in _facts(name) if items]
    return "\n\n".join([*parts, "\n".join(lines)] if lines else parts)


def _facts(name: str) -> Iterator[tuple[str, list[str]]]:
    """Yield what the files say of a term besides its definition: words in both languages, and items in Markdown."""
    iri = URIRef(TERMS + name)

    def terms(predicate: URIRef) -> list[str]:
        return _codes(graph().objects(iri, predicate))

    yield "kind of 上位类", terms(RDFS.subClassOf)
    yield "kinds 下位类", _codes(graph().subjects(RDFS.subClassOf, iri))
    yield "special case of 上位属性", terms(RDFS.subPropertyOf)
    yield "from 定义域", terms(RDFS.domain)
    yield "to 值域", terms(RDFS.range)
    yield "inverse 逆属性", terms(OWL.inverseOf)
    yield "codes 代码表", terms(RDFS.seeAlso)
    yield "short for 等同路径", sorted(code(_path(head)) for head in graph().objects(iri, OWL.propertyChainAxiom))
    yield "derived by 推导规则", [code(f"rules/{file}") for file in _rules(name)]
    yield "written in 所在表", [f"[{code(place)}](tables.md#{place.partition('.')[0]})" for place in _places(name)]
    questions = sorted(str(question) for question in graph().objects(iri, URIRef(f"{TERMS}neededFor")))
    yield "needed for 所答问题", [f"[{question}](questions.md#{question})" for question in questions]
    yield "elsewhere 外部术语", sorted(escaped(text) for text in _elsewhere(iri))


def _codes(ends: Iterable[Node]) -> list[str]:
    members = {short(node) for end in ends for node in union(end) if isinstance(node, URIRef)}
    return [code(member) for member in sorted(members)]


def _path(head: Node) -> str:
    """Return a property chain as a path, without the properties that only a reasoner needs."""
    steps = []
    for node in Collection(graph(), head):
        inverse = graph().value(node, OWL.inverseOf)
        step = short(node if inverse is None else inverse)
        if step not in _REASONER_MARKS:
            steps.append(step if inverse is None else f"^{step}")
    return " / ".join(steps)


def _rules(name: str) -> list[str]:
    pattern = re.compile(rf"\ba cg:{name}\b \}}")
    return [file.name for file in rule_files() if pattern.search(file.read_text(encoding="utf-8"))]


def _places(name: str) -> list[str]:
    """Return the columns that write a property, and the tables whose rows are of a class or give a short form."""
    places: dict[str, None] = {}
    for table in contract().values():
        for column in table.columns:
            if column.property_url == TERMS + name and not column.virtual:
                places[f"{table.name}.{column.name}"] = None
            elif TERMS + name in (column.value_url, column.property_url):
                places[table.name] = None
    return list(places)


def _elsewhere(iri: URIRef) -> Iterator[str]:
    for predicate, sign in _ALIGNMENTS.items():
        for outside in graph("align.ttl").objects(iri, predicate):
            yield f"{sign} {short(outside, 'align.ttl')}"
