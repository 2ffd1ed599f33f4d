"""Hierarchies of regions and of industries: what lies within what, and what stands for it at a level."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import networkx as nx
import polars as pl

from chaingraph.errors import UsageError
from chaingraph.messages import tr
from chaingraph.sparql.lookup import thing_iri
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from chaingraph.queries.nodes import NodeReader

PARENT = {"Region": "within", "Industry": "broader"}
"""The property that leads one level up, by class."""
DEEPEST = 100
"""How many levels a hierarchy may have above its lowest for what is taken at a level: real ones have fewer than ten."""
MOST_PAIRS = 2_000_000
"""How many pairs of a region and one that it lies within are looked at."""


class DeepHierarchyError(UsageError):
    """A hierarchy that has more levels than can be looked at.

    Args:
        iri: One that lies deepest.
        class_name: Region or Industry.
    """

    def __init__(self, iri: object, class_name: str = "Region") -> None:
        message = tr(
            "the {class_name} {iri} lies more than {limit} levels deep, or in too many others;"
            " mend '{parent}' in the tables",
            class_name=class_name.lower(),
            iri=short_name(str(iri)),
            limit=DEEPEST,
            parent=PARENT[class_name],
        )
        super().__init__(message)


def paths(reader: NodeReader, class_name: str) -> dict[str, list[str]]:
    """Return for each region or industry itself and what it lies within, from the lowest to the highest.

    Raises:
        UsageError: Some lie within each other in a circle.
        DeepHierarchyError: Some lie more than `DEEPEST` levels deep.
    """
    parent = dict(reader.pairs(f"cg:{PARENT[class_name]}").sort("s", "o", descending=True).iter_rows())
    result: dict[str, list[str]] = {}
    for iri in reader.instances(class_name)["s"].to_list():
        path = {iri: None}
        above = parent.get(iri)
        while above is not None and len(path) <= DEEPEST:
            if above in path:
                message = tr(
                    "the {class_name} {iri} lies within itself; mend its '{parent}' in the tables",
                    class_name=class_name.lower(),
                    iri=short_name(iri),
                    parent=PARENT[class_name],
                )
                raise UsageError(message)
            path[above] = None
            above = parent.get(above)
        if above is not None:
            raise DeepHierarchyError(iri, class_name)
        result[iri] = list(path)
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
    """Return each region with every region that it lies within: columns s and o.

    Raises:
        DeepHierarchyError: Some lie more than `DEEPEST` levels deep, or there are more than `MOST_PAIRS` of these.
    """
    steps = reader.pairs("cg:within")
    levels, lowest = depth(steps.iter_rows())
    closure = new = steps
    while new.height and levels <= DEEPEST and closure.height <= MOST_PAIRS:
        new = new.join(steps, left_on="o", right_on="s").select("s", pl.col("o_right").alias("o")).unique()
        new = new.join(closure, on=["s", "o"], how="anti")
        closure = pl.concat([closure, new])
    if levels > DEEPEST or closure.height > MOST_PAIRS:
        raise DeepHierarchyError(lowest)
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
    children: dict[str, list[str]] = {}
    for child, region in reader.pairs("cg:within").iter_rows():
        children.setdefault(region, []).append(child)
    new = list(result)
    while new:
        new = [
            child
            for child in dict.fromkeys(chain(*(children.get(region, ()) for region in new)))
            if child not in result
        ]
        result.update(new)
    return result


def circles(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the pairs of a thing and what it lies within that are part of a circle, in time linear in the pairs.

    >>> circles([("a", "b"), ("b", "a"), ("c", "a"), ("d", "d")])
    [('a', 'b'), ('b', 'a'), ('d', 'd')]
    """
    pairs = list(pairs)
    groups = enumerate(nx.strongly_connected_components(nx.DiGraph(pairs)))
    group_of = {iri: number for number, group in groups for iri in group}
    return [(one, other) for one, other in pairs if group_of[one] == group_of[other]]


def depth(pairs: Iterable[tuple[str, str]]) -> tuple[int, str]:
    """Return how many levels are above the thing that lies deepest, and that thing; those of a circle count each.

    >>> depth([("a", "b"), ("b", "c"), ("d", "c")])
    (2, 'a')
    """
    groups = nx.condensation(nx.DiGraph(list(pairs)))
    levels: dict[int, tuple[int, str]] = {-1: (0, "")}
    for group in reversed(list(nx.topological_sort(groups))):
        members = groups.nodes[group]["members"]
        above = max((levels[other][0] + 1 for other in groups.successors(group)), default=0)
        levels[group] = (above + len(members) - 1, min(members))
    most = max(number for number, _ in levels.values())
    return most, min(iri for number, iri in levels.values() if number == most)
