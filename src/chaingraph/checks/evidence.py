"""Evidence: whether quotes stand word for word in their sources, what is behind a thing, and what rests on a source."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
import polars as pl

from chaingraph.checks.findings import VIOLATION, WARNING, Finding
from chaingraph.errors import QueryError, UnreadableError, shown
from chaingraph.queries.evidence import SOURCE, STATES
from chaingraph.vocabulary import full_iri, short_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chaingraph.store import KnowledgeGraph

_GRAM = 3
_FAR_LIMIT = 1000

_QUOTES = """
SELECT ?quote ?exact ?prefix ?suffix ?source ?title ?text ?sha256 {
  ?quote a cg:Quote ; cg:exact ?exact ; cg:source ?source . ?source rdfs:label ?title
  OPTIONAL { ?quote cg:prefix ?prefix } OPTIONAL { ?quote cg:suffix ?suffix }
  OPTIONAL { ?source cg:text ?text } OPTIONAL { ?source cg:sha256 ?sha256 }
} ORDER BY ?quote"""

_WHY = f"""
SELECT DISTINCT ?statement ?quote ?exact ?record ?source ?title ?url ?published {{
  {{ VALUES ?statement {{ <%s> }} }}
  UNION {{ VALUES ?thing {{ <%s> }} ?statement ?role ?thing ; a ?class .
    FILTER (?class IN (cg:Membership, cg:Participation, cg:Supply, cg:Shareholding, cg:StageRole, cg:Claim, cg:Identity,
      cg:ReportedCount)) }}
  {STATES}
  UNION {{ ?statement a cg:Quote ; cg:exact ?exact ; cg:source ?source BIND (?statement AS ?quote) {SOURCE} }}
}} ORDER BY ?statement ?quote ?record"""

_RESTING = """
SELECT ?thing ?class ?source {
  { ?thing cg:evidence/cg:source ?source } UNION { ?thing cg:record ?record ; cg:source ?source }
  ?thing a ?class
}"""


@dataclass(frozen=True)
class Passage:
    """The piece of a text that comes nearest to a quote, and how many characters it is off."""

    words: str
    distance: int


def folded_text(text: str) -> str:
    r"""Return a text as quotes are compared: white space folded, Unicode forms made one (NFKC), the script as it is.

    >>> folded_text("共 有\n１３６家")
    '共 有 136家'
    """
    return " ".join(unicodedata.normalize("NFKC", text).split())


def nearest_passage(words: str, text: str) -> Passage:
    """Return the passage of ``text`` that comes nearest to ``words`` (both folded), and its edit distance.

    The place is the one that most three-character pieces of the words vote for. A text without any of them has no
    near passage: the distance is then the length of the words.

    >>> nearest_passage("a total of 11 consortia", "there was a total of 10 consortia in all")
    Passage(words='a total of 10 consortia', distance=1)
    """
    places: Counter[int] = Counter()
    pieces: dict[str, list[int]] = {}
    for start in range(len(text) - _GRAM + 1):
        pieces.setdefault(text[start : start + _GRAM], []).append(start)
    for offset in range(len(words) - _GRAM + 1):
        for start in pieces.get(words[offset : offset + _GRAM], ())[:_FAR_LIMIT]:
            places[start - offset] += 1
    if not places:
        return Passage("", len(words))
    most = max(places.values())
    start = max(0, min(place for place, votes in places.items() if votes == most))
    ends = range(max(start + 1, start + len(words) - 12), min(len(text), start + len(words) + 12) + 1)
    window = text[start : ends[-1]] if len(ends) else text[start:]
    distances = _edit_distances(words, window)
    length = min(range(1, len(window) + 1), key=lambda size: (distances[size], abs(size - len(words))))
    return Passage(window[:length], distances[length])


def _edit_distances(words: str, window: str) -> list[int]:
    """Return the Levenshtein distance of ``words`` to each beginning of ``window``."""
    row = list(range(len(window) + 1))
    for number, letter in enumerate(words, start=1):
        above, row[0] = row[0], number
        for place, other in enumerate(window, start=1):
            above, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, above + (letter != other))
    return row


def quote_findings(kg: KnowledgeGraph, texts: Path | None) -> Iterator[Finding]:
    """Hold every quote against its source's text, where ``texts`` has it.

    Raises:
        UnreadableError: A text is there but is no UTF-8.
    """
    quotes = kg.select_text(_QUOTES)
    at_hand: dict[str, str | None] = {}
    for source, title, name, sha256 in (
        quotes.select("source", "title", "text", "sha256").unique().sort("source").iter_rows()
    ):
        content = _content(texts, name)
        at_hand[source] = None if content is None else folded_text(content.decode())
        if content is not None and sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
            message = "the text at hand is not the one that was archived (its SHA-256 differs); take the archived one"
            yield Finding(VIOLATION, "text", short_name(source), title, message)
    absent: Counter[tuple[str, str]] = Counter()
    for quote in quotes.iter_rows(named=True):
        text = at_hand[quote["source"]]
        if text is None:
            absent[quote["source"], quote["title"]] += 1
        else:
            yield from _quote_findings(quote, text)
    for (source, title), count in sorted(absent.items()):
        plural = "quote" if count == 1 else "quotes"
        message = f"{count} {plural} could not be held against the source, whose text is not at hand"
        yield Finding(WARNING, "text not at hand", short_name(source), title, message)


def _content(texts: Path | None, name: str | None) -> bytes | None:
    """Return the archived words, looked up by file name in one folder and nowhere else."""
    if texts is None or name is None:
        return None
    path = texts / name
    if path.parent.resolve() != texts.resolve() or not path.is_file():
        return None
    content = path.read_bytes()
    try:
        content.decode()
    except UnicodeDecodeError as error:
        raise UnreadableError(path, "is no text in UTF-8; save it as such") from error
    return content


def _quote_findings(quote: dict[str, str | None], text: str) -> Iterator[Finding]:
    exact = folded_text(quote["exact"] or "")
    name, title = short_name(quote["quote"] or ""), quote["title"] or ""
    prefix, suffix = folded_text(quote["prefix"] or ""), folded_text(quote["suffix"] or "")
    places = [place for place in _places(exact, text) if _fits(place, exact, text, prefix, suffix)]
    if len(places) == 1:
        return
    if len(places) > 1:
        message = f"stands {len(places)} times in the source; a prefix or suffix must say which: '{shown(exact)}'"
        yield Finding(WARNING, "quote", name, title, message, (exact,))
    elif exact in text:
        message = f"stands in the source, but nowhere between this prefix and suffix: '{shown(exact)}'"
        yield Finding(VIOLATION, "quote", name, title, message, (exact,))
    else:
        near = nearest_passage(exact, text)
        off = f"{near.distance} character{'' if near.distance == 1 else 's'}"
        found = f"; the nearest passage differs by {off}: '{near.words}'" if near.words else ""
        message = f"does not stand in the source: '{exact}'{found}"
        yield Finding(VIOLATION, "quote", name, title, message, (exact, near.words))


def _places(exact: str, text: str) -> Iterator[int]:
    start = text.find(exact)
    while start >= 0:
        yield start
        start = text.find(exact, start + 1)


def _fits(place: int, exact: str, text: str, prefix: str, suffix: str) -> bool:
    before, after = text[:place].rstrip(), text[place + len(exact) :].lstrip()
    return before.endswith(prefix) and after.startswith(suffix)


def rows_without_evidence(kg: KnowledgeGraph) -> pd.DataFrame:
    """Count, by class, the rows that lead to neither a quote nor a record of a register.

    Returns:
        ``class``, ``rows`` and ``without``, one row a class of the ontology; sources and quotes need none themselves.
    """
    classes = kg.select_text(
        "SELECT ?s ?c { ?s a ?c FILTER (STRSTARTS(STR(?c), STR(cg:)) && ?c NOT IN (cg:Source, cg:Quote)) }"
    )
    stated = kg.select_text(
        "SELECT DISTINCT ?s { { ?s cg:evidence ?q } UNION { ?s cg:record ?r ; cg:source ?source } }"
    )
    counted = (
        classes.with_columns(without=~pl.col("s").is_in(stated["s"].to_list()))
        .group_by("c")
        .agg(rows=pl.len(), without=pl.col("without").sum())
        .sort("c")
    )
    frame = pd.DataFrame({name: counted[name].to_list() for name in ("c", "rows", "without")})
    frame["c"] = [short_name(iri) for iri in frame["c"]]
    return frame.rename(columns={"c": "class"})


def why(kg: KnowledgeGraph, thing: str) -> pd.DataFrame:
    """Return what is behind a thing: the quotes, records and sources of its own row and of each relation that names it.

    Args:
        kg: The graph.
        thing: The IRI, in full or short (``id:cn/organizations/su-da-wei-ge``).

    Returns:
        One row a quote or record: ``statement`` (the node that it states), ``quote``, ``exact``, ``record``,
        ``source``, ``title``, ``url``, ``published``. Empty if nothing is.

    Raises:
        QueryError: The text is no IRI.
    """
    return kg.select(_WHY % (_checked_iri(thing), _checked_iri(thing)))


def rests_on(kg: KnowledgeGraph, source: str) -> pd.DataFrame:
    """Return what rests on a source: every node that it states, and whether it falls if the source is withdrawn.

    Args:
        kg: The graph.
        source: The source's IRI, in full or short (``id:cn/sources/s01``).

    Returns:
        ``thing``, ``class`` and ``falls`` (True where no other source states it), sorted.
    """
    iri = _checked_iri(source)
    rows = kg.select_text(_RESTING).filter(pl.col("class").str.starts_with(full_iri("cg:"))).unique()
    named = rows.filter(pl.col("source") == iri)["thing"].unique()
    alone = rows.filter(pl.col("thing").is_in(named.to_list())).group_by("thing").agg(pl.col("source").n_unique() == 1)
    falls = dict(alone.iter_rows())
    things = rows.filter(pl.col("source") == iri).sort("class", "thing").select("thing", "class")
    return pd.DataFrame(
        {
            "thing": [short_name(thing) for thing in things["thing"]],
            "class": [short_name(name) for name in things["class"]],
            "falls": [falls[thing] for thing in things["thing"]],
        }
    )


def _checked_iri(text: str) -> str:
    """Return the full IRI, refusing whatever could be more than a name inside a query."""
    iri = full_iri(text)
    if any(letter in iri for letter in '<>"{}|\\^`') or any(letter.isspace() for letter in iri) or ":" not in iri:
        message = f"'{shown(text)}' is no IRI; expected one such as id:cn/organizations/su-da-wei-ge"
        raise QueryError(message)
    return iri
