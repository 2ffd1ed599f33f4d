"""The whole graph as one network: every thing a node, every relation a tie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Unpack, overload

import polars as pl

from chaingraph.networks._projection import (
    date_columns,
    describe,
    directed_in_form,
    node_frame,
    quotes_column,
    relation,
    ties,
    together,
)
from chaingraph.networks._registry import PROJECTIONS
from chaingraph.networks._tie_dates import periods
from chaingraph.queries.evidence import evidence
from chaingraph.queries.filters import Filters, Selection
from chaingraph.queries.node_classes import CLASSES
from chaingraph.queries.nodes import NodeReader
from chaingraph.queries.ties import DATES, DIRECT, MEMBERSHIPS, RELATION_NODES

if TYPE_CHECKING:
    import networkx as nx

    from chaingraph.arrays import Ties
    from chaingraph.networks._projection import Form
    from chaingraph.store import KnowledgeGraph


@overload
def whole(kg: KnowledgeGraph, *, form: Literal["arrays"], quotes: bool = ..., **filters: Unpack[Filters]) -> Ties: ...


@overload
def whole(
    kg: KnowledgeGraph, *, form: Literal["networkx"] = ..., quotes: bool = ..., **filters: Unpack[Filters]
) -> nx.MultiDiGraph[str]: ...


def whole(
    kg: KnowledgeGraph, *, form: Form = "networkx", quotes: bool = False, **filters: Unpack[Filters]
) -> nx.MultiDiGraph[str] | Ties:
    """Return every thing of the graph as a node, and every relation between two things as a directed tie.

    Nodes are organizations, consortia, programmes, platforms, projects, regions, industries, chains, stages, products,
    clusters and events. A tie has ``relation`` (and ``relation_en``, ``relation_zh`` in words); relation nodes such as
    memberships become ties, with their ``role``, and with ``since`` and ``until``, their own or their project's or
    platform's. A membership that names one of several consortia becomes a tie ``oneOf`` to each. Which way a tie points
    is a matter of words, so that measures take it as undirected (``network.graph["direction"]``). Left out: titles and
    evaluations, amounts, reported counts, claims, identities, sources and quotes.

    Args:
        kg: The graph.
        form: ``networkx`` for a frozen graph, ``arrays`` for :class:`chaingraph.arrays.Ties`.
        quotes: Name on nodes and ties the quotes that state them.
        filters: See :class:`chaingraph.queries.filters.Selection`. Roles are those of memberships; the period applies
            to memberships, participations, supplies, the hierarchy, sites and cooperation. The ties are not counted, so
            ``minimum`` is refused.
    """
    selection, reader = Selection(**filters), NodeReader(kg)
    selection.refuse_all_but(PROJECTIONS["whole"].options, "whole")
    records = evidence(kg) if quotes else None
    organizations = selection.organizations(reader)["s"]
    nodes = together(
        [
            node_frame(reader, name, only=organizations if name == "Organization" else None, evidence=records)
            for name in CLASSES
        ]
    )
    of_rows, undated_rows = _of_relation_nodes(reader, selection)
    of_memberships, undated_memberships = _of_memberships(reader, selection)
    rows = pl.concat([*_direct(reader), *of_rows, *of_memberships])
    rows = rows.join(nodes, left_on="source", right_on="s", how="semi", maintain_order="left")
    rows = rows.join(nodes, left_on="target", right_on="s", how="semi", maintain_order="left")
    rows = rows.select(
        "source",
        "target",
        *_relations(rows),
        "role",
        *date_columns(periods(reader), rows["dates_of"]),
        *quotes_column(records, [(row,) for row in rows["row"].to_list()] if records else ()),
    )
    network = ties(nodes, rows, selection=selection)
    network.graph["direction"] = "ignored"
    describe(
        network,
        reader,
        "whole",
        selection=selection,
        evidence=records,
        undated=undated_rows + undated_memberships,
    )
    return directed_in_form(network, form)


def _tie_rows(rows: pl.DataFrame, name: str | pl.Expr, words_of: str | pl.Expr, **columns: str) -> pl.DataFrame:
    """Return rows as ties: source, target, relation, the entry of its words, row, role, and what has its dates.

    Args:
        rows: With columns s and o.
        name: The relation.
        words_of: The entry of its words.
        columns: The columns for row, role and dates_of; each is null where it is not named.
    """
    values = (
        pl.col(columns[part]) if part in columns else pl.lit(None, pl.String) for part in ("row", "role", "dates_of")
    )
    row, role, dates_of = values
    return rows.select(
        pl.col("s").alias("source"),
        pl.col("o").alias("target"),
        (pl.lit(name) if isinstance(name, str) else name).alias("relation"),
        (pl.lit(words_of) if isinstance(words_of, str) else words_of).alias("words"),
        row.alias("row"),
        role.alias("role"),
        dates_of.alias("dates_of"),
    )


def _relations(rows: pl.DataFrame) -> list[pl.Series]:
    """Return the columns relation, relation_en and relation_zh."""
    entries = {
        entry: relation("whole", name, entry) for name, entry in rows.select("relation", "words").unique().iter_rows()
    }
    return [
        rows["words"]
        .replace_strict({entry: texts[part] for entry, texts in entries.items()}, return_dtype=pl.String)
        .alias(part)
        for part in ("relation", "relation_en", "relation_zh")
    ]


def _direct(reader: NodeReader) -> list[pl.DataFrame]:
    frames = []
    for name in DIRECT:
        pairs = reader.pairs(f"cg:{name}").sort("s", "o")
        frames.append(
            _tie_rows(pairs, name, name, dates_of="s") if name == "hostedBy" else _tie_rows(pairs, name, name)
        )
    return frames


def _of_relation_nodes(reader: NodeReader, selection: Selection) -> tuple[list[pl.DataFrame], int]:
    """Return the ties of relation nodes other than memberships, and how many of the nodes have no date."""
    frames: list[pl.DataFrame] = []
    undated = 0
    for class_name, start, end, name in RELATION_NODES:
        query = f"SELECT ?row ?s ?o {{ ?row a cg:{class_name} ; cg:{start} ?s ; cg:{end} ?o }}"
        rows = reader.select(query).sort("row", "s", "o")
        has_dates = "o" if class_name == "Participation" else "row"
        if class_name in DATES:
            rows, count = selection.in_period(reader, rows, *DATES[class_name], key=has_dates)
            undated += count
        frames.append(_tie_rows(rows, name, name, row="row", dates_of=has_dates))
    return frames, undated


def _of_memberships(reader: NodeReader, selection: Selection) -> tuple[list[pl.DataFrame], int]:
    """Return the ties of memberships, and how many of them have no date."""
    frames: list[pl.DataFrame] = []
    undated = 0
    for end in ("consortium", "programme", "oneOf"):
        query = f"SELECT ?row ?s ?o {{ ?row a cg:Membership ; cg:organization ?s ; cg:{end} ?o }}"
        rows = selection.with_roles(reader, reader.select(query).sort("row", "o"), "role")
        rows, count = selection.in_period(reader, rows, "since", "until")
        undated += count
        lead, member = MEMBERSHIPS[end, True], MEMBERSHIPS[end, False]
        name, words_of = (
            pl.when(pl.col("role") == "lead").then(pl.lit(one)).otherwise(pl.lit(other))
            for one, other in zip(lead, member, strict=True)
        )
        role = pl.when(pl.col("role") != "").then("role").alias("role")
        frames.append(_tie_rows(rows.with_columns(role), name, words_of, row="row", role="role", dates_of="row"))
    return frames, undated
