"""Nodes: the attributes of the graph's things, and the words that state them."""

from __future__ import annotations

from collections import defaultdict
from functools import reduce
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chaingraph.store import KnowledgeGraph

Attribute = str | int | float | bool | list[dict[str, str]]
Attributes = dict[str, Attribute]
Evidence = dict[str, list[dict[str, str]]]

CLASSES = (
    "Organization",
    "Consortium",
    "Programme",
    "Platform",
    "Project",
    "Region",
    "Industry",
    "Chain",
    "Stage",
    "Product",
)
"""The classes of things that can be nodes, in the order in which they are added."""

_CODES = {
    "Organization": {"kind": "kind"},
    "Consortium": {"kind": "body", "form": "form"},
    "Platform": {"level": "level"},
    "Project": {"level": "level"},
    "Stage": {"segment": "segment"},
}
"""Attributes that hold a code, and the properties that they come from."""

_RELATED = ("region", "industry")
_ALIASES = "SELECT ?s ?o { ?s skos:altLabel ?o }"
LABELS = "SELECT ?s ?o (LANG(?o) AS ?l) { ?s rdfs:label ?o }"

_QUOTED = """
SELECT ?s ?exact ?title ?url ?published {
  ?s cg:evidence ?q . ?q cg:exact ?exact ; cg:source ?source . ?source rdfs:label ?title
  OPTIONAL { ?source cg:url ?url } OPTIONAL { ?source cg:published ?published }
} ORDER BY ?s ?q"""

_REGISTERED = """
SELECT ?s ?record ?title ?url {
  ?s cg:record ?record ; cg:source ?source . ?source rdfs:label ?title OPTIONAL { ?source cg:url ?url }
} ORDER BY ?s ?record"""


def evidence(kg: KnowledgeGraph) -> Evidence:
    """Return by IRI what states each node of the graph: quotes with their source, and records of registers."""
    found: Evidence = defaultdict(list)
    for query in (_QUOTED, _REGISTERED):
        for row in kg.select_text(query).iter_rows(named=True):
            iri = row.pop("s")
            found[iri].append({name: text for name, text in row.items() if text is not None})
    return found


