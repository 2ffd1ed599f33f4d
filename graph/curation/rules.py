"""The rules: what a fact with a predicate that says the same thing every time adds to the tables.

Whatever takes a reader (counts, dates, stages, exceptions) stands row by row in ``curation/*.csv`` with the numbers of
its facts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from fact_tables import FactTables
    from facts import Fact


def apply_rules(tables: FactTables) -> None:
    """Add the rows of each fact whose predicate has a rule, then those of the curated tables."""
    for fact in tables.facts.values():
        if fact.number not in tables.by_hand and fact.predicate in RULES:
            RULES[fact.predicate](tables, fact)
    tables.read_curated_tables()


def alias(tables: FactTables, fact: Fact) -> None:
    """Add another name; one that only differs in script says so."""
    tag = "@zh-Hant" if fact.note.startswith("same name in the script") else ""
    tables.thing(fact.table, fact.subject, fact.number, alias=fact.object + tag)


def leads(tables: FactTables, fact: Fact) -> None:
    """Add a membership in role lead."""
    membership(tables, fact, "lead")


def member_of(tables: FactTables, fact: Fact) -> None:
    """Add a membership; a consortium on a list belongs to the list's programme."""
    if fact.table == "consortia":
        programme = tables.thing("programmes", fact.object, fact.number)
        tables.thing("consortia", fact.subject, fact.number, programme=programme)
    else:
        membership(tables, fact, "member")


def initiates(tables: FactTables, fact: Fact) -> None:
    """Add a membership in role founder."""
    membership(tables, fact, "founder")


def chair_unit_of(tables: FactTables, fact: Fact) -> None:
    """Add a membership in role chair."""
    membership(tables, fact, "chair")


def membership(tables: FactTables, fact: Fact, role: str) -> None:
    """Add a membership of a consortium or a programme, in the curated role if there is one."""
    organization = tables.thing("organizations", fact.subject, fact.number)
    table = "programmes" if tables.name("programmes", fact.object) in tables.programmes else "consortia"
    body = tables.thing(table, fact.object, fact.number)
    column = "programme" if table == "programmes" else "consortium"
    cells = {"organization": organization, column: body, "role": tables.roles.get(fact.number, role)}
    tables.relation("memberships", [fact.number, *roster(tables, body, fact)], cells)


def roster(tables: FactTables, body: str, fact: Fact) -> list[int]:
    """Return the facts whose words, on the page of this one, say who forms a body; most others only name a unit."""
    return tables.rosters.get((body, fact.source), [])


def participates_in(tables: FactTables, fact: Fact) -> None:
    """Add a membership of a programme, or a participation in a project."""
    if tables.name("programmes", fact.object) in tables.programmes:
        membership(tables, fact, "lead" if fact.subject_type == "LeadEnterprise" else "unstated")
    else:
        participation(tables, fact, fact.object, fact.subject)


def undertakes(tables: FactTables, fact: Fact) -> None:
    """Add a participation, or a project of a consortium."""
    if fact.table == "consortia":
        consortium = tables.thing("consortia", fact.subject, fact.number)
        tables.thing("projects", fact.object, fact.number, consortium=consortium)
    else:
        participation(tables, fact, fact.object, fact.subject)


def undertaken_by(tables: FactTables, fact: Fact) -> None:
    """Add the operator of a body, the consortium of a project, or a participation."""
    if fact.table == "consortia":
        organization = tables.thing("organizations", fact.object, fact.number)
        body = tables.thing("consortia", fact.subject, fact.number)
        cells = {"organization": organization, "consortium": body, "role": "operator"}
        tables.relation("memberships", [fact.number], cells)
    elif tables.name("consortia", fact.object) in tables.consortia:
        consortium = tables.thing("consortia", fact.object, fact.number)
        tables.thing("projects", fact.subject, fact.number, consortium=consortium)
    else:
        participation(tables, fact, fact.subject, fact.object)


def completed_by(tables: FactTables, fact: Fact) -> None:
    """Add a participation."""
    participation(tables, fact, fact.subject, fact.object)


def participation(tables: FactTables, fact: Fact, project: str, organization: str) -> None:
    """Add a participation in the curated role, else in none that is stated."""
    cells = {
        "project": tables.thing("projects", project, fact.number),
        "organization": tables.thing("organizations", organization, fact.number),
        "role": tables.roles.get(fact.number, "unstated"),
    }
    tables.relation("participations", [fact.number], cells)


