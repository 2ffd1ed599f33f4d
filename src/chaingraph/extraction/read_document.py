"""Reading a whole document: its tables first, then its prose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chaingraph.extraction.prose import ProseReader
from chaingraph.extraction.tables import read_tables

if TYPE_CHECKING:
    from chaingraph.extraction.documents import Document
    from chaingraph.extraction.facts import Fact


def document_facts(document: Document) -> list[Fact]:
    """Return what a document states, in the order of the tables and of the places."""
    reader = ProseReader(document)
    read_tables(document, reader.topic, reader.facts)
    reader.read_all()
    return reader.facts.all()
