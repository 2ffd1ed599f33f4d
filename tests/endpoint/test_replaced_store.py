"""A server whose store is built again moves to the new version as a whole: rows, ETags, pages and drawings."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import pytest

from chaingraph.store import KnowledgeGraph
from tests.servers import end_server, eventually, kill, start_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

    from tests.conftest import DataSetFolder
    from tests.servers import ServerProcess

COUNT = "SELECT (COUNT(*) AS ?n) { ?o a cg:Organization }"


class Case(NamedTuple):
    """A server, the store that it serves, and the data sets of its two versions."""

    server: ServerProcess
    store: Path
    old: Path
    new: Path


@pytest.fixture
def case(data_set: DataSetFolder, tmp_path: Path) -> Iterator[Case]:
    """A server with two processes over a store of two organizations; the other data set has three."""
    tables = {"consortia": "id,name\nx,联合体\n"}
    old = data_set("old", organizations="id,name\na,甲\nb,乙\n", memberships="organization,consortium\na,x\n", **tables)
    new = data_set(
        "new",
        organizations="id,name\na,甲\nb,乙\nc,丙\n",
        memberships="organization,consortium\na,x\nb,x\nc,x\n",
        **tables,
    )
    store = tmp_path / "graph.kg"
    KnowledgeGraph.build([old], store)
    server = start_server(store, workers=2)
    yield Case(server, store, old, new)
    end_server(server)


def count(response: httpx.Response) -> int:
    assert response.status_code == 200, response.text
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


ADDRESSES = [
    f"/sparql?query={COUNT.replace('?', '%3F').replace(' ', '%20')}",
    "/index.json",
    "/index.csv",
    "/",
    "/search?text=甲",
    "/network?projection=affiliation",
    "/network/page?projection=affiliation",
    "/network.csv?projection=affiliation",
    "/network.json?projection=affiliation",
    "/network.csv?query=SELECT ?o ?c { ?o a cg:Organization ; a ?c }",
]


def test_all_of_a_server_moves_to_the_new_version_with_the_first_request_after_the_build(case: Case) -> None:
    client = case.server.client
    before = {address: client.get(address) for address in ADDRESSES}
    assert {address: answer.status_code for address, answer in before.items()} == dict.fromkeys(ADDRESSES, 200)
    for address, answer in before.items():
        tag = {"If-None-Match": answer.headers["ETag"]}
        assert client.get(address, headers=tag).status_code == 304, address
    KnowledgeGraph.build([case.new], case.store)
    for address, answer in before.items():
        again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 200, address
        assert again.headers["ETag"] != answer.headers["ETag"], address
        assert again.content != answer.content, address
        assert client.get(address, headers={"If-None-Match": again.headers["ETag"]}).status_code == 304, address
    assert count(client.get(ADDRESSES[0])) == 3
    drawing = client.get("/network.json?projection=affiliation").json()
    assert sum(node.get("type") == "Organization" for node in drawing["nodes"]) == 3
    assert "new/organizations/" in json.dumps(drawing)
    assert "old/organizations/" not in json.dumps(drawing)


def test_no_process_of_the_old_version_is_left(case: Case) -> None:

    def replaced(before: set[int]) -> bool:
        return len(case.server.children) == 2 and not case.server.children & before

    eventually(lambda: replaced(set()) and case.server.answers())
    before = case.server.children
    for source, number in ((case.new, 3), (case.old, 2), (case.new, 3)):
        KnowledgeGraph.build([source], case.store)
        assert [count(case.server.ask(COUNT)) for _ in range(6)] == [number] * 6
        eventually(partial(replaced, before))
        before = case.server.children
    KnowledgeGraph.build([case.old], case.store)
    assert count(case.server.ask(COUNT)) == 2
    # The server has the version before no longer open; so the next build removes all but its own and the present one.
    eventually(partial(replaced, before))
    KnowledgeGraph.build([case.old], case.store)
    assert len(list(case.store.glob("version-*"))) == 2


def test_reconciliation_answers_from_the_new_version(case: Case) -> None:
    def matches() -> int:
        answer = case.server.client.get("/reconcile", params={"queries": '{"q": {"query": "丙"}}'})
        return len(answer.json()["q"]["result"])

    assert matches() == 0
    KnowledgeGraph.build([case.new], case.store)
    assert matches() == 1


def test_a_damaged_new_version_is_not_served_and_the_old_one_goes_on(case: Case) -> None:
    (case.store / "store.json").write_text('{"format": 99}', encoding="utf-8")
    assert [count(case.server.ask(COUNT)) for _ in range(4)] == [2] * 4
    for child in case.server.children:
        kill(child)
    eventually(lambda: case.server.ask(COUNT).status_code == 200)
    assert count(case.server.ask(COUNT)) == 2


def test_a_store_that_is_moved_into_the_place_of_another_is_noticed(case: Case, tmp_path: Path) -> None:
    KnowledgeGraph.build([case.new], tmp_path / "other.kg")
    assert count(case.server.ask(COUNT)) == 2
    case.store.rename(tmp_path / "aside.kg")
    assert count(case.server.ask(COUNT)) == 2
    (tmp_path / "other.kg").rename(case.store)
    assert [count(case.server.ask(COUNT)) for _ in range(4)] == [3] * 4


def test_a_store_of_the_first_release_is_served_and_its_replacement_noticed(case: Case, tmp_path: Path) -> None:
    (version,) = case.store.glob("version-*")
    shutil.copytree(version, tmp_path / "plain.kg")
    server = start_server(tmp_path / "plain.kg", workers=2)
    try:
        assert count(server.ask(COUNT)) == 2
        KnowledgeGraph.build([case.new], tmp_path / "plain.kg")
        assert [count(server.ask(COUNT)) for _ in range(4)] == [3] * 4
    finally:
        end_server(server)


def test_no_answer_mixes_two_versions_while_the_store_is_built_again_and_again(case: Case) -> None:
    """Each answer is one of the two that are right, and an ETag stands for one of them."""
    addresses = [*ADDRESSES[:5], "/network.csv?projection=affiliation"]
    right: dict[str, set[bytes]] = {address: set() for address in addresses}
    for source in (case.old, case.new):
        KnowledgeGraph.build([source], case.store)
        for address in addresses:
            right[address].add(case.server.client.get(address).content)
    assert [len(answers) for answers in right.values()] == [2] * len(addresses)
    by_tag: dict[tuple[str, str], bytes] = {}
    with ThreadPoolExecutor(1) as pool:
        builds = pool.submit(
            lambda: [KnowledgeGraph.build([[case.old, case.new][n % 2]], case.store) for n in range(8)]
        )
        rounds = 0
        while rounds < 8 or not builds.done():
            rounds += 1
            for address in addresses:
                answer = case.server.client.get(address)
                assert answer.status_code == 200, answer.text
                assert answer.content in right[address], (address, answer.text)
                assert by_tag.setdefault((address, answer.headers["ETag"]), answer.content) == answer.content
        assert len(builds.result()) == 8
