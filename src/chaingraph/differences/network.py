"""A difference as a network: the relations that changed, and the things at their ends."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import TYPE_CHECKING

import networkx as nx

from chaingraph import provenance
from chaingraph.differences.report import words
from chaingraph.differences.rows import ends, is_relation
from chaingraph.differences.snapshots import JOINED, Snapshot, class_name, identifier
from chaingraph.tables import contract
from chaingraph.vocabulary import full_iri, short_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chaingraph.differences import Difference
    from chaingraph.differences.rows import Change


_NO_NODES = {"Source", "Quote", "ReportedCount"}
_NO_TIES = {"claims", "identities"}


def network(difference: Difference) -> nx.MultiDiGraph[str]:
    """Return the relations that changed as ties, their ends and all added and removed things as nodes.

    Nodes and ties have ``change`` (added, removed, changed or, of a node, unchanged) and its words ``change_en`` and
    ``change_zh``. A relation of more than two ends, such as a supply, has a tie from its first end to each other. Left
    out and counted are things that changed only in themselves.
    """
    labels = difference.old.names() | difference.new.names()
    states = _states(difference)
    ties = sorted({tie for name, change in difference.changes.items() for tie in _ties(name, change, difference.new)})
    ends_of_ties = {iri for tie in ties for iri in tie[:2]}
    added_or_removed = {iri for iri, state in states.items() if state != "changed"}
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(direction="ignored")
    for iri in sorted(ends_of_ties | added_or_removed):
        table = _tables_by_folder().get(iri.rpartition("/")[0].rpartition("/")[2])
        if table is not None:
            attributes = _change_attributes(states.get(iri, "unchanged"))
            graph.add_node(
                short_name(iri), type=class_name(table), label=labels.get(iri, identifier(iri)), **attributes
            )
    for source, target, table, change, role in ties:
        attributes = _relation(table, change) | ({"role": role} if role else {})
        graph.add_edge(short_name(source), short_name(target), **attributes)
    names = {"name": words()["network"]["en"], "name_zh": words()["network"]["zh"]}
    graph.graph.update(names | {"language": difference.new.language()})
    left_out = {words()["without_ties"]: len(states.keys() - ends_of_ties - added_or_removed)}
    provenance.describe(graph, data_sets=difference.new.data_sets, left_out=left_out)
    nx.freeze(graph)
    return graph


def _change_attributes(change: str) -> dict[str, str]:
    texts = words()["changes"][change]
    return {"change": change, "change_en": texts["en"], "change_zh": texts["zh"]}


def _relation(table: str, change: str) -> dict[str, str]:
    description, texts = contract()[table], words()["changes"][change]
    return {
        "relation": f"{change} {table}",
        "relation_en": f"{texts['en']}: {description.titles[0]}",
        "relation_zh": f"{texts['zh']}：{description.title_zh}",
        **_change_attributes(change),
    }


def _states(difference: Difference) -> dict[str, str]:
    """Return by IRI whether a thing was added, removed or changed, in its own cells or by its leads."""
    classes = {class_name(name) for name in contract() if not is_relation(name)} - _NO_NODES
    rows = difference.frame[difference.frame["class"].isin(classes)]
    return {full_iri(name): change for name, change in zip(rows["id"], rows["change"], strict=True)}


def _ties(table: str, change: Change, new: Snapshot) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield the relations that changed: source, target, table, change, role."""
    if not is_relation(table) or table in _NO_TIES:
        return
    changed = new.table(table).join(change.cells.select("iri").unique(), on="iri", how="semi")
    for word, rows in (("added", change.added), ("removed", change.removed), ("changed", changed)):
        for row in rows.iter_rows(named=True):
            first, *others = [row[name].split(JOINED) for name in ends(table) if row[name]] or [[]]
            for source, targets in product(first, others):
                for target in targets:
                    yield source, target, table, word, row.get("role") or ""


@cache
def _tables_by_folder() -> dict[str, str]:
    """Return the table whose rows' IRIs have a folder in their path."""
    return {table.about_url.partition("{")[0].strip("/"): name for name, table in contract().items()}
