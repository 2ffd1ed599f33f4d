"""Measures of a projection that are computed from its memberships: its ties, which are many more, are never stored.

Two members are tied for each event that they share, as in ``co_membership``. Each function takes an
:class:`chaingraph.arrays.Affiliation`, in either mode, and returns one number per member, in the order of
``affiliation.members``; 100 million memberships fit into 5 GB. The same measures of networks of other kinds are those
of ``centrality``, which takes an affiliation as well, and computes its ties.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import scipy.sparse as sp

from chaingraph.errors import NetworkError
from chaingraph.messages import tr
from chaingraph.metrics.network._membership_sums import Products, SampledSums, blocks_of_rows
from chaingraph.metrics.network._partition import by_size
from chaingraph.metrics.network._search import TUNING, search_by_words
from chaingraph.metrics.network._walks import check_damping, symmetric_rank

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chaingraph.arrays import Affiliation

    Counts = NDArray[np.int64]
    Values = NDArray[np.float64]

SOURCES = 256
"""How many members the sampled distances start from."""
PAIRS = 2**24
"""How many pairs of a member and one that it shares an event with are counted at once."""


def membership_count(affiliation: Affiliation) -> Counts:
    """Return the number of events of each member.

    >>> from polars import DataFrame
    >>> from chaingraph.arrays import Affiliation
    >>> membership_count(Affiliation.from_frame(DataFrame({"member": ["a", "a", "b"], "event": ["x", "y", "x"]})))
    array([2, 1])
    """
    return np.diff(affiliation.incidence.indptr).astype(np.int64)


def projection_strength(affiliation: Affiliation, weight: Literal["shared", "newman"] = "shared") -> Values:
    """Return the sum of the weights of each member's ties.

    Args:
        affiliation: The memberships.
        weight: ``shared`` counts the events that two share, so that an event of k members adds k - 1 to each;
            ``newman`` counts it 1/(k - 1), so that it adds 1 if it has another member (Newman 2001, PRE 64 016132).

    Raises:
        NetworkError: The weight is another, or the network has a minimum.

    >>> from polars import DataFrame
    >>> from chaingraph.arrays import Affiliation
    >>> pairs = DataFrame({"member": ["a", "b", "c", "c"], "event": ["x", "x", "x", "y"]})
    >>> projection_strength(Affiliation.from_frame(pairs)).tolist()
    [2.0, 2.0, 2.0]
    """
    _check(affiliation)
    products = Products(affiliation)
    return products.of_events(_others(products, weight))


def _others(products: Products, weight: str) -> Values:
    """Return what an event adds to the strength of each of its members."""
    others = np.maximum(products.event_sizes - 1, 0).astype(np.float64)
    if weight == "shared":
        return others
    if weight == "newman":
        return np.minimum(others, 1.0)
    message = tr("the weight is '{weight}', expected shared or newman", weight=weight)
    raise NetworkError(message)


def projection_degree(affiliation: Affiliation, *, pairs: int = PAIRS) -> Counts:
    """Return with how many others each member shares an event, exactly.

    The time grows with the sum of the squared sizes of the events.

    Args:
        affiliation: The memberships.
        pairs: How many pairs of members are counted at once, which decides the memory: about 20 bytes a pair.

    Raises:
        NetworkError: The network has a minimum.

    >>> from polars import DataFrame
    >>> from chaingraph.arrays import Affiliation
    >>> pairs = DataFrame({"member": ["a", "b", "c", "b"], "event": ["x", "x", "y", "y"]})
    >>> projection_degree(Affiliation.from_frame(pairs)).tolist()
    [1, 2, 1]
    """
    _check(affiliation)
    products = Products(affiliation)
    # A member is in its own row of the product; one without events is not.
    degree = -(membership_count(affiliation) > 0).astype(np.int64)
    work = products.of_events(products.event_sizes.astype(np.float64))
    events = products.by_event.astype(np.bool_)
    for start, stop in blocks_of_rows(np.cumsum(work), pairs):
        block = affiliation.incidence[start:stop].astype(np.bool_)
        degree[start:stop] += np.diff(sp.csr_array(block @ events).indptr)
    return degree


def projection_components(affiliation: Affiliation) -> Counts:
    """Return the component of each member as a number, 0 for that of most members; of one size by the first member.

    >>> from polars import DataFrame
    >>> from chaingraph.arrays import Affiliation
    >>> pairs = DataFrame({"member": ["a", "b", "c"], "event": ["y", "x", "x"]})
    >>> projection_components(Affiliation.from_frame(pairs)).tolist()
    [1, 0, 0]
    """
    _check(affiliation)
    return by_size(Products(affiliation).components())


def projection_pagerank(
    affiliation: Affiliation, *, damping: float = 0.85, weight: Literal["shared", "newman"] = "shared"
) -> Values:
    """Return PageRank over the ties by their weight, as ``pagerank``: in sum 1, NaN for a member without ties.

    Args:
        affiliation: The memberships.
        damping: The probability to follow a tie.
        weight: As in ``projection_strength``.

    Raises:
        NetworkError: The damping is not in [0, 1), the weight is unknown, or the network has a minimum.

    >>> from polars import DataFrame
    >>> from chaingraph.arrays import Affiliation
    >>> pairs = DataFrame({"member": ["a", "b", "c", "b"], "event": ["x", "x", "y", "y"]})
    >>> projection_pagerank(Affiliation.from_frame(pairs)).round(4).tolist()
    [0.2568, 0.4865, 0.2568]
    """
    _check(affiliation)
    check_damping(damping)
    products = Products(affiliation)
    others = _others(products, weight)
    strength = products.of_events(others)
    per_event = (
        np.ones(len(others))
        if weight == "shared"
        else np.divide(1.0, products.event_sizes - 1, out=np.zeros(len(others)), where=products.event_sizes > 1)
    )
    rank = symmetric_rank(_Ties(products, per_event), strength, damping) if len(strength) else strength
    values = np.where(strength > 0, rank, np.nan)
    return np.asarray(values / max(np.nansum(values), np.finfo(np.float64).tiny), dtype=np.float64)


class _Ties:
    """The matrix of the ties by weight, of which only products with vectors are taken."""

    def __init__(self, products: Products, per_event: Values) -> None:
        self._products, self._per_event = products, per_event
        self._diagonal = products.of_events(per_event)

    def __matmul__(self, vector: Values) -> Values:
        return self._products.of_events(self._per_event * self._products.of_members(vector)) - self._diagonal * vector


@dataclass(frozen=True)
class SampledDistances:
    """Measures of distance estimated from some members, one number per member each, with their standard errors.

    ``harmonic`` and ``closeness`` are those of the functions of these names, exact if all members are sources. NaN is
    the closeness of a member in a component without sources. ``sources`` of ``of`` members were searched from, drawn
    without replacement by ``seed``.
    """

    harmonic: Values
    closeness: Values
    harmonic_error: Values
    closeness_error: Values
    sources: int
    of: int
    seed: int

    @property
    def relative_error(self) -> float:
        """The root mean square of the standard errors of harmonic centrality, each over its value."""
        known = self.harmonic > 0
        return float(np.sqrt(np.mean((self.harmonic_error[known] / self.harmonic[known]) ** 2))) if known.any() else 0.0


def projection_distances(affiliation: Affiliation, *, sources: int = SOURCES, seed: int = 0) -> SampledDistances:
    """Return harmonic centrality and closeness in [0, 1], estimated by searches from some members.

    Distances count ties. 64 searches share the bits of a word (Then et al. 2014, PVLDB 8: 449-460). The mean of 1/d
    over the other sources is an unbiased estimate of that over all others (Eppstein and Wang 2004, J. Graph Algorithms
    Appl. 8: 39-45); the standard error is that of a mean of a sample without replacement. For closeness the number of
    members that one reaches is exact, and their mean distance estimated.

    Args:
        affiliation: The memberships.
        sources: How many members to search from; all if there are fewer.
        seed: Of the draw.

    Raises:
        NetworkError: There are fewer than two sources, or the network has a minimum.

    >>> from polars import DataFrame
    >>> from chaingraph.arrays import Affiliation
    >>> pairs = DataFrame({"member": ["a", "b", "c", "b"], "event": ["x", "x", "y", "y"]})
    >>> projection_distances(Affiliation.from_frame(pairs)).harmonic.tolist()
    [0.75, 1.0, 0.75]
    """
    _check(affiliation)
    if sources < 2:
        message = tr("sources={sources}, expected at least 2", sources=sources)
        raise NetworkError(message)
    size = len(affiliation.members)
    origins = np.sort(np.random.default_rng(seed).choice(size, size=min(sources, size), replace=False))
    component = projection_components(affiliation)
    sums = SampledSums(size)
    if size:
        search_by_words(Products(affiliation).hops(), component, origins, sums, 1, TUNING._replace(effort=float("inf")))
    harmonic, harmonic_error = sums.harmonic(origins)
    closeness, closeness_error = sums.closeness(len(origins), np.bincount(component)[component] - 1)
    return SampledDistances(harmonic, closeness, harmonic_error, closeness_error, len(origins), size, seed)


def _check(affiliation: Affiliation) -> None:
    """Refuse a network whose ties are not all that its memberships make."""
    if affiliation.minimum > 1:
        message = tr(
            "the network has only ties of at least {minimum}, which its memberships do not tell; take centrality()",
            minimum=affiliation.minimum,
        )
        raise NetworkError(message)
