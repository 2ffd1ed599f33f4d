"""Evidence: whether quotes are in their sources word for word, what states a thing, and what depends on a source."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import polars as pl
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from chaingraph.checks.report import VIOLATION, WARNING, Finding
from chaingraph.errors import UnreadableError, excerpt
from chaingraph.messages import tr
from chaingraph.queries.evidence import SOURCE, STATES
from chaingraph.sparql.lookup import thing_iri
from chaingraph.vocabulary import full_iri, short_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chaingraph.store import KnowledgeGraph

_PIECE = 200
"""The most characters of a quote that are aligned with a text at once."""
_SIMILAR = 40.0
"""The least similarity, of 100, of a passage that counts as near."""
_SLACK = 12
"""By how many characters the nearest passage may begin or end elsewhere than the alignment."""
LONGEST_COMPARISON = 10_000
"""The most characters of a quote whose nearest passage is looked for: the time grows with the square of its length."""

_QUOTES = """
SELECT ?quote ?exact ?prefix ?suffix ?start ?end ?source ?title ?text ?sha256 {
  ?quote a cg:Quote ; cg:exact ?exact ; cg:source ?source . ?source rdfs:label ?title
  OPTIONAL { ?quote cg:prefix ?prefix } OPTIONAL { ?quote cg:suffix ?suffix }
  OPTIONAL { ?quote cg:startOffset ?start ; cg:endOffset ?end }
  OPTIONAL { ?source cg:text ?text } OPTIONAL { ?source cg:sha256 ?sha256 }
} ORDER BY ?quote"""

_WHY = f"""
SELECT DISTINCT ?statement ?quote ?exact ?record ?source ?title ?url ?published {{
  {{ VALUES ?statement {{ <%s> }} }}
  UNION {{ VALUES ?thing {{ <%s> }} ?statement ?role ?thing ; a ?class .
    FILTER (?class IN (cg:Membership, cg:Participation, cg:Supply, cg:Shareholding, cg:StageRole, cg:Hierarchy, cg:Site,
      cg:Recognition, cg:Amount, cg:Cooperation, cg:Event, cg:Claim, cg:Identity, cg:ReportedCount)) }}
  {STATES}
  UNION {{ ?statement a cg:Quote ; cg:exact ?exact ; cg:source ?source BIND (?statement AS ?quote) {SOURCE} }}
}} ORDER BY ?statement ?quote ?record"""

_STATED_BY_SOURCES = """
SELECT ?thing ?class ?source {
  { ?thing cg:evidence/cg:source ?source } UNION { ?thing cg:record ?record ; cg:source ?source }
  ?thing a ?class
}"""


@dataclass(frozen=True)
class Passage:
    """The passage of a text that is nearest to a quote, and its edit distance from the quote in characters."""

    words: str
    distance: int


def comparable_text(text: str) -> str:
    r"""Return a text as quotes are compared: in Unicode's form NFKC, with one space for all white space.

    >>> comparable_text("共 有\n１３６家")
    '共 有 136家'
    """
    return " ".join(unicodedata.normalize("NFKC", text).split())


def nearest_passage(words: str, text: str) -> Passage:
    """Return the passage of ``text`` that is nearest to ``words``, and its Levenshtein distance from them.

    Where not even a piece of the words is similar to any passage, or they are longer than `LONGEST_COMPARISON`, there
    is none: the distance is then their length.

    >>> nearest_passage("a total of 11 consortia", "there was a total of 10 consortia in all")
    Passage(words='a total of 10 consortia', distance=1)
    >>> nearest_passage("a total of 11 consortia", "苏州大学")
    Passage(words='', distance=23)
    """
    if len(words) > LONGEST_COMPARISON:
        return Passage("", len(words))
    # The time of the alignment grows with the square of the words' length, so three pieces stand for long ones.
    offsets = {0, max(0, (len(words) - _PIECE) // 2), max(0, len(words) - _PIECE)}
    start, score = None, _SIMILAR
    for offset in sorted(offsets):
        piece = words[offset : offset + _PIECE]
        alignment = fuzz.partial_ratio_alignment(piece, text, score_cutoff=score)
        if alignment is not None and (start is None or alignment.score > score):
            start, score = max(0, alignment.dest_start - offset), alignment.score
    if start is None:
        return Passage("", len(words))

    # The alignment has the length of the piece; the nearest passage may be a little longer or shorter on either side.
    def difference(start: int, end: int) -> tuple[int, int]:
        return Levenshtein.distance(words, text[start:end]), abs(end - start - len(words))

    last = min(len(text), start + len(words))
    end = min(range(max(start + 1, last - _SLACK), min(len(text), last + _SLACK) + 1), key=partial(difference, start))
    starts = range(max(0, start - _SLACK), min(start + _SLACK, end - 1) + 1)
    start = min(starts, key=lambda start: difference(start, end))
    return Passage(text[start:end], difference(start, end)[0])


def quote_findings(kg: KnowledgeGraph, texts: Path | None) -> Iterator[Finding]:
    """Yield what is wrong with quotes, each compared with the text of its source, where ``texts`` has it.

    Raises:
        UnreadableError: A text is there but is not in UTF-8.
    """
    quotes = kg.select_text(_QUOTES).with_columns(pl.col("title").fill_null(""))
    sources = quotes.select("source", "title", "text", "sha256").unique().sort("source")
    text_of: dict[str, tuple[str, str] | None] = {}
    for source, title, name, sha256 in sources.iter_rows():
        content = _content(texts, name)
        if content is not None and sha256 is not None:
            content = _with_line_ends_of(content, sha256)
        words = None if content is None else content.decode()
        text_of[source] = None if words is None else (words, comparable_text(words))
        if content is not None and sha256 not in {None, hashlib.sha256(content).hexdigest()}:
            message = tr(
                "the text at hand is not the one that was archived (its SHA-256 differs); take the archived one"
            )
            yield Finding(VIOLATION, "text", short_name(source), title, message)
    without_text: Counter[tuple[str, str]] = Counter()
    for quote in quotes.iter_rows(named=True):
        text = text_of[quote["source"]]
        if text is None:
            without_text[quote["source"], quote["title"]] += 1
        else:
            yield from _quote_findings(quote, *text)
    for (source, title), count in sorted(without_text.items()):
        plural = tr("quote") if count == 1 else tr("quotes")
        message = tr(
            "{count} {plural} could not be held against the source, whose text is not at hand",
            count=count,
            plural=plural,
        )
        yield Finding(WARNING, "text not at hand", short_name(source), title, message)


def _content(texts: Path | None, name: str | None) -> bytes | None:
    """Return the archived text, looked up by file name in this one folder; no link in it leads out of it."""
    if texts is None or name is None:
        return None
    path = texts / name
    try:
        if path.resolve().parent != texts.resolve() or not path.is_file():
            return None
    except (OSError, ValueError):
        # The name comes from the graph: it may be longer than a name of a file is, or hold NUL.
        return None
    content = path.read_bytes()
    try:
        content.decode()
    except UnicodeDecodeError as error:
        raise UnreadableError(path, tr("is no text in UTF-8; save it as such")) from error
    return content


def _with_line_ends_of(content: bytes, sha256: str) -> bytes:
    """Return a text with the line ends that it was archived with: git and editors on Windows write others."""
    plain = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    return plain if hashlib.sha256(plain).hexdigest() == sha256 else content


def _quote_findings(quote: dict[str, str | None], archived: str, text: str) -> Iterator[Finding]:
    exact = comparable_text(quote["exact"] or "")
    name, title = short_name(quote["quote"] or ""), quote["title"] or ""
    if (offsets := _offsets(quote)) is not None:
        there = archived[slice(*offsets)]
        if comparable_text(there) == exact:
            return
        if exact in text:
            what = (
                tr("where '{words}' stands", words=excerpt(there.strip()))
                if there
                else tr("which has only {count}", count=len(archived))
            )
            message = tr(
                "does not stand from character {start} to {end} of the source, {what}, but "
                "elsewhere; correct its start and end: '{exact}'",
                start=offsets[0],
                end=offsets[1],
                what=what,
                exact=excerpt(exact),
            )
            yield Finding(VIOLATION, "quote", name, title, message, (exact, there))
            return
    prefix, suffix = comparable_text(quote["prefix"] or ""), comparable_text(quote["suffix"] or "")
    count = sum(_fits(start, exact, text, prefix, suffix) for start in _positions(exact, text))
    if count == 1:
        return
    if count > 1:
        message = tr(
            "stands {count} times in the source; a prefix or suffix must say which: '{exact}'",
            count=count,
            exact=excerpt(exact),
        )
        yield Finding(WARNING, "quote", name, title, message, (exact,))
    elif exact in text:
        message = tr(
            "stands in the source, but nowhere between this prefix and suffix: '{exact}'", exact=excerpt(exact)
        )
        yield Finding(VIOLATION, "quote", name, title, message, (exact,))
    else:
        passage = nearest_passage(exact, text)
        characters = f"{passage.distance} character{'' if passage.distance == 1 else 's'}"
        nearest = (
            tr("; the nearest passage differs by {characters}: '{words}'", characters=characters, words=passage.words)
            if passage.words
            else ""
        )
        if len(exact) > LONGEST_COMPARISON:
            nearest = tr(
                "; it is longer than {longest_comparison:,} characters, so that no nearest passage was looked for",
                longest_comparison=LONGEST_COMPARISON,
            )
        message = tr("does not stand in the source: '{exact}'{nearest}", exact=exact, nearest=nearest)
        yield Finding(VIOLATION, "quote", name, title, message, (exact, passage.words))


def _offsets(quote: dict[str, str | None]) -> tuple[int, int] | None:
    """Return where a quote begins and ends in the archived text; None where its row does not say, or no number."""
    start, end = quote["start"] or "", quote["end"] or ""
    return (int(start), int(end)) if start.isdecimal() and end.isdecimal() else None


def _positions(exact: str, text: str) -> Iterator[int]:
    start = text.find(exact)
    while start >= 0:
        yield start
        start = text.find(exact, start + 1)


def _fits(start: int, exact: str, text: str, prefix: str, suffix: str) -> bool:
    # White space of a comparable text is one space, so that a neighbour begins at most one character further off.
    end = start + len(exact)
    before = text[max(0, start - len(prefix) - 1) : start].rstrip()
    after = text[end : end + len(suffix) + 1].lstrip()
    return before.endswith(prefix) and after.startswith(suffix)


def rows_without_evidence(kg: KnowledgeGraph) -> pd.DataFrame:
    """Count, by class, the rows that lead to neither a quote nor a record of a register.

    Returns:
        ``class``, ``rows`` and ``without``, one row per class of the ontology; sources and quotes are not counted.
    """
    classes = kg.select_text(
        "SELECT ?s ?c { ?s a ?c FILTER (STRSTARTS(STR(?c), STR(cg:)) && ?c NOT IN (cg:Source, cg:Quote)) }"
    )
    with_evidence = kg.select_text(
        "SELECT DISTINCT ?s { { ?s cg:evidence ?q } UNION { ?s cg:record ?r ; cg:source ?source } }"
    )
    counts = (
        classes.with_columns(without=~pl.col("s").is_in(with_evidence["s"].to_list()))
        .group_by("c")
        .agg(rows=pl.len(), without=pl.col("without").sum())
        .sort("c")
    )
    frame = pd.DataFrame({name: counts[name].to_list() for name in ("c", "rows", "without")})
    frame["c"] = [short_name(iri) for iri in frame["c"]]
    return frame.rename(columns={"c": "class"})


def why(kg: KnowledgeGraph, thing: str) -> pd.DataFrame:
    """Return what states a thing: the quotes and records of its own row and of each relation that names it.

    Args:
        kg: The graph.
        thing: Its IRI, its short IRI (``id:cn/organizations/su-da-wei-ge``) or a name that it alone has.

    Returns:
        One row per quote or record: ``statement`` (the node that it states), ``quote``, ``exact``, ``record``,
        ``source``, ``title``, ``url``, ``published``. Empty where nothing states the thing.

    Raises:
        UnknownThingError: Nothing in the graph has this IRI or name; the nearest names are given.
        AmbiguousNameError: Several things have this name; they are listed.
        UsageError: The text looks like an IRI and is none.

    Example:
        >>> import chaingraph as cg
        >>> from chaingraph.resources import sample
        >>> words = set(cg.why(cg.open(sample("jiangsu-2022")), "苏大维格")["exact"])
        >>> "苏大维格等17家企业获评国家级专精特新“小巨人”企业" in words
        True
    """
    iri = thing_iri(kg, thing)
    return kg.select(_WHY % (iri, iri))


def rests_on(kg: KnowledgeGraph, source: str) -> pd.DataFrame:
    """Return what rests on a source: each node that it states, and whether no other source does.

    Args:
        kg: The graph.
        source: The source's IRI, its short IRI (``id:cn/sources/s01``) or its title.

    Returns:
        One row per node and class: ``thing``, ``class`` and ``falls`` (True where no other source states the thing, so
        that it falls with this one), sorted.

    Raises:
        UnknownThingError: No source in the graph has this IRI or title; the nearest titles are given.
        AmbiguousNameError: Several sources have this title; they are listed.
        UsageError: The text looks like an IRI and is none.
    """
    iri = thing_iri(kg, source, argument="source", classes=["cg:Source"], example="id:cn/sources/s01")
    rows = kg.select_text(_STATED_BY_SOURCES).filter(pl.col("class").str.starts_with(full_iri("cg:"))).unique()
    own_rows = rows.filter(pl.col("source") == iri).sort("class", "thing")
    things = rows.join(own_rows.select("thing").unique(), on="thing", how="semi")
    falls = dict(things.group_by("thing").agg(pl.col("source").n_unique() == 1).iter_rows())
    return pd.DataFrame(
        {
            "thing": [short_name(thing) for thing in own_rows["thing"]],
            "class": [short_name(name) for name in own_rows["class"]],
            "falls": [falls[thing] for thing in own_rows["thing"]],
        }
    )
