"""The two languages, Chinese and English: the choice of a text, its Pinyin, and the words of each package."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from chaingraph.errors import UnknownLanguageError

if TYPE_CHECKING:
    from collections.abc import Mapping

Language: TypeAlias = Literal["zh", "en"]
LANGUAGES: Final = ("zh", "en")
HAN: Final = re.compile("([\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]+)")
"""A run of Chinese characters."""


def check_language(language: str) -> None:
    """Refuse a language that chaingraph has no words in.

    Raises:
        UnknownLanguageError: The language is neither ``zh`` nor ``en``.
    """
    if language not in LANGUAGES:
        raise UnknownLanguageError(language, LANGUAGES)


def other(language: str) -> Language:
    """Return the other of the two languages.

    >>> other("zh"), other("en")
    ('en', 'zh')
    """
    return "en" if language == "zh" else "zh"


def text_in(texts: Mapping[str, str | None], language: str) -> str:
    """Return a text in a language, else the one in neither Chinese nor English, else the one in the other.

    A text without a language comes before a translation: it is how the source writes a name.

    Args:
        texts: By language tag; a key that is no tag of Chinese or English, such as the empty text, is neither.
        language: ``zh`` or ``en``.

    Returns:
        The text; empty where there is none.

    >>> text_in({"zh-Hans": "甲", "en": "A"}, "zh"), text_in({"en": "A"}, "zh"), text_in({"": "a", "zh": "甲"}, "en")
    ('甲', 'A', 'a')
    """
    ranks = {language: 0, other(language): 2}
    tags = sorted((tag for tag in texts if texts[tag]), key=lambda tag: (ranks.get(tag.partition("-")[0], 1), len(tag)))
    return texts[tags[0]] or "" if tags else ""


def in_both(texts: Mapping[str, str | None]) -> dict[str, str]:
    """Return a text in Chinese and in English, as `text_in` chooses it.

    >>> in_both({"zh": "甲"}), in_both({})
    ({'zh': '甲', 'en': '甲'}, {'zh': '', 'en': ''})
    """
    return {language: text_in(texts, language) for language in LANGUAGES}


@cache
def words(package: str) -> Mapping[str, Any]:
    """Return the words of a package: what its file ``words.json`` holds.

    >>> words("chaingraph.endpoint.pages")["en"]["search"]
    'Search'
    """
    content: Mapping[str, Any] = json.loads(files(package).joinpath("words.json").read_text(encoding="utf-8"))
    return content


def pinyin(name: str) -> str:
    """Return the name in Hanyu Pinyin without tones, and its initials, as one types them; empty without Chinese.

    A character of several readings takes the one of its phrase; letters and digits stay, ü is v, all else is left out.

    Example:
        >>> pinyin("重庆长安3厂")
        'chongqingchangan3chang cqca3c'
        >>> pinyin("Optics 3")
        ''
    """
    normalized = unicodedata.normalize("NFKC", name).lower()
    if not HAN.search(normalized):
        return ""
    # Its dictionary takes half a second to load: only who has Chinese names pays.
    from pypinyin import lazy_pinyin

    full, initials = "", ""
    for position, run in enumerate(HAN.split(normalized)):
        is_han = position % 2 == 1
        parts = lazy_pinyin(run, errors="ignore") if is_han else ["".join(filter(str.isalnum, run))]
        full += "".join(parts)
        initials += "".join(part[0] for part in parts) if is_han else parts[0]
    return f"{full} {initials}"
