"""What is known by name to stand in each consortium and programme, at a date or at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chaingraph.queries.filters import Selection
    from chaingraph.queries.nodes import Things

DATES = {"organizations": ("since", "until"), "platforms": ("since", "until"), "projects": ("start", "end")}
"""What is counted, and the properties in which its rows begin and end; an organization's row is a membership."""
_CLASSES = {"organizations": "Membership", "platforms": "Platform", "projects": "Project"}


@dataclass(frozen=True)
class Holdings:
    """What is known by name, at a date or at all.

    ``consortia`` has a column s. ``inside`` has by what is counted a row for each thing in each consortium or
    programme: scope, row (the IRI of what says so), thing, and the codes kind, role and level, null where no row
    states them. ``undated`` tells how many of the rows looked at have no date.
    """

    consortia: pl.DataFrame
    inside: Mapping[str, pl.DataFrame]
    undated: Mapping[str, int]


def holdings(things: Things, selection: Selection) -> Holdings:
    """Return what is known by name to stand in each consortium and programme.

    A consortium that was founded only later is left out, with all that belongs to it.

    Args:
        things: The graph's things.
        selection: The date.
    """
    everyone = things.members("Consortium")
    consortia, founded = selection.during(things, everyone, "founded", "until", key="s")
    later = everyone.join(consortia, on="s", how="anti")
    inside, undated = {}, {"consortia": founded}
    for name, (begin, end) in DATES.items():
        rows = things.members(_CLASSES[name]).join(
            things.pairs("cg:consortium").join(later, left_on="o", right_on="s", how="semi"), on="s", how="anti"
        )
        scoped = rows.join(_scopes(things), on="s")
        held, undated[name] = selection.during(things, scoped.select("s").unique(), begin, end, key="s")
        found = scoped.join(held, on="s", how="semi").rename({"s": "row"})
        if name == "organizations":
            organizations = things.pairs("cg:organization").rename({"s": "row", "o": "thing"})
            found = found.join(organizations, on="row")
        else:
            found = found.with_columns(thing="row")
        inside[name] = _coded(things, found).sort("scope", "thing", "row")
    return Holdings(consortia, inside, undated if selection.period else {})


def _scopes(things: Things) -> pl.DataFrame:
    """Return in which consortium and programmes each row stands: columns s and scope.

    Who is one of several leads is in the programmes of all, and in none of the consortia.
    """
    consortium, programme = things.pairs("cg:consortium"), things.pairs("cg:programme")
    through = pl.concat([consortium, things.pairs("cg:oneOf")]).join(programme, left_on="o", right_on="s")
    found = pl.concat([consortium, programme, through.select("s", pl.col("o_right").alias("o"))])
    return found.unique().rename({"o": "scope"})


def _coded(things: Things, found: pl.DataFrame) -> pl.DataFrame:
    """Add the codes kind, level (of the thing) and role (of the row); what is coded as unstated is null."""
    for name, key in (("kind", "thing"), ("level", "thing"), ("role", "row")):
        codes = things.code(f"cg:{name}").filter(pl.col("o") != "unstated").rename({"s": key, "o": name})
        found = found.join(codes, on=key, how="left")
    return found
