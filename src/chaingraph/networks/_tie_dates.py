"""The dates of ties: ``since`` and ``until``, from the dates of the rows that make a tie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import polars as pl

from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    import networkx as nx

    from chaingraph.queries.nodes import NodeReader

_DAY = len("2022-10-14")

PERIOD = tuple(
    pl.when(pl.col(name).null_count() == 0).then(extreme).alias(name)
    for name, extreme in (("since", pl.col("since").min()), ("until", pl.col("until").max()))
)
"""Of the rows of a tie: the earliest beginning and the latest end; open where a row leaves it open."""

LITERALS = tuple(pl.col(name).str.slice(_DAY) for name in ("since", "until"))
"""Of a beginning and an end the text of the source, without the day before it."""


def with_dates(reader: NodeReader, rows: pl.DataFrame, begin: str, end: str, key: str = "row") -> pl.DataFrame:
    """Return the rows with the columns since and until: a day, by which they sort, and right after it the literal.

    The day is the first that a beginning can mean and the last that an end can mean; null where there is none.

    Args:
        reader: The graph's nodes.
        rows: The rows.
        begin: The property of the beginning (``since``, ``start``).
        end: The property of the end.
        key: The column whose IRIs have the dates.
    """
    columns: tuple[tuple[str, str, str, Literal["first", "last"]], ...] = (
        ("since", begin, "Earliest", "first"),
        ("until", end, "Latest", "last"),
    )
    for name, date, bound, keep in columns:
        days = reader.pairs(f"cg:{date}{bound}").sort("s", "o").unique("s", keep=keep)
        texts = reader.pairs(f"cg:{date}").sort("s", "o").unique("s", keep=keep).rename({"o": "text"})
        both = days.join(texts, on="s", how="left")
        column = pl.concat_str("o", pl.coalesce("text", "o")).alias(name)
        rows = rows.join(both.select(pl.col("s").alias(key), column), on=key, how="left", maintain_order="left")
    return rows


def periods(reader: NodeReader) -> dict[str, dict[str, str]]:
    """Return by IRI the ``since`` and ``until`` of everything that has a beginning or an end, as literals."""
    dates: dict[str, dict[str, str]] = {}
    for begin, end in (("since", "until"), ("start", "end")):
        names = (f"cg:{begin}Earliest", f"cg:{end}Latest")
        subjects = pl.concat([reader.pairs(name).select(pl.col("s").alias("row")) for name in names])
        for row, since, until in with_dates(reader, subjects.unique().sort("row"), begin, end).iter_rows():
            texts = {"since": since, "until": until}
            dates[row] = dates.get(row, {}) | {name: text[_DAY:] for name, text in texts.items() if text}
    return dates


def date_shared(network: nx.Graph[str], reader: NodeReader, rows: pl.DataFrame, begin: str, end: str, key: str) -> None:
    """Put on the ties of a network of organizations when two can have shared what they take part in.

    Two share an event from when the later of them began to when the first of them ended. Of several events the earliest
    beginning and the latest end count, and an event that leaves it open leaves the tie open. An event in which the two
    never can have been at the same time counts for nothing.

    Args:
        network: The network, which is changed.
        reader: The graph's nodes.
        rows: One row per membership: its IRI (row), member, event.
        begin: The property of the beginning.
        end: The property of the end.
        key: The column whose IRIs have the dates.
    """
    rows = with_dates(reader, rows, begin, end, key)
    if rows["since"].is_null().all() and rows["until"].is_null().all():
        return
    open_from, open_to = pl.col("since").null_count() > 0, pl.col("until").null_count() > 0
    stays = rows.group_by("event", "member").agg(
        pl.when(~open_from).then(pl.col("since").min()).alias("since"),
        pl.when(~open_to).then(pl.col("until").max()).alias("until"),
    )
    pairs = stays.join(stays, on="event", suffix="_other").filter(pl.col("member") < pl.col("member_other"))
    pairs = pairs.with_columns(pl.max_horizontal("since", "since_other"), pl.min_horizontal("until", "until_other"))
    is_apart = (pl.col("since").str.slice(0, _DAY) > pl.col("until").str.slice(0, _DAY)).fill_null(value=False)
    pairs = pairs.filter(~is_apart).group_by("member", "member_other").agg(*PERIOD).with_columns(LITERALS)
    names = {iri: short_name(iri) for iri in rows["member"].unique()}
    for member, other, since, until in pairs.select("member", "member_other", "since", "until").iter_rows():
        attributes = network.get_edge_data(names[member], names[other])
        if attributes is not None:
            attributes |= {name: text for name, text in (("since", since), ("until", until)) if text}
