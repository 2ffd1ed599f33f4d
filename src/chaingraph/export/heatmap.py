"""The heat map of a crosstab as a figure, with Chinese labels; needs the extra ``plot``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from chaingraph.errors import UsageError

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
        message = "there is nothing to draw: the crosstab has no cells; choose other rows or columns"
        raise UsageError(message)
    weights = quotients if totals is None else totals
    rows = weights.sum(axis=1).sort_values(ascending=False, kind="stable").index[:MOST]
    columns = weights.sum(axis=0).sort_values(ascending=False, kind="stable").index[:MOST]
    heading = title + _left_out(quotients, len(rows), len(columns))
    family = _font_family("".join([heading, *map(str, rows), *map(str, columns)]))
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
        message = f"cannot write {path}: expected a name that ends in .png or .svg"
        raise UsageError(message)
    with rc_context({"svg.hashsalt": "chaingraph", "svg.fonttype": "path"}), replacement(path) as new:
        figure.savefig(new, dpi=160, metadata={"Date": None} if path.suffix == ".svg" else {"Software": None})


def _figure_class() -> type[Figure]:
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        message = "a heat map needs the extra plot: pip install 'chaingraph[plot]'"
        raise UsageError(message) from error
    return Figure


def _label(name: object) -> str:
    text = str(name)
    # A dollar sign would start mathematics in matplotlib.
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return text.replace("$", r"\$")


def _font_family(text: str) -> str:
    """Return an installed font that has every character of the text, the usual one if it has."""
    from matplotlib import font_manager
    from matplotlib.ft2font import FT2Font

    characters = {ord(character) for character in text if character.isprintable() and not character.isspace()}
    usual = font_manager.findfont(font_manager.FontProperties(family=["sans-serif"]))
    missing = characters - set(FT2Font(usual).get_charmap())
    if not missing:
        return "sans-serif"
    manager = font_manager.fontManager
    registered = {entry.fname for entry in manager.ttflist}
    # matplotlib remembers the fonts of the day it first ran; one that was installed since is added here.
    for file in sorted(set(font_manager.findSystemFonts()) - registered):
        if any(word in file for word in _CHINESE):
            manager.addfont(file)
    # Fonts that say in their name that they are Chinese, Japanese or Korean come first: looking into all takes long.
    # The last resort has every character, and draws each as the box that names its block.
    entries = sorted(
        {(entry.name, entry.fname) for entry in manager.ttflist if "Last Resort" not in entry.name},
        key=lambda entry: (not any(word in entry[0] for word in _CHINESE), "Serif" in entry[0], entry),
    )
    for name, file in entries:
        if not characters - set(FT2Font(file).get_charmap()):
            return name
    signs = "".join(chr(code) for code in sorted(missing)[:5])
    message = f"no installed font has the characters {signs}; install one with Chinese, such as fonts-noto-cjk"
    raise UsageError(message)


_CHINESE = ("CJK", "Han Sans", "YaHei", "PingFang", "Heiti", "SimHei", "SimSun", "WenQuanYi", "Fang")
"""Words in the names of fonts that have Chinese."""
