"""The normal form of a name: organizations are compared without script, legal form and spelling."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from chaingraph import languages
from chaingraph.errors import UsageError, install_line
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_DROPPED = re.compile("[.'’`´·•]")
_APART = re.compile(r"[\W_]+")
_NUMBERS = re.compile("[0-9]+|(?<=第)[一二三四五六七八九十百]+")


class NormalName(NamedTuple):
    """The normal form of a name.

    ``key`` is equal for names that differ only in script, legal form, width, case, accents, spaces and punctuation;
    ``text`` keeps the spaces between words; ``numbers`` are those that the name holds, in their order.
    """

    key: str
    text: str
    numbers: tuple[str, ...]


def words() -> Mapping[str, Any]:
    """Return the words of ``words.json``: legal forms, short forms, letters, and the reasons in words."""
    return languages.words("chaingraph.identity")


def normal_name(name: str) -> NormalName:
    """Return the normal form of a name; a name that is nothing but a legal form stays as it is.

    >>> normal_name("Müller & Søn G.m.b.H.").text, normal_name("ＭＵＬＬＥＲ SON GMBH").text
    ('muller son', 'muller son')
    >>> normal_name("華進半導體（無錫）股份有限公司").key
    '华进半导体无锡'
    >>> normal_name("第二医院 3号楼").numbers
    ('二', '3')
    """
    has_han = HAN.search(name) is not None
    text = unicodedata.normalize("NFKC", _simplified()(name) if has_han else name).casefold()
    plain = text if text.isascii() else _without_marks(text)
    tokens = _APART.sub(" ", _DROPPED.sub("", plain)).split()
    numbers = tuple(_NUMBERS.findall(plain))
    if has_han:
        key = _shortened(_without_han_form("".join(tokens)))
        return NormalName(key, key, numbers)
    stem = _without_forms([token for token in tokens if token not in _ignored()] or tokens)
    return NormalName("".join(stem), " ".join(stem), numbers)


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_letters())


def simplified(text: str) -> str:
    """Return a text in simplified characters and of one width and case, without spaces.

    >>> simplified("ＴＣＬ 華星")
    'tcl华星'
    """
    text = unicodedata.normalize("NFKC", _simplified()(text) if HAN.search(text) else text)
    return "".join(text.split()).casefold()


@cache
def _simplified() -> Callable[[str], str]:
    try:
        from opencc import OpenCC
    except ImportError as error:
        message = tr("names are compared with OpenCC; install it: {line}", line=install_line("identity"))
        raise UsageError(message) from error
    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


@cache
def _letters() -> dict[int, str]:
    return str.maketrans(words()["letters"])


@cache
def _ignored() -> frozenset[str]:
    return frozenset(words()["ignored"])


@cache
def _forms() -> tuple[frozenset[tuple[str, ...]], int]:
    forms = frozenset(tuple(form.split()) for form in words()["forms"])
    return forms, max(map(len, forms))


def _without_forms(tokens: list[str]) -> list[str]:
    """Drop legal forms at the end, and one at the beginning (``UAB ...``), the longest first."""
    forms, longest = _forms()
    stem = tokens
    while end := next((n for n in range(min(longest, len(stem) - 1), 0, -1) if tuple(stem[-n:]) in forms), 0):
        stem = stem[:-end]
    start = next((n for n in range(min(longest, len(stem) - 1), 0, -1) if tuple(stem[:n]) in _leading_forms()), 0)
    return stem[start:]


@cache
def _leading_forms() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(form.split()) for form in words()["forms_before"])


@cache
def _han_forms() -> tuple[re.Pattern[str], re.Pattern[str]]:
    forms = "|".join(sorted(words()["han_forms"], key=len, reverse=True))
    return re.compile(f"(?:{forms})+$"), re.compile(f"^(?:{forms})+")


def _without_han_form(text: str) -> str:
    end, start = _han_forms()
    return start.sub("", end.sub("", text)) or text


def _shortened(text: str) -> str:
    for long, short in words()["short"].items():
        text = text.replace(long, short)
    return text
