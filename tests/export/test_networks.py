"""Networks as files that other programs read."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

import chaingraph as cg
from chaingraph.errors import UsageError
from chaingraph.export.cells import scalars
from chaingraph.export.networks import gexf, graphml, neo4j_nodes, neo4j_ties, nodes, ties, write_network
from chaingraph.export.xml_networks import description
from chaingraph.networks import PROJECTIONS
from chaingraph.resources import sample


def supplies() -> nx.MultiDiGraph[str]:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph(name="supply of parts", weight="share")
    network.graph["datasets"] = [{"attribution": "A"}, {"title_en": "without"}, {"attribution": "B"}]
    network.graph["left_out"] = {"rows": 2}
    network.graph["quotes"] = json.dumps(
        {"id:q": [{"exact": "=x", "url": "https://a.example"}, {"exact": "y"}], "id:r": [{"record": "7"}]}
    )
    network.add_node("id:a", label="=甲", type="Enterprise", leading=True, alias=["A", "甲"], quotes="id:q; id:r")
    network.add_node("id:b", label='乙,"b"', founded="2021", score=float("nan"))
    network.add_node("id:c")
    network.add_edge("id:a", "id:b", share=0.5, relation="supplies", type="x", since="-1e5")
    network.add_edge("id:a", "id:b", share=1)
    return network


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_pair_of_csv_files_opens_in_spreadsheets_and_gephi(tmp_path: Path) -> None:
    written = write_network(supplies(), tmp_path / "out.csv")
    assert written == [tmp_path / "out.csv", tmp_path / "out-nodes.csv"]
    assert [path.read_bytes()[:3] for path in written] == [b"\xef\xbb\xbf"] * 2
    assert table(written[0].read_bytes()) == [
        ["source", "target", "type", "weight", "source_label", "target_label", "share", "relation", "since"],
        ["id:a", "id:b", "Directed", "0.5", "'=甲", '乙,"b"', "0.5", "supplies", "-1e5"],
        ["id:a", "id:b", "Directed", "1", "'=甲", '乙,"b"', "1", "", ""],
    ]
    assert table(written[1].read_bytes()) == [
        ["id", "label", "type", "leading", "alias", "quotes", "sources", "founded"],
        ["id:a", "'=甲", "Enterprise", "true", "A; 甲", "'=x | y | 7", "https://a.example", ""],
        ["id:b", '乙,"b"', "", "", "", "", "", "2021"],
        ["id:c", "id:c", "", "", "", "", "", ""],
    ]


def test_an_attribute_called_like_a_column_of_a_pair_gives_way() -> None:
    network: nx.Graph[str] = nx.Graph()
    network.add_node("a", id="other", label="甲")
    network.add_edge("a", "b", source="other", weight=2)
    assert nodes(network).to_dict("list") == {"id": ["a", "b"], "label": ["甲", "b"]}
    assert ties(network).to_dict("records") == [
        {"source": "a", "target": "b", "type": "Undirected", "weight": 2, "source_label": "甲", "target_label": "b"}
    ]


def test_ties_without_a_number_have_no_column_of_weights() -> None:
    assert list(ties(nx.Graph([("a", "b")])).columns) == ["source", "target", "type", "source_label", "target_label"]
    assert list(ties(nx.Graph()).columns) == ["source", "target", "type", "source_label", "target_label"]
    assert list(nodes(nx.Graph()).columns) == ["id", "label"]


def test_a_folder_is_what_neo4j_imports_with_typed_headings_and_texts_as_they_are(tmp_path: Path) -> None:
    assert write_network(supplies(), tmp_path / "out") == [tmp_path / "out/nodes.csv", tmp_path / "out/ties.csv"]
    assert (tmp_path / "out/nodes.csv").read_text(encoding="utf-8").split("\n") == [
        ":ID,:LABEL,label:string,type:string,leading:boolean,alias:string,quotes:string,sources:string,founded:string",
        "id:a,Enterprise,=甲,Enterprise,true,A; 甲,=x | y | 7,https://a.example,",
        'id:b,Node,"乙,""b""",,,,,,2021',
        "id:c,Node,,,,,,,",
        "",
    ]
    assert (tmp_path / "out/ties.csv").read_text(encoding="utf-8").split("\n") == [
        ":START_ID,:END_ID,:TYPE,share:double,relation:string,type:string,since:string",
        "id:a,id:b,supplies,0.5,supplies,x,-1e5",
        "id:a,id:b,supply_of_parts,1,,,",
        "",
    ]


def test_a_property_of_neo4j_has_one_type_and_no_colon() -> None:
    network: nx.Graph[str] = nx.Graph()
    network.add_node("a", **{"cg:level": 1, "n": 1})
    network.add_node("b", n="many")
    network.add_edge("a", "b")
    assert neo4j_nodes(network).decode().split("\n")[0] == ":ID,:LABEL,cg_level:long,n:string"
    assert neo4j_ties(network).decode() == ":START_ID,:END_ID,:TYPE\na,b,tie\n"


