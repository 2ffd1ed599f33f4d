"""From records of CORDIS to the tables of a data set; each row cites its record, with the source ``cordis``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from chaingraph.importers.cordis.records import PARTICIPATION, definitions

if TYPE_CHECKING:
    from chaingraph.importers.cordis.records import Records

_SOURCE = pl.lit("cordis").alias("source")
_PLACE = pl.coalesce("nuts", "country")
_TAGGED = "[^@]@[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"


def tables(records: Records) -> dict[str, pl.DataFrame]:
    """Return the tables of the records by name, but for ``sources``; every cell is a text or null, rows in order.

    A project of two or more organizations is run by a consortium of the same id; one of a single organization has
    participations only. A number of euros is written without the noughts that end it.
    """
    sizes = records.participants.group_by("project").agg(pl.col("organization").n_unique().alias("organizations"))
    joint = records.projects.join(
        sizes.filter(pl.col("organizations") >= 2), left_on="id", right_on="project", how="semi", maintain_order="left"
    )
    memberships, participations = _relations(records.participants, joint["id"])
    consortia, projects = _consortia_and_projects(records, joint["id"])
    claims = [_ended(records.participants, joint["id"]), _differing_sizes(records.participants)]
    return {
        "regions": regions(records.participants),
        "industries": _industries(records.topics),
        "organizations": _organizations(records.participants),
        "consortia": consortia,
        "memberships": memberships,
        "projects": projects,
        "participations": participations,
        "claims": pl.concat(claims),
    }


def regions(participants: pl.DataFrame) -> pl.DataFrame:
    """Return the NUTS regions of the organizations and those above; one that the file does not name is its code.

    The record is the first organization with this very code and its name; where there is none, one with this code, or
    one whose deeper code begins with it.
    """
    places = participants.select(
        _PLACE.alias("place"),
        # The name is that of the NUTS code, so that it says nothing of the country that takes its place.
        pl.when(pl.col("nuts").is_not_null()).then("place").alias("place_name"),
        pl.col("organization").alias("record"),
    ).drop_nulls("place")
    levels = places.with_columns(pl.int_ranges(2, pl.col("place").str.len_chars() + 1).alias("depth")).explode("depth")
    codes = levels.with_columns(pl.col("place").str.slice(0, pl.col("depth")).alias("id")).with_columns(
        (pl.col("place") == pl.col("id")).alias("exact")
    )
    candidates = codes.with_columns(pl.when("exact").then("place_name").alias("name"))
    best = candidates.sort(pl.col("name").is_null(), ~pl.col("exact"), maintain_order=True)
    above = pl.when(pl.col("id").str.len_chars() > 2).then(pl.col("id").str.head(-1))
    return (
        best.unique("id", keep="first", maintain_order=True)
        .sort("id")
        .select(
            "id",
            pl.coalesce("name", "id").alias("name"),
            pl.col("id").alias("code"),
            above.alias("within"),
            _SOURCE,
            "record",
        )
    )


def regions_above(participants: pl.DataFrame) -> pl.DataFrame:
    """Return the regions that no record has as its own: those above the regions of records."""
    places = participants.select(_PLACE.alias("id")).unique()
    return regions(participants).join(places, on="id", how="anti", maintain_order="left")


def _industries(topics: pl.DataFrame) -> pl.DataFrame:
    """Return every topic of EuroSciVoc with all topics above it, the record being its first project."""
    codes = pl.col("code").str.strip_chars("/").str.split("/")
    names = pl.col("path").str.strip_chars("/").str.split("/")
    split = topics.with_columns(codes.alias("codes"), names.alias("names"))
    # A name that holds a slash shifts the path, which is told by its length: only the topic's own name is sure then.
    whole = pl.col("names").list.len() == pl.col("codes").list.len()
    levels = split.with_columns(pl.int_ranges(1, pl.col("codes").list.len() + 1).alias("depth")).explode("depth")
    above = pl.col("codes").list.head(pl.col("depth") - 1).list.join("-")
    own = pl.when(pl.col("depth") == pl.col("codes").list.len()).then("title")
    rows = levels.select(
        pl.col("codes").list.head(pl.col("depth")).list.join("-").alias("id"),
        pl.coalesce(pl.when(whole).then(pl.col("names").list.get(pl.col("depth") - 1, null_on_oob=True)), own).alias(
            "name"
        ),
        pl.col("codes").list.get(pl.col("depth") - 1).alias("code"),
        pl.when(pl.col("depth") > 1).then(above).alias("broader"),
        _SOURCE,
        pl.col("project").alias("record"),
    )
    best = rows.sort(pl.col("name").is_null(), maintain_order=True).unique("id", keep="first", maintain_order=True)
    return best.with_columns(pl.coalesce("name", "code").alias("name")).sort("id")


def _organizations(participants: pl.DataFrame) -> pl.DataFrame:
    """Return one row per organization; of different values in its records a cell has the first."""
    vat = pl.when(pl.col("vat").is_not_null()).then(pl.lit(";VAT:") + pl.col("vat")).otherwise(pl.lit(""))
    kinds: dict[str, str] = definitions()["kinds"]
    kind = pl.col("activity").replace_strict(kinds, default="unstated", return_dtype=pl.String)
    rows = participants.select(
        pl.col("organization").alias("id"),
        pl.col("name").str.replace_all(r"\s+", " ").alias("name"),
        "short",
        pl.when(pl.col("activity").is_not_null()).then(kind).alias("kind"),
        _PLACE.alias("region"),
        (pl.lit("PIC:") + pl.col("organization") + vat).alias("code"),
        "small",
        pl.col("website").str.extract(r"^\s*(https?://\S+)\s*$", 1).alias("website"),
        "latitude",
        "longitude",
        _SOURCE,
        pl.col("organization").alias("record"),
    )
    first = [pl.col(column).drop_nulls().first() for column in rows.columns[1:]]
    grouped = rows.group_by("id", maintain_order=True).agg(first).sort(pl.col("id").cast(pl.Int64))
    return grouped.with_columns(pl.coalesce("name", "short", "id").alias("name")).drop("short")


def _differing_sizes(participants: pl.DataFrame) -> pl.DataFrame:
    """Return a claim for each second value of ``small`` that a record of an organization states."""
    with_size = participants.filter(pl.col("small").is_not_null())
    first = pl.col("small").first().over("organization")
    rows = with_size.filter(pl.col("small") != first).select(
        pl.lit("organizations").alias("table"),
        pl.col("organization").alias("subject"),
        pl.lit("small").alias("property"),
        pl.col("small").alias("value"),
        pl.lit("stated").alias("status"),
        _SOURCE,
        PARTICIPATION.alias("record"),
    )
    return rows.unique(["subject", "value"], keep="first", maintain_order=True).sort(pl.col("subject").cast(pl.Int64))


def _role(place: int) -> pl.Expr:
    """Return the code of a role: of a membership (place 0) or a participation (place 1)."""
    roles: dict[str, list[str]] = definitions()["roles"]
    codes = {role: pair[place] for role, pair in roles.items()}
    return pl.col("role").replace_strict(codes, default="unstated", return_dtype=pl.String)


def _ended(participants: pl.DataFrame, consortium_ids: pl.Series) -> pl.DataFrame:
    """Return a claim for each participation that has ended, with role and organization; the row itself has no end."""
    roles = participants.group_by("project", "organization", "role").agg(
        (pl.col("ended") == "true").fill_null(value=False).all()
    )
    in_consortium = pl.col("project").is_in(consortium_ids.implode())
    rows = roles.filter("ended").select(
        pl.when(in_consortium).then(pl.lit("consortia")).otherwise(pl.lit("projects")).alias("table"),
        pl.col("project").alias("subject"),
        pl.when(in_consortium).then(_role(0)).otherwise(_role(1)).alias("property"),
        pl.col("organization").alias("value"),
        pl.lit("ended").alias("status"),
        _SOURCE,
        PARTICIPATION.alias("record"),
    )
    order = [pl.col("subject").cast(pl.Int64), pl.col("value").cast(pl.Int64), pl.col("property")]
    return rows.unique(["table", "subject", "property", "value"]).sort(order)


def _relations(participants: pl.DataFrame, consortium_ids: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return memberships and participations; contributions of a repeated project, organization and role are summed."""
    amount = pl.col("contribution").cast(pl.Decimal(38, 6))
    grouped = (
        participants.with_columns(_role(0).alias("membership_role"), _role(1).alias("participation_role"))
        .group_by("project", "organization", "membership_role", "participation_role")
        .agg(
            pl.col("role").min(),
            amount.drop_nulls().sum().alias("amount"),
            pl.col("contribution").count().alias("amounts"),
        )
        .sort(pl.col("project").cast(pl.Int64), pl.col("organization").cast(pl.Int64), "role")
        .with_columns(_SOURCE, PARTICIPATION.alias("record"))
    )
    memberships = grouped.filter(pl.col("project").is_in(consortium_ids.implode())).select(
        "organization",
        pl.col("project").alias("consortium"),
        pl.col("membership_role").alias("role"),
        "source",
        "record",
    )
    if_any = pl.when(pl.col("amounts") > 0)
    participations = grouped.select(
        "project",
        "organization",
        pl.col("participation_role").alias("role"),
        if_any.then(_plain(pl.col("amount").cast(pl.String))).alias("contribution"),
        if_any.then(pl.lit("EUR")).alias("currency"),
        "source",
        "record",
    )
    return memberships, participations


