"""Nodes: the things of a graph with their attributes, as networks, tables and pages need them."""

from __future__ import annotations

from functools import cached_property, reduce
from typing import TYPE_CHECKING

import polars as pl

from chaingraph.languages import LANGUAGES, check_language, other
from chaingraph.queries.places import (
    ALIASES,
    REGION_CODES,
    SITE_KINDS,
    SITES,
    RegionPlaces,
    node_places,
    places_of_regions,
)
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chaingraph.languages import Language
    from chaingraph.store import KnowledgeGraph

Attribute = str | int | float | bool
Attributes = dict[str, Attribute]

SEPARATOR = "; "
"""Stands between several values of one attribute."""

_CODES = {
    "Organization": {"kind": "kind"},
    "Consortium": {"kind": "body", "form": "form"},
    "Platform": {"level": "level"},
    "Project": {"level": "level"},
    "Cluster": {"kind": "kind", "level": "level"},
    "Event": {"kind": "kind"},
    "Stage": {"segment": "segment"},
}
"""Attributes that hold a code, and the properties that they come from."""

_RELATED = ("region", "industry")
_DATA_SETS = "SELECT ?s { ?s a dcat:Dataset }"
_TAGS = """SELECT ?tag ?has_han (COUNT(*) AS ?n) { ?s rdfs:label ?label BIND (LANG(?label) AS ?tag)
  BIND (IF(?tag = "", REGEX(STR(?label), "[\\u4E00-\\u9FFF]"), false) AS ?has_han)
  MINUS { ?s a dcat:Dataset } } GROUP BY ?tag ?has_han"""
LABELS = "SELECT ?s ?o (LANG(?o) AS ?l) { ?s rdfs:label ?o }"


