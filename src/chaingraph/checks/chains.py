"""Impossible chains: shares of a product that add up to more than 100 %, and a product that is its own input."""

from __future__ import annotations

import math
from collections import defaultdict
from heapq import heappop, heappush
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from chaingraph.checks.report import VIOLATION, Finding
from chaingraph.messages import tr
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chaingraph.store import KnowledgeGraph

TOLERANCE = 1e-6
"""By how much the shares of a product may exceed 100 %, for rounding."""

_ROUNDING = 1e-9
"""By how much a sum that is kept day by day may differ from the same sum that is made anew."""

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
    """The share of a supplier in a row, and the days between which it is valid; without a day it always is."""

    row: str
    supplier: str
    value: float
    since: str
    until: str


def chain_findings(kg: KnowledgeGraph) -> list[Finding]:
    """Return what is impossible in the chain of a graph, each with the rows to correct.

    - a product that is its own input;
    - shares of a product that add up to more than 100 % on one day: the largest of each supplier counts, because
      several rows of one supplier repeat its share.
    """
    findings: dict[str, Finding] = {}
    for product, label in kg.select_text(_OWN_INPUTS).iter_rows():
        message = tr(
            "the product is its own input: correct the column 'input_of' in the row {product}",
            product=short_name(product),
        )
        findings.setdefault(product, Finding(VIOLATION, "own input", short_name(product), label or "", message))
    labels: dict[str, str] = {}
    shares: dict[str, dict[str, _Share]] = {}
    # A share that is no number is a finding of its shape.
    number = pl.col("share").cast(pl.Float64, strict=False)
    rows = kg.select_text(_SHARES).with_columns(number).filter(pl.col("share").is_finite())
    for product, label, supplier, row, value, since, until in rows.iter_rows():
        labels.setdefault(product, label or "")
        share = _Share(short_name(row), supplier, value, since or "", until or "9999-12-31")
        shares.setdefault(product, {}).setdefault(row, share)
    return [*findings.values(), *_excess_findings(shares, labels)]


def _excess_findings(shares: dict[str, dict[str, _Share]], labels: dict[str, str]) -> Iterator[Finding]:
    for product, share_by_row in shares.items():
        of_product = list(share_by_row.values())
        total, rows = _sum_on(_day_of_largest_sum(of_product), of_product)
        if total > 1 + TOLERANCE:
            message = tr(
                "the shares of the product add up to {total:.10g}, expected at most 1: correct the "
                "column 'share' in the rows {rows}",
                total=total,
                rows=", ".join(rows),
            )
            yield Finding(VIOLATION, "shares", short_name(product), labels[product], message)


def _day_of_largest_sum(shares: list[_Share]) -> str:
    """Return the first day on which the largest shares of all suppliers add up to the most.

    It is a day on which one of them begins. The days are gone through once: what ended is dropped when it comes up as
    the largest share of its supplier.
    """
    valid: dict[str, list[tuple[float, str]]] = {}
    total, largest_total, day_of_largest = 0.0, -math.inf, ""
    ends: list[tuple[str, str]] = []
    for since, of_day in groupby(sorted(shares, key=attrgetter("since")), key=attrgetter("since")):
        begun: dict[str, list[tuple[float, str]]] = defaultdict(list)
        for share in of_day:
            begun[share.supplier].append((-share.value, share.until))
            heappush(ends, (share.until, share.supplier))
        while ends and ends[0][0] < since:
            begun.setdefault(heappop(ends)[1], [])
        for supplier, entries in begun.items():
            heap = valid.setdefault(supplier, [])
            total += heap[0][0] if heap else 0.0
            for entry in entries:
                heappush(heap, entry)
            while heap and heap[0][1] < since:
                heappop(heap)
            total -= heap[0][0] if heap else 0.0
        if total > largest_total + _ROUNDING:
            largest_total, day_of_largest = total, since
    return day_of_largest


def _sum_on(day: str, shares: list[_Share]) -> tuple[float, list[str]]:
    """Return the sum of each supplier's largest share on a day, and the rows that it is made of."""
    largest: dict[str, _Share] = {}
    for share in shares:
        is_valid = share.since <= day <= share.until
        if is_valid and (share.supplier not in largest or share.value > largest[share.supplier].value):
            largest[share.supplier] = share
    return math.fsum(share.value for share in largest.values()), sorted(share.row for share in largest.values())
