"""Rows -> arrays -> networkx: how every projection is put together."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import networkx as nx
import numpy as np
import polars as pl
import scipy.sparse as sp

from chaingraph import provenance
from chaingraph.arrays import Affiliation, Ties
from chaingraph.errors import UsageError
from chaingraph.languages import words
from chaingraph.messages import tr
from chaingraph.networks._registry import PROJECTIONS
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chaingraph.arrays import ArrayNetwork, Matrix
    from chaingraph.queries.evidence import Evidence
    from chaingraph.queries.filters import Selection
    from chaingraph.queries.nodes import NodeReader

Arrays = TypeVar("Arrays", Affiliation, Ties)
Form = Literal["networkx", "arrays"]
"""The form in which a projection is returned."""


def relation(network_name: str, name: str, words_of: str | None = None) -> dict[str, str]:
    """Return a relation as attributes of a tie: its name, and its words in English and Chinese.

    Args:
        network_name: The projection, whose words it is.
        name: The relation.
        words_of: The entry of its words, if it is not that of the name.
    """
    texts = words("chaingraph.networks")["relations"][network_name][words_of or name]
    return {"relation": name, "relation_en": texts["en"], "relation_zh": texts["zh"]}


def short_names(iris: pl.Series) -> pl.Series:
    """Return IRIs abbreviated by the known prefixes, or as they are; those of :func:`chaingraph.vocabulary.short_name`.

    >>> short_names(pl.Series(["https://w3id.org/chaingraph/id/a", "urn:b"])).to_list()
    ['id:a', 'urn:b']
    """
    iri = pl.col("iri")
    short = [
        pl.when(iri.str.starts_with(namespace)).then(pl.lit(f"{prefix}:") + iri.str.slice(len(namespace)))
        for prefix, namespace in PREFIXES.items()
    ]
    return pl.DataFrame({"iri": iris.cast(pl.String)}).select(pl.coalesce(*short, iri)).to_series()


def quotes_column(evidence: Evidence | None, iris: Sequence[Sequence[str]]) -> list[pl.Series]:
    """Return the column ``quotes`` of what some nodes of the graph state, null where nothing does; none without quotes.

    Args:
        evidence: What states nodes, or None.
        iris: For each row the nodes of the graph that it comes from.
    """
    if evidence is None:
        return []
    return [pl.Series("quotes", [evidence.of(*row) or None for row in iris], dtype=pl.String)]


def node_frame(
    reader: NodeReader,
    class_name: str,
    *,
    only: pl.Series | None = None,
    evidence: Evidence | None = None,
    **attributes: str | int | float | bool,
) -> pl.DataFrame:
    """Return the nodes of a class, all or only some: column s, their IRIs in order, and one column per attribute."""
    frame = reader.frame(class_name)
    if only is not None:
        frame = pl.DataFrame({"s": only}, schema={"s": pl.String}).join(
            frame, on="s", how="inner", maintain_order="left"
        )
    frame = frame.with_columns(pl.lit(value).alias(name) for name, value in attributes.items())
    return frame.with_columns(quotes_column(evidence, [(iri,) for iri in frame["s"].to_list()] if evidence else ()))


def together(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return the nodes of several classes as one frame; of a thing of two classes the later attributes count."""
    columns = reduce(_merged_order, [frame.columns for frame in frames])
    frame = pl.concat(frames, how="diagonal").select(columns)
    if frame["s"].is_duplicated().any():
        others = pl.all().exclude("s").drop_nulls().last()
        frame = frame.group_by("s", maintain_order=True).agg(others)
    return frame


def _merged_order(first: list[str], second: list[str]) -> list[str]:
    """Return the names of two lists, in an order that both agree with where they agree with each other."""
    merged = list(first)
    place = 0
    for name in second:
        if name in merged:
            place = max(place, merged.index(name) + 1)
        else:
            merged.insert(place, name)
            place += 1
    return merged


