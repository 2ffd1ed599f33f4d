"""The tile map: steps of colour, what is unknown, both languages, contrast, and the page in a browser."""

from __future__ import annotations

import re
from html import unescape
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

import chaingraph as cg
from chaingraph.briefing.tile_model import UNKNOWN, ZERO, tile_model
from chaingraph.errors import UsageError
from chaingraph.resources import sample
from tests.cli.shell import run

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from chaingraph.languages import Language

VALUES = pd.Series({"江苏": 34, "浙江省": 12, "Beijing": 12, "440000": 0, "上海": np.nan, "湖北": 1234})
WIDTHS = (375, 1440, 1920)


def test_numbers_have_steps_by_size_zero_its_own_and_what_is_not_stated_is_unknown() -> None:
    model = tile_model(VALUES, None, None, None)
    steps = {tile.name["zh"]: (tile.number, tile.step) for tile in model.tiles}
    assert {name: step for name, step in steps.items() if step[1] != UNKNOWN} == {
        "浙江": ("12", 1),
        "北京": ("12", 1),
        "江苏": ("34", 3),
        "湖北": ("1,234", 5),
        "广东": ("0", ZERO),
    }
    assert len(model.tiles) == 34
    assert [(step.number, step.text["en"]) for step in model.legend] == [
        (ZERO, "0"),
        (1, "12"),
        (3, "34"),
        (5, "1,234"),
        (UNKNOWN, "unknown: nothing is stated"),
    ]
    assert [tile.name["en"] for tile in model.ranking] == ["Hubei", "Jiangsu", "Beijing", "Zhejiang", "Guangdong"]


def test_many_numbers_have_five_steps_whose_ranges_the_legend_has() -> None:
    codes = [tile.code for tile in tile_model(VALUES, None, None, None).tiles][:12]
    model = tile_model(pd.Series([float(number) for number in range(1, 13)], index=codes), None, None, None)
    assert [step.text["zh"] for step in model.legend] == ["1–3", "4–6", "7–8", "9–10", "11–12", "未知：没有相关陈述"]


def test_the_page_says_what_is_counted_what_could_not_be_placed_and_the_unit_in_both_languages() -> None:
    html = cg.tile_map(cg.indicators.tile_values(cg.open(sample("horizon-batteries")))).html
    for text in (
        "各国（NUTS）的单位数量",
        "Number of organizations by country (NUTS)",
        "837 个单位中，802 个计入图块。地区没有图块的：United States (8)、Australia (5)",
        "Of 837 organizations, 802 are counted in a tile. Regions without a tile: United States (8), Australia (5)",
        "单位：个",
        "Unit: number",
    ):
        assert text in html
    assert "跨几个图块" not in html


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            pd.Series({"江苏": 1, "苏州": 2}),
            "no tile of 'china' is called 苏州; give numbers by province or by country",
        ),
        (pd.Series({"江苏": 1, "长三角": 2}), "no tile of 'china' is called 长三角"),
        (pd.Series({"江苏": 1, "Jiangsu": 2}), "the tile 'Jiangsu' has two numbers; give one per region"),
        (pd.Series({"德国": 1, "江苏": 2}), "no tile of 'europe' is called 江苏"),
    ],
)
def test_regions_without_a_tile_and_two_numbers_of_one_are_refused_by_name(values: pd.Series[int], words: str) -> None:
    with pytest.raises(UsageError, match=re.escape(words)):
        cg.tile_map(values.astype("float64"))


