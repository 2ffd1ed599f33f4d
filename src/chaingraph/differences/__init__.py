"""What two graphs do not share: the only place that compares them.

The rows of two sides are set against each other, table by table; see :mod:`chaingraph.differences.snapshots` for what
counts as stated. The function is ``chaingraph.diff``; a module of that name would hide it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from chaingraph.differences.rows import Change, anchors, change_of, ends, is_relation
from chaingraph.differences.snapshots import JOINED, Side, class_name, identifier, properties, side
from chaingraph.tables import contract
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import networkx as nx
    import polars as pl

    from chaingraph.store import KnowledgeGraph
    from chaingraph.store.source import SourceLike

__all__ = ["COLUMNS", "Difference", "diff"]

COLUMNS = ("class", "change", "id", "name", "property", "old", "new", "in_existing")
COUNTS = ("class", "added", "removed", "changed", "added_to_existing", "removed_from_existing")
_CHANGES = ("added", "removed", "changed")
_LEADS = (
    ("projects", "coordinator", "participations", "project"),
    ("consortia", "lead", "memberships", "consortium"),
)
"""Whose first organization may change: table, the role, the relation, its reference."""

_Row = tuple[str, str, str, str, str | None, str | None, str | None, bool | None]


@dataclass(frozen=True)
class Difference:
    """What two graphs do not share.

    ``frame`` has one row a thing or relation that was added or removed, and one row a property that changed:
    ``class``, ``change`` (added, removed, changed), ``id`` (the short IRI; of a relation that changed, its new one),
    ``name``, ``property``, ``old``, ``new``; and of relations ``in_existing``: whether the project, consortium or other
    thing that they are of is in both graphs.

    ``counts`` has one row a class that differs: the things or relations ``added``, ``removed`` and ``changed`` (however
    many of their properties); and of relations of things that are in both graphs ``added_to_existing`` and
    ``removed_from_existing``, by key: one whose role changed is a new key and an old one, so that it counts in both.
    """

    frame: pd.DataFrame
    counts: pd.DataFrame
    notes: tuple[str, ...]
    changes: Mapping[str, Change] = field(repr=False)
    old: Side = field(repr=False)
    new: Side = field(repr=False)

    def markdown(self, language: str = "en") -> str:
        """Return the report in Markdown, in English (en) or Chinese (zh)."""
        from chaingraph.differences.report import markdown

        return markdown(self, language)

    def network(self) -> nx.MultiDiGraph[str]:
        """Return the change as a network for :func:`chaingraph.page`, whose nodes and ties say their ``change``."""
        from chaingraph.differences.network import network

        return network(self)


def diff(
    old: SourceLike | KnowledgeGraph, new: SourceLike | KnowledgeGraph, *, report: Callable[[str], None] | None = None
) -> Difference:
    """Return what was added, removed and changed from one graph to another.

    Compared are the rows of the tables, by their IRIs; what is derived from them (classes, short forms) follows and is
    not told again. A relation without an id of its own is named after its key, so that a new role gives it another
    IRI: rows of equal references (project and organization, say) are paired, in the order of their other cells, and
    told as changed. A project whose coordinators, or a consortium whose leads, are others is told as changed too.
    Languages of texts and the order of several values in a cell make no difference.

    Args:
        old: A KnowledgeGraph, or whatever :func:`chaingraph.open` takes: a folder, workbook, RDF file, frames ...
        new: Another; the two share things only by an equal base.
        report: Called with a line on each step.

    Raises:
        UnreadableError: A source cannot be read at all.
        TableProblemsError: Tables hold mistakes.

    Example:
        >>> import chaingraph as cg
        >>> from chaingraph.resources import sample
        >>> cg.diff(sample("jiangsu-2022"), sample("jiangsu-2022")).frame.empty
        True
    """
    before, after = side(old, report), side(new, report)
    if report is not None:
        report("comparing")
    known = [name for name in contract() if name in before.tables or name in after.tables]
    changes = {name: change_of(name, before.table(name), after.table(name)) for name in known}
    names = before.names() | after.names()
    lone = {
        iri for change in changes.values() for rows in (change.keys_added, change.keys_removed) for iri in rows["iri"]
    }
    found: list[_Row] = []
    for name, change in changes.items():
        rows = [*_rows(name, change, after, names, lone)]
        rows += [row for lead in _LEADS if lead[0] == name for row in _leads(*lead, before, after, names)]
        found += sorted(rows, key=lambda row: (_CHANGES.index(row[1]), row[2], row[4] or ""))
    frame = pd.DataFrame(found, columns=list(COLUMNS)).astype({"in_existing": "boolean"})
    return Difference(frame, _counts(frame, changes, lone), tuple(_notes(before, after)), changes, before, after)


def _rows(table: str, change: Change, after: Side, names: Mapping[str, str], lone: set[str]) -> Iterator[_Row]:
    class_ = class_name(table)
    for word, rows in (("added", change.added), ("removed", change.removed)):
        for row in rows.iter_rows(named=True):
            within = in_existing(table, row, lone) if is_relation(table) else None
            yield class_, word, short_name(row["iri"]), row_name(table, row, names), None, None, None, within
    held = after.table(table).join(change.cells.select("iri").unique(), on="iri", how="semi")
    now = {row["iri"]: row for row in held.iter_rows(named=True)}
    references = {one.name for one in properties(table) if one.is_reference}
    for iri, name, was, becomes in change.cells.iter_rows():
        texts = (_with_names(text, names) if name in references else text for text in (was, becomes))
        within = in_existing(table, now[iri], lone) if is_relation(table) else None
        yield class_, "changed", short_name(iri), row_name(table, now[iri], names), name, *texts, within


def in_existing(table: str, row: Mapping[str, str | None], lone: set[str]) -> bool:
    """Tell whether what a relation is of is on both sides; ``lone`` are the things that are on one only."""
    return not any(iri in lone for name in anchors(table) for iri in (row[name] or "").split(JOINED))


def row_name(table: str, row: Mapping[str, str | None], names: Mapping[str, str]) -> str:
    """Return what a row is called: its own name, or those of the ends of a relation, with the role."""
    iri = row["iri"]
    assert iri is not None
    if iri in names:
        return names[iri]
    parts = (
        [names.get(end, identifier(end)) for name in ends(table) for end in (row[name] or "").split(JOINED) if end]
        if is_relation(table)
        else []
    )
    if parts and row.get("role"):
        parts[-1] += f" ({row['role']})"
    return " · ".join(parts) or identifier(iri)


def _with_names(text: str | None, names: Mapping[str, str]) -> str | None:
    if text is None:
        return None
    return JOINED.join(
        f"{names[iri]} ({identifier(iri)})" if iri in names else identifier(iri) for iri in text.split(JOINED)
    )


def _leads(
    table: str, role: str, relation: str, reference: str, before: Side, after: Side, names: Mapping[str, str]
) -> Iterator[_Row]:
    """Yield the things that are on both sides and whose organizations in the first role are others."""
    held = [_in_role(one.table(relation), role, reference) for one in (before, after)]
    both = before.table(table).join(after.table(table), on="iri", how="semi")
    for iri in both["iri"].sort():
        was, becomes = held[0].get(iri), held[1].get(iri)
        if was != becomes:
            texts = (_with_names(was, names), _with_names(becomes, names))
            yield class_name(table), "changed", short_name(iri), names.get(iri, identifier(iri)), role, *texts, None


def _in_role(rows: pl.DataFrame, role: str, reference: str) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for thing, organization in (
        rows.filter(role=role).drop_nulls(reference).select(reference, "organization").iter_rows()
    ):
        found.setdefault(thing, set()).add(organization)
    return {thing: JOINED.join(sorted(organizations)) for thing, organizations in found.items()}


def _counts(frame: pd.DataFrame, changes: Mapping[str, Change], lone: set[str]) -> pd.DataFrame:
    rows = []
    for table, change in changes.items():
        told = frame[frame["class"] == class_name(table)]
        if told.empty:
            continue
        existing: list[int | None] = [None, None]
        if is_relation(table):
            sides = (change.keys_added, change.keys_removed)
            existing = [sum(in_existing(table, row, lone) for row in rows.iter_rows(named=True)) for rows in sides]
        numbers = [told.loc[told["change"] == word, "id"].nunique() for word in _CHANGES]
        rows.append((class_name(table), *numbers, *existing))
    kinds = {"added_to_existing": "Int64", "removed_from_existing": "Int64"}
    return pd.DataFrame(rows, columns=list(COUNTS)).astype(kinds)


def _notes(before: Side, after: Side) -> Iterator[str]:
    shared = any(before.table(name).join(frame, on="iri", how="semi").height for name, frame in after.tables.items())
    if before.tables and after.tables and not shared:
        yield (
            "the two share no thing: things are one only by an equal IRI, so give both data sets the same base"
            " (or name) in dataset.json"
        )
