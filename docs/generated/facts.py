"""Small texts for the pages, each from the place in code or data that decides it."""

from __future__ import annotations

import inspect
import json
import re
import tomllib
from dataclasses import MISSING, fields
from importlib import import_module

import chaingraph.errors
from chaingraph.cli.options import Projection
from chaingraph.endpoint.limits import Settings
from chaingraph.metrics._proofs import entries
from chaingraph.resources import SAMPLES, sample
from generated import results
from generated.markdown_text import code, escaped, table


def data_sets() -> str:
    """Return the sample data sets with licence, attribution and sources, from each one's ``dataset.json``."""
    parts = []
    for name in SAMPLES:
        held = json.loads((sample(name) / "dataset.json").read_text(encoding="utf-8"))
        licences = sorted({source.get("licence", "") for source in held["sources"]} - {""})
        rows = [
            ("Title", _in_both(held["title"])),
            ("Licence", escaped(held["licence"])),
            ("Attribution", _in_both(held["attribution"])),
            ("Sources", f"{len(held['sources'])}, listed in `graph/{name}/dataset.json`"),
            ("Licences of the sources", escaped("; ".join(licences)) or "as above"),
        ]
        parts.append(f"## {name}\n\n{_in_both(held['description'])}\n\n" + table(("", ""), rows))
    return "\n\n".join(parts)


def _in_both(text: str | dict[str, str]) -> str:
    return escaped(text) if isinstance(text, str) else f"{escaped(text['en'])}<br>{escaped(text['zh'])}"


def endpoint_limits() -> str:
    """Return the limits of the endpoint with their defaults, from its settings."""
    told = inspect.getdoc(Settings) or ""
    words = dict(re.findall(r"^ {4}(\w+): (.+)$", told, re.MULTILINE))
    rows = []
    for held in fields(Settings):
        default = "none" if held.default in ((), MISSING) else f"{held.default:,}"
        rows.append((code(held.name), escaped(words[held.name]), default))
    return table(("Limit", "What it bounds", "Default"), rows)


def errors() -> str:
    """Return the tree of the errors as it is drawn above them."""
    drawn = re.search(r"::\n\n(.+?)\n\n", chaingraph.errors.__doc__ or "", re.DOTALL)
    assert drawn is not None
    return f"```text\n{inspect.cleandoc(drawn[1])}\n```"


def networks() -> str:
    """Return the projections with the first sentence of each."""
    home = import_module("chaingraph.networks")
    rows = []
    for projection in Projection:
        words = (inspect.getdoc(getattr(home, projection.value)) or "").split("\n\n")[0]
        rows.append((code(projection.value), escaped(words)))
    return table(("Network", "What it ties"), rows)


def proofs() -> str:
    """Return the indices with the sources whose numbers they are proven by."""
    found: dict[str, dict[str, None]] = {}
    for entry in entries():
        found.setdefault(entry.function, {})[entry.source] = None
    rows = [(code(name), escaped("; ".join(sources))) for name, sources in sorted(found.items())]
    return table(("Index", "Numbers of"), rows)


def required_packages() -> str:
    """Return the extras and what each brings, from ``pyproject.toml``."""
    held = tomllib.loads(results.text_of("pyproject.toml"))["project"]
    rows = [("(always)", escaped(", ".join(held["dependencies"])))]
    rows += [(code(name), escaped(", ".join(found))) for name, found in held["optional-dependencies"].items()]
    return table(("Extra", "Packages"), rows)
