"""``read``: documents in, candidates out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chaingraph.extraction.candidates import Candidates, candidates_of, with_nearest
from chaingraph.extraction.data_set import DataSetFolder
from chaingraph.extraction.decisions import decisions_of
from chaingraph.extraction.language_model import without_repeats
from chaingraph.extraction.opening import open_documents
from chaingraph.extraction.read_document import document_facts
from chaingraph.extraction.sources import Source
from chaingraph.extraction.totals import total_notes
from chaingraph.messages import tr
from chaingraph.tables import contract

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chaingraph.extraction.candidates import Candidate
    from chaingraph.extraction.documents import Document
    from chaingraph.extraction.language_model import LanguageModel

_LONGEST_TITLE = 120


def read(
    paths: Path | str | Iterable[Path | str],
    *,
    data_set: Path | str | None = None,
    encoding: str | None = None,
    model: LanguageModel | None = None,
) -> Candidates:
    """Return the rows that documents propose, each with the words that state it.

    Nothing leaves the machine, unless a model is given.

    Args:
        paths: One document or several: text, HTML, PDF with a text layer, or Word (.docx).
        data_set: The folder of the data set that they are for: its names stand beside those that are proposed, and what
            was decided there is not proposed again.
        encoding: The encoding of text and HTML; if None, it is found out.
        model: A language model that reads the texts, too; what it proposes must stand in them letter by letter.

    Raises:
        UnreadableError: A document cannot be read; the message says why and what to do.
        UsageError: The extra ``read`` is not installed, or two documents have the same name.
    """
    files = [paths] if isinstance(paths, str | Path) else list(paths)
    documents = open_documents(files, encoding=encoding)
    rows: list[Candidate] = []
    notes: list[str] = []
    for document in documents:
        facts = document_facts(document)
        if model is not None:
            proposed, dropped = model.facts(document)
            facts = [*facts, *without_repeats(facts, proposed)]
            notes.append(
                tr(
                    "{name}: {count} rows of the model stand in the text, {dropped} do not",
                    name=document.name,
                    count=len(proposed),
                    dropped=dropped,
                )
            )
        rows += candidates_of(document, facts)
        notes += total_notes(document, facts)
    if data_set is not None:
        folder = Path(data_set)
        decisions = decisions_of(folder)
        open_rows = [row for row in rows if row.key not in decisions]
        if len(open_rows) < len(rows):
            notes.append(
                tr("{count} rows are decided already and are not proposed again", count=len(rows) - len(open_rows))
            )
        rows = with_nearest(open_rows, _names(DataSetFolder.open(folder)))
    return Candidates(tuple(rows), tuple(map(source_of, documents)), tuple(notes))


def source_of(document: Document) -> Source:
    """Return a document as it is cited; its title is its first line that is no menu."""
    from chaingraph.extraction.passages import passages

    first = next((passage.text for passage in passages(document)), document.name)
    title = first if len(first) <= _LONGEST_TITLE else f"{first[: _LONGEST_TITLE - 1]}…"
    return Source(document.name, document.text, title or document.name, document.language, document.published)


def _names(data_set: DataSetFolder) -> dict[str, list[str]]:
    """Return the names of a data set by table of things."""
    tables = [name for name, table in contract().items() if table.is_of_things and name != "reported"]
    names = {table: [row["name"] for row in data_set.rows(table) if "name" in row] for table in tables}
    return {table: table_names for table, table_names in names.items() if table_names}
