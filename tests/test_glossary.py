"""The Chinese words of the glossary are those of sheets, pages, briefs, messages and tables."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from babel.messages.pofile import read_po
from rdflib import RDFS, SKOS, Graph, Literal, Namespace

from chaingraph.languages import words
from tests.prose import ROOT, name_of, pages

if TYPE_CHECKING:
    from collections.abc import Iterator

GLOSSARY = ROOT / "docs" / "glossary.toml"
PACKAGES = ("briefing", "cli", "differences", "identity", "metrics", "networks", "rosters", "webpage")
CG = Namespace("https://w3id.org/chaingraph/ontology#")
CATALOGUE = ROOT / "src/chaingraph/locale/zh/LC_MESSAGES/chaingraph.po"


@cache
def terms() -> list[dict[str, Any]]:
    groups = tomllib.loads(GLOSSARY.read_text(encoding="utf-8"))["group"]
    return [term for group in groups for term in group["term"]]


@cache
def model(name: str) -> Graph:
    return Graph().parse(ROOT / "ontology" / name)


@cache
def tables() -> dict[str, dict[str, Any]]:
    text = (ROOT / "ontology" / "tables.json").read_text(encoding="utf-8")
    return {Path(table["url"]).stem: table for table in json.loads(text)["tables"]}


def chinese(title: dict[str, list[str]] | list[dict[str, str]]) -> str:
    """Return the first Chinese one of titles, as the contract of tables writes them."""
    if isinstance(title, dict):
        return str(title["zh"][0])
    return str(next(one["@value"] for one in title if one["@language"] == "zh"))


def within(package: str, path: str) -> str:
    """Return a text in the words of a package; where it is in both languages, the Chinese."""
    value: Any = words(f"chaingraph.{package}")
    for key in path.split("."):
        value = value[key]
    return str(value["zh"] if isinstance(value, dict) else value)


def label(place: str) -> str:
    """Return what users read at a place that the glossary names."""
    kind, _, name = place.partition(":")
    if kind == "ontology":
        labels = model("chaingraph.ttl").objects(CG[name], RDFS.label)
        return next(str(one) for one in labels if isinstance(one, Literal) and one.language == "zh")
    if kind == "table":
        return chinese(tables()[name]["dc:title"])
    if kind == "heading":
        table, _, column = name.partition(".")
        columns = {each["name"]: each for each in tables()[table]["tableSchema"]["columns"]}
        return chinese(columns[column]["titles"])
    if kind == "site":
        return within("endpoint.pages", f"zh.{name}")
    if kind == "network":
        return within("networks", f"networks.{name}.label")
    packages = {"column": ("cli", "titles."), "measure": ("metrics", "measures.")}
    package, prefix = packages.get(kind, ({"page": "webpage", "brief": "briefing"}.get(kind, ""), ""))
    return within(package, prefix + name)


@pytest.mark.parametrize("term", [each for each in terms() if "places" in each], ids=lambda term: str(term["en"]))
def test_a_term_is_called_alike_in_sheet_page_brief_message_and_table(term: dict[str, Any]) -> None:
    forms = {term["zh"], *term.get("also", ())}
    labels = {place: label(place) for place in term["places"]}
    assert {place: text for place, text in labels.items() if text not in forms} == {}


def texts(value: object) -> Iterator[str]:
    """Yield every text within a value of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)


@cache
def what_users_read() -> list[tuple[str, str]]:
    """Return each Chinese text that the program or its documentation shows, with where it stands."""
    with CATALOGUE.open("rb") as file:
        found = [("messages", str(message.string)) for message in read_po(file, locale="zh") if message.id]
    for package in PACKAGES:
        found += [(package, text) for text in texts(words(f"chaingraph.{package}"))]
    found += [("template", text) for text in texts(words("chaingraph.tables.template"))]
    for path in sorted((ROOT / "src/chaingraph/endpoint/pages").glob("*.json")):
        found += [(path.name, text) for text in texts(json.loads(path.read_text(encoding="utf-8")))]
    found += [("sheets", chinese(table["dc:title"])) for table in tables().values()]
    for table in tables().values():
        titles = [column["titles"] for column in table["tableSchema"]["columns"] if "titles" in column]
        found += [("headings", chinese(each)) for each in titles]
    for name, predicates in {
        "chaingraph.ttl": (RDFS.label,),
        "codes.ttl": (SKOS.prefLabel,),
        "shapes.ttl": (Namespace("http://www.w3.org/ns/shacl#").message,),
    }.items():
        for predicate in predicates:
            values = model(name).objects(None, predicate)
            found += [(name, str(one)) for one in values if isinstance(one, Literal) and one.language == "zh"]
    for path in sorted((ROOT / "ontology" / "questions").glob("*.rq")):
        lines = re.findall(r"^# +(?:zh: )?(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        found += [(path.name, line) for line in lines]
    for page in pages():
        if page.name.endswith(".zh.md"):
            text = re.sub(r"^```.*?^```$|^\|.*$|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.S | re.M)
            found += [(name_of(page), line) for line in text.splitlines()]
    return found


@pytest.mark.parametrize("term", [each for each in terms() if "never" in each], ids=lambda term: str(term["en"]))
def test_no_second_word_stands_for_a_term(term: dict[str, Any]) -> None:
    second = re.compile("|".join(term["never"]))
    assert [(place, text) for place, text in what_users_read() if second.search(text)] == []


def test_a_second_word_would_be_found_out() -> None:
    second = re.compile("|".join(next(term for term in terms() if term["en"] == "organization")["never"]))
    assert [text for text in ("5 个组织", "组织形态", "该产业的组织", "5 个单位") if second.search(text)] == [
        "5 个组织",
        "该产业的组织",
    ]


def test_each_term_has_one_word_and_one_sentence_in_each_language() -> None:
    for language, stop in (("en", "."), ("zh", "。")):
        names = [term[language] for term in terms()]
        assert len(set(names)) == len(names)
        sentences = [term[f"{language}_means"] for term in terms()]
        assert [
            text for text in sentences if not text.endswith(stop) or f"{stop} " in text or text.count("。") > 1
        ] == []


_NO_PROSE = re.compile(
    r"^---\n.*?^---$|^```.*?^```$|<!--.*?-->|^#[^\n]*|^\|[^\n]*|`[^`\n]*`|!?\[[^\]]*\]\([^)]*\)|<[^>\n]*>|https?://\S+",
    re.DOTALL | re.MULTILINE,
)
EXPLAINING = [
    page
    for page in pages()
    if page.parent.name in ("how-to", "explanation") or page.name.partition(".")[0] in ("README", "tutorial", "index")
]


@pytest.mark.parametrize("page", EXPLAINING, ids=name_of)
def test_a_page_leads_to_the_glossary_where_a_technical_word_first_stands(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    prose = _NO_PROSE.sub("", text)
    missing = []
    for term in (each for each in terms() if each.get("linked")):
        word = re.escape(term["zh"] if page.name.endswith(".zh.md") else term["en"])
        anchor = re.sub(r"[^\w-]", "", term["en"].lower().replace(" ", "-"))
        stands = re.search(
            word if re.search("[一-鿿]", word) else rf"(?<![\w-]){word}s?(?![\w-])", prose, re.IGNORECASE
        )
        if stands and f"reference/glossary.md#{anchor})" not in text:
            missing.append(term["en"])
    assert missing == []
