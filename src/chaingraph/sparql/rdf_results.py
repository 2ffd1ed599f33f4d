"""Triples as a document: the results of CONSTRUCT and DESCRIBE, in the same bytes every time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

import pyoxigraph as ox

from chaingraph.errors import UsageError, excerpt
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

TRIPLE_FORMATS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
"""By media type the formats that triples can be written in."""

_LOCAL_NAME = re.compile(r"(?!_+\Z)[^\W\d][\w.\-\u00B7]*\Z")
_NO_XML = re.compile(r"[\x00-\x08\x0B-\x1F\uFFFE\uFFFF]")


def xml_document(triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> bytes:
    """Return triples as RDF/XML, which cannot hold every graph.

    Source: W3C, Extensible Markup Language (XML) 1.0, fifth edition, productions 2, 4 and 4a, and section 2.11.

    Raises:
        UsageError: A property does not end in a name, a term has a character that XML does not keep, or the document
            would be one that no parser reads.
    """
    triples = list(triples)
    reason = next(filter(None, map(_reason_against_xml, triples)), None)
    if reason is None:
        try:
            content = ox.serialize(triples, format=ox.RdfFormat.RDF_XML, prefixes=dict(prefixes))
            assert content is not None
            expat.ParserCreate(namespace_separator=" ").Parse(content, True)
        except (OSError, ValueError, expat.ExpatError) as error:
            reason = tr("its document would be none that parsers read ({error})", error=error)
        else:
            return content
    message = tr("RDF/XML cannot hold this graph: {reason}; write Turtle (.ttl)", reason=reason)
    raise UsageError(message)


def _reason_against_xml(triple: ox.Triple) -> str | None:
    if _LOCAL_NAME.search(triple.predicate.value) is None:
        return tr("the property <{value}> does not end in a name", value=excerpt(triple.predicate.value))
    for term in triple:
        if isinstance(term, ox.Triple):
            return tr("it has a triple about a triple")
        character = _NO_XML.search(term.value)
        if character is not None:
            return tr("XML does not keep U+{code:04X} in '{value}'", code=ord(character[0]), value=excerpt(term.value))
    return None


def rdf_document(triples: Iterable[ox.Triple], media_type: str, prefixes: Mapping[str, str]) -> bytes:
    """Return triples as a document, with its prefixes sorted: the serialiser's own order changes from run to run.

    Args:
        triples: The triples, in the order in which they are written.
        media_type: One of TRIPLE_FORMATS.
        prefixes: The prefixes of the document, with their namespaces; N-Triples has none.

    Raises:
        UsageError: The document is RDF/XML, and cannot hold them.
    """
    if media_type == "application/rdf+xml":
        return xml_document(triples, prefixes)
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
