"""Terms: the ontology's names as IRIs, its labels, and the spellings of codes with their notations."""

# ruff: noqa: N815 (a term's attribute is spelt as in its IRI)

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from rdflib import RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DefinedNamespace

from chaingraph.errors import UnknownTermError
from chaingraph.messages import enumeration, in_both_languages
from chaingraph.resources import ontology_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib.term import Node


class CG(DefinedNamespace):
    """The terms of the ontology; a name that it does not define is refused.

    >>> print(CG.Consortium)
    https://w3id.org/chaingraph/ontology#Consortium
    >>> CG.Konsortium
    Traceback (most recent call last):
        ...
    AttributeError: term 'Konsortium' not in namespace 'https://w3id.org/chaingraph/ontology#'
    """

    _NS = Namespace("https://w3id.org/chaingraph/ontology#")
    _fail = True

    Amount: URIRef
    Chain: URIRef
    Claim: URIRef
    Cluster: URIRef
    Consortium: URIRef
    Cooperation: URIRef
    DownstreamSubject: URIRef
    Enterprise: URIRef
    Event: URIRef
    GovernmentBody: URIRef
    Hierarchy: URIRef
    Identity: URIRef
    Industry: URIRef
    LeadingEnterprise: URIRef
    Membership: URIRef
    MidstreamSubject: URIRef
    Organization: URIRef
    Participation: URIRef
    Platform: URIRef
    Product: URIRef
    Programme: URIRef
    Project: URIRef
    Quote: URIRef
    Recognition: URIRef
    Region: URIRef
    ReportedCount: URIRef
    ResearchInstitute: URIRef
    Shareholding: URIRef
    Site: URIRef
    Source: URIRef
    Stage: URIRef
    StageRole: URIRef
    Supply: URIRef
    University: URIRef
    UpstreamSubject: URIRef

    address: URIRef
    amount: URIRef
    announced: URIRef
    announcedEarliest: URIRef
    announcedLatest: URIRef
    asOf: URIRef
    asOfEarliest: URIRef
    asOfLatest: URIRef
    atLeastOneOf: URIRef
    attribution: URIRef
    authority: URIRef
    body: URIRef
    broader: URIRef
    budget: URIRef
    chain: URIRef
    claimedValue: URIRef
    claimStatus: URIRef
    cluster: URIRef
    code: URIRef
    consortium: URIRef
    contribution: URIRef
    cooperatesWith: URIRef
    counterparty: URIRef
    counts: URIRef
    currency: URIRef
    customer: URIRef
    date: URIRef
    dateEarliest: URIRef
    dateLatest: URIRef
    decision: URIRef
    each: URIRef
    end: URIRef
    endEarliest: URIRef
    endLatest: URIRef
    endOffset: URIRef
    evidence: URIRef
    exact: URIRef
    follows: URIRef
    form: URIRef
    founded: URIRef
    foundedEarliest: URIRef
    foundedLatest: URIRef
    furtherKey: URIRef
    grade: URIRef
    holds: URIRef
    hostedBy: URIRef
    inCluster: URIRef
    industry: URIRef
    inputOf: URIRef
    isLeadMembership: URIRef
    isMembership: URIRef
    isParticipation: URIRef
    kind: URIRef
    language: URIRef
    latitude: URIRef
    leadCounted: URIRef
    leads: URIRef
    left: URIRef
    level: URIRef
    levelAtLeast: URIRef
    licence: URIRef
    longitude: URIRef
    memberOf: URIRef
    merges: URIRef
    neededFor: URIRef
    oneOf: URIRef
    organization: URIRef
    parent: URIRef
    participant: URIRef
    participatesIn: URIRef
    partOf: URIRef
    party: URIRef
    payer: URIRef
    placing: URIRef
    platform: URIRef
    platformKind: URIRef
    precision: URIRef
    prefix: URIRef
    product: URIRef
    programme: URIRef
    project: URIRef
    property: URIRef
    published: URIRef
    publishedEarliest: URIRef
    publishedLatest: URIRef
    publisher: URIRef
    qualifier: URIRef
    rank: URIRef
    reason: URIRef
    record: URIRef
    referenceTable: URIRef
    region: URIRef
    retrieved: URIRef
    retrievedEarliest: URIRef
    retrievedLatest: URIRef
    right: URIRef
    role: URIRef
    segment: URIRef
    sha256: URIRef
    share: URIRef
    shareholder: URIRef
    shareholderOf: URIRef
    since: URIRef
    sinceEarliest: URIRef
    sinceLatest: URIRef
    small: URIRef
    source: URIRef
    stage: URIRef
    start: URIRef
    startEarliest: URIRef
    startLatest: URIRef
    startOffset: URIRef
    status: URIRef
    subject: URIRef
    suffix: URIRef
    supplier: URIRef
    supplies: URIRef
    suppliesTo: URIRef
    text: URIRef
    textLanguage: URIRef
    topic: URIRef
    unit: URIRef
    until: URIRef
    untilEarliest: URIRef
    untilLatest: URIRef
    url: URIRef
    value: URIRef
    website: URIRef
    when: URIRef
    within: URIRef
    year: URIRef
    yearEarliest: URIRef
    yearLatest: URIRef


