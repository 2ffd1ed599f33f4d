"""What a person accepted becomes a data set: tables with quotes, the texts, and the decisions themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from chaingraph.errors import UsageError
from chaingraph.export.files import replacement
from chaingraph.extraction.candidates import Candidates
from chaingraph.extraction.data_set import DataSetFolder
from chaingraph.extraction.decisions import Decision, decisions_of, write_decisions
from chaingraph.extraction.review import Review, read_review
from chaingraph.extraction.sources import sha256_of, text_file
from chaingraph.messages import tr
from chaingraph.tables import contract, read
from chaingraph.tables.references import identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chaingraph.extraction.candidates import Candidate
    from chaingraph.extraction.sources import Source

TEXTS = "texts"
_OWN = ("sources", "quotes")
_NEAR = 12
_FARTHEST = 96


@dataclass(frozen=True)
class Acceptance:
    """What became of the rows of a workbook.

    Args:
        accepted: The rows that are in the data set now, by table.
        created: Rows that others refer to and nobody proposed, by table: regions, stages, programmes.
        rejected: How many rows were rejected.
        undecided: How many rows have no decision yet.
    """

    accepted: Mapping[str, int]
    created: Mapping[str, int] = field(default_factory=dict)
    rejected: int = 0
    undecided: int = 0


def accept(candidates: Candidates | Path | str, folder: Path | str, *, everything: bool = False) -> Acceptance:
    """Write what was accepted into a data set folder: its tables, quotes, texts and decisions.

    A folder that is there keeps its rows; new ones are added. A value that differs from the one that is there becomes a
    claim with its own quote, so that both stay. A rejected row is never proposed again for this data set.

    Args:
        candidates: The workbook that :meth:`Candidates.save` wrote, with decisions; or candidates, all to be accepted.
        folder: The folder of the data set; new, empty, or a data set of CSV files.
        everything: Accept each row that has no decision.

    Raises:
        UnreadableError: The workbook or the texts beside it cannot be read.
        TableProblemsError: A decision is none, or a cell that was changed does not fit its table; nothing is written.
        UsageError: The folder holds something else than a data set of CSV files.
    """
    folder = Path(folder)
    if isinstance(candidates, Candidates):
        reviews, sources = [_review(row) for row in candidates.rows], candidates.sources
        everything = True
    else:
        reviews, sources = read_review(Path(candidates))
    additions = [
        one for one in reviews if one.decision in ("accept", "change") or (everything and one.decision is None)
    ]
    rejected = [one for one in reviews if one.decision == "reject"]
    data_set = DataSetFolder.open(folder)
    before = data_set.counts()
    _Writer(data_set, {source.name: source for source in sources}).add(additions)
    proposed = {table: sum(one.table == table for one in additions) for table in contract()}
    decisions = decisions_of(folder)
    for one in (*additions, *rejected):
        decisions[one.key] = Decision(one.key, one.decision or "accept", one.table, one.document, _words(one, sources))
    _write(data_set, folder, sources, decisions)
    after = data_set.counts()
    created = {
        table: after[table] - before.get(table, 0) for table in after if not proposed.get(table) and table not in _OWN
    }
    return Acceptance(
        {table: count for table, count in proposed.items() if count},
        {table: count for table, count in created.items() if count > 0},
        len(rejected),
        len(reviews) - len(additions) - len(rejected),
    )


def _review(row: Candidate) -> Review:
    cells = {name: str(value) for name, value in row.cells.items() if value is not None}
    return Review(row.table, cells, None, row.document, row.start, row.end, row.key, row.table, 0)


def _words(one: Review, sources: Iterable[Source]) -> str:
    text = next((source.text for source in sources if source.name == one.document), "")
    return text[one.start : one.end]


class _Writer:
    """Adds accepted rows to a data set, the things before the relations between them."""

    def __init__(self, data_set: DataSetFolder, sources: Mapping[str, Source]) -> None:
        self.data_set = data_set
        self.sources = sources
        self._source_ids: dict[str, str] = {}

    def add(self, reviews: list[Review]) -> None:
        """Add rows; what they refer to and no row is gets a row of its own."""
        order = {table: number for number, table in enumerate(contract())}
        things = [one for one in reviews if contract()[one.table].is_of_things and one.table != "reported"]
        relations = [one for one in reviews if one not in things]
        for one in sorted(things, key=lambda one: order[one.table]):
            self._add_thing(one)
        for one in (*things, *relations):
            self._add_references(one)
        for one in relations:
            self._add_relation(one)

    def _add_thing(self, one: Review) -> None:
        quote = self._quote(one)
        cells = {name: value for name, value in one.cells.items() if name != "segment"}
        old = self.data_set.row_by_name(one.table, cells["name"])
        if old is None:
            self.data_set.add(one.table, {"id": identifier(cells["name"]), **cells, "quote": quote})
            return
        table = contract()[one.table]
        for name, value in cells.items():
            if name == "name" or not value:
                continue
            column = table.column(name)
            if not old.get(name):
                old[name] = value
            elif column.separator is not None:
                old[name] = _union(old[name], value, column.separator)
            elif old[name] != value:
                self._claim(one.table, cells["name"], name, value, quote)
        old["quote"] = _union(old.get("quote", ""), quote, ";")

    def _claim(self, table: str, subject: str, name: str, value: str, quote: str) -> None:
        cells = {"table": table, "subject": subject, "property": name, "value": value, "status": "stated"}
        self.data_set.merge("claims", cells, quote)

    def _add_references(self, one: Review) -> None:
        quote = self._quote(one)
        table = contract()[one.table]
        for name, value in one.cells.items():
            if name == "segment":
                continue
            column = table.column(name)
            target = one.cells.get(column.reference_table) if column.reference_table else column.reference
            if target is None:
                continue
            for part in value.split(column.separator) if column.separator else [value]:
                if part.strip() and self.data_set.row_by_name(target, part.strip()) is None:
                    self.data_set.add(target, {"id": identifier(part.strip()), "name": part.strip(), "quote": quote})
        if one.table == "stage_roles" and one.cells.get("segment"):
            stage = self.data_set.row_by_name("stages", one.cells["stage"])
            if stage is not None and not stage.get("segment"):
                stage["segment"] = one.cells["segment"]

    def _add_relation(self, one: Review) -> None:
        quote = self._quote(one)
        cells = {name: value for name, value in one.cells.items() if name != "segment"}
        if one.table == "reported":
            name = self._name_of_count(one)
            cells = {"id": identifier(one.document, str(one.start), str(one.end), name), "name": name, **cells}
        self.data_set.merge(one.table, cells, quote)

    def _name_of_count(self, one: Review) -> str:
        if one.cells.get("name"):
            return one.cells["name"]
        scope = next((one.cells[name] for name in contract()["reported"].at_least_one_of if one.cells.get(name)), "")
        quote = " ".join(self.sources[one.document].text[one.start : one.end].split())
        return f"{quote}（{scope}）" if self.sources[one.document].language == "zh" else f"{quote} ({scope})"

    def _source(self, name: str) -> str:
        """Return the id of a document among the sources, which gets a row when it is first cited."""
        if name in self._source_ids:
            return self._source_ids[name]
        source = self.sources[name]
        digest = sha256_of(source.text)
        row = next((row for row in self.data_set.rows("sources") if row.get("sha256") == digest), None)
        if row is None:
            row = {
                "id": identifier(name, digest),
                "title": source.title,
                "published": source.published or "",
                "language": source.language,
                "text": text_file(name),
                "sha256": digest,
            }
            self.data_set.add("sources", row)
        self._source_ids[name] = row["id"]
        return row["id"]

    def _quote(self, one: Review) -> str:
        """Return the id of the words of a row among the quotes, which get a row when they are first cited."""
        source = self._source(one.document)
        text = self.sources[one.document].text
        key = f"{source}-{one.start}-{one.end}"
        if not any(row["id"] == key for row in self.data_set.rows("quotes")):
            prefix, suffix = surroundings(text, one.start, one.end)
            row = {"id": key, "source": source, "exact": text[one.start : one.end], "prefix": prefix, "suffix": suffix}
            self.data_set.add("quotes", row | {"start": str(one.start), "end": str(one.end)})
        return key


def surroundings(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the words before and behind a quote that tell it from others like it; empty where it stands once.

    >>> surroundings("甲公司牵头，乙公司参与", 1, 3), surroundings("甲公司牵头", 0, 3)
    (('甲', '牵头，乙公司参与'), ('', ''))
    """
    exact = text[start:end]
    if text.count(exact) < 2:
        return "", ""
    size = _NEAR
    while size < _FARTHEST and text.count(text[max(0, start - size) : end + size]) > 1:
        size *= 2
    return text[max(0, start - size) : start].strip(), text[end : end + size].strip()


def _union(old: str, new: str, separator: str) -> str:
    parts = [part.strip() for part in (*old.split(separator), *new.split(separator)) if part.strip()]
    return separator.join(dict.fromkeys(parts))


def _write(data_set: DataSetFolder, folder: Path, sources: Iterable[Source], decisions: Mapping[str, Decision]) -> None:
    """Write the folder whole or not at all, after its tables have been read as a build reads them."""
    with replacement(folder, folder=True) as new:
        data_set.write(new)
        (new / TEXTS).mkdir(exist_ok=True)
        for source in sources:
            target = new / TEXTS / text_file(source.name)
            content = source.text.encode()
            if target.exists() and target.read_bytes() != content:
                message = tr(
                    "{folder} holds another text than {name} has now; rename the document and read it again, "
                    "so that the quotes of both can be checked",
                    folder=folder / TEXTS / target.name,
                    name=source.name,
                )
                raise UsageError(message)
            target.write_bytes(content)
        write_decisions(new, decisions)
        read(new)
