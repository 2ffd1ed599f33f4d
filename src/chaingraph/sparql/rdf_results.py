"""Triples as a document: the results of CONSTRUCT and DESCRIBE, in the same bytes every time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

TRIPLE_FORMATS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
"""By media type the formats that triples can be written in."""


def rdf_document(triples: Iterable[ox.Triple], media_type: str, prefixes: Mapping[str, str]) -> bytes:
    """Return triples as a document, with its prefixes sorted: the serialiser's own order changes from run to run.

    Args:
        triples: The triples, in the order in which they are written.
        media_type: One of TRIPLE_FORMATS.
        prefixes: The prefixes of the document, with their namespaces; N-Triples has none.
    """
    used = None if media_type == "application/n-triples" else dict(prefixes)
    content = ox.serialize(triples, format=TRIPLE_FORMATS[media_type], prefixes=used)
    assert content is not None
    if media_type != "text/turtle":
        return content
    lines = content.split(b"\n")
    heading = sum(1 for _ in _prefix_lines(lines))
    return b"\n".join(sorted(lines[:heading]) + lines[heading:])


def _prefix_lines(lines: list[bytes]) -> Iterator[bytes]:
    for line in lines:
        if not line.startswith((b"@prefix ", b"@base ")):
            return
        yield line


def document_of_ntriples(content: bytes, media_type: str, prefixes: Mapping[str, str]) -> bytes:
    """Return a document in N-Triples in another format, its triples sorted.

    >>> print(document_of_ntriples(b'<a:b> <a:c> "d" .', "text/turtle", {"a": "a:"}).decode(), end="")
    @prefix a: <a:> .
    a:b a:c "d" .
    """
    quads = ox.parse(content, ox.RdfFormat.N_TRIPLES)
    return rdf_document(sorted((quad.triple for quad in quads), key=str), media_type, prefixes)
