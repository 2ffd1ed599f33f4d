"""Rows -> arrays -> networkx: how every projection is put together."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import polars as pl
import scipy.sparse as sp

from chaingraph import provenance
from chaingraph.arrays import adjacency_dicts, attach_adjacency, attach_incidence, newman_weights, off_diagonal
from chaingraph.languages import words
from chaingraph.networks._registry import PROJECTIONS
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chaingraph.arrays import Matrix
    from chaingraph.queries.evidence import Evidence
    from chaingraph.queries.filters import Selection
    from chaingraph.queries.nodes import Attributes, NodeReader


def relation(network_name: str, name: str, words_of: str | None = None) -> Attributes:
    """Return a relation as attributes of a tie: its name, and its words in English and Chinese.

    Args:
        network_name: The projection, whose words it is.
        name: The relation.
        words_of: The entry of its words, if it is not that of the name.
    """
    texts = words("chaingraph.networks")["relations"][network_name][words_of or name]
    return {"relation": name, "relation_en": texts["en"], "relation_zh": texts["zh"]}


def quoted(evidence: Evidence | None, *iris: str) -> Attributes:
    """Return the attribute ``quotes`` of what some nodes of the graph state; none where nothing states them."""
    keys = "" if evidence is None else evidence.of(*iris)
    return {"quotes": keys} if keys else {}


def add_nodes(
    network: nx.Graph[str],
    reader: NodeReader,
    class_name: str,
    *,
    only: Sequence[str] | None = None,
    evidence: Evidence | None = None,
    **attributes: str | int | float | bool,
) -> list[str]:
    """Add the nodes of a class, all or only some, and return their IRIs in order."""
    of_class = reader.attributes(class_name)
    iris = list(of_class) if only is None else [iri for iri in only if iri in of_class]
    for iri in iris:
        network.add_node(short_name(iri), **of_class[iri], **attributes, **quoted(evidence, iri))
    return iris


def incidence_matrix(rows: pl.DataFrame, members: Sequence[str], events: Sequence[str]) -> Matrix:
    """Return who takes part in what, shape (members, events), 1 however often; rows have columns member and event."""
    pairs = rows.select("member", "event").unique()
    indices = _with_positions(_with_positions(pairs, "member", members), "event", events)
    shape = (len(members), len(events))
    matrix = sp.csr_array(
        (np.ones(indices.height), (indices["member"].to_numpy(), indices["event"].to_numpy())), shape=shape
    )
    matrix.sort_indices()
    return matrix


def _with_positions(rows: pl.DataFrame, column: str, iris: Sequence[str]) -> pl.DataFrame:
    """Return the rows whose IRI in a column is among some, with its position among them in its place."""
    positions = pl.DataFrame({column: iris, "position": np.arange(len(iris))}, schema_overrides={column: pl.String})
    return rows.join(positions, on=column).drop(column).rename({"position": column})


def two_mode(
    reader: NodeReader,
    name: str,
    event_class: str,
    relation_name: str,
    pairs: pl.DataFrame,
    *,
    selection: Selection,
    evidence: Evidence | None,
) -> nx.Graph[str]:
    """Return the network of organizations and what they take part in.

    Args:
        reader: The graph's nodes.
        name: The projection; its weight is a column of ``pairs``.
        event_class: The class of the second mode.
        relation_name: The relation that is a tie.
        pairs: One row per tie: member, event, ``rows`` (the IRIs of the rows that state it), and its attributes.
        selection: The filters.
        evidence: What states rows and nodes, if the network is to have it.
    """
    network: nx.Graph[str] = nx.Graph()
    organizations = selection.organizations(reader)["s"].to_list()
    members = add_nodes(network, reader, "Organization", only=organizations, evidence=evidence, bipartite=0)
    events = add_nodes(network, reader, event_class, evidence=evidence, bipartite=1)
    heavy = pl.col(PROJECTIONS[name].weight or "") >= selection.minimum
    pairs = pairs.filter(pl.col("member").is_in(members) & pl.col("event").is_in(events) & heavy)
    for row in pairs.sort("member", "event").iter_rows(named=True):
        ends, rows = (short_name(row.pop("member")), short_name(row.pop("event"))), row.pop("rows")
        attributes = {key: value for key, value in row.items() if value is not None}
        network.add_edge(ends[0], ends[1], **attributes, **quoted(evidence, *rows), **relation(name, relation_name))
    return network


def one_mode(
    reader: NodeReader,
    rows: pl.DataFrame,
    count: str,
    *,
    newman: bool,
    selection: Selection,
    evidence: Evidence | None,
) -> tuple[nx.Graph[str], list[tuple[str | None, Matrix]], Matrix | None]:
    """Return the network of organizations that share what they take part in, with its matrices.

    Args:
        reader: The graph's nodes.
        rows: One row per membership: row (its IRI), member, event.
        count: The edge attribute that counts what two share.
        newman: Add the attribute ``newman``, in which an event of k members counts 1/(k - 1).
        selection: The filters.
        evidence: What states rows and nodes, if the network is to have it.
    """
    members = selection.organizations(reader)["s"].to_list()
    events = rows["event"].unique().sort().to_list()
    matrix = incidence_matrix(rows, members, events)
    shared = off_diagonal(matrix @ matrix.T)
    is_partial = bool((shared.data < selection.minimum).any())
    if is_partial:
        shared.data[shared.data < selection.minimum] = 0
        shared.eliminate_zeros()
    weights = {count: shared}
    if newman:
        weights["newman"] = newman_weights(matrix, shared)
    if not selection.isolates:
        with_ties = np.flatnonzero(np.diff(shared.indptr))
        members = [members[index] for index in with_ties.tolist()]
        matrix = sp.csr_array(matrix[with_ties])
        weights = {name: sp.csr_array(weight[with_ties][:, with_ties]) for name, weight in weights.items()}
    network: nx.Graph[str] = nx.Graph()
    add_nodes(network, reader, "Organization", only=members, evidence=evidence)
    add_ties(network, weights, frozenset({count}))
    if evidence is not None:
        _quote_memberships(network, rows.filter(pl.col("member").is_in(members)), evidence)
    return network, list(weights.items()), None if is_partial else matrix


@contextmanager
def _garbage_collection_off() -> Iterator[None]:
    """Keep Python from looking for garbage while hundreds of thousands of ties are made: a quarter of the time."""
    is_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if is_on:
            gc.enable()


def add_ties(network: nx.Graph[str], weights: Mapping[str, Matrix], whole_numbers: frozenset[str]) -> None:
    """Tie the nodes of a network without ties, which are in the order of the matrices' rows."""
    with _garbage_collection_off():
        # The structure is documented (node -> neighbour -> attributes); the stubs do not have its name.
        network._adj.update(adjacency_dicts(list(network), weights, whole_numbers))  # type: ignore[attr-defined]


