"""What pages call things: the labels of the ontology's terms and codes, and the words of ``words.json``."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from chaingraph import languages
from chaingraph.languages import LANGUAGES
from chaingraph.queries.nodes import CLASSES
from chaingraph.resources import ontology_file
from chaingraph.vocabulary import CG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

THINGS = CLASSES
"""Classes of things, in the order in which pages list them."""

RELATIONS = ("Membership", "Participation", "Supply", "Shareholding", "StageRole")
"""Classes of the nodes that stand between things."""

SHORT_FORMS = ("leads", "memberOf", "participatesIn", "supplies", "suppliesTo", "holds", "shareholderOf")
"""Properties that repeat what those nodes say, without role, time and source."""

STATEMENTS = ("ReportedCount", "Claim", "Identity")
"""Classes of what is only said about things."""

ORIGINS = ("Source", "Quote")
TABLES = (*THINGS, *RELATIONS, *STATEMENTS, *ORIGINS)
"""Every class that a table's rows have; each row has exactly one of these."""


@cache
def term_names() -> Mapping[str, Mapping[str, str]]:
    """Return the labels of terms and codes in both languages, by IRI.

    >>> term_names()["https://w3id.org/chaingraph/code#role-lead"]
    mappingproxy({'en': 'lead', 'zh': '牵头单位'})
    """
    found: dict[str, dict[str, str]] = {}
    for file in ("chaingraph.ttl", "codes.ttl"):
        for quad in ox.parse(path=str(ontology_file(file)), format=ox.RdfFormat.TURTLE):
            label = quad.object
            if quad.predicate.value == f"{PREFIXES['rdfs']}label" and isinstance(label, ox.Literal) and label.language:
                found.setdefault(str(getattr(quad.subject, "value", "")), {})[label.language] = label.value
    return {iri: MappingProxyType(dict(sorted(labels.items()))) for iri, labels in found.items()}


def words(language: str) -> Mapping[str, str]:
    """Return every word of the pages in a language, by its name.

    >>> words("zh")["search"], words("en")["search"]
    ('搜索', 'Search')
    """
    texts: Mapping[str, str] = languages.words("chaingraph.endpoint.pages")[language]
    return texts


def _class_entry(name: str) -> Mapping[str, Any] | None:
    """What the page of a network calls a class and how it colours it; read without loading what draws it."""
    entry: Mapping[str, Any] | None = languages.words("chaingraph.webpage")["classes"].get(name)
    return entry


def class_words(name: str) -> Mapping[str, Mapping[str, str]]:
    """Return what one thing of a class and what several are called in both languages.

    >>> class_words("Consortium")["en"], class_words("Quote")["zh"]
    ({'one': 'consortium', 'many': 'consortia'}, {'one': '引文', 'many': '引文'})
    """
    entry = _class_entry(name)
    if entry:
        return {
            "zh": {"one": entry["zh"], "many": entry["zh"]},
            "en": dict(zip(("one", "many"), entry["en"], strict=True)),
        }
    labels = term_names()[str(CG[name])]
    return {language: {"one": labels[language], "many": words(language)[f"many_{name}"]} for language in LANGUAGES}


def hue(name: str) -> int | None:
    """Return the number of the colour that pages give a class, None for the rest."""
    entry = _class_entry(name)
    return None if entry is None else int(entry["hue"])
