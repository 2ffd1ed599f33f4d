"""RDF files: reading them into a store, and writing them so that the same graph gives the same bytes."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

import pyoxigraph as ox

from chaingraph.errors import UnreadableError, UsageError
from chaingraph.sparql.tokens import nesting
from chaingraph.store.source import EXPECTED
from chaingraph.vocabulary import PREFIXES

FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
}
_XML_DECLARATIONS = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_DEEPEST = 500


def load(store: ox.Store, path: Path) -> None:
    """Load a file into the default graph, whatever graphs it names.

    Raises:
        UnreadableError: The file is not there, of another kind, not valid, or made to bring a parser down.
    """
    if not path.exists():
        raise UnreadableError(path, f"does not exist; {EXPECTED}")
    if path.suffix.lower() not in FORMATS:
        raise UnreadableError(path, f"is of no kind that can be opened; {EXPECTED}")
    if not path.is_file():
        raise UnreadableError(path, f"is no file that can be read; {EXPECTED}")
    try:
        content = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        raise UnreadableError(
            path, f"cannot be read: {error.strerror or error}; make sure that you may read it"
        ) from error
    if path.suffix.lower() == ".rdf" and _XML_DECLARATIONS.search(content):
        reason = (
            "declares XML entities, which are refused because they can grow without bound; save it as Turtle (.ttl)"
        )
        raise UnreadableError(path, reason)
    if nesting(content) > _DEEPEST:
        raise UnreadableError(path, f"nests brackets more than {_DEEPEST} deep, which no graph needs; write it again")
    file_format = FORMATS[path.suffix.lower()]
    try:
        if file_format == ox.RdfFormat.JSON_LD:
            quads = ox.parse(content, file_format, base_iri=PREFIXES["id"])
            store.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
        else:
            store.bulk_load(content, file_format, base_iri=PREFIXES["id"], to_graph=ox.DefaultGraph())
    except (SyntaxError, ValueError) as error:
        raise UnreadableError(
            path, f"is no valid {path.suffix[1:]} file: {error}; mend it, or write it again"
        ) from error


def format_of(path: Path) -> ox.RdfFormat:
    """Return the format that a file's suffix names.

    Raises:
        UsageError: It names none.
    """
    try:
        return FORMATS[path.suffix.lower()]
    except KeyError:
        message = f"cannot write {path}: expected a name that ends in .ttl, .nt, .jsonld, .rdf or .kg"
        raise UsageError(message) from None


def serialize(triples: list[ox.Triple], file_format: ox.RdfFormat) -> bytes:
    """Return triples as a document that depends on them alone: sorted, blank nodes named by RDFC-1.0."""
    if any(isinstance(term, ox.BlankNode) for triple in triples for term in triple):
        dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        triples = [quad.triple for quad in dataset]
    prefixes = None if file_format == ox.RdfFormat.N_TRIPLES else dict(PREFIXES)
    base = None
    if prefixes is not None and file_format == ox.RdfFormat.TURTLE:
        base = prefixes.pop("id")
    content = ox.serialize(sorted(triples, key=str), format=file_format, prefixes=prefixes, base_iri=base)
    assert content is not None
    return _with_sorted_prefixes(content) if file_format == ox.RdfFormat.TURTLE else content


def _with_sorted_prefixes(turtle: bytes) -> bytes:
    """Sort the prefixes of a Turtle document, so that its bytes do not depend on the serialiser's hash table."""
    lines = turtle.split(b"\n")
    count = next((number for number, line in enumerate(lines) if not line.startswith((b"@prefix ", b"@base "))), 0)
    return b"\n".join(sorted(lines[:count]) + lines[count:])
