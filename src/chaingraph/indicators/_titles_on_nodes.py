"""Titles, awards, evaluations and sums of money of the nodes of a network, as text in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chaingraph.languages import LANGUAGES, text_in
from chaingraph.vocabulary import code_list, short_name

if TYPE_CHECKING:
    import polars as pl

    from chaingraph.store import KnowledgeGraph

_RECOGNITIONS = """SELECT ?row ?thing ?name (LANG(?name) AS ?tag) ?grade ?placing ?year {
    ?row a cg:Recognition ; rdfs:label ?name ; cg:organization|cg:consortium|cg:platform|cg:project|cg:product ?thing
    OPTIONAL { ?row cg:grade ?grade } OPTIONAL { ?row cg:placing ?placing } OPTIONAL { ?row cg:year ?year } }"""
_AMOUNTS = """SELECT ?row ?thing ?kind ?qualifier ?amount ?currency ?date {
    ?row a cg:Amount ; cg:amount ?amount ; cg:kind/skos:notation ?kind ;
         cg:organization|cg:consortium|cg:platform|cg:project|cg:programme|cg:region ?thing
    OPTIONAL { ?row cg:qualifier/skos:notation ?qualifier FILTER (?qualifier NOT IN ("exactly", "unstated")) }
    OPTIONAL { ?row cg:currency ?currency } OPTIONAL { ?row cg:asOf ?date } }"""
Texts = dict[str, dict[str, str]]


def titles_and_amounts(kg: KnowledgeGraph) -> Texts:
    """Return by node its attributes ``recognitions_zh``, ``recognitions_en``, ``amounts_zh`` and ``amounts_en``.

    Each is one text, its parts in their order and between semicolons; nodes of which nothing is stated are absent.
    """
    texts: Texts = {}
    for name, parts in (("recognitions", _recognitions(kg)), ("amounts", _amounts(kg))):
        for thing, language, text in sorted(parts):
            attributes = texts.setdefault(thing, {})
            key = f"{name}_{language}"
            attributes[key] = f"{attributes[key]}; {text}" if key in attributes else text
    return texts


def _recognitions(kg: KnowledgeGraph) -> list[tuple[str, str, str]]:
    rows: dict[tuple[str, str], tuple[dict[str, str | None], list[str]]] = {}
    for row in _rows(kg.select_text(_RECOGNITIONS)):
        details = [row[name] for name in ("year", "grade") if row[name]]
        details += [f"#{row['placing']}"] if row["placing"] else []
        names, _ = rows.setdefault((row["row"], row["thing"]), ({}, details))
        names[row["tag"]] = row["name"]
    return [
        (short_name(thing), language, f"{text_in(names, language)}{_in_brackets(details)}")
        for (_, thing), (names, details) in rows.items()
        for language in LANGUAGES
    ]


def _amounts(kg: KnowledgeGraph) -> list[tuple[str, str, str]]:
    labels = {
        code.notation: {"zh": code.label_zh, "en": code.label_en}
        for name in ("amount-kind", "qualifier")
        for code in code_list(name).codes
    }
    parts = []
    for row in _rows(kg.select_text(_AMOUNTS)):
        for language in LANGUAGES:
            words = [labels[row["kind"]][language]]
            words += [labels[row["qualifier"]][language]] if row["qualifier"] else []
            words += [f"{float(row['amount']):,.0f}", *([row["currency"]] if row["currency"] else [])]
            details = [row["date"]] if row["date"] else []
            parts.append((short_name(row["thing"]), language, f"{' '.join(words)}{_in_brackets(details)}"))
    return parts


def _rows(frame: pl.DataFrame) -> list[dict[str, str]]:
    return [{name: value or "" for name, value in row.items()} for row in frame.to_dicts()]


def _in_brackets(details: list[str]) -> str:
    return f" ({', '.join(details)})" if details else ""
