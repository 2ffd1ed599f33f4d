"""Facts about China's innovation consortia as rows of the table contract.

The only place that reads ``facts.csv`` and ``curation/``, gives things their ids and words their quotes, and divides
one body of rows between the data sets. A rule handles the predicates that say the same thing every time; whatever
takes a reader (counts, dates, stages, exceptions) stands row by row in ``curation/*.csv`` with the numbers of its
facts.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import re
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pypinyin import lazy_pinyin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

HERE = Path(__file__).resolve().parent
CURATION = HERE / "curation"
CONTRACT = HERE.parent / "ontology" / "tables.json"
FACTS = HERE.parents[1] / "shared" / "data" / "consortia-facts"
ARTICLE = "000_e5fd94c8487512b0.txt"
ID_LENGTH = 60
TABLES_OF_TYPES = {
    "Programme": "programmes",
    "Consortium": "consortia",
    "Alliance": "consortia",
    "Platform": "platforms",
    "Project": "projects",
    "Region": "regions",
    "Product/Stage": "products",
}
BODIES = {
    "创新联合体": "innovation-consortium",
    "联盟": "alliance",
    "联合实验室": "joint-laboratory",
    "创新共同体": "community",
    "创新中心": "innovation-centre",
}
THINGS = ("regions", "industries", "chains", "stages", "products", "organizations", "programmes", "consortia",
          "platforms", "projects")  # fmt: skip
EVIDENCE = ("quote", "source", "record")


class FactsMissingError(Exception):
    """The folder of the facts is not there."""


class CurationError(Exception):
    """A curated row contradicts another, or a fact has no row."""


class Fact(NamedTuple):
    """One row of ``facts.csv``; ``number`` counts from 1."""

    number: int
    subject: str
    subject_type: str
    predicate: str
    object: str
    source: str
    quote: str
    note: str

    @property
    def table(self) -> str:
        """The table that the subject belongs to."""
        return TABLES_OF_TYPES.get(self.subject_type, "organizations")


class Column(NamedTuple):
    """What the contract says of a column: the table it refers to, and the sign between several values."""

    refers_to: str
    separator: str


@dataclass
class Row:
    """A row in the making: references are names, lists are tuples, evidence is the numbers of facts."""

    table: str
    cells: dict[str, str] = field(default_factory=dict)
    facts: set[int] = field(default_factory=set)
    quoted: set[int] = field(default_factory=set)
    mentions: set[int] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)

    @property
    def evidence(self) -> list[int]:
        """The facts that state the cells, and the one that names the thing, best in its quote."""
        if self.facts & self.quoted:
            return sorted(self.facts)
        named = sorted(self.quoted) or sorted(self.mentions)
        return sorted(self.facts | set(named[:1])) or sorted(self.touched)[:1]

    @property
    def first(self) -> int:
        """The fact in which the thing appears first."""
        return min(self.facts | self.quoted | self.mentions | self.touched)


def read_csv(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_facts(folder: Path) -> list[Fact]:
    """Return the facts in the order of the file."""
    rows = read_csv(folder / "facts.csv")
    return [
        Fact(n, r["subject"], r["subject_type"], r["predicate"], r["object"], r["source"], r["quote"], r["note"])
        for n, r in enumerate(rows, 1)
    ]


def quote_ids(facts: Iterable[Fact]) -> dict[int, str]:
    """Return the quote id of each fact: its source and the ordinal of its exact words within that source."""
    seen: dict[str, dict[str, int]] = defaultdict(dict)
    ids = {}
    for fact in facts:
        words = seen[fact.source]
        ids[fact.number] = f"{fact.source}-{words.setdefault(fact.quote, len(words) + 1)}"
    return ids


def pinyin_id(name: str) -> str:
    """Return a readable ASCII id; it need only be stable, not right in tone or word division.

    >>> pinyin_id("江苏省 5G 演进")
    'jiang-su-sheng-5g-yan-jin'
    """
    syllables = [re.sub(r"[^a-z0-9]+", "", s.lower()) for s in lazy_pinyin(name)]
    text = ""
    for syllable in filter(None, syllables):
        longer = f"{text}-{syllable}" if text else syllable
        if len(longer) > ID_LENGTH and text:
            break
        text = longer
    return text


@cache
def sound(words: str) -> str:
    """Return the syllables of words: the same for the simplified and the traditional script.

    >>> sound("苏大维格") in sound("蘇大維格牽頭")
    True
    """
    return "'" + "'".join(s for s in lazy_pinyin(words) if s.strip()) + "'"


def contract() -> dict[str, dict[str, Column]]:
    """Return the columns of each table, in the order of the contract."""
    tables = {}
    for table in json.loads(CONTRACT.read_text(encoding="utf-8"))["tables"]:
        schema = table["tableSchema"]
        keys = {
            k["columnReference"]: k["reference"]["resource"].removesuffix(".csv") for k in schema.get("foreignKeys", [])
        }
        tables[table["url"].removesuffix(".csv")] = {
            c["name"]: Column(keys.get(c["name"], ""), c.get("separator", ""))
            for c in schema["columns"]
            if not c.get("virtual")
        }
    return tables


def organization_kind(name: str) -> str:
    """Return the kind that the words of a name state, or nothing.

    The end of the name decides, so that 江苏省产业技术研究院 is an institute, 中色创新研究院(天津)有限公司 an
    enterprise, and a team or a laboratory of a university neither.

    >>> organization_kind("中国电子科技集团公司第五十八研究所"), organization_kind("江西服装学院")
    ('institute', 'university')
    """
    kinds = (
        ("government", r"(厅|委员会|局|人民政府)$"),
        ("other", r"(协会|学会)$"),
        ("enterprise", r"(公司|集团|股份)$"),
        ("institute", r"(研究院|研究所|研究总院|科学院|(中科院|中电科|研究院).*(所|分院))$"),
        ("university", r"(大学|学院|校区)$"),
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
        self.relation("memberships", [fact.number], cells)

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
        self.relation("shareholdings", [fact.number], {"shareholder": shareholder, "organization": organization})

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

    # -- writing ------------------------------------------------------------------------------------------------------

    def ids(self) -> dict[tuple[str, str], str]:
        """Return the id of every thing; a second thing of one spelling gets ``-2``, in order of first appearance."""
        order = sorted(self.things, key=lambda key: (key[0], self.things[key].first))
        taken: dict[tuple[str, str], int] = defaultdict(int)
        ids = {}
        for table, name in order:
            stem = pinyin_id(name)
            taken[(table, stem)] += 1
            count = taken[(table, stem)]
            ids[(table, name)] = stem if count == 1 else f"{stem}-{count}"
        return ids

    def finished(self) -> dict[str, list[tuple[set[int], dict[str, str]]]]:
        """Return the rows of every table with ids for names and quotes for facts, each with all facts that touch it."""
        ids, quotes = self.ids(), quote_ids(self.facts.values())
        tables: dict[str, list[tuple[set[int], dict[str, str]]]] = defaultdict(list)
        order = sorted(self.things.items(), key=lambda item: item[1].first)
        for key, row in order:
            cells = {"id": ids[key]} | self.with_ids(row, ids) | {"quote": quote_cell(row.evidence, quotes)}
            tables[row.table].append((row.facts | row.quoted | row.mentions | row.touched, cells))
        taken: set[str] = set()
        for row in sorted(self.relations.values(), key=lambda row: min(row.facts)):
            cells = self.with_ids(row, ids) | {"quote": quote_cell(row.evidence, quotes)}
            if row.table == "reported":
                stem = pinyin_id(row.cells["name"])
                cells = {"id": next(i for i in numbered(stem) if i not in taken)} | cells
                taken.add(cells["id"])
            tables[row.table].append((row.facts, cells))
        return tables

    def with_ids(self, row: Row, ids: Mapping[tuple[str, str], str]) -> dict[str, str]:
        """Return the cells of a row with ids for names."""
        cells = dict(row.cells)
        for column, value in row.cells.items():
            to, separator = self.columns[row.table][column]
            if row.table in ("claims", "identities") and column in ("subject", "left", "right"):
                to, separator = row.cells["table"], ""
            if row.table == "claims" and column == "value":
                to = self.columns[row.cells["table"]].get(row.cells["property"], Column("", "")).refers_to
            if to:
                names = value.split(separator) if separator else [value]
                found = [ids[(to, self.name(to, name))] for name in names]
                cells[column] = separator.join(found) if separator else found[0]
        return cells


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


def numbered(stem: str) -> Iterable[str]:
    """Yield the stem, then the stem with -2, -3 ..."""
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1


def quote_cell(numbers: Iterable[int], quotes: Mapping[int, str]) -> str:
    """Return the quotes of facts for one cell."""
    return ";".join(dict.fromkeys(quotes[n] for n in numbers))


def publication_date(text: str) -> str:
    """Return the year, month or day that ``sources.csv`` gives for the page itself, not for the event it tells of.

    >>> publication_date("2010 event; page 2020-11"), publication_date("undated (2025 in text)")
    ('2020-11', '')
    """
    if text.startswith("undated"):
        return ""
    for part in text.split(";"):
        date = re.match(r"\s*(?:page )?(\d{4}(?:-\d\d){0,2})", part)
        if date and "event" not in part:
            return date[1]
    return ""


def source_rows(folder: Path, used: set[str]) -> list[dict[str, str]]:
    """Return the rows of the sources table."""
    languages = {"s01": "en", "u05": "en", "s18": "ja"}
    rows = []
    for row in read_csv(folder / "sources.csv"):
        if row["id"] not in used:
            continue
        cells = {"id": row["id"], "title": row["title"], "url": row["url"], "published": publication_date(row["date"])}
        cells["language"] = languages.get(row["id"], "zh")
        if row["id"] == "s01":
            cells |= {"text": ARTICLE, "sha256": hashlib.sha256((folder / ARTICLE).read_bytes()).hexdigest()}
        rows.append(cells)
    return rows


def chosen(body: Body, numbers: set[int]) -> dict[str, list[dict[str, str]]]:
    """Return the rows that one of these facts touches, and every thing that they refer to."""
    tables = body.finished()
    index = {(t, cells["id"]): cells for t, rows in tables.items() for _, cells in rows if "id" in cells}
    wanted = {id(cells) for rows in tables.values() for facts, cells in rows if facts & numbers}
    queue = [(t, cells) for t, rows in tables.items() for _, cells in rows if id(cells) in wanted]
    while queue:
        table, cells = queue.pop()
        for target in references(body, table, cells):
            row = index[target]
            if id(row) not in wanted:
                wanted.add(id(row))
                queue.append((target[0], row))
    return {t: [c for _, c in rows if id(c) in wanted] for t, rows in tables.items()}


def references(body: Body, table: str, cells: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the things that a row refers to, as table and id."""
    found = []
    for column, value in cells.items():
        to, separator = body.columns[table][column]
        if table in ("claims", "identities") and column in ("subject", "left", "right"):
            to = cells["table"]
        if table == "claims" and column == "value":
            to, separator = body.columns[cells["table"]].get(cells["property"], Column("", ""))
            separator = ""
        if to in THINGS:
            found += [(to, v) for v in (value.split(separator) if separator else [value])]
    return found


