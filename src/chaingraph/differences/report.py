"""A difference in Markdown; the only place for the words of the report."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from chaingraph import languages
from chaingraph.differences.snapshots import class_name
from chaingraph.errors import shown
from chaingraph.languages import check_language
from chaingraph.tables import contract

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chaingraph import languages
    from chaingraph.differences import Difference
from chaingraph.differences.snapshots import Side

_LISTED = 50
_LONGEST = 200
_MARKUP = re.compile(r"([\\`*_{}\[\]#|!~])")
_KEYS = {"added": ("id", "name"), "removed": ("id", "name"), "changed": ("id", "name", "property", "old", "new")}


def words() -> Mapping[str, Any]:
    """Return the words of ``words.json``."""
    return languages.words("chaingraph.differences")


def markdown(difference: Difference, language: str = "en") -> str:
    """Return the counts by class, and of each class the first 50 rows that were added, removed and changed.

    Text of the data is escaped: none of it becomes Markdown or HTML.

    Raises:
        UnknownLanguageError: The language is neither zh nor en.
    """
    check_language(language)
    said = words()["report"][language]
    sides = said["sides"].format(old=_title(difference.old, language), new=_title(difference.new, language))
    titles = {class_name(name): _heading(name, language) for name in contract()}
    lines = [f"# {said['title']}", "", sides, ""]
    lines += [line for note in difference.notes for line in (escaped(note), "")]
    if difference.counts.empty:
        return "\n".join([*lines, said["none"], ""])
    counts = difference.counts.assign(**{"class": [titles[name] for name in difference.counts["class"]]})
    lines += [*_table(said["head"], counts.itertuples(index=False)), "", said["by_key"], ""]
    for table in contract():
        lines += _sections(difference, table, language)
    return "\n".join(lines)


def escaped(value: object) -> str:
    r"""Return a value as Markdown shows it in a cell.

    >>> escaped("<b>|*a*"), escaped(None)
    ('&lt;b&gt;\\|\\*a\\*', '')
    """
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return ""
    text = shown(str(value), _LONGEST).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKUP.sub(r"\\\1", text)


def _sections(difference: Difference, table: str, language: str) -> Iterator[str]:
    said = words()["report"][language]
    of_class = difference.frame[difference.frame["class"] == class_name(table)]
    for change, columns in _KEYS.items():
        rows = of_class[of_class["change"] == change]
        if rows.empty:
            continue
        count = f"{rows['id'].nunique():,}"
        yield "## " + said["section"].format(
            table=_heading(table, language), count=count, change=words()["changes"][change][language]
        )
        yield ""
        yield from _table(said["rows"][change], rows[list(columns)].head(_LISTED).itertuples(index=False))
        yield ""
        if len(rows) > _LISTED:
            yield said["more"].format(count=f"{len(rows) - _LISTED:,}")
            yield ""


def _heading(table: str, language: str) -> str:
    found = contract()[table]
    return found.title_zh if language == "zh" else found.titles[0].replace("_", " ")


def _table(head: Sequence[str], rows: Any) -> Iterator[str]:  # noqa: ANN401 - pandas' row tuples carry no type
    yield f"| {' | '.join(head)} |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield f"| {' | '.join(map(escaped, row))} |"


def _title(side: Side, language: str) -> str:
    order = ("title_zh", "title_en", "name") if language == "zh" else ("title_en", "title_zh", "name")
    titles = [next((held[key] for key in order if held.get(key)), "") for held in side.data_sets]
    return escaped(", ".join(filter(None, titles)) or "—")
