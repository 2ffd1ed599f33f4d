"""Quotes and dates on a network of organizations that share something: they stand on ties, which networkx has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from chaingraph import provenance
from chaingraph.errors import UsageError
from chaingraph.messages import tr
from chaingraph.networks._projection import check_form
from chaingraph.networks._tie_dates import date_shared
from chaingraph.queries.evidence import evidence
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    import networkx as nx

    from chaingraph.arrays import Affiliation
    from chaingraph.networks._projection import Form
    from chaingraph.queries.evidence import Evidence
    from chaingraph.queries.nodes import NodeReader


def refuse_quotes_in_arrays(form: Form, *, quotes: bool) -> None:
    """Refuse arrays of a one-mode network with quotes.

    Raises:
        UsageError: Both are asked for, or another form.
    """
    check_form(form)
    if form == "arrays" and quotes:
        message = tr("the quotes of this network stand on its ties, which form='arrays' does not store; leave out one")
        raise UsageError(message)


def quoted_network(
    affiliation: Affiliation, reader: NodeReader, rows: pl.DataFrame, begin: str, end: str, key: str
) -> nx.Graph[str]:
    """Return the network in networkx, with what states its nodes and ties, and when two can have shared something.

    Args:
        affiliation: The network.
        reader: The graph's nodes.
        rows: One row per membership: row (its IRI), member, event.
        begin: The property of the beginning of what is shared.
        end: The property of the end.
        key: The column whose IRIs have the dates.
    """
    records = evidence(reader.kg)
    network: nx.Graph[str] = affiliation.to_networkx()
    iris = [iri for iri in reader.instances("Organization")["s"].to_list() if short_name(iri) in network]
    for iri in iris:
        _add_keys(network.nodes[short_name(iri)], records.of(iri))
    _quote_memberships(network, rows.filter(pl.col("member").is_in(iris)), records)
    date_shared(network, reader, rows, begin, end, key)
    texts = {data["quotes"] for _, data in network.nodes(data=True) if "quotes" in data}
    texts |= {data["quotes"] for *_, data in network.edges(data=True) if "quotes" in data}
    provenance.describe_quotes(network, records.records_of(texts))
    return network


def _quote_memberships(network: nx.Graph[str], rows: pl.DataFrame, records: Evidence) -> None:
    """Put the quotes of memberships on the member, and on the ties that the membership makes."""
    for _, event in rows.sort("event", "member", "row").group_by("event", maintain_order=True):
        iris: dict[str, list[str]] = {}
        for row, member in event.select("row", "member").iter_rows():
            iris.setdefault(short_name(member), []).append(row)
        keys = {member: records.of(*rows_of_member) for member, rows_of_member in iris.items()}
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
