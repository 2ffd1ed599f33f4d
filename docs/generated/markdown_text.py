"""Text as Markdown: what escapes it, marks it as code, and draws tables."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

_ROLE = re.compile(r":\w+:`~?([^`]+)`")


def escaped(text: str) -> str:
    r"""Return text on one line that Markdown and HTML show as it is, without the roles and backticks of docstrings.

    >>> escaped("a|b <i> *c* :func:`~d`")
    'a\\|b &lt;i&gt; \\*c\\* d'
    """
    plain = _ROLE.sub(r"\1", text).replace("``", "")
    return re.sub(r"([\\`*_{}\[\]|#])", r"\\\1", html.escape(" ".join(plain.split()), quote=False))


def code(text: str) -> str:
    """Return text as code; what offers choices may break after each, or it would be wider than a telephone.

    >>> code("memberships")
    '`memberships`'
    >>> code("--split <full|part>")
    '<code>--split &lt;full&#124;<wbr>part&gt;</code>'
    """
    if not re.search(r"[`|\\]", text):
        return f"`{text}`"
    return f"<code>{html.escape(text, quote=False).replace('|', '&#124;<wbr>')}</code>"


def first_sentence(text: str) -> str:
    """Return the first sentence of a docstring, without the colon before a figure.

    >>> first_sentence("Return a frame. It has no rows.")
    'Return a frame.'
    """
    sentence = re.match(r".+?(?:[.](?=\s|$)|(?=::))|.+", text, re.DOTALL)
    return " ".join(sentence[0].split()) if sentence else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells that are Markdown already.

    >>> print(table(("a", "b"), [("1", "2")]))
    | a | b |
    |---|---|
    | 1 | 2 |
    """
    first, *rest = (f"| {' | '.join(cells)} |" for cells in (head, *rows))
    return "\n".join([first, "|" + "---|" * len(head), *rest])
