"""Codes as offices write them: roles, kinds, levels, states, and truth values."""

from __future__ import annotations

from functools import cache, lru_cache

from chaingraph.rosters.folding import clean, fold, folded_words, spellings
from chaingraph.vocabulary import code_list


@cache
def _spellings(codes: str, table: str | None) -> dict[str, str]:
    """Return the notation of each spelling of a code list, as it is compared; a table may spell some of its own."""
    notations = {fold(word): notation for word, notation in code_list(codes).spellings.items()}
    for notation, words in spellings()["codes"].get(codes, {}).items():
        for word in words:
            notations.setdefault(fold(word), notation)
    for notation, words in spellings().get(f"{codes} of {table}", {}).items():
        notations |= dict.fromkeys(map(fold, words), notation)
    return {word: notation for word, notation in notations.items() if word}


@lru_cache(maxsize=50_000)
def code_of(text: str, codes: str | None, table: str | None = None) -> str | None:
    """Return the notation of a code as an office writes it, None where it is none.

    >>> code_of("组长单位", "role"), code_of("民营企业", "organization-kind"), code_of("省部级", "level")
    ('lead', 'enterprise', 'provincial')
    >>> code_of("已验收", "status"), code_of("已验收", "status", "projects")
    (None, 'ended')
    """
    if codes is None:
        return None
    notations = _spellings(codes, table)
    key = fold(text)
    if key in notations:
        return notations[key]
    bare = fold(clean(text).split("（")[0].split("(")[0])
    return notations.get(bare)


def boolean_of(text: str) -> str | None:
    """Return ``true`` or ``false``.

    >>> boolean_of("是"), boolean_of("√"), boolean_of("×"), boolean_of("也许")
    ('true', 'true', 'false', None)
    """
    for value, words in spellings()["booleans"].items():
        if clean(text) in words or fold(text) in folded_words("booleans", value):
            return str(value)
    return None
