"""HTML: what a reader sees, a line per block, with the cells of its tables and what belongs to the site."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chaingraph.errors import UnreadableError
from chaingraph.extraction.formats.builder import DOCUMENT, TextBuilder
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TAGS = {
    "blocks": "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main menu nav ol p pre section summary table tbody"
    " tfoot thead tr ul",
    "hidden": "script style noscript template head select button svg math iframe object textarea input",
    "site": "nav footer aside header menu",
}
_BLOCKS, _HIDDEN, _SITE = (frozenset(names.split()) for names in _TAGS.values())
_SPACE = re.compile(r"[ \t\r\n\f\u200b]+")
_MOST_DEPTH = 5000
_MOST_SPAN = 1000
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def write_html(write: Callable[[bytes], None], path: str, encoding: str | None) -> None:
    """Write a page as a document in JSON."""
    from resiliparse.parse.encoding import detect_encoding
    from resiliparse.parse.html import HTMLTree

    content = Path(path).read_bytes()
    if content.count(b"<") > 2_000_000:
        reason = tr("has more than two million tags; save the article alone")
        raise UnreadableError(DOCUMENT, reason)
    tree = HTMLTree.parse_from_bytes(content, encoding or detect_encoding(content) or "utf-8")
    if tree.body is None:
        reason = tr("has no page in it")
        raise UnreadableError(DOCUMENT, reason)
    walker = _Walker()
    walker.walk(tree.body)
    walker.end_line()
    write(walker.builder.message())


class _Walker:
    """Walks over the nodes of a page without recursion: a page may nest as deep as it likes."""

    def __init__(self) -> None:
        self.builder = TextBuilder()
        self._line = ""

    def walk(self, root: Any) -> None:  # noqa: ANN401 - the classes of resiliparse have no types
        stack: list[tuple[str, Any]] = [("open", root)]
        while stack:
            action, node = stack.pop()
            if action == "end":
                self.end_line()
            elif action == "site":
                self.end_line()
                if self.builder.length > node:
                    self.builder.noise.append([node, self.builder.length])
            elif _is_text(node):
                self._text(node.value or "")
            else:
                self._element(node, stack)
                if len(stack) > _MOST_DEPTH * 100:
                    reason = tr("nests more nodes than any page does; save the article alone")
                    raise UnreadableError(DOCUMENT, reason)

    def _element(self, node: Any, stack: list[tuple[str, Any]]) -> None:  # noqa: ANN401 - as above
        if not _is_element(node):
            return
        tag = (node.tag or "").lower()
        if tag in _HIDDEN or _UNSEEN.search(_attribute(node, "style")) or node.hasattr("hidden"):
            return
        if tag == "br":
            self.end_line()
            return
        if tag == "table" and not node.query_selector("table table") and _is_grid(node):
            self.end_line()
            self.builder.table(_grid(node), _cell_text)
            return
        if tag in _SITE:
            self.end_line()
            stack.append(("site", self.builder.length))
        elif tag in _BLOCKS or tag in ("td", "th"):
            self.end_line()
            stack.append(("end", node))
        stack += [("open", child) for child in reversed(node.child_nodes)]

    def _text(self, text: str) -> None:
        text = _SPACE.sub(" ", text)
        self._line += text.lstrip(" ") if not self._line or self._line.endswith(" ") else text

    def end_line(self) -> None:
        """End the line, if anything stands in it."""
        if self._line.strip():
            self.builder.line(self._line.strip())
        self._line = ""


def _is_text(node: Any) -> bool:  # noqa: ANN401 - as above
    return str(node.tag) == "#text"


def _is_element(node: Any) -> bool:  # noqa: ANN401 - as above
    return hasattr(node, "hasattr")


def _attribute(node: Any, name: str) -> str:  # noqa: ANN401 - as above
    return str(node.getattr(name) or "") if node.hasattr(name) else ""


def _is_grid(table: Any) -> bool:  # noqa: ANN401 - as above
    """Tell whether a table holds data: two rows of two cells or more, not a page laid out in one."""
    rows = [len(list(_cells(row))) for row in _rows(table)]
    return len(rows) > 1 and sum(count > 1 for count in rows) > 1


def _rows(table: Any) -> list[Any]:  # noqa: ANN401 - as above
    return list(table.get_elements_by_tag_name("tr"))


def _cells(row: Any) -> Iterator[Any]:  # noqa: ANN401 - as above
    for child in row.child_nodes:
        if (child.tag or "").lower() in ("td", "th"):
            yield child


def _span(cell: Any, name: str) -> int:  # noqa: ANN401 - as above
    text = _attribute(cell, name)
    return max(1, min(int(text), _MOST_SPAN)) if text.isdigit() and len(text) < 6 else 1


def _grid(table: Any) -> list[list[Any]]:  # noqa: ANN401 - as above
    """Return the cells of a table by row and column; a cell that spans several stands in each."""
    grid: list[list[Any]] = []
    waiting: dict[int, tuple[Any, int]] = {}
    for row in _rows(table):
        line: list[Any] = []
        cells = list(_cells(row))
        column = 0
        while cells or column in waiting:
            if column in waiting:
                cell, left = waiting.pop(column)
                if left > 1:
                    waiting[column] = (cell, left - 1)
                line.append(cell)
                column += 1
                continue
            cell = cells.pop(0)
            for _ in range(_span(cell, "colspan")):
                if _span(cell, "rowspan") > 1:
                    waiting[column] = (cell, _span(cell, "rowspan") - 1)
                line.append(cell)
                column += 1
        if line:
            grid.append(line)
    return grid


def _cell_text(cell: Any) -> str:  # noqa: ANN401 - as above
    """Return the text of a cell; its lines stay lines."""
    lines = [""]
    stack = [cell]
    while stack:
        node = stack.pop()
        if node == "\n":
            lines.append("")
            continue
        if _is_text(node):
            lines[-1] += _SPACE.sub(" ", node.value or "")
            continue
        if not _is_element(node):
            continue
        tag = (node.tag or "").lower()
        if tag in _HIDDEN:
            continue
        if tag == "br":
            lines.append("")
            continue
        is_block = tag in _BLOCKS
        stack += ["\n"] if is_block else []
        stack += reversed(node.child_nodes)
        stack += ["\n"] if is_block else []
    return "\n".join(line.strip() for line in lines if line.strip())
