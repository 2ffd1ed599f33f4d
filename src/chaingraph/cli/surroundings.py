"""What commands need of the machine beside libraries: room for temporary files, processes, memory, fonts, encodings."""

from __future__ import annotations

import locale
import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from chaingraph.cli.browser import browsers
from chaingraph.errors import ChaingraphError, excerpt
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LEAST_ROOM = 200 * 2**20
_LEAST_MEMORY = 2 * 2**30
_CHINESE = "联合体"


class Surrounding(NamedTuple):
    """Something around the program: what there is of it, and the advice where commands lack it."""

    name: str
    details: str
    advice: str = ""


def surroundings() -> Iterator[Surrounding]:
    """Yield what there is around the program, each with an advice where it keeps a command from working."""
    for look in (_temporary_files, _this_folder, _processes, _memory, _loopback, _file_names, _terminal, _browser):
        yield look()
    font = _font()
    if font is not None:
        yield font


def _problem(action: Callable[[], object]) -> str:
    """Return why an action cannot be done, empty where it can."""
    try:
        action()
    except OSError as error:
        return str(error.strerror or error)
    except ChaingraphError as error:
        return str(error)
    return ""


def _write_in(folder: str) -> None:
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"chaingraph")
        file.flush()


def _temporary_files() -> Surrounding:
    name = tr("temporary files")
    variable = "TEMP" if sys.platform == "win32" else "TMPDIR"
    advice = tr(
        "commands that read RDF, build or query need room for temporary files: set {variable} to a folder with room",
        variable=variable,
    )
    try:
        folder = tempfile.gettempdir()
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Surrounding(name, str(error.strerror or error), advice)
    if problem := _problem(lambda: _write_in(folder)):
        return Surrounding(name, f"{folder}: {problem}", advice)
    if free < _LEAST_ROOM:
        # Only where it matters: what is free differs from call to call.
        return Surrounding(name, tr("{folder}, {free:,.0f} MB free", folder=folder, free=free / 2**20), advice)
    return Surrounding(name, folder, "")


def _this_folder() -> Surrounding:
    problem = _problem(lambda: _write_in("."))
    advice = tr("what is written with -o needs a folder of your own: change to one, or name one with -o")
    return Surrounding(tr("this folder"), problem, advice if problem else "")


def _processes() -> Surrounding:
    """Read a file as workbooks and documents are read: in a process of its own, within limits."""
    from chaingraph.isolation import limits_for, output

    def read() -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "text.txt"
            path.write_text(_CHINESE, encoding="utf-8")
            reader = "chaingraph.extraction.formats.plain_text:write_text"
            output(path, reader, str(path), None, limits=limits_for(path.stat().st_size))

    problem = _problem(read)
    advice = tr(
        "workbooks and documents are read in a process of their own: free some memory, or allow more of it with"
        " CHAINGRAPH_READ_MEMORY=4"
    )
    return Surrounding(tr("a process to read with"), excerpt(problem, 200), advice if problem else "")


def _memory() -> Surrounding:
    size = _memory_size()
    details = "" if size is None else tr("{size:,.1f} GB", size=size / 2**30)
    advice = tr("large graphs need memory: keep them in a built store with chaingraph build -o graph.kg")
    return Surrounding(tr("memory"), details, advice if size is not None and size < _LEAST_MEMORY else "")


def _memory_size() -> int | None:
    """Return the bytes of memory of this machine, None where it does not say."""
    if sys.platform == "win32":
        import ctypes

        # MEMORYSTATUSEX: two numbers of 4 bytes, its length first, then seven of 8, the first of which is all there is.
        status = (ctypes.c_ulonglong * 8)()
        ctypes.memmove(status, (64).to_bytes(4, "little"), 4)
        return int(status[1]) if ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)) else None
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return None


def _loopback() -> Surrounding:
    def listen() -> None:
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            sock.listen()

    problem = _problem(listen)
    advice = tr("serve listens on 127.0.0.1: allow it in the firewall, or write a page with chaingraph page instead")
    return Surrounding(tr("a port to serve on"), problem, advice if problem else "")


def _file_names() -> Surrounding:
    encoding = sys.getfilesystemencoding()
    problem = _problem(lambda: Path(f"{_CHINESE}.none").exists()) if _can_write(encoding) else encoding
    advice = tr("names of files with Chinese characters need UTF-8: set PYTHONUTF8=1")
    return Surrounding(tr("names of files"), encoding, advice if problem else "")


def _terminal() -> Surrounding:
    encoding = sys.stderr.encoding or locale.getpreferredencoding(do_setlocale=False)
    advice = tr("the terminal shows Chinese characters as question marks: {remedy}", remedy=_remedy())
    return Surrounding(tr("terminal"), encoding, "" if _can_write(encoding) else advice)


def _remedy() -> str:
    return "chcp 65001" if sys.platform == "win32" else "export LC_ALL=C.UTF-8"


def _can_write(encoding: str) -> bool:
    try:
        _CHINESE.encode(encoding)
    except (UnicodeError, LookupError):
        return False
    return True


def _browser() -> Surrounding:
    names = browsers()
    advice = tr("to see pages, install Firefox or Chromium, or carry the page to a machine that has one")
    return Surrounding(tr("browser"), ", ".join(names), "" if names else advice)


def _font() -> Surrounding | None:
    """Return the font of figures with Chinese; None where there is no matplotlib to draw them."""
    try:
        import matplotlib as mpl
    except ImportError:
        return None
    from chaingraph.export.fonts import font_family

    mpl.use("agg")
    name = tr("font of figures")
    try:
        family = font_family(_CHINESE)
    except ChaingraphError as error:
        return Surrounding(name, "", tr("brief -o .docx, measure agglomeration --plot: {error}", error=error))
    return Surrounding(name, family)
