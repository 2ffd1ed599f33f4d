"""The kind of an organization where its name says it: the legal form of a company, a university."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chaingraph.rosters.names import has_ending

if TYPE_CHECKING:
    from chaingraph.rosters.collection import Collection

_KINDS_BY_ENDING = {"enterprises": "enterprise", "universities": "university"}


def state_kinds(collection: Collection) -> int:
    """State the kind of each organization whose name says it, unless a cell says another; return how many those are."""
    count = 0
    for thing in collection.things.get("organizations", {}).values():
        kind = None if "kind" in thing.values else kind_of(thing.name)
        if kind is not None:
            thing.values["kind"] = kind
            count += 1
    return count


def kind_of(name: str) -> str | None:
    """Return the kind of an organization where its name says it by law or custom: the form of a company, a university.

    >>> kind_of("东山机电有限公司"), kind_of("甲州大学（机械学院）"), kind_of("Acme GmbH"), kind_of("南岭研究院")
    ('enterprise', 'university', 'enterprise', None)
    """
    return next((kind for words, kind in _KINDS_BY_ENDING.items() if has_ending(name, words)), None)
