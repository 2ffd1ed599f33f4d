"""The registry of network measures: what each is computed by, on which networks it is defined, and what it returns.

A measure is added here, with its words in ``metrics/words.json``; the table of ``centrality``,
the commands, the endpoint, the page and the documentation read it from here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import networkx as nx
import numpy as np

from chaingraph.arrays import ArrayNetwork, Matrix, two_mode
from chaingraph.errors import NetworkError, did_you_mean, excerpt
from chaingraph.languages import words
from chaingraph.messages import lazy_tr, tr
from chaingraph.metrics.network import _betweenness, _distances, _ego, _two_mode, _walks
from chaingraph.metrics.network._matrices import Matrices, keeps_directions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

Kind = Literal["undirected", "directed", "two-mode"]
"""The kinds of networks: a two-mode network is undirected, but not every measure means something on it."""

_ALL: frozenset[Kind] = frozenset({"undirected", "directed", "two-mode"})
_SYMMETRIC: frozenset[Kind] = frozenset({"undirected", "two-mode"})
_ONE_MODE: frozenset[Kind] = frozenset({"undirected", "directed"})
_UNDIRECTED: frozenset[Kind] = frozenset({"undirected"})
_DIRECTED: frozenset[Kind] = frozenset({"directed"})
_TWO_MODE: frozenset[Kind] = frozenset({"two-mode"})
_NOWHERE: frozenset[Kind] = frozenset()

ISOLATE = lazy_tr("an isolate has no ties")
REACHES_NONE = lazy_tr("a node that reaches no other has no distances")
LARGEST = lazy_tr("defined on the largest component only")
NOT_TWO_MODE = lazy_tr(
    "'{}' is a measure of two-mode networks (every node with bipartite 0 or 1, and no ties "
    "inside a mode); measure affiliation, participation or hosting"
)
"""The message where a two-mode measure is asked of another network; takes the name."""


@dataclass(frozen=True)
class Measure:
    """A measure of the nodes of a network.

    ``values`` computes it, one number per node. ``kinds`` are the networks on which it is defined, ``short`` those of
    whose measures it is among the few that a terminal has room for. ``weighted`` tells whether it weighs the ties,
    ``whole_number`` whether it counts, ``undefined`` why it can be NaN at a node, empty if it never is.
    """

    name: str
    values: Callable[..., Values]
    kinds: frozenset[Kind]
    short: frozenset[Kind] = _NOWHERE
    weighted: bool = False
    whole_number: bool = False
    undefined: str = ""

    def label(self, language: str) -> str:
        """Return its name in a language, ``zh`` or ``en``."""
        return str(words("chaingraph.metrics")["measures"][self.name][language])


def _degree(matrix: Matrix) -> Values:
    return np.diff(matrix.indptr).astype(np.float64)


def _row_sums(matrix: Matrix) -> Values:
    return np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()


def _column_sums(matrix: Matrix) -> Values:
    return np.asarray(matrix.sum(axis=0), dtype=np.float64).ravel()


def _betweenness_values(matrices: Matrices) -> Values:
    if matrices.lengths is not None:
        return _betweenness.lengths_betweenness(matrices.lengths, directed=matrices.directed)
    return matrices.betweenness


def _pagerank(matrices: Matrices, *, damping: float = 0.85) -> Values:
    values = _without_isolates(
        matrices, _walks.pagerank(matrices.weights, damping=damping, symmetric=not matrices.directed)
    )
    # Jumps reach every node alike, so that the others have the values of the network without its isolates.
    return np.asarray(values / max(np.nansum(values), np.finfo(np.float64).tiny), dtype=np.float64)


def _katz(matrices: Matrices, *, alpha: float | None = None) -> Values:
    values = _without_isolates(matrices, _walks.katz(matrices.weights, alpha=alpha)[0])
    return np.asarray(values / max(np.sqrt(np.nansum(values**2)), np.finfo(np.float64).tiny), dtype=np.float64)


def _without_isolates(matrices: Matrices, values: Values) -> Values:
    """Return values that are NaN at isolates, of which no walk says anything."""
    return np.where(_degree(matrices.ties) + _column_sums(matrices.ties) > 0, values, np.nan)


def _by_mode(matrices: Matrices, rows: Values, columns: Values) -> Values:
    """Return the values of the two modes in the order of the nodes."""
    assert matrices.two_mode is not None
    result = np.full(matrices.size, np.nan)
    result[matrices.two_mode.rows], result[matrices.two_mode.columns] = rows, columns
    return result


def _on_incidence(kernel: Callable[[Matrix], tuple[Values, Values]]) -> Callable[[Matrices], Values]:
    def values(matrices: Matrices) -> Values:
        assert matrices.two_mode is not None
        return _by_mode(matrices, *kernel(matrices.two_mode.incidence))

    return values


def _two_mode_closeness(matrices: Matrices) -> Values:
    assert matrices.two_mode is not None
    modes = matrices.two_mode
    total = _distances.distances(matrices.ties).total[np.concatenate([modes.rows, modes.columns])]
    return _by_mode(matrices, *_two_mode.two_mode_closeness(modes.incidence, total.astype(np.float64)))


def _two_mode_betweenness(matrices: Matrices) -> Values:
    assert matrices.two_mode is not None
    rows, columns = matrices.two_mode.rows, matrices.two_mode.columns
    pairs = max((matrices.size - 1) * (matrices.size - 2) / 2, 1)
    raw = matrices.betweenness * pairs
    maxima = _two_mode.two_mode_betweenness_maximum(len(rows), len(columns))
    modes = zip((raw[rows], raw[columns]), maxima, strict=True)
    return _by_mode(matrices, *(mode / maximum if maximum > 0 else mode * 0 for mode, maximum in modes))


MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure("degree", lambda m: _degree(m.ties), _SYMMETRIC, short=_SYMMETRIC, whole_number=True),
        Measure("in_degree", lambda m: _column_sums(m.ties), _DIRECTED, short=_DIRECTED, whole_number=True),
        Measure("out_degree", lambda m: _degree(m.ties), _DIRECTED, short=_DIRECTED, whole_number=True),
        Measure("strength", lambda m: _row_sums(m.weights), _SYMMETRIC, short=_UNDIRECTED, weighted=True),
        Measure("in_strength", lambda m: _column_sums(m.weights), _DIRECTED, weighted=True),
        Measure("out_strength", lambda m: _row_sums(m.weights), _DIRECTED, weighted=True),
        Measure("betweenness", _betweenness_values, _ALL, short=_ONE_MODE),
        Measure("closeness", lambda m: _distances.closeness(m.distances_from), _SYMMETRIC, short=_UNDIRECTED),
        Measure("in_closeness", lambda m: _distances.closeness(m.distances_to), _DIRECTED),
        Measure("out_closeness", lambda m: _distances.closeness(m.distances_from), _DIRECTED),
        Measure("harmonic", lambda m: _distances.harmonic(m.distances_from), _SYMMETRIC, short=_UNDIRECTED),
        Measure("in_harmonic", lambda m: _distances.harmonic(m.distances_to), _DIRECTED, short=_DIRECTED),
        Measure("out_harmonic", lambda m: _distances.harmonic(m.distances_from), _DIRECTED, short=_DIRECTED),
        Measure(
            "eccentricity", lambda m: _distances.eccentricity(m.distances_from), _SYMMETRIC, undefined=REACHES_NONE
        ),
        Measure(
            "in_eccentricity", lambda m: _distances.eccentricity(m.distances_to), _DIRECTED, undefined=REACHES_NONE
        ),
        Measure(
            "out_eccentricity", lambda m: _distances.eccentricity(m.distances_from), _DIRECTED, undefined=REACHES_NONE
        ),
        Measure("eigenvector", lambda m: _walks.eigenvector(m.weights), _SYMMETRIC, weighted=True, undefined=LARGEST),
        Measure("pagerank", _pagerank, _ALL, short=_ONE_MODE, weighted=True, undefined=ISOLATE),
        Measure("katz", _katz, _ALL, short=_DIRECTED, weighted=True, undefined=ISOLATE),
        Measure("core_number", lambda m: _ego.core_number(m.ties), _SYMMETRIC, whole_number=True),
        Measure("clustering", lambda m: _ego.clustering(m.ties), _UNDIRECTED),
        Measure(
            "constraint",
            lambda m: _ego.constraint(m.weights),
            _ONE_MODE,
            short=_UNDIRECTED,
            weighted=True,
            undefined=ISOLATE,
        ),
        Measure(
            "effective_size", lambda m: _ego.effective_size(m.weights), _UNDIRECTED, weighted=True, undefined=ISOLATE
        ),
        Measure(
            "two_mode_degree",
            _on_incidence(_two_mode.two_mode_degree),
            _TWO_MODE,
            short=_TWO_MODE,
            undefined="the other mode is empty",
        ),
        Measure("two_mode_closeness", _two_mode_closeness, _TWO_MODE, short=_TWO_MODE),
        Measure("two_mode_betweenness", _two_mode_betweenness, _TWO_MODE, short=_TWO_MODE),
        Measure(
            "two_mode_eigenvector",
            _on_incidence(_two_mode.two_mode_eigenvector),
            _TWO_MODE,
            short=_TWO_MODE,
            undefined=LARGEST,
        ),
    )
}
"""Every measure by its name, in the order of the tables."""


def network_kind(network: nx.Graph[Any] | ArrayNetwork, directed: bool | None = None) -> Kind:
    """Return what kind of network it is; ``directed`` overrules whether directions count.

    >>> network_kind(nx.DiGraph([(0, 1)])), network_kind(nx.DiGraph([(0, 1)]), directed=False)
    ('directed', 'undirected')
    """
    if keeps_directions(network, directed):
        return "directed"
    return "undirected" if two_mode(network) is None else "two-mode"


def matrices_kind(matrices: Matrices) -> Kind:
    """Return the kind of the network that the matrices are of."""
    if matrices.directed:
        return "directed"
    return "undirected" if matrices.two_mode is None else "two-mode"


def measure_names(kind: Kind) -> list[str]:
    """Return the measures that are defined on a kind of network, in the order of the table.

    >>> measure_names("directed")[:3]
    ['in_degree', 'out_degree', 'in_strength']
    """
    return [name for name, measure in MEASURES.items() if kind in measure.kinds]


def short_names(kind: Kind) -> list[str]:
    """Return the few measures of a kind of network that a terminal has room for, in the order of the table.

    >>> short_names("undirected")
    ['degree', 'strength', 'betweenness', 'closeness', 'harmonic', 'pagerank', 'constraint']
    """
    return [name for name, measure in MEASURES.items() if kind in measure.short]


def find_measure(name: str, kind: Kind) -> Measure:
    """Return the measure of that name, if it can be computed on a kind of network.

    Of a two-mode network every measure of undirected ones can be computed, whether it means something or not.

    Raises:
        NetworkError: There is no such measure, or it is of another kind of network; says which one to take instead.
    """
    available = [
        other for other, measure in MEASURES.items() if measure.kinds & ({kind} if kind != "two-mode" else _SYMMETRIC)
    ]
    if name in available:
        return MEASURES[name]
    kinds = MEASURES[name].kinds if name in MEASURES else _NOWHERE
    if kinds == _TWO_MODE:
        message = NOT_TWO_MODE.format(name)
    elif kinds == _DIRECTED:
        message = tr(
            "'{name}' is a measure of directed networks; ask for {undirected}",
            name=name,
            undirected=name.partition("_")[2],
        )
    elif kinds:
        variants = [variant for variant in measure_names("directed") if variant.endswith(f"_{name}")]
        instead = tr("ask for {variants}, or ", variants=tr(" or ").join(variants)) if variants else ""
        message = tr(
            "'{name}' is not defined on directed ties; {instead}pass directed=False", name=name, instead=instead
        )
    else:
        message = tr(
            "there is no measure '{name}'; there are {available}", name=excerpt(name), available=", ".join(available)
        ) + did_you_mean(name, available)
    raise NetworkError(message)