def csv_text(columns: Iterable[str], rows: list[dict[str, str]]) -> str:
    """Return a table as CSV, with the columns that have content."""
    kept = [c for c in columns if any(row.get(c) for row in rows)]
    text = io.StringIO()
    writer = csv.DictWriter(text, kept, lineterminator="\n", extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def assignment() -> dict[str, str]:
    """Return the data set that each source's facts go to."""
    return {r["source"]: r["dataset"] for r in read_csv(CURATION / "assignment.csv")}


def data_set(folder: Path, name: str) -> dict[str, str]:
    """Return the files of a data set: name and text."""
    if not (folder / "facts.csv").is_file():
        message = f"{folder}: no facts.csv there; give the folder consortia-facts with --facts PATH"
        raise FactsMissingError(message)
    facts = read_facts(folder)
    body = Body(facts)
    used = set().union(*(r.facts for r in (*body.things.values(), *body.relations.values())))
    if unused := [f.number for f in facts if f.number not in used]:
        message = f"facts without a row: {unused}"
        raise CurationError(message)
    sets = assignment()
    tables = chosen(body, {f.number for f in facts if sets[f.source] == name})
    quotes = quote_ids(facts)
    quoted = {q for rows in tables.values() for row in rows for q in row["quote"].split(";")}
    words = {quotes[f.number]: f for f in reversed(facts)}
    tables["quotes"] = [
        {"id": q, "source": f.source, "exact": f.quote}
        for q, f in sorted(words.items(), key=lambda item: item[1].number)
        if q in quoted
    ]
    tables["sources"] = source_rows(folder, {row["source"] for row in tables["quotes"]})
    return {f"{t}.csv": csv_text(body.columns[t], tables[t]) for t in body.columns if tables.get(t)}


def make(name: str) -> int:
    """Write the folder of a data set; the exit status is 2 when the facts are not there."""
    parser = argparse.ArgumentParser(description=f"Write the data set {name}.")
    parser.add_argument("--facts", type=Path, default=FACTS, help="the folder that holds facts.csv")
    parser.add_argument("-o", "--output", type=Path, default=HERE / name, help="the folder to write to")
    arguments = parser.parse_args()
    try:
        files = data_set(arguments.facts, name)
    except FactsMissingError as error:
        print(error, file=sys.stderr)
        return 2
    about = next(a for a in json.loads((CURATION / "datasets.json").read_text(encoding="utf-8")) if a["name"] == name)
    listed = csv.DictReader(io.StringIO(files["sources.csv"]))
    sources = [{"title": r["title"], "url": r["url"], "licence": "quotation"} for r in listed]
    files["dataset.json"] = json.dumps({**about, "sources": sources}, ensure_ascii=False, indent=2) + "\n"
    arguments.output.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        (arguments.output / file).write_bytes(text.encode())
    return 0
