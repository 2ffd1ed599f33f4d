"""The built data sets keep the axioms, as far as a query sees it: nothing is in two classes that exclude each other."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from chaingraph.resources import SAMPLES, ontology_file, sample
from chaingraph.store import KnowledgeGraph
from tests.ontology.gate import MODEL

PREFIXES = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
EXCLUDED = """
SELECT DISTINCT ?thing WHERE {
  {
    SELECT ?one ?other WHERE {
      ?axiom a owl:AllDisjointClasses ; owl:members/rdf:rest* ?here .
      ?here rdf:first/(owl:unionOf/rdf:rest*/rdf:first)? ?one ;
            rdf:rest+/rdf:first/(owl:unionOf/rdf:rest*/rdf:first)? ?other .
    }
  }
  ?thing a ?one , ?other .
}
"""
OUTSIDE = """
SELECT DISTINCT ?thing WHERE {
  {
    SELECT ?property ?end WHERE {
      ?property rdfs:%s ?end .
      FILTER(!STRSTARTS(STR(?end), "http://www.w3.org/"))
    }
  }
  ?subject ?property ?object .
  BIND(%s AS ?thing)
  FILTER NOT EXISTS { ?thing a ?end }
  FILTER NOT EXISTS { ?end owl:unionOf/rdf:rest*/rdf:first ?member . ?thing a ?member }
}
"""


@pytest.fixture(scope="module", params=SAMPLES)
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    """A built data set with the model beside it."""
    path = tmp_path_factory.mktemp("built") / "graph.nt"
    KnowledgeGraph.open(sample(request.param)).export(path)
    found = ox.Store()
    found.bulk_load(path=path, format=ox.RdfFormat.N_TRIPLES)
    found.load(path=ontology_file(MODEL), format=ox.RdfFormat.TURTLE)
    return found


def things(store: ox.Store, query: str) -> list[str]:
    solutions = store.query(PREFIXES + query)
    assert isinstance(solutions, ox.QuerySolutions)
    return sorted(str(solution["thing"]) for solution in solutions)


def test_no_thing_is_in_two_classes_that_exclude_each_other(store: ox.Store) -> None:
    assert things(store, EXCLUDED) == []


def test_every_property_starts_and_ends_in_things_of_its_classes(store: ox.Store) -> None:
    assert things(store, OUTSIDE % ("domain", "?subject")) == []
    assert things(store, OUTSIDE % ("range", "?object")) == []


@pytest.mark.parametrize("pair", ["cg:Platform , cg:Organization", "cg:Consortium , cg:Quote", "cg:Stage , cg:Chain"])
def test_a_thing_in_two_excluding_classes_would_be_found(pair: str) -> None:
    store = ox.Store()
    store.load(path=Path(ontology_file(MODEL)), format=ox.RdfFormat.TURTLE)
    data = f"@prefix cg: <https://w3id.org/chaingraph/ontology#> . <https://example.org/x> a {pair} ; cg:hostedBy [] ."
    store.load(data.encode(), format=ox.RdfFormat.TURTLE)
    assert things(store, EXCLUDED) == ["<https://example.org/x>"]
    assert len(things(store, OUTSIDE % ("range", "?object"))) == 1
