"""The quotes and the records of registers that state things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chaingraph.endpoint.pages.cells import safe_address
from chaingraph.endpoint.pages.page_queries import ask_rows, values_clauses
from chaingraph.queries.evidence import evidence_query
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from chaingraph.endpoint.pages.page_queries import Row

Record = dict[str, Any]
_QUOTE_PARTS = ("exact", "prefix", "suffix", "record", "title", "published", "publisher")


async def evidence_of(request: Request, iris: Iterable[str]) -> dict[str, list[Record]]:
    """Return by IRI the quotes and the records of registers that state things; ``url`` is http or https, or None."""
    evidence: dict[str, dict[tuple[str, str], Record]] = {}
    for iri_list in values_clauses(iris):
        for row in (await ask_rows(request, evidence_query(iri_list))).rows:
            key = (row["quote"]["value"] if "quote" in row else "", row["record"]["value"] if "record" in row else "")
            evidence.setdefault(row["statement"]["value"], {}).setdefault(key, _quote(row))
    return {iri: list(quotes.values()) for iri, quotes in evidence.items()}


def _quote(row: Row) -> Record:
    quote: Record = {name: row[name]["value"] if name in row else None for name in _QUOTE_PARTS}
    quote["url"] = safe_address(row["url"]["value"]) if "url" in row else None
    quote["source"] = row["source"]["value"] if "source" in row else None
    quote["title"] = quote["title"] or short_name(quote["source"] or "")
    return quote
