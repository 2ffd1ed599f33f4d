"""The library networkit, imported without what it has for plots: that takes a second of the processor."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from types import ModuleType

_FOR_PLOTS = ("matplotlib", "seaborn", "sklearn")
"""Optional libraries of networkit: it goes without where one cannot be imported."""


def networkit() -> Any:  # noqa: ANN401 (networkit has no types)
    """Return networkit; where it is not imported yet, without its plots, unless a library for them is imported.

    A program that draws with ``networkit.plot`` imports networkit, or matplotlib, before it computes.
    """
    modules = cast("dict[str, ModuleType | None]", sys.modules)
    hidden = [name for name in _FOR_PLOTS if name not in modules]
    modules.update(dict.fromkeys(hidden))
    try:
        import networkit
    finally:
        for name in hidden:
            del modules[name]
    return networkit
