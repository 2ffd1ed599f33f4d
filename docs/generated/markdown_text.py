"""Text as Markdown: the only place that escapes it and draws tables."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence


def escaped(text: str) -> str:
    r"""Return text on one line that Markdown and HTML show as it stands, without the double backticks of docstrings.

    >>> escaped("a|b <i> *c*")
    'a\\|b &lt;i&gt; \\*c\\*'
    """
    return re.sub(r"([\\`*_{}\[\]|#])", r"\\\1", html.escape(" ".join(text.replace("``", "").split()), quote=False))


def code(text: str) -> str:
    """Return text as code; what offers choices may break after each, or it would be wider than a telephone.

    >>> code("--split <full|part>")
    '<code>--split &lt;full&#124;<wbr>part&gt;</code>'
    """
    return f"<code>{html.escape(text, quote=False).replace('|', '&#124;<wbr>')}</code>"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells that are Markdown already.

    >>> print(table(("a", "b"), [("1", "2")]))
    | a | b |
    |---|---|
    | 1 | 2 |
    """
    lines = [head, *rows]
    drawn = [f"| {' | '.join(line)} |" for line in lines]
    return "\n".join([drawn[0], "|" + "---|" * len(head), *drawn[1:]])
