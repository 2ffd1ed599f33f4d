"""Messages in the user's language: `gettext` over the catalogues in ``locale/``.

Messages are written in English where they arise, as ``tr("there is no file {path}", path=path)``: the text is the key
in the catalogue, and values fill its fields after it is translated, so that no value becomes part of a key. The
language is that of ``CHAINGRAPH_LANG``, else of the system's locale; it is looked up for each message.
"""

from __future__ import annotations

import gettext
import locale
import os
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

VARIABLE = "CHAINGRAPH_LANG"
"""The variable of the environment that names the language of messages."""
QUANTITY = "quantity"
"""The context of words that follow a number; a translation has the field ``count`` for it."""


def user_language() -> Literal["zh", "en"]:
    """Return the language of the user: ``CHAINGRAPH_LANG``, else Chinese where the locale says so, else English."""
    names = [os.environ.get(name, "") for name in (VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG")]
    name = next(filter(None, names), None) or locale.getlocale()[0] or ""
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"


@cache
def catalogue(language: Literal["zh", "en"]) -> gettext.NullTranslations:
    """Return the translations into a language; into English there are none, as messages are written in it."""
    if language == "en":
        return gettext.NullTranslations()
    with (
        as_file(files("chaingraph").joinpath("locale", language, "LC_MESSAGES", "chaingraph.mo")) as path,
        path.open("rb") as file,
    ):
        return gettext.GNUTranslations(file)


def tr(message: str, /, **values: Any) -> str:  # noqa: ANN401 - as str.format
    """Return a message in the user's language, with values in its fields.

    Args:
        message: The text in English, as it stands in the catalogues.
        values: By the name of the field. Without any the text is taken as it stands, braces included.

    >>> tr("there is no file {path}", path="a.csv")
    'there is no file a.csv'
    """
    text = catalogue(user_language()).gettext(message)
    return text.format(**values) if values else text


def quantity_in_language(count: int, words: str) -> str | None:
    """Return a number with the words that follow it in the user's language; None where that is English.

    Args:
        count: How many.
        words: In the plural, as they stand in the catalogues; a name without a translation follows the number as it is.
    """
    language = user_language()
    if language == "en":
        return None
    text = catalogue(language).pgettext(QUANTITY, words)
    return f"{count:,} {words}" if text == words else text.format(count=f"{count:,}")


def enumeration(texts: Iterable[object]) -> str:
    """Return texts side by side, with the comma of the user's language between them.

    >>> enumeration(["7 nodes", "6 ties"])
    '7 nodes, 6 ties'
    """
    return tr(", ").join(map(str, texts))


def in_both_languages(name: str, chinese: str) -> str:
    """Return the name of a table or code with its Chinese title, as a list of what was expected has it.

    >>> in_both_languages("lead", "牵头单位")
    'lead (牵头单位)'
    """
    return tr("{name} ({chinese})", name=name, chinese=chinese)


class LazyText(str):
    """A message that is translated where it is shown, not where it is written; as `str` it is English."""

    __slots__ = ()

    def __str__(self) -> str:
        """Return it in the user's language."""
        return tr(str.__str__(self))

    def __format__(self, spec: str, /) -> str:
        """Format it in the user's language."""
        return format(str(self), spec)

    def format(self, *args: Any, **values: Any) -> str:  # noqa: ANN401 - as str.format
        """Fill its fields in the user's language."""
        return str(self).format(*args, **values)


def lazy_tr(message: str, /) -> str:
    """Return a message of a module or a class, where the language is not known yet; see `LazyText`.

    >>> f"{lazy_tr('a number')}", lazy_tr("from {}").format(1)
    ('a number', 'from 1')
    """
    return LazyText(message)
