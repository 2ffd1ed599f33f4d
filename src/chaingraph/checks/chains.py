"""What no chain can be: shares of a product that are more than all of it, and a product that goes into itself."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from chaingraph.checks.findings import VIOLATION, Finding
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chaingraph.store import KnowledgeGraph

TOLERANCE = 1e-6
"""By how much the shares of a product may exceed 100 %, for rounding."""

_OWN_INPUTS = """
SELECT ?product ?label { ?product cg:inputOf ?product OPTIONAL { ?product rdfs:label ?label } }
ORDER BY ?product ?label"""

_SHARES = """
SELECT ?product ?label ?supplier ?row ?share ?since ?until {
  ?row a cg:Supply ; cg:supplier ?supplier ; cg:product ?product ; cg:share ?share
  OPTIONAL { ?product rdfs:label ?label }
  OPTIONAL { ?row cg:sinceEarliest ?since } OPTIONAL { ?row cg:untilLatest ?until }
} ORDER BY ?product ?row ?label"""


class _Share(NamedTuple):
    """A share that a row states, and the days between which it holds; without a day it always does."""

    row: str
    supplier: str
    share: float
    since: str
    until: str


def chain_findings(kg: KnowledgeGraph) -> list[Finding]:
    """Return what is impossible in the chain of a graph, each with the rows to correct.

    - a product that is its own input;
    - shares of a product that add up to more than 100 % on one day: the largest of each supplier counts, because
      several rows of one supplier state its share anew.
    """
    findings: dict[str, Finding] = {}
    for product, label in kg.select_text(_OWN_INPUTS).iter_rows():
        message = f"the product is its own input: correct the column 'input_of' in the row {short_name(product)}"
        findings.setdefault(product, Finding(VIOLATION, "own input", short_name(product), label or "", message))
    labels: dict[str, str] = {}
    shares: dict[str, dict[str, _Share]] = {}
    for product, label, supplier, row, share, since, until in kg.select_text(_SHARES).iter_rows():
        labels.setdefault(product, label or "")
        stated = _Share(short_name(row), supplier, float(share), since or "", until or "9999-12-31")
        shares.setdefault(product, {}).setdefault(row, stated)
    return [*findings.values(), *_too_much(shares, labels)]


def _too_much(shares: dict[str, dict[str, _Share]], labels: dict[str, str]) -> Iterator[Finding]:
    for product, stated in shares.items():
        total, rows = max(
            (_total([one for one in stated.values() if one.since <= day <= one.until]) for day in _days(stated)),
            key=lambda found: found[0],
        )
        if total > 1 + TOLERANCE:
            message = (
                f"the shares of the product add up to {total:.4g}, expected at most 1: correct the column 'share'"
                f" in the rows {', '.join(rows)}"
            )
            yield Finding(VIOLATION, "shares", short_name(product), labels[product], message)


def _days(stated: dict[str, _Share]) -> list[str]:
    """Return the days on which a sum of shares can be the largest: those on which one begins."""
    return sorted({one.since for one in stated.values()})


def _total(held: list[_Share]) -> tuple[float, list[str]]:
    largest: dict[str, _Share] = {}
    for one in held:
        if one.supplier not in largest or one.share > largest[one.supplier].share:
            largest[one.supplier] = one
    return math.fsum(one.share for one in largest.values()), sorted(one.row for one in largest.values())
