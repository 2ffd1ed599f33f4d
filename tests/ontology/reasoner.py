"""The only place that runs HermiT (through owlready2, which brings it; a Java must be there)."""

from __future__ import annotations

import io
import shutil
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable

XSD = "http://www.w3.org/2001/XMLSchema#"
UNREADABLE = {f"{XSD}{name}" for name in ("date", "dateTime", "gYear", "gYearMonth", "anyURI", "language")}
"""Datatypes in data that HermiT stops at or does not know."""

ANNOTATIONS = (
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://www.w3.org/2000/01/rdf-schema#comment",
    "http://www.w3.org/2000/01/rdf-schema#isDefinedBy",
    "http://www.w3.org/2000/01/rdf-schema#seeAlso",
    "http://www.w3.org/2004/02/skos/core#",
    "http://purl.org/dc/terms/",
    "http://www.w3.org/ns/dcat#",
    "https://w3id.org/chaingraph/ontology#neededFor",
    "https://w3id.org/chaingraph/ontology#attribution",
)
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
NAMED_INDIVIDUAL = ox.NamedNode("http://www.w3.org/2002/07/owl#NamedIndividual")


class InconsistentError(Exception):
    """No world can be as the triples say."""


def missing() -> str | None:
    """Return what HermiT lacks to run, or None."""
    if find_spec("owlready2") is None:
        return "HermiT comes with owlready2 (pip install owlready2)"
    return None if shutil.which("java") else "HermiT needs a Java (apt-get install default-jre-headless)"


def readable(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return the triples without annotations and without values of datatypes that HermiT stops at.

    Nothing that it could conclude is lost: no axiom names a date, and annotations have no meaning in OWL.
    """
    return [
        triple
        for triple in triples
        if not triple.predicate.value.startswith(ANNOTATIONS)
        and not (isinstance(triple.object, ox.Literal) and triple.object.datatype.value in UNREADABLE)
        and not (isinstance(triple.object, ox.NamedNode) and triple.object.value.startswith(ANNOTATIONS))
    ]


def unsatisfiable(triples: Iterable[ox.Triple]) -> set[str]:
    """Return the classes that can have no member.

    Raises:
        InconsistentError: The triples contradict each other.
    """
    found = {getattr(cls, "iri", "") for cls in _reasoned(triples).inconsistent_classes()}
    return {iri for iri in found if iri and not iri.startswith("http://www.w3.org/2002/07/owl#")}


def types(triples: Iterable[ox.Triple]) -> set[tuple[str, str]]:
    """Return each individual that has a type with every named class that follows for it, stated or not.

    Raises:
        InconsistentError: The triples contradict each other.
    """
    given = list(triples)
    individuals = {t.subject for t in given if t.predicate == TYPE and _is_class(t.object)}
    named = [ox.Triple(individual, TYPE, NAMED_INDIVIDUAL) for individual in individuals]
    world = _reasoned([*given, *named])
    found = set()
    for individual in world.individuals():
        above = {cls for direct in individual.is_a if hasattr(direct, "ancestors") for cls in direct.ancestors()}
        found |= {(individual.iri, cls.iri) for cls in above if getattr(cls, "iri", "").startswith("https:")}
    return found


def _is_class(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> bool:
    return isinstance(term, ox.NamedNode) and term.value.startswith("https:")


def _reasoned(triples: Iterable[ox.Triple]) -> Any:  # noqa: ANN401 (owlready2 has no types)
    owlready2 = import_module("owlready2")
    world = owlready2.World()
    text = ox.serialize(readable(triples), format=ox.RdfFormat.N_TRIPLES)
    assert text is not None
    world.get_ontology("https://example.org/loaded").load(fileobj=io.BytesIO(text))
    try:
        owlready2.sync_reasoner_hermit(world, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError as error:
        raise InconsistentError from error
    return world
