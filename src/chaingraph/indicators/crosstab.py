"""``crosstab``: counts of things by things; the only place that counts a graph for the measures.

Flat rows are selected and counted in polars. What a thing does not say of itself is taken from what it belongs to, in
the order that :data:`SOURCES` gives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd
import polars as pl

from chaingraph.errors import UsageError
from chaingraph.languages import check_language
from chaingraph.queries.hierarchy import at_level
from chaingraph.queries.nodes import LABELS, NodeReader
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from chaingraph.store import KnowledgeGraph

CLASSES = {
    "organizations": "Organization",
    "memberships": "Membership",
    "participations": "Participation",
    "platforms": "Platform",
    "projects": "Project",
    "consortia": "Consortium",
}
"""What can be counted, and its class."""

SOURCES: dict[str, dict[str, tuple[str, ...]]] = {
    "organizations": {
        "region": ("own",),
        "kind": ("own",),
        "industry": ("own", "consortium", "project"),
        "chain": ("own", "consortium"),
        "stage": ("own", "consortium"),
        "consortium": ("consortium",),
    },
    "memberships": {
        "region": ("organization",),
        "kind": ("organization",),
        "industry": ("consortium", "organization"),
        "chain": ("consortium", "organization"),
        "stage": ("organization", "consortium"),
        "consortium": ("consortium",),
        "year": ("own", "consortium"),
    },
    "participations": {
        "region": ("organization",),
        "kind": ("organization",),
        "industry": ("project", "consortium", "organization"),
        "chain": ("consortium", "organization"),
        "stage": ("organization", "consortium"),
        "consortium": ("consortium",),
        "year": ("project",),
    },
    "platforms": {
        "region": ("own", "organization", "consortium"),
        "kind": ("own",),
        "industry": ("consortium", "organization"),
        "chain": ("own", "consortium", "organization"),
        "stage": ("own", "consortium"),
        "consortium": ("consortium",),
        "year": ("own",),
    },
    "projects": {
        "region": ("own", "consortium"),
        "kind": ("own",),
        "industry": ("own", "consortium"),
        "chain": ("consortium",),
        "stage": ("consortium",),
        "consortium": ("consortium",),
        "year": ("own",),
    },
    "consortia": {
        "region": ("own",),
        "kind": ("own",),
        "industry": ("own",),
        "chain": ("own",),
        "stage": ("own",),
        "consortium": ("own",),
        "year": ("own",),
    },
}
"""Where an attribute of a counted thing comes from: the first of these that states it."""

VALUES = {"contribution": "participations", "budget": "projects"}
"""Amounts that can be added up, and of what."""
SPLITS = ("full", "fractional")
_KINDS = ("kind", "level", "body")
_DATES = ("since", "start", "founded")
_HIERARCHIES = {"region": "Region", "industry": "Industry"}


def crosstab(
    kg: KnowledgeGraph,
    rows: str,
    columns: str,
    *,
    count: str = "organizations",
    value: str | None = None,
    level: int | Mapping[str, int] | None = None,
    split: str = "full",
    language: str = "en",
) -> pd.DataFrame:
    """Return how many things there are by two of their attributes.

    An attribute that a thing does not state comes from what it belongs to (:data:`SOURCES`): the industry of an
    organization that has none is that of its consortia, else of its projects. A thing without a row or a column is
    counted in ``attrs``, and is in no cell.

    Args:
        kg: The graph.
        rows: The attribute of the rows: region, industry, chain, stage, consortium, kind or year.
        columns: The attribute of the columns.
        count: What is counted: organizations, memberships, participations, platforms, projects or consortia.
        value: An amount to add up instead: ``contribution`` of participations or ``budget`` of projects; amounts that
            are not stated are counted in ``attrs``.
        level: The level of the hierarchy of regions: 0 for those that lie within no other, 1 for those directly in
            them, and so on; a mapping gives one for ``region`` and one for ``industry``. None: as they are stated.
        split: What a thing with several rows or columns adds to each of its cells: 1 (``full``), or 1 over the number
            of its cells (``fractional``), so that the cells sum to the number of things.
        language: The language of the names, en or zh; the other stands in where there is none.

    Returns:
        A frame of numbers, rows and columns by name in their order. ``attrs`` holds ``count``, ``value``, ``split``,
        ``things`` (how many there are), ``placed`` (how many are in a cell), ``unplaced`` (how many lack each
        attribute, and the amount), ``several`` (how many are in more than one cell), and ``iris``: the short name
        behind each row and column.

    Raises:
        UsageError: An attribute, thing, level or amount that does not exist, with those that do.
    """
    _check(rows, columns, count, value, split, language)
    if value is not None:
        count = VALUES[value]
    counted = _Counted(NodeReader(kg), count, bare=value is None)
    counted.read_ahead(rows, columns)
    levels = level if isinstance(level, Mapping) else {} if level is None else {"region": level}
    sides = [counted.attribute(name, levels.get(name)) for name in (rows, columns)]
    things = counted.things
    amounts = _amounts(counted, value)
    cells = sides[0].rename({"o": "row"}).join(sides[1].rename({"o": "column"}), on="s")
    per_thing = cells.group_by("s").len("cells")
    weighed = cells.join(per_thing, on="s").join(amounts, on="s")
    share = pl.col("amount") / pl.col("cells") if split == "fractional" else pl.col("amount")
    summed = weighed.group_by("row", "column").agg(share.sum().alias("amount"))
    unplaced = {
        name: things.join(side, on="s", how="anti").height for name, side in zip((rows, columns), sides, strict=True)
    }
    if value is not None:
        unplaced[value] = things.height - amounts.height
    frame, iris = _pivoted(summed, counted, (rows, columns), language)
    if split == "full" and value is None:
        frame = frame.astype("int64")
    frame.attrs = {
        "count": count,
        "value": value,
        "split": split,
        "things": things.height,
        "placed": weighed["s"].n_unique(),
        "unplaced": unplaced,
        "several": per_thing.filter(pl.col("cells") > 1).height,
        "iris": iris,
    }
    return frame


def _check(rows: str, columns: str, count: str, value: str | None, split: str, language: str) -> None:
    check_language(language)
    for name, given, known in (
        ("count", count, tuple(CLASSES)),
        ("value", value, (None, *VALUES)),
        ("split", split, SPLITS),
    ):
        if given not in known:
            message = f"{name} is '{given}', expected one of {', '.join(str(one) for one in known if one)}"
            raise UsageError(message)
    if value is not None and count not in ("organizations", VALUES[value]):
        message = f"the amount '{value}' is stated of {VALUES[value]}, not of {count}; leave out count"
        raise UsageError(message)
    for attribute in (rows, columns):
        thing = VALUES.get(value or "", count)
        if attribute not in SOURCES[thing]:
            message = f"{thing} have no '{attribute}'; expected one of {', '.join(SOURCES[thing])}"
            raise UsageError(message)
    if rows == columns:
        message = f"rows and columns are both '{rows}'; name two attributes"
        raise UsageError(message)


_ROWS = {
    "memberships": """SELECT ?organization ?consortium ?year { ?s a cg:Membership ; cg:organization ?organization
        OPTIONAL { ?s cg:consortium ?consortium } OPTIONAL { ?s cg:sinceEarliest ?year } }""",
    "participations": """SELECT ?organization ?project ?contribution ?currency {
        ?s a cg:Participation ; cg:organization ?organization ; cg:project ?project
        OPTIONAL { ?s cg:contribution ?contribution } OPTIONAL { ?s cg:currency ?currency } }""",
    "bare participations": """SELECT ?organization ?project {
        ?s a cg:Participation ; cg:organization ?organization ; cg:project ?project }""",
}
"""Relation rows with what they relate: their own IRIs, which nothing else needs, are not read."""
_OF_PROJECTS = "SELECT ?s ?o { ?s a cg:Project ; cg:consortium ?o }"


@dataclass(frozen=True)
class _Counted:
    """What is counted, and how it leads to what states its attributes."""

    read: NodeReader
    count: str
    bare: bool = True

    def read_ahead(self, *attributes: str) -> None:
        """Ask for what is surely needed, side by side."""
        queries = [f"SELECT ?s ?o {{ ?s cg:{name} ?o }}" for name in attributes if name in _HIERARCHIES]
        queries += [f"SELECT ?s {{ ?s a cg:{_HIERARCHIES[name]} }}" for name in attributes if name in _HIERARCHIES]
        self.read.prefetch(queries=[self.query, *queries, LABELS])

    @property
    def query(self) -> str:
        """The query of what is counted."""
        if self.count not in _ROWS:
            return f"SELECT ?s {{ ?s a cg:{CLASSES[self.count]} }}"
        return _ROWS["bare participations" if self.count == "participations" and self.bare else self.count]

    @cached_property
    def rows(self) -> pl.DataFrame:
        """The relation rows that are counted, numbered: column s, and those of their query."""
        found = self.read.select(self.query)
        return found.select(pl.int_range(pl.len()).cast(pl.String).alias("s"), *found.columns)

    @cached_property
    def things(self) -> pl.DataFrame:
        """What is counted: column s, an IRI or the number of a row."""
        return self.rows.select("s") if self.count in _ROWS else self.read.instances(CLASSES[self.count])

    def column(self, name: str) -> pl.DataFrame:
        """Return what each relation row holds in a column: columns s and o."""
        return self.rows.select("s", pl.col(name).alias("o")).drop_nulls()

    def _linked(self, source: str) -> pl.DataFrame:
        """Return what each counted thing belongs to: columns s and o."""
        if source == "own":
            return self.things.select("s", pl.col("s").alias("o"))
        if self.count == "organizations":
            return self._through_rows({"consortium": "Membership", "project": "Participation"}[source], source)
        if self.count == "participations" and source == "consortium":
            return _joined(self.column("project"), self.read.select(_OF_PROJECTS))
        if self.count in _ROWS:
            return self.column(source)
        name = "hostedBy" if (self.count, source) == ("platforms", "organization") else source
        return self.read.pairs(f"cg:{name}").join(self.things, on="s", how="semi")

    def _through_rows(self, class_name: str, source: str) -> pl.DataFrame:
        query = f"SELECT ?s ?o {{ ?row a cg:{class_name} ; cg:organization ?s ; cg:{source} ?o }}"
        return self.read.select(query).unique().join(self.things, on="s", how="semi")

    def attribute(self, name: str, level: int | None) -> pl.DataFrame:
        """Return the values of an attribute of each thing that has any: columns s and o."""
        found = self.things.clear().with_columns(pl.lit(None, pl.String).alias("o"))
        for source in SOURCES[self.count][name]:
            if found["s"].n_unique() == self.things.height:
                break
            if self.count == "memberships" and (name, source) == ("year", "own"):
                stated = self.column("year").with_columns(pl.col("o").str.head(4))
            else:
                linked = self._linked(source)
                stated = linked.unique() if name == source else _joined(linked, self._stated(name))
            found = pl.concat([found, stated.join(found, on="s", how="anti")])
        if name not in _HIERARCHIES:
            return found.unique()
        places = at_level(self.read, _HIERARCHIES[name], level)
        return found.join(places, left_on="o", right_on="s").select("s", pl.col("place").alias("o")).unique()

    def _stated(self, name: str) -> pl.DataFrame:
        """Return what everything states of an attribute directly: columns s and o."""
        if name == "kind":
            return pl.concat([self.read.codes(f"cg:{kind}") for kind in _KINDS])
        if name == "year":
            dates = pl.concat([self.read.pairs(f"cg:{date}Earliest") for date in _DATES])
            return dates.with_columns(pl.col("o").str.head(4))
        if name == "consortium":
            return self.read.instances("Consortium").select("s", pl.col("s").alias("o"))
        if name == "stage":
            return self.read.pairs("cg:holds")
        if name == "chain":
            of_stages = _joined(self.read.pairs("cg:holds"), self.read.pairs("cg:chain"))
            direct = self.read.pairs("cg:chain")
            return pl.concat([direct, of_stages.join(direct, on="s", how="anti")])
        return self.read.pairs(f"cg:{name}")


def _joined(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    joined = left.join(right, left_on="o", right_on="s")
    return joined.select("s", pl.col("o_right").alias("o")).unique()


def _amounts(counted: _Counted, value: str | None) -> pl.DataFrame:
    if value is None:
        return counted.things.with_columns(pl.lit(1.0).alias("amount"))
    if counted.count in _ROWS:
        stated, currencies = counted.column(value), counted.column("currency")
    else:
        stated, currencies = counted.read.pairs(f"cg:{value}"), counted.read.pairs("cg:currency")
    stated = stated.join(counted.things, on="s", how="semi")
    amounts = stated.select("s", pl.col("o").cast(pl.Float64, strict=False).alias("amount")).drop_nulls()
    known = currencies.join(amounts, on="s", how="semi")["o"].unique().sort().to_list()
    if len(known) > 1:
        message = f"the amounts are in several currencies ({', '.join(known)}), which do not add up; keep one"
        raise UsageError(message)
    return amounts.unique("s", keep="first", maintain_order=True)


def _pivoted(
    summed: pl.DataFrame, counted: _Counted, attributes: tuple[str, str], language: str
) -> tuple[pd.DataFrame, dict[str, dict[str, str]]]:
    """Return the cells as a frame with names on both sides, and the short name behind each."""
    rows, columns = attributes
    sides = {side: summed[side].unique().to_list() for side in ("row", "column")}
    shown = {side: _names(counted.read, iris, language) for side, iris in sides.items()}
    order = {side: sorted(iris, key=lambda iri: (shown[side][iri], iri)) for side, iris in sides.items()}
    place = {side: {iri: number for number, iri in enumerate(iris)} for side, iris in order.items()}
    frame = pd.DataFrame(
        0.0,
        index=pd.Index([shown["row"][iri] for iri in order["row"]], name=rows, dtype=object),
        columns=pd.Index([shown["column"][iri] for iri in order["column"]], name=columns, dtype=object),
    )
    values = frame.to_numpy(copy=True)
    for row, column, amount in summed.iter_rows():
        values[place["row"][row], place["column"][column]] = amount
    filled = pd.DataFrame(values, index=frame.index, columns=frame.columns)
    iris = {
        side: {shown[key][iri]: short_name(iri) for iri in order[key]}
        for side, key in ((rows, "row"), (columns, "column"))
    }
    return filled, iris


def _names(read: NodeReader, iris: list[str], language: str) -> dict[str, str]:
    """Return what each thing is called; where two are called alike, with their short names."""
    order = ("label_zh", "label", "label_en") if language == "zh" else ("label_en", "label", "label_zh")
    wanted = pl.DataFrame({"s": iris}, schema={"s": pl.String})
    labels = wanted.join(read.labels(), on="s", how="left").with_columns(pl.coalesce(*order).alias("name"))
    names = {iri: name or short_name(iri) for iri, name in labels.select("s", "name").iter_rows()}
    seen = Counter(names.values())
    return {iri: name if seen[name] == 1 else f"{name} ({short_name(iri)})" for iri, name in names.items()}
