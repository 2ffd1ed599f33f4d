"""Docstrings as Markdown: the only place that knows how ours differ from it.

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
    made: list[str] = []
    lines = _ROLE.sub(r"`\1`", text).split("\n")
    while lines:
        line = lines.pop(0)
        if line.lstrip().startswith(">>>"):
            margin = line[: len(line) - len(line.lstrip())]
            made += [f"{margin}```pycon", line, *_taken(lines, lambda each: bool(each.strip())), f"{margin}```"]
        elif line.rstrip().endswith("::"):
            margin = line[: len(line) - len(line.lstrip())]
            made += [line.rstrip()[:-1], ""] if line.strip() != "::" else []
            while lines and not lines[0].strip():
                lines.pop(0)
            made += [f"{margin}```text", *_without_last_blank(_taken(lines, _deeper_than(margin))), f"{margin}```", ""]
        else:
            made.append(line)
    return "\n".join(made)


def _taken(lines: list[str], belongs: Callable[[str], bool]) -> list[str]:
    taken = []
    while lines and belongs(lines[0]):
        taken.append(lines.pop(0))
    return taken


def _deeper_than(margin: str) -> Callable[[str], bool]:
    return lambda line: not line.strip() or line.startswith(f"{margin} ")


def _without_last_blank(lines: list[str]) -> list[str]:
    return lines if not lines or lines[-1].strip() else _without_last_blank(lines[:-1])
