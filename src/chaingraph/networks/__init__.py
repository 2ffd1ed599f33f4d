"""Projections: networks of the graph's things, one function each, named for what ties them.

Each takes flat rows from the graph, makes integer arrays and sparse matrices of them, and returns a frozen networkx
graph (``.copy()`` is editable). Nodes are short names of IRIs and carry the attributes that
:func:`chaingraph.networks.things.things` lists; isolates stay. ``network.graph["weight"]`` names the edge attribute
that counts, ``network.graph["datasets"]`` the data sets with their attribution.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Protocol

import networkx as nx
import numpy as np
import polars as pl
import scipy.sparse as sp

from chaingraph.arrays import Matrix, remember
from chaingraph.networks.things import CLASSES, Attribute, Evidence, evidence, things
from chaingraph.vocabulary import short_name

if TYPE_CHECKING:
    from chaingraph.store import KnowledgeGraph

__all__ = ["CLASSES", "affiliation", "co_membership", "whole"]

_MEMBERSHIPS = """
SELECT ?membership ?organization ?consortium ?role {
  ?membership a cg:Membership ; cg:organization ?organization ; cg:consortium ?consortium
  OPTIONAL { ?membership cg:role/skos:notation ?role }
} ORDER BY ?membership"""

_DIRECT = {
    "within": ("within", "隶属于"),
    "broader": ("narrower than", "上位为"),
    "region": ("located in", "位于"),
    "industry": ("in the industry", "所属产业"),
    "chain": ("of the chain", "所属产业链"),
    "programme": ("in the programme", "列入"),
    "authority": ("under the authority of", "主管部门"),
    "consortium": ("of the consortium", "所属联合体"),
    "platform": ("on the platform", "依托平台"),
    "hostedBy": ("hosted by", "依托单位"),
    "follows": ("follows", "上一环节"),
    "stage": ("at the stage", "所处环节"),
    "inputOf": ("input of", "投入于"),
}
"""Properties that stand between two things directly, with their words in English and Chinese."""

_NODES = (
    ("Participation", "organization", "project", "participatesIn", ("participates in", "参与项目")),
    ("Supply", "supplier", "product", "supplies", ("supplies", "供应")),
    ("Supply", "supplier", "customer", "suppliesTo", ("supplies to", "供应给")),
    ("Shareholding", "shareholder", "organization", "shareholderOf", ("shareholder of", "持股")),
    ("StageRole", "organization", "stage", "holds", ("holds the stage", "承担环节")),
    ("StageRole", "consortium", "stage", "holds", ("holds the stage", "承担环节")),
    ("StageRole", "platform", "stage", "holds", ("holds the stage", "承担环节")),
    ("StageRole", "region", "stage", "holds", ("holds the stage", "承担环节")),
)
"""Relation nodes that become ties: class, from which end, to which end, the relation's name and words."""

_MEMBER_TIES = {
    ("consortium", "lead"): ("leads", ("leads", "牵头")),
    ("consortium", ""): ("memberOf", ("member of", "成员")),
    ("programme", "lead"): ("programme", ("named as a lead in", "作为牵头单位列入")),
    ("programme", ""): ("programme", ("named in", "列入")),
    ("oneOf", "lead"): ("oneOf", ("leads one of", "牵头其中之一")),
    ("oneOf", ""): ("oneOf", ("member of one of", "其中之一的成员")),
}
"""What a membership becomes as a tie, by the end that it names and its role."""


class _Tie(Protocol):
    def __call__(
        self, ends: tuple[str, str], relation: str, words: tuple[str, str], node: str | None = None, role: str = ""
    ) -> None: ...


