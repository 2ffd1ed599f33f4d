"""Sparse matrices of ties and memberships, and what is made of them without any network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import scipy.sparse as sp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

Matrix = sp.csr_array[Any, tuple[int, int]]
"""A sparse matrix of ties or memberships."""


class TwoMode(NamedTuple):
    """A two-mode network as a matrix of the first mode by the second, and the positions of its nodes in the network."""

    incidence: Matrix
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]


def off_diagonal(matrix: Matrix) -> Matrix:
    """Return the matrix without its diagonal and without zeros, indices sorted."""
    result = sp.csr_array(matrix)
    result.sort_indices()
    row = np.repeat(np.arange(result.shape[0]), np.diff(result.indptr))
    entry = (row != result.indices) & (result.data != 0)
    starts = np.concatenate([[0], np.cumsum(np.bincount(row[entry], minlength=result.shape[0]))])
    return sp.csr_array((result.data[entry], result.indices[entry], starts), shape=result.shape)


def newman_weights(incidence: Matrix, pattern: Matrix) -> Matrix:
    """Return the ties of a projection in which an event of k nodes counts 1/(k - 1) (Newman 2001, PRE 64 016132).

    Args:
        incidence: Nodes by events, 1 where a node takes part.
        pattern: The ties of the projection that the result has.
    """
    size = np.asarray(incidence.sum(axis=0)).ravel()
    scale = np.divide(1.0, size - 1, out=np.zeros_like(size), where=size > 1)
    weights = off_diagonal((incidence * scale) @ incidence.T)
    if weights.nnz == pattern.nnz:
        return weights
    ones = sp.csr_array((np.ones(pattern.nnz), pattern.indices, pattern.indptr), shape=pattern.shape)
    selection = sp.csr_array(weights * ones)
    selection.sort_indices()
    return selection


def adjacency_dicts(
    nodes: Sequence[str], weights: Mapping[str, Matrix], whole_numbers: frozenset[str] = frozenset()
) -> dict[str, dict[str, dict[str, float]]]:
    """Return the ties of symmetric matrices as the dictionaries of networkx: node -> neighbour -> attributes.

    The matrices have the same pattern and sorted indices. Both ends of a tie share one dictionary of attributes.
    Filled row by row, because one call per tie costs as much as everything else of a projection together.

    Args:
        nodes: The name of each row.
        weights: One matrix per edge attribute.
        whole_numbers: The attributes that are counts, and become integers.
    """
    pattern = next(iter(weights.values()))
    row = np.repeat(np.arange(pattern.shape[0]), np.diff(pattern.indptr))
    upper = np.flatnonzero(row < pattern.indices)
    values = [
        (matrix.data[upper].astype(np.int64) if name in whole_numbers else matrix.data[upper]).tolist()
        for name, matrix in weights.items()
    ]
    names = list(weights)
    if len(names) == 1:
        attributes = [{names[0]: value} for value in values[0]]
    else:
        attributes = [dict(zip(names, row_values, strict=True)) for row_values in zip(*values, strict=True)]
    # The lower entries (j, i) of a csr matrix are sorted by j, then i: so are the upper entries sorted by column.
    data = np.empty(pattern.nnz, dtype=object)
    data[upper] = attributes
    order = np.argsort(pattern.indices[upper], kind="stable")
    data[np.flatnonzero(row > pattern.indices)] = data[upper[order]]
    labels = np.empty(len(nodes), dtype=object)
    labels[:] = nodes
    neighbours, ties, starts = labels[pattern.indices].tolist(), data.tolist(), pattern.indptr.tolist()
    return {
        node: dict(zip(neighbours[start:stop], ties[start:stop], strict=True))
        for node, start, stop in zip(nodes, starts[:-1], starts[1:], strict=True)
    }
