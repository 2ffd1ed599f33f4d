"""The lists of one class: tables that say who leads, how many are known and reported, where, and of which chain."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chaingraph.endpoint.pages.class_table import class_columns
from chaingraph.endpoint.pages.search import SEARCH_CLASSES
from chaingraph.store import KnowledgeGraph
from tests.endpoint.client import page, rows

if TYPE_CHECKING:
    from pathlib import Path

    import httpx


def test_every_class_that_is_searched_has_a_table() -> None:
    assert tuple(class_columns()) == SEARCH_CLASSES


def test_consortia_stand_in_a_table_with_what_is_known_and_what_is_reported(client: httpx.Client) -> None:
    text = page(client, "/search?class=Consortium", **{"Accept-Language": "en"})
    titles = re.findall(r'<th scope="col">([^<]*)</th>', text)
    assert titles == ["name", "lead", "organizations: known / reported", "region", "industrial chain", "programme"]
    assert "22 in all; this page has 1–22." in text
    (line,) = (one for one in text.split("<tr>") if "Jiangsu graphene industry technology innovation strategic" in one)
    assert '<span class="badge unknown">unknown</span>' in line
    assert '<span class="number">4</span> / <span class="badge reported">57</span>' in line


def test_a_list_as_a_file_has_the_columns_of_its_table(client: httpx.Client, store: Path) -> None:
    header, *lines = rows(client, "/search.csv?class=Consortium")
    table = [dict(zip(header, line, strict=True)) for line in lines]
    kg = KnowledgeGraph.open(store)
    leads = kg.select("SELECT ?c (COUNT(?o) AS ?n) { ?o cg:leads ?c } GROUP BY ?c").set_index("c")["n"]
    for one in table:
        short = f"id:{one['iri'].rpartition('/id/')[2]}"
        assert int(one["lead_count"]) == int(leads.get(short, 0))
    reported = kg.select(
        "SELECT ?c (MAX(?v) AS ?n) { ?r a cg:ReportedCount ; cg:consortium ?c ; cg:value ?v ; "
        "cg:counts code:counts-organizations FILTER NOT EXISTS { ?r cg:unit ?u } "
        "FILTER NOT EXISTS { ?r cg:region|cg:industry|cg:organization|cg:platform|cg:project ?p } } GROUP BY ?c"
    ).set_index("c")["n"]
    assert {
        f"id:{one['iri'].rpartition('/id/')[2]}": int(one["organizations_reported"])
        for one in table
        if one["organizations_reported"]
    } == {str(name): int(n) for name, n in reported.items()}


def test_a_search_within_a_class_is_a_table_and_one_of_all_classes_a_list(client: httpx.Client) -> None:
    within = page(client, "/search?q=江苏&class=Consortium")
    assert "<table>" in within
    assert "<table>" not in page(client, "/search?q=江苏")
    record = client.get("/search.json?q=江苏&class=Consortium").json()
    assert f"共 {record['total']} 个" in within
    assert "lead" not in record["things"][0]


def test_names_in_a_table_are_text(hostile: httpx.Client) -> None:
    for name in SEARCH_CLASSES:
        text = page(hostile, f"/search?class={name}")
        assert "<script>alert" not in text
        assert "<img src" not in text.replace('<img src="/assets/', "")
