"""Rows of a query as CSV: SPARQL 1.1 Query Results CSV, with every cell quoted that has to be.

Oxigraph's own does not quote an IRI that holds a comma, nor a triple about a triple.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Callable

_SPECIAL = re.compile('[",\r\n]')
_ROWS = 500


def write_csv(write: Callable[[bytes], object], solutions: ox.QuerySolutions) -> None:
    """Write a line of the variables, and one per solution.

    Args:
        write: Takes the bytes, some hundred rows at a time.
        solutions: The solutions.
    """
    write((",".join(variable.value for variable in solutions.variables) + "\r\n").encode())
    while rows := list(islice(solutions, _ROWS)):
        write("".join(",".join(map(csv_cell, row)) + "\r\n" for row in rows).encode())


def csv_cell(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str:
    """Return a term as a cell: an IRI and a literal as their texts, a blank node with its label, unbound as nothing.

    >>> print(csv_cell(ox.NamedNode("http://example.org/Siemens,_AG")), csv_cell(ox.Literal("Siemens")))
    "http://example.org/Siemens,_AG" Siemens
    """
    if term is None:
        return ""
    text = term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)
    return '"' + text.replace('"', '""') + '"' if _SPECIAL.search(text) else text