def node_attributes(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the attributes of the nodes of a frame, without those that none of them has."""
    used = [column.name for column in frame if column.name != "s" and column.null_count() < len(column)]
    return frame.select(used)


def incidence_matrix(rows: pl.DataFrame, members: pl.Series, events: pl.Series) -> Matrix:
    """Return who takes part in what, shape (members, events), 1 however often; rows have columns member and event."""
    pairs = rows.select("member", "event").unique()
    indices = with_positions(with_positions(pairs, "member", members), "event", events)
    return _ones(indices["member"].to_numpy(), indices["event"].to_numpy(), (len(members), len(events)))


def _ones(rows: Any, columns: Any, shape: tuple[int, int]) -> Matrix:  # noqa: ANN401 - arrays of any whole numbers
    matrix = sp.csr_array((np.ones(len(rows), dtype=np.uint8), (rows, columns)), shape=shape)
    matrix.sort_indices()
    return matrix


def upper_ties(weights: Mapping[str, Matrix], nodes: pl.Series) -> pl.DataFrame:
    """Return the ties of symmetric matrices of counts, which have the same pattern, as rows for ``ties``."""
    pattern = next(iter(weights.values()))
    first = np.repeat(np.arange(pattern.shape[0]), np.diff(pattern.indptr))
    upper = np.flatnonzero(first < pattern.indices)
    counts = {name: matrix.data[upper].astype(np.int64) for name, matrix in weights.items()}
    return pl.DataFrame({"source": nodes[first[upper]], "target": nodes[pattern.indices[upper]]} | counts)


def with_positions(rows: pl.DataFrame, column: str, iris: pl.Series) -> pl.DataFrame:
    """Return the rows whose IRI in a column is among some, with its position among them in its place."""
    positions = pl.DataFrame({column: iris, "position": np.arange(len(iris))}, schema_overrides={column: pl.String})
    joined = rows.join(positions, on=column, maintain_order="left")
    return joined.with_columns(pl.col("position").alias(column)).drop("position")


def two_mode(
    reader: NodeReader,
    name: str,
    event_class: str,
    relation_name: str,
    pairs: pl.DataFrame,
    *,
    selection: Selection,
    evidence: Evidence | None,
) -> Affiliation:
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
    members, events = selection.organizations(reader)["s"], reader.instances(event_class)["s"]
    pairs = pairs.filter(pl.col(PROJECTIONS[name].weight or "") >= selection.minimum)
    pairs = pairs.filter(pl.col("member").is_in(members.implode()) & pl.col("event").is_in(events.implode()))
    if not selection.isolates:
        members, events = (pairs[mode].unique().sort() for mode in ("member", "event"))
    pairs = with_positions(with_positions(pairs, "member", members), "event", events).sort("member", "event")
    attributes = pairs.drop("member", "event", "rows").with_columns(
        *quotes_column(evidence, pairs["rows"].to_list() if evidence else ()),
        *(pl.lit(text).alias(key) for key, text in relation(name, relation_name).items()),
    )

    def nodes() -> pl.DataFrame:
        first = node_frame(reader, "Organization", only=members, evidence=evidence, bipartite=0)
        second = node_frame(reader, event_class, only=events, evidence=evidence, bipartite=1)
        return node_attributes(together([first, second]))

    return Affiliation(
        _ones(pairs["member"].to_numpy(), pairs["event"].to_numpy(), (len(members), len(events))),
        short_names(members),
        short_names(events),
        nodes,
        "two",
        tie_attributes=attributes,
    )


def one_mode(
    reader: NodeReader,
    rows: pl.DataFrame,
    count: str,
    *,
    newman: bool,
    selection: Selection,
) -> Affiliation:
    """Return the network of organizations that share what they take part in.

    Args:
        reader: The graph's nodes.
        rows: One row per membership: member, event.
        count: The edge attribute that counts what two share.
        newman: Add the attribute ``newman``, in which an event of k members counts 1/(k - 1).
        selection: The filters.
    """
    members = selection.organizations(reader)["s"]
    events = rows["event"].unique().sort()
    matrix = incidence_matrix(rows, members, events)
    if not selection.isolates:
        whole = Affiliation(matrix, members, events, count=count, minimum=selection.minimum)
        with_ties = np.flatnonzero(np.diff(whole.adjacency(count).indptr))
        members, matrix = members[with_ties], sp.csr_array(matrix[with_ties])
    return Affiliation(
        matrix,
        short_names(members),
        short_names(events),
        lambda: node_attributes(node_frame(reader, "Organization", only=members)),
        count=count,
        newman=newman,
        minimum=selection.minimum,
    )


def ties(
    nodes: pl.DataFrame,
    rows: pl.DataFrame,
    *,
    selection: Selection,
    directed: bool = True,
    weights: tuple[str, ...] = (),
) -> Ties:
    """Return a network of nodes and the rows that tie them.

    Args:
        nodes: Of ``node_frame``.
        rows: One row per tie: source and target (IRIs), ``key`` where it has one, and its attributes. Of ties of the
            same ends and key the last counts, in the place of the first. What has an end elsewhere is left out.
        selection: The filters.
        directed: Whether a tie leads from source to target.
        weights: The attributes that every tie has as a number of at least 0.
    """
    rows = with_positions(with_positions(rows, "source", nodes["s"]), "target", nodes["s"])
    if "key" in rows.columns:
        rows = rows.group_by("source", "target", "key", maintain_order=True).last()
    network = Ties(
        short_names(nodes["s"]),
        rows["source"].to_numpy().astype(np.int64),
        rows["target"].to_numpy().astype(np.int64),
        node_attributes(nodes),
        rows.drop("source", "target", "key", strict=False),
        rows["key"] if "key" in rows.columns else None,
        directed=directed,
        weights=weights,
    )
    return network if selection.isolates else network.without_isolates()


def describe(
    network: ArrayNetwork,
    reader: NodeReader,
    name: str,
    *,
    selection: Selection,
    evidence: Evidence | None = None,
    weight: str | None = None,
    undated: int = 0,
    left_out: Mapping[str, int] | None = None,
) -> None:
    """Put on a network what it is and where it comes from.

    Args:
        network: The network, which is changed.
        reader: The graph's nodes.
        name: The projection.
        selection: The filters.
        evidence: What states its nodes and ties, if it has them.
        weight: The edge attribute that counts, where it is not the projection's.
        undated: How many rows have no date.
        left_out: How much of what was left out, by reason.
    """
    projection = PROJECTIONS[name]
    network.graph.update({"name": projection.label("en"), "name_zh": projection.label("zh")})
    if weight or projection.weight:
        network.graph["weight"] = weight or projection.weight
    if selection.period is not None:
        network.graph["undated"] = undated
    if reader.kg.joined is not None:
        network.graph["joined"] = reader.kg.joined.organizations
    records = None
    if evidence is not None:
        texts = {text for text in (*network.attribute("quotes"), *network.tie_values("quotes")) if text}
        records = evidence.records_of(texts)
    provenance.describe(network, data_sets=reader.kg.data_sets(), left_out=left_out, quotes=records)


def date_columns(dates: Mapping[str, Mapping[str, str]], iris: pl.Series) -> list[pl.Series]:
    """Return the columns since and until of the periods of some things, null where there is none."""
    return [
        pl.Series(name, [dates.get(iri, {}).get(name) for iri in iris.to_list()], dtype=pl.String)
        for name in ("since", "until")
    ]


def in_form(network: Arrays, form: Form) -> nx.Graph[str] | Arrays:
    """Return a network of arrays in the form that is asked for.

    Raises:
        UsageError: There is no such form.
    """
    check_form(form)
    return network if form == "arrays" else network.to_networkx()


def directed_in_form(network: Ties, form: Form) -> nx.MultiDiGraph[str] | Ties:
    """Return a network of directed ties in the form that is asked for; as ``in_form``."""
    graph = in_form(network, form)
    assert isinstance(graph, nx.MultiDiGraph | Ties)
    return graph


def check_form(form: str) -> None:
    """Refuse a form that does not exist."""
    if form not in ("networkx", "arrays"):
        message = tr("there is no form '{form}' of a network, expected networkx or arrays", form=form)
        raise UsageError(message)
