"""Snapshots for a comparison: the tables of a data set, or a graph, in one form of text.

A snapshot has one frame per table of the contract: ``iri`` and one column per property, named like the first column of
the contract that states it. A cell is text: several values are sorted and joined by ``; ``, references are IRIs, codes
are notations, and texts are without their languages. Derived statements (short forms, further classes) are no columns.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote

import polars as pl

from chaingraph.messages import tr
from chaingraph.queries.nodes import LABELS, NodeReader
from chaingraph.store import KnowledgeGraph
from chaingraph.store.source import sources_of
from chaingraph.tables import MERGED, DataSet, contract
from chaingraph.tables.metadata import LANGUAGE_TAG
from chaingraph.vocabulary import CODE, PREFIXES, short_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chaingraph.languages import Language
    from chaingraph.store.source import SourceLike
    from chaingraph.tables.contract import Column, Table

JOINED = "; "
_BLANK = "_:"
_TEXTS = {"label": pl.String, "text": pl.String}
_LABEL = PREFIXES["rdfs"] + "label"
_ALIAS = PREFIXES["skos"] + "altLabel"
_TYPE = PREFIXES["rdf"] + "type"
_PLACES = ("source", "record")
"""Where a row of a roster stands, which moves from one year's file to the next and changes nothing."""
_SAFE = r"^[A-Za-z0-9._~-]*$"
_TAGGED = f"(.[^@]*|.*[^@])@{LANGUAGE_TAG}$"


class Property(NamedTuple):
    """A property of a table, and the columns of the contract that state it."""

    name: str
    iri: str
    columns: tuple[Column, ...]

    @property
    def is_reference(self) -> bool:
        """Tell whether its values are things."""
        return self.columns[0].is_reference


@dataclass(frozen=True)
class Snapshot:
    """Tables by name, and the descriptions of the data sets."""

    tables: Mapping[str, pl.DataFrame]
    data_sets: Sequence[Mapping[str, str]] = field(default=())

    def table(self, name: str) -> pl.DataFrame:
        """Return a table; one that the snapshot lacks is empty."""
        if name in self.tables:
            return self.tables[name]
        return pl.DataFrame(schema={"iri": pl.String} | {one.name: pl.String for one in properties(name)})

    def names(self) -> dict[str, str]:
        """Return the labels of all rows that have one, by IRI."""
        labels: dict[str, str] = {}
        for name, frame in self.tables.items():
            column = next((one.name for one in properties(name) if one.iri == _LABEL), None)
            if column is not None:
                labels |= dict(frame.drop_nulls(column).select("iri", column).iter_rows())
        return labels

    def language(self) -> Language:
        """Return the language of most names: Chinese where more than half of them have a Chinese character."""
        names = pl.Series([name for text in self.names().values() for name in text.split(JOINED)], dtype=pl.String)
        return "zh" if 2 * names.str.contains(r"\p{Han}").sum() > len(names) else "en"


@cache
def properties(table: str) -> tuple[Property, ...]:
    """Return the properties of a table in the contract's order."""
    columns_of: dict[str, list[Column]] = {}
    for column in contract()[table].cells:
        if column.property_url is not None:
            columns_of.setdefault(column.property_url, []).append(column)
    return tuple(Property(columns[0].name, iri, tuple(columns)) for iri, columns in columns_of.items())


def _class_iri(table: Table) -> str:
    """Return the IRI of the class that the rows of a table have."""
    iri = next(c.value_url for c in table.columns if c.virtual and c.property_url == _TYPE and not c.when)
    assert iri is not None
    return iri


def class_name(table: str) -> str:
    """Return the short name of the class of a table's rows.

    >>> class_name("memberships")
    'Membership'
    """
    return _class_iri(contract()[table]).removeprefix(PREFIXES["cg"])


def snapshot(source: SourceLike | KnowledgeGraph, report: Callable[[str], None] | None = None) -> Snapshot:
    """Read a source; a folder, a workbook and frames are read as tables, without building their graph."""
    if isinstance(source, KnowledgeGraph):
        return _graph_snapshot(source)
    sources = sources_of(source)
    if len(sources) == 1 and sources[0].has_tables:
        if report is not None:
            report(tr("reading {sources}", sources=sources[0]))
        return _table_snapshot(sources[0].tables())
    return _graph_snapshot(KnowledgeGraph.open(source, report=report))


