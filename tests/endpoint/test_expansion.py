"""A node of a served network can be expanded: its neighbours are added, at most so many, the rest is counted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from playwright.sync_api import sync_playwright

from chaingraph.endpoint.pages.network_parameters import MOST_EXPANDED
from chaingraph.endpoint.workers.expansion import MOST_NEIGHBOURS, expanded
from chaingraph.errors import UsageError
from tests.endpoint.client import PAGE
from tests.servers import GIVE_UP
from tests.webpage.conftest import CHROMIUM, FLAGS, needs_browser

if TYPE_CHECKING:
    import httpx

    from tests.servers import ServerProcess

CONSORTIUM = "id:cn/consortia/jiang-su-sheng-ban-dao-ti-chan-ye-ji-shu-chuang-xin-lian-he"


def _whole(count: int) -> nx.MultiDiGraph[str]:
    whole: nx.MultiDiGraph[str] = nx.MultiDiGraph(quotes='{"q": [{"exact": "words"}]}')
    whole.add_node("id:c", label="C", type="Consortium")
    for number in range(count):
        whole.add_node(f"id:o{number}", label=f"O{number}", type="Organization")
        whole.add_edge(f"id:o{number}", "id:c", relation="leads" if number == count - 1 else "memberOf", quotes="q")
    return whole


def test_an_expansion_adds_neighbours_with_their_ties_and_quotes_those_who_lead_first() -> None:
    network: nx.Graph[str] = nx.Graph()
    network.add_edge("id:c", "id:o0", role="member")
    result = expanded(network, _whole(3), ["id:c"])
    assert sorted(result) == ["id:c", "id:o0", "id:o1", "id:o2"]
    assert result.nodes["id:o2"]["type"] == "Organization"
    assert [data.get("relation") for *_, data in result.edges("id:c", data=True)] == [None, "leads", "memberOf"]
    assert json.loads(result.graph["quotes"]) == {"q": [{"exact": "words"}]}
    assert "left_out" not in result.graph
    assert sorted(network) == ["id:c", "id:o0"]


def test_of_more_neighbours_than_an_expansion_adds_the_rest_is_counted() -> None:
    result = expanded(nx.Graph(), _whole(MOST_NEIGHBOURS + 7), ["id:c"])
    assert len(result) == 1 + MOST_NEIGHBOURS
    assert f"id:o{MOST_NEIGHBOURS + 6}" in result
    assert json.loads(result.graph["left_out"]) == {"neighbours beyond the limit of an expansion": 7}


def test_a_thing_that_the_graph_does_not_have_is_refused() -> None:
    with pytest.raises(UsageError, match="no thing of the graph is 'id:x'"):
        expanded(nx.Graph(), _whole(1), ["id:x"])


def test_an_address_expands_a_node_in_page_and_files_and_few_at_once(client: httpx.Client) -> None:
    plain = client.get("/network.json", params={"projection": "affiliation"}).json()
    more = client.get("/network.json", params={"projection": "affiliation", "expand": CONSORTIUM}).json()
    names = {node["id"] for node in more["nodes"]} - {node["id"] for node in plain["nodes"]}
    assert names == {"id:cn/programmes/jiang-su-sheng-chuang-xin-lian-he-ti-jian-she-shi-dian-shou"}
    many = {"projection": "affiliation", "expand": [f"id:x{number}" for number in range(MOST_EXPANDED + 1)]}
    response = client.get("/network", params=many, headers=PAGE)
    assert response.status_code == 400
    assert f"stands more than {MOST_EXPANDED} times" in response.text


@needs_browser
def test_a_reader_expands_a_node_of_a_served_page_and_no_file_has_the_button(server: ServerProcess) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        tab = browser.new_page()
        tab.set_default_timeout(1000 * GIVE_UP)
        base = str(server.client.base_url).rstrip("/")
        tab.goto(f"{base}/network?projection=affiliation&lang=en&expand={CONSORTIUM}")
        frame = tab.frame_locator(".rendered iframe")
        frame.locator("html[data-ready]").wait_for()
        assert (
            frame.locator("#panel h2").inner_text() == "Jiangsu semiconductor industry technology innovation consortium"
        )
        assert frame.locator('[data-action="expand"]').count() == 0
        frame.locator("#panel section button", has_text="Pilot construction").first.click()
        frame.locator('[data-action="expand"]').click()
        tab.wait_for_url("**expand=*expand=*")
        tab.goto(f"{base}/network/page?projection=affiliation&lang=en#n={CONSORTIUM}")
        tab.locator("#panel h2").wait_for()
        assert tab.locator('[data-action="path_to"]').count() == 1
        assert tab.locator('[data-action="expand"]').count() == 0
        browser.close()
