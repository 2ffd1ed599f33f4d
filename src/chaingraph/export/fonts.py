"""Installed fonts for figures of matplotlib: which of them has the characters of some text."""

from __future__ import annotations

from chaingraph.errors import UsageError
from chaingraph.messages import tr


def font_family(text: str) -> str:
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
    message = tr(
        "no installed font has the characters {signs}; install one with Chinese, such as fonts-noto-cjk", signs=signs
    )
    raise UsageError(message)


_CHINESE = ("CJK", "Han Sans", "YaHei", "PingFang", "Heiti", "SimHei", "SimSun", "WenQuanYi", "Fang")
"""Words in the names of fonts that have Chinese."""