def affiliation(kg: KnowledgeGraph, *, quotes: bool = False) -> nx.Graph[str]:
    """Tie each organization to each consortium that it is a member of.

    A two-mode network (Breiger 1974, Social Forces 53: 181-190). Every role ties. ``bipartite`` is 0 on organizations
    and 1 on consortia; a tie has ``memberships``, how many the organization has in the consortium, and ``role``. Left
    out: memberships of a programme and those that name one of several consortia.

    Args:
        kg: The graph.
        quotes: Put the words that state them on nodes and ties.
    """
    network: nx.Graph[str] = nx.Graph()
    stated = evidence(kg) if quotes else None
    organizations = _add_nodes(network, kg, "Organization", stated, bipartite=0)
    consortia = _add_nodes(network, kg, "Consortium", stated, bipartite=1)
    found: dict[tuple[str, str], list[tuple[str, str | None]]] = defaultdict(list)
    for membership, organization, consortium, role in kg.flat(_MEMBERSHIPS).iter_rows():
        if organization in organizations and consortium in consortia:
            found[organizations[organization], consortia[consortium]].append((membership, role))
    for (organization, consortium), memberships in found.items():
        words = {"relation": "memberOf", "relation_en": "member of", "relation_zh": "成员"}
        network.add_edge(organization, consortium, memberships=len(memberships), **words)
        roles = sorted({role for _, role in memberships if role is not None})
        if roles:
            network.edges[organization, consortium]["role"] = "; ".join(roles)
        if stated is not None:
            quoted = [quote for membership, _ in memberships for quote in stated[membership]]
            network.edges[organization, consortium]["quotes"] = quoted
    _finish(network, kg, "affiliation", "成员关系网络", "memberships")
    return network


def co_membership(kg: KnowledgeGraph, *, newman: bool = False, quotes: bool = False) -> nx.Graph[str]:
    """Tie two organizations for each consortium that they share.

    A node is an organization; the edge attribute ``consortia`` counts what the two share. With ``newman=True`` there is
    also ``newman``: each consortium of k members adds 1/(k - 1), so that a large one does not drown the small (Newman
    2001, PRE 64 016132). Every role ties. Left out: memberships of a programme and those that name one of several
    consortia, since neither says who works with whom.

    Args:
        kg: The graph.
        newman: Weigh each consortium by its size as well.
        quotes: Put the words that state an organization and its memberships on its node.
    """
    network: nx.Graph[str] = nx.Graph()
    stated = evidence(kg) if quotes else None
    organizations = _add_nodes(network, kg, "Organization", stated)
    rows = kg.flat(_MEMBERSHIPS).filter(pl.col("organization").is_in(list(organizations)))
    if stated is not None:
        for membership, organization in rows.select("membership", "organization").iter_rows():
            known = network.nodes[organizations[organization]]["quotes"]
            known += [quote for quote in stated[membership] if quote not in known]
    incidence = _incidence(rows, list(organizations))
    weights = {"consortia": _off_diagonal(incidence @ incidence.T)}
    if newman:
        size = np.asarray(incidence.sum(axis=0)).ravel()
        scale = np.divide(1.0, size - 1, out=np.zeros_like(size), where=size > 1)
        weights["newman"] = _off_diagonal((incidence * scale) @ incidence.T)
    _add_ties(network, list(organizations.values()), weights)
    _finish(network, kg, "co-membership", "共同成员网络", "newman" if newman else "consortia")
    for name, matrix in weights.items():
        remember(network, name, matrix)
    return network


def whole(kg: KnowledgeGraph, *, quotes: bool = False) -> nx.MultiDiGraph[str]:
    """Return every thing of the graph as a node, and every relation between two things as a directed tie.

    Nodes are organizations, consortia, programmes, platforms, projects, regions, industries, chains, stages and
    products. A tie has ``relation`` (and ``relation_en``, ``relation_zh`` in words); relation nodes such as memberships
    become ties, with their ``role``. A membership that names one of several consortia becomes a tie ``oneOf`` to each.
    Left out: reported counts, claims, identities, sources and quotes.

    Args:
        kg: The graph.
        quotes: Put the words that state them on nodes and ties.
    """
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    stated = evidence(kg) if quotes else None
    names: dict[str, str] = {}
    for class_name in CLASSES:
        names |= _add_nodes(network, kg, class_name, stated)

    def tie(
        ends: tuple[str, str], relation: str, words: tuple[str, str], node: str | None = None, role: str = ""
    ) -> None:
        if ends[0] in names and ends[1] in names:
            data: dict[str, Attribute] = {"relation": relation, "relation_en": words[0], "relation_zh": words[1]}
            if role:
                data["role"] = role
            if stated is not None and node is not None and stated[node]:
                data["quotes"] = stated[node]
            network.add_edges_from([(names[ends[0]], names[ends[1]], data)])

    _tie_directly(kg, tie)
    _tie_relation_nodes(kg, tie)
    _tie_memberships(kg, tie)
    _finish(network, kg, "whole", "全图", None)
    return network


