"""Take the pictures of pages that the notebooks show, to figures/: a page itself is half a megabyte, a picture a tenth.

Runs the notebooks, opens what they save in Chromium, and names the picture as the page is named. Run it when pages look
different; the notebooks show what is kept in git.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright
from run import FOLDER, NotebookError, execute, prepare

sys.path.insert(0, str(FOLDER.parent / "bench"))
from screenshots import CHROMIUM, README_NODE, take

SCREEN = (1100, 640)
COLOURS = 64
LARGEST = 150_000
STATES = {"jiangsu-en": {"n": README_NODE}, "jiangsu-zh": {"n": README_NODE}}
"""What is selected on a page, as its address holds it."""


def main() -> None:
    """Take the pictures, in few colours, and refuse one that is too large for git."""
    prepare()
    with tempfile.TemporaryDirectory() as name:
        for notebook in sorted(FOLDER.glob("*.ipynb")):
            if ".html" in notebook.read_text(encoding="utf-8"):
                try:
                    execute(notebook, pages=Path(name))
                except NotebookError as error:
                    sys.exit(str(error))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            for page in sorted(Path(name).glob("*.html")):
                target = FOLDER / "figures" / f"{page.stem}.png"
                take(browser, page, STATES.get(page.stem, {}), "light", target, SCREEN)
                with Image.open(target) as picture:
                    few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
                few.save(target, optimize=True)
                size = target.stat().st_size
                if size > LARGEST:
                    sys.exit(f"{target.name} has {size:,} bytes, more than {LARGEST:,}; show less, or in fewer colours")
                print(target.name, f"{size:,}", flush=True)
            browser.close()


if __name__ == "__main__":
    main()