class NodeReader:
    """The nodes of a graph with their attributes; each query is sent once, however often its rows are needed.

    The attributes are ``type`` (the class), ``label`` (the English name if there is one, else any), ``label_en``,
    ``label_zh``, ``alias``, ``kind``, ``form``, ``level``, ``region``, ``industry``, ``segment``, ``leading``,
    ``parts`` (the organizations that are part of it), ``latitude`` and ``longitude``, each where it is known; ``place``
    says whose coordinates these are if not its own (see :func:`chaingraph.queries.places.node_places`). Several values
    are joined by ``"; "``, because an attribute of a network holds one text.
    """

    def __init__(self, kg: KnowledgeGraph) -> None:
        self.kg = kg
        self._cache: dict[str, pl.DataFrame] = {}

    def select(self, query: str) -> pl.DataFrame:
        """Return the rows of a SELECT query as text."""
        return self._select_many([query])[0]

    def prefetch(self, *class_names: str, queries: Sequence[str] = ()) -> None:
        """Send the queries for the attributes of some classes, and further ones, side by side."""
        of_classes = [query for class_name in class_names for query in self._queries(class_name)]
        self._select_many([*queries, *of_classes])

    def pairs(self, name: str) -> pl.DataFrame:
        """Return the subjects and objects of a property: columns s and o, as text; an empty text is left out."""
        return self._select_many([f"SELECT ?s ?o {{ ?s {name} ?o }}"])[0].drop_nulls("o")

    def instances(self, class_name: str) -> pl.DataFrame:
        """Return the IRIs of a class, sorted: column s."""
        return self._select_many([f"SELECT ?s {{ ?s a cg:{class_name} }}"])[0].unique().sort("s")

    def codes(self, name: str) -> pl.DataFrame:
        """Return the notation of the code that a property refers to, of several the last: columns s and o."""
        codes = self.pairs(name).join(self.pairs("skos:notation"), left_on="o", right_on="s").select("s", "o_right")
        return codes.rename({"o_right": "o"}).sort("s", "o").unique("s", keep="last", maintain_order=True)

    @cached_property
    def region_places(self) -> RegionPlaces:
        """The places of the regions, which those of most other things come from."""
        return places_of_regions(self)

    def labels(self, pattern: str = "") -> pl.DataFrame:
        """Return names by language: columns s, label_en, label_zh, and label, in another language or none.

        Args:
            pattern: A graph pattern that says which things ``?s`` are; all that have a name if empty.
        """
        query = LABELS if not pattern else f"SELECT DISTINCT ?s ?o (LANG(?o) AS ?l) {{ {pattern} ?s rdfs:label ?o }}"
        if f"labels: {query}" not in self._cache:
            self._cache[f"labels: {query}"] = _by_language(self.select(query))
        return self._cache[f"labels: {query}"]

    def language(self) -> Language:
        """Return the language of the graph: the one of more names, English where there are as many.

        A name without a language tag is Chinese if it has a Chinese character.
        """
        counts = dict.fromkeys(LANGUAGES, 0)
        for tag, has_han, number in self._label_tags().iter_rows():
            language = (tag or ("zh" if has_han == "true" else "en")).partition("-")[0]
            if language in counts:
                counts[language] += int(number)
        return "zh" if counts["zh"] > counts["en"] else "en"

    def _label_tags(self) -> pl.DataFrame:
        """Return how many names of things have each language tag: columns tag, has_han (of those without a tag), n.

        Names that were read for another purpose are counted here, all others where they are.
        """
        if LABELS not in self._cache:
            return self.select(_TAGS)
        tag = pl.col("l").fill_null("")
        has_han = pl.when(tag == "").then(pl.col("o").str.contains(r"[\u4E00-\u9FFF]")).otherwise(statement=False)
        texts = self._cache[LABELS].join(self.select(_DATA_SETS), on="s", how="anti")
        tags = texts.select(tag.alias("tag"), has_han.cast(pl.String).alias("has_han"))
        return tags.group_by("tag", "has_han").len("n")

    def names(self, language: str | None = None, pattern: str = "") -> pl.DataFrame:
        """Return what things are called in a language: columns s and name.

        Where there is no name in the language, one without a language stands in, else one in the other language.

        Args:
            language: The language, that of the graph if None.
            pattern: As in :meth:`labels`.

        Raises:
            UnknownLanguageError: The language is neither ``en`` nor ``zh``.
        """
        language = self.language() if language is None else language
        check_language(language)
        order = (f"label_{language}", "label", f"label_{other(language)}")
        return self.labels(pattern).select("s", pl.coalesce(*order).alias("name"))

    def frame(self, class_name: str) -> pl.DataFrame:
        """Return the nodes of a class: column s (the IRI), sorted, and one column per attribute, null where unknown."""
        self._select_many(self._queries(class_name))
        nodes = self.instances(class_name)
        columns = [nodes.join(self.labels(), on="s", how="left", maintain_order="left")]
        (aliases,) = self._select_many([ALIASES])
        columns.append(_join_texts(aliases.join(nodes, on="s", how="semi"), "alias"))
        for name, source in _CODES.get(class_name, {}).items():
            columns.append(self.codes(f"cg:{source}").rename({"o": name}))
        if class_name != "Stage":
            columns.append(_join_texts(self._segments_of_stages().join(nodes, on="s", how="semi"), "segment"))
        for name in _RELATED:
            columns.append(self._names_of(name, self.pairs(f"cg:{name}").join(nodes, on="s", how="semi")))
        columns.append(node_places(self, class_name).join(nodes, on="s", how="semi"))
        if class_name == "Organization":
            columns.append(self.instances("LeadingEnterprise").with_columns(pl.lit(value=True).alias("leading")))
            columns.append(self._names_of("parts", self._parts()))
        attributes = reduce(lambda left, right: left.join(right, on="s", how="left", maintain_order="left"), columns)
        label = pl.coalesce("label_en", "label", "label_zh", pl.col("s").map_elements(short_name, pl.String))
        return attributes.with_columns(pl.lit(class_name).alias("type"), label.alias("label"))

    def attributes(self, class_name: str) -> dict[str, Attributes]:
        """Return the attributes of each node of a class by its IRI, without those that are unknown."""
        frame = self.frame(class_name)
        names = frame.columns[1:]
        return {
            iri: {name: value for name, value in zip(names, values, strict=True) if value is not None}
            for iri, *values in frame.iter_rows()
        }

    def _queries(self, class_name: str) -> list[str]:
        properties = [f"cg:{name}" for name in (*_CODES.get(class_name, {}).values(), *_RELATED)]
        properties += ["cg:partOf"] if class_name == "Organization" else []
        properties += ["skos:notation", "cg:holds", "cg:segment", "cg:latitude", "cg:longitude", "cg:within"]
        classes = [class_name, "Organization", "Region", "LeadingEnterprise"]
        return [
            LABELS,
            ALIASES,
            REGION_CODES,
            *([SITES, SITE_KINDS] if class_name == "Organization" else []),
            *(f"SELECT ?s ?o {{ ?s {name} ?o }}" for name in properties),
            *(f"SELECT ?s {{ ?s a cg:{name} }}" for name in classes),
        ]

    def _select_many(self, queries: list[str]) -> list[pl.DataFrame]:
        missing = [query for query in dict.fromkeys(queries) if query not in self._cache]
        self._cache |= dict(zip(missing, self.kg.select_many(missing), strict=True))
        return [self._cache[query] for query in queries]

    def _segments_of_stages(self) -> pl.DataFrame:
        """Return the segments of the stages that something holds: columns s and o."""
        segments = self.pairs("cg:holds").join(self.codes("cg:segment"), left_on="o", right_on="s")
        return segments.select("s", pl.col("o_right").alias("o"))

    def _parts(self) -> pl.DataFrame:
        """Return the units, branches, subsidiaries and affiliates of each organization: columns s and o."""
        return self.pairs("cg:partOf").select(pl.col("o").alias("s"), pl.col("s").alias("o"))

    def _names_of(self, name: str, pairs: pl.DataFrame) -> pl.DataFrame:
        """Return the names of the objects of some pairs, Chinese ones in a column of their own."""
        (labels,) = self._select_many([LABELS])
        texts = pairs.join(labels, left_on="o", right_on="s")
        chinese = pl.col("l").fill_null("").str.starts_with("zh")
        texts = texts.select("s", pl.col("o_right").alias("o"), chinese.alias("chinese")).drop_nulls("o")
        both = _join_texts(texts.filter("chinese").select("s", "o"), f"{name}_zh").join(
            _join_texts(texts.filter(~pl.col("chinese")).select("s", "o"), name), on="s", how="full", coalesce=True
        )
        return both.with_columns(pl.coalesce(name, f"{name}_zh").alias(name))


def _by_language(texts: pl.DataFrame) -> pl.DataFrame:
    """Return names (columns s, o, l for the language) as one column per language, of several in one the first."""
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
    return reduce(lambda left, right: left.join(right, on="s", how="full", coalesce=True), columns)


def _join_texts(pairs: pl.DataFrame, name: str) -> pl.DataFrame:
    """Join the texts of each subject by the separator, each once, in their order."""
    unique = pairs.unique().sort("s", "o")
    return unique.group_by("s", maintain_order=True).agg(pl.col("o").str.join(SEPARATOR).alias(name))
