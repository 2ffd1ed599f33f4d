"""The tile map: each province of China, or each country with NUTS regions, as a tile coloured by a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chaingraph.briefing.scriptless import scriptless_page
from chaingraph.briefing.tile_model import tile_model
from chaingraph.languages import LANGUAGES, check_language, in_both
from chaingraph.webpage.document import Page

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from chaingraph.languages import Language


def tile_map(
    values: pd.Series[float],
    *,
    area: str | None = None,
    title: str | Mapping[str, str] | None = None,
    unit: str | Mapping[str, str] | None = None,
    language: Language = "zh",
) -> Page:
    """Draw numbers by province of China, or by country with NUTS regions, as a grid of tiles on one offline page.

    A tile has the name of its region and its number; its colour is one of at most five steps, each with as many
    different numbers, and the legend has the range of each. Zero has a step of its own. A region without a number, or
    with nan, is unknown and hatched. The page is in both languages, and has all numbers as a table.

    Args:
        values: Numbers by region: the name or code of a province or country. :func:`chaingraph.indicators.tile_values`
            counts a graph so; what its ``attrs`` say is what the page says.
        area: ``china`` or ``europe``; None: the one that the first region is in.
        title: The heading, one text or a mapping of ``zh`` and ``en``; else what is counted.
        unit: The unit of the numbers, by the legend.
        language: The language that the page opens in, zh or en.

    Raises:
        UsageError: A region has no tile, or two of them the same; with the names.
        UnknownLanguageError: The language is neither zh nor en.

    Example:
        >>> import pandas as pd
        >>> tile_map(pd.Series({"江苏": 12, "浙江省": 5, "320500": 3})[:2]).html[:15]
        '<!DOCTYPE html>'
    """
    check_language(language)
    titles, units = (
        None if text is None else in_both(dict.fromkeys(LANGUAGES, text) if isinstance(text, str) else text)
        for text in (title, unit)
    )
    model = tile_model(values, area, titles, units)
    return Page(scriptless_page("tile_map", model=model, language=language, languages=LANGUAGES))
