"""Rows -> arrays -> networkx: how every projection is put together."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import networkx as nx
import numpy as np
import polars as pl
import scipy.sparse as sp

from chaingraph.arrays import adjacency_dicts, attach_adjacency, attach_incidence, newman_weights, off_diagonal
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chaingraph.arrays import Matrix
    from chaingraph.queries.filters import Selection
    from chaingraph.queries.nodes import Attribute, Evidence, Things


class Words(NamedTuple):
    """A relation, as a key and in words."""

    relation: str
    english: str
    chinese: str

    def attributes(self) -> dict[str, Attribute]:
        """Return it as attributes of a tie."""
        return {"relation": self.relation, "relation_en": self.english, "relation_zh": self.chinese}


def add_things(
    network: nx.Graph[str],
    things: Things,
    class_name: str,
    *,
    only: Sequence[str] | None = None,
    stated: Evidence | None = None,
    **more: Attribute,
) -> list[str]:
    """Add the things of a class as nodes, all or only some, and return their IRIs in order."""
    known = things.attributes(class_name)
    chosen = list(known) if only is None else [iri for iri in only if iri in known]
    for iri in chosen:
        quotes: dict[str, Attribute] = {} if stated is None else {"quotes": list(stated[iri])}
        network.add_node(short_name(iri), **known[iri], **more, **quotes)
    return chosen


def incidence_matrix(rows: pl.DataFrame, members: Sequence[str], events: Sequence[str]) -> Matrix:
    """Return who takes part in what, shape (members, events), 1 however often; rows have columns member and event."""
    pairs = rows.select("member", "event").unique()
    placed = _numbered(_numbered(pairs, "member", members), "event", events)
    shape = (len(members), len(events))
    matrix = sp.csr_array(
        (np.ones(placed.height), (placed["member"].to_numpy(), placed["event"].to_numpy())), shape=shape
    )
    matrix.sort_indices()
    return matrix


def _numbered(rows: pl.DataFrame, column: str, iris: Sequence[str]) -> pl.DataFrame:
    numbers = pl.DataFrame({column: iris, "number": np.arange(len(iris))}, schema_overrides={column: pl.String})
    return rows.join(numbers, on=column).drop(column).rename({"number": column})


def two_mode(
    things: Things,
    classes: tuple[str, str],
    pairs: pl.DataFrame,
    count: str,
    words: Words,
    *,
    selection: Selection,
    stated: Evidence | None,
) -> nx.Graph[str]:
    """Return the network of organizations and what they take part in.

    Args:
        things: The graph's things.
        classes: The classes of the first and the second mode.
        pairs: One row a tie: member, event, ``rows`` (the IRIs that state it), the count, and other attributes.
        count: The name of the column that counts.
        words: The relation.
        selection: What is looked at.
        stated: The words that state things, if they are wanted.
    """
    network: nx.Graph[str] = nx.Graph()
    members = selection.organizations(things)["s"].to_list()
    members = add_things(network, things, classes[0], only=members, stated=stated, bipartite=0)
    events = add_things(network, things, classes[1], stated=stated, bipartite=1)
    known = pairs.filter(
        pl.col("member").is_in(members) & pl.col("event").is_in(events) & (pl.col(count) >= selection.minimum)
    ).sort("member", "event")
    ends = [(short_name(u), short_name(v)) for u, v in known.select("member", "event").iter_rows()]
    shown = known.drop("member", "event", "rows")
    for (u, v), values, rows in zip(ends, shown.iter_rows(), known["rows"], strict=True):
        held = {name: value for name, value in zip(shown.columns, values, strict=True) if value is not None}
        if stated is not None:
            held["quotes"] = [quote for row in rows for quote in stated[row]]
        network.add_edge(u, v, **held, **words.attributes())
    return network


def one_mode(
    things: Things,
    rows: pl.DataFrame,
    count: str,
    *,
    newman: bool,
    selection: Selection,
    stated: Evidence | None,
) -> tuple[nx.Graph[str], list[tuple[str | None, Matrix]], Matrix | None]:
    """Return the network of organizations that share what they take part in, with its matrices.

    Args:
        things: The graph's things.
        rows: One row a membership: row (its IRI), member, event.
        count: The edge attribute that counts what two share.
        newman: Add the attribute ``newman``, in which an event of k members counts 1/(k - 1).
        selection: What is looked at.
        stated: The words that state things, if they are wanted.
    """
    members = selection.organizations(things)["s"].to_list()
    events = rows["event"].unique().sort().to_list()
    matrix = incidence_matrix(rows, members, events)
    shared = off_diagonal(matrix @ matrix.T)
    cut = bool((shared.data < selection.minimum).any())
    if cut:
        shared.data[shared.data < selection.minimum] = 0
        shared.eliminate_zeros()
    weights = {count: shared}
    if newman:
        weights["newman"] = newman_weights(matrix, shared)
    if not selection.isolates:
        tied = np.flatnonzero(np.diff(shared.indptr))
        members = [members[index] for index in tied.tolist()]
        matrix = sp.csr_array(matrix[tied])
        weights = {name: sp.csr_array(held[tied][:, tied]) for name, held in weights.items()}
    network: nx.Graph[str] = nx.Graph()
    add_things(network, things, "Organization", only=members, stated=stated)
    add_ties(network, weights, frozenset({count}))
    if stated is not None:
        _quote(network, rows.filter(pl.col("member").is_in(members)), stated)
    return network, list(weights.items()), None if cut else matrix


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Keep Python from looking for rubbish while hundreds of thousands of ties are made: a quarter of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def add_ties(network: nx.Graph[str], weights: Mapping[str, Matrix], whole_numbers: frozenset[str]) -> None:
    """Tie the nodes of a network without ties, which are in the order of the matrices' rows."""
    with _without_collecting():
        # The structure is documented (node -> neighbour -> attributes); the stubs do not have its name.
        network._adj.update(adjacency_dicts(list(network), weights, whole_numbers))  # type: ignore[attr-defined]