def under_programme(tables: FactTables, fact: Fact) -> None:
    """Add the programme of a project."""
    programme = tables.thing("programmes", fact.object, fact.number)
    tables.thing("projects", fact.subject, fact.number, programme=programme)


def hosts(tables: FactTables, fact: Fact) -> None:
    """Add the host of a platform."""
    host = tables.thing("organizations", fact.subject, fact.number)
    tables.thing("platforms", fact.object, fact.number, host=host)


def built_by(tables: FactTables, fact: Fact) -> None:
    """Add the hosts of a platform that several build."""
    for part in fact.object.split("; "):
        host = tables.thing("organizations", part, fact.number)
        tables.thing("platforms", fact.subject, fact.number, host=host)


def kind(tables: FactTables, fact: Fact) -> None:
    """Add the kind of a platform, as its source words it."""
    tables.thing("platforms", fact.subject, fact.number, kind=fact.object)


def level(tables: FactTables, fact: Fact) -> None:
    """Add the level of a platform."""
    tables.thing("platforms", fact.subject, fact.number, level=fact.object)


def located_in(tables: FactTables, fact: Fact) -> None:
    """Add the region of a thing."""
    region = tables.thing("regions", fact.object, fact.number)
    tables.thing(fact.table, fact.subject, fact.number, region=region)


def in_industry(tables: FactTables, fact: Fact) -> None:
    """Add the industry of a programme or consortium."""
    industry = tables.thing("industries", fact.object, fact.number)
    tables.thing(fact.table, fact.subject, fact.number, industry=industry)


def administers(tables: FactTables, fact: Fact) -> None:
    """Add the authority of a programme."""
    authority = tables.thing("organizations", fact.subject, fact.number)
    tables.thing("programmes", fact.object, fact.number, authority=authority)


def has_shareholder(tables: FactTables, fact: Fact) -> None:
    """Add a shareholding; the share is not stated."""
    organization = tables.thing("organizations", fact.subject, fact.number)
    shareholder = tables.thing("organizations", fact.object, fact.number)
    cells = {"shareholder": shareholder, "organization": organization}
    tables.relation("shareholdings", [fact.number, *roster(tables, organization, fact)], cells)


def subsidiary_of(tables: FactTables, fact: Fact) -> None:
    """Add the place of a subsidiary in a hierarchy."""
    cells = {
        "organization": tables.thing("organizations", fact.subject, fact.number),
        "parent": tables.thing("organizations", fact.object, fact.number),
        "kind": "subsidiary",
    }
    tables.relation("hierarchy", [fact.number], cells)


def supplies(tables: FactTables, fact: Fact) -> None:
    """Add a supply of a product to a customer."""
    customer, product = fact.object.split(" | ")
    cells = {
        "supplier": tables.thing("organizations", fact.subject, fact.number),
        "product": tables.thing("products", product, fact.number),
        "customer": tables.thing("organizations", customer, fact.number),
        "kind": "supplies",
    }
    tables.relation("supplies", [fact.number], cells)


def chain_stage(tables: FactTables, fact: Fact) -> None:
    """Add the stages that the subject holds, as ``curation/chain_stages.csv`` divides and places them."""
    holder = tables.thing(fact.table, fact.subject, fact.number)
    column = {
        "organizations": "organization",
        "consortia": "consortium",
        "platforms": "platform",
        "regions": "region",
    }
    for row in tables.stages[fact.number]:
        chain = tables.thing("chains", row["chain"], fact.number) if row["chain"] else ""
        key = f"{chain}›{row['stage']}" if chain else row["stage"]
        follows = f"{chain}›{row['follows']}" if row["follows"] else ""
        tables.thing("stages", key, fact.number, chain=chain, segment=row["segment"], follows=follows)
        tables.relation("stage_roles", [fact.number], {"stage": key, column[fact.table]: holder})


RULES: dict[str, Callable[[FactTables, Fact], None]] = {
    "administers": administers,
    "alias": alias,
    "builtBy": built_by,
    "chainStage": chain_stage,
    "chairUnitOf": chair_unit_of,
    "coBuiltBy": built_by,
    "completedBy": completed_by,
    "hasShareholder": has_shareholder,
    "hosts": hosts,
    "inIndustry": in_industry,
    "initiates": initiates,
    "kind": kind,
    "leads": leads,
    "level": level,
    "locatedIn": located_in,
    "memberOf": member_of,
    "participatesIn": participates_in,
    "subsidiaryOf": subsidiary_of,
    "supplies": supplies,
    "underProgramme": under_programme,
    "undertakenBy": undertaken_by,
    "undertakes": undertakes,
}