class Things:
    """The things of a graph with their attributes; what is said by one property is read once.

    The attributes are ``type`` (the class), ``label`` (the English name if there is one, else any), ``label_en``,
    ``label_zh``, ``alias``, ``kind``, ``form``, ``level``, ``region``, ``industry``, ``segment``, ``leading``,
    ``latitude`` and ``longitude``, each where it is known. A thing without coordinates has its region's, and a region
    without any has the mean of its organizations'. Several values are joined by semicolons, because a network's
    attributes hold one text each.
    """

    def __init__(self, kg: KnowledgeGraph) -> None:
        self.kg = kg
        self._read: dict[str, pl.DataFrame] = {}

    def answer(self, query: str) -> pl.DataFrame:
        """Return the rows of a SELECT query as text, read once."""
        return self._answers([query])[0]

    def read_ahead(self, *class_names: str, queries: Sequence[str] = ()) -> None:
        """Ask for what the classes' attributes need, and for more, side by side."""
        wanted = [query for class_name in class_names for query in self._queries(class_name)]
        self._answers([*queries, *wanted])

    def pairs(self, name: str) -> pl.DataFrame:
        """Return what one property says: columns s and o, as text."""
        return self._answers([f"SELECT ?s ?o {{ ?s {name} ?o }}"])[0]

    def members(self, class_name: str) -> pl.DataFrame:
        """Return the IRIs of a class in their order: column s."""
        return self._answers([f"SELECT ?s {{ ?s a cg:{class_name} }}"])[0].unique().sort("s")

    def labels(self) -> pl.DataFrame:
        """Return the names of everything: columns s, label_en, label_zh, and label, in another language or none."""
        (texts,) = self._answers([LABELS])
        if "labels" not in self._read:
            language = pl.col("l").fill_null("")
            kind = (
                pl.when(language.str.starts_with("zh"))
                .then(pl.lit("label_zh"))
                .when(language == "en")
                .then(pl.lit("label_en"))
                .otherwise(pl.lit("label"))
            )
            first = texts.drop_nulls("o").with_columns(kind.alias("kind")).sort("s", "l", "o")
            first = first.unique(["s", "kind"], keep="first", maintain_order=True)
            columns = [
                first.filter(pl.col("kind") == name).select("s", pl.col("o").alias(name))
                for name in ("label_en", "label_zh", "label")
            ]
            self._read["labels"] = reduce(
                lambda left, right: left.join(right, on="s", how="full", coalesce=True), columns
            )
        return self._read["labels"]

    def frame(self, class_name: str) -> pl.DataFrame:
        """Return the things of a class: column s (the IRI), sorted, and a column an attribute, null where unknown."""
        self._answers(self._queries(class_name))
        things = self.members(class_name)
        columns = [things.join(self.labels(), on="s", how="left", maintain_order="left")]
        (aliases,) = self._answers([_ALIASES])
        columns.append(_joined(aliases.join(things, on="s", how="semi"), "alias"))
        for name, source in _CODES.get(class_name, {}).items():
            columns.append(self.code(f"cg:{source}").rename({"o": name}))
        segments = self._through("cg:holds", "cg:segment")
        if class_name != "Stage":
            columns.append(_joined(segments.join(things, on="s", how="semi"), "segment"))
        for name in _RELATED:
            columns.append(self._related(name, things))
        columns.append(self._places(class_name, things))
        if class_name == "Organization":
            leading = self.members("LeadingEnterprise").with_columns(pl.lit(value=True).alias("leading"))
            columns.append(leading)
        found = reduce(lambda left, right: left.join(right, on="s", how="left", maintain_order="left"), columns)
        label = pl.coalesce("label_en", "label", "label_zh", pl.col("s").map_elements(short_name, pl.String))
        return found.with_columns(pl.lit(class_name).alias("type"), label.alias("label"))

    def attributes(self, class_name: str) -> dict[str, Attributes]:
        """Return the attributes of each thing of a class by its IRI, without those that are unknown."""
        frame = self.frame(class_name)
        names = frame.columns[1:]
        return {
            iri: {name: value for name, value in zip(names, values, strict=True) if value is not None}
            for iri, *values in frame.iter_rows()
        }

    def _queries(self, class_name: str) -> list[str]:
        properties = [f"cg:{name}" for name in (*_CODES.get(class_name, {}).values(), *_RELATED)]
        properties += ["skos:notation", "cg:holds", "cg:segment", "cg:latitude", "cg:longitude", "cg:within"]
        classes = [class_name, "Organization", "Region", "LeadingEnterprise"]
        return [
            LABELS,
            _ALIASES,
            *(f"SELECT ?s ?o {{ ?s {name} ?o }}" for name in properties),
            *(f"SELECT ?s {{ ?s a cg:{name} }}" for name in classes),
        ]

    def _answers(self, queries: list[str]) -> list[pl.DataFrame]:
        missing = [query for query in dict.fromkeys(queries) if query not in self._read]
        self._read |= dict(zip(missing, self.kg.select_many(missing), strict=True))
        return [self._read[query] for query in queries]

    def code(self, name: str) -> pl.DataFrame:
        """Return the notation of the code that a property gives, of several the last: columns s and o."""
        held = self.pairs(name).join(self.pairs("skos:notation"), left_on="o", right_on="s").select("s", "o_right")
        return held.rename({"o_right": "o"}).sort("s", "o").unique("s", keep="last", maintain_order=True)

    def _through(self, first: str, second: str) -> pl.DataFrame:
        held = self.pairs(first).join(self.code(second), left_on="o", right_on="s").select("s", "o_right")
        return held.rename({"o_right": "o"})

    def _related(self, name: str, things: pl.DataFrame) -> pl.DataFrame:
        (labels,) = self._answers([LABELS])
        held = self.pairs(f"cg:{name}").join(things, on="s", how="semi").join(labels, left_on="o", right_on="s")
        chinese = pl.col("l").fill_null("").str.starts_with("zh")
        held = held.select("s", pl.col("o_right").alias("o"), chinese.alias("chinese")).drop_nulls("o")
        both = _joined(held.filter("chinese").select("s", "o"), f"{name}_zh").join(
            _joined(held.filter(~pl.col("chinese")).select("s", "o"), name), on="s", how="full", coalesce=True
        )
        return both.with_columns(pl.coalesce(name, f"{name}_zh").alias(name))

    def coordinates(self) -> pl.DataFrame:
        """Return what has coordinates of its own: columns s, latitude, longitude."""
        latitude, longitude = (
            self.pairs(f"cg:{name}").select("s", pl.col("o").cast(pl.Float64, strict=False).alias(name))
            for name in ("latitude", "longitude")
        )
        both = (
            latitude.sort("s", "latitude")
            .unique("s", keep="last")
            .join(longitude.sort("s", "longitude").unique("s", keep="last"), on="s")
        )
        return both.drop_nulls()

    def region_places(self) -> pl.DataFrame:
        """Return the coordinates of regions: their own, else the mean of the organizations in them or within them."""
        own = self.coordinates()
        placed = self.pairs("cg:region").join(self.members("Organization"), on="s", how="semi")
        placed = placed.join(own, on="s").select(pl.col("o").alias("s"), "latitude", "longitude")
        within = self.pairs("cg:within")
        # Each organization counts for its region and for every region above; a cycle ends after as many steps.
        levels = [placed]
        for _ in range(within.height):
            above = levels[-1].join(within, on="s").select(pl.col("o").alias("s"), "latitude", "longitude")
            if above.is_empty():
                break
            levels.append(above)
        means = pl.concat(levels).group_by("s").agg(pl.col("latitude").mean(), pl.col("longitude").mean())
        regions = self.members("Region")
        stated = own.join(regions, on="s", how="semi")
        return pl.concat([stated, means.join(regions, on="s", how="semi").join(stated, on="s", how="anti")]).sort("s")

    def _places(self, class_name: str, things: pl.DataFrame) -> pl.DataFrame:
        places = self.region_places()
        if class_name == "Region":
            return places
        own = self.coordinates().join(things, on="s", how="semi")
        located = self.pairs("cg:region").join(things, on="s", how="semi").join(places, left_on="o", right_on="s")
        located = located.sort("s", "o").unique("s", keep="last", maintain_order=True)
        return pl.concat([own, located.select("s", "latitude", "longitude").join(own, on="s", how="anti")])


def _joined(pairs: pl.DataFrame, name: str) -> pl.DataFrame:
    """Join the texts of each thing by semicolons, each once, in their order."""
    unique = pairs.unique().sort("s", "o")
    return unique.group_by("s", maintain_order=True).agg(pl.col("o").str.join("; ").alias(name))
