"""The only place that runs the quality checks of the ontology over a folder of its files.

Each ``ontology/quality/*.rq`` asks one thing of a store that holds the model, the code lists and, as ``gate:`` facts,
what triples do not show: which file mentions which name, and which questions there are.
"""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TERMS = "https://w3id.org/chaingraph/ontology#"
CODES = "https://w3id.org/chaingraph/code#"
GATE = "urn:chaingraph:gate#"
OWL = "http://www.w3.org/2002/07/owl#"
RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
SORTS = {
    f"{OWL}Class": "class",
    f"{OWL}ObjectProperty": "property",
    f"{OWL}DatatypeProperty": "property",
    f"{OWL}AnnotationProperty": "annotation",
}
MODEL, CODE_LISTS, ALIGNMENT, TABLES, SHAPES = "chaingraph.ttl", "codes.ttl", "align.ttl", "tables.json", "shapes.ttl"


@dataclass(frozen=True, order=True)
class Finding:
    """What a check reports: its name, what it is about (abbreviated) and the value or file that is wrong."""

    check: str
    subject: str
    detail: str = ""


def findings(folder: Path) -> list[Finding]:
    """Return what the checks report over a folder of ontology files and nobody allowed, in order.

    An allowance that no check needs any more is a finding too, so that the list cannot rot.
    """
    try:
        store = store_of(folder)
    except (SyntaxError, ValueError) as error:
        return [Finding("parse", folder.name, str(error))]
    found = {finding for path in check_files(folder) for finding in reported_by(store, path)}
    allowed = allowances(folder)
    stale = allowed.keys() - {(finding.check, finding.subject) for finding in found}
    open_findings = {finding for finding in found if (finding.check, finding.subject) not in allowed}
    return sorted(open_findings | {Finding("stale-allowance", subject, check) for check, subject in stale})


def check_files(folder: Path) -> list[Path]:
    """Return the checks, in the order of their names."""
    return sorted((folder / "quality").glob("*.rq"))


def reported_by(store: ox.Store, check: Path) -> Iterator[Finding]:
    """Yield a finding for each row of a check."""
    solutions = store.query(check.read_text(encoding="utf-8"))
    assert isinstance(solutions, ox.QuerySolutions), check
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        row = dict(zip(names, solution, strict=True))
        yield Finding(check.stem, short(row["subject"]), short(row.get("detail")))


def short(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str:
    """Return a term as an allowance names it: ``cg:name``, ``code:name``, the name of a file, or its text."""
    if term is None or isinstance(term, ox.Triple):
        return ""
    for prefix, namespace in (("cg:", TERMS), ("code:", CODES), ("", "file:")):
        if term.value.startswith(namespace):
            return prefix + term.value.removeprefix(namespace)
    return term.value


def allowances(folder: Path) -> dict[tuple[str, str], str]:
    """Return the reason for each check and subject that may be reported."""
    with (folder / "quality" / "allowed.csv").open(encoding="utf-8", newline="") as file:
        return {(row["check"], row["subject"]): row["reason"] for row in csv.DictReader(file)}


def store_of(folder: Path) -> ox.Store:
    """Return the model and the code lists with the facts about the files beside them.

    Raises:
        SyntaxError: A Turtle file cannot be parsed.
        ValueError: The table contract is not JSON.
    """
    store = ox.Store()
    model = triples(folder / MODEL)
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in [*model, *triples(folder / CODE_LISTS)])
    store.extend(_facts_of_terms(model, json.loads((folder / TABLES).read_text(encoding="utf-8"))))
    store.extend(_facts_of_files(folder, model))
    store.extend(_facts_of_alignment(triples(folder / ALIGNMENT)))
    store.extend(
        fact
        for name in question_names(folder)
        for fact in (_fact(f"question:{name}", "", f"{GATE}Question"), _text(f"question:{name}", LABEL, name))
    )
    return store


def triples(path: Path) -> list[ox.Triple]:
    """Return the triples of a Turtle file, or none where there is no such file."""
    if not path.is_file():
        return []
    return [quad.triple for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)]


def question_names(folder: Path) -> list[str]:
    """Return the names of the competency questions."""
    return sorted(path.stem for path in (folder / "questions").glob("*.rq"))


