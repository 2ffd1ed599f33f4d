"""Write the tables of the data set horizon-batteries from the CORDIS snapshot of 2025-12-06.

The only place that knows which projects belong to it: those with "batter" in the title, in any case, and at least
three distinct organizations in any role. Faults of the source are kept as they stand, counted and told on stderr.
"""

from __future__ import annotations

import argparse
import json
import sys
import zipfile
from pathlib import Path

import polars as pl

HERE = Path(__file__).resolve().parent
SNAPSHOT = HERE.parents[2] / "shared" / "data" / "horizon-europe" / "horizon-2025-12-06.zip"
PROJECTS = 124
KINDS = {"PRC": "enterprise", "HES": "university", "REC": "institute", "PUB": "government", "OTH": "other"}
# SIGNED says that the grant agreement is signed, not that the project still runs.
STATUSES = {"SIGNED": "unstated", "CLOSED": "ended", "TERMINATED": "ended"}
MEMBERSHIP_ROLES = {
    "coordinator": "lead",
    "participant": "member",
    "associatedPartner": "associate",
    "thirdParty": "third-party",
}
PARTICIPATION_ROLES = MEMBERSHIP_ROLES | {"coordinator": "coordinator", "participant": "participant"}
SOURCE = {
    "title": "CORDIS - EU research projects under Horizon Europe (2021-2027)",
    "url": "https://data.europa.eu/data/datasets/cordis-eu-research-projects-under-horizon-europe-2021-2027",
    "licence": "Reuse under Commission Decision 2011/833/EU",
    "retrieved": "2025-12-06",
}
DATASET = {
    "name": "horizon-batteries",
    "title": {
        "en": "Battery projects of Horizon Europe and their consortia",
        "zh": "“地平线欧洲”计划的电池项目及其联合体",
    },
    "description": {
        "en": "The 124 projects of Horizon Europe with 'batter' in the title and at least three organizations, "
        "as CORDIS held them on 2025-12-06: consortia, roles, contributions, regions and topics.",
        "zh": "截至2025-12-06，CORDIS所载标题含“batter”且至少有三家单位参与的124个“地平线欧洲”项目："
        "联合体、角色、经费、地区与主题。",
    },
    "language": "en",
    "base": "https://w3id.org/chaingraph/id/horizon-batteries/",
    "licence": "Reuse under Commission Decision 2011/833/EU",
    "attribution": "CORDIS, © European Union",
    "sources": [SOURCE],
}


def snapshot_frame(archive: zipfile.ZipFile, name: str) -> pl.DataFrame:
    """Return one file of the snapshot with every cell as text; the delimiter is read from the header."""
    text = archive.read(name)
    separator = ";" if b";" in text.split(b"\n", 1)[0] else ","
    return pl.read_csv(text, separator=separator, infer_schema=False)


def battery_projects(projects: pl.DataFrame, participants: pl.DataFrame) -> pl.DataFrame:
    """Return the projects of the data set, by id."""
    large = (
        participants.group_by("projectID")
        .agg(pl.col("organisationID").n_unique().alias("organizations"))
        .filter(pl.col("organizations") >= 3)
    )
    titled = projects.filter(pl.col("title").str.to_lowercase().str.contains("batter", literal=True))
    return titled.join(large, on="projectID", how="semi").sort(pl.col("projectID").cast(pl.Int64))


def topic_id(path: str) -> pl.Expr:
    """Return the id of a EuroSciVoc path such as ``/23/53/373``: its codes joined by hyphens."""
    return pl.col(path).str.strip_chars("/").str.replace_all("/", "-", literal=True)


def industries(topics: pl.DataFrame) -> pl.DataFrame:
    """Return every EuroSciVoc topic of the projects with all topics above it, the record being its first project."""
    split = topics.with_columns(
        pl.col("euroSciVocCode").str.strip_chars("/").str.split("/").alias("codes"),
        pl.col("euroSciVocPath").str.strip_chars("/").str.split("/").alias("names"),
    )
    levels = split.with_columns(pl.int_ranges(1, pl.col("codes").list.len() + 1).alias("depth")).explode("depth")
    rows = levels.select(
        pl.col("codes").list.head(pl.col("depth")).list.join("-").alias("id"),
        pl.col("names").list.get(pl.col("depth") - 1).alias("name"),
        pl.col("codes").list.get(pl.col("depth") - 1).alias("code"),
        pl.when(pl.col("depth") > 1)
        .then(pl.col("codes").list.head(pl.col("depth") - 1).list.join("-"))
        .otherwise(None)
        .alias("broader"),
        pl.lit("cordis").alias("source"),
        pl.col("projectID").alias("record"),
    )
    return rows.unique("id", keep="first", maintain_order=True).sort("id")


