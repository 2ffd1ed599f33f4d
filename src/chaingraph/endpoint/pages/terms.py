"""The words of the pages, and the classes of the ontology as pages show them: their order, words and colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chaingraph import languages
from chaingraph.languages import LANGUAGES
from chaingraph.queries.node_classes import CLASSES
from chaingraph.vocabulary import CG, term_labels

if TYPE_CHECKING:
    from collections.abc import Mapping

THINGS = CLASSES
"""Classes of things, in the order in which pages list them."""

RELATIONS = (
    "Membership",
    "Participation",
    "Supply",
    "Shareholding",
    "StageRole",
    "Hierarchy",
    "Site",
    "Recognition",
    "Amount",
    "Cooperation",
)
"""Classes of the nodes that relate things."""

SHORT_FORMS = (
    "leads",
    "memberOf",
    "participatesIn",
    "supplies",
    "suppliesTo",
    "holds",
    "shareholderOf",
    "partOf",
    "inCluster",
    "cooperatesWith",
)
"""Properties that repeat what those nodes say, without role, time and source."""

STATEMENTS = ("ReportedCount", "Claim", "Identity")
"""Classes of statements about things."""

ORIGINS = ("Source", "Quote")
TABLES = (*THINGS, *RELATIONS, *STATEMENTS, *ORIGINS)
"""Every class of the rows of tables; each row has exactly one of these."""


def words(language: str) -> Mapping[str, str]:
    """Return every word of the pages in a language, by its name.

    >>> words("zh")["search"], words("en")["search"]
    ('搜索', 'Search')
    """
    texts: Mapping[str, str] = languages.words("chaingraph.endpoint.pages")[language]
    return texts


def _class_entry(name: str) -> Mapping[str, Any] | None:
    """Return the words and the colour of a class on the page of a network, without importing that page's package."""
    entry: Mapping[str, Any] | None = languages.words("chaingraph.webpage")["classes"].get(name)
    return entry


def class_words(name: str) -> Mapping[str, Mapping[str, str]]:
    """Return the words for one thing of a class and for several, in both languages.

    >>> class_words("Consortium")["en"], class_words("Quote")["zh"]
    ({'one': 'consortium', 'many': 'consortia'}, {'one': '引文', 'many': '引文'})
    """
    entry = _class_entry(name)
    if entry:
        return {
            "zh": {"one": entry["zh"], "many": entry["zh"]},
            "en": dict(zip(("one", "many"), entry["en"], strict=True)),
        }
    labels = term_labels()[str(CG[name])]
    return {language: {"one": labels[language], "many": words(language)[f"many_{name}"]} for language in LANGUAGES}


def hue(name: str) -> int | None:
    """Return the number of the colour of a class on pages, None for a class without one."""
    entry = _class_entry(name)
    return None if entry is None else int(entry["hue"])
