"""Facts as rows of the table contract, whichever data set they go to.

A rule handles the predicates that say the same thing every time; whatever takes a reader (counts, dates, stages,
exceptions) stands row by row in ``curation/*.csv`` with the numbers of its facts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from facts import CURATION, Fact, Row, contract, read_csv, sound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

BODIES = {
    "创新联合体": "innovation-consortium",
    "联盟": "alliance",
    "联合实验室": "joint-laboratory",
    "创新共同体": "community",
    "创新中心": "innovation-centre",
}
THINGS = ("regions", "industries", "chains", "stages", "products", "organizations", "programmes", "consortia",
          "platforms", "projects")  # fmt: skip


class CurationError(Exception):
    """A curated row contradicts another, or a fact has no row."""


def organization_kind(name: str) -> str:
    """Return the kind that the words of a name state, or nothing.

    The end of the name decides, so that 江苏省产业技术研究院 is an institute, 中色创新研究院(天津)有限公司 an
    enterprise, and a school, a team or a laboratory of a university neither.

    >>> organization_kind("中国电子科技集团公司第五十八研究所"), organization_kind("江西服装学院")
    ('institute', 'university')
    >>> organization_kind("北京大学物理学院")
    ''
    """
    kinds = (
        ("government", r"(厅|委员会|局|人民政府)$"),
        ("other", r"(协会|学会)$"),
        ("enterprise", r"(公司|集团|股份)$"),
        ("institute", r"(研究院|研究所|研究总院|科学院|(中科院|中电科|研究院).*(所|分院))$"),
        ("university", r"(大学|校区)$|^((?!大学).)*学院$"),
    )
    return next((kind for kind, pattern in kinds if re.search(pattern, name)), "")


def platform_level(name: str, kind: str) -> str:
    """Return the level that the words of a platform's kind or name state, or nothing.

    National: 国家级, 国家重点实验室, 全国重点实验室, 国家…中心. Provincial: 省级, or 江苏省 at the beginning.
    Municipal: a city (…市) at the beginning. The kind goes before the name. A platform that is only planned, or on a
    cultivation list, or named after an institute is corrected in ``curation/platforms.csv``.
    """
    for words in (kind, name):
        if re.search(
            r"国家级|(国家|全国)重点实验室|^国家.*中心|国家(企业技术|制造业创新|技术创新|工程研究)中心|国家“", words
        ):
            return "national"
        if re.search(r"省级|^江苏省", words):
            return "provincial"
        if re.match(r"^\w{2,3}市", words):
            return "municipal"
    return ""


class Body:
    """All rows that the facts give, whichever data set they go to."""

    def __init__(self, facts: list[Fact], curation: Path = CURATION) -> None:
        """Run every rule and read every curated row."""
        self.columns = contract()
        self.facts = {fact.number: fact for fact in facts}
        self.curation = curation
        self.names = {(r["table"], r["printed"]): r for r in read_csv(curation / "names.csv")}
        self.roles = {int(r["fact"]): r["role"] for r in read_csv(curation / "roles.csv")}
        self.by_hand = {int(r["fact"]) for r in read_csv(curation / "by_hand.csv")}
        self.rosters: dict[tuple[str, str], list[int]] = {}
        for row in read_csv(curation / "rosters.csv"):
            for number in map(int, row["facts"].split(";")):
                self.rosters.setdefault((row["body"], self.facts[number].source), []).append(number)
        self.stages: dict[int, list[dict[str, str]]] = defaultdict(list)
        for row in read_csv(curation / "chain_stages.csv"):
            self.stages[int(row["fact"])].append(row)
        self.things: dict[tuple[str, str], Row] = {}
        self.relations: dict[tuple[str, tuple[str, ...]], Row] = {}
        self.programmes = {r["name"] for r in read_csv(curation / "programmes.csv")}
        # 国家先进功能纤维创新中心, 国家集成电路创新中心 and 国家智能传感器创新中心 occur as bodies with members and
        # as platforms; 上海交通大学无锡光子芯片研究院, 江苏中关村科技产业园 and 南京江北新区 are of two kinds as well.
        # Each is a row in both tables; nothing but the equal name says that they are the same.
        self.consortia = {self.name("consortia", f.subject) for f in facts if f.table == "consortia"}
        for fact in facts:
            if fact.number not in self.by_hand and fact.predicate in RULES:
                RULES[fact.predicate](self, fact)
        self.read_curated_tables()
        self.complete_organizations()
        self.complete_consortia()
        self.complete_platforms()

    # -- rows ---------------------------------------------------------------------------------------------------------

    def name(self, table: str, printed: str) -> str:
        """Return the plain name of a printed one."""
        row = self.names.get((table, printed))
        return row["name"] if row else printed

    def thing(self, table: str, printed: str, fact: int, **cells: str) -> str:
        """Add a thing or cells of it; return its plain name."""
        known = self.names.get((table, printed))
        name = known["name"] if known else printed
        row = self.things.setdefault(
            (table, name), Row(table, {"name": name.rpartition("›")[2] if table == "stages" else name})
        )
        self.mention(row, printed, self.facts[fact])
        if known and known["alias"]:
            self.put(row, "alias", known["alias"], fact)
        for column, value in cells.items():
            if value:
                self.put(row, column, value, fact)
        return name

    @staticmethod
    def mention(row: Row, printed: str, fact: Fact) -> None:
        """Note a fact as one that names a thing in its quote, in the collector's words, or not at all."""
        names, words = {printed, row.cells["name"]}, "".join(fact[1:])
        if any(sound(name) in sound(fact.quote) for name in names):
            row.quoted.add(fact.number)
        elif any(name in words for name in names):
            row.mentions.add(fact.number)
        else:
            row.touched.add(fact.number)

    def put(self, row: Row, column: str, value: str, *facts: int) -> None:
        """Put a value into a cell; a list grows, a single value may not change."""
        separator = self.columns[row.table][column].separator
        old = row.cells.get(column, "")
        if separator:
            values = dict.fromkeys([*filter(None, old.split(separator)), *filter(None, value.split(separator))])
            row.cells[column] = separator.join(values)
        elif old not in ("", value):
            message = f"{row.table}: {row.cells['name']}: {column} is {old} and {value} (facts {facts})"
            raise CurationError(message)
        else:
            row.cells[column] = value
        row.facts.update(facts)

    def relation(self, table: str, facts: Iterable[int], cells: Mapping[str, str]) -> None:
        """Add a row of a relation; the same row stated twice gets both quotes."""
        key = (table, tuple(f"{c}={v}" for c, v in cells.items() if v))
        row = self.relations.setdefault(key, Row(table, {c: v for c, v in cells.items() if v}))
        row.facts.update(facts)

    def claim(self, fact: Fact, prop: str, value: str) -> None:
        """Add a claim about the subject of a fact."""
        subject = self.thing(fact.table, fact.subject, fact.number)
        cells = {"table": fact.table, "subject": subject, "property": prop, "value": value, "status": "stated"}
        self.relation("claims", [fact.number], cells)

    # -- curated rows -------------------------------------------------------------------------------------------------

    def read_curated_tables(self) -> None:
        """Read ``curation/TABLE.csv``: the columns of the contract, names for references, ``facts`` for evidence."""
        labels = []
        for table in self.columns:
            path = self.curation / f"{table}.csv"
            for cells in read_csv(path) if path.exists() else []:
                numbers = [int(n) for n in cells.pop("facts").split(";") if n]
                row = {c: v for c, v in cells.items() if v}
                if numbers:
                    self.read_curated_row(table, row, numbers)
                else:
                    labels.append(((table, row.pop("name")), row))
        for key, row in labels:  # an English label is ours; it needs the thing that facts name, and no quote
            for column, value in row.items():
                self.put(self.things[key], column, value)

    def read_curated_row(self, table: str, cells: dict[str, str], numbers: list[int]) -> None:
        """Add one curated row, with the things that it refers to."""
        for column, value in cells.items():
            to, separator = self.columns[table][column]
            for name in (value.split(separator) if separator else [value]) if to else []:
                for number in numbers:
                    self.thing(to, name, number)
        if table in THINGS:
            name = cells.pop("name")
            for number in numbers:
                self.thing(table, name, number, **cells)
            return
        if table == "claims":
            for number in numbers:
                self.thing(cells["table"], cells["subject"], number)
        self.relation(table, numbers, cells)

    def complete_organizations(self) -> None:
        """Give each organization its kind: by its name, else by the type that a fact gives it, else unstated."""
        typed: dict[str, tuple[str, int]] = {}
        types = {
            "Enterprise": "enterprise",
            "University": "university",
            "Institute": "institute",
            "Agency": "government",
        }
        for fact in self.facts.values():
            lead = fact.subject_type == "LeadEnterprise" and fact.predicate in ("leads", "leadsOneOf", "participatesIn")
            kind = "enterprise" if lead else types.get(fact.subject_type, "")
            if kind:
                typed.setdefault(self.name("organizations", fact.subject), (kind, fact.number))
        for (table, name), row in self.things.items():
            if table != "organizations" or "kind" in row.cells:
                continue
            kind, number = organization_kind(name), 0
            if not kind:
                kind, number = typed.get(name, ("unstated", 0))
            self.put(row, "kind", kind, *([number] if number else []))

    def complete_consortia(self) -> None:
        """Give each consortium the kind of body that its name states."""
        for (table, name), row in self.things.items():
            if table == "consortia":
                body = next((code for words, code in BODIES.items() if words in name), "unstated")
                self.put(row, "body", body)

    def complete_platforms(self) -> None:
        """Give each platform the level that its words state."""
        for (table, name), row in self.things.items():
            if table == "platforms" and "level" not in row.cells:
                level = platform_level(name, row.cells.get("kind", ""))
                if level:
                    self.put(row, "level", level)

    # -- rules --------------------------------------------------------------------------------------------------------

    def alias(self, fact: Fact) -> None:
        """Another name; one that only differs in script says so."""
        tag = "@zh-Hant" if fact.note.startswith("same name in the script") else ""
        self.thing(fact.table, fact.subject, fact.number, alias=fact.object + tag)

    def leads(self, fact: Fact) -> None:
        """A membership in role lead."""
        self.membership(fact, "lead")

    def member_of(self, fact: Fact) -> None:
        """A membership; a consortium on a list belongs to the list's programme."""
        if fact.table == "consortia":
            programme = self.thing("programmes", fact.object, fact.number)
            self.thing("consortia", fact.subject, fact.number, programme=programme)
        else:
            self.membership(fact, "member")

    def initiates(self, fact: Fact) -> None:
        """A membership in role founder."""
        self.membership(fact, "founder")

    def chair_unit_of(self, fact: Fact) -> None:
        """A membership in role chair."""
        self.membership(fact, "chair")

    def membership(self, fact: Fact, role: str) -> None:
        """A membership of a consortium or a programme, in the curated role if there is one."""
        organization = self.thing("organizations", fact.subject, fact.number)
        table = "programmes" if self.name("programmes", fact.object) in self.programmes else "consortia"
        body = self.thing(table, fact.object, fact.number)
        column = "programme" if table == "programmes" else "consortium"
        cells = {"organization": organization, column: body, "role": self.roles.get(fact.number, role)}
        self.relation("memberships", [fact.number, *self.roster(body, fact)], cells)

    def roster(self, body: str, fact: Fact) -> list[int]:
        """Return the facts whose words, on the page of this one, say who forms a body; most others only name a unit."""
        return self.rosters.get((body, fact.source), [])

    def participates_in(self, fact: Fact) -> None:
        """A membership of a programme, or a participation in a project."""
        if self.name("programmes", fact.object) in self.programmes:
            self.membership(fact, "lead" if fact.subject_type == "LeadEnterprise" else "unstated")
        else:
            self.participation(fact, fact.object, fact.subject)

    def undertakes(self, fact: Fact) -> None:
        """A participation, or a project of a consortium."""
        if fact.table == "consortia":
            consortium = self.thing("consortia", fact.subject, fact.number)
            self.thing("projects", fact.object, fact.number, consortium=consortium)
        else:
            self.participation(fact, fact.object, fact.subject)

    def undertaken_by(self, fact: Fact) -> None:
        """The operator of a body, the consortium of a project, or a participation."""
        if fact.table == "consortia":
            organization = self.thing("organizations", fact.object, fact.number)
            body = self.thing("consortia", fact.subject, fact.number)
            cells = {"organization": organization, "consortium": body, "role": "operator"}
            self.relation("memberships", [fact.number], cells)
        elif self.name("consortia", fact.object) in self.consortia:
            consortium = self.thing("consortia", fact.object, fact.number)
            self.thing("projects", fact.subject, fact.number, consortium=consortium)
        else:
            self.participation(fact, fact.subject, fact.object)

    def completed_by(self, fact: Fact) -> None:
        """A participation."""
        self.participation(fact, fact.subject, fact.object)

    def participation(self, fact: Fact, project: str, organization: str) -> None:
        """A participation in the curated role, else in none that is stated."""
        cells = {
            "project": self.thing("projects", project, fact.number),
            "organization": self.thing("organizations", organization, fact.number),
            "role": self.roles.get(fact.number, "unstated"),
        }
        self.relation("participations", [fact.number], cells)

    def under_programme(self, fact: Fact) -> None:
        """The programme of a project."""
        programme = self.thing("programmes", fact.object, fact.number)
        self.thing("projects", fact.subject, fact.number, programme=programme)

    def hosts(self, fact: Fact) -> None:
        """The host of a platform."""
        host = self.thing("organizations", fact.subject, fact.number)
        self.thing("platforms", fact.object, fact.number, host=host)

    def built_by(self, fact: Fact) -> None:
        """The hosts of a platform that several build."""
        for part in fact.object.split("; "):
            host = self.thing("organizations", part, fact.number)
            self.thing("platforms", fact.subject, fact.number, host=host)

    def kind(self, fact: Fact) -> None:
        """The kind of a platform, as its source words it."""
        self.thing("platforms", fact.subject, fact.number, kind=fact.object)

    def level(self, fact: Fact) -> None:
        """The level of a platform."""
        self.thing("platforms", fact.subject, fact.number, level=fact.object)

    def located_in(self, fact: Fact) -> None:
        """The region of a thing."""
        region = self.thing("regions", fact.object, fact.number)
        self.thing(fact.table, fact.subject, fact.number, region=region)

    def in_industry(self, fact: Fact) -> None:
        """The industry of a programme or consortium."""
        industry = self.thing("industries", fact.object, fact.number)
        self.thing(fact.table, fact.subject, fact.number, industry=industry)

    def administers(self, fact: Fact) -> None:
        """The authority of a programme."""
        authority = self.thing("organizations", fact.subject, fact.number)
        self.thing("programmes", fact.object, fact.number, authority=authority)

    def has_shareholder(self, fact: Fact) -> None:
        """A shareholding; the share is not stated."""
        organization = self.thing("organizations", fact.subject, fact.number)
        shareholder = self.thing("organizations", fact.object, fact.number)
        cells = {"shareholder": shareholder, "organization": organization}
        self.relation("shareholdings", [fact.number, *self.roster(organization, fact)], cells)

    def supplies(self, fact: Fact) -> None:
        """A supply of a product to a customer."""
        customer, product = fact.object.split(" | ")
        cells = {
            "supplier": self.thing("organizations", fact.subject, fact.number),
            "product": self.thing("products", product, fact.number),
            "customer": self.thing("organizations", customer, fact.number),
        }
        self.relation("supplies", [fact.number], cells)

    def chain_stage(self, fact: Fact) -> None:
        """The stages that the subject holds, as ``curation/chain_stages.csv`` divides and places them."""
        holder = self.thing(fact.table, fact.subject, fact.number)
        column = {
            "organizations": "organization",
            "consortia": "consortium",
            "platforms": "platform",
            "regions": "region",
        }
        for row in self.stages[fact.number]:
            chain = self.thing("chains", row["chain"], fact.number) if row["chain"] else ""
            key = f"{chain}›{row['stage']}" if chain else row["stage"]
            follows = f"{chain}›{row['follows']}" if row["follows"] else ""
            self.thing("stages", key, fact.number, chain=chain, segment=row["segment"], follows=follows)
            self.relation("stage_roles", [fact.number], {"stage": key, column[fact.table]: holder})

    def free_text(self, fact: Fact) -> None:
        """A claim whose property is the predicate, in snake_case."""
        self.claim(fact, re.sub(r"([A-Z])", r"_\1", fact.predicate).lower(), fact.object)


RULES: dict[str, Callable[[Body, Fact], None]] = {
    "administers": Body.administers,
    "alias": Body.alias,
    "award": Body.free_text,
    "builtBy": Body.built_by,
    "chainStage": Body.chain_stage,
    "chairUnitOf": Body.chair_unit_of,
    "coBuiltBy": Body.built_by,
    "completedBy": Body.completed_by,
    "definition": Body.free_text,
    "hasShareholder": Body.has_shareholder,
    "hosts": Body.hosts,
    "inIndustry": Body.in_industry,
    "initiates": Body.initiates,
    "kind": Body.kind,
    "leadType": Body.free_text,
    "leads": Body.leads,
    "level": Body.level,
    "locatedIn": Body.located_in,
    "memberOf": Body.member_of,
    "memberType": Body.free_text,
    "participatesIn": Body.participates_in,
    "partOf": Body.free_text,
    "product": Body.free_text,
    "subsidiaryOf": Body.free_text,
    "supplies": Body.supplies,
    "underProgramme": Body.under_programme,
    "undertakenBy": Body.undertaken_by,
    "undertakes": Body.undertakes,
}
