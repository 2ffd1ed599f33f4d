"""Opening documents: each file is read in a process of its own, within limits, by the reader of its form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from chaingraph.errors import UnreadableError, UsageError, install_line
from chaingraph.extraction.documents import Cell, Document
from chaingraph.extraction.sources import text_file
from chaingraph.isolation import Limits, limits_for, output
from chaingraph.messages import lazy_tr, tr

if TYPE_CHECKING:
    from collections.abc import Iterable

_FORMATS = "chaingraph.extraction.formats"
READERS = {
    ".txt": f"{_FORMATS}.plain_text:write_text",
    ".text": f"{_FORMATS}.plain_text:write_text",
    ".md": f"{_FORMATS}.plain_text:write_text",
    ".tsv": f"{_FORMATS}.plain_text:write_text",
    ".html": f"{_FORMATS}.html:write_html",
    ".htm": f"{_FORMATS}.html:write_html",
    ".shtml": f"{_FORMATS}.html:write_html",
    ".pdf": f"{_FORMATS}.pdf:write_pdf",
    ".docx": f"{_FORMATS}.word:write_word",
}
_REFUSALS = {
    ".doc": lazy_tr("is a Word document of the old form; open it in Word or LibreOffice and save it as .docx"),
    ".wps": lazy_tr("is a document of WPS Office; open it there and save it as .docx"),
    ".ofd": lazy_tr("is an OFD document; open it in its viewer and save or print it as PDF"),
    ".rtf": lazy_tr("is an RTF document; open it in Word or LibreOffice and save it as .docx"),
    ".odt": lazy_tr("is an OpenDocument text; open it in LibreOffice and save it as .docx"),
    ".xlsx": lazy_tr("is a workbook, not a document: chaingraph import roster reads it"),
    ".xls": lazy_tr("is a workbook, not a document: chaingraph import roster reads it"),
    ".csv": lazy_tr("is a table, not a document: chaingraph import roster reads it"),
}
_PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")
_MOST_BYTES = 64 * 2**20
_PACKAGES = {
    ".html": "resiliparse",
    ".htm": "resiliparse",
    ".shtml": "resiliparse",
    ".pdf": "pdfplumber",
    ".docx": "docx",
}


def open_documents(paths: Iterable[Path | str], *, encoding: str | None = None) -> list[Document]:
    """Return documents, each with the name of its file.

    Args:
        paths: Files of text, HTML, PDF or Word.
        encoding: The encoding of text and HTML; if None, it is found out.

    Raises:
        UnreadableError: A file cannot be read; the message says why and what to do.
        UsageError: No file is given, two have the same name, or the extra ``read`` is not installed.
    """
    files = [Path(path) for path in paths]
    if not files:
        message = tr("no document is given; expected files that end in .txt, .html, .pdf or .docx")
        raise UsageError(message)
    # Windows and macOS take names that differ in case alone for one.
    names = [text_file(file.name).casefold() for file in files]
    for file, name in zip(files, names, strict=True):
        if names.count(name) > 1:
            message = tr(
                "two documents are called {name}; rename one, because their quotes name the file", name=file.name
            )
            raise UsageError(message)
    return [open_document(file, encoding=encoding) for file in files]


def open_document(path: Path, *, encoding: str | None = None) -> Document:
    """Return one document; see :func:`open_documents`."""
    suffix = path.suffix.lower()
    if not path.is_file():
        raise UnreadableError(path, tr("does not exist, or is no file; expected a .txt, .html, .pdf or .docx file"))
    if suffix in _PICTURES:
        raise UnreadableError(path, tr("is a picture: recognise its characters (OCR) first, and read that file"))
    if suffix not in READERS:
        reason = _REFUSALS.get(suffix, tr("is of no form that is read; expected .txt, .html, .pdf or .docx"))
        raise UnreadableError(path, reason)
    size = path.stat().st_size
    if size > _MOST_BYTES:
        most = _MOST_BYTES // 2**20
        reason = tr(
            "has {size:,.0f} MB; a document has at most {most}: save its text alone, or split it",
            size=size / 2**20,
            most=most,
        )
        raise UnreadableError(path, reason)
    check_extra(suffix)
    limits = limits_for(size)
    limits = Limits(memory=limits.memory, seconds=limits.seconds + (60 if suffix == ".pdf" else 0), output=2**27)
    content = json.loads(output(path, READERS[suffix], str(path.resolve()), encoding, limits=limits))
    text = content["text"]
    tables = tuple(
        tuple(tuple(Cell(text[start:end], start, end) for start, end in row) for row in table)
        for table in content["tables"]
    )
    noise = tuple((start, end) for start, end in content["noise"])
    return Document(path.name, text, tables, tuple(content["pages"]), noise)


def check_extra(suffix: str = ".html") -> None:
    """Refuse to read where the libraries of the extra ``read`` are not installed.

    Raises:
        UsageError: They are not.
    """
    from importlib.util import find_spec

    for package in filter(None, (_PACKAGES.get(suffix), "opencc")):
        if find_spec(package) is None:
            message = tr("documents are read with an extra; install it: {line}", line=install_line("read"))
            raise UsageError(message)