def _table_snapshot(data_set: DataSet) -> Snapshot:
    description = data_set.description
    tables = {name: _text_frame(frame, contract()[name], description.base) for name, frame in data_set.tables.items()}
    if data_set.summary:
        tables = {name: _without_places(frame) for name, frame in tables.items() if name != "sources"}
    texts = {
        "title_en": description.title.get("en") or description.title.get(""),
        "title_zh": description.title.get("zh"),
        "licence": description.licence,
        "attribution": description.attribution.get("en") or description.attribution.get(""),
        "attribution_zh": description.attribution.get("zh"),
    }
    return Snapshot(tables, [{"name": description.name} | {key: text for key, text in texts.items() if text}])


def _without_places(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.lit(None, pl.String).alias(name) for name in _PLACES if name in frame.columns)


def _text_frame(frame: pl.DataFrame, table: Table, base: str) -> pl.DataFrame:
    folder = table.about_url.partition("{")[0]
    columns = [(pl.lit(base + folder) + _encoded(frame[table.identifier])).alias("iri")]
    for one in properties(table.name):
        values = [_values(frame, column, base) for column in one.columns]
        merged = MERGED in frame.columns and one.columns[0].names_the_row
        if merged:
            values = _as_aliases(frame, table, values, alias=one.iri == _ALIAS)
        columns.append(values[0].alias(one.name) if len(values) == 1 else pl.concat_list(values).alias(one.name))
    result = frame.select(columns)
    if result["iri"].is_duplicated().any():
        result = result.group_by("iri", maintain_order=True).agg(
            (pl.col(name).explode() if result.schema[name] == pl.List(pl.String) else pl.col(name))
            for name in result.columns[1:]
        )
    lists = [name for name, dtype in result.schema.items() if dtype == pl.List(pl.String)]
    return result.with_columns(_one_text(name) for name in lists)


def _one_text(name: str) -> pl.Expr:
    text = pl.col(name).list.drop_nulls().list.unique().list.sort().list.join(JOINED)
    return pl.when(text != "").then(text).alias(name)


def _values(frame: pl.DataFrame, column: Column, base: str) -> pl.Expr:
    cells = frame[column.name]
    if column.is_reference:
        assert column.value_url is not None
        folder = pl.lit(base + column.value_url.partition("{")[0])
        if column.reference_table is not None:
            folder = pl.concat_str(pl.lit(base), pl.col(column.reference_table), pl.lit("/"))
        if cells.dtype == pl.List(pl.String):
            each = frame.select(row=pl.int_range(pl.len()), folder=folder, cell=cells).explode("cell")
            each = each.with_columns(cell=pl.col("folder") + _encoded(each["cell"]))
            return pl.lit(each.group_by("row", maintain_order=True).agg("cell")["cell"])
        return folder + _encoded(cells)
    if column.property_url == _ALIAS:
        return pl.col(column.name).list.eval(pl.coalesce(pl.element().str.extract(_TAGGED, 1), pl.element()))
    return pl.col(column.name)


def _as_aliases(frame: pl.DataFrame, table: Table, values: list[pl.Expr], *, alias: bool) -> list[pl.Expr]:
    """Move the names of rows that an identity has joined to another to the aliases, as the build does."""
    if not alias:
        return [pl.when(~pl.col(MERGED)).then(value) for value in values]
    labels = [pl.col(c.name) for c in table.cells if c.names_the_row and c.property_url != _ALIAS]
    none = pl.lit([], pl.List(pl.String))
    return [*(value.fill_null(none) for value in values), *(pl.when(MERGED).then(label) for label in labels)]


def _encoded(cells: pl.Series) -> pl.Expr:
    texts = cells.drop_nulls().unique()
    unsafe = {text: quote(text, safe="") for text in texts.filter(~texts.str.contains(_SAFE))}
    return pl.lit(cells.replace(unsafe) if unsafe else cells)


