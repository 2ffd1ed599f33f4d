"""What is done with a collection once all sheets are read: one thing per name that means one, and decisions applied."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from chaingraph.rosters.folding import name_of
from chaingraph.rosters.look_alikes import slips
from chaingraph.tables import contract
from chaingraph.tables.references import identifier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chaingraph.rosters.collection import Collection, Key, Thing, Value
    from chaingraph.rosters.log import Log


def unify_regions(collection: Collection) -> list[tuple[str, str]]:
    """Make one of regions whose lines end alike, such as 苏州 and 江苏 苏州, where only one longer line does.

    Returns the pairs of names that were read as one though they are written in two ways, such as 甲州 and 甲州市.
    """
    regions = collection.things.get("regions", {})
    longer: dict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)
    for key in regions:
        for start in range(1, len(key)):
            longer[tuple(key[start:])].add(tuple(key))
    into: dict[Key, Key] = {}
    for key in regions:
        ends = longer.get(tuple(key), set())
        ends = {end for end in ends if not any(end != other and other[-len(end) :] == end for other in ends)}
        if len(ends) == 1:
            into[key] = next(iter(ends))
    if into:
        replace_keys(collection, "regions", into)
    return [(short, thing.name) for thing in regions.values() for short in thing.forms or () if short != thing.name]


def resolve_aliases(collection: Collection) -> None:
    """Read a name that another thing of its table has as an alias as that thing, unless a row lists it."""
    for table, things in collection.things.items():
        holders: dict[str, set[Key]] = defaultdict(set)
        for key, thing in things.items():
            aliases = thing.values.get("alias", [])
            for alias in aliases if isinstance(aliases, list) else []:
                holders[name_of(str(alias))].add(key)
        into: dict[Key, Key] = {
            key: next(iter(holders[key]))
            for key, thing in things.items()
            if isinstance(key, str) and not thing.listed and len(holders.get(key, ())) == 1
        }
        into = {key: target for key, target in into.items() if target not in into and target != key}
        if into:
            replace_keys(collection, table, into)


def replace_keys(collection: Collection, table: str, into: Mapping[Key, Key]) -> None:
    """Put one thing in the place of another, wherever it is named."""
    things = collection.things[table]
    for old, new in into.items():
        thing = things.pop(old, None)
        if thing is not None:
            _join(things, new, thing)
    for other, of_table in collection.things.items():
        for thing in of_table.values():
            _replace_values(other, thing.values, table, into)
    for other, relations in collection.relations.items():
        if columns := _references(other, table):
            relations.replace(columns, into)


def _join(things: dict[Key, Thing], key: Key, thing: Thing) -> None:
    """Add what is stated of a thing to another, if there is one of that key."""
    target = things.setdefault(key, thing)
    if target is thing:
        return
    target.listed |= thing.listed
    target.years |= thing.years
    if target.forms is not None and thing.forms is not None:
        for name, count in thing.forms.items():
            target.forms[name] = target.forms.get(name, 0) + count
    for column, value in thing.values.items():
        target.values.setdefault(column, value)


def _replace_values(of: str, values: dict[str, Value], table: str, into: Mapping[Key, Key]) -> None:
    for column in contract()[of].cells:
        if column.reference != table or column.name not in values:
            continue
        value = values[column.name]
        if isinstance(value, list):
            values[column.name] = list(dict.fromkeys(into.get(one, one) for one in value))
        else:
            values[column.name] = into.get(value, value)


def date_by_years(collection: Collection) -> int:
    """Give memberships the years between which the sheets of several years state them; return how many.

    One that an earlier sheet leaves out, though it lists the consortium, is there since the first year that states it;
    one that a later sheet so leaves out was there until the last. Sheets that list other consortia say nothing of it.
    """
    if "memberships" not in collection.relations:
        return 0
    memberships = collection.relations["memberships"]
    since, until = memberships.columns["since"], memberships.columns["until"]
    count = 0
    for row, years in memberships.years.items():
        consortium = memberships.columns["consortium"][row]
        if consortium is None:
            continue
        listed = collection.things["consortia"][consortium].years
        before = any(year < min(years) for year in listed)
        after = any(year > max(years) for year in listed)
        if before and since[row] is None:
            since[row] = min(years)
        if after and until[row] is None:
            until[row] = max(years)
        count += before or after
    return count


def leave_out_slips(collection: Collection, log: Log) -> None:
    """Leave out names that are slips of the pen for listed ones, with what is stated of them."""
    organizations = collection.things.get("organizations", {})
    wrong = slips(organizations)
    for key, listed in wrong.items():
        log.leave_out_cell("slip", organizations.pop(key).place, str(key), "", listed=listed)
    if not wrong:
        return
    for table, relations in collection.relations.items():
        columns = [relations.columns[column] for column in _references(table, "organizations")]
        if any(not wrong.keys().isdisjoint(cells) for cells in columns):
            rows = range(len(relations))
            relations.keep([row for row in rows if not any(cells[row] in wrong for cells in columns)])
    for table, things in collection.things.items():
        for thing in things.values():
            for column in _references(table, "organizations") & thing.values.keys():
                value = thing.values.pop(column)
                if isinstance(value, list):
                    thing.values[column] = [one for one in value if one not in wrong]
                elif value not in wrong:
                    thing.values[column] = value


def _references(table: str, target: str) -> set[str]:
    return {column.name for column in contract()[table].cells if column.reference == target}


def keep_decisions(collection: Collection, log: Log) -> None:
    """Apply decisions on who is who to the names of this roster, and leave out those that name nothing of it.

    Where only the new name of a thing that was renamed is here, its id is that of the name it had before, so that the
    rosters of two years name it alike.
    """
    if "identities" not in collection.relations:
        return
    decisions = collection.relations["identities"]
    ids = {
        table: {identifier(key): key for key in collection.things.get(table, ()) if isinstance(key, str)}
        for table in map(str, dict.fromkeys(decisions.columns["table"]))
    }
    first: dict[frozenset[str], Key | None] = {}
    rows: list[int] = []
    for row, place in enumerate(decisions.places):
        values = decisions.row(row)
        table, decision = str(values.get("table")), values["decision"]
        things = collection.things.get(table, {})
        left, right = (name_of(str(values[side])) for side in ("left", "right"))
        left, right = ids[table].get(left, left), ids[table].get(right, right)
        decisions.columns["left"][row], decisions.columns["right"][row] = left, right
        if left in things and right in things:
            if first.setdefault(frozenset((left, right)), decision) == decision:
                rows.append(row)
                continue
            log.leave_out_row("decided already", place, f"{left}, {right}")
        elif right in things and decision == "same":
            things[right].known_as = left
        elif left not in things:
            log.leave_out_row("no such name", place, f"{left}, {right}")
    decisions.keep(rows)
    if not rows:
        del collection.relations["identities"]
