"""The description of a data set: ``dataset.json`` in a folder, or the sheet ``dataset`` of a workbook."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from chaingraph.errors import Problem, TableProblemsError, UnreadableError, excerpt
from chaingraph.messages import tr
from chaingraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

LANGUAGE_TAG = "[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-[A-Za-z0-9]{5,8})*"
"""A language, and if need be its script, region and variants (BCP 47)."""
FILE_NAME = "dataset.json"
FRICTIONLESS, CSVW, RO_CRATE = "datapackage.json", "csv-metadata.json", "ro-crate-metadata.json"
"""The files that describe a data set for other programs; they are written beside tables, and not read with them."""
_LARGEST = 2**24
_KEYS = ("name", "title", "description", "language", "base", "licence", "attribution", "sources")
_BASE = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?(/([\w.~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)*(/|/?#)")
_LANGUAGE = re.compile(LANGUAGE_TAG)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Description:
    """The description of a data set: texts by language tag (empty where there is none), sources unchanged."""

    name: str
    base: str
    language: str | None = None
    title: Mapping[str, str] = field(default_factory=dict)
    description: Mapping[str, str] = field(default_factory=dict)
    attribution: Mapping[str, str] = field(default_factory=dict)
    licence: str | None = None
    sources: tuple[Mapping[str, str], ...] = ()

    @property
    def iri(self) -> str:
        """The data set's own node."""
        return f"{self.base}datasets/{quote(self.name, safe='')}"


def default_description(name: str) -> Description:
    """Return the description of a data set that has none: it is named like its folder or file.

    >>> default_description("roster").base
    'https://w3id.org/chaingraph/id/roster/'
    """
    readable = name.encode("utf-8", "replace").decode()
    return Description(name=readable, base=f"{PREFIXES['id']}{quote(readable, safe='')}/")


def entries(description: Description) -> dict[str, Any]:
    """Return a description as ``dataset.json`` has it."""
    texts = {name: dict(getattr(description, name)) for name in ("title", "description", "attribution")}
    content = {
        "name": description.name,
        "title": texts["title"],
        "description": texts["description"],
        "language": description.language,
        "base": description.base,
        "licence": description.licence,
        "attribution": texts["attribution"],
        "sources": [dict(source) for source in description.sources],
    }
    return {name: value for name, value in content.items() if value}


def one_text(texts: Mapping[str, str]) -> str:
    """Return texts in several languages as one.

    >>> one_text({"en": "Jiangsu", "zh": "江苏"}), one_text({})
    ('Jiangsu / 江苏', '')
    """
    return " / ".join(dict.fromkeys(texts.values()))


def description_of_file(path: Path, name: str) -> Description:
    """Read ``dataset.json``; ``name`` is used where it has none.

    Raises:
        UnreadableError: The file is no JSON object.
        TableProblemsError: A key is unknown or its value is of another kind than it must be.
    """
    try:
        size = path.stat().st_size
        if not path.is_file() or size > _LARGEST:
            raise UnreadableError(
                path, tr("is no file of at most {largest} MiB; mend it, or take it away", largest=_LARGEST // 2**20)
            )
        entries = json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=_without_repeats)
    except OSError as error:
        raise UnreadableError(
            path, tr("cannot be read: {strerror}; mend it, or take it away", strerror=error.strerror)
        ) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableError(path, tr("is no JSON in UTF-8 ({error}); mend it there", error=error)) from error
    if not isinstance(entries, dict):
        raise UnreadableError(path, tr("expected a JSON object with ") + ", ".join(_KEYS))
    return description(entries, name, path.name)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) < len(pairs):
        message = tr("one of the keys {names} stands twice", names=", ".join((excerpt(key) for key, _ in pairs)))
        raise ValueError(message)
    return entries


def description_of_rows(rows: list[tuple[str, str]], name: str, place: str) -> Description:
    """Read the pairs of key and value of a sheet: ``title.en`` is the English title, ``sources.1.url`` a URL."""
    entries: dict[str, Any] = {}
    for key, value in rows:
        *parents, last = key.strip().split(".")
        node = entries
        for parent in parents:
            child = node.setdefault(parent, {})
            if not isinstance(child, dict):
                problem = Problem(place, None, key, value, tr("expected no value for '{parent}' itself", parent=parent))
                raise TableProblemsError([problem])
            node = child
        if last in node:
            raise TableProblemsError([Problem(place, None, key, value, tr("but the key stands twice"))])
        node[last] = value
    if isinstance(entries.get("sources"), dict):
        entries["sources"] = [entries["sources"][number] for number in sorted(entries["sources"], key=_by_number)]
    return description(entries, name, place)


def _by_number(text: str) -> tuple[int, str]:
    """Return a sort key that puts ``10`` after ``2``."""
    return len(text), text


def description(entries: Mapping[str, Any], name: str, place: str) -> Description:
    """Return the entries as a Description if they are right; ``place`` is the file in the messages."""
    problems = [Problem(place, None, key, None, _unknown(key)) for key in entries if key not in _KEYS]
    if any(_CONTROL.search(text) for text in _texts(entries)):
        problems.append(
            Problem(place, None, None, None, tr("holds control characters or halves of characters; remove them"))
        )

    def text(key: str) -> str | None:
        value = entries.get(key)
        if value is None or (isinstance(value, str) and value.strip()):
            return value
        problems.append(Problem(place, None, key, str(value), tr("expected a text")))
        return None

    def texts(key: str) -> dict[str, str]:
        value = entries.get(key, {})
        by_language = {"": value} if isinstance(value, str) else value
        if isinstance(by_language, dict) and all(
            isinstance(words, str) and (tag == "" or _LANGUAGE.fullmatch(tag)) for tag, words in by_language.items()
        ):
            return by_language
        problems.append(Problem(place, None, key, str(value), tr('expected a text or {"en": ..., "zh": ...}')))
        return {}

    own_name = text("name") or name
    base = text("base") or default_description(own_name).base
    language = text("language")
    if not _BASE.fullmatch(base):
        problems.append(Problem(place, None, "base", base, tr("expected an http(s) IRI that ends in / or #")))
    if language is not None and not _LANGUAGE.fullmatch(language):
        problems.append(Problem(place, None, "language", language, tr("expected a language tag such as zh or en")))
    sources = entries.get("sources", [])
    if not isinstance(sources, list) or not all(isinstance(source, dict) for source in sources):
        problems.append(Problem(place, None, "sources", str(sources), tr("expected a list of objects")))
        sources = []
    result = Description(
        name=own_name,
        base=base,
        language=language,
        title=texts("title"),
        description=texts("description"),
        attribution=texts("attribution"),
        licence=text("licence"),
        sources=tuple({str(key): str(value) for key, value in source.items()} for source in sources),
    )
    if problems:
        raise TableProblemsError(problems)
    return result


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, child in value.items():
            yield str(key)
            yield from _texts(child)
    elif isinstance(value, list):
        for child in value:
            yield from _texts(child)


def _unknown(key: str) -> str:
    similar = get_close_matches(key, _KEYS, n=1)
    return (
        tr("is unknown; did you mean '{similar}'?", similar=similar[0])
        if similar
        else tr("is unknown; expected {keys}", keys=", ".join(_KEYS))
    )
