"""The JSON routes against their own description, with requests that nobody would think of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from chaingraph.endpoint.pages.network_parameters import SELECTION_PARAMETERS
from chaingraph.endpoint.pages.openapi import openapi_document, route_entries
from chaingraph.sparql.questions import questions
from chaingraph.store import KnowledgeGraph
from tests.servers import GIVE_UP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

BUSY = {503, 504}
"""A server under load may say so; that is no error."""


def test_every_question_and_every_parameter_is_described() -> None:
    paths = openapi_document(route_entries(), [])["paths"]
    names = {path.removeprefix("/question/").removesuffix(".json") for path in paths if path.startswith("/question/")}
    assert names == {question.name for question in questions()}
    for question in questions():
        parameters = paths[f"/question/{question.name}.json"]["get"]["parameters"]
        assert [(one["name"], one["required"]) for one in parameters] == [
            (one.name, one.required) for one in question.parameters
        ]
    network = paths["/network.json"]["get"]["parameters"]
    assert [one["name"] for one in network] == [one.name for one in SELECTION_PARAMETERS]


def test_the_description_names_the_data_sets_and_refers_to_schemas_that_exist(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert [one["attribution"]["en"] for one in document["info"]["x-datasets"]] != []
    assert document["paths"] == openapi_document(route_entries(), [])["paths"]
    references = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(_references(document)) <= references


def _references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if "$ref" in value else []
        return own + [reference for part in value.values() for reference in _references(part)]
    return [reference for part in value for reference in _references(part)] if isinstance(value, list) else []


SCHEMA = schemathesis.openapi.from_dict(openapi_document(route_entries(), []))
OPERATIONS = [(path, method) for path in SCHEMA for method in SCHEMA[path]]


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_whatever_is_asked_the_answer_is_one_that_is_described(client: httpx.Client, path: str, method: str) -> None:
    @hypothesis.settings(
        max_examples=8 if path == "/network.json" else 3,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=SCHEMA[path][method].as_strategy())
    def ask(case: schemathesis.Case[Any]) -> None:
        response = case.call(base_url=str(client.base_url), timeout=GIVE_UP)
        if response.status_code not in BUSY:
            case.validate_response(
                response,
                checks=[
                    not_a_server_error,
                    status_code_conformance,
                    content_type_conformance,
                    response_schema_conformance,
                ],
            )

    ask()
    assert client.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True


def _sensible(store: Path) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """A request of each route that has an answer: its path, path parameters and query parameters."""
    region = str(KnowledgeGraph.open(store).select_text("SELECT ?r { ?r a cg:Region } ORDER BY ?r LIMIT 1")["r"][0])
    group, table, name = region.removeprefix("https://w3id.org/chaingraph/id/").split("/")
    yield "/index.json", {}, {}
    yield "/search.json", {}, {"q": "苏州", "class": ["Organization", "Region"]}
    yield "/thing/{set}/{table}/{id}.json", {"set": group, "table": table, "id": name}, {}
    yield "/network.json", {}, {"projection": "affiliation"}
    yield "/sparql", {}, {"query": "SELECT * { ?s ?p ?o } LIMIT 5"}
    for question in questions():
        if "jiangsu-2022" in question.samples and any(one.required for one in question.parameters):
            yield f"/question/{question.name}.json", {}, dict(question.arguments)


def test_a_sensible_request_of_each_route_has_the_answer_that_is_described(client: httpx.Client, store: Path) -> None:
    for path, parameters, query in _sensible(store):
        case = SCHEMA[path]["get"].Case(path_parameters=parameters, query=query)
        response = case.call(base_url=str(client.base_url), timeout=GIVE_UP)
        assert response.status_code == 200, path
        case.validate_response(response, checks=[content_type_conformance, response_schema_conformance])
