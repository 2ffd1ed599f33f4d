"""The picture of a network as PNG, for Word; needs the extra ``brief``."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from chaingraph.briefing.network_picture import COLOURS, LABEL_SIZE
from chaingraph.errors import UsageError, install_line
from chaingraph.export.fonts import font_family
from chaingraph.messages import tr

if TYPE_CHECKING:
    from chaingraph.briefing.network_picture import NetworkPicture

_ALIGNMENT = {"start": "left", "end": "right", "middle": "center"}
_UNITS_PER_INCH = 96.0


def network_png(picture: NetworkPicture) -> bytes:
    """Return the picture as PNG; the same picture gives the same bytes.

    Raises:
        UsageError: The extra is not installed, or no installed font has the characters of the labels.
    """
    try:
        from matplotlib.collections import LineCollection
        from matplotlib.figure import Figure
        from matplotlib.patheffects import withStroke
    except ImportError:
        message = tr("the picture of the network in a .docx needs matplotlib: {line}", line=install_line("brief"))
        raise UsageError(message) from None
    family = font_family("".join(mark.label for mark in picture.marks))
    figure = Figure(figsize=(picture.width / _UNITS_PER_INCH, picture.height / _UNITS_PER_INCH))
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(0, picture.width)
    axes.set_ylim(picture.height, 0)
    points = 72.0 / _UNITS_PER_INCH
    marks = picture.marks
    lines = [[(marks[end].x, marks[end].y) for end in tie] for tie in picture.ties]
    axes.add_collection(LineCollection(lines, colors="#c9c4b5", linewidths=points, zorder=1))
    axes.scatter(
        [mark.x for mark in marks],
        [mark.y for mark in marks],
        s=[(2 * mark.radius * points) ** 2 for mark in marks],
        c=[COLOURS[mark.kind] for mark in marks],
        edgecolors="white",
        linewidths=points,
        zorder=2,
    )
    for mark in marks:
        if mark.label:
            # A dollar sign would start mathematics in matplotlib.
            text = mark.label.replace("$", r"\$")
            style = {"family": family, "size": LABEL_SIZE * points}
            place = (mark.label_x, mark.label_y)
            words = axes.text(*place, text, ha=_ALIGNMENT[mark.anchor], va="baseline", fontdict=style, color="#222222")
            words.set_path_effects([withStroke(linewidth=3 * points, foreground="white")])
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=240, metadata={"Software": None})
    return content.getvalue()
