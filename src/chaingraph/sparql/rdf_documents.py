"""RDF documents of every format as N-Triples: what a child process does with a file from outside."""

from __future__ import annotations

import codecs
import mmap
import re
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox

from chaingraph.errors import UnreadableError
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import IO

    Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
}
"""By suffix of a file the format of its document."""
_XML_DECLARATIONS = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_REMOTE_CONTEXT = "LoadDocumentCallback"
"""By this name pyoxigraph says that a JSON-LD context is at another address."""
_DEEPEST_TRIPLE = 10


def write_n_triples(write: Callable[[bytes], object], path: str, label: str, base: str) -> None:
    """Read a file, and write its triples as N-Triples, whatever graphs it names.

    Args:
        write: Takes the bytes.
        path: The file; its suffix is one of FORMATS.
        label: How the labels of its blank nodes begin; see :func:`relabelled`.
        base: The base of relative IRIs.

    Raises:
        UnreadableError: The file cannot be read, or is no valid document.
    """
    suffix = Path(path).suffix.lower()
    try:
        with Path(path).open("rb") as file:
            if suffix == ".rdf":
                _refuse_declarations(path, file)
            if file.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
                file.seek(0)
            quads = ox.parse(file, FORMATS[suffix], base_iri=base)
            triples = relabelled((quad.triple for quad in quads), label)
            ox.serialize(triples, cast("IO[bytes]", _Output(write)), format=ox.RdfFormat.N_TRIPLES)
    except _DepthError:
        reason = tr(
            "has triples about triples more than {deepest_triple} deep, which no graph needs; write it again",
            deepest_triple=_DEEPEST_TRIPLE,
        )
        raise UnreadableError(path, reason) from None
    except (SyntaxError, ValueError) as error:
        reason = tr("is no valid {suffix} file: {error}; mend it, or write it again", suffix=suffix[1:], error=error)
        if _REMOTE_CONTEXT in str(error):
            reason = tr(
                "names a context at another address, which is not fetched; put the context itself into the file"
            )
        raise UnreadableError(path, reason) from error
    except OSError as error:
        reason = tr(
            "cannot be read: {strerror}; make sure that you may read it, and that no other program has it open",
            strerror=error.strerror or error,
        )
        raise UnreadableError(path, reason) from error


class _Output:
    """What pyoxigraph writes to."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write

    def write(self, content: bytes) -> int:
        """Hand the bytes on."""
        self._write(content)
        return len(content)

    def flush(self) -> None:
        """Do nothing: all was handed on."""


class _DepthError(Exception):
    """A triple is about a triple, and so on, beyond the limit."""


def _refuse_declarations(path: str, file: IO[bytes]) -> None:
    if not file.seek(0, 2):
        return
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        declaration = _XML_DECLARATIONS.search(content)
    file.seek(0)
    if declaration is not None:
        reason = tr(
            "declares XML entities, which are refused because they can grow without bound; save it as Turtle (.ttl)"
        )
        raise UnreadableError(path, reason)


def relabelled(triples: Iterable[ox.Triple], label: str) -> Iterator[ox.Triple]:
    """Yield triples with new labels for their blank nodes: ``label`` and a number, in the order in which they come.

    A label says something within one document only; so documents that make one graph get labels of their own.

    >>> triple = ox.Triple(ox.BlankNode("x"), ox.NamedNode("urn:p"), ox.BlankNode("y"))
    >>> [str(one) for one in relabelled([triple, triple], "d1n")]
    ['_:d1n0 <urn:p> _:d1n1', '_:d1n0 <urn:p> _:d1n1']
    """
    labels: dict[ox.BlankNode, ox.BlankNode] = {}

    def new(term: Term, depth: int = 0) -> Term:
        if isinstance(term, ox.BlankNode):
            return labels.setdefault(term, ox.BlankNode(f"{label}{len(labels)}"))
        if isinstance(term, ox.Triple):
            if depth == _DEEPEST_TRIPLE:
                raise _DepthError
            return _triple(new(term.subject, depth), term.predicate, new(term.object, depth + 1))
        return term

    plain = (ox.NamedNode, ox.Literal)
    for triple in triples:
        subject, predicate, value = triple
        if isinstance(subject, plain) and isinstance(value, plain):
            yield triple
        else:
            yield _triple(new(subject), predicate, new(value))


def _triple(subject: Term, predicate: ox.NamedNode, value: Term) -> ox.Triple:
    assert not isinstance(subject, ox.Literal)
    return ox.Triple(subject, predicate, value)
