"""Names of our own vocabulary that a query uses and that do not exist: a query for them answers nothing, silently."""

from __future__ import annotations

import re
from difflib import get_close_matches

from chaingraph.errors import did_you_mean
from chaingraph.messages import tr
from chaingraph.sparql.tokens import query_tokens
from chaingraph.vocabulary import CG, CODE, PREFIXES, term_labels


def unknown_terms(query: str) -> list[str]:
    """Return a sentence for each term of ``cg:`` and ``code:`` in a query that does not exist.

    >>> unknown_terms("SELECT * { ?o a cg:Organisation ; rdfs:label 'cg:Nothing' }")
    ['no such term: cg:Organisation; did you mean cg:Organization?']
    """
    names = {str(CG): ("cg:", [*CG.__annotations__]), str(CODE): ("code:", _codes())}
    prefixes = dict(PREFIXES)
    tokens = [token for token in query_tokens(query) if token[0] != "#"]
    unknown: dict[str, list[str]] = {}
    for place, token in enumerate(tokens):
        if token.upper() == "PREFIX" and place + 2 < len(tokens):
            prefixes[tokens[place + 1].removesuffix(":")] = tokens[place + 2][1:-1]
            continue
        iri = _iri(token, prefixes)
        for namespace, (prefix, locals_) in names.items():
            local = iri.removeprefix(namespace)
            if local not in ("", iri) and local not in locals_:
                unknown[prefix + local] = [prefix + name for name in get_close_matches(local, locals_, n=1)]
    return [
        tr("no such term: {name}", name=name) + "".join(tr("; did you mean {term}?", term=term) for term in similar)
        for name, similar in unknown.items()
    ]


def undeclared_prefix(query: str) -> str:
    """Return what is wrong with the first prefix of a query that is neither declared nor ours; empty where none is.

    >>> undeclared_prefix("SELECT * { ?o a cgg:Organization ; rdfs:label 'x:y' }")
    'there is no prefix cgg:; did you mean cg:?'
    """
    tokens = [token for token in query_tokens(query) if token[0] != "#"]
    names = [*PREFIXES]
    for place, token in enumerate(tokens):
        if place and tokens[place - 1].upper() == "PREFIX":
            names.append(token.removesuffix(":"))
        elif (match := re.match(r"([A-Za-z][\w-]*):", token)) is not None and match[1] not in names:
            near = did_you_mean(f"{match[1]}:", [f"{name}:" for name in names if name])
            return tr("there is no prefix {name}:", name=match[1]) + near
    return ""


def _codes() -> list[str]:
    return [iri.removeprefix(str(CODE)) for iri in term_labels() if iri.startswith(str(CODE))]


def _iri(token: str, prefixes: dict[str, str]) -> str:
    """Return the IRI that a token is, or an empty text."""
    if token[0] == "<":
        return token[1:-1]
    prefix, colon, local = token.partition(":")
    return prefixes[prefix] + local if colon and prefix in prefixes else ""