def _tie_directly(kg: KnowledgeGraph, tie: _Tie) -> None:
    for relation, words in _DIRECT.items():
        for source, target in kg.flat(f"SELECT ?s ?o {{ ?s cg:{relation} ?o }} ORDER BY ?s ?o").iter_rows():
            tie((source, target), relation, words)


def _tie_relation_nodes(kg: KnowledgeGraph, tie: _Tie) -> None:
    for class_name, start, end, relation, words in _NODES:
        query = f"SELECT ?n ?s ?o {{ ?n a cg:{class_name} ; cg:{start} ?s ; cg:{end} ?o }} ORDER BY ?n ?s ?o"
        for node, source, target in kg.flat(query).iter_rows():
            tie((source, target), relation, words, node)


def _tie_memberships(kg: KnowledgeGraph, tie: _Tie) -> None:
    for end in ("consortium", "programme", "oneOf"):
        query = f"""SELECT ?n ?s ?o ?r {{ ?n a cg:Membership ; cg:organization ?s ; cg:{end} ?o
            OPTIONAL {{ ?n cg:role/skos:notation ?r }} }} ORDER BY ?n ?o"""
        for node, source, target, role in kg.flat(query).iter_rows():
            relation, words = _MEMBER_TIES[end, "lead" if role == "lead" else ""]
            tie((source, target), relation, words, node, role or "")


def _add_nodes(
    network: nx.Graph[str], kg: KnowledgeGraph, class_name: str, stated: Evidence | None, bipartite: int | None = None
) -> dict[str, str]:
    """Add the things of a class with their attributes; return their node names by IRI."""
    names = {}
    for iri, attributes in things(kg, class_name).items():
        names[iri] = short_name(iri)
        network.add_node(names[iri], **attributes)
        if bipartite is not None:
            network.nodes[names[iri]]["bipartite"] = bipartite
        if stated is not None:
            network.nodes[names[iri]]["quotes"] = list(stated[iri])
    return names


def _incidence(rows: pl.DataFrame, organizations: list[str]) -> Matrix:
    """Return who is a member of what: shape (organizations, consortia), 1 however many memberships there are."""
    pairs = rows.select("organization", "consortium").unique(maintain_order=True)
    position = {iri: index for index, iri in enumerate(organizations)}
    members = np.array([position[iri] for iri in pairs["organization"]], dtype=np.int64)
    order = {iri: index for index, iri in enumerate(pairs["consortium"].unique(maintain_order=True))}
    consortia = np.array([order[iri] for iri in pairs["consortium"]], dtype=np.int64)
    return sp.csr_array((np.ones(len(members)), (members, consortia)), shape=(len(position), len(order)))


def _off_diagonal(matrix: Matrix) -> Matrix:
    result = sp.csr_array(matrix)
    result.setdiag(0)
    result.eliminate_zeros()
    result.sort_indices()
    return result


def _add_ties(network: nx.Graph[str], nodes: list[str], weights: dict[str, Matrix]) -> None:
    """Add one tie for each pair above the diagonal, with one attribute for each matrix; all have the same pattern."""
    halves = {name: sp.triu(matrix, k=1, format="coo") for name, matrix in weights.items()}
    first = halves["consortia"]
    columns = [first.data.astype(np.int64).tolist(), *(half.data.tolist() for half in list(halves.values())[1:])]
    for u, v, *values in zip(first.row.tolist(), first.col.tolist(), *columns, strict=True):
        network.add_edge(nodes[u], nodes[v], **dict(zip(halves, values, strict=True)))


def _finish(network: nx.Graph[str], kg: KnowledgeGraph, name: str, name_zh: str, weight: str | None) -> None:
    network.graph.update({"name": name, "name_zh": name_zh, "datasets": kg.data_sets()})
    if weight is not None:
        network.graph["weight"] = weight
    nx.freeze(network)
