"""Small texts for the pages, each from the place in code or data that decides it."""

from __future__ import annotations

import inspect
import json
import re
import tomllib
from dataclasses import MISSING, fields
from importlib import import_module

import chaingraph.errors
from chaingraph.endpoint.limits import Limits
from chaingraph.languages import words
from chaingraph.metrics._proofs import entries
from chaingraph.metrics.network.registry import MEASURES
from chaingraph.networks import PROJECTIONS
from chaingraph.resources import SAMPLES, sample
from generated import results
from generated.markdown_text import code, escaped, first_sentence, table


def data_sets() -> str:
    """Return the sample data sets with licence, attribution and sources, from each one's ``dataset.json``."""
    parts = []
    for name in SAMPLES:
        data_set = json.loads((sample(name) / "dataset.json").read_text(encoding="utf-8"))
        licences = sorted({source.get("licence", "") for source in data_set["sources"]} - {""})
        rows = [
            ("Title", _in_both(data_set["title"])),
            ("Licence", escaped(data_set["licence"])),
            ("Attribution", _in_both(data_set["attribution"])),
            ("Sources", f"{len(data_set['sources'])}, listed in `graph/{name}/dataset.json`"),
            ("Licences of the sources", escaped("; ".join(licences)) or "as above"),
        ]
        parts.append(f"## {name}\n\n{_in_both(data_set['description'])}\n\n" + table(("", ""), rows))
    return "\n\n".join(parts)


def _in_both(text: str | dict[str, str]) -> str:
    return escaped(text) if isinstance(text, str) else f"{escaped(text['en'])}<br>{escaped(text['zh'])}"


def endpoint_limits() -> str:
    """Return the limits of the endpoint with their defaults, from their docstring."""
    words = dict(re.findall(r"^ {4}(\w+): (.+)$", inspect.getdoc(Limits) or "", re.MULTILINE))
    rows = []
    for limit in fields(Limits):
        default = "none" if limit.default in ((), MISSING) else f"{limit.default:,}"
        rows.append((code(limit.name), escaped(words[limit.name]), default))
    return table(("Limit", "What it bounds", "Default"), rows)


def errors() -> str:
    """Return the tree of the errors as the module of the errors draws it."""
    tree = re.search(r"::\n\n(.+?)\n\n", chaingraph.errors.__doc__ or "", re.DOTALL)
    assert tree is not None
    return f"```text\n{inspect.cleandoc(tree[1])}\n```"


def networks() -> str:
    """Return the networks with the first paragraph of each docstring."""
    rows = [
        (code(name), each.label("zh"), escaped((inspect.getdoc(each.function) or "").split("\n\n")[0]))
        for name, each in PROJECTIONS.items()
    ]
    return table(("Network", "中文", "What it ties"), rows)


def measures() -> str:
    """Return the measures of the nodes of a network, with the kinds of networks on which each is defined."""
    rows = [
        (
            code(name),
            escaped(" · ".join(dict.fromkeys(each.label(language) for language in ("en", "zh")))),
            ", ".join(sorted(each.kinds, reverse=True)),
            "yes" if each.weighted else "",
            escaped(each.undefined),
        )
        for name, each in MEASURES.items()
    ]
    return table(("Measure", "What it is called", "Networks", "Weighs ties", "Undefined"), rows)


def networks_in_chinese() -> str:
    """Return the networks with what each ties, for a Chinese page."""
    texts = words("chaingraph.networks")["networks"]
    rows = [(code(name), each.label("zh"), escaped(texts[name]["ties"]["zh"])) for name, each in PROJECTIONS.items()]
    return table(("网络", "中文名称", "其中的联系"), rows)


def measures_in_chinese() -> str:
    """Return the measures of the nodes of a network, with the kinds of networks, for a Chinese page."""
    kinds = {"undirected": "无向", "two-mode": "二模", "directed": "有向"}
    rows = [
        (code(name), escaped(each.label("zh")), "、".join(kinds[kind] for kind in sorted(each.kinds, reverse=True)))
        for name, each in MEASURES.items()
    ]
    return table(("指标", "中文名称", "适用的网络"), rows)


def proofs() -> str:
    """Return the indices with the sources whose numbers they are proven by."""
    sources: dict[str, dict[str, None]] = {}
    for entry in entries():
        sources.setdefault(entry.function, {})[entry.source] = None
    rows = [(code(name), escaped("; ".join(each))) for name, each in sorted(sources.items())]
    return table(("Index", "Numbers of"), rows)


def rooms() -> str:
    """Return the rooms from the highest floor to the ground, from the import contract and from each one's docstring."""
    contracts = tomllib.loads(results.text_of("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    rows = []
    for floor, layer in zip(reversed(range(len(layers))), layers, strict=True):
        for room in layer.split(" | "):
            words = inspect.getdoc(import_module(f"chaingraph.{room}")) or ""
            rows.append((str(floor), code(room), escaped(first_sentence(words))))
    return table(("Floor", "Room", "What it is for"), rows)
