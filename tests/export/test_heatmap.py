"""The heat map draws every label, Chinese too, and says what it leaves out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from chaingraph.errors import UsageError
from chaingraph.export.heatmap import MOST, heatmap, save

pytest.importorskip("matplotlib")


def has_chinese_font() -> bool:
    listed = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


QUOTIENTS = pd.DataFrame([[2.0, 0.0], [0.5, 1.0]], index=["Suzhou", "Wuxi"], columns=["optics", "a$b$c"])


def test_chinese_labels_are_drawn_with_a_font_that_has_them(tmp_path: Path) -> None:
    if not has_chinese_font():
        pytest.skip("no Chinese font is installed here")
    frame = pd.DataFrame([[2.0, 0.5]], index=["苏州"], columns=["光电", "纤维"])
    figure = heatmap(frame, title="区位商")
    fonts = {label.get_fontname() for label in figure.axes[0].get_yticklabels()}
    assert fonts.isdisjoint({"DejaVu Sans", "Last Resort"})
    # A missing glyph is a warning of matplotlib's, which is an error here.
    save(figure, tmp_path / "map.png")
    assert (tmp_path / "map.png").stat().st_size > 5_000


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_the_same_map_has_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    written = []
    for name in ("one", "two"):
        save(heatmap(QUOTIENTS, title="LQ"), tmp_path / f"{name}{suffix}")
        written.append((tmp_path / f"{name}{suffix}").read_bytes())
    assert written[0] == written[1]


def test_a_dollar_is_a_dollar_and_nothing_is_grey() -> None:
    figure = heatmap(QUOTIENTS)
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()] == ["optics", r"a\$b\$c"]
    drawn = figure.axes[0].images[0].get_array()
    assert drawn is not None
    assert np.ma.is_masked(drawn)
    assert np.ma.getmaskarray(drawn).tolist() == [[False, True], [False, False]]


def test_of_many_the_largest_are_drawn_and_the_title_says_so() -> None:
    wide = pd.DataFrame(np.ones((2, MOST + 5)), columns=[f"i{n}" for n in range(MOST + 5)])
    totals = wide * np.arange(1, MOST + 6)
    figure = heatmap(wide, title="LQ", totals=totals)
    assert figure.axes[0].get_title(loc="left") == f"LQ ({MOST} of {MOST + 5} columns, the largest)"
    assert figure.axes[0].get_xticklabels()[0].get_text() == f"i{MOST + 4}"


def test_what_cannot_be_drawn_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is nothing to draw"):
        heatmap(pd.DataFrame())
    with pytest.raises(UsageError, match=r"expected a name that ends in \.png or \.svg"):
        save(heatmap(QUOTIENTS), tmp_path / "map.pdf")


def test_a_missing_extra_is_said_with_what_to_install() -> None:
    code = "import sys; sys.modules['matplotlib.figure'] = None\nimport pandas as pd\n"
    code += "from chaingraph.export.heatmap import heatmap\nheatmap(pd.DataFrame([[1.0]]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert 'pip install "chaingraph[plot]"' in done.stderr
