"""One HTML file that needs no other file and no address: template, scripts, data, and the policy that allows them."""

from __future__ import annotations

import base64
import hashlib
import html as escaping
import os
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

import jinja2
from markupsafe import Markup

from chaingraph.export.files import write_text
from chaingraph.languages import LANGUAGES
from chaingraph.webpage.model import PageParts, as_json

SANDBOX = "allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox"
SHARED_SCRIPTS = (
    "data.js",
    "state.js",
    "shapes.js",
    "elements.js",
    "quotes.js",
    "details.js",
    "counts.js",
    "directions.js",
    "search.js",
    "theme.js",
    "vector.js",
    "picture_texts.js",
    "files.js",
    "export_menu.js",
    "introduction.js",
    "address.js",
    "keys.js",
)
"""The scripts that all pages have in common, in the order in which they run, before those of the page itself."""


@dataclass(frozen=True)
class Page:
    """The page as text; the last expression of a notebook cell shows it.

    ``identifiers`` are those of the nodes that have a place of their own on it. ``scripts`` and ``style`` are what its
    policy allows, which a page that shows it in a frame has to allow too.
    """

    html: str = field(repr=False)
    identifiers: frozenset[str] = field(default=frozenset(), repr=False)
    scripts: str = field(default="", repr=False)
    style: str = field(default="", repr=False)

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


@dataclass(frozen=True)
class Assets:
    """The files that a kind of page is made of.

    Args:
        package: The package in which template, style sheet and scripts lie, the scripts in its folder ``js``.
        template: The name of the template.
        style: The name of the style sheet, which follows the shared one.
        scripts: The names of the scripts, which run after the shared ones and with them as one function.
        exports: The entries of the menu of exports.
        library: The text of a script that runs before all others; empty if there is none.
    """

    package: str
    template: str
    style: str
    scripts: Sequence[str]
    exports: Sequence[str]
    library: str = ""


def document(
    model: PageParts, assets: Assets, identifiers: frozenset[str] = frozenset(), inset: Page | None = None
) -> Page:
    """Return a page.

    Args:
        model: What it shows.
        assets: What it is made of.
        identifiers: The nodes that have a place of their own on it.
        inset: A page that it shows in a frame when asked to; it is part of the file.
    """
    # A file is put in as Markup (it is ours, or pyvis's), everything that came with the data is escaped by Jinja.
    scripts = [Markup(text) for text in (assets.library, _own_script(assets)) if text]
    style = Markup(_shared("base.css") + _file(assets.package, assets.style))
    script_hashes, style_hash = " ".join(map(_hash, scripts)), _hash(style)
    allowed = (
        (script_hashes, style_hash)
        if inset is None
        else (f"{script_hashes} {inset.scripts}", f"{style_hash} {inset.style}")
    )
    policy = (
        f"default-src 'none'; script-src {allowed[0]}; style-src {allowed[1]}; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=jinja2.FunctionLoader(_shared),
    )
    html = environment.from_string(_file(assets.package, assets.template)).render(
        policy=policy,
        scripts=scripts,
        style=style,
        data=packed(as_json(model)),
        inset=packed(inset.html) if inset else "",
        model=model,
        languages=LANGUAGES,
        exports=assets.exports,
    )
    return Page(html, identifiers, script_hashes, style_hash)


def packed(text: str) -> str:
    """Return a text as the page carries it: compressed (RFC 1950), as base64."""
    return base64.b64encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii")


@cache
def _file(package: str, name: str) -> str:
    return files(package).joinpath(name).read_text(encoding="utf-8")


def _shared(name: str) -> str:
    return _file("chaingraph.webpage", f"shared/{name}")


def _own_script(assets: Assets) -> str:
    texts = [_shared(name) for name in SHARED_SCRIPTS]
    texts += [_file(assets.package, f"js/{name}") for name in assets.scripts]
    return '(async () => {\n"use strict";\n' + "\n".join(texts) + "})();\n"


def _hash(source: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode('utf-8')).digest()).decode('ascii')}'"