CODE = Namespace("https://w3id.org/chaingraph/code#")
"""Lists are ``code:role``, their codes ``code:role-lead``."""

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "cg": "https://w3id.org/chaingraph/ontology#",
        "code": "https://w3id.org/chaingraph/code#",
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "id": "https://w3id.org/chaingraph/id/",
        "owl": "http://www.w3.org/2002/07/owl#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)
"""The prefixes that every query may use without declaring them."""


def short_name(iri: str) -> str:
    """Return an IRI abbreviated by the known prefixes, or as it is.

    >>> short_name("https://w3id.org/chaingraph/code#role-lead")
    'code:role-lead'
    """
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def full_iri(name: str) -> str:
    """Return the IRI that a short name stands for, or the text as it is.

    >>> full_iri("code:role-lead")
    'https://w3id.org/chaingraph/code#role-lead'
    """
    prefix, colon, local = name.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else name


@dataclass(frozen=True)
class Code:
    """One value of a code list, as cells write it (``notation``) and as people read it.

    ``alternatives`` are the other spellings accepted in cells. ``rank`` orders a list in which one code can be at least
    another (3 national, 2 provincial, 1 municipal) and is None elsewhere.
    """

    notation: str
    iri: str
    label_en: str
    label_zh: str
    alternatives: tuple[str, ...]
    rank: int | None


@dataclass(frozen=True)
class CodeList:
    """A code list with its codes in the order of the ontology's file."""

    name: str
    iri: str
    label_en: str
    label_zh: str
    codes: tuple[Code, ...]

    @cached_property
    def spellings(self) -> Mapping[str, str]:
        """Every accepted spelling, casefolded and stripped, with the notation that it stands for.

        >>> spellings = code_list("role").spellings
        >>> spellings["牵头企业"], spellings["third party"]
        ('lead', 'third-party')
        >>> "组长单位" in spellings
        False
        """
        return MappingProxyType(
            {
                spelling.strip().casefold(): code.notation
                for code in self.codes
                for spelling in (code.notation, code.label_en, code.label_zh, *code.alternatives)
            }
        )

    def expected(self) -> str:
        """Return the codes as a message names them.

        >>> code_list("segment").expected()
        'upstream (上游), midstream (中游), downstream (下游), unstated (未说明)'
        """
        return enumeration(in_both_languages(code.notation, code.label_zh) for code in self.codes)


@cache
def code_list(name: str) -> CodeList:
    """Return a code list by the name that ends its IRI.

    >>> [code.rank for code in code_list("level").codes]
    [3, 2, 1, None, None]

    Raises:
        UnknownTermError: There is no such list.
    """
    graph = _code_graph()
    scheme = CODE[name]
    if (scheme, RDF.type, SKOS.ConceptScheme) not in graph:
        names = sorted(str(list_iri).removeprefix(CODE) for list_iri in graph.subjects(RDF.type, SKOS.ConceptScheme))
        raise UnknownTermError(name, names)
    labels = _by_language(graph, scheme)
    # rdflib's store in memory is made of dicts and therefore yields the concepts in the order of the file.
    codes = tuple(_code(graph, concept) for concept in graph.subjects(SKOS.inScheme, scheme))
    return CodeList(name, str(scheme), labels["en"], labels["zh"], codes)


@cache
def term_labels() -> Mapping[str, Mapping[str, str]]:
    """Return the labels of the ontology's terms and codes by IRI, each by language (en, zh).

    >>> term_labels()["https://w3id.org/chaingraph/code#role-lead"]
    mappingproxy({'en': 'lead', 'zh': '牵头单位'})
    """
    labels: dict[str, dict[str, str]] = {}
    for graph in (Graph().parse(ontology_file("chaingraph.ttl"), format="turtle"), _code_graph()):
        for subject, label in graph.subject_objects(RDFS.label):
            if isinstance(label, Literal) and label.language:
                labels.setdefault(str(subject), {})[label.language] = str(label)
    return {iri: MappingProxyType(dict(sorted(texts.items()))) for iri, texts in labels.items()}


@cache
def _code_graph() -> Graph:
    return Graph().parse(ontology_file("codes.ttl"), format="turtle")


def _code(graph: Graph, concept: Node) -> Code:
    labels = _by_language(graph, concept)
    rank = graph.value(concept, CG.rank)
    return Code(
        notation=str(graph.value(concept, SKOS.notation)),
        iri=str(concept),
        label_en=labels["en"],
        label_zh=labels["zh"],
        alternatives=tuple(sorted(str(label) for label in graph.objects(concept, SKOS.altLabel))),
        rank=None if rank is None else int(str(rank)),
    )


def _by_language(graph: Graph, subject: Node) -> dict[str | None, str]:
    return {label.language: str(label) for label in graph.objects(subject, RDFS.label) if isinstance(label, Literal)}
