"""The names by which findings call things."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chaingraph.store import KnowledgeGraph

_BATCH = 200


def labels_of(kg: KnowledgeGraph, things: Iterable[str]) -> dict[str, str]:
    """Return the name of each thing that has one, in Chinese if it has one."""
    labels: dict[str, str] = {}
    terms = sorted({f"<{thing}>" for thing in things if not thing.startswith("_:")})
    for start in range(0, len(terms), _BATCH):
        some = " ".join(terms[start : start + _BATCH])
        query = f"""SELECT ?s ?l {{ VALUES ?s {{ {some} }} ?s rdfs:label ?l BIND (LANG(?l) = 'zh' AS ?zh) }}
            ORDER BY ?s DESC(?zh) ?l"""
        for thing, label in kg.select_text(query).drop_nulls().iter_rows():
            labels.setdefault(thing, label)
    return labels
