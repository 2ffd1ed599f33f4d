"""The texts that the site takes from files and code; the only place that gives them their names.

``pages()`` are whole pages, ``included(NAME)`` is what stands for ``<!-- include: NAME -->`` in a page written by hand.
"""

from __future__ import annotations

from collections.abc import Callable

from generated import commands, contract, facts, modules, results

_INCLUDES: dict[str, Callable[[], str]] = {
    "benchmarks": results.benchmarks,
    "data sets": facts.data_sets,
    "endpoint limits": facts.endpoint_limits,
    "errors": facts.errors,
    "networks": facts.networks,
    "proofs": facts.proofs,
    "required packages": facts.required_packages,
}


def pages() -> dict[str, str]:
    """Return the made pages, as Markdown by their path in ``docs/``."""
    made = {
        "reference/commands.md": commands.page(),
        "reference/tables.md": contract.tables_page(),
        "reference/codes.md": contract.codes_page(),
        "reference/ontology.md": contract.terms_page(),
        "reference/questions.md": contract.questions_page(),
    }
    return made | modules.pages()


def included(name: str) -> str:
    """Return the text of that name; ``file PATH`` is a file of the repository as it stands.

    Raises:
        KeyError: Nothing has that name.
        FileNotFoundError: There is no such file.
    """
    kind, _, path = name.partition(" ")
    return results.text_of(path) if kind == "file" else _INCLUDES[name]()