def regions(participants: pl.DataFrame) -> pl.DataFrame:
    """Return the NUTS regions of the organizations and those above; one that the file does not name is its code.

    The record is the first organization with this very code and its name; where there is none, one with this code, or
    one whose deeper code begins with it.
    """
    placed = participants.select(
        pl.coalesce("nutsCode", "country").alias("place"), "nutsName", pl.col("organisationID").alias("record")
    )
    levels = placed.with_columns(pl.int_ranges(2, pl.col("place").str.len_chars() + 1).alias("depth")).explode("depth")
    codes = levels.with_columns(pl.col("place").str.slice(0, pl.col("depth")).alias("id")).with_columns(
        (pl.col("place") == pl.col("id")).alias("exact")
    )
    named = codes.with_columns(pl.when("exact").then("nutsName").alias("name"))
    best = named.sort(pl.col("name").is_null(), ~pl.col("exact"), maintain_order=True)
    return (
        best.unique("id", keep="first", maintain_order=True)
        .sort("id")
        .select(
            "id",
            pl.coalesce("name", "id").alias("name"),
            pl.col("id").alias("code"),
            pl.when(pl.col("id").str.len_chars() > 2)
            .then(pl.col("id").str.head(pl.col("id").str.len_chars() - 1))
            .otherwise(None)
            .alias("within"),
            pl.lit("cordis").alias("source"),
            "record",
        )
    )


def organizations(participants: pl.DataFrame) -> pl.DataFrame:
    """Return one row an organization; a cell that its records state differently holds the first."""
    point = pl.col("geolocation").str.split(",")
    vat = pl.when(pl.col("vatNumber").is_not_null()).then(pl.lit(";VAT:") + pl.col("vatNumber")).otherwise(pl.lit(""))
    site = pl.col("organizationURL").str.extract(r"^\s*(https?://\S+)\s*$", 1)
    rows = participants.select(
        pl.col("organisationID").alias("id"),
        pl.col("name").str.replace_all(r"\s+", " ").str.strip_chars().alias("name"),
        pl.col("activityType").replace_strict(KINDS).alias("kind"),
        pl.coalesce("nutsCode", "country").alias("region"),
        (pl.lit("PIC:") + pl.col("organisationID") + vat).alias("code"),
        pl.col("SME").alias("small"),
        site.alias("website"),
        point.list.get(0).str.strip_chars().alias("latitude"),
        point.list.get(1).str.strip_chars().alias("longitude"),
        pl.lit("cordis").alias("source"),
        pl.col("organisationID").alias("record"),
    )
    first = [pl.col(column).drop_nulls().first() for column in rows.columns[1:]]
    return rows.group_by("id", maintain_order=True).agg(first).sort(pl.col("id").cast(pl.Int64))


def differing_sizes(participants: pl.DataFrame) -> pl.DataFrame:
    """Return a claim for each second value of ``small`` that a record of an organization states."""
    stated = participants.filter(pl.col("SME").is_not_null())
    first = stated.unique("organisationID", keep="first", maintain_order=True).select(
        "organisationID", pl.col("SME").alias("kept")
    )
    others = stated.join(first, on="organisationID").filter(pl.col("SME") != pl.col("kept"))
    rows = others.select(
        pl.lit("organizations").alias("table"),
        pl.col("organisationID").alias("subject"),
        pl.lit("small").alias("property"),
        pl.col("SME").alias("value"),
        pl.lit("stated").alias("status"),
        pl.lit("cordis").alias("source"),
        (pl.col("projectID") + "/" + pl.col("organisationID")).alias("record"),
    )
    return rows.unique(["subject", "value"], keep="first", maintain_order=True).sort(pl.col("subject").cast(pl.Int64))


def ended_participations(participants: pl.DataFrame) -> pl.DataFrame:
    """Return a claim for each participation that has ended: the role and who held it; the row itself knows no end."""
    ended = participants.filter(pl.col("endOfParticipation") == "true")
    rows = ended.select(
        pl.lit("consortia").alias("table"),
        pl.col("projectID").alias("subject"),
        pl.col("role").replace_strict(MEMBERSHIP_ROLES).alias("property"),
        pl.col("organisationID").alias("value"),
        pl.lit("ended").alias("status"),
        pl.lit("cordis").alias("source"),
        (pl.col("projectID") + "/" + pl.col("organisationID")).alias("record"),
    )
    return rows.sort(pl.col("subject").cast(pl.Int64), pl.col("value").cast(pl.Int64), "property")