def _graph_snapshot(kg: KnowledgeGraph) -> Snapshot:
    """Read a graph property by property, as a built store has them beside it."""
    reader = NodeReader(kg)
    iris = {name: reader.instances(class_name(name)).rename({"s": "iri"}) for name in contract()}
    frames = {name: _columns(frame, name, partial(_pairs, reader)) for name, frame in iris.items() if frame.height}
    if any(column.str.starts_with(_BLANK).any() for frame in frames.values() for column in frame):
        return _snapshot_of_statements(kg)
    return Snapshot(frames, kg.data_sets())


def _pairs(reader: NodeReader, iri: str) -> pl.DataFrame:
    """Return the subjects and objects of a property: columns s and o."""
    return reader.select(LABELS).select("s", "o").drop_nulls("o") if iri == _LABEL else reader.pairs(short_name(iri))


def _snapshot_of_statements(kg: KnowledgeGraph) -> Snapshot:
    """Read a graph that has blank nodes class by class: their labels can differ from answer to answer."""
    tables = contract()
    answers = kg.select_many([f"SELECT ?s ?p ?o {{ ?s a <{_class_iri(table)}> ; ?p ?o }}" for table in tables.values()])
    answers = _with_signatures(kg, answers)
    frames: dict[str, pl.DataFrame] = {}
    for name, rows in zip(tables, answers, strict=True):
        if rows.height:
            parts = {str(iri): part.select("s", "o") for (iri,), part in rows.group_by("p")}
            none = rows.clear().select("s", "o")
            iris = rows.select(iri=pl.col("s")).unique().sort("iri")
            frames[name] = _columns(iris, name, partial(_part, parts, none))
    return Snapshot(frames, kg.data_sets())


def _part(parts: Mapping[str, pl.DataFrame], none: pl.DataFrame, iri: str) -> pl.DataFrame:
    return parts.get(iri, none)


def _with_signatures(kg: KnowledgeGraph, answers: list[pl.DataFrame]) -> list[pl.DataFrame]:
    """Return rows in which blank nodes are called by what is said of them: their labels differ from file to file.

    Subjects of which the same is said are numbered.
    """
    if not any(rows[name].str.starts_with(_BLANK).any() for rows in answers for name in ("s", "o")):
        return answers
    signatures = {label: f"{_BLANK}{text}" for label, text in kg.signatures().items()}
    frame = pl.DataFrame({"label": list(signatures), "text": list(signatures.values())}, schema_overrides=_TEXTS)
    numbers = frame.sort("text", "label").with_columns(number=pl.int_range(pl.len()).over("text"))
    subjects = numbers.select(
        "label", text=pl.when(number=0).then("text").otherwise(pl.format("{}-{}", "text", pl.col("number") + 1))
    )
    as_subject = dict(subjects.iter_rows())
    return [
        rows.with_columns(pl.col("s").replace(as_subject), pl.col("o").replace(signatures)) if rows.height else rows
        for rows in answers
    ]


def _columns(iris: pl.DataFrame, table: str, pairs: Callable[[str], pl.DataFrame]) -> pl.DataFrame:
    """Return one row per subject and one column per property.

    Args:
        iris: The subjects: column iri.
        table: The table.
        pairs: What returns the subjects (s) and objects (o) of a property.
    """
    columns = []
    for one in properties(table):
        cells = iris.join(pairs(one.iri), left_on="iri", right_on="s", how="left", maintain_order="left")
        if cells.height > iris.height:
            texts = pl.col("o").unique().sort().str.join(JOINED)
            cells = cells.group_by("iri", maintain_order=True).agg(pl.when(pl.col("o").count() > 0).then(texts))
        codes = one.columns[0].codes
        if codes is not None:
            cells = cells.with_columns(pl.col("o").str.replace_all(f"{CODE}{codes}-", "", literal=True))
        columns.append(cells["o"].alias(one.name))
    return iris.with_columns(columns)


def identifier(iri: str) -> str:
    """Return the id that ends an IRI.

    >>> identifier("https://w3id.org/chaingraph/id/roster/organizations/%E7%94%B2")
    '甲'
    """
    return unquote(iri.rpartition("/")[2])
