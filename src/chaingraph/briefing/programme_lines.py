"""What a start page says of a programme: its consortia with their leads by name, and what is reported against known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chaingraph.indicators import coverage
from chaingraph.languages import LANGUAGES, words
from chaingraph.queries.nodes import NodeReader
from chaingraph.vocabulary import full_iri

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chaingraph.briefing.map_model import MapModel
    from chaingraph.store import KnowledgeGraph
    from chaingraph.webpage.words import Text

_LEADS = """
SELECT DISTINCT ?consortium ?lead { ?consortium cg:programme <%s> ; a cg:Consortium . ?lead cg:leads ?consortium }
ORDER BY ?consortium ?lead"""


def programme_lines(kg: KnowledgeGraph, programme: str, chain_map: MapModel) -> tuple[Text, ...]:
    """Return what is known of a programme in a few lines, in both languages; a line that has nothing is left out.

    Args:
        kg: The graph.
        programme: The programme, short (``id:...``) or in full.
        chain_map: The chain map of the graph, whose chains are named.
    """
    texts = words("chaingraph.briefing")["start"]["programme"]
    reader = NodeReader(kg)
    names = {language: dict(reader.names(language).iter_rows()) for language in LANGUAGES}
    name = {language: of.get(full_iri(programme), programme) for language, of in names.items()}
    chains = [chain.name for chain in chain_map.chains if chain.node is not None]
    leads = list(_leads(kg, full_iri(programme), names, texts["pair"]))
    counts = list(_counts(kg, programme, texts["counts"]))
    lines = {"chains": chains, "leads": leads, "reported": counts}
    return tuple(_line(texts[key], name, parts, texts["joined"]) for key, parts in lines.items() if parts)


def _line(text: Text, programme: Text, parts: Sequence[Text], joined: Text) -> Text:
    lists = {language: joined[language].join(part[language] for part in parts) for language in LANGUAGES}
    return {
        language: text[language].format(programme=programme[language], parts=lists[language]) for language in LANGUAGES
    }


def _leads(kg: KnowledgeGraph, programme: str, names: Mapping[str, Mapping[str, str]], text: Text) -> Iterator[Text]:
    for consortium, lead in kg.select_text(_LEADS % programme).iter_rows():
        yield {
            language: text[language].format(consortium=of.get(consortium, consortium), lead=of.get(lead, lead))
            for language, of in names.items()
        }


def _counts(kg: KnowledgeGraph, programme: str, texts: dict[str, Any]) -> Iterator[Text]:
    """Yield the largest count that is reported of each class of things, and how many of them are known by name."""
    frame = coverage(kg)
    rows = frame[(frame["scope"] == programme) & frame["known"].notna()].to_dict("records")
    for counts, text in texts.items():
        of_class = [(int(row["reported"]), int(row["known"])) for row in rows if row["counts"] == counts]
        if of_class:
            reported, known = max(of_class)
            values = {"reported": f"{reported:,}", "known": f"{known:,}"}
            yield {language: text[language].format(**values) for language in LANGUAGES}
