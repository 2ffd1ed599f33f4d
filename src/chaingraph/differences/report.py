"""A difference as a report in Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from chaingraph import languages
from chaingraph.differences.snapshots import class_name
from chaingraph.errors import excerpt
from chaingraph.languages import check_language, text_in
from chaingraph.tables import contract

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chaingraph import languages
    from chaingraph.differences import Difference
from chaingraph.differences.snapshots import Snapshot

_LISTED = 50
_LONGEST = 200
_MARKUP = re.compile(r"([\\`*_{}\[\]#|!~])")
_KEYS = {"added": ("id", "name"), "removed": ("id", "name"), "changed": ("id", "name", "property", "old", "new")}


def words() -> Mapping[str, Any]:
    """Return the words of ``words.json``."""
    return languages.words("chaingraph.differences")


def markdown(difference: Difference, language: str) -> str:
    """Return the counts by class, and of each class the first 50 rows that were added, removed and changed.

    Text of the data is escaped: none of it becomes Markdown or HTML.

    Raises:
        UnknownLanguageError: The language is neither zh nor en.
    """
    check_language(language)
    texts = words()["report"][language]
    titles_of_both = texts["sides"].format(old=_title(difference.old, language), new=_title(difference.new, language))
    titles = {class_name(name): _heading(name, language) for name in contract()}
    lines = [f"# {texts['title']}", "", titles_of_both, ""]
    lines += [line for note in difference.notes for line in (escaped(note), "")]
    if difference.counts.empty:
        return "\n".join([*lines, texts["none"], ""])
    counts = difference.counts.assign(**{"class": [titles[name] for name in difference.counts["class"]]})
    lines += [*_table(texts["head"], counts.itertuples(index=False)), "", texts["by_key"], ""]
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
    text = excerpt(str(value), _LONGEST).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKUP.sub(r"\\\1", text)


def _sections(difference: Difference, table: str, language: str) -> Iterator[str]:
    texts = words()["report"][language]
    of_class = difference.frame[difference.frame["class"] == class_name(table)]
    for change, columns in _KEYS.items():
        rows = of_class[of_class["change"] == change]
        if rows.empty:
            continue
        count = f"{rows['id'].nunique():,}"
        yield "## " + texts["section"].format(
            table=_heading(table, language), count=count, change=words()["changes"][change][language]
        )
        yield ""
        yield from _table(texts["rows"][change], rows[list(columns)].head(_LISTED).itertuples(index=False))
        yield ""
        if len(rows) > _LISTED:
            yield texts["more"].format(count=f"{len(rows) - _LISTED:,}")
            yield ""


def _heading(table: str, language: str) -> str:
    description = contract()[table]
    return description.title_zh if language == "zh" else description.titles[0].replace("_", " ")


def _table(head: Sequence[str], rows: Any) -> Iterator[str]:  # noqa: ANN401 - pandas' row tuples carry no type
    yield f"| {' | '.join(head)} |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield f"| {' | '.join(map(escaped, row))} |"


def _title(snapshot: Snapshot, language: str) -> str:
    titles = [
        text_in({"zh": one.get("title_zh"), "en": one.get("title_en")}, language) or one.get("name", "")
        for one in snapshot.data_sets
    ]
    return escaped(", ".join(filter(None, titles)) or "—")
