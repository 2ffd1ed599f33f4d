"""Hierarchies as nobody has them: 20,000 deep, and in circles. Each is a finding or a limit that is said, no hang.

Times are not asserted: what would take the square of such a length would never end, or fill the memory.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import chaingraph as cg
from chaingraph.checks.shapes import violations
from chaingraph.errors import UsageError
from chaingraph.queries.filters import Selection
from chaingraph.queries.hierarchy import DEEPEST, ancestors, at_level, circles, paths
from chaingraph.queries.nodes import NodeReader
from chaingraph.queries.places import region_places
from chaingraph.queries.roll_up import rows_in_circles, top_parents

DEEP = 20_000
LONG = 2_000
SHAPES = {
    ("Region", "within"): "region-within-cycle",
    ("Programme", "within"): "programme-within-cycle",
    ("Project", "within"): "project-within-cycle",
    ("Industry", "broader"): "industry-broader-cycle",
    ("Product", "broader"): "product-broader-cycle",
    ("Organization", "partOf"): "part-of-cycle",
}


def graph(folder: Path, class_name: str, name: str, pairs: list[tuple[int, int]], more: str = "") -> cg.KnowledgeGraph:
    """Return a graph of things of a class, with pairs of one and what it lies within."""
    numbers = sorted({number for pair in pairs for number in pair})
    prefixes = (
        "PREFIX cg: <https://w3id.org/chaingraph/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
        "PREFIX : <http://e/>\n"
    )
    things = "".join(f':{n} a cg:{class_name} ; rdfs:label "t{n}" .\n' for n in numbers)
    steps = "".join(f":{one} cg:{name} :{other} .\n" for one, other in pairs)
    (folder / "deep.ttl").write_text(prefixes + things + steps + more, encoding="utf-8")
    return cg.open(folder / "deep.ttl")


def chain(length: int) -> list[tuple[int, int]]:
    return [(number, number + 1) for number in range(length)]


@pytest.mark.parametrize(("class_name", "name"), SHAPES)
def test_a_long_chain_breaks_no_shape_and_a_circle_is_a_finding(tmp_path: Path, class_name: str, name: str) -> None:
    (tmp_path / "chain").mkdir()
    assert violations(graph(tmp_path / "chain", class_name, name, chain(LONG))).empty
    frame = violations(graph(tmp_path, class_name, name, [(0, 1), (1, 2), (2, 1), (3, 3)]))
    assert frame[["focus", "label", "shape", "value"]].to_numpy().tolist() == [
        ["http://e/1", "t1", SHAPES[class_name, name], "http://e/2"],
        ["http://e/2", "t2", SHAPES[class_name, name], "http://e/1"],
        ["http://e/3", "t3", SHAPES[class_name, name], ""],
    ]


def test_the_circles_among_many_pairs_are_told_from_what_only_leads_there() -> None:
    pairs = [(str(one), str(other)) for one, other in chain(DEEP)]
    assert circles(pairs) == []
    assert circles([*pairs, (str(DEEP), "0"), ("x", "0")]) == [*pairs, (str(DEEP), "0")]


def test_levels_are_taken_of_a_hierarchy_of_a_hundred_and_refused_beyond(tmp_path: Path) -> None:
    reader = NodeReader(graph(tmp_path, "Region", "within", chain(DEEPEST)))
    assert [len(path) for path in paths(reader, "Region").values()].count(DEEPEST + 1) == 1
    assert ancestors(reader).height == DEEPEST * (DEEPEST + 1) // 2
    assert set(at_level(reader, "Region", 0)["place"]) == {f"http://e/{DEEPEST}"}
    reader = NodeReader(graph(tmp_path, "Region", "within", chain(DEEP)))
    for measure in (lambda: paths(reader, "Region"), lambda: ancestors(reader)):
        with pytest.raises(UsageError, match="lies more than 100 levels deep, or in too many others; mend 'within'"):
            measure()


def test_a_region_has_all_within_it_however_deep(tmp_path: Path) -> None:
    more = ':o a cg:Organization ; rdfs:label "o" ; cg:region :0 ; cg:latitude 30.0 ; cg:longitude 120.0 .\n'
    kg = graph(tmp_path, "Region", "within", chain(DEEP), more)
    assert Selection(regions=[f"http://e/{DEEP}"]).organizations(NodeReader(kg))["s"].to_list() == ["http://e/o"]
    places = region_places(NodeReader(kg))
    assert (places.height, set(places["latitude"]), set(places["longitude"])) == (DEEP + 1, {30.0}, {120.0})


def test_regions_that_all_lie_within_each_other_have_one_place(tmp_path: Path) -> None:
    """Counted along each way, the organizations of 30 such regions would be more than there is memory for."""
    more = "".join(
        f':o{n} a cg:Organization ; rdfs:label "o{n}" ; cg:region :{n} ; cg:latitude {n}.0 ; cg:longitude 120.0 .\n'
        for n in range(3)
    )
    pairs = [(one, other) for one in range(30) for other in range(30)]
    places = region_places(NodeReader(graph(tmp_path, "Region", "within", pairs, more)))
    assert (places.height, set(places["latitude"].round(9))) == (30, {1.0})


def test_ways_that_multiply_do_not_overflow(tmp_path: Path) -> None:
    pairs = [(2 * n + a, 2 * n + 2 + b) for n in range(1500) for a in (0, 1) for b in (0, 1)]
    more = ':o a cg:Organization ; rdfs:label "o" ; cg:region :0 ; cg:latitude 30.0 ; cg:longitude 120.0 .\n'
    places = region_places(NodeReader(graph(tmp_path, "Region", "within", pairs, more)))
    assert set(places["latitude"].round(9)) == {30.0}


def test_a_long_chain_of_parents_is_rolled_up_and_a_circle_is_refused(tmp_path: Path) -> None:
    rows = "".join(f":h{n} a cg:Hierarchy ; cg:organization :{n} ; cg:parent :{n + 1} .\n" for n in range(LONG))
    kg = graph(tmp_path, "Organization", "partOf", chain(LONG), rows)
    assert set(top_parents(kg).values()) == {f"http://e/{LONG}"}
    assert rows_in_circles(kg) == []
    kg = graph(
        tmp_path,
        "Organization",
        "partOf",
        chain(LONG),
        rows + f":h a cg:Hierarchy ; cg:organization :{LONG} ; cg:parent :0 .\n",
    )
    assert len(rows_in_circles(kg)) == LONG + 1
    with pytest.raises(UsageError, match=r"makes organizations part of themselves \(.{0,300}, \.\.\.\); correct it"):
        top_parents(kg)


def test_a_check_of_a_chain_of_regions_ends(tmp_path: Path) -> None:
    more = (
        ":r a cg:ReportedCount ; cg:value 5 ; cg:counts <https://w3id.org/chaingraph/code#counts-organizations> ;\n"
        '  cg:region :7 ; rdfs:label "r"@zh .\n:o a cg:Organization ; rdfs:label "o" ; cg:region :0 .\n'
    )
    report = cg.check(graph(tmp_path, "Region", "within", chain(DEEP), more))
    assert "too deep" in {finding.kind for finding in report.findings}