def relations(participants: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return memberships and participations; contributions of a repeated project, organization and role are summed."""
    amount = pl.col("ecContribution").cast(pl.Decimal(18, 2))
    grouped = (
        participants.group_by("projectID", "organisationID", "role")
        .agg(amount.drop_nulls().sum().alias("amount"), pl.col("ecContribution").count().alias("stated"))
        .sort(pl.col("projectID").cast(pl.Int64), pl.col("organisationID").cast(pl.Int64), "role")
        .with_columns(
            pl.lit("cordis").alias("source"), (pl.col("projectID") + "/" + pl.col("organisationID")).alias("record")
        )
    )
    memberships = grouped.select(
        pl.col("organisationID").alias("organization"),
        pl.col("projectID").alias("consortium"),
        pl.col("role").replace_strict(MEMBERSHIP_ROLES),
        "source",
        "record",
    )
    participations = grouped.select(
        pl.col("projectID").alias("project"),
        pl.col("organisationID").alias("organization"),
        pl.col("role").replace_strict(PARTICIPATION_ROLES),
        pl.when(pl.col("stated") > 0).then(plain_number(pl.col("amount").cast(pl.String))).alias("contribution"),
        pl.when(pl.col("stated") > 0).then(pl.lit("EUR")).alias("currency"),
        "source",
        "record",
    )
    return memberships, participations


def plain_number(text: pl.Expr) -> pl.Expr:
    """Return the text of a decimal without the noughts that end it."""
    return (
        pl.when(text.str.contains(".", literal=True))
        .then(text.str.strip_chars_end("0").str.strip_chars_end("."))
        .otherwise(text)
    )


def things(projects: pl.DataFrame, topics: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the consortia and the projects: each project is run by the consortium of the same id."""
    fields = topics.select("projectID", topic_id("euroSciVocCode").alias("topic")).unique().sort("topic")
    joined = projects.join(
        fields.group_by("projectID", maintain_order=True).agg(pl.col("topic").str.join(";").alias("industry")),
        on="projectID",
        how="left",
        maintain_order="left",
    ).with_columns(pl.lit("cordis").alias("source"), pl.col("projectID").alias("record"))
    consortia = joined.select(
        pl.col("projectID").alias("id"),
        pl.coalesce("acronym", "title").alias("name"),
        pl.lit("project").alias("body"),
        "industry",
        "source",
        "record",
    )
    rows = joined.select(
        pl.col("projectID").alias("id"),
        pl.col("title").alias("name"),
        pl.col("acronym").alias("alias"),
        pl.col("projectID").alias("consortium"),
        "industry",
        pl.col("startDate").alias("start"),
        pl.col("endDate").alias("end"),
        plain_number(pl.col("totalCost")).alias("budget"),
        pl.when(pl.col("totalCost").is_not_null()).then(pl.lit("EUR")).alias("currency"),
        pl.col("status").replace_strict(STATUSES),
        "source",
        "record",
    )
    return consortia, rows


def sources() -> pl.DataFrame:
    """Return the one source."""
    return pl.DataFrame(
        {
            "id": ["cordis"],
            "title": [SOURCE["title"]],
            "url": [SOURCE["url"]],
            "publisher": ["Publications Office of the European Union"],
            "retrieved": [SOURCE["retrieved"]],
            "language": ["en"],
            "licence": [SOURCE["licence"]],
        }
    )


def faults(projects: pl.DataFrame, participants: pl.DataFrame) -> list[str]:
    """Return one line a known fault of the source that occurs in these projects, with its count."""
    ids = participants.group_by("organisationID").agg(pl.col("name").n_unique(), pl.col("SME").drop_nulls().n_unique())
    names = participants.unique(["organisationID", "name"]).group_by("name").len()
    vats = participants.drop_nulls("vatNumber").unique(["organisationID", "vatNumber"]).group_by("vatNumber").len()
    roles = participants.group_by("projectID", "organisationID").agg(pl.len(), pl.col("role").n_unique())
    leads = participants.filter(pl.col("role") == "coordinator").group_by("projectID").len()
    counts = {
        "project and organization repeated with another role": roles.filter(pl.col("role") > 1).height,
        "project and organization repeated with the same role": (roles["len"] - roles["role"]).sum(),
        "names with several ids": names.filter(pl.col("len") > 1).height,
        "ids with several names": ids.filter(pl.col("name") > 1).height,
        "VAT numbers of several organizations": vats.filter(pl.col("len") > 1).height,
        "organizations said to be small and not small": ids.filter(pl.col("SME") > 1).height,
        "records without SME": participants["SME"].null_count(),
        "records without NUTS code (the country is used)": participants["nutsCode"].null_count(),
        "records with a two-letter NUTS code": participants.filter(pl.col("nutsCode").str.len_chars() == 2).height,
        "records without place": participants["geolocation"].null_count(),
        "records without contribution": participants["ecContribution"].null_count(),
        "names with double spaces": participants.filter(pl.col("name").str.contains("  ")).height,
        "projects without exactly one coordinator": projects.height - leads.filter(pl.col("len") == 1).height,
        "records whose participation has ended (told as claims)": participants.filter(
            pl.col("endOfParticipation") == "true"
        ).height,
        "participants with a contribution of 0 (kept as 0)": participants.filter(
            (pl.col("role") == "participant") & (pl.col("ecContribution").cast(pl.Decimal(18, 2)) == 0)
        ).height,
        "third parties with a contribution of 0 (kept as 0)": participants.filter(
            (pl.col("role") == "thirdParty") & (pl.col("ecContribution").cast(pl.Decimal(18, 2)) == 0)
        ).height,
        "projects that are SIGNED though their end is past": projects.filter(
            (pl.col("status") == "SIGNED") & (pl.col("endDate") < SOURCE["retrieved"])
        ).height,
        "regions that only deeper codes begin with": unplaced_regions(participants),
        "projects with a total cost of 0 (kept as no budget)": projects.filter(pl.col("totalCost") == "0").height,
    }
    return [f"{count:>5}  {fault}" for fault, count in counts.items()]


def unplaced_regions(participants: pl.DataFrame) -> int:
    """Return the number of regions that no record gives as its place."""
    places = participants.select(pl.coalesce("nutsCode", "country").alias("id")).unique()
    return regions(participants).join(places, on="id", how="anti").height


def data_set(snapshot: Path) -> tuple[dict[str, pl.DataFrame], list[str]]:
    """Return the tables by name, and the faults of the source."""
    with zipfile.ZipFile(snapshot) as archive:
        everyone = snapshot_frame(archive, "organization.csv")
        projects = battery_projects(snapshot_frame(archive, "project.csv"), everyone)
        participants = everyone.join(projects, on="projectID", how="semi", maintain_order="left")
        topics = snapshot_frame(archive, "euroSciVoc.csv").join(
            projects, on="projectID", how="semi", maintain_order="left"
        )
    if projects.height != PROJECTS:
        message = f"{snapshot}: {projects.height} battery projects, expected {PROJECTS}"
        raise ValueError(message)
    found = faults(projects, participants)
    # A total cost of 0 stands for lump sums and the like; nobody states that the project costs nothing.
    costed = projects.with_columns(pl.when(pl.col("totalCost") != "0").then(pl.col("totalCost")).alias("totalCost"))
    consortia, rows = things(costed, topics)
    memberships, participations = relations(participants)
    return {
        "sources": sources(),
        "regions": regions(participants),
        "industries": industries(topics),
        "organizations": organizations(participants),
        "consortia": consortia,
        "memberships": memberships,
        "projects": rows,
        "participations": participations,
        "claims": pl.concat([ended_participations(participants), differing_sizes(participants)]),
    }, found


def main() -> int:
    """Write the folder; the exit status is 2 when the snapshot is not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=Path, default=SNAPSHOT, help="the snapshot (zip) or the folder that holds it")
    parser.add_argument("-o", "--output", type=Path, default=HERE, help="the folder to write to")
    arguments = parser.parse_args()
    snapshot: Path = arguments.facts / SNAPSHOT.name if arguments.facts.is_dir() else arguments.facts
    if not snapshot.is_file():
        print(f"{snapshot}: no such file; give the CORDIS snapshot with --facts PATH", file=sys.stderr)
        return 2
    tables, found = data_set(snapshot)
    arguments.output.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        (arguments.output / f"{name}.csv").write_bytes(frame.write_csv(line_terminator="\n").encode())
    text = json.dumps(DATASET, ensure_ascii=False, indent=2) + "\n"
    (arguments.output / "dataset.json").write_bytes(text.encode())
    print("faults of the source, kept as they stand:", *found, sep="\n", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
