"""Words of a command as they are typed: names of files in the commands that messages tell to run."""

from __future__ import annotations

import re
import shlex
import sys

_PLAIN = re.compile(r"[\w@%+=:,./-]+")
_READ_IN_QUOTES = re.compile(r'["$`!\\]')
"""What a shell of Unix reads between double quotes."""


def shell_line(*texts: str) -> str:
    """Return the words of a command, options among them, as they are typed.

    >>> shell_line("chaingraph", "page", "我的 名单.xlsx", "-o", "a.html")
    'chaingraph page "我的 名单.xlsx" -o a.html'
    """
    return " ".join(map(_quoted, texts))


def shell_word(text: str) -> str:
    r"""Return a text as it is typed as one word of a command; in double quotes, which cmd knows alone, where that does.

    >>> shell_word("名单.xlsx"), shell_word("我的 名单.xlsx"), shell_word("$a.xlsx")
    ('名单.xlsx', '"我的 名单.xlsx"', "'$a.xlsx'")
    """
    return _quoted(f"./{text}" if text.startswith("-") else text)


def _quoted(text: str) -> str:
    if sys.platform == "win32":
        # No name of a file there has a double quote.
        return text if re.fullmatch(r"[\w@+=:,./\\-]+", text) else f'"{text}"'
    if _PLAIN.fullmatch(text):
        return text
    return shlex.quote(text) if _READ_IN_QUOTES.search(text) else f'"{text}"'
