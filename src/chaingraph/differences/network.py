"""A difference as a network: what changed, and what it is tied to; the only place that draws one."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import networkx as nx

from chaingraph import provenance
from chaingraph.differences.report import words
from chaingraph.differences.rows import ends, is_relation
from chaingraph.differences.snapshots import JOINED, Side, class_name, identifier
from chaingraph.tables import contract
from chaingraph.vocabulary import full_iri, short_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chaingraph.differences import Difference
    from chaingraph.differences.rows import Change


_NO_NODES = {"Source", "Quote", "ReportedCount"}
_NO_TIES = {"claims", "identities"}


def network(difference: Difference) -> nx.MultiDiGraph[str]:
    """Return the relations that changed as ties, their ends and all added and removed things as nodes.

    Nodes and ties have ``change`` (added, removed, changed or, of a node, kept) and its words ``change_en`` and
    ``change_zh``. A relation of more than two ends, such as a supply, has a tie from its first end to each other. Left
    out and counted are things that changed only in themselves.
    """
    of_table = {_folder(name): name for name in contract()}
    names = difference.old.names() | difference.new.names()
    drawn: nx.MultiDiGraph[str] = nx.MultiDiGraph(direction="ignored")
    states = _states(difference)
    ties = sorted({tie for name, change in difference.changes.items() for tie in _ties(name, change, difference.new)})
    tied = {iri for tie in ties for iri in tie[:2]}
    lone = {iri for iri, state in states.items() if state != "changed"}
    for iri in sorted(tied | lone):
        table = of_table.get(_folder_of(iri))
        if table is not None:
            label = names.get(iri, identifier(iri))
            drawn.add_node(short_name(iri), type=class_name(table), label=label, **_said(states.get(iri, "kept")))
    for source, target, table, change, role in ties:
        found = contract()[table]
        more = {"role": role} if role else {}
        said = words()["changes"][change]
        relation = {
            "relation": f"{change} {table}",
            "relation_en": f"{said['en']}: {found.titles[0]}",
            "relation_zh": f"{said['zh']}：{found.title_zh}",
        }
        drawn.add_edge(short_name(source), short_name(target), **relation, **_said(change), **more)
    english, chinese = words()["network"]["en"], words()["network"]["zh"]
    drawn.graph.update({"name": english, "name_zh": chinese})
    left_out = {words()["alone"]: len(states.keys() - tied - lone)}
    provenance.describe(drawn, data_sets=difference.new.data_sets, left_out=left_out)
    nx.freeze(drawn)
    return drawn


def _said(change: str) -> Mapping[str, str]:
    said = words()["changes"][change]
    return {"change": change, "change_en": said["en"], "change_zh": said["zh"]}


def _states(difference: Difference) -> dict[str, str]:
    """Return by IRI what became of the things that differ, in their own cells or by other leads; a relation is none."""
    classes = {class_name(name) for name in contract() if not is_relation(name)} - _NO_NODES
    told = difference.frame[difference.frame["class"].isin(classes)]
    return {full_iri(name): change for name, change in zip(told["id"], told["change"], strict=True)}


def _ties(table: str, change: Change, new: Side) -> Iterator[tuple[str, str, str, str, str]]:
    if not is_relation(table) or table in _NO_TIES:
        return
    altered = new.table(table).join(change.cells.select("iri").unique(), on="iri", how="semi")
    for word, rows in (("added", change.added), ("removed", change.removed), ("changed", altered)):
        for row in rows.iter_rows(named=True):
            first, *others = [row[name].split(JOINED) for name in ends(table) if row[name]] or [[]]
            for source, targets in product(first, others):
                for target in targets:
                    yield source, target, table, word, row.get("role") or ""


def _folder(table: str) -> str:
    return contract()[table].about_url.partition("{")[0].strip("/")


def _folder_of(iri: str) -> str:
    return iri.rpartition("/")[0].rpartition("/")[2]
