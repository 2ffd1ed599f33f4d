"""Hierarchies of regions and of industries: what lies within what, and what stands for it at a level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from chaingraph.errors import UsageError
from chaingraph.messages import tr
from chaingraph.sparql.lookup import thing_iri
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Collection

    from chaingraph.queries.nodes import NodeReader

PARENT = {"Region": "within", "Industry": "broader"}
"""The property that leads one level up, by class."""


def paths(reader: NodeReader, class_name: str) -> dict[str, list[str]]:
    """Return for each region or industry itself and what it lies within, from the lowest to the highest.

    Raises:
        UsageError: Some lie within each other in a circle.
    """
    parent = dict(reader.pairs(f"cg:{PARENT[class_name]}").sort("s", "o", descending=True).iter_rows())
    result = {}
    for iri in reader.instances(class_name)["s"].to_list():
        path = [iri]
        while path[-1] in parent:
            if parent[path[-1]] in path:
                message = tr(
                    "the {class_name} {iri} lies within itself; mend its '{parent}' in the tables",
                    class_name=class_name.lower(),
                    iri=short_name(iri),
                    parent=PARENT[class_name],
                )
                raise UsageError(message)
            path.append(parent[path[-1]])
        result[iri] = path
    return result


def at_level(reader: NodeReader, class_name: str, level: int | None) -> pl.DataFrame:
    """Return for each region or industry the one that stands for it at a level: columns s and place.

    Args:
        reader: The graph's nodes.
        class_name: Region or Industry.
        level: 0 for those that lie within no other, 1 for those directly within these, and so on; one above that level
            has none. None: each stands for itself.

    Raises:
        UsageError: The graph has none at that level, or some lie within each other in a circle.
    """
    if level is None:
        iris = reader.instances(class_name)["s"].to_list()
        return pl.DataFrame({"s": iris, "place": iris}, schema={"s": pl.String, "place": pl.String})
    places = {iri: path[-1 - level] for iri, path in paths(reader, class_name).items() if 0 <= level < len(path)}
    if not places:
        name = class_name.lower()
        message = tr(
            "the graph has no {name} at level {level}; level 0 are those that lie within no other",
            name=name,
            level=level,
        )
        raise UsageError(message)
    return pl.DataFrame({"s": list(places), "place": list(places.values())})


def ancestors(reader: NodeReader) -> pl.DataFrame:
    """Return each region with every region that it lies within, however deep: columns s and o."""
    steps = reader.pairs("cg:within")
    closure = new = steps
    while new.height:
        new = new.join(steps, left_on="o", right_on="s").select("s", pl.col("o_right").alias("o")).unique()
        new = new.join(closure, on=["s", "o"], how="anti")
        closure = pl.concat([closure, new])
    return closure.unique()


def regions_within(reader: NodeReader, names: Collection[str]) -> set[str]:
    """Return the IRIs of some regions and of all regions within them.

    Args:
        reader: The graph's nodes.
        names: The regions, each by its IRI, its short IRI or a name that it alone has.

    Raises:
        UnknownThingError: A region is not in the graph; the nearest names are given.
        AmbiguousNameError: Several regions have a name; they are listed.
    """
    result = {
        thing_iri(reader.kg, name, argument="region", classes=["cg:Region"], example="id:cn/regions/jiang-su")
        for name in names
    }
    children = reader.pairs("cg:within")
    new = result
    while new:
        new = set(children.filter(pl.col("o").is_in(new))["s"]) - result
        result |= new
    return result
