"""Docstrings as Markdown.

Ours are plain text in which examples begin with ``>>>``, a figure follows ``::``, and names stand in roles such as
``:func:`centrality```. The site needs fences and code.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import griffe

_ROLE = re.compile(r":(?:class|func|mod|meth|attr|data):`~?([^`]+)`")


class PlainDocstrings(griffe.Extension):
    """Rewrites each docstring when it has been read."""

    def on_object(self, *, obj: griffe.Object, **_: object) -> None:
        """Rewrite the docstring of an object, if it has one."""
        if obj.docstring is not None:
            obj.docstring.value = as_markdown(obj.docstring.value)


def as_markdown(text: str) -> str:
    r"""Return a docstring with examples and figures in fences, and roles as code.

    >>> as_markdown("See :func:`~chaingraph.page`::\n\n    a -> b")
    'See `chaingraph.page`:\n\n```text\n    a -> b\n```\n'
    """
    markdown: list[str] = []
    lines = _ROLE.sub(r"`\1`", text).split("\n")
    while lines:
        line = lines.pop(0)
        margin = line[: len(line) - len(line.lstrip())]
        if line.lstrip().startswith(">>>"):
            example = _pop_while(lines, lambda each: bool(each.strip()))
            markdown += [f"{margin}```pycon", line, *example, f"{margin}```"]
        elif line.rstrip().endswith("::"):
            markdown += [line.rstrip()[:-1], ""] if line.strip() != "::" else []
            _pop_while(lines, lambda each: not each.strip())
            figure = _without_last_blank(_pop_while(lines, _deeper_than(margin)))
            markdown += [f"{margin}```text", *figure, f"{margin}```", ""]
        else:
            markdown.append(line)
    return "\n".join(markdown)


def _pop_while(lines: list[str], belongs: Callable[[str], bool]) -> list[str]:
    first = next((number for number, line in enumerate(lines) if not belongs(line)), len(lines))
    block, lines[:] = lines[:first], lines[first:]
    return block


def _deeper_than(margin: str) -> Callable[[str], bool]:
    return lambda line: not line.strip() or line.startswith(f"{margin} ")


def _without_last_blank(lines: list[str]) -> list[str]:
    return lines if not lines or lines[-1].strip() else _without_last_blank(lines[:-1])
