"""What is proposed from a text or a document, as the tests of the readers compare it."""

from __future__ import annotations

from chaingraph.extraction.candidates import Candidate, candidates_of
from chaingraph.extraction.documents import Document
from chaingraph.extraction.read_document import document_facts


def proposals(source: str | Document) -> list[Candidate]:
    """Return the rows that a text or a document gives."""
    document = Document("text.txt", source) if isinstance(source, str) else source
    return candidates_of(document, document_facts(document))


def rows(source: str | Document, table: str, *columns: str) -> list[tuple[object, ...]]:
    """Return some columns of the rows of a table that a text or a document gives."""
    return [tuple(row.cells.get(name) for name in columns) for row in proposals(source) if row.table == table]
