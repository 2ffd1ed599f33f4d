"""RDF files: reading them into a store, and writing them so that the same graph gives the same bytes."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pyoxigraph as ox

from chaingraph.errors import UnreadableError, UsageError
from chaingraph.isolation import chunks, limits_for
from chaingraph.messages import tr
from chaingraph.sparql.blank_nodes import labelled
from chaingraph.sparql.rdf_documents import FORMATS
from chaingraph.sparql.rdf_results import xml_document
from chaingraph.store.source import EXPECTED
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PREFIX_LINES = (b"@prefix ", b"@base ")
_READER = "chaingraph.sparql.rdf_documents:write_n_triples"


def n_triples(path: Path, label: str) -> Iterator[bytes]:
    """Yield a file as pieces of a document in N-Triples, whatever graphs it names.

    The file is read in a process of its own: its parser may die. See :mod:`chaingraph.isolation` for the limits.

    Args:
        path: The file.
        label: How the labels of its blank nodes begin.

    Raises:
        UnreadableError: The file is not there, of another kind, not valid, or made to bring a parser down.
    """
    if not path.exists():
        raise UnreadableError(path, tr("does not exist; {expected}", expected=EXPECTED))
    if path.suffix.lower() not in FORMATS:
        raise UnreadableError(path, tr("is of no kind that can be opened; {expected}", expected=EXPECTED))
    if not path.is_file():
        raise UnreadableError(path, tr("is no file that can be read; {expected}", expected=EXPECTED))
    return chunks(path, _READER, str(path), label, PREFIXES["id"], limits=limits_for(path.stat().st_size))


def format_of(path: Path) -> ox.RdfFormat:
    """Return the format that a file's suffix names.

    Raises:
        UsageError: It names none.
    """
    try:
        return FORMATS[path.suffix.lower()]
    except KeyError:
        message = tr("cannot write {path}: expected a name that ends in .ttl, .nt, .jsonld, .rdf or .kg", path=path)
        raise UsageError(message) from None


def serialize(triples: list[ox.Triple], file_format: ox.RdfFormat) -> bytes:
    """Return triples as a document that depends on them alone: sorted, blank nodes labelled by what is said of them.

    Raises:
        UsageError: The format is RDF/XML, and cannot hold them.
    """
    triples = sorted(labelled(triples), key=str)
    if file_format == ox.RdfFormat.RDF_XML:
        return xml_document(triples, PREFIXES)
    prefixes = None if file_format == ox.RdfFormat.N_TRIPLES else dict(PREFIXES)
    base = None
    if prefixes is not None and file_format == ox.RdfFormat.TURTLE:
        base = prefixes.pop("id")
    content = ox.serialize(triples, format=file_format, prefixes=prefixes, base_iri=base)
    assert content is not None
    return _with_sorted_prefixes(content) if file_format == ox.RdfFormat.TURTLE else content


def write_document(dump: Callable[[Path], None], file_format: ox.RdfFormat, target: Path) -> None:
    """Write a document with the bytes that `serialize` returns for the triples of a dump.

    Without blank nodes triples are sorted as lines, in which they have the order of their texts, and stream from there:
    of millions of triples none becomes an object that stays. RDF/XML, and blank nodes, whose labels depend on all that
    is said of them, need all triples at once.

    Args:
        dump: Writes all triples to a file in N-Triples.
        file_format: The format of the document.
        target: The document; other files lie beside it for a while.

    Raises:
        UsageError: As `serialize`.
    """
    with TemporaryDirectory(dir=target.parent) as folder:
        path = Path(folder) / "triples.nt"
        dump(path)
        with path.open("rb") as file:
            lines = sorted(file)
        if file_format == ox.RdfFormat.RDF_XML or _has_blank_nodes(lines):
            del lines
            target.write_bytes(serialize(list(_triples_of(path)), file_format))
            return
        with path.open("wb") as file:
            file.writelines(lines)
        del lines
        if file_format == ox.RdfFormat.N_TRIPLES:
            path.replace(target)
            return
        document = Path(folder) / "document"
        prefixes = dict(PREFIXES)
        base = prefixes.pop("id") if file_format == ox.RdfFormat.TURTLE else None
        ox.serialize(_triples_of(path), document, format=file_format, prefixes=prefixes, base_iri=base)
        if file_format == ox.RdfFormat.TURTLE:
            _sort_prefixes(document, target)
        else:
            document.replace(target)


def _has_blank_nodes(lines: list[bytes]) -> bool:
    """Tell whether sorted triples may have a blank node: as subject it is in the last, as object it follows a space."""
    return any(line.startswith(b"_:") for line in lines[-1:]) or any(b" _:" in line for line in lines)


def _triples_of(path: Path) -> Iterator[ox.Triple]:
    return (quad.triple for quad in ox.parse(path=path, format=ox.RdfFormat.N_TRIPLES))


def _sort_prefixes(document: Path, target: Path) -> None:
    """Copy a Turtle document with its prefixes sorted, as `_with_sorted_prefixes` has them."""
    with document.open("rb") as source, target.open("wb") as output:
        header = []
        while (line := source.readline()).startswith(_PREFIX_LINES):
            header.append(line)
        output.writelines([*sorted(header), line])
        shutil.copyfileobj(source, output)


def _with_sorted_prefixes(turtle: bytes) -> bytes:
    """Sort the prefixes of a Turtle document, so that its bytes do not depend on the serialiser's hash table."""
    lines = turtle.split(b"\n")
    count = next((number for number, line in enumerate(lines) if not line.startswith(_PREFIX_LINES)), 0)
    return b"\n".join(sorted(lines[:count]) + lines[count:])
