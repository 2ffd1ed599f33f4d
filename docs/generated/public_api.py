"""Pages of the Python interface, from what each public module lists in ``__all__``.

``reference/python/index.md`` is the whole interface in four tables; the other pages hold the docstrings, which
mkdocstrings reads from the source.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

from generated.markdown_text import code, escaped, first_sentence, table

_MODULES = {
    "chaingraph.networks": ("cg.networks", "networks", "From a graph to a network (networkx)"),
    "chaingraph.metrics": ("cg.metrics", "metrics", "From a network or a table of counts to a frame or a number"),
    "chaingraph.indicators": ("cg.indicators", "indicators", "From a graph to a table"),
}
"""The modules whose names are public, with what they are called, the page of their docstrings, and what they do."""
_TITLES = {
    "graph": "The graph, its checks and its page",
    "networks": "Networks",
    "indicators": "Indicators",
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
_MORE = {
    "errors": ("errors",),
    "sources": ("importers.cordis", "identity.candidates", "identity.decisions"),
    "layout": ("layout",),
}
"""Modules of which everything is documented, whether or not the top level has it."""
_HEAD = """# Python

`import chaingraph as cg` gives everything below. Each name leads to its documentation: what comes back, in which units
and range, what is undefined, which errors it raises, and who defined it."""


@dataclass(frozen=True)
class Entry:
    """One public name: the page that documents it, the object documented there, and its first sentence."""

    name: str
    page: str
    path: str
    summary: str


def pages() -> dict[str, str]:
    """Return the pages of the interface as Markdown by path."""
    parts = {page: [f"# {title}"] for page, title in _TITLES.items()}
    for page, modules in _MORE.items():
        parts[page] += [f"::: chaingraph.{module}" for module in modules]
    for module, (name, _, _) in _MODULES.items():
        for entry in _entries(module):
            parts[entry.page].append(_documented(entry.path, f"{name}.{entry.name}"))
    for entry in _entries("chaingraph"):
        if entry.path == f"chaingraph.{entry.name}":
            parts[entry.page].append(_documented(entry.path, f"cg.{entry.name}"))
    texts = {page: "\n\n".join(text) + "\n" for page, text in parts.items()}
    return {f"reference/python/{page}.md": text for page, text in {"index": _index(), **texts}.items()}


def _index() -> str:
    parts = [
        _HEAD,
        "## cg",
        "Names used daily; those of the modules below are the same functions.",
        _table("chaingraph"),
    ]
    for module, (name, _, purpose) in _MODULES.items():
        parts += [f"## {name}", f"{purpose}.", _table(module)]
    more = "\n".join(f"- [{_TITLES[page]}]({page}.md)" for page in _MORE)
    return "\n\n".join([*parts, "## More", "What these build on, for whoever extends them:", more]) + "\n"


def _table(module: str) -> str:
    rows = [(f"[{code(each.name)}]({each.page}.md#{each.path})", escaped(each.summary)) for each in _entries(module)]
    return table(("Name", "What it is"), rows)


def _documented(path: str, heading: str) -> str:
    return f"::: {path}\n    options:\n      heading: {heading}\n      toc_label: {heading}"


def _entries(module: str) -> list[Entry]:
    """Return what a module lists, but for the modules in it."""
    home = import_module(module)
    values = {name: getattr(home, name) for name in sorted(getattr(home, "__all__", ()), key=str.casefold)}
    return [_entry(module, name, value) for name, value in values.items() if not isinstance(value, ModuleType)]


def _entry(module: str, name: str, value: object) -> Entry:
    page, path = _place(module, name, value)
    return Entry(name, page, path, first_sentence(inspect.getdoc(value) or ""))


def _place(module: str, name: str, value: object) -> tuple[str, str]:
    """Return the page and the path of the documented object; one that a module below lists is documented there."""
    home = getattr(value, "__module__", None) or module
    if module == "chaingraph":
        for below in _MODULES:
            if name in getattr(import_module(below), "__all__", ()) and getattr(import_module(below), name) is value:
                return _place(below, name, value)
        if home == "chaingraph.errors":
            return "errors", f"{home}.{name}"
        # A class method such as open is documented with its class.
        return "graph", f"chaingraph.{getattr(value, '__qualname__', name) if inspect.ismethod(value) else name}"
    family = home.removeprefix("chaingraph.metrics.").partition(".")[0]
    return family if module == "chaingraph.metrics" and family in _TITLES else _MODULES[module][1], f"{module}.{name}"
