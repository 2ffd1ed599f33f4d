"""Facts as rows of the table contract, whichever data set they go to: what a person decided, and what names state."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from facts import CURATION, Fact, Row, contract, read_csv, sound

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

BODIES = {
    "创新联合体": "innovation-consortium",
    "联盟": "alliance",
    "联合实验室": "joint-laboratory",
    "创新共同体": "community",
    "创新中心": "innovation-centre",
}
THINGS = ("regions", "industries", "chains", "stages", "products", "organizations", "programmes", "consortia",
          "platforms", "projects", "clusters", "events")  # fmt: skip


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


class FactTables:
    """All rows that the facts give: things by table and name, relations by their cells.

    In order: :meth:`load`, ``rules.apply_rules``, :meth:`complete`.
    """

    def __init__(self, facts: list[Fact], curation: Path = CURATION) -> None:
        """Take the facts; there are no rows yet."""
        self.columns = contract()
        self.facts = {fact.number: fact for fact in facts}
        self.curation = curation
        self.things: dict[tuple[str, str], Row] = {}
        self.relations: dict[tuple[str, tuple[str, ...]], Row] = {}

    def load(self) -> None:
        """Read what a person decided: plain names, roles, rosters, stages, and which facts no rule handles."""
        self.names = {(r["table"], r["printed"]): r for r in read_csv(self.curation / "names.csv")}
        self.roles = {int(r["fact"]): r["role"] for r in read_csv(self.curation / "roles.csv")}
        self.by_hand = {int(r["fact"]) for r in read_csv(self.curation / "by_hand.csv")}
        self.rosters: dict[tuple[str, str], list[int]] = {}
        for row in read_csv(self.curation / "rosters.csv"):
            for number in map(int, row["facts"].split(";")):
                self.rosters.setdefault((row["body"], self.facts[number].source), []).append(number)
        self.stages: dict[int, list[dict[str, str]]] = defaultdict(list)
        for row in read_csv(self.curation / "chain_stages.csv"):
            self.stages[int(row["fact"])].append(row)
        self.programmes = {r["name"] for r in read_csv(self.curation / "programmes.csv")}
        # 国家先进功能纤维创新中心, 国家集成电路创新中心 and 国家智能传感器创新中心 occur as bodies with members and
        # as platforms; 上海交通大学无锡光子芯片研究院, 江苏中关村科技产业园 and 南京江北新区 are of two kinds as well.
        # Each is a row in both tables; nothing but the equal name says that they are the same.
        self.consortia = {self.name("consortia", f.subject) for f in self.facts.values() if f.table == "consortia"}

    def complete(self) -> None:
        """Give organizations, consortia and platforms the kind, body and level that their names state."""
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
        entry = self.names.get((table, printed))
        name = entry["name"] if entry else printed
        row = self.things.setdefault(
            (table, name), Row(table, {"name": name.rpartition("›")[2] if table == "stages" else name})
        )
        self.mention(row, printed, self.facts[fact])
        if entry and entry["alias"]:
            self.put(row, "alias", entry["alias"], fact)
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

    # -- curated rows -------------------------------------------------------------------------------------------------

    def read_curated_tables(self) -> None:
        """Read ``curation/TABLE.csv``: the columns of the contract, names for references, ``facts`` for evidence."""
        labels = []
        for table in self.columns:
            path = self.curation / f"{table}.csv"
            for cells in read_csv(path) if path.exists() else []:
                numbers = [int(n) for n in cells.pop("facts").split(";") if n]
                if table == "claims":
                    cells.pop("reason")  # why it stays a claim is for readers of the curation
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
