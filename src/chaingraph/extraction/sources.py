"""The archived texts of documents: a folder beside the workbook, and one in the data set."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chaingraph.errors import UnreadableError
from chaingraph.export.files import portable_name
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_LIST = "sources.json"
_KEYS = ("name", "file", "title", "language", "published")


@dataclass(frozen=True)
class Source:
    """A document as it is cited: its archived text, its title, its language, and the day of its publication."""

    name: str
    text: str
    title: str
    language: str
    published: str | None = None


def texts_folder(workbook: Path) -> Path:
    """Return the folder of texts beside a workbook.

    >>> from pathlib import Path
    >>> texts_folder(Path("c.xlsx")).name
    'c.texts'
    """
    return workbook.with_suffix(".texts")


def text_file(name: str) -> str:
    """Return the name of the file that holds the text of a document; every system takes it.

    >>> text_file("notice.txt"), text_file("notice.pdf"), text_file("a: b.pdf")
    ('notice.txt', 'notice.pdf.txt', 'a_ b.pdf.txt')
    """
    file = portable_name(name)
    return file if file.endswith(".txt") else f"{file}.txt"


def write_sources(folder: Path, sources: Iterable[Source]) -> None:
    """Write the texts of documents, and a list of what they are, into a folder that is there."""
    entries = []
    for source in sources:
        (folder / text_file(source.name)).write_bytes(source.text.encode())
        file = text_file(source.name)
        entries.append(
            dict(zip(_KEYS, (source.name, file, source.title, source.language, source.published), strict=True))
        )
    (folder / _LIST).write_text(json.dumps(entries, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_sources(folder: Path) -> tuple[Source, ...]:
    """Return the documents whose texts are in a folder.

    Raises:
        UnreadableError: The folder is not there, or a text of it is not.
    """
    try:
        entries = json.loads((folder / _LIST).read_text(encoding="utf-8"))
        sources = []
        for entry in entries:
            name, file, title, language, published = (entry[key] for key in _KEYS)
            if "/" in file or "\\" in file or file.startswith("."):
                raise UnreadableError(
                    folder / _LIST, tr("names a file outside of the folder: '{file}'; read again", file=file)
                )
            # Offsets of quotes count the line ends that were written; git and editors on Windows write others.
            text = (folder / file).read_bytes().decode().replace("\r\n", "\n")
            sources.append(Source(name, text, title, language, published))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        reason = tr(
            "the texts of the documents cannot be read ({name}); keep this folder beside the workbook",
            name=type(error).__name__,
        )
        raise UnreadableError(folder, reason) from error
    return tuple(sources)


def sha256_of(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()
