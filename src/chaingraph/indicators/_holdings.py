"""What is known by name to stand in each consortium and programme, at a date or at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chaingraph.queries.filters import Selection
    from chaingraph.queries.nodes import NodeReader

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


def holdings(reader: NodeReader, selection: Selection) -> Holdings:
    """Return what is known by name to stand in each consortium and programme.

    A consortium that was founded only later is left out, with all that belongs to it.

    Args:
        reader: The graph's nodes.
        selection: The date.
    """
    everyone = reader.instances("Consortium")
    consortia, founded = selection.in_period(reader, everyone, "founded", "until", key="s")
    later = everyone.join(consortia, on="s", how="anti")
    inside, undated = {}, {"consortia": founded}
    for name, (begin, end) in DATES.items():
        rows = reader.instances(_CLASSES[name]).join(
            reader.pairs("cg:consortium").join(later, left_on="o", right_on="s", how="semi"), on="s", how="anti"
        )
        scoped = rows.join(_scopes(reader), on="s")
        held, undated[name] = selection.in_period(reader, scoped.select("s").unique(), begin, end, key="s")
        found = scoped.join(held, on="s", how="semi").rename({"s": "row"})
        if name == "organizations":
            organizations = reader.pairs("cg:organization").rename({"s": "row", "o": "thing"})
            found = found.join(organizations, on="row")
        else:
            found = found.with_columns(thing="row")
        inside[name] = _coded(reader, found).sort("scope", "thing", "row")
    return Holdings(consortia, inside, undated if selection.period else {})


def _scopes(reader: NodeReader) -> pl.DataFrame:
    """Return in which consortium and programmes each row stands: columns s and scope.

    Who is one of several leads is in the programmes of all, and in none of the consortia.
    """
    consortium, programme = reader.pairs("cg:consortium"), reader.pairs("cg:programme")
    through = pl.concat([consortium, reader.pairs("cg:oneOf")]).join(programme, left_on="o", right_on="s")
    found = pl.concat([consortium, programme, through.select("s", pl.col("o_right").alias("o"))])
    return found.unique().rename({"o": "scope"})


def _coded(reader: NodeReader, found: pl.DataFrame) -> pl.DataFrame:
    """Add the codes kind, level (of the thing) and role (of the row); what is coded as unstated is null."""
    for name, key in (("kind", "thing"), ("level", "thing"), ("role", "row")):
        codes = reader.codes(f"cg:{name}").filter(pl.col("o") != "unstated").rename({"s": key, "o": name})
        found = found.join(codes, on=key, how="left")
    return found
