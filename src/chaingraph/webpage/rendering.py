"""One HTML file that shows a network without any other file or address: the only place for template and policy."""

from __future__ import annotations

import base64
import hashlib
import html as escaping
import os
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
import networkx as nx
from markupsafe import Markup

from chaingraph import layout as layouts
from chaingraph import provenance
from chaingraph.export.files import write_text
from chaingraph.languages import LANGUAGES, check_language, in_both
from chaingraph.webpage import attributes as records
from chaingraph.webpage import overview as overviews
from chaingraph.webpage import summary as story
from chaingraph.webpage.attributes import Record
from chaingraph.webpage.columnar import lean
from chaingraph.webpage.model import drawing, groups_of
from chaingraph.webpage.model import script as vis_network

SANDBOX = "allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox"
SCRIPTS = (
    "data.js",
    "map.js",
    "labels.js",
    "camera.js",
    "panel.js",
    "filters.js",
    "legend.js",
    "focus.js",
    "path.js",
    "search.js",
    "theme.js",
    "table.js",
    "picture.js",
    "exports.js",
    "overview.js",
    "discs.js",
    "page.js",
)


@dataclass(frozen=True)
class Page:
    """The page as text; the last expression of a notebook cell shows it."""

    html: str = field(repr=False)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page as UTF-8, whole or not at all, and return its path."""
        target = Path(path)
        write_text(target, self.html)
        return target

    def _repr_html_(self) -> str:
        """The page in a frame that can reach neither the notebook nor the network."""
        return (
            f'<iframe sandbox="{SANDBOX}" srcdoc="{escaping.escape(self.html, quote=True)}" '
            'width="100%" height="640" style="border:0" title="chaingraph"></iframe>'
        )


def page(
    network: nx.Graph[Any],
    *,
    title: str | Mapping[str, str] | None = None,
    language: str = "zh",
    colour: str = "type",
    size: str | Mapping[Hashable, float] = "degree",
    group: str | None = None,
    layout: str = "communities",
    seed: int = 0,
) -> Page:
    """Draw the network on one page that works offline, in Chinese and English.

    Read of a node: ``label``, ``label_zh``, ``label_en``, ``type`` (a class of the ontology), ``kind``, ``region``,
    ``industry``, ``dataset``, ``leading``, ``quotes``; of a tie: ``relation`` (``_zh``, ``_en``), ``quotes``, and its
    first whole number as width; of the graph: ``name``, ``name_zh``, ``datasets``. All may be missing, and any other
    scalar is shown as it is. The network is not changed.

    Args:
        network: Any networkx graph, directed or not, parallel edges or not.
        title: The heading, one text or a mapping of ``zh`` and ``en``; else the data set's title and the projection.
        language: The language that the page starts in, zh or en.
        colour: The node attribute that colours show.
        size: The numeric node attribute that areas show, ``degree``, or a number a node.
        group: The node attribute that puts nodes into one circle, instead of communities.
        layout: The name of a layout in `chaingraph.layout`.
        seed: Seed of the layout: the same network and seed give the same bytes.

    Raises:
        NetworkError: For a layout or attribute that does not exist; the message lists those that do.
        UnknownLanguageError: The language is neither zh nor en.

    Example:
        >>> page(nx.Graph([("a", "b")])).html[:15]
        '<!DOCTYPE html>'
    """
    check_language(language)
    headings = _headings(network, title)
    if len(network) > overviews.ALL_HELD:
        drawn, sentences = _condensed(network, colour, group, seed)
    else:
        drawn = drawing(network, colour=colour, size=size, group=group, layout=layout, seed=seed)
        sentences = {one: _sentence(network, drawn, one, size, group) for one in LANGUAGES}
    words = records.words()
    said = {"words": words["page"], "attributes": words["attributes"], "uses": words["uses"], "titles": headings}
    datasets = _datasets(network)
    sources = [{part: held[part] for part in (*LANGUAGES, "licence", "attribution")} for held in datasets]
    data = drawn | said | {"language": language, "datasets": sources}
    del data["community_sizes"], data["left_out"]
    return Page(_rendered(data, language, headings, sentences, datasets))


def _condensed(network: nx.Graph[Any], colour: str, group: str | None, seed: int) -> tuple[Record, dict[str, str]]:
    """The drawing of a network's communities instead of its nodes, and the sentences that say so."""
    nodes = sorted(network, key=str)
    groups = groups_of(network, nodes, group)
    arranged = layouts.arrangement(network, seed=seed, groups=groups, radii=dict.fromkeys(nodes, 8.0))
    made, places = overviews.condensed(network, nodes, arranged, colour)
    drawn = drawing(made, colour=colour, size="nodes", group=None, layout="communities", seed=seed, arranged=places)
    counts = {"nodes": len(network), "ties": network.number_of_edges(), "communities": len(made)}
    told = {name: f"{count:,}" for name, count in counts.items()}
    return drawn, {one: records.words()["sentences"][one]["condensed"].format(**told) for one in LANGUAGES}


