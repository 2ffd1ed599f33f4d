"""The paths of the ontology and of the sample data sets: the only place that knows where these folders are.

In a clone they are the folders ``ontology/`` and ``graph/`` of the repository; in an installed wheel the same folders
inside the package. The clone goes first, because an editable install leaves a stale copy beside it.
"""

from __future__ import annotations

from pathlib import Path

from chaingraph.errors import UsageError
from chaingraph.messages import tr

SAMPLES = ("jiangsu-2022", "china-consortia", "horizon-batteries")
"""The data sets that come with chaingraph, in the order in which the demo takes them."""

_PACKAGE = Path(__file__).resolve().parent
_REPOSITORY = _PACKAGE.parent.parent


def _folder(name: str) -> Path:
    in_clone = _REPOSITORY / name
    is_clone = (_REPOSITORY / "pyproject.toml").is_file() and (_REPOSITORY / "src" / "chaingraph").is_dir()
    return in_clone if is_clone and in_clone.is_dir() else _PACKAGE / name


def ontology_file(name: str) -> Path:
    """Return the path of a file of the ontology, such as ``tables.json`` or ``rules/leading-enterprise.rq``.

    >>> ontology_file("tables.json").is_file()
    True

    Raises:
        UsageError: There is no such file.
    """
    path = _folder("ontology") / name
    if not path.is_file():
        message = tr("the ontology has no file '{name}'", name=name)
        raise UsageError(message)
    return path


def rule_files() -> list[Path]:
    """Return the SPARQL rules that a build runs, in the order of their names."""
    return sorted((_folder("ontology") / "rules").glob("*.rq"))


def sample(name: str) -> Path:
    """Return the folder of a sample data set.

    >>> sample("jiangsu-2022").name
    'jiangsu-2022'

    Raises:
        UsageError: There is no such sample.
    """
    path = _folder("graph") / name
    if not path.is_dir():
        message = tr("there is no sample data set '{name}'; there are {samples}", name=name, samples=", ".join(SAMPLES))
        raise UsageError(message)
    return path
