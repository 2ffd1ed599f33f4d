"""The page of the code lists: each code with labels, definition and example, and the spellings that a cell may hold."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rdflib import SKOS, URIRef

from chaingraph.vocabulary import code_list
from generated.markdown_text import code, escaped, table
from generated.ontology import names, texts

if TYPE_CHECKING:
    from chaingraph.vocabulary import Code, CodeList

_FILE = "codes.ttl"
_HEAD = """# Code lists

This page is made from `ontology/codes.ttl`. A cell may hold the code, its label in either language, or one of the other
spellings. `unstated` is in every list: nothing is demanded that a source may leave open."""


def page() -> str:
    """Return the page as Markdown."""
    return "\n\n".join([_HEAD, *(_list(code_list(name)) for name in names(_FILE, "code", SKOS.ConceptScheme))]) + "\n"


@cache
def anchors() -> frozenset[str]:
    """Return the anchors of the page: the local name of every list and of every code."""
    lists = [code_list(name) for name in names(_FILE, "code", SKOS.ConceptScheme)]
    return frozenset(
        {each.name for each in lists} | {f"{each.name}-{c.notation}" for each in lists for c in each.codes}
    )


def _list(codes: CodeList) -> str:
    definition = texts(URIRef(codes.iri), SKOS.definition, _FILE)
    return "\n\n".join(
        [
            f"## {codes.name}",
            f"{code(f'code:{codes.name}')}, {escaped(codes.label_en)} · {escaped(codes.label_zh)}",
            f"{definition['en']}<br>{definition['zh']}",
            table(("Code", "English", "中文", "Also written"), [_row(codes.name, each) for each in codes.codes]),
        ]
    )


def _row(name: str, entry: Code) -> tuple[str, str, str, str]:
    definition, example = (texts(URIRef(entry.iri), each, _FILE) for each in (SKOS.definition, SKOS.example))
    english, chinese = (f"<br>*{example[each]}*" if example[each] else "" for each in ("en", "zh"))
    rank = "" if entry.rank is None else f"<br>rank {entry.rank}"
    return (
        f'<a id="{name}-{entry.notation}"></a>{code(entry.notation)}{rank}',
        f"**{escaped(entry.label_en)}**<br>{definition['en']}{english}",
        f"**{escaped(entry.label_zh)}**<br>{definition['zh']}{chinese}",
        escaped(", ".join(entry.alternatives)),
    )
