"""The answer to a query as a network: what of it is a node, a tie or an attribute."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import networkx as nx

from chaingraph import provenance
from chaingraph.errors import NetworkError
from chaingraph.messages import tr
from chaingraph.queries.node_classes import CLASSES
from chaingraph.queries.nodes import NodeReader
from chaingraph.sparql.json_results import TRIPLE_COLUMNS, bindings_of_triples, columns_of_iris
from chaingraph.vocabulary import PREFIXES, short_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chaingraph.queries.nodes import Attribute, Attributes
    from chaingraph.store import KnowledgeGraph

    Term = dict[str, str]

_TYPE = f"{PREFIXES['rdf']}type"
_LABEL = f"{PREFIXES['rdfs']}label"
_NUMBERS = {PREFIXES["xsd"] + name: int if name == "integer" else float for name in ("integer", "decimal", "double")}
_WITHOUT_IRI = "statements about a node without an IRI"
_WITHOUT_ENDS = "rows without both ends"


def network_of_triples(kg: KnowledgeGraph, content: bytes) -> nx.MultiDiGraph[str]:
    """Return triples as a network: IRIs are nodes, a statement between two is a tie, literals are attributes.

    The class that a statement gives becomes the attribute ``type``, a label ``label``, ``label_zh`` or ``label_en``,
    and another literal an attribute by the short name of its property; several of one property are joined by
    semicolons. The attributes that a node has in the store (its names, kind, region) are added. Statements about blank
    nodes or about statements are left out and counted in ``network.graph["left_out"]``.

    Args:
        kg: The graph that the query was put to.
        content: The triples, in N-Triples.
    """
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    literals: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    classes: dict[str, set[str]] = defaultdict(set)
    left_out: Counter[str] = Counter()
    for triple in bindings_of_triples(content):
        subject, predicate, value = (triple[name] for name in TRIPLE_COLUMNS)
        if subject["type"] != "uri" or value["type"] not in {"uri", "literal"}:
            left_out[_WITHOUT_IRI] += 1
            continue
        iri, name = subject["value"], predicate["value"]
        network.add_node(iri)
        if value["type"] == "literal":
            literals[iri][name].append(value)
        elif name == _TYPE:
            classes[iri].add(value["value"])
        else:
            network.add_edge(iri, value["value"], relation=short_name(name).removeprefix("cg:"))
    attributes = {node: _attributes(literals.get(node, {}), classes.get(node, set())) for node in (*literals, *classes)}
    return _with_store_attributes(kg, network, attributes, left_out)


def network_of_rows(kg: KnowledgeGraph, content: bytes) -> nx.MultiDiGraph[str]:
    """Return rows as a network: the first two columns of IRIs are the ends of a tie, the others its attributes.

    A row in which one of the two is missing is left out and counted in ``network.graph["left_out"]``.

    Args:
        kg: The graph that the query was put to.
        content: The rows, as SPARQL results in JSON.

    Raises:
        NetworkError: The rows have no two columns that hold only IRIs.
    """
    answer = json.loads(content)
    names, rows = answer["head"]["vars"], answer["results"]["bindings"]
    ends = columns_of_iris(names, rows)
    if len(ends) < 2:
        message = tr(
            "the rows have {count} columns of IRIs, expected two to be the ends of ties; "
            "select two things per row, or use CONSTRUCT",
            count=len(ends),
        )
        raise NetworkError(message)
    source, target = ends[:2]
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    left_out: Counter[str] = Counter()
    for row in rows:
        if source not in row or target not in row:
            left_out[_WITHOUT_ENDS] += 1
            continue
        attributes = {name: _value(row[name]) for name in names if name in row and name not in (source, target)}
        attributes["relation"] = f"{source}-{target}"
        network.add_edges_from([(row[source]["value"], row[target]["value"], attributes)])
    return _with_store_attributes(kg, network, {}, left_out)


def _value(term: Term) -> Attribute:
    if term["type"] == "uri":
        return short_name(term["value"])
    return _number(term["value"], term.get("datatype", ""))


def _number(text: str, datatype: str) -> Attribute:
    """Return the number that a literal of a numeric datatype is, or its text."""
    try:
        return _NUMBERS[datatype](text) if datatype in _NUMBERS and len(text) < 19 else text
    except ValueError:
        return text


def _attributes(literals: Mapping[str, list[Term]], classes: set[str]) -> Attributes:
    """Return the attributes that statements give to one node."""
    attributes: Attributes = {}
    for name, values in sorted(literals.items()):
        if name == _LABEL:
            for value in values:
                language = value.get("xml:lang", "")
                kind = "label_zh" if language.startswith("zh") else "label_en" if language == "en" else "label"
                attributes.setdefault(kind, value["value"])
        elif len(values) == 1:
            attributes[short_name(name)] = _value(values[0])
        else:
            attributes[short_name(name)] = "; ".join(dict.fromkeys(value["value"] for value in values))
    if classes:
        ours = [name for name in CLASSES if f"{PREFIXES['cg']}{name}" in classes]
        attributes["type"] = ours[0] if ours else min(short_name(name) for name in classes)
    return attributes


def _with_store_attributes(
    kg: KnowledgeGraph,
    network: nx.MultiDiGraph[str],
    attributes: Mapping[str, Attributes],
    left_out: Counter[str],
) -> nx.MultiDiGraph[str]:
    """Return the network with short names for nodes, and on each its attributes in the store and in the statements."""
    reader = NodeReader(kg)
    stored: dict[str, Attributes] = {}
    for row in reader.labels().filter(reader.labels()["s"].is_in(list(network))).iter_rows(named=True):
        stored[row.pop("s")] = {name: text for name, text in row.items() if text is not None}
    for class_name in CLASSES:
        if not set(network).isdisjoint(reader.instances(class_name)["s"]):
            stored |= {iri: values for iri, values in reader.attributes(class_name).items() if iri in network}
    for node, data in network.nodes(data=True):
        data.update(stored.get(node, {}))
        data.update(attributes.get(node, {}))
        data.setdefault("label", data.get("label_en") or data.get("label_zh") or short_name(node))
    result: nx.MultiDiGraph[str] = nx.relabel_nodes(network, {node: short_name(node) for node in network})
    result.graph.update({"name": "answer to a query", "name_zh": "查询结果"})
    provenance.describe(result, data_sets=kg.data_sets(), left_out=left_out)
    return result
