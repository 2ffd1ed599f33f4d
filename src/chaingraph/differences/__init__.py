"""What two graphs do not share.

Two snapshots are compared table by table, row by row; see :mod:`chaingraph.differences.snapshots` for their form. The
function is ``chaingraph.diff``; a module of that name would hide it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from chaingraph.differences.rows import Change, anchors, change_of, ends, is_relation
from chaingraph.differences.snapshots import JOINED, Snapshot, class_name, identifier, properties, snapshot
from chaingraph.messages import tr
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

    ``frame`` has one row per thing or relation that was added or removed, and one row per property that changed:
    ``class``, ``change`` (added, removed, changed), ``id`` (the short IRI; of a relation that changed, its new one),
    ``name``, ``property``, ``old``, ``new``; and of relations ``in_existing``: whether the project, consortium or other
    thing that they are of is in both graphs.

    ``counts`` has one row per class that differs: the things or relations ``added``, ``removed`` and ``changed``
    (however many of their properties); and of relations of things that are in both graphs ``added_to_existing`` and
    ``removed_from_existing``, by key: one whose role changed is a new key and an old one, so that it counts in both.
    """

    frame: pd.DataFrame
    counts: pd.DataFrame
    notes: tuple[str, ...]
    changes: Mapping[str, Change] = field(repr=False)
    old: Snapshot = field(repr=False)
    new: Snapshot = field(repr=False)

    def markdown(self, language: str | None = None) -> str:
        """Return the report in Markdown, in English (en) or Chinese (zh); in the language of the new graph if None.

        Raises:
            UnknownLanguageError: The language is neither zh nor en.
        """
        from chaingraph.differences.report import markdown

        return markdown(self, self.new.language() if language is None else language)

    def network(self) -> nx.MultiDiGraph[str]:
        """Return the change as a network for :func:`chaingraph.page`; nodes and ties have an attribute ``change``."""
        from chaingraph.differences.network import network

        return network(self)


