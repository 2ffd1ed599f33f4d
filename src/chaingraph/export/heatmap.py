"""The heat map of a crosstab as a figure, with Chinese labels; needs the extra ``plot``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from chaingraph.errors import UsageError, install_line
from chaingraph.export.fonts import font_family
from chaingraph.messages import tr

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

MOST = 60
"""The most rows and columns that labels have room for."""
_FAINT = "#e9e9e9"
_LONGEST = 34


def heatmap(quotients: pd.DataFrame, *, title: str = "", totals: pd.DataFrame | None = None) -> Figure:
    """Draw location quotients as a heat map: blue below 1, red above, grey where there is nothing.

    The colour follows the logarithm, so that twice and half the usual share are equally far from white; beyond eight
    times it stays the same. Rows and columns stand in the order of their totals, largest first. Of more than ``MOST``
    rows or columns the largest are drawn, and the title says how many there are.

    Args:
        quotients: Location quotients, regions by industries, at least 0.
        title: The heading.
        totals: The counts behind them, for the order; else the quotients' own sums.

    Raises:
        UsageError: The extra is not installed, the frame is empty, or no installed font has the labels' characters.
    """
    if quotients.empty:
        message = tr("there is nothing to draw: the crosstab has no cells; choose other rows or columns")
        raise UsageError(message)
    weights = quotients if totals is None else totals
    rows = weights.sum(axis=1).sort_values(ascending=False, kind="stable").index[:MOST]
    columns = weights.sum(axis=0).sort_values(ascending=False, kind="stable").index[:MOST]
    heading = title + _left_out(quotients, len(rows), len(columns))
    family = font_family("".join([heading, *map(str, rows), *map(str, columns)]))
    size = (max(6.0, 4.4 + 0.26 * len(columns)), max(3.6, 3.2 + 0.24 * len(rows)))
    figure = _figure_class()(figsize=size, layout="constrained")
    axes = figure.add_subplot()
    values = quotients.loc[rows, columns].to_numpy(dtype=np.float64, copy=True)
    with np.errstate(divide="ignore"):
        powers = np.ma.masked_invalid(np.where(values > 0, np.log2(values), np.nan))
    image = axes.imshow(powers, cmap="RdBu_r", vmin=-3, vmax=3, aspect="auto", interpolation="nearest")
    axes.set_facecolor(_FAINT)
    font = {"family": family, "size": 8}
    axes.set_xticks(range(len(columns)), [_label(name) for name in columns], rotation=90, fontdict=font)
    axes.set_yticks(range(len(rows)), [_label(name) for name in rows], fontdict=font)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    if heading:
        axes.set_title(heading, loc="left", fontdict={"family": family, "size": 10})
    bar = figure.colorbar(image, ax=axes, ticks=[-3, -2, -1, 0, 1, 2, 3], shrink=0.6, pad=0.02)
    bar.ax.set_yticklabels(["1/8", "1/4", "1/2", "1", "2", "4", "8"], fontdict={"family": family, "size": 8})
    bar.outline.set_visible(False)
    return figure


def _left_out(quotients: pd.DataFrame, rows: int, columns: int) -> str:
    """Return how many rows and columns of how many are drawn, where some are left out."""
    parts = [
        f"{count} of {total} {name}"
        for count, total, name in (
            (rows, quotients.shape[0], quotients.index.name or "rows"),
            (columns, quotients.shape[1], quotients.columns.name or "columns"),
        )
        if count < total
    ]
    return f" ({', '.join(parts)}, the largest)" if parts else ""


def save(figure: Figure, path: Path) -> None:
    """Write the figure as PNG or SVG, by the suffix of ``path``; the same figure gives the same bytes.

    Raises:
        UsageError: The suffix is another, or the file cannot be written.
    """
    from matplotlib import rc_context

    from chaingraph.export.files import replacement

    if path.suffix not in (".png", ".svg"):
        message = tr("cannot write {path}: expected a name that ends in .png or .svg", path=path)
        raise UsageError(message)
    with rc_context({"svg.hashsalt": "chaingraph", "svg.fonttype": "path"}), replacement(path) as new:
        figure.savefig(new, dpi=160, metadata={"Date": None} if path.suffix == ".svg" else {"Software": None})


def _figure_class() -> type[Figure]:
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        message = tr("a heat map needs the extra plot: {line}", line=install_line("plot"))
        raise UsageError(message) from error
    return Figure


def _label(name: object) -> str:
    text = str(name)
    # A dollar sign would start mathematics in matplotlib.
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return text.replace("$", r"\$")