def _rendered(
    data: Record, language: str, headings: Mapping[str, str], sentences: Mapping[str, str], datasets: list[Record]
) -> str:
    # A file is put in as Markup (it is ours, or pyvis's), everything that came with the network is escaped by Jinja.
    vis, own, style = Markup(vis_network()), Markup(_own_script()), Markup(_part("page.css"))
    policy = (
        f"default-src 'none'; script-src {_hash(vis)} {_hash(own)}; style-src {_hash(style)}; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_part("page.html.j2")).render(
        policy=policy,
        vis=vis,
        script=own,
        style=style,
        data=Markup(records.json_for_script(lean(data))),
        language=language,
        languages=LANGUAGES,
        words=records.words()["page"],
        headings=headings,
        sentences=sentences,
        datasets=datasets,
        empty=not data["nodes"],
        nothing={one: records.words()["sentences"][one]["empty"] for one in LANGUAGES},
    )


@cache
def _part(name: str) -> str:
    return files("chaingraph.webpage").joinpath(name).read_text(encoding="utf-8")


def _own_script() -> str:
    return '(() => {\n"use strict";\n' + "\n".join(_part(f"js/{name}") for name in SCRIPTS) + "})();\n"


def _hash(source: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode('utf-8')).digest()).decode('ascii')}'"


def _headings(network: nx.Graph[Any], title: str | Mapping[str, str] | None) -> dict[str, str]:
    if title is not None:
        texts = dict.fromkeys(LANGUAGES, title) if isinstance(title, str) else title
        return {one: records.text(text) for one, text in in_both(texts).items()}
    english, chinese = network.graph.get("name"), network.graph.get("name_zh")
    names = {"zh": chinese or english, "en": english or chinese}
    datasets = _datasets(network)
    own = datasets[0] if len(datasets) == 1 else {}
    parts = {one: [text for text in (own.get(one), names[one]) if text] for one in LANGUAGES}
    return {
        one: " · ".join(records.text(text) for text in parts[one]) or records.words()["page"][one]["name"]
        for one in LANGUAGES
    }


def _datasets(network: nx.Graph[Any]) -> list[Record]:
    """Title in both languages, licence and attribution of each data set; parts that are missing are empty."""
    found = []
    for held in provenance.data_sets(network):
        parts = {
            name: records.text(held.get(name) or "") for name in ("title_zh", "title_en", "licence", "attribution")
        }
        title = parts["title_zh"] or parts["title_en"]
        chinese = records.text(held.get("attribution_zh") or "") or parts["attribution"]
        attribution = {"zh": chinese, "en": parts["attribution"] or chinese}
        found.append(parts | {"zh": title, "en": parts["title_en"] or title, "attribution": attribution})
    return found


def _sentence(
    network: nx.Graph[Any], drawn: Record, language: str, size: str | Mapping[Hashable, float], group: str | None
) -> str:
    """What one sees: how many of what, and how to read colour, size and circles."""
    words, all_words = records.words()["sentences"][language], records.words()
    if not network:
        return str(words["empty"])
    counted = Counter(records.class_of(attributes) for _, attributes in network.nodes(data=True))
    order = list(all_words["classes"])
    parts = []
    for name in sorted(counted, key=lambda one: (not one, order.index(one) if one in order else len(order), one)):
        entry = all_words["classes"].get(name) or ({"zh": name, "en": [name, name]} if name else all_words["unclassed"])
        shown = entry["zh"] if language == "zh" else entry["en"][counted[name] != 1]
        parts.append(words["class"].format(count=f"{counted[name]:,}", name=shown))
    listed = words["comma"].join(parts[:-1]) + (words["and"] if len(parts) > 1 else "") + parts[-1]
    ties = f"{network.number_of_edges():,}"
    if language == "en":
        ties += " " + words["tie" if network.number_of_edges() == 1 else "ties"]
    by = drawn["legend"]["by"]
    colour = words["by_attribute"].format(colour=by[language]) if by else ""
    shape = words["by_shape" if by else "by_class"] if len(counted) > 1 else ""
    area = words["size"].format(size=records.attribute_name(size if isinstance(size, str) else "value")[language])
    said = (
        words["counts"].format(nodes=listed, ties=ties) + colour + shape + (area if colour or shape else _capital(area))
    )
    told = story.sentences(network, drawn["community_sizes"], language)
    return str(said) + _layout_sentence(drawn, words, records.attribute_name(group)[language] if group else "") + told


def _layout_sentence(drawn: Record, words: Mapping[str, Any], group: str) -> str:
    """How to read where the nodes stand, and how many the layout has no place for."""
    if drawn["layout"] != "communities":
        cycles = drawn["layout"] == "chain" and drawn["circles"]
        said = words["layouts"][drawn["layout"]] + (words["cycles"] if cycles else "")
    elif not drawn["circles"]:
        said = words["end"]
    else:
        said = words["groups"].format(group=group) if group else words["communities"]
    left = [words["left_out"][reason].format(count=f"{count:,}") for reason, count in sorted(drawn["left_out"].items())]
    return str(said) + "".join(left)


def _capital(clause: str) -> str:
    start = len(clause) - len(clause.lstrip())
    return clause[:start] + clause[start : start + 1].upper() + clause[start + 1 :]