def test_names_of_the_caller_are_escaped_and_nothing_but_the_style_may_run() -> None:
    html = cg.tile_map(VALUES, title="<script>alert(1)</script>", unit={"zh": "家", "en": "firms & others"}).html
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "firms &amp; others" in html
    assert "default-src 'none'; style-src 'sha256-" in unescape(html)
    assert not re.search(r"https?://|\bon\w+=|style=", html)


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_every_text_can_be_read_on_its_colour_in_light_and_dark() -> None:
    """WCAG 2.2, success criterion 1.4.3: at least 4.5 to 1."""
    style = files("chaingraph.briefing").joinpath("tile_map.css").read_text(encoding="utf-8")
    light, dark = (colours(block) for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL))
    for theme in (light, light | dark):
        pairs = [(f"step-{number}", f"ink-{number}") for number in range(1, 6)]
        pairs += [("zero", "zero-ink"), ("none-1", "none-ink"), ("none-2", "none-ink")]
        pairs += [("paper", "ink"), ("paper", "soft"), ("sheet", "soft"), ("sheet", "ink"), ("ink", "paper")]
        assert [pair for pair in pairs if contrast(theme[pair[0]], theme[pair[1]]) < 4.5] == []


def test_the_steps_are_told_apart_from_each_other_from_zero_and_from_unknown() -> None:
    style = files("chaingraph.briefing").joinpath("tile_map.css").read_text(encoding="utf-8")
    for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL):
        theme = colours(block)
        order = [luminance(theme[f"step-{number}"]) for number in range(1, 6)]
        assert order in (sorted(order), sorted(order, reverse=True))
        assert len({theme["zero"], theme["none-1"], *(theme[f"step-{number}"] for number in range(1, 6))}) == 7


def faults_at(browser: Browser, address: str, width: int, other: str) -> dict[str, object]:
    """What is wrong with a page in a window of that width, before and after the reader chose the other language."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.goto(address)
    faults = [page.evaluate(FAULTS)]
    page.locator(f"label[for={other}]").click()
    assert page.locator(f"h1 .in-{other}").is_visible()
    faults.append(page.evaluate(FAULTS))
    page.close()
    return {"messages": messages, "faults": [fault for fault in faults if fault != []]}


FAULTS = """() => {
  const tiles = [...document.querySelectorAll(".tile")];
  const boxes = tiles.map((tile) => tile.getBoundingClientRect());
  const overlap = boxes.some((a, i) => boxes.some((b, j) => i < j &&
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom));
  const large = tiles.filter((tile) => tile.scrollWidth > tile.clientWidth + 1
    || tile.scrollHeight > tile.clientHeight + 1);
  const languages = [...document.querySelectorAll("h1 span")].filter((span) => span.offsetWidth).length;
  const wide = document.documentElement.scrollWidth > innerWidth;
  const uneven = boxes.some((box) => Math.abs(box.height - boxes[0].height) > 0.5);
  const faults = [overlap && "overlap", uneven && "uneven", languages !== 1 && "languages", wide && "wide"];
  return [...faults, ...large.map((tile) => tile.innerText)].filter(Boolean);
}"""


@pytest.mark.parametrize(("language", "other"), [("zh", "en"), ("en", "zh")])
def test_no_text_leaves_its_tile_at_any_width_and_the_reader_changes_the_language(
    browser: Browser, tmp_path: Path, language: Language, other: str
) -> None:
    """In Chromium: all tiles lie apart, names fit, nothing scrolls sideways, no error is logged."""
    for values in (VALUES, pd.Series({"德国": 117.0, "BA": 3.25, "LI": 1.0})):
        path = cg.tile_map(values, language=language).save(tmp_path / "map.html")
        for width in WIDTHS:
            assert faults_at(browser, path.as_uri(), width, other) == {"messages": [], "faults": []}, (width, language)


def test_the_command_writes_the_page_and_says_what_it_shows(tmp_path: Path) -> None:
    result = run("measure", "map", sample("jiangsu-2022"), "--count", "consortia", "-o", tmp_path / "x.html")
    assert result.returncode == 0, result.stderr
    assert re.search(r"1 tile with a number, of \d+ of 22 consortia → .*x.html; open it in a browser", result.stderr)
    refusal = run("measure", "map", sample("jiangsu-2022"), "--columns", "kind", "-o", tmp_path / "y.html")
    assert (refusal.returncode, refusal.stderr.strip().splitlines()[-1].endswith("give --index too")) == (2, True)
    assert not (tmp_path / "y.html").exists()
