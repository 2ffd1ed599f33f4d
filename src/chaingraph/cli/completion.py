"""Tab completion by what a source states: names of things, parameters of questions, values of filters.

A name from data becomes part of a line that a shell reads again, so that only names are offered that no shell reads as
anything else; a thing with another name is offered by its short IRI.
"""

from __future__ import annotations

import os
import re
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from chaingraph.errors import ChaingraphError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from chaingraph.store import KnowledgeGraph

_VARIABLE = "_CHAINGRAPH_COMPLETE"
"""The variable of the environment by which a shell asks for completions, and says which shell it is."""
_BREAKS = re.compile("[=:]+")
"""What bash makes words of their own."""
_UNSAFE = re.compile(r"""[^\w.,+@%/=:\- \x80-\U0010ffff]|[“”„‟‘’‚‛‐-―]""")
"""The signs of ASCII that a shell may read as something else, and quotes and dashes that PowerShell takes for such."""
_MOST_NAMES = 200
_MOST_BYTES = 4 * 2**20
"""The size up to which sources are read for a completion, but for built stores, which need not be read."""


class Completion(str):
    """A completion as the shell takes it, which typer would compare with what it was typed for."""

    __slots__ = ()

    def startswith(self, *_: object) -> bool:
        """Return True: it was made for what is typed."""
        return True


def join_words() -> None:
    """Give typer the words of bash as they were typed; bash makes ``=`` and ``:`` words of their own."""
    words = os.environ.get("COMP_WORDS", "").split("\n")
    place = os.environ.get("COMP_CWORD", "")
    if _shell() != "bash" or len(words) < 2 or not place.isdigit():
        return
    joined, current = [words[0]], 0
    for number, word in enumerate(words[1:], 1):
        if _BREAKS.fullmatch(word) or _BREAKS.fullmatch(words[number - 1]):
            joined[-1] += word
        else:
            joined.append(word)
        current = len(joined) - 1 if number <= int(place) else current
    os.environ["COMP_WORDS"], os.environ["COMP_CWORD"] = "\n".join(joined), str(current)


def things(*classes: str) -> Callable[[typer.Context, str], list[str]]:
    """Return what completes an option by the names of things of some classes, given as short IRIs."""

    def complete(ctx: typer.Context, incomplete: str) -> list[str]:
        return as_typed(_names(ctx, classes, incomplete), incomplete)

    return complete


def filters(*names: str) -> Callable[[typer.Context, str], list[str]]:
    """Return what completes a NAME=VALUE of ``--only``: kind and role by their codes, region by the regions there."""

    def complete(ctx: typer.Context, incomplete: str) -> list[str]:
        name, equals, value = incomplete.partition("=")
        if not equals:
            return as_typed([f"{one}=" for one in names if one.startswith(name)], incomplete)
        if name not in names:
            return []
        of = ("cg:Region",) if name == "region" else ("code:organization-kind" if name == "kind" else "code:role",)
        return as_typed([f"{name}={one}" for one in _values(ctx, of, value)], incomplete)

    return complete


def question_parameters(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the NAME=VALUE of the parameters of a question that complete what is typed.

    A parameter that alone begins so is offered with its values.
    """
    from chaingraph.sparql.questions import question

    try:
        parameters = question(_typed_arguments(ctx)[-1]).parameters
    except (ChaingraphError, IndexError):
        return []
    name, equals, value = incomplete.partition("=")
    fitting = [one for one in parameters if (one.name == name if equals else one.name.startswith(name))]
    if len(fitting) != 1:
        return as_typed([f"{one.name}=" for one in fitting], incomplete)
    values = list(_values(ctx, fitting[0].of, value if equals else ""))
    pairs = [f"{fitting[0].name}={one}" for one in values]
    return as_typed(pairs if pairs or equals else [f"{fitting[0].name}="], incomplete)


def as_typed(names: Iterable[str], incomplete: str) -> list[str]:
    """Return names as the shell in use takes them; those that it would read as anything else are left out."""
    safe = sorted({name for name in names if _is_safe(name)})
    shell = _shell()
    if shell == "bash":
        breaks = list(_BREAKS.finditer(incomplete))
        start = breaks[-1].end() if breaks else 0
        return [Completion(name[start:].replace(" ", "\\ ")) for name in safe]
    if shell in {"powershell", "pwsh"}:
        return [Completion(f'"{name}"' if " " in name or "," in name else name) for name in safe]
    return safe


def _is_safe(name: str) -> bool:
    return name.isprintable() and _UNSAFE.search(name) is None and name[:1] not in {"-", "@", "=", "%"}


def _shell() -> str:
    return os.environ.get(_VARIABLE, "").removeprefix("complete_")


def _typed_arguments(ctx: typer.Context) -> list[str]:
    """Return the arguments that stand already; where an option still lacks its value, typer has not sorted them."""
    last = ctx.params.get("question")
    return [*(str(one) for one in ctx.params.get("sources") or ctx.args), *([str(last)] if last else [])]


def _values(ctx: typer.Context, of: Sequence[str], value: str) -> Iterator[str]:
    """Yield what a value may be that begins so: a code of a list, or a thing of a class."""
    from chaingraph.vocabulary import code_list

    for one in of:
        if one.startswith("code:"):
            yield from (
                text
                for code in code_list(one.removeprefix("code:")).codes
                for text in (code.notation, code.label_zh)
                if text.startswith(value)
            )
    classes = [one for one in of if one.startswith("cg:")]
    if classes:
        yield from _names(ctx, classes, value)


def _names(ctx: typer.Context, classes: Sequence[str], incomplete: str) -> list[str]:
    """Return names of things in the sources of a command that complete what is typed; none where that takes long."""
    from chaingraph.sparql.lookup import literal
    from chaingraph.vocabulary import short_name

    try:
        graph = _graph([source for source in _typed_arguments(ctx) if Path(source).exists()])
        if graph is None:
            return []
        rows = graph.select_text(
            "SELECT DISTINCT ?thing (STR(?label) AS ?name) {"
            f" VALUES ?class {{ {' '.join(classes)} }} ?thing a ?class ; rdfs:label|skos:altLabel ?label ."
            f' FILTER (STRSTARTS(STR(?label), {literal(incomplete)}) || STRSTARTS({literal(incomplete)}, "id:")) }}'
        )
    except (ChaingraphError, OSError):
        return []
    names = set()
    for thing, name in rows.select("thing", "name").iter_rows():
        iri = short_name(thing)
        if name.startswith(incomplete) and _is_safe(name):
            names.add(name)
        elif iri.startswith("id:") and (iri.startswith(incomplete) or name.startswith(incomplete)):
            names.add(iri)
    return sorted(names)[:_MOST_NAMES]


def _graph(sources: Sequence[str]) -> KnowledgeGraph | None:
    """Open files and folders, or return None where that would take more than a moment."""
    from chaingraph.store import KnowledgeGraph

    if not sources:
        return None
    paths = [Path(source) for source in sources if not source.rstrip("/\\").endswith(".kg")]
    files = chain.from_iterable(path.rglob("*") if path.is_dir() else (path,) for path in paths)
    size = 0
    for file in files:
        size += file.stat().st_size
        if size > _MOST_BYTES:
            return None
    return KnowledgeGraph.open(*sources)
