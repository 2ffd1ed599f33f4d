"""``chaingraph doctor``: what keeps each command from working here, and the line that mends it."""

from __future__ import annotations

import importlib.metadata
import platform
import re
import shutil
import sys
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

import typer

from chaingraph import __version__
from chaingraph.cli.output import Output, say
from chaingraph.cli.shell_words import shell_word
from chaingraph.cli.surroundings import surroundings
from chaingraph.errors import UsageError, excerpt, install_line, installer
from chaingraph.messages import enumeration, lazy_tr, tr
from chaingraph.resources import SAMPLES, ontology_file, sample

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PYTHON = "3.11"
_REQUIREMENT = re.compile(
    r"""([\w.-]+)(?:\[[^]]*\])?\s*(?:>=\s*([\d.]+))?[^;]*(?:;.*\bextra\s*==\s*["']([\w-]+)["'])?"""
)
_PURPOSES = {
    "brief": lazy_tr("brief: a Word document"),
    "assistant": lazy_tr("assistant: tools for an assistant"),
    "duckdb": lazy_tr("--engine duckdb: measures of tables beyond memory"),
    "identity": lazy_tr("identify: names in traditional and simplified characters, similar names"),
    "notebooks": lazy_tr("running notebooks"),
    "plot": lazy_tr("measure agglomeration --plot: heat maps"),
    "read": lazy_tr("read: documents of HTML, PDF and Word, and traditional characters"),
    "remote": lazy_tr("a source that is the address of a SPARQL endpoint"),
    "serve": lazy_tr("serve: pages and the SPARQL endpoint"),
    "shacl": lazy_tr("check: the shapes of large graphs in seconds"),
    "spark": lazy_tr("--engine sc://host:port: measures on a server of Spark Connect"),
    "spatial": lazy_tr("measure spatial: Moran's I; the gravity model"),
}
_DEVELOPERS = {"bench", "dev", "docs", "neighbours"}
"""Extras for work on chaingraph itself."""
_MODULES = {"opencc-python-reimplemented": "opencc", "pyspark-client": "pyspark", "python-docx": "docx"}
"""The modules of packages that are called otherwise."""


@dataclass(frozen=True)
class Part:
    """One thing that chaingraph needs or can use: what there is of it, and what to do if that is not enough."""

    part: str
    details: str
    state: str
    advice: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether chaingraph cannot do without it."""
        return self.state == tr("missing")


def doctor(output: Output) -> None:
    """Say what keeps each command from working here, and the line that mends it.

    Ends with status 1 if something is missing that chaingraph cannot do without.
    """
    import pandas as pd

    parts = [*_program(), *_libraries(), *_data(), *_around()]
    output.write(pd.DataFrame([vars(part) for part in parts]), empty=tr("there is nothing to look at"))
    missing = [part for part in parts if part.is_missing]
    if missing:
        say(
            tr(
                "not ready: {parts}; {advice}",
                parts=enumeration(part.part for part in missing),
                advice=missing[0].advice,
            )
        )
        raise typer.Exit(1)
    lacking = [part for part in parts if part.advice]
    for part in lacking:
        say(f"{part.part}: {part.advice}")
    say(tr("ready: everything that chaingraph cannot do without is here; begin with: chaingraph demo --open"))


def _program() -> Iterator[Part]:
    python = platform.python_version()
    fits = sys.version_info >= tuple(map(int, _PYTHON.split(".")))
    yield Part(
        "Python",
        python,
        tr("ok") if fits else tr("missing"),
        "" if fits else tr("install Python {python} or newer", python=_PYTHON),
    )
    yield Part("chaingraph", __version__, tr("ok"))


def _libraries() -> Iterator[Part]:
    try:
        requirements = importlib.metadata.requires("chaingraph") or []
    except importlib.metadata.PackageNotFoundError:
        yield Part(
            tr("libraries"), "", tr("not known"), tr("chaingraph runs from its source; install it to have them listed")
        )
        return
    yield from libraries(requirements)


def libraries(requirements: Iterable[str]) -> Iterator[Part]:
    """Yield what there is of each library that is required, and then of each extra, as package metadata list them.

    >>> [(part.part, part.state) for part in libraries(["no-such-library>=2", 'no-such-other; extra == "plot"'])]
    [('no-such-library', 'missing'), ('extra plot', 'not installed')]
    """
    extras: dict[str, list[str]] = {}
    for requirement in sorted(requirements, key=str.casefold):
        match = _REQUIREMENT.match(requirement)
        assert match is not None
        name, least, extra = match.groups()
        version = _version(name)
        fits = version is not None and _numbers(version) >= _numbers(least or "0")
        if extra is None:
            fault = _fault(name) if fits else None
            wanted = shell_word(f"{name}>={least}" if least else name)
            advice = f"{installer()} {'--upgrade' if fault is None else '--force-reinstall'} {wanted}"
            details = version or "" if fault is None else f"{version}: {fault}"
            works = fits and fault is None
            yield Part(name, details, tr("ok") if works else tr("missing"), "" if works else advice)
        elif extra not in _DEVELOPERS:
            extras.setdefault(extra, []).extend([] if fits and _has_module(name) else [name])
    for extra, lacking in extras.items():
        purpose = str(_PURPOSES.get(extra, extra))
        if lacking:
            advice = tr("for {purpose}: {line}", purpose=purpose, line=install_line(extra))
            yield Part(f"extra {extra}", tr("without {names}", names=", ".join(lacking)), tr("not installed"), advice)
        else:
            yield Part(f"extra {extra}", purpose, tr("ok"))


def _fault(package: str) -> str | None:
    """Return why a package that is there cannot be loaded, None where it can."""
    try:
        import_module(_module(package))
    except (ImportError, OSError) as error:
        return excerpt(str(error), 100)
    return None


def _has_module(package: str) -> bool:
    try:
        return find_spec(_module(package)) is not None
    except ImportError:
        return False


def _module(package: str) -> str:
    return _MODULES.get(package, package.replace("-", "_"))


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _numbers(version: str) -> list[int]:
    """Return the leading numbers of a version, by which versions are in order.

    >>> _numbers("2.10.0rc1") > _numbers("2.9")
    True
    """
    return [int(part) for part in re.findall(r"\d+", version)[:3]]


def _data() -> Iterator[Part]:
    for find, name in ((ontology_file, "tables.json"), *((sample, name) for name in SAMPLES)):
        part = tr("ontology") if find is ontology_file else tr("data set")
        try:
            yield Part(part, find(name).name, tr("ok"))
        except UsageError:
            advice = tr("the installation is incomplete: {line}", line=f"{installer()} --force-reinstall chaingraph")
            yield Part(f"{part} {name}", "", tr("missing"), advice)


def _around() -> Iterator[Part]:
    for one in surroundings():
        yield Part(one.name, one.details, tr("limited") if one.advice else tr("ok"), one.advice)
    java = shutil.which("java")
    yield Part("Java", java or tr("only the tests of the ontology need it"), tr("ok") if java else tr("not installed"))
