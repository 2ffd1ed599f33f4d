"""Which classes have nodes: known without a library for frames, as the pages need it."""

from __future__ import annotations

CLASSES = (
    "Organization",
    "Consortium",
    "Programme",
    "Platform",
    "Project",
    "Region",
    "Industry",
    "Chain",
    "Stage",
    "Product",
    "Cluster",
    "Event",
)
"""The classes whose instances can be nodes, in the order in which a network lists them."""