def _facts_of_terms(model: Iterable[ox.Triple], contract: dict[str, Any]) -> Iterator[ox.Quad]:
    for triple in model:
        kind = SORTS.get(triple.object.value) if isinstance(triple.object, ox.NamedNode) else None
        term = _iri(triple.subject)
        if triple.predicate == RDF_TYPE and kind and term.startswith(TERMS):
            yield _fact(term, "", f"{GATE}Term")
            yield _text(term, ox.NamedNode(f"{GATE}sort"), kind)
    for table in contract["tables"]:
        for column in table["tableSchema"]["columns"]:
            if f"{TERMS}precision" in column:
                for ending in ("", "Earliest", "Latest"):
                    yield _fact(column["propertyUrl"] + ending, "holds", f"{GATE}Date")


def _facts_of_files(folder: Path, model: Iterable[ox.Triple]) -> Iterator[ox.Quad]:
    for name, mentioned in _mentions(folder, model):
        yield _fact(name, "mentions", mentioned)
        if name != MODEL:
            yield _fact(name, "uses", mentioned)
    for triple in model:
        if isinstance(triple.object, ox.NamedNode) and triple.predicate.value != f"{OWL}priorVersion":
            yield _fact(MODEL, "uses", triple.object.value)


def _mentions(folder: Path, model: Iterable[ox.Triple]) -> Iterator[tuple[str, str]]:
    turtle = {MODEL: model, ALIGNMENT: triples(folder / ALIGNMENT), SHAPES: triples(folder / SHAPES)}
    for name, found in turtle.items():
        for triple in found:
            yield from ((name, term.value) for term in _terms_of(triple) if name == MODEL or _is_own(term.value))
    contract = (folder / TABLES).read_text(encoding="utf-8")
    yield from ((TABLES, iri) for iri in re.findall(rf"{re.escape(TERMS)}\w+", contract))
    yield from ((TABLES, iri) for iri in codes_of_tables(json.loads(contract)))
    for path in [*sorted((folder / "rules").glob("*.rq")), *sorted((folder / "questions").glob("*.rq"))]:
        text = re.sub(r"(?m)^\s*(#|PREFIX\b).*$", "", path.read_text(encoding="utf-8"))
        for prefix, local in re.findall(r"\b(cg|code):([\w-]+)", text):
            yield f"{path.parent.name}/{path.name}", (TERMS if prefix == "cg" else CODES) + local


def codes_of_tables(contract: dict[str, Any]) -> Iterator[str]:
    """Yield each code list that a column names and each code that a condition compares with."""
    for table in contract["tables"]:
        columns = table["tableSchema"]["columns"]
        lists = {
            c["name"]: c["valueUrl"].partition("-{")[0] for c in columns if c.get("valueUrl", "").startswith(CODES)
        }
        yield from lists.values()
        conditions = [c[f"{TERMS}when"] for c in columns if f"{TERMS}when" in c]
        conditions += [table[f"{TERMS}merges"]["when"]] if f"{TERMS}merges" in table else []
        for condition in conditions:
            yield from (f"{lists[column]}-{notation}" for column, notation in dict(condition).items())


def _terms_of(triple: ox.Triple) -> list[ox.NamedNode]:
    return [term for term in (triple.subject, triple.predicate, triple.object) if isinstance(term, ox.NamedNode)]


def _iri(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return term.value if isinstance(term, ox.NamedNode) else "urn:chaingraph:unnamed"


def _is_own(iri: str) -> bool:
    return iri.startswith((TERMS, CODES))


def _facts_of_alignment(links: Iterable[ox.Triple]) -> Iterator[ox.Quad]:
    for number, link in enumerate(links):
        yield _fact(f"link:{number}", "aligns", _iri(link.subject))
        yield _fact(f"link:{number}", "by", _iri(link.predicate))
        yield _fact(f"link:{number}", "to", _iri(link.object))


def _fact(subject: str, name: str, value: str) -> ox.Quad:
    predicate = ox.NamedNode(GATE + name) if name else RDF_TYPE
    return ox.Quad(_node(subject), predicate, _node(value))


def _text(subject: str, predicate: ox.NamedNode, text: str) -> ox.Quad:
    return ox.Quad(_node(subject), predicate, ox.Literal(text))


def _node(name: str) -> ox.NamedNode:
    return ox.NamedNode(name if ":" in name else f"file:{name}")
