"""Reading the prose of a document, sentence by sentence, into facts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from chaingraph.extraction.bodies import (
    find_programme,
    read_consortia,
    read_refusals,
    read_registrations,
    region_of,
)
from chaingraph.extraction.chinese_names import UNCLEAR
from chaingraph.extraction.counts import read_counts
from chaingraph.extraction.facts import Facts
from chaingraph.extraction.lexicon import lexicon
from chaingraph.extraction.memberships import read_memberships
from chaingraph.extraction.mentions import Mention, mention, without_overlap
from chaingraph.extraction.names import aliases, bracket_end, spelled_out
from chaingraph.extraction.passages import passages
from chaingraph.extraction.projects import read_projects
from chaingraph.extraction.relations import read_relations
from chaingraph.extraction.sentence import Sentence
from chaingraph.extraction.signs import pattern, signs
from chaingraph.extraction.stages import read_host_in_brackets, read_plans, read_platforms, read_stages
from chaingraph.extraction.time_mentions import Clock, amounts, dates
from chaingraph.extraction.topic import Topic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chaingraph.extraction.documents import Document
    from chaingraph.extraction.passages import Passage
    from chaingraph.extraction.signs import Signs

_LEAST_TENDERS = 3
"""A document that speaks so often of bids is a tender, whose words about companies are no news of them."""


class ProseReader:
    """Reads the paragraphs of one document in their order.

    ``topic`` is what the document as a whole speaks of, before it is read; ``facts`` collects what it states.
    """

    def __init__(self, document: Document) -> None:
        paragraphs = passages(document)
        self.document = document
        self.language = document.language
        self.paragraphs = paragraphs
        self.facts = Facts()
        self.organizations: dict[str, tuple[Mention, tuple[int, int]]] = {}
        self.clock = Clock(document.published)
        self.originals: dict[str, str] = {}
        self.names = [spelled_out(passage.text, self.language) for passage in paragraphs]
        self._find_mentions(())
        self.topic = Topic(self.language)
        self._first_topics(paragraphs)
        self._set_document_topics()

    def read_all(self) -> None:
        """Read all paragraphs, and add a row for each organization that is part of a fact."""
        for passage, mentions in zip(self.paragraphs, self.mentions, strict=True):
            self.read(passage, mentions)
        self.add_organizations()
        self.facts.rename(self.originals)

    def add_names_of_tables(self) -> None:
        """Let the text speak of what the tables name: by its name, and by short forms of it."""
        kinds = {"consortia": "consortium", "organizations": "organization"}
        names = [
            mention(kinds[table], 0, 0, name, str(fact.cells.get("body" if table == "consortia" else "kind")))
            for (table, name), fact in self.facts.things.items()
            if table in kinds
        ]
        if names:
            self._find_mentions([one for one in names if len(one.name) > 1])

    def _find_mentions(self, others: Sequence[Mention]) -> None:
        """Find all mentions; ``others`` are named elsewhere in the document."""
        self.aliases = aliases(self.paragraphs, self.names, self.language, others)
        self.mentions = [self._with_aliases(*pair) for pair in zip(self.paragraphs, self.names, strict=True)]
        self.originals |= self._originals(self.paragraphs)

    def _with_aliases(self, passage: Passage, names: list[Mention]) -> list[Mention]:
        full = [self.aliases.resolve(one) for one in names]
        full = [replace(one, end=bracket_end(passage.text, one, self.language)) for one in full]
        return without_overlap([*full, *self.aliases.find(passage.text)])

    def _set_document_topics(self) -> None:
        """Set what tables and lists need to know: the company of a report, whether a list is a proposal."""
        words = lexicon(self.language)["lists"]
        text = self.document.text
        for alias, one in self.aliases.names.items():
            if alias.casefold() in words["company"]:
                self.topic.company = one.name
        self.topic.is_proposal = re.search(words["proposal"], text[:2000]) is not None
        tenders = re.findall(lexicon(self.language)["relation_words"]["tenders"], text)
        self.topic.is_tender = len(tenders) >= _LEAST_TENDERS
        for answer, answer_words in lexicon(self.language)["counts"]["lead"].items():
            if re.search(answer_words, text):
                self.topic.lead = str(answer)

    def _originals(self, paragraphs: Sequence[Passage]) -> dict[str, str]:
        """Return names as the document writes them, by the form in which they are compared."""
        names: dict[str, str] = {}
        for passage, mentions in zip(paragraphs, self.mentions, strict=True):
            for one in mentions:
                places = passage.offsets[one.name_start : one.name_end]
                if one.name and passage.text[one.name_start : one.name_end] == one.name and one.name.isascii() is False:
                    names.setdefault(one.name, "".join(self.document.text[place] for place in places))
        return {name: text for name, text in names.items() if name != text}

    def _first_topics(self, paragraphs: Sequence[Passage]) -> None:
        """Take the topics of the whole document: the consortium of its title, its programme, its region."""
        consortia = [
            one for mentions in self.mentions for one in mentions if one.kind == "consortium" and not one.is_generic
        ]
        self.topic.consortium = consortia[0] if consortia else None
        programmes = [(one, passage) for passage in paragraphs if (one := find_programme(passage.text, self.language))]
        if programmes:
            programme, passage = max(programmes, key=lambda each: region_of(each[0][0], self.language) is not None)
            self.topic.programme = programme[0]
            self._add_programme(passage, *programme)
        for passage in paragraphs:
            for match in re.finditer(lexicon(self.language)["programme_lists"]["titles"], passage.text):
                if not programmes:
                    self._add_programme(passage, match["name"], *match.span("name"))
        places = [
            region_of(one.name, self.language)
            for mentions in self.mentions
            for one in mentions
            if one.code == "government"
        ]
        places += [region_of(one.name, self.language) for one in consortia]
        places += [region_of(passage.text, self.language) for passage in paragraphs[:1]]
        self.topic.region = next((place for place in places if place), None)

    def _add_programme(self, passage: Passage, name: str, start: int, end: int) -> None:
        places = passage.offsets[start:end]
        self.originals.setdefault(name, "".join(self.document.text[place] for place in places))
        authorities = [
            (one, where)
            for where, mentions in zip(self.paragraphs, self.mentions, strict=True)
            for one in mentions
            if one.code == "government"
        ]
        authority = authorities[0][0].name if authorities else None
        if authorities:
            one, where = authorities[0]
            self.organizations.setdefault(one.name, (one, where.place(one.name_start, one.name_end)))
        self.facts.thing(
            "programmes",
            name,
            passage.place(start, end),
            f"programme {self.language}",
            0.7,
            authority=authority,
            region=region_of(name, self.language),
            announced=self.document.published,
        )

    def read(self, passage: Passage, mentions: list[Mention]) -> None:
        """Read one paragraph."""
        for start, end in passage.sentences:
            part = passage.text[start:end]
            times = [*dates(part, self.clock, language=self.language), *amounts(part, language=self.language)]
            shifted = [_shifted(one, start) for one in times]
            inside = [one for one in mentions if start <= one.start and one.end <= end]
            whole = signs(passage.text, start, end, without_overlap([*inside, *shifted]))
            self._set_topics(whole)
            sentence, brackets = whole.without_brackets()
            self._read_signs(passage, sentence, whole)
            subject = next((one.kind for one in whole.by_place.values() if one.kind in ("consortium", "project")), None)
            self.topic.subject = subject or self.topic.subject
            for place, bracket in brackets:
                if bracket.text:
                    self._read_bracket(passage, bracket, whole.by_place.get(place - 1))

    def _set_topics(self, sentence: Signs) -> None:
        consortia = [one for one in sentence.mentions(0, len(sentence.text)) if one.kind == "consortium" and one.name]
        if len({one.name for one in consortia}) == 1:
            self.topic.consortium = consortia[0]
        first = next(iter(sentence.by_place.items()), None)
        firms = {one.name for one in sentence.by_place.values() if one.code == "enterprise"}
        if first is not None and first[0] <= 1 and first[1].code == "enterprise":
            self.topic.firm = first[1].name
        elif len(firms) == 1:
            self.topic.firm = firms.pop()
        for match in pattern(lexicon(self.language)["topics"]["of_lead"], self.language).finditer(sentence.text):
            lead = sentence.mentions(match.start("lead"), match.end("lead"))[0].name
            rows = [row for row in self.facts.rows if row.table == "memberships" and row.cells.get("role") == "lead"]
            bodies = {str(row.cells.get("consortium")) for row in rows if row.cells["organization"] == lead}
            if len(bodies) == 1:
                self.topic.consortium = mention("consortium", 0, 0, bodies.pop())

    def _read_signs(self, passage: Passage, sentence: Signs, whole: Signs) -> None:
        one = self._sentence(passage, sentence, is_bracket=False)
        all_of_it = self._sentence(passage, whole, is_bracket=False)
        read_consortia(all_of_it)
        read_refusals(one)
        read_registrations(one)
        read_projects(all_of_it)
        read_memberships(one)
        read_stages(one)
        read_stages(replace(all_of_it, is_whole=True))
        read_platforms(one)
        read_plans(one)
        read_counts(one)
        if self.topic.is_tender:
            return
        read_relations(one)
        read_relations(replace(all_of_it, is_whole=True))

    def _read_bracket(self, passage: Passage, bracket: Signs, before: Mention | None) -> None:
        one = self._sentence(passage, bracket, is_bracket=True)
        consortium = self.topic.consortium
        if before is not None and before.kind == "platform":
            read_host_in_brackets(one, before)
            return
        if before is not None and before.kind == "consortium" and before.name:
            self.topic.consortium = before
        read_memberships(one)
        self.topic.consortium = consortium
        if re.search(lexicon(self.language)["brackets"]["count"], bracket.text):
            read_counts(one)

    def _sentence(self, passage: Passage, sentence: Signs, *, is_bracket: bool) -> Sentence:
        return Sentence(
            passage,
            sentence,
            self.topic,
            self.facts,
            self.document.published,
            source=passage.text,
            document_text=self.document.text,
            is_bracket=is_bracket,
            organizations=self.organizations,
        )

    def add_organizations(self) -> None:
        """Add a row for each organization that is part of a fact."""
        for name, (one, place) in self.organizations.items():
            self.facts.thing(
                "organizations",
                name,
                place,
                f"names {self.language}",
                0.8,
                kind=organization_kind(one),
                alias=";".join(self.aliases.alternatives.get(name, ())) or None,
            )
        for table, name in list(self.facts.things):
            if table == "consortia" and self.aliases.alternatives.get(name):
                self.facts.correct(table, name, alias=";".join(self.aliases.alternatives[name]))


def organization_kind(one: Mention) -> str | None:
    """Return the kind of an organization, as far as its name tells."""
    if one.code == UNCLEAR:
        language = "en" if one.name.isascii() else "zh"
        return "enterprise" if re.search(lexicon(language)["untyped"]["enterprise"], one.name) else None
    if one.code == "other" and not re.search("[协学商]会$|促进会$|联合会$|基金会$|Association$|Foundation$", one.name):
        return None
    return one.code


def _shifted(one: Mention, by: int) -> Mention:
    return replace(
        one, start=one.start + by, end=one.end + by, name_start=one.name_start + by, name_end=one.name_end + by
    )
