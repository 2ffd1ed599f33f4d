"""What pySHACL and `shacl` make of the W3C's SHACL Core suite; prints a Markdown table and every difference.

The suite is looked for in ``../shared/w3c/shacl/core``, or in the folder that is given. A test is passed when the
results are those of the suite: focus node, path of one property, value, component and severity, blank nodes being
equal.
"""

from __future__ import annotations

import logging
import sys
from collections import Counter
from pathlib import Path

import pyshacl
import shacl
from rdflib import RDF, SH, BNode, Graph, Namespace

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
Results = Counter[tuple[str, ...]]
_PARTS = (SH.focusNode, SH.resultPath, SH.value, SH.sourceConstraintComponent, SH.resultSeverity)
_GRAPHS = (SHT.dataGraph, SHT.shapesGraph)


def results_of(graph: Graph, report: object) -> Results:
    """Return the results of a report as texts."""
    nodes = [node for node in graph.objects(report, SH.result) if node is not None]  # type: ignore[arg-type]
    return Counter(
        tuple("_" if isinstance(term := graph.value(node, part), BNode) else str(term) for part in _PARTS)
        for node in nodes
    )


def reported(text: str) -> Results:
    """Return the results of a report in Turtle."""
    graph = Graph().parse(data=text, format="turtle")
    return results_of(graph, graph.value(None, RDF.type, SH.ValidationReport))


def by_pyshacl(data: Path, shapes: Path) -> Results:
    """Validate by pySHACL."""
    _, report, _ = pyshacl.validate(str(data), shacl_graph=str(shapes), data_graph_format="turtle")
    assert isinstance(report, Graph)
    return results_of(report, report.value(None, RDF.type, SH.ValidationReport))


def by_shacl(data: Path, shapes: Path) -> Results:
    """Validate by `shacl`."""
    return reported(shacl.Shapes.from_file(str(shapes)).validate_file(str(data)).serialize())


def main() -> None:
    """Run the suite and print."""
    logging.disable()
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared/w3c/shacl/core"
    passed: Counter[str] = Counter()
    lines = []
    total = results = 0
    for path in sorted(folder.rglob("*.ttl")):
        graph = Graph().parse(path)
        for test in graph.subjects(RDF.type, SHT.Validate):
            total += 1
            action, expected = graph.value(test, MF.action), graph.value(test, MF.result)
            data, shapes = (Path(str(graph.value(action, part)).removeprefix("file://")) for part in _GRAPHS)
            right = results_of(graph, expected)
            results += right.total()
            for name, validate in (("pySHACL", by_pyshacl), ("shacl", by_shacl)):
                try:
                    outcome = validate(data, shapes)
                except (ValueError, pyshacl.errors.ReportableRuntimeError, pyshacl.errors.ShapeLoadError) as error:
                    lines.append(f"| {path.relative_to(folder)} | {name} | {str(error)[:80]} |")
                    continue
                if outcome == right:
                    passed[name] += 1
                else:
                    counts = f"{(outcome - right).total()} too many, {(right - outcome).total()} missed"
                    lines.append(f"| {path.relative_to(folder)} | {name} | {counts} |")
    print(
        f"{total} tests with {results} results: "
        + ", ".join(f"{name} passes {count}" for name, count in passed.items())
    )
    print("\n| test | validator | difference |\n|---|---|---|\n" + "\n".join(lines))


if __name__ == "__main__":
    main()
