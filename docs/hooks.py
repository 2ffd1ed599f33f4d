"""How mkdocs builds the site: the pages that are made for it, links to terms and codes, the language of a page."""

from __future__ import annotations

import logging
import posixpath
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import jieba
from mkdocs.structure.files import File

sys.path.insert(0, str(Path(__file__).resolve().parent))

import generated
from generated import codes, terms

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

# The search splits Chinese words with it; it would report on every build how it loaded its dictionary.
jieba.setLogLevel(logging.WARNING)

_FENCE_OR_NAME = re.compile(r"^ *```.*?^ *```$|^#.*?$|(?<!\[)`(cg|code):([\w-]+)`", re.DOTALL | re.MULTILINE)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Leave out of the menu what ``make conformance`` has not written yet."""
    if not (Path(config.docs_dir) / "conformance.md").is_file():
        for section in config.nav or []:
            for entries in section.values():
                if isinstance(entries, list):
                    entries[:] = [entry for entry in entries if entry != {"Conformance": "conformance.md"}]
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages that exist in the site only."""
    for name, text in generated.pages().items():
        files.append(File.generated(config, name, content=text))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let every `cg:` and `code:` name in the text of a page lead to where it is defined."""
    folder = posixpath.dirname(page.file.src_uri)

    def linked(match: re.Match[str]) -> str:
        prefix, name = match[1], match[2]
        anchors = {"cg": terms.anchors, "code": codes.anchors}
        if prefix is None or name not in anchors[prefix]():
            return match[0]
        target = {"cg": "reference/ontology.md", "code": "reference/codes.md"}[prefix]
        return f"[{match[0]}]({posixpath.relpath(target, folder or '.')}#{name})"

    return _FENCE_OR_NAME.sub(linked, markdown)


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """Say in which language a page is, for hyphens, voices and fonts; the theme knows one language for all."""
    language = "zh-CN" if page.file.src_uri.endswith(".zh.md") else config.theme["language"]
    return output.replace(f'<html lang="{config.theme["language"]}"', f'<html lang="{language}"', 1)
