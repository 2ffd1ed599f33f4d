"""Pages of the Python interface: which modules are public, and in which order they are told of.

The words are the docstrings'; mkdocstrings reads them from the source.
"""

from __future__ import annotations

import chaingraph

_PAGES = {
    "graph": ("The graph: open, build, query, export", ("store", "questions", "vocabulary")),
    "checks": ("Checks, coverage and evidence", ("checks", "differences")),
    "networks": ("Networks", ("networks",)),
    "centrality": (
        "Measures of networks",
        (
            "metrics.centrality",
            "metrics.distances",
            "metrics.betweenness",
            "metrics.walks",
            "metrics.neighbourhood",
            "metrics.ego",
            "metrics.two_mode",
            "metrics.structure",
            "metrics.communities",
            "metrics.robustness",
        ),
    ),
    "agglomeration": (
        "Where things gather",
        (
            "tallies",
            "metrics.agglomeration",
            "metrics.significance",
            "metrics.complexity",
            "metrics.spatial",
            "metrics._proofs",
            "gathering",
            "heatmap",
        ),
    ),
    "chain": ("The chain and the scorecard", ("metrics.chain", "completeness", "scorecard")),
    "pages": ("Pages and layouts", ("html.page", "layout")),
    "sources": ("Importers and identity", ("sources.cordis", "sources.identity", "sources.decisions")),
    "errors": ("Errors", ("errors",)),
}
"""Title and modules of each page. A module that exports its parts' names stands for them."""

_HEAD = """# Python

These pages are made from the docstrings. `import chaingraph as cg` gives the names below; everything else is imported
from its module.

| Name | Where it is told of |
|---|---|
"""


def pages() -> dict[str, str]:
    """Return the pages of the modules, and the one that leads to them, as Markdown by path."""
    made = {"reference/python/index.md": _index()}
    for name, (title, modules) in _PAGES.items():
        parts = [f"# {title}"]
        parts += [f"::: chaingraph.{module}" for module in modules]
        made[f"reference/python/{name}.md"] = "\n\n".join(parts) + "\n"
    return made


def _index() -> str:
    rows = []
    for name in sorted(chaingraph.__all__):
        home = f"{getattr(chaingraph, name).__module__}.".removeprefix("chaingraph.")
        page, title = next(
            (page, title)
            for page, (title, modules) in _PAGES.items()
            if any(home.startswith(f"{module}.") for module in modules)
        )
        rows.append(f"| `cg.{name}` | [{title}]({page}.md) |")
    listed = "\n".join(f"- [{title}]({name}.md)" for name, (title, _) in _PAGES.items())
    return f"{_HEAD}{chr(10).join(rows)}\n\n## Pages\n\n{listed}\n"
