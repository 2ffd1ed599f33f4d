"""The reconciliation service against the schemas of its API, a client of others, and requests that do not fit it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import jsonschema
import pandas as pd
import pytest
from reconciler import reconcile
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from chaingraph.endpoint.reconciliation.batches import MAX_BATCH
from tests.endpoint.hostility import ID
from tests.servers import eventually, kill

if TYPE_CHECKING:
    from tests.servers import ServerProcess

SCHEMAS = Path(__file__).with_name("reconciliation_schemas")
CN = f"{ID}/cn"
SVG = f"{CN}/organizations/su-da-wei-ge"
DISPLAY = f"{CN}/consortia/jiang-su-sheng-xin-xing-xian-shi-chan-ye-ji-shu-chuang-xin"


def check(version: str, name: str, document: object) -> None:
    """Fail unless a document is valid under a schema of the API."""
    schemas = [json.loads(path.read_text(encoding="utf-8")) for path in (SCHEMAS / version).glob("*.json")]
    resources = [(one["$id"], Resource.from_contents(one, default_specification=DRAFT7)) for one in schemas]
    schema = json.loads((SCHEMAS / version / f"{name}.json").read_text(encoding="utf-8"))
    registry: Registry[Any] = Registry().with_resources(resources)
    jsonschema.Draft7Validator(schema, registry=registry).validate(document)


def match(client: httpx.Client, queries: dict[str, object], **parameters: str) -> dict[str, Any]:
    """Return the candidates for queries of version 0.2, which are valid on both ways."""
    check("0.2", "reconciliation-query-batch", queries)
    response = client.post("/reconcile", params=parameters, data={"queries": json.dumps(queries)}, timeout=300)
    assert response.status_code == 200, response.text
    check("0.2", "reconciliation-result-batch", response.json())
    return {key: one["result"] for key, one in response.json().items()}


def match_1_0(client: httpx.Client, *queries: dict[str, object]) -> list[list[dict[str, Any]]]:
    """Return the candidates for queries of version 1.0, which are valid on both ways."""
    check("1.0-draft", "reconciliation-query-batch", {"queries": list(queries)})
    response = client.post("/reconcile/1.0/match", json={"queries": queries}, timeout=300)
    assert response.status_code == 200, response.text
    check("1.0-draft", "reconciliation-result-batch", response.json())
    return [one["candidates"] for one in response.json()["results"]]


def test_the_manifest_of_each_version_is_valid_and_every_address_in_it_answers(client: httpx.Client) -> None:
    manifest = client.get("/reconcile", params={"lang": "en"}).json()
    check("0.2", "manifest", manifest)
    assert manifest["name"] == "Innovation consortia of Jiangsu: the pilot of 2022 and what is known around it"
    assert {"id": "Organization", "name": "organization"} in manifest["defaultTypes"]
    for service in manifest["suggest"].values():
        assert client.get(service["service_url"] + service["service_path"], params={"prefix": "su"}).status_code == 200
    propose = manifest["extend"]["propose_properties"]
    answer = client.get(
        propose["service_url"] + propose["service_path"], params={"type": "Region", "limit": 2, "lang": "en"}
    )
    assert answer.json()["properties"] == [{"id": "name", "name": "name"}, {"id": "name_zh", "name": "name zh"}]
    for template in (manifest["view"]["url"], manifest["preview"]["url"]):
        assert client.get(template.replace("{{id}}", SVG)).status_code == 200

    manifest = client.get("/reconcile/1.0").json()
    check("1.0-draft", "manifest", manifest)
    assert client.get(manifest["view"]["url"].replace("{id}", SVG)).status_code == 200
    assert client.get("/reconcile/1.0/preview", params={"id": SVG}).status_code == 200


def test_a_name_an_alias_or_its_pinyin_leads_to_the_thing(client: httpx.Client) -> None:
    names = ["苏大维格", "SuDaWeiGe", "江苏省新型显示产业技术创新联合体", "火星第一研究所"]
    results = match(client, {str(place): {"query": name, "limit": 1} for place, name in enumerate(names)})
    best = [(one["id"], one["score"], one["match"]) for result in results.values() for one in result]
    assert best[0] == (SVG, 100.0, True)
    assert best[1][0] == SVG
    assert best[1][2] is False
    assert best[2] == (DISPLAY, 100.0, True)
    assert all(not certain for _, _, certain in best[3:])


def test_both_versions_say_the_same(client: httpx.Client) -> None:
    old = match(client, {"q": {"query": "新型显示", "type": "Consortium", "limit": 3}}, lang="zh")["q"]
    condition = {"matchType": "name", "propertyValue": "新型显示"}
    (new,) = match_1_0(client, {"type": "Consortium", "limit": 3, "conditions": [condition]})
    assert new == old
    assert {kind["id"] for one in old for kind in one["type"]} == {"Consortium"}


def test_a_property_that_disagrees_costs_and_one_that_is_required_excludes(client: httpx.Client) -> None:
    name = {"matchType": "name", "propertyValue": "江苏省新型显示产业技术创新联合体"}
    agrees = {"matchType": "property", "propertyId": "body", "propertyValue": "创新联合体"}
    differs = {"matchType": "property", "propertyId": "body", "propertyValue": "alliance"}
    results = match_1_0(
        client,
        {"conditions": [name, agrees], "limit": 1},
        {"conditions": [name, differs], "limit": 1},
        {"conditions": [name, differs | {"required": True}]},
        {"conditions": [name, differs | {"matchQuantifier": "none"}], "limit": 1},
        {"conditions": [{"matchType": "id", "propertyValue": SVG}]},
    )
    assert [(one["id"], one["score"], one["match"]) for one in results[0]] == [(DISPLAY, 100.0, True)]
    assert [(one["id"], one["score"], one["match"]) for one in results[1]] == [(DISPLAY, 75.0, False)]
    assert DISPLAY not in {one["id"] for one in results[2]}
    assert [(one["id"], one["score"], one["match"]) for one in results[3]] == [(DISPLAY, 100.0, True)]
    assert [one["id"] for one in results[4]] == [SVG]


def test_things_are_found_by_a_property_alone(client: httpx.Client) -> None:
    results = match(client, {"q": {"properties": [{"pid": "leads", "v": {"id": DISPLAY}}], "type": "Organization"}})
    assert [(one["id"], one["score"]) for one in results["q"]] == [(SVG, 100.0)]


def test_suggestions_begin_with_the_text_its_pinyin_or_its_initials(client: httpx.Client) -> None:
    for prefix in ("苏大", "sudawei", "sdwg"):
        for path in ("/reconcile", "/reconcile/1.0"):
            answer = client.get(f"{path}/suggest/entity", params={"prefix": prefix}, timeout=300).json()
            check("0.2" if path == "/reconcile" else "1.0-draft", "suggest-entities-response", answer)
            assert answer["result"][0]["id"] == SVG
    first = client.get("/reconcile/suggest/entity", params={"prefix": "江苏"}).json()["result"]
    second = client.get("/reconcile/suggest/entity", params={"prefix": "江苏", "cursor": "5"}).json()["result"]
    assert len(first) == 10
    assert second[:5] == first[5:]
    answer = client.get("/reconcile/suggest/property", params={"prefix": "牵头", "lang": "zh"}).json()
    check("0.2", "suggest-properties-response", answer)
    assert answer == {"result": [{"id": "leads", "name": "牵头"}]}
    answer = client.get("/reconcile/1.0/suggest/type", params={"prefix": "stage", "lang": "en"}).json()
    check("1.0-draft", "suggest-types-response", answer)
    assert [one["id"] for one in answer["result"]] == ["Stage"]


def test_data_extension_returns_names_codes_and_the_words_that_state_it(client: httpx.Client) -> None:
    names = ["leads", "kind", "quote"]
    extension = {"ids": [SVG, "urn:unknown"], "properties": [{"id": name} for name in names]}
    check("0.2", "data-extension-query", extension)
    old = client.post("/reconcile", params={"lang": "zh"}, data={"extend": json.dumps(extension)}).json()
    check("0.2", "data-extension-response", old)
    new = client.post("/reconcile/1.0/extend", params={"lang": "zh"}, json=extension).json()
    check("1.0-draft", "data-extension-response", new)
    assert new["meta"] == old["meta"]
    assert old["meta"][0] == {"id": "leads", "name": "牵头", "type": {"id": "Consortium", "name": "创新联合体"}}
    assert old["rows"][SVG]["leads"] == [{"id": DISPLAY, "name": "江苏省新型显示产业技术创新联合体"}]
    assert old["rows"][SVG]["kind"] == [{"str": "企业"}]
    assert old["rows"]["urn:unknown"] == {name: [] for name in names}
    values = {one["id"]: {each["id"]: each["values"] for each in one["properties"]} for one in new["rows"]}
    assert values == old["rows"]


def test_the_preview_has_the_name_and_quotes_and_may_stand_in_a_frame_of_friends_only(client: httpx.Client) -> None:
    response = client.get("/reconcile/preview", params={"id": DISPLAY})
    assert "江苏省新型显示产业技术创新联合体" in response.text
    assert "<blockquote>" in response.text
    assert "frame-ancestors 'self' https://a.example" in response.headers["content-security-policy"]
    assert client.get("/reconcile/preview", params={"id": "urn:unknown"}).status_code == 404


@pytest.mark.filterwarnings("ignore:The inplace keyword")
def test_a_client_of_others_reconciles_a_column(server: ServerProcess) -> None:
    column = pd.Series(["苏大维格", "江苏省新型显示产业技术创新联合体"])
    endpoint = f"http://127.0.0.1:{server.port}/reconcile"
    frame = reconcile(column, reconciliation_endpoint=endpoint)
    assert frame[["input_value", "id", "match"]].to_numpy().tolist() == [
        ["苏大维格", SVG, True],
        ["江苏省新型显示产业技术创新联合体", DISPLAY, True],
    ]


@pytest.mark.parametrize(
    ("batch", "reason"),
    [
        ("{", "the batch is no JSON"),
        ("[" * 100_000, "the batch is no JSON"),
        ("[]", "the batch: expected a JSON object"),
        ('{"q": 1}', "query 'q': expected a JSON object"),
        ('{"q": {}}', "query 'q' has neither 'query' nor 'properties'"),
        ('{"q": {"query": ""}}', "query 'q', 'query': expected a text of 1 to 500 characters"),
        ('{"q": {"query": "a", "type": "Firm"}}', "query 'q': unknown type 'Firm', expected one of Organization"),
        ('{"q": {"query": "a", "limit": 0}}', "query 'q': expected 'limit' to be a number above 0"),
        ('{"q": {"query": "a", "properties": [{"pid": "x", "v": "1"}]}}', "query 'q': unknown property 'x'"),
        (json.dumps({str(n): {"query": "a"} for n in range(MAX_BATCH + 1)}), "the batch has 1,001 entries"),
    ],
)
def test_a_batch_that_does_not_fit_the_api_is_refused_with_the_place(
    client: httpx.Client, batch: str, reason: str
) -> None:
    response = client.post("/reconcile", data={"queries": batch}, timeout=300)
    assert response.status_code in (400, 413)
    assert response.text.startswith(reason)


def test_what_is_no_batch_is_refused(client: httpx.Client) -> None:
    answers = [
        client.post("/reconcile", data={"other": "1"}),
        client.post("/reconcile", json={}),
        client.post("/reconcile/1.0/match", content=b"\xff"),
        client.post("/reconcile/1.0/match", content=b"x" * (2 * 2**20 + 1)),
        client.get("/reconcile/suggest/flyout"),
        client.get("/reconcile/suggest/entity", params={"prefix": "a", "cursor": "-1"}),
        client.get("/reconcile", params={"lang": "fr"}),
    ]
    assert [one.status_code for one in answers] == [400, 415, 400, 413, 404, 400, 400]


def test_names_that_try_to_be_markup_stay_text(hostile: httpx.Client) -> None:
    text = "<script>alert('甲')</script>"
    results = match(hostile, {"q": {"query": text, "limit": 1}})
    assert [one["name"] for one in results["q"]] == [text]
    page = hostile.get("/reconcile/preview", params={"id": results["q"][0]["id"]}).text
    assert "<script>" not in page


def test_a_process_that_is_killed_is_replaced(server: ServerProcess) -> None:
    query: dict[str, object] = {"q": {"query": "苏大维格", "limit": 1}}
    before = server.children
    assert match(server.client, query)["q"][0]["id"] == SVG

    workers = [
        number
        for number in server.children | before
        if b"reconciliation_worker" in Path(f"/proc/{number}/cmdline").read_bytes()
    ]
    assert len(workers) == 1
    kill(workers[0])
    batch = {"queries": json.dumps(query)}
    # Who asks in the moment in which it dies is refused.
    eventually(lambda: server.client.post("/reconcile", data=batch, timeout=300).status_code == 200)
    eventually(lambda: workers[0] not in server.children)
