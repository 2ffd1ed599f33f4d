"""Browsers: the only place that looks for one and opens a page that was written."""

from __future__ import annotations

import shutil
import sys
import webbrowser
from pathlib import Path

from chaingraph.cli.output import say
from chaingraph.messages import tr

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome", "firefox", "microsoft-edge", "msedge")
_APPLICATIONS = ("Chromium", "Google Chrome", "Firefox", "Microsoft Edge", "Safari")
_IN_A_TERMINAL = {"elinks", "links", "lynx", "w3m", "www-browser"}
"""These run no scripts, and would take the terminal over."""


def browsers() -> list[str]:
    """Return the browsers that are installed and can show a page, by what they are started with."""
    if sys.platform == "win32":
        # Windows always has one, which opens a file by itself; none stands in the path of the shell.
        return ["Windows"]
    programs = [program for program in _PROGRAMS if shutil.which(program)]
    return programs + [name for name in _APPLICATIONS if Path(f"/Applications/{name}.app").is_dir()]


def open_page(path: Path) -> None:
    """Open a page on this machine in the browser, or say where it lies if there is none."""
    address = path.resolve().as_uri()
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        browser = None
    name = Path(str(getattr(browser, "name", ""))).name
    if browser is None or name in _IN_A_TERMINAL or not browser.open(address):
        say(tr("no browser was found here; open {address} in one", address=address))
    else:
        say(tr("opened {address}", address=address))
