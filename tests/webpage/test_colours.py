"""The page's colours: readable in both themes, and apart for readers who do not see red or green."""

from __future__ import annotations

import itertools
import re
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import pytest

from chaingraph.webpage.words import words

Array = npt.NDArray[np.float64]

# Viénot, Brettel and Mollon (1999, Color Research and Application 24: 243-252), from linear RGB to linear RGB.
VISIONS = {
    "full": np.eye(3),
    "protanopia": np.array([[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]),
    "deuteranopia": np.array([[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]),
}
# Ottosson (2020), Oklab: cone responses from linear RGB, then lightness and two opponents.
CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
OPPONENTS = np.array(
    [
        [0.2104542553, 0.793617785, -0.0040720468],
        [1.9779984951, -2.428592205, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.808675766],
    ]
)


def themes() -> list[dict[str, str]]:
    style = files("chaingraph.webpage").joinpath("shared/base.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root[^{]*\{([^}]*--paper[^}]*)\}", style)
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in blocks]


LIGHT, DARK, CHOSEN_DARK = themes()


def linear(colour: str) -> Array:
    parts = np.array([int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio: from 1 to 21."""
    low, high = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def distance(one: str, other: str, vision: str) -> float:
    seen = [OPPONENTS @ np.cbrt(np.maximum(0, CONES @ VISIONS[vision] @ linear(colour))) for colour in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


def test_the_measure_of_contrast_gives_the_ends_of_its_scale() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_dark_is_the_same_whether_the_system_or_the_reader_chose_it() -> None:
    assert DARK == CHOSEN_DARK
    assert set(LIGHT) == set(DARK)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "sheet", "land"])
@pytest.mark.parametrize("text", ["ink", "soft", "accent"])
def test_every_text_stands_out_from_every_ground(theme: dict[str, str], ground: str, text: str) -> None:
    assert contrast(theme[text], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("vision", VISIONS)
def test_hues_stay_apart_for_readers_who_do_not_see_red_or_green(theme: dict[str, str], vision: str) -> None:
    hues = [theme[f"hue-{hue}"] for hue in words()["hues"]]
    assert len(hues) == 10
    assert min(distance(*pair, vision) for pair in itertools.combinations(hues, 2)) >= 0.06
    assert min(distance(*pair, vision) for pair in itertools.combinations(hues[:6], 2)) >= 0.08


def test_no_two_classes_share_a_shape() -> None:
    shapes = [entry["shape"] for entry in words()["classes"].values()]
    assert len(set(shapes)) == len(shapes) == 12