def _quote_memberships(network: nx.Graph[str], rows: pl.DataFrame, evidence: Evidence) -> None:
    """Put the quotes of memberships on the member, and on the ties that the membership makes."""
    for (_,), event in rows.sort("event", "member", "row").group_by("event", maintain_order=True):
        iris: dict[str, list[str]] = {}
        for row, member in event.select("row", "member").iter_rows():
            iris.setdefault(short_name(member), []).append(row)
        keys = {member: evidence.of(*rows_of_member) for member, rows_of_member in iris.items()}
        for member in keys:
            _add_keys(network.nodes[member], keys[member])
        members = list(keys)
        for index, member in enumerate(members):
            for other in members[index + 1 :]:
                if (keys[member] or keys[other]) and network.has_edge(member, other):
                    _add_keys(network.edges[member, other], keys[member], keys[other])


def _add_keys(attributes: dict[str, str], *texts: str) -> None:
    """Add keys of quotes to those that a node or tie has, each once."""
    parts = [text for text in (attributes.get("quotes", ""), *texts) if text]
    if parts:
        keys = dict.fromkeys(key for part in parts for key in part.split(provenance.SEPARATOR))
        attributes["quotes"] = provenance.SEPARATOR.join(keys)


def finish(
    network: nx.Graph[str],
    reader: NodeReader,
    name: str,
    *,
    selection: Selection,
    evidence: Evidence | None = None,
    weight: str | None = None,
    undated: int = 0,
    left_out: Mapping[str, int] | None = None,
    matrices: Sequence[tuple[str | None, Matrix]] = (),
    incidence: Matrix | None = None,
) -> None:
    """Drop isolates if the selection says so, describe the network, freeze it and keep its arrays beside it.

    Args:
        network: The network, which is changed.
        reader: The graph's nodes.
        name: The projection.
        selection: The filters.
        evidence: What states its nodes and ties, if it has them.
        weight: The edge attribute that counts, where it is not the projection's.
        undated: How many rows have no date.
        left_out: How much of what was left out, by reason.
        matrices: The matrices of its ties, by edge attribute.
        incidence: What it is the projection of.
    """
    projection = PROJECTIONS[name]
    if not selection.isolates:
        network.remove_nodes_from(list(nx.isolates(network)))
    network.graph.update({"name": projection.label("en"), "name_zh": projection.label("zh")})
    if weight or projection.weight:
        network.graph["weight"] = weight or projection.weight
    if selection.period is not None:
        network.graph["undated"] = undated
    if reader.kg.joined is not None:
        network.graph["joined"] = reader.kg.joined.organizations
    records = None if evidence is None else _records(network, evidence)
    provenance.describe(network, data_sets=reader.kg.data_sets(), left_out=left_out, quotes=records)
    nx.freeze(network)
    for attribute, matrix in matrices:
        attach_adjacency(network, attribute, matrix)
    if incidence is not None:
        attach_incidence(network, incidence)


def _records(network: nx.Graph[str], evidence: Evidence) -> dict[str, list[provenance.Record]]:
    """Return the records of the quotes that the network's nodes and ties name."""
    texts = {data["quotes"] for _, data in network.nodes(data=True) if "quotes" in data}
    texts |= {data["quotes"] for *_, data in network.edges(data=True) if "quotes" in data}
    keys = {key for text in texts for key in text.split(provenance.SEPARATOR)}
    return {key: records for key, records in evidence.records.items() if key in keys}
