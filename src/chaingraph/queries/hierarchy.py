"""Levels of the hierarchies of regions and industries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from chaingraph.errors import UsageError
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from chaingraph.queries.nodes import Things

ABOVE = {"Region": "within", "Industry": "broader"}
"""The property that leads up, by class."""


def paths(things: Things, class_name: str) -> dict[str, list[str]]:
    """Return for each region or industry itself and what it lies within, from the lowest to the highest.

    Raises:
        UsageError: Some lie within each other in a circle.
    """
    name, way = class_name.lower(), ABOVE[class_name]
    above = dict(things.pairs(f"cg:{way}").sort("s", "o", descending=True).iter_rows())
    found = {}
    for member in things.members(class_name)["s"].to_list():
        path = [member]
        while path[-1] in above:
            if above[path[-1]] in path:
                message = f"the {name} {short_name(member)} lies within itself; mend its '{way}' in the tables"
                raise UsageError(message)
            path.append(above[path[-1]])
        found[member] = path
    return found


def standing(things: Things, class_name: str, level: int | None) -> pl.DataFrame:
    """Return for each region or industry the one that stands for it at a level: columns s and place.

    Args:
        things: The graph's things.
        class_name: Region or Industry.
        level: 0 for those that lie within no other, 1 for those directly within these, and so on; one above that level
            has none. None: each stands for itself.

    Raises:
        UsageError: The graph has none at that level, or some lie within each other in a circle.
    """
    members = things.members(class_name)["s"].to_list()
    if level is None:
        return pl.DataFrame({"s": members, "place": members}, schema={"s": pl.String, "place": pl.String})
    name = class_name.lower()
    ways = paths(things, class_name)
    found = {member: path[-1 - level] for member, path in ways.items() if 0 <= level < len(path)}
    if not found:
        message = f"the graph has no {name} at level {level}; level 0 are those that lie within no other"
        raise UsageError(message)
    return pl.DataFrame({"s": list(found), "place": list(found.values())})
