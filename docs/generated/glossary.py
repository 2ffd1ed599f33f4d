"""The page of the glossary: the words of docs/glossary.toml, each with one sentence in both languages."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[1] / "glossary.toml"
_HEAD = """# Glossary 术语表

The words that the program, its pages and this documentation use, each with one sentence. Where a word stands for the
first time in a page of the documentation, it leads here.

程序、网页和文档所用的词，每个词一句话。文档各页第一次用到时都链接到这里。
{ lang=zh-CN }
"""


def groups() -> list[dict[str, Any]]:
    """Return the groups of terms as the file has them."""
    with DATA.open("rb") as file:
        groups: list[dict[str, Any]] = tomllib.load(file)["group"]
    return groups


def anchor(english: str) -> str:
    """Return where a term stands on the page.

    >>> anchor("Moran's I")
    'morans-i'
    """
    return re.sub(r"[^\w-]", "", english.lower().replace(" ", "-"))


def page() -> str:
    """Return the page as Markdown."""
    parts = [_HEAD]
    for group in groups():
        parts.append(f"## {group['en']} {group['zh']}\n")
        parts += [_entry(term) for term in group["term"]]
    return "\n".join(parts)


def _entry(term: dict[str, Any]) -> str:
    english, chinese = term["en"], term["zh"]
    names = english if chinese == english else f"{english} · {chinese}"
    return f'<a id="{anchor(english)}"></a>**{names}**<br>\n{term["en_means"]}<br>\n{term["zh_means"]}\n'
