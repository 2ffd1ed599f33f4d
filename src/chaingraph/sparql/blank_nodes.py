"""Labels of blank nodes that depend on what a graph says, not on how a file or a store calls them.

RDFC-1.0 gives the same labels to equal graphs whatever their order, but may take longer than any life: it tries every
order of blank nodes that look alike and point to each other. Where that could be, labels come from what is said around
each node, in a bounded number of rounds; nodes that look alike even so are numbered in the order of their own labels.

Source: W3C, RDF Dataset Canonicalization, Recommendation of 21 May 2024, section 7.1 (dataset poisoning); the rounds
are colour refinement (Weisfeiler and Lehman 1968).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from hashlib import blake2b
from math import factorial
from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_MOST_ROUNDS = 32
_MOST_DIGESTS = 200_000
_MOST_WORK = 20_000


def labelled(triples: Sequence[ox.Triple]) -> list[ox.Triple]:
    """Return triples with canonical labels for their blank nodes, or with those of :func:`signatures`.

    Two graphs that are equal but for their labels and order become the same triples, unless nodes that look alike are
    joined in a way for which :func:`takes_long` is true.
    """
    if not any(map(_blank_nodes, triples)):
        return list(triples)
    if not takes_long(triples):
        dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        return [quad.triple for quad in dataset]
    labels: dict[ox.BlankNode, ox.BlankNode] = {}
    numbers: Counter[str] = Counter()
    for node, signature in sorted(signatures(triples).items(), key=lambda one: (one[1], one[0].value)):
        numbers[signature] += 1
        labels[node] = ox.BlankNode(f"s{signature}n{numbers[signature]}")
    return [_renamed(triple, labels) for triple in triples]


def takes_long(triples: Iterable[ox.Triple]) -> bool:
    """Tell whether RDFC-1.0 may take long: whether many blank nodes that look alike are joined to each other.

    They look alike if the triples of each, without the labels, are the same. The work is estimated by the size of each
    group that is joined, its triples, and, unless it is a row or a ring, the number of orders of its nodes. As a whole
    a ring of 99, or a knot of 4, are little enough.

    >>> a, b, p = ox.BlankNode("a"), ox.BlankNode("b"), ox.NamedNode("urn:p")
    >>> takes_long([ox.Triple(a, p, b), ox.Triple(b, p, a)])
    False
    """
    looks, neighbours = _first_looks(triples)
    counts = Counter(looks.values())
    alike = {node for node, look in looks.items() if counts[look] > 1}
    unseen = set(alike)
    work = 0
    while unseen and work <= _MOST_WORK:
        size, ways, most, stack = 0, 0, 0, [unseen.pop()]
        while stack:
            node = stack.pop()
            joined = {other for _, other in neighbours[node] if other in alike}
            size, ways, most = size + 1, ways + len(neighbours[node]), max(most, len(joined))
            stack += joined & unseen
            unseen -= joined
        work += size * ways * (factorial(min(size, 10)) if most > 2 else 1)
    return work > _MOST_WORK


def signatures(triples: Iterable[ox.Triple]) -> dict[ox.BlankNode, str]:
    """Return for each blank node a text that depends on what is said around it, up to 32 steps away.

    In a graph with many blank nodes, the steps are fewer, at least 2.

    >>> a, b, p = ox.BlankNode("a"), ox.BlankNode("b"), ox.NamedNode("urn:p")
    >>> one = signatures([ox.Triple(a, p, ox.Literal("1")), ox.Triple(b, p, ox.Literal("2"))])
    >>> two = signatures([ox.Triple(a, p, ox.Literal("2")), ox.Triple(b, p, ox.Literal("1"))])
    >>> one[a] == two[b] != one[b] == two[a]
    True
    """
    colours, neighbours = _first_looks(triples)
    classes = len(set(colours.values()))
    for _ in range(min(_MOST_ROUNDS, 2 + _MOST_DIGESTS // max(1, len(colours)))):
        colours = {
            node: _digest([colour, *sorted(f"{way} {colours[other]}" for way, other in neighbours[node])])
            for node, colour in colours.items()
        }
        before, classes = classes, len(set(colours.values()))
        if classes in {before, len(colours)}:
            break
    return colours


def _first_looks(
    triples: Iterable[ox.Triple],
) -> tuple[dict[ox.BlankNode, str], Mapping[ox.BlankNode, list[tuple[str, ox.BlankNode]]]]:
    """Return by blank node a digest of its triples without labels, and its neighbours with the way to each."""
    texts: dict[ox.BlankNode, list[str]] = defaultdict(list)
    neighbours: dict[ox.BlankNode, list[tuple[str, ox.BlankNode]]] = defaultdict(list)
    for triple in triples:
        places = _blank_nodes(triple)
        if not places:
            continue
        skeleton = _skeleton(triple)
        for place, node in places:
            own = ",".join(where for where, other in places if other == node)
            texts[node].append(f"{own} {skeleton}")
            neighbours[node] += [(f"{place} {where} {skeleton}", other) for where, other in places if other != node]
    return {node: _digest(sorted(several)) for node, several in texts.items()}, neighbours


def _blank_nodes(triple: ox.Triple, before: str = "") -> list[tuple[str, ox.BlankNode]]:
    """Return the blank nodes of a triple with their places in it, those in triples within it too."""
    nodes = []
    for place, term in (("s", triple.subject), ("o", triple.object)):
        if isinstance(term, ox.BlankNode):
            nodes.append((before + place, term))
        elif isinstance(term, ox.Triple):
            nodes += _blank_nodes(term, before + place)
    return nodes


def _skeleton(term: Term) -> str:
    """Return a term as text, with every blank node in it as ``_:``."""
    if isinstance(term, ox.BlankNode):
        return "_:"
    if isinstance(term, ox.Triple):
        return f"<<( {_skeleton(term.subject)} {term.predicate} {_skeleton(term.object)} )>>"
    return str(term)


def _renamed(triple: ox.Triple, labels: Mapping[ox.BlankNode, ox.BlankNode]) -> ox.Triple:
    def new(term: Term) -> Term:
        if isinstance(term, ox.BlankNode):
            return labels[term]
        return _renamed(term, labels) if isinstance(term, ox.Triple) else term

    subject = new(triple.subject)
    assert not isinstance(subject, ox.Literal)
    return ox.Triple(subject, triple.predicate, new(triple.object))


def _digest(texts: Iterable[str]) -> str:
    return blake2b("\n".join(texts).encode(), digest_size=10).hexdigest()
