"""Steps of a page: views with a title and a text, which a file of JSON carries from one page to the next."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import parse_qs

from chaingraph.errors import UnreadableError, excerpt
from chaingraph.languages import LANGUAGES, in_both
from chaingraph.messages import tr
from chaingraph.webpage.attributes import clean_text
from chaingraph.webpage.model import Step

if TYPE_CHECKING:
    import networkx as nx

    from chaingraph.webpage.words import Text

Steps: TypeAlias = str | os.PathLike[str] | Sequence[Mapping[str, object] | Step]
"""A file of steps, or the steps as such a file has them."""

MOST_STEPS = 200
_VIEW = "view"
_LONGEST = {"title": 200, "text": 5_000, _VIEW: 20_000}
"""The fields of a step, and how many characters each may have."""


def steps_of(steps: Steps) -> tuple[Step, ...]:
    """Return the steps of a file, or of a list of mappings that have the fields of one.

    The file holds an object with the list ``steps``; a step has a ``title``, a ``view``, which is what the address of
    the page has after its ``#``, and may have a ``text``. Title and text are texts, or objects with one for ``zh``,
    one for ``en`` or both.

    Raises:
        UnreadableError: The file is not there or no JSON, or a step lacks a field or holds another value; the message
            has the file, the number of the step, the field and its value.

    >>> steps_of([{"title": "Who leads", "view": "n=id:a"}])[0].title["zh"]
    'Who leads'
    """
    if not isinstance(steps, str | os.PathLike):
        return _checked(steps, "steps")
    content = _content(Path(steps))
    if not isinstance(content, dict) or "steps" not in content:
        raise UnreadableError(steps, tr('expected an object with a list: {"steps": [...]}'))
    return _checked(content["steps"], str(steps))


def missing_nodes(step: Step, network: nx.Graph[Any]) -> list[str]:
    """Return the identifiers of nodes that a step shows and the network does not have.

    >>> import networkx as nx
    >>> step, = steps_of([{"title": "A path", "view": "path=a&path=b&focus=1:c"}])
    >>> missing_nodes(step, nx.Graph([("a", "z")]))
    ['b', 'c']
    """
    parameters = parse_qs(step.view)
    focus = [text.partition(":")[2] for text in parameters.get("focus", [])]
    identifiers = {clean_text(node) for node in network}
    return [name for name in (*parameters.get("n", []), *parameters.get("path", []), *focus) if name not in identifiers]


def _content(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UnreadableError(path, tr("cannot be read: {reason}", reason=error.strerror or error)) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableError(path, tr("is no JSON in UTF-8: {reason}", reason=error)) from error


def _checked(entries: object, source: str) -> tuple[Step, ...]:
    if not isinstance(entries, Sequence) or isinstance(entries, str):
        raise UnreadableError(source, tr("'steps' holds {value}, expected a list of steps", value=_excerpt(entries)))
    if len(entries) > MOST_STEPS:
        message = tr("there are {count} steps, expected at most {most}", count=len(entries), most=MOST_STEPS)
        raise UnreadableError(source, message)
    return tuple(
        entry if isinstance(entry, Step) else _step(entry, source, number)
        for number, entry in enumerate(entries, start=1)
    )


def _step(entry: object, source: str, number: int) -> Step:
    def fault(field: str, value: object, expected: str) -> UnreadableError:
        holds = tr(
            "step {number}: '{field}' holds {value}, expected {expected}",
            number=number,
            field=field,
            value=_excerpt(value),
            expected=expected,
        )
        return UnreadableError(source, holds)

    if not isinstance(entry, Mapping):
        raise UnreadableError(
            source, tr("step {number} is {value}, expected an object", number=number, value=_excerpt(entry))
        )
    unknown = sorted(str(name) for name in entry.keys() - _LONGEST.keys())
    if unknown:
        raise fault(excerpt(unknown[0]), entry[unknown[0]], tr("no field but title, text and view"))
    for field in ("title", _VIEW):
        if entry.get(field) in (None, "", {}):
            raise UnreadableError(source, tr("step {number} has no '{field}'", number=number, field=field))
    if not isinstance(entry[_VIEW], str) or len(entry[_VIEW]) > _LONGEST[_VIEW]:
        expected = tr("what the address of the page has after its #, such as n=id:a&colour=region")
        raise fault(_VIEW, entry[_VIEW], expected)
    texts: dict[str, Text] = {}
    for field in ("title", "text"):
        value = entry.get(field) or ""
        by_language = {"": value} if isinstance(value, str) else value
        if not _is_text(by_language, _LONGEST[field]):
            expected = tr("a text of at most {most} characters, or one each for zh and en", most=_LONGEST[field])
            raise fault(field, value, expected)
        texts[field] = {language: clean_text(text) for language, text in in_both(by_language).items()}
    return Step(texts["title"], clean_text(entry[_VIEW]).removeprefix("#"), texts["text"])


def _is_text(value: object, longest: int) -> bool:
    return (
        isinstance(value, Mapping)
        and value.keys() <= {"", *LANGUAGES}
        and all(isinstance(text, str) and len(text) <= longest for text in value.values())
    )


def _excerpt(value: object) -> str:
    return excerpt(json.dumps(value, ensure_ascii=False, default=str), 60)
