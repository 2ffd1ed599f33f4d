"""What ``make docs`` adds to the pages that are written by hand; the only place that knows how mkdocs builds the site.

Pages of the reference are made from the commands, the modules and the ontology's files. A line
``<!-- include: NAME -->`` in a page is filled with a text of the same origin, so that no page holds a number that
somebody typed.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

sys.path.insert(0, str(Path(__file__).resolve().parent))

import generated

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

_INCLUDE = re.compile(r"^<!-- include: (.+?) -->$", re.MULTILINE)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Leave out of the menu what ``make conformance`` has not written yet."""
    if not (Path(config.docs_dir) / "conformance.md").is_file():
        for section in config.nav or []:
            for entries in section.values():
                if isinstance(entries, list):
                    entries[:] = [entry for entry in entries if entry != {"Conformance": "conformance.md"}]
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages of the reference to the files of the site."""
    for name, text in generated.pages().items():
        if files.get_file_from_path(name) is not None:
            message = f"docs/{name} is written by hand and made by docs/generated.py: keep one"
            raise PluginError(message)
        files.append(File.generated(config, name, content=text))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Fill the includes of a page; a name that nothing is known of stops the build."""

    def filled(found: re.Match[str]) -> str:
        try:
            return generated.included(found[1])
        except (KeyError, FileNotFoundError) as error:
            message = f"docs/{page.file.src_uri} includes '{found[1]}', which is not there ({error})"
            raise PluginError(message) from error

    return _INCLUDE.sub(filled, markdown)


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """Say in which language a page is, for hyphens, voices and fonts; the theme knows one language for all."""
    language = "zh-CN" if page.file.src_uri.endswith(".zh.md") else config.theme["language"]
    return output.replace(f'<html lang="{config.theme["language"]}"', f'<html lang="{language}"', 1)
