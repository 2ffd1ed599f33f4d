"""The library networkit, imported without what it has for plots: that takes a second of the processor."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from types import ModuleType

_FOR_PLOTS = ("matplotlib", "seaborn", "sklearn")
"""Optional libraries of networkit: it goes without where one cannot be imported."""
_FOR_DISPLAY = "IPython.core.display"
"""With it networkit writes a script into the output of the cell that imports it."""


def networkit() -> Any:  # noqa: ANN401 (networkit has no types)
    """Return networkit; where it is not imported yet, without its plots, unless a library for them is imported.

    A program that draws with ``networkit.plot`` imports networkit, or matplotlib, before it computes.
    """
    modules = cast("dict[str, ModuleType | None]", sys.modules)
    if "networkit" in modules:
        return modules["networkit"]
    before = {name: modules[name] for name in (_FOR_DISPLAY,) if name in modules}
    hidden = [*(name for name in _FOR_PLOTS if name not in modules), _FOR_DISPLAY]
    modules.update(dict.fromkeys(hidden))
    try:
        import networkit
    finally:
        for name in hidden:
            del modules[name]
        modules.update(before)
    return networkit
