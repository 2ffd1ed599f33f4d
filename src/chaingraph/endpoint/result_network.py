"""The answer to a query as a network: the only place that decides what of it is a node, a tie or an attribute."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import networkx as nx
import pyoxigraph as ox

from chaingraph import provenance
from chaingraph.errors import NetworkError
from chaingraph.queries.nodes import CLASSES, NodeReader
from chaingraph.vocabulary import PREFIXES, short_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chaingraph.queries.nodes import Attribute
    from chaingraph.store import KnowledgeGraph

_TYPE = f"{PREFIXES['rdf']}type"
_LABEL = f"{PREFIXES['rdfs']}label"
_NUMBERS = {PREFIXES["xsd"] + name: int if name == "integer" else float for name in ("integer", "decimal", "double")}
_NAMELESS = "statements about a node without an IRI"
_DISTANT = "rows without both ends"

Binding = dict[str, dict[str, str]]


def network_of_triples(kg: KnowledgeGraph, content: bytes) -> nx.MultiDiGraph[str]:
    """Return triples as a network: IRIs are nodes, a statement between two is a tie, literals are attributes.

    The class that a statement gives becomes the attribute ``type``, a label ``label``, ``label_zh`` or ``label_en``,
    and another literal an attribute by the short name of its property; several of one property are joined by
    semicolons. What the store knows of a node (its names, kind, region) is put beside it. Statements about blank nodes
    or about statements are left out and counted in ``network.graph["left_out"]``.

    Args:
        kg: The graph that was asked.
        content: The triples, in N-Triples.
    """
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    literals: dict[str, dict[str, list[ox.Literal]]] = defaultdict(lambda: defaultdict(list))
    classes: dict[str, set[str]] = defaultdict(set)
    left_out: Counter[str] = Counter()
    for triple in sorted((quad.triple for quad in ox.parse(content, ox.RdfFormat.N_TRIPLES)), key=str):
        subject, name, value = triple.subject, triple.predicate.value, triple.object
        if not isinstance(subject, ox.NamedNode) or not isinstance(value, ox.NamedNode | ox.Literal):
            left_out[_NAMELESS] += 1
            continue
        network.add_node(subject.value)
        if isinstance(value, ox.Literal):
            literals[subject.value][name].append(value)
        elif name == _TYPE:
            classes[subject.value].add(value.value)
        else:
            network.add_edge(subject.value, value.value, relation=short_name(name).removeprefix("cg:"))
    stated = {node: _attributes(literals.get(node, {}), classes.get(node, set())) for node in (*literals, *classes)}
    return _finished(kg, network, stated, left_out)


def network_of_rows(kg: KnowledgeGraph, content: bytes) -> nx.MultiDiGraph[str]:
    """Return rows as a network: the first two columns of IRIs are the ends of a tie, the others its attributes.

    A row in which one of the two is missing is left out and counted in ``network.graph["left_out"]``.

    Args:
        kg: The graph that was asked.
        content: The rows, as SPARQL results in JSON.

    Raises:
        NetworkError: The rows have no two columns that hold only IRIs.
    """
    answer = json.loads(content)
    names, rows = answer["head"]["vars"], answer["results"]["bindings"]
    ends = columns_of_iris(names, rows)
    if len(ends) < 2:
        message = (
            f"the rows have {len(ends)} columns of IRIs, expected two to be the ends of ties; select two things a row, "
            "or use CONSTRUCT"
        )
        raise NetworkError(message)
    source, target = ends[:2]
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    left_out: Counter[str] = Counter()
    for row in rows:
        if source not in row or target not in row:
            left_out[_DISTANT] += 1
            continue
        held = {name: _value(row[name]) for name in names if name in row and name not in (source, target)}
        network.add_edges_from(
            [(row[source]["value"], row[target]["value"], held | {"relation": f"{source}-{target}"})]
        )
    return _finished(kg, network, {}, left_out)


def columns_of_iris(names: Iterable[str], rows: list[Binding]) -> list[str]:
    """Return the columns that hold IRIs and nothing else.

    >>> columns_of_iris(["a", "b"], [{"a": {"type": "uri", "value": "x:y"}, "b": {"type": "literal", "value": "1"}}])
    ['a']
    """
    kinds: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for name, term in row.items():
            kinds[name].add(term["type"])
    return [name for name in names if kinds[name] == {"uri"}]


def _value(term: Mapping[str, Any]) -> Attribute:
    if term["type"] == "uri":
        return short_name(term["value"])
    return _number(str(term["value"]), str(term.get("datatype", "")))


def _number(text: str, datatype: str) -> Attribute:
    try:
        return _NUMBERS[datatype](text) if datatype in _NUMBERS and len(text) < 19 else text
    except ValueError:
        return text


def _attributes(literals: Mapping[str, list[ox.Literal]], classes: set[str]) -> dict[str, Attribute]:
    found: dict[str, Attribute] = {}
    for name, values in sorted(literals.items()):
        if name == _LABEL:
            for value in values:
                language = value.language or ""
                kind = "label_zh" if language.startswith("zh") else "label_en" if language == "en" else "label"
                found.setdefault(kind, value.value)
        elif len(values) == 1:
            found[short_name(name)] = _number(values[0].value, values[0].datatype.value)
        else:
            found[short_name(name)] = "; ".join(dict.fromkeys(value.value for value in values))
    ours = [name for name in CLASSES if f"{PREFIXES['cg']}{name}" in classes]
    others = sorted(short_name(name) for name in classes)
    if classes:
        found["type"] = ours[0] if ours else others[0]
    return found


def _finished(
    kg: KnowledgeGraph,
    network: nx.MultiDiGraph[str],
    stated: Mapping[str, dict[str, Attribute]],
    left_out: Counter[str],
) -> nx.MultiDiGraph[str]:
    """Put on each node what the store knows of it and what the statements say, and name it shortly."""
    reader = NodeReader(kg)
    known: dict[str, dict[str, Attribute]] = {}
    for row in reader.labels().filter(reader.labels()["s"].is_in(list(network))).iter_rows(named=True):
        known[row.pop("s")] = {name: text for name, text in row.items() if text is not None}
    for class_name in CLASSES:
        if not set(network).isdisjoint(reader.instances(class_name)["s"]):
            known |= {iri: held for iri, held in reader.attributes(class_name).items() if iri in network}
    for node, data in network.nodes(data=True):
        data.update(known.get(node, {}))
        data.update(stated.get(node, {}))
        data.setdefault("label", data.get("label_en") or data.get("label_zh") or short_name(node))
    named: nx.MultiDiGraph[str] = nx.relabel_nodes(network, {node: short_name(node) for node in network})
    named.graph.update({"name": "answer to a query", "name_zh": "查询结果"})
    provenance.describe(named, data_sets=kg.data_sets(), left_out=left_out)
    return named
