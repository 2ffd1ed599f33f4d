"""Pages of the Python interface, from what each public module lists in ``__all__``.

``reference/python/index.md`` is the whole interface in four tables; the other pages hold the docstrings, which
mkdocstrings reads from the source.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType

import griffe

from generated.markdown_text import code, escaped, first_sentence, table

_TOP = "chaingraph"
MODULES = {
    "chaingraph": ("cg", "graph", "Used daily; networks, measures and indicators are those below"),
    "chaingraph.networks": ("cg.networks", "networks", "From a graph to a network (networkx)"),
    "chaingraph.metrics": ("cg.metrics", "metrics", "From a network or a table of counts to a frame or a number"),
    "chaingraph.indicators": ("cg.indicators", "indicators", "From a graph to a table"),
    "chaingraph.engines": ("cg.engines", "engines", "The same measures of tables beyond one machine's memory, as SQL"),
}
"""The modules whose names are public, with what they are called, the page of their docstrings, and what is in them."""
_TITLES = {
    "graph": "The graph, its checks and its page",
    "networks": "Networks",
    "indicators": "Indicators",
    "engines": "Engines",
    "metrics": "The numbers that prove the measures",
    "network": "Measures of networks",
    "location": "Measures of location",
    "supply_chain": "Measures of supply chains",
    "spatial": "Measures of space",
    "errors": "Errors",
    "sources": "Importers and identity",
    "layout": "Layouts",
}
"""The pages of docstrings. A measure is on the page of the package that it lies in."""
_WHOLE = {
    "errors": ("chaingraph.errors",),
    "sources": ("chaingraph.importers.cordis", "chaingraph.identity.candidates", "chaingraph.identity.decisions"),
    "layout": ("chaingraph.layout",),
}
"""Modules of which everything is documented, whether or not the top level has it."""
_HEAD = """# Python

`import chaingraph as cg` gives everything below. Each name leads to its documentation: what comes back, in which units
and range, what is undefined, which errors it raises, and who defined it."""


@dataclass(frozen=True)
class Entry:
    """One public name: the page that documents it, the path of the object, and its first sentence."""

    name: str
    page: str
    path: str
    summary: str


def pages() -> dict[str, str]:
    """Return the pages of the interface as Markdown by path."""
    parts = {page: [f"# {title}"] for page, title in _TITLES.items()}
    for page, modules in _WHOLE.items():
        parts[page] += [f"::: {module}" for module in modules]
    for module, (prefix, _, _) in MODULES.items():
        for entry in entries(module):
            if _is_documented_here(entry, module):
                heading = f"{prefix}.{entry.name}"
                parts[entry.page].append(
                    f"::: {entry.path}\n    options:\n      heading: {heading}\n      toc_label: {heading}"
                )
    texts = {page: "\n\n".join(text) + "\n" for page, text in parts.items()}
    return {f"reference/python/{page}.md": text for page, text in {"index": _index(), **texts}.items()}


def _is_documented_here(entry: Entry, module: str) -> bool:
    """Tell whether no other entry documents the object: that of a module below, of its class, or a whole module."""
    if entry.page in _WHOLE or (module == _TOP and entry.page != "graph"):
        return False
    return entry.path.rpartition(".")[0] not in {each.path for each in entries(module)}


def _index() -> str:
    parts = [_HEAD]
    for module, (name, _, purpose) in MODULES.items():
        parts += [f"## {name}", f"{purpose}.", _table(module)]
    more = "\n".join(f"- [{_TITLES[page]}]({page}.md)" for page in _WHOLE)
    return "\n\n".join([*parts, "## More", "What these build on, for whoever extends them:", more]) + "\n"


def _table(module: str) -> str:
    rows = [(f"[{code(each.name)}]({each.page}.md#{each.path})", escaped(each.summary)) for each in entries(module)]
    return table(("Name", "What it is"), rows)


@cache
def entries(module: str) -> list[Entry]:
    """Return what a module lists: functions, then classes, then errors, each by name; but not the modules in it."""
    home = import_module(module)
    values = {name: getattr(home, name) for name in sorted(home.__all__, key=str.casefold)}
    listed = [_entry(module, name, value) for name, value in values.items() if not isinstance(value, ModuleType)]
    return sorted(listed, key=lambda entry: (entry.page == "errors", isinstance(values[entry.name], type)))


def _entry(module: str, name: str, value: object) -> Entry:
    if not callable(value):
        # A constant has its docstring in the source only.
        constant = griffe.load(module)[name]
        return Entry(name, MODULES[module][1], f"{module}.{name}", first_sentence(constant.docstring.value))
    path = f"{value.__module__}.{value.__qualname__}"
    return Entry(name, _page(path), path, first_sentence(inspect.getdoc(value) or ""))


def _page(path: str) -> str:
    """Return the page of an object: that of its module, of the package of its measure, or of the graph."""
    for page, modules in _WHOLE.items():
        if path.startswith(tuple(f"{each}." for each in modules)):
            return page
    home = next(each for each in reversed(MODULES) if path.startswith(f"{each}."))
    family = path.removeprefix("chaingraph.metrics.").partition(".")[0]
    return family if home == "chaingraph.metrics" and family in _TITLES else MODULES[home][1]
