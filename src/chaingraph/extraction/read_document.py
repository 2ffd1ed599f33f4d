"""Reading a whole document: its tables first, then its prose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chaingraph.extraction.line_tables import with_line_tables
from chaingraph.extraction.lists import read_lists
from chaingraph.extraction.prose import ProseReader
from chaingraph.extraction.tables import read_tables

if TYPE_CHECKING:
    from chaingraph.extraction.documents import Document
    from chaingraph.extraction.facts import Fact


def document_facts(document: Document) -> list[Fact]:
    """Return what a document states, in the order of the tables and of the places."""
    document = with_line_tables(document)
    reader = ProseReader(document)
    read_tables(document, reader.topic, reader.facts)
    read_lists(reader.paragraphs, reader.topic, reader.facts)
    reader.add_names_of_tables()
    reader.read_all()
    return reader.facts.all()