def diff(
    old: SourceLike | KnowledgeGraph, new: SourceLike | KnowledgeGraph, *, report: Callable[[str], None] | None = None
) -> Difference:
    """Return what was added, removed and changed from one graph to another.

    Compared are the rows of the tables, by their IRIs; what is derived from them (classes, short forms) follows and is
    not listed again. A relation without an id of its own is named after its key, so that a new role gives it another
    IRI: rows of equal references (project and organization, say) are paired, in the order of their other cells, and
    listed as changed. A project whose coordinators, or a consortium whose leads, are others is listed as changed too.
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
    before, after = snapshot(old, report), snapshot(new, report)
    if report is not None:
        report(tr("comparing"))
    tables = [name for name in contract() if name in before.tables or name in after.tables]
    changes = {name: change_of(name, before.table(name), after.table(name)) for name in tables}
    if not any(changes.values()):
        changes = {}
    labels = before.names() | after.names() if changes else {}
    unmatched = {
        iri for change in changes.values() for rows in (change.keys_added, change.keys_removed) for iri in rows["iri"]
    }
    rows: list[_Row] = []
    for name, change in changes.items():
        of_table = [*_rows(name, change, after, labels, unmatched)]
        of_table += [row for lead in _LEADS if lead[0] == name for row in _leads(*lead, before, after, labels)]
        rows += sorted(of_table, key=lambda row: (_CHANGES.index(row[1]), row[2], row[4] or ""))
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"in_existing": "boolean"})
    return Difference(frame, _counts(frame, changes, unmatched), tuple(_notes(before, after)), changes, before, after)


def _rows(
    table: str, change: Change, after: Snapshot, labels: Mapping[str, str], unmatched: set[str]
) -> Iterator[_Row]:
    class_ = class_name(table)
    for word, rows in (("added", change.added), ("removed", change.removed)):
        for row in rows.iter_rows(named=True):
            existing = in_existing(table, row, unmatched) if is_relation(table) else None
            yield class_, word, short_name(row["iri"]), row_name(table, row, labels), None, None, None, existing
    changed = after.table(table).join(change.cells.select("iri").unique(), on="iri", how="semi")
    new_rows = {row["iri"]: row for row in changed.iter_rows(named=True)}
    references = {one.name for one in properties(table) if one.is_reference}
    for iri, name, *values in change.cells.iter_rows():
        old, new = (_with_labels(value, labels) if name in references else value for value in values)
        existing = in_existing(table, new_rows[iri], unmatched) if is_relation(table) else None
        yield class_, "changed", short_name(iri), row_name(table, new_rows[iri], labels), name, old, new, existing


def in_existing(table: str, row: Mapping[str, str | None], unmatched: set[str]) -> bool:
    """Tell whether the things that a relation is of are in both snapshots; ``unmatched`` are those in one only."""
    return not any(iri in unmatched for name in anchors(table) for iri in (row[name] or "").split(JOINED))


def row_name(table: str, row: Mapping[str, str | None], labels: Mapping[str, str]) -> str:
    """Return the label of a row; of a relation those of its ends, with the role."""
    iri = row["iri"]
    assert iri is not None
    if iri in labels:
        return labels[iri]
    parts = (
        [labels.get(end, identifier(end)) for name in ends(table) for end in (row[name] or "").split(JOINED) if end]
        if is_relation(table)
        else []
    )
    if parts and row.get("role"):
        parts[-1] += f" ({row['role']})"
    return " · ".join(parts) or identifier(iri)


def _with_labels(text: str | None, labels: Mapping[str, str]) -> str | None:
    """Return a cell of references with their labels and ids in place of the IRIs."""
    if text is None:
        return None
    return JOINED.join(
        f"{labels[iri]} ({identifier(iri)})" if iri in labels else identifier(iri) for iri in text.split(JOINED)
    )


def _leads(
    table: str,
    role: str,
    relation: str,
    reference: str,
    before: Snapshot,
    after: Snapshot,
    labels: Mapping[str, str],
) -> Iterator[_Row]:
    """Yield the things of both snapshots whose organizations in the first role differ."""
    old_leads, new_leads = (_in_role(one.table(relation), role, reference) for one in (before, after))
    both = before.table(table).join(after.table(table), on="iri", how="semi")
    for iri in both["iri"].sort():
        old, new = old_leads.get(iri), new_leads.get(iri)
        if old != new:
            texts = (_with_labels(old, labels), _with_labels(new, labels))
            yield class_name(table), "changed", short_name(iri), labels.get(iri, identifier(iri)), role, *texts, None


def _in_role(rows: pl.DataFrame, role: str, reference: str) -> dict[str, str]:
    organizations: dict[str, set[str]] = {}
    pairs = rows.filter(role=role).drop_nulls(reference).select(reference, "organization")
    for iri, organization in pairs.iter_rows():
        organizations.setdefault(iri, set()).add(organization)
    return {iri: JOINED.join(sorted(members)) for iri, members in organizations.items()}


def _counts(frame: pd.DataFrame, changes: Mapping[str, Change], unmatched: set[str]) -> pd.DataFrame:
    rows = []
    for table, change in changes.items():
        of_class = frame[frame["class"] == class_name(table)]
        if of_class.empty:
            continue
        existing: list[int | None] = [None, None]
        if is_relation(table):
            keys = (change.keys_added, change.keys_removed)
            existing = [
                sum(in_existing(table, row, unmatched) for row in rows_.iter_rows(named=True)) for rows_ in keys
            ]
        numbers = [of_class.loc[of_class["change"] == word, "id"].nunique() for word in _CHANGES]
        rows.append((class_name(table), *numbers, *existing))
    kinds = {"added_to_existing": "Int64", "removed_from_existing": "Int64"}
    return pd.DataFrame(rows, columns=list(COUNTS)).astype(kinds)


def _notes(before: Snapshot, after: Snapshot) -> Iterator[str]:
    shared = any(before.table(name).join(frame, on="iri", how="semi").height for name, frame in after.tables.items())
    if before.tables and after.tables and not shared:
        yield (
            tr(
                "the two share no thing: things are one only by an equal IRI, so give both data sets the "
                "same base (or name) in dataset.json"
            )
        )
    yield from _likely_renamings(before, after)


def _likely_renamings(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """Yield a question on each consortium that only one snapshot has and that has most members of one of the other."""
    if _consortia(before) <= _consortia(after) or _consortia(after) <= _consortia(before):
        return
    old, new = _members(before), _members(after)
    names = before.names() | after.names()
    for one in sorted(old.keys() - new.keys()):
        for other in sorted(new.keys() - old.keys()):
            shared, union = len(old[one] & new[other]), len(old[one] | new[other])
            if shared * 2 > union:
                yield (
                    tr(
                        "was {one} renamed to {other}? {shared} of {union} members are the same; a row of "
                        "identities.csv decides: consortia, the old name, the new name, same",
                        one=names.get(one, one),
                        other=names.get(other, other),
                        shared=shared,
                        union=union,
                    )
                )


def _consortia(snapshot: Snapshot) -> set[str]:
    return set(snapshot.table("memberships")["consortium"].drop_nulls().unique())


def _members(snapshot: Snapshot) -> dict[str, set[str]]:
    members: dict[str, set[str]] = {}
    rows = snapshot.table("memberships").drop_nulls("consortium").select("consortium", "organization")
    for consortium, organization in rows.iter_rows():
        members.setdefault(consortium, set()).add(organization)
    return members
