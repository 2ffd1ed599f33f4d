"""The things that a crosstab counts, and where their attributes come from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.queries.hierarchy import at_level
from chaingraph.queries.nodes import LABELS

if TYPE_CHECKING:
    from chaingraph.queries.nodes import NodeReader

CLASSES = {
    "organizations": "Organization",
    "memberships": "Membership",
    "participations": "Participation",
    "platforms": "Platform",
    "projects": "Project",
    "consortia": "Consortium",
    "sites": "Site",
    "amounts": "Amount",
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
        "cluster": ("own",),
    },
    "memberships": {
        "region": ("organization",),
        "kind": ("organization",),
        "industry": ("consortium", "organization"),
        "chain": ("consortium", "organization"),
        "stage": ("organization", "consortium"),
        "consortium": ("consortium",),
        "cluster": ("organization",),
        "year": ("own", "consortium"),
    },
    "participations": {
        "region": ("organization",),
        "kind": ("organization",),
        "industry": ("project", "consortium", "organization"),
        "chain": ("consortium", "organization"),
        "stage": ("organization", "consortium"),
        "consortium": ("consortium",),
        "cluster": ("organization",),
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
    "sites": {
        "region": ("own",),
        "kind": ("own",),
        "industry": ("organization",),
        "chain": ("organization",),
        "stage": ("organization",),
        "cluster": ("own",),
        "year": ("own",),
    },
    "amounts": {
        "region": ("own", "organization", "consortium", "platform", "project", "programme"),
        "kind": ("own",),
        "industry": ("consortium", "project", "programme", "organization"),
        "chain": ("consortium", "organization"),
        "consortium": ("consortium",),
        "year": ("own",),
    },
}
"""Where an attribute of a counted thing comes from: the first of these that has it."""

_KINDS = ("kind", "level", "body")
_DATES = ("since", "start", "founded", "asOf")
_HIERARCHIES = {"region": "Region", "industry": "Industry"}
_ROWS = {
    "memberships": """SELECT ?organization ?consortium ?year { ?s a cg:Membership ; cg:organization ?organization
        OPTIONAL { ?s cg:consortium ?consortium } OPTIONAL { ?s cg:sinceEarliest ?year } }""",
    "participations": """SELECT ?organization ?project ?contribution ?currency {
        ?s a cg:Participation ; cg:organization ?organization ; cg:project ?project
        OPTIONAL { ?s cg:contribution ?contribution } OPTIONAL { ?s cg:currency ?currency } }""",
    "participations without amounts": """SELECT ?organization ?project {
        ?s a cg:Participation ; cg:organization ?organization ; cg:project ?project }""",
}
"""Relation rows with what they relate: their own IRIs, which nothing else needs, are not read."""
_CONSORTIUM_OF_PROJECT = "SELECT ?s ?o { ?s a cg:Project ; cg:consortium ?o }"


@dataclass(frozen=True)
class Population:
    """The things that a crosstab counts, and how they lead to what has their attributes.

    Args:
        reader: The graph's nodes.
        count: The name of what is counted, one of :data:`CLASSES`.
        with_amounts: Read amounts of money as well.
        organizations: The organizations that count, or whose rows do: column s. None: all.
    """

    reader: NodeReader
    count: str
    with_amounts: bool = False
    organizations: pl.DataFrame | None = None

    def prefetch(self, *attributes: str) -> None:
        """Send the queries that some attributes surely need, side by side."""
        hierarchies = [name for name in attributes if name in _HIERARCHIES]
        queries = [f"SELECT ?s ?o {{ ?s cg:{name} ?o }}" for name in hierarchies]
        queries += [f"SELECT ?s {{ ?s a cg:{_HIERARCHIES[name]} }}" for name in hierarchies]
        self.reader.prefetch(queries=[self._query, *queries, LABELS])

    @property
    def _query(self) -> str:
        if self.count not in _ROWS:
            return f"SELECT ?s {{ ?s a cg:{CLASSES[self.count]} }}"
        if self.count == "participations" and not self.with_amounts:
            return _ROWS["participations without amounts"]
        return _ROWS[self.count]

    @cached_property
    def _rows(self) -> pl.DataFrame:
        """The relation rows that are counted, numbered: column s, and those of their query."""
        rows = self.reader.select(self._query)
        if self.organizations is not None:
            rows = rows.join(self.organizations.rename({"s": "organization"}), on="organization", how="semi")
        return rows.select(pl.int_range(pl.len()).cast(pl.String).alias("s"), *rows.columns)

    @cached_property
    def units(self) -> pl.DataFrame:
        """What is counted: column s, an IRI or the number of a row."""
        if self.count in _ROWS:
            return self._rows.select("s")
        things = self.reader.instances(CLASSES[self.count])
        return things if self.organizations is None else things.join(self.organizations, on="s", how="semi")

    def amounts(self, name: str) -> tuple[pl.DataFrame, list[str]]:
        """Return the amount of money of each thing that has one, columns s and amount, and their currencies."""
        if self.count in _ROWS:
            texts, currencies = self._column(name), self._column("currency")
        else:
            texts, currencies = self.reader.pairs(f"cg:{name}"), self.reader.pairs("cg:currency")
        texts = texts.join(self.units, on="s", how="semi")
        amounts = texts.select("s", pl.col("o").cast(pl.Float64, strict=False).alias("amount")).drop_nulls()
        used = currencies.join(amounts, on="s", how="semi")["o"].unique().sort().to_list()
        return amounts.unique("s", keep="first", maintain_order=True), used

    def attribute(self, name: str, level: int | None) -> pl.DataFrame:
        """Return the values of an attribute of each thing that has any: columns s and o.

        Args:
            name: The attribute.
            level: Of a region or an industry, the level of the hierarchy; None as in the tables.
        """
        values = self.units.clear().with_columns(pl.lit(None, pl.String).alias("o"))
        for source in SOURCES[self.count][name]:
            if values["s"].n_unique() == self.units.height:
                break
            further = self._from_source(name, source)
            values = pl.concat([values, further.join(values, on="s", how="anti")])
        if name not in _HIERARCHIES:
            return values.unique()
        places = at_level(self.reader, _HIERARCHIES[name], level)
        return values.join(places, left_on="o", right_on="s").select("s", pl.col("place").alias("o")).unique()

    def _from_source(self, name: str, source: str) -> pl.DataFrame:
        """Return the values of an attribute that come from one source: columns s and o."""
        if self.count == "memberships" and (name, source) == ("year", "own"):
            return self._column("year").with_columns(pl.col("o").str.head(4))
        owners = self._owners(source)
        return owners.unique() if name == source else _joined(owners, self._direct(name))

    def _owners(self, source: str) -> pl.DataFrame:
        """Return what each counted thing belongs to: columns s and o."""
        if source == "own":
            return self.units.select("s", pl.col("s").alias("o"))
        if self.count == "organizations":
            class_name = {"consortium": "Membership", "project": "Participation"}[source]
            query = f"SELECT ?s ?o {{ ?row a cg:{class_name} ; cg:organization ?s ; cg:{source} ?o }}"
            return self.reader.select(query).unique().join(self.units, on="s", how="semi")
        if self.count == "participations" and source == "consortium":
            return _joined(self._column("project"), self.reader.select(_CONSORTIUM_OF_PROJECT))
        if self.count in _ROWS:
            return self._column(source)
        name = "hostedBy" if (self.count, source) == ("platforms", "organization") else source
        return self.reader.pairs(f"cg:{name}").join(self.units, on="s", how="semi")

    def _column(self, name: str) -> pl.DataFrame:
        """Return a column of the relation rows: columns s and o."""
        return self._rows.select("s", pl.col(name).alias("o")).drop_nulls()

    def _direct(self, name: str) -> pl.DataFrame:
        """Return the values of an attribute of everything that has it itself: columns s and o."""
        if name == "kind":
            return pl.concat([self.reader.codes(f"cg:{kind}") for kind in _KINDS])
        if name == "year":
            dates = pl.concat([self.reader.pairs(f"cg:{date}Earliest") for date in _DATES])
            return dates.with_columns(pl.col("o").str.head(4))
        if name == "consortium":
            return self.reader.instances("Consortium").select("s", pl.col("s").alias("o"))
        if name == "stage":
            return self.reader.pairs("cg:holds")
        if name == "cluster":
            return pl.concat([self.reader.pairs("cg:inCluster"), self.reader.pairs("cg:cluster")])
        if name == "chain":
            of_stages = _joined(self.reader.pairs("cg:holds"), self.reader.pairs("cg:chain"))
            direct = self.reader.pairs("cg:chain")
            return pl.concat([direct, of_stages.join(direct, on="s", how="anti")])
        return self.reader.pairs(f"cg:{name}")


def _joined(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Return what the objects of some pairs lead to by other pairs: columns s and o."""
    joined = left.join(right, left_on="o", right_on="s")
    return joined.select("s", pl.col("o_right").alias("o")).unique()
