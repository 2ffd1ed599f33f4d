"""One HTML file that shows a network without any other file or address: template, scripts, data and policy."""

from __future__ import annotations

import base64
import hashlib
import html as escaping
import os
import zlib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
import networkx as nx
from markupsafe import Markup

from chaingraph.export.files import write_text
from chaingraph.languages import LANGUAGES
from chaingraph.webpage.builder import View, page_language, page_model
from chaingraph.webpage.drawing import vis_network_script
from chaingraph.webpage.model import PageModel, as_json

SANDBOX = "allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox"
SCRIPTS = (
    "data.js",
    "state.js",
    "map.js",
    "elements.js",
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
    "vector.js",
    "picture.js",
    "exports.js",
    "overview.js",
    "discs.js",
    "page.js",
)
"""The scripts of the page in the order in which they run, as one function."""


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
    language: str | None = None,
    colour: str = "type",
    size: str | Mapping[Hashable, float] = "degree",
    group: str | None = None,
    layout: str = "communities",
    seed: int = 0,
) -> Page:
    """Draw the network on one page that works offline, in Chinese and English.

    The page reads of a node: ``label``, ``label_zh``, ``label_en``, ``type`` (a class of the ontology), ``kind``,
    ``region``, ``industry``, ``dataset``, ``leading``, ``quotes``; of a tie: ``relation`` (``_zh``, ``_en``),
    ``quotes``, and its first whole number as width; of the graph: ``name``, ``name_zh``, ``language``, ``datasets``.
    All may be missing, and any other scalar is shown as it is. The network is not changed.

    Args:
        network: Any networkx graph, directed or not, parallel edges or not.
        title: The heading, one text or a mapping of ``zh`` and ``en``; else the data set's title and the projection.
        language: The language that the page starts in, zh or en; else that of the graph: its attribute ``language``, or
            the one that more nodes have names in.
        colour: The node attribute that colours show.
        size: The numeric node attribute that areas show, ``degree``, or a number for each node.
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
    view = View(page_language(network, language), title, colour, size, group, layout, seed)
    return Page(_html(page_model(network, view)))


def _html(model: PageModel) -> str:
    # A file is put in as Markup (it is ours, or pyvis's), everything that came with the network is escaped by Jinja.
    vis, own, style = Markup(vis_network_script()), Markup(_own_script()), Markup(_file("page.css"))
    policy = (
        f"default-src 'none'; script-src {_hash(vis)} {_hash(own)}; style-src {_hash(style)}; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_file("page.html.j2")).render(
        policy=policy, vis=vis, script=own, style=style, data=packed(model), model=model, languages=LANGUAGES
    )


def packed(model: PageModel) -> str:
    """Return the model's JSON as the page carries it: compressed (RFC 1950), as base64."""
    return base64.b64encode(zlib.compress(as_json(model).encode("utf-8"), 9)).decode("ascii")


@cache
def _file(name: str) -> str:
    return files("chaingraph.webpage").joinpath(name).read_text(encoding="utf-8")


def _own_script() -> str:
    return '(async () => {\n"use strict";\n' + "\n".join(_file(f"js/{name}") for name in SCRIPTS) + "})();\n"


def _hash(source: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode('utf-8')).digest()).decode('ascii')}'"
