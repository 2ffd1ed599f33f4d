"""What the title of a list says of all that it lists: the title, award or evaluation, its year, its level."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chaingraph.extraction.lexicon import lexicon
from chaingraph.extraction.relations import parts_of_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chaingraph.extraction.facts import Cells, Facts, Value

_MOST_LINES = 4
_COLUMNS = {
    "organizations": "organization",
    "consortia": "consortium",
    "platforms": "platform",
    "projects": "project",
    "products": "product",
}


@dataclass(frozen=True)
class ListTitle:
    """The title of a list of what was recognised.

    ``cells`` are those of ``recognitions`` that hold for each of its items; ``is_planned`` tells whether the list
    proposes.
    """

    cells: Cells
    is_planned: bool


def title_above(lines: Sequence[str], language: str, *, is_proposal: bool = False) -> ListTitle | None:
    """Return what the lines above a list say it is; a title may be broken over several lines.

    Args:
        lines: The lines before the list, the nearest last.
        language: That of the document.
        is_proposal: Whether the whole document proposes.

    >>> title_above(["第七批国家农业科技园区验收结果"], "zh").cells["name"]
    '国家农业科技园区验收'
    >>> title_above(["科研仪器", "开放共享评价考核结果"], "zh").cells["name"]
    '科研仪器开放共享评价考核'
    """
    words = lexicon(language)["list_titles"]
    joint = "" if language == "zh" else " "
    for count in range(min(_MOST_LINES, len(lines)), 0, -1):
        text = joint.join(line.strip() for line in lines[-count:])
        match = re.match(words["pattern"], text)
        if match is None or re.search(words["recognition"], text) is None:
            continue
        groups = match.groupdict()
        name = (groups["name"] or groups.get("name2") or "").strip()
        cells = parts_of_title(name, {}, language)
        bare = re.sub(words["batch"], "", str(cells["name"])).strip()
        is_planned = is_proposal or any(groups.get(group) for group in ("planned", "planned2", "planned3"))
        return ListTitle({**cells, "name": bare or name}, is_planned)
    return None


def grade_of(text: str, language: str) -> str | None:
    """Return the grade that the heading of a part of a list names.

    >>> grade_of("二、验收不通过的园区", "zh"), grade_of("一、优秀（41家）", "zh"), grade_of("甲省", "zh")
    ('不通过', '优秀', None)
    """
    match = re.search(lexicon(language)["list_titles"]["grades"], text)
    return None if match is None else match[0]


def add_recognition(
    facts: Facts, title: ListTitle, table: str, name: str, place: tuple[int, int], reason: str, **cells: Value
) -> None:
    """Add what a list says of one of its items: a recognition, or a claim where it is proposed, or about a cluster."""
    row: Cells = {**title.cells, **{key: value for key, value in cells.items() if value is not None}}
    column = _COLUMNS.get(table)
    if column is not None and not title.is_planned:
        facts.row("recognitions", place, reason, 0.85, **{**row, column: name})
        return
    value = f"{row['name']}：{row['grade']}" if row.get("grade") else str(row["name"])
    facts.row(
        "claims",
        place,
        reason,
        0.8,
        subject_table=table,
        subject=name,
        property="recognition",
        value=value,
        status="planned" if title.is_planned else "stated",
    )
