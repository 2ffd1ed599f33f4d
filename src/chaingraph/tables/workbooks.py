"""The sheets of a workbook that are no tables: the only place that knows them.

Their names are in ``workbooks.json``, which the template uses too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from chaingraph.tables.contract import heading_key

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class ReservedSheets:
    """The sheets of a workbook that are no tables, each by its title in English and Chinese.

    ``guide`` and ``examples`` are for people and are not read; ``description`` has the description of the data set
    under ``heading``, its keys in English or, by ``keys``, in Chinese. ``roster`` is the first sheet of a template, a
    list of consortia with their members.
    """

    guide: Mapping[str, str]
    examples: Mapping[str, str]
    roster: Mapping[str, str]
    description: Mapping[str, str]
    heading: Mapping[str, tuple[str, ...]]
    keys: Mapping[str, str]

    def is_for_people(self, title: str) -> bool:
        """Tell whether a sheet of this title only explains."""
        return heading_key(title) in {heading_key(name) for name in (*self.guide.values(), *self.examples.values())}

    def is_roster(self, title: str) -> bool:
        """Tell whether a sheet of this title is the roster of a template."""
        return heading_key(title) in {heading_key(name) for name in self.roster.values()}

    def is_description(self, title: str) -> bool:
        """Tell whether a sheet of this title describes the data set."""
        return heading_key(title) in {heading_key(name) for name in self.description.values()}

    def description_rows(self, cells: list[list[str | None]]) -> list[tuple[str, str]]:
        """Return the pairs of key and value of a description's rows, without headings and empty values."""
        keys = {heading_key(spelt): key for key, spelt in self.keys.items()}
        pairs = [(row[0], row[1]) for row in cells if len(row) > 1 and row[0] and row[1]]
        headings = {heading_key(words[0]) for words in self.heading.values()}
        return [(keys.get(heading_key(key), key), value) for key, value in pairs if heading_key(key) not in headings]


@cache
def reserved_sheets() -> ReservedSheets:
    """Return the sheets that are no tables.

    >>> sheets = reserved_sheets()
    >>> sheets.is_for_people("说明"), sheets.is_description("数据集"), sheets.is_for_people("成员")
    (True, True, False)
    """
    words = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    heading = {language: tuple(cells) for language, cells in words["heading"].items()}
    own = {name: words[name] for name in ("roster", "description", "keys")}
    return ReservedSheets(**words["left out"], **own, heading=heading)
