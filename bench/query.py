"""Twelve queries that analysts ask, beside rdflib's evaluator over the same triples, in one run.

Both hold the graph in memory. A query counts from its text to the last row read, the least of several runs; answers
must be equal: the same rows, as often, numbers to twelve digits. Prints a Markdown table and writes it, with all
numbers, to bench/results/query.md and query.json.
Run: python bench/query.py [SOURCE ...], the sample data sets if none is named.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import sys
import tempfile
from collections import Counter
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import rdflib

sys.path.insert(0, str(Path(__file__).resolve().parent))
from timing import durations

import chaingraph as cg
from chaingraph.resources import sample
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    pass

RESULTS = Path(__file__).resolve().parent / "results"
SAMPLES = ("jiangsu-2022", "china-consortia", "horizon-batteries")
RUNS = 5
NUMBERS = {PREFIXES["xsd"] + name for name in ("integer", "decimal", "double", "float")}
QUERIES = {
    "lookup": "SELECT ?p ?o { ?s a cg:Organization ; cg:code 'PIC:999984059' ; ?p ?o }",
    "join": """SELECT ?name ?leads { ?o cg:leads ?c ; rdfs:label ?name . ?c rdfs:label ?leads
        FILTER (LANG(?name) = 'en' && LANG(?leads) = 'en') }""",
    "having": """SELECT ?o (COUNT(DISTINCT ?c) AS ?n) { ?o cg:memberOf ?c }
        GROUP BY ?o HAVING (COUNT(DISTINCT ?c) > 4)""",
    "path": "SELECT ?o ?above { ?o a cg:University ; cg:region/cg:within+ ?above }",
    "optional": """SELECT ?o ?kind ?site { ?o a cg:Organization OPTIONAL { ?o cg:kind ?kind }
        OPTIONAL { ?o cg:website ?site } }""",
    "text": "SELECT ?o ?name { ?o a cg:Organization ; rdfs:label ?name FILTER (CONTAINS(LCASE(?name), 'batter')) }",
    "neighbours of neighbours": """SELECT (COUNT(DISTINCT ?other) AS ?n) { ?o cg:leads ?c . ?a cg:memberOf ?c, ?d .
        ?other cg:memberOf ?d FILTER (?c != ?d && ?other != ?a) }""",
    "group by region and industry": """SELECT ?r ?i (COUNT(DISTINCT ?o) AS ?n) { ?o a cg:Organization ; cg:region ?r ;
        cg:memberOf ?c . ?c cg:industry ?i } GROUP BY ?r ?i""",
    "evidence": """SELECT ?m ?words ?title { ?m a cg:Membership ; cg:evidence ?q . ?q cg:exact ?words ;
        cg:source ?source . ?source rdfs:label ?title }""",
    "coverage": """SELECT ?scope (COUNT(DISTINCT ?o) AS ?known) { ?scope a cg:Programme . { ?m cg:programme ?scope }
        UNION { ?m cg:consortium/cg:programme ?scope } ?m a cg:Membership ; cg:organization ?o } GROUP BY ?scope""",
    "dates": """SELECT ?p ?start { ?p a cg:Project ; cg:startEarliest ?start
        FILTER (?start >= '2023-01-01'^^xsd:date && ?start < '2024-07-01'^^xsd:date) }""",
    "construct": """CONSTRUCT { ?a cg:memberOf ?c . ?c rdfs:label ?n }
        WHERE { ?a cg:memberOf ?c ; a cg:Enterprise . ?c rdfs:label ?n }""",
}


def _value(term: Any) -> object:  # noqa: ANN401 - a term of either library, or none
    """Return a term of either library as what both mean by it."""
    if term is None:
        return None
    if isinstance(term, ox.NamedNode | rdflib.URIRef):
        return term.value if isinstance(term, ox.NamedNode) else str(term)
    text = term.value if isinstance(term, ox.Literal) else str(term)
    datatype = term.datatype.value if isinstance(term, ox.Literal) else str(term.datatype or "")
    if datatype in NUMBERS:
        number = float(Decimal(text)) if "e" not in text.lower() else float(text)
        return round(number, 12 - max(0, math.ceil(math.log10(abs(number) + 1))))
    return (text, (term.language or "") and term.language.lower())


def _rows(answer: Any) -> Counter[tuple[object, ...]]:  # noqa: ANN401 - an answer of either library
    if isinstance(answer, ox.QuerySolutions):
        return Counter(tuple(_value(term) for term in row) for row in answer)
    if isinstance(answer, ox.QueryTriples):
        return Counter({tuple(_value(term) for term in triple) for triple in answer})
    if answer.type == "CONSTRUCT":
        return Counter({tuple(_value(term) for term in triple) for triple in answer})
    return Counter(tuple(_value(term) for term in row) for row in answer)


def measurements(store: ox.Store, graph: rdflib.Graph) -> list[dict[str, Any]]:
    """Return one row per query: seconds of both, their ratio, how many rows, and whether the answers are equal."""
    prefixes = dict(PREFIXES)
    rows = []
    for name, text in QUERIES.items():
        ours = _rows(store.query(text, prefixes=prefixes))
        theirs = _rows(graph.query(text, initNs=prefixes))
        mine = min(durations(lambda text=text: list(store.query(text, prefixes=prefixes)), RUNS, longest=10))
        other = min(durations(lambda text=text: list(graph.query(text, initNs=prefixes)), RUNS, longest=10))
        row = {"query": name, "seconds": mine, "rdflib": other, "ratio": other / mine, "rows": sum(ours.values())}
        rows.append(row | {"equal": ours == theirs})
        print(row, ours == theirs, file=sys.stderr)
    return rows


def main() -> int:
    """Measure, print and write; answers that differ end with 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", nargs="*", type=Path, help="data sets; the samples if none")
    options = parser.parse_args()
    sources = options.sources or [sample(name) for name in SAMPLES]
    kg = cg.open(*sources)
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "graph.nt"
        kg.export(ready)
        store, graph = ox.Store(), rdflib.Graph()
        store.bulk_load(path=str(ready))
        graph.parse(ready, format="nt")
    rows = measurements(store, graph)
    mean = math.exp(sum(math.log(row["ratio"]) for row in rows) / len(rows))
    lines = ["| query | rows | seconds | rdflib, s | times faster | equal |", "|---|---:|---:|---:|---:|---|"]
    lines += [
        f"| {row['query']} | {row['rows']:,} | {row['seconds']:.4f} | {row['rdflib']:.4f} | {row['ratio']:.1f}"
        f" | {'yes' if row['equal'] else 'NO'} |"
        for row in rows
    ]
    lines.append(f"| geometric mean | | | | {mean:.1f} | |")
    facts = {
        "sources": [path.name for path in sources],
        "triples": len(kg),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "versions": {name: version(name) for name in ("pyoxigraph", "rdflib")},
        "geometric_mean": mean,
    }
    print("\n".join(lines))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "query.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (RESULTS / "query.json").write_text(json.dumps({"facts": facts, "rows": rows}, indent=1) + "\n", encoding="utf-8")
    return int(not all(row["equal"] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
