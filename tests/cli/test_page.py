"""What ``chaingraph page`` draws by its options, and how it refuses what it cannot draw."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

import chaingraph as cg
from chaingraph.cli.network_options import projection
from chaingraph.cli.page import extent
from chaingraph.errors import UnknownTermError
from chaingraph.resources import sample
from chaingraph.webpage.sizes import with_size
from tests.cli.shell import run
from tests.conftest import DataSetFolder
from tests.webpage.conftest import page_data


@pytest.fixture
def roster(data_set: DataSetFolder) -> Path:
    """Two consortia that share one university; four organizations in two regions."""
    return data_set(
        regions="id,name\ns,Suzhou\nw,Wuxi\n",
        organizations="id,name,kind,region\na,Alpha,enterprise,s\nb,Beta,university,w\n"
        "c,Gamma,enterprise,w\nd,Delta,institute,s\n",
        consortia="id,name\nx,X\ny,Y\n",
        memberships="organization,consortium,role\na,x,lead\nb,x,member\nb,y,member\nc,y,lead\nd,y,member\n",
    )


def model(page: Path) -> dict[str, Any]:
    return page_data(page.read_text("utf-8"))


def test_areas_show_a_measure_that_is_computed_for_the_page(roster: Path, tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    done = run("page", roster, "-o", target, "--size", "closeness", "--no-stability", "--colour", "kind")
    assert done.returncode == 0, done.stderr
    assert "4 nodes, 4 ties" in done.stderr
    data = model(target)
    closeness = {node["name"]["zh"]: dict(node["attributes"])["closeness"] for node in data["nodes"]}
    assert closeness == {"Alpha": 0.6, "Beta": 1.0, "Gamma": 0.75, "Delta": 0.75}
    sizes = [node["size"] for node in data["drawing"]["nodes"]]
    assert sizes.index(max(sizes)) == 1
    assert data["legend"]["attribute"] == "kind"
    # The roster's names are English.
    assert data["language"] == "en"


def test_every_choice_of_the_command_reaches_the_page(roster: Path, tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    options = ("--title", "Ours", "--language", "en", "--layout", "region", "--colour", "community", "--no-stability")
    assert run("page", roster, "-o", target, *options).returncode == 0
    data = model(target)
    assert data["title"] == {"zh": "Ours", "en": "Ours"}
    assert data["language"] == "en"
    assert data["legend"]["attribute"] == "community"
    assert "pale circles group by region" in target.read_text("utf-8") or "circles" not in data["drawing"]
    assert run("page", roster, "-o", target, "--network", "affiliation", "--layout", "two-mode").returncode == 0
    assert len(model(target)["nodes"]) == 6


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--size", "closenes"], "chaingraph: 'closenes' is unknown; did you mean closeness"),
        (["--size", "two_mode_degree"], "chaingraph: 'two_mode_degree' is a measure of two-mode networks"),
        (["--colour", "hue"], "chaingraph: colour='hue': no node has that attribute; there are: "),
        (["--layout", "spring"], "chaingraph: there is no layout 'spring'; choose one of: chain, communities, map"),
        (["-o", "page.pdf"], "chaingraph: cannot write page.pdf: expected a name that ends in .html"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_line_and_nothing_is_written(
    roster: Path, tmp_path: Path, options: list[str], said: str
) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    done = run("page", roster, "-o", "page.html", "--no-stability", *options, cwd=folder)
    assert done.returncode == 2
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1
    assert list(folder.iterdir()) == []


def test_steps_of_a_file_are_in_the_page_and_nodes_that_are_gone_are_named(roster: Path, tmp_path: Path) -> None:
    steps = tmp_path / "steps.json"
    entries = [
        {"title": "All", "view": "colour=kind"},
        {"title": "Gone", "view": "#n=id:organizations/zeta", "text": "Left."},
    ]
    steps.write_text(json.dumps({"steps": entries}), "utf-8")
    target = tmp_path / "page.html"
    result = run("page", roster, "-o", target, "--no-stability", "--steps", steps)
    assert result.returncode == 0
    assert "step 2 shows what the network does not have: id:organizations/zeta\n" in result.stderr
    both = dict.fromkeys
    assert model(target)["steps"] == [
        {"title": both(["zh", "en"], "All"), "view": "colour=kind", "text": both(["zh", "en"], "")},
        {
            "title": both(["zh", "en"], "Gone"),
            "view": "n=id:organizations/zeta",
            "text": both(["zh", "en"], "Left."),
        },
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("{", "is no JSON in UTF-8: "),
        ("[]", 'expected an object with a list: {"steps": [...]}'),
        ('{"steps": 3}', "'steps' holds 3, expected a list of steps"),
        ('{"steps": [1]}', "step 1 is 1, expected an object"),
        ('{"steps": [{"view": "n=a"}]}', "step 1 has no 'title'"),
        ('{"steps": [{"title": "A"}]}', "step 1 has no 'view'"),
        ('{"steps": [{"title": "A", "view": 7}]}', "step 1: 'view' holds 7, expected what the address of the page has"),
        (
            '{"steps": [{"title": {"de": "A"}, "view": "n=a"}]}',
            """step 1: 'title' holds {"de": "A"}, expected a text of at most 200 characters, or one each for zh""",
        ),
        (
            '{"steps": [{"title": "A", "view": "n=a", "camera": []}]}',
            "step 1: 'camera' holds [], expected no field but title, text and view",
        ),
    ],
)
def test_a_file_that_has_no_steps_is_refused_in_one_line(
    roster: Path, tmp_path: Path, content: str, fault: str
) -> None:
    steps = tmp_path / "steps.json"
    steps.write_text(content, "utf-8")
    result = run("page", roster, "-o", tmp_path / "page.html", "--steps", steps)
    assert result.returncode == 2
    assert result.stderr.startswith(f"chaingraph: {steps}: {fault}")
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "page.html").exists()


def test_a_measure_that_the_nodes_have_is_not_computed_again() -> None:
    graph: nx.Graph[str] = nx.Graph([("a", "b"), ("b", "c")])
    nx.set_node_attributes(graph, dict.fromkeys("abc", 7.0), "closeness")
    assert with_size(graph, "closeness") == (graph, [])
    assert with_size(graph, "degree") == (graph, [])


def test_a_measure_is_put_on_a_copy_and_where_it_is_undefined_there_is_no_value() -> None:
    graph: nx.Graph[str] = nx.Graph([("a", "b"), ("b", "c")])
    graph.add_node("alone")
    shown, notes = with_size(graph, "constraint")
    assert "constraint" not in graph.nodes["b"]
    assert {node: round(found["constraint"], 2) for node, found in shown.nodes(data=True) if "constraint" in found} == {
        "a": 1.0,
        "b": 0.5,
        "c": 1.0,
    }
    assert notes == ["constraint: an isolate has no ties; such a node is drawn small"]
    with pytest.raises(UnknownTermError, match="did you mean constraint"):
        with_size(graph, "constrant")


def test_the_command_says_from_which_size_on_a_page_does_not_show_all_and_proposes_a_filter() -> None:
    assert extent(3_000) == ""
    assert extent(3_001) == "3,001 nodes: the page opens with their communities, where it has some; a click opens one"
    assert extent(30_001) == (
        "30,001 nodes are more than one page can carry (30,000): it shows their communities only, sized by number of"
        " nodes. To see the nodes, filter with --only region=..., kind=... or role=..., --at, --minimum or"
        " --no-isolates, or ask the whole graph with chaingraph serve"
    )


def test_the_quotes_of_a_network_are_not_read_for_a_page_that_shows_none_of_its_nodes() -> None:
    graph = cg.open(sample("jiangsu-2022"))
    whole = projection(graph, "affiliation", quotes=True)
    assert any("quotes" in data for _, data in whole.nodes(data=True))
    small = projection(graph, "affiliation", quotes=True, most_with_quotes=len(whole))
    assert list(small.nodes(data=True)) == list(whole.nodes(data=True))
    large = projection(graph, "affiliation", quotes=True, most_with_quotes=len(whole) - 1)
    assert list(large) == list(whole)
    assert not any("quotes" in data for _, data in large.nodes(data=True))