def _plain(text: pl.Expr) -> pl.Expr:
    """Return the text of a decimal without the noughts that end it."""
    ends = text.str.strip_chars_end("0").str.strip_chars_end(".")
    return pl.when(text.str.contains(".", literal=True)).then(ends).otherwise(text)


def _consortia_and_projects(records: Records, consortium_ids: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the consortia and the projects: each project is run by the consortium of the same id."""
    topic = pl.col("code").str.strip_chars("/").str.replace_all("/", "-", literal=True).alias("topic")
    fields = records.topics.select("project", topic).unique().sort("topic")
    joined_topics = fields.group_by("project", maintain_order=True).agg(pl.col("topic").str.join(";").alias("industry"))
    joined = (
        records.projects.sort(pl.col("id").cast(pl.Int64))
        .join(joined_topics, left_on="id", right_on="project", how="left", maintain_order="left")
        .with_columns(
            _SOURCE, pl.col("id").alias("record"), pl.col("id").is_in(consortium_ids.implode()).alias("has_consortium")
        )
    )
    consortia = joined.filter("has_consortium").select(
        "id",
        pl.coalesce("acronym", "title").alias("name"),
        pl.lit("project").alias("body"),
        "industry",
        "source",
        "record",
    )
    # A total cost of 0 stands for lump sums and the like; nobody states that the project costs nothing.
    cost = pl.when(pl.col("cost").cast(pl.Float64) != 0).then(_plain(pl.col("cost")))
    statuses: dict[str, str] = definitions()["statuses"]
    status = pl.col("status").replace_strict(statuses, default="unstated", return_dtype=pl.String)
    # In a cell of aliases ';' separates two of them, and '@eu' at the end would be a language.
    alias = pl.when(~pl.col("acronym").str.contains(f"[;；\\n]|{_TAGGED}")).then("acronym")
    rows = joined.select(
        "id",
        pl.col("title").alias("name"),
        alias.alias("alias"),
        pl.when("has_consortium").then("id").alias("consortium"),
        "industry",
        "start",
        "end",
        cost.alias("budget"),
        pl.when(cost.is_not_null()).then(pl.lit("EUR")).alias("currency"),
        pl.when(pl.col("status").is_not_null()).then(status).alias("status"),
        "source",
        "record",
    )
    return consortia, rows