def _quote(network: nx.Graph[str], rows: pl.DataFrame, stated: Evidence) -> None:
    """Put the words that state memberships on the member, and on the ties that the membership makes."""
    for (_,), event in rows.sort("event", "member", "row").group_by("event", maintain_order=True):
        quoted: dict[str, list[dict[str, str]]] = {}
        for row, member in event.select("row", "member").iter_rows():
            quoted.setdefault(short_name(member), []).extend(stated[row])
        for member, quotes in quoted.items():
            _extend(network.nodes[member], quotes)
        members = list(quoted)
        for index, member in enumerate(members):
            for other in members[index + 1 :]:
                if (quoted[member] or quoted[other]) and network.has_edge(member, other):
                    _extend(network.edges[member, other], [*quoted[member], *quoted[other]])


def _extend(data: dict[str, list[dict[str, str]]], quotes: list[dict[str, str]]) -> None:
    known = data.setdefault("quotes", [])
    known += [quote for number, quote in enumerate(quotes) if quote not in known and quote not in quotes[:number]]


def finish(
    network: nx.Graph[str],
    things: Things,
    name: tuple[str, str],
    *,
    weight: str | None = None,
    selection: Selection,
    undated: int = 0,
    left_out: Mapping[str, int] | None = None,
    matrices: Sequence[tuple[str | None, Matrix]] = (),
    behind: Matrix | None = None,
) -> None:
    """Drop isolates if asked to, write what the network is onto it, freeze it and keep its arrays beside it."""
    if not selection.isolates:
        network.remove_nodes_from(list(nx.isolates(network)))
    network.graph.update({"name": name[0], "name_zh": name[1], "datasets": things.kg.data_sets()})
    if weight is not None:
        network.graph["weight"] = weight
    if selection.period is not None:
        network.graph["undated"] = undated
    missing = {reason: number for reason, number in (left_out or {}).items() if number}
    if missing:
        network.graph["left_out"] = missing
    nx.freeze(network)
    for attribute, matrix in matrices:
        attach_adjacency(network, attribute, matrix)
    if behind is not None:
        attach_incidence(network, behind)