def test_a_folder_with_other_files_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/diary.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="the folder holds other files; name a new one"):
        write_network(supplies(), tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["diary.txt"]
    write_network(supplies(), tmp_path / "new")
    write_network(nx.Graph([("a", "b")]), tmp_path / "new")
    assert (tmp_path / "new/ties.csv").read_text(encoding="utf-8") == ":START_ID,:END_ID,:TYPE\na,b,tie\n"


def test_graphml_and_gexf_are_read_back_with_attribution_and_what_was_left_out(tmp_path: Path) -> None:
    write_network(supplies(), tmp_path / "out.graphml")
    read = nx.read_graphml(tmp_path / "out.graphml")
    assert {name: read.graph[name] for name in ("name", "attribution", "left out: rows")} == {
        "name": "supply of parts",
        "attribution": "A; B",
        "left out: rows": 2,
    }
    assert read.nodes["id:a"] == {
        "label": "=甲", "type": "Enterprise", "leading": True, "alias": "A; 甲", "quotes": "id:q; id:r"
    }  # fmt: skip
    assert sorted(data["share"] for *_, data in read.edges(data=True)) == [0.5, 1]
    write_network(supplies(), tmp_path / "out.gexf")
    assert nx.read_gexf(tmp_path / "out.gexf").nodes["id:a"]["class"] == "Enterprise"


def of_scalars(network: nx.Graph[Any]) -> nx.Graph[Any]:
    """A copy that networkx's own writers take."""
    copy: nx.Graph[Any] = network.copy()
    copy.graph = description(network)
    for *_, data in (*copy.nodes(data=True), *copy.edges(data=True)):
        cells = dict(scalars(data))
        data.clear()
        data.update(cells)
    return copy


@pytest.mark.parametrize("name", ["whole", "co_membership", "participation"])
def test_graphml_and_gexf_hold_what_networkx_writes_of_the_same_network(name: str, tmp_path: Path) -> None:
    network = PROJECTIONS[name].function(cg.open(sample("jiangsu-2022")), quotes=True)
    copy = of_scalars(network)
    nx.write_graphml(copy, tmp_path / "theirs.graphml")
    (tmp_path / "ours.graphml").write_bytes(graphml(network))
    ours, theirs = (nx.read_graphml(tmp_path / f"{one}.graphml") for one in ("ours", "theirs"))
    assert nx.utils.graphs_equal(ours, theirs)
    assert ours.graph == theirs.graph
    for _, data in copy.nodes(data=True):
        data["class"] = data.pop("type", "")
    copy.graph.clear()
    nx.write_gexf(copy, tmp_path / "theirs.gexf")
    (tmp_path / "ours.gexf").write_bytes(gexf(network))
    ours, theirs = (nx.read_gexf(tmp_path / f"{one}.gexf") for one in ("ours", "theirs"))
    assert nx.utils.graphs_equal(ours, theirs)


def test_names_that_mean_something_in_xml_are_written_as_they_are(tmp_path: Path) -> None:
    network: nx.Graph[str] = nx.Graph()
    network.add_node("a<\t&\n\"b'", label="<b>&amp;\n\x01", start="2021")
    network.add_edge("a<\t&\n\"b'", "c", key="=x", id="7", start=2020)
    write_network(network, tmp_path / "out.graphml")
    read = nx.read_graphml(tmp_path / "out.graphml")
    assert read.nodes["a<\t&\n\"b'"] == {"label": "<b>&amp;\n\ufffd", "start": "2021"}
    assert read.edges["a<\t&\n\"b'", "c"] == {"key": "=x", "id": "7", "start": 2020}
    write_network(network, tmp_path / "out.gexf")
    assert 'mode="dynamic" timeformat="date"' in (tmp_path / "out.gexf").read_text("utf-8")
    read = nx.read_gexf(tmp_path / "out.gexf")
    assert list(read.edges(data=True)) == [("a<\t&\n\"b'", "c", {"id": "7", "start": "2020"})]


def test_a_network_is_not_changed_by_being_written_and_gives_the_same_bytes_again() -> None:
    network = nx.freeze(supplies())
    first = [writer(network) for writer in (graphml, gexf)]
    assert [writer(network) for writer in (graphml, gexf)] == first
    assert repr(nx.node_link_data(network)) == repr(nx.node_link_data(supplies()))


def test_json_holds_lists_and_null_for_what_is_missing(tmp_path: Path) -> None:
    write_network(supplies(), tmp_path / "out.json")
    document = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert (document["directed"], document["multigraph"]) == (True, True)
    assert document["graph"]["left_out"] == {"rows": 2}
    assert document["nodes"][0]["quotes"] == [
        {"exact": "=x", "url": "https://a.example"},
        {"exact": "y"},
        {"record": "7"},
    ]
    assert document["nodes"][1] == {"id": "id:b", "label": '乙,"b"', "founded": "2021", "score": None}
    assert document["links"][1] == {"source": "id:a", "target": "id:b", "share": 1}


def test_an_ending_that_stands_for_no_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        write_network(supplies(), tmp_path / "x.pdf")
    assert str(refused.value) == (
        f"cannot write {tmp_path / 'x.pdf'}: expected a name that ends in one of .json, .csv, .graphml, .gexf, "
        ".cyjs, .g6.json, .echarts.json, .geojson, .parquet, or a name without ending, for a folder that Neo4j imports"
    )
