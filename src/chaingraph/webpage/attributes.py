"""Node and edge attributes -> plain JSON records: the only place that decides what of an attribute reaches the page."""

from __future__ import annotations

import json
import math
import numbers
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any, TypeAlias

import networkx as nx

from chaingraph import languages, provenance
from chaingraph.languages import LANGUAGES

Plain: TypeAlias = str | int | float | bool | None
Record: TypeAlias = dict[str, Any]

QUOTE_PARTS = ("exact", "prefix", "suffix", "title", "url", "published", "record")
ORDER = ("kind", "region", "industry", "dataset")
HAN = re.compile("([\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]+)")
SHOWN_ELSEWHERE = {"label", "type", "leading", "quotes", "relation"}


def words() -> Mapping[str, Any]:
    """Every word and hue that the page knows, by language."""
    return languages.words("chaingraph.webpage")


def text(value: object) -> str:
    """The value as text that UTF-8 can hold: a lone surrogate becomes a question mark."""
    return str(value).encode("utf-8", "replace").decode("utf-8")


def plain(value: object) -> Plain:
    """The scalar as JSON can hold it; a number that is not finite is None."""
    if isinstance(value, str | date):
        return text(value)
    if isinstance(value, bool) or value is None:
        return value
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value) if math.isfinite(value) else None
    return text(value)


def is_scalar(value: object) -> bool:
    """Whether the detail panel can show the value."""
    return isinstance(value, str | numbers.Real | date) or getattr(value, "shape", None) == ()


def attribute_texts(attributes: Mapping[str, Any], name: str) -> dict[str, str]:
    """The attribute in Chinese and in English, as `languages.text_in` chooses it; empty where it has no value."""
    value = attributes.get(name)
    fixed = words()["values"].get(name, {}).get(value if isinstance(value, str) else None, {})
    values = {"": value, **fixed, **{one: attributes.get(f"{name}_{one}") or fixed.get(one) for one in LANGUAGES}}
    return languages.in_both({tag: text(value) for tag, value in values.items() if value not in (None, "")})


def facts(attributes: Mapping[str, Any]) -> list[list[Plain]]:
    """Rows of the detail panel: name, value (or Chinese, English), the known ones first, the others by name."""
    names = {name for name in attributes if isinstance(name, str)} - SHOWN_ELSEWHERE
    paired = {name.removesuffix(end) for name in names for end in ("_zh", "_en") if name.endswith(end)}
    paired -= SHOWN_ELSEWHERE
    names = {name for name in names if not name.endswith(("_zh", "_en"))} | paired
    rows: list[list[Plain]] = []
    for name in sorted(names, key=lambda one: (ORDER.index(one) if one in ORDER else len(ORDER), one)):
        value = attributes.get(name)
        if name in paired or name in words()["values"]:
            chinese, english = attribute_texts(attributes, name).values()
            if chinese or english:
                rows.append([text(name), chinese, english])
        elif is_scalar(value) and value != "":
            rows.append([text(name), plain(value)])
    return rows


def quotes(network: nx.Graph[Any], attributes: Mapping[str, Any]) -> list[dict[str, str]]:
    """The quotes that hold any words; empty parts are left out."""
    found = [
        {part: text(quote[part]) for part in QUOTE_PARTS if quote.get(part) not in (None, "")}
        for quote in provenance.quotes(network, attributes)
    ]
    return [quote for quote in found if "exact" in quote]


def names(identifier: object, attributes: Mapping[str, Any]) -> list[str]:
    """The node's label in Chinese and in English; its identifier where it has none."""
    chinese, english = attribute_texts(attributes, "label").values()
    other = text(identifier)
    return [chinese or english or other, english or chinese or other]


def pinyin(name: str) -> str:
    """The name in Hanyu Pinyin without tones, and its initials, as one types them; empty without a Chinese character.

    A character of several readings takes the one of its phrase; letters and digits stay, ü is v, all else is left out.

    Example:
        >>> pinyin("重庆长安3厂")
        'chongqingchangan3chang cqca3c'
        >>> pinyin("Optics 3")
        ''
    """
    folded = unicodedata.normalize("NFKC", name).lower()
    if not HAN.search(folded):
        return ""
    # Its dictionary takes half a second to load: only a network with Chinese names pays.
    from pypinyin import lazy_pinyin

    full, initials = "", ""
    for position, run in enumerate(HAN.split(folded)):
        is_han = position % 2 == 1
        parts = lazy_pinyin(run, errors="ignore") if is_han else ["".join(filter(str.isalnum, run))]
        full += "".join(parts)
        initials += "".join(part[0] for part in parts) if is_han else parts[0]
    return f"{full} {initials}"


def class_of(attributes: Mapping[str, Any]) -> str:
    """The ontology class, or the empty string."""
    return text(attributes.get("type") or "")


def attribute_name(name: str) -> Record:
    """The attribute's name in both languages."""
    known = words()["attributes"].get(name)
    return {"zh": known["zh"], "en": known["en"]} if known else {"zh": text(name), "en": text(name)}


def relation(attributes: Mapping[str, Any]) -> tuple[str, str, str, str, str]:
    """The tie's relation: key, Chinese, English, and both as read from its other end; empty where unknown."""
    key = text(attributes.get("relation") or "")
    known = words()["relations"].get(key, {})
    chinese = text(attributes.get("relation_zh") or known.get("zh", key))
    english = text(attributes.get("relation_en") or known.get("en", key))
    return key, chinese, english, known.get("inverse_zh", ""), known.get("inverse_en", "")


def json_for_script(value: object) -> str:
    """JSON that cannot end a script element, whatever its strings hold."""
    dumped = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        dumped = dumped.replace(sign, f"\\u{ord(sign):04x}")
    return dumped
