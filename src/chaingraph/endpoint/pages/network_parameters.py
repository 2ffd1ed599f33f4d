"""What the address of a network says: the only place for its parameters, of which form and OpenAPI are made too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chaingraph.endpoint.workers.engine import Refused
from chaingraph.endpoint.workers.network_worker import Drawing
from chaingraph.errors import UsageError, shown
from chaingraph.export.networks import MEDIA_TYPES
from chaingraph.layout import LAYOUTS
from chaingraph.networks import PROJECTIONS
from chaingraph.queries.dates import days
from chaingraph.vocabulary import code_list, full_iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROLES = tuple(dict.fromkeys(code.notation for name in ("role", "participation-role") for code in code_list(name).codes))
KINDS = tuple(code.notation for code in code_list("organization-kind").codes)
COLOURS = ("type", "kind", "region", "industry", "leading", "level", "segment", "form")
SIZES = ("degree", "strength", "betweenness", "closeness", "harmonic", "eigenvector", "pagerank", "core_number")
FORMS = tuple(form for form in MEDIA_TYPES if form != "page")


@dataclass(frozen=True)
class Parameter:
    """A parameter of a network's address.

    ``kind`` is code (one of ``choices``), text, date, number or count; ``several`` may stand more than once, and
    ``open`` takes other values than the choices too. Its words are ``network_NAME``.
    """

    name: str
    kind: str
    choices: tuple[str, ...] = ()
    several: bool = False
    open: bool = False
    default: str = ""


SELECTING = (
    Parameter("projection", "code", tuple(PROJECTIONS), default=next(iter(PROJECTIONS))),
    Parameter("around", "text"),
    Parameter("steps", "code", ("1", "2"), default="1"),
    Parameter("query", "text"),
    Parameter("role", "code", ROLES, several=True),
    Parameter("kind", "code", KINDS, several=True),
    Parameter("region", "text", several=True),
    Parameter("at", "date"),
    Parameter("since", "date"),
    Parameter("until", "date"),
    Parameter("minimum", "number"),
    Parameter("isolates", "code", ("yes", "no"), default="yes"),
)
"""What chooses a network."""

DRAWING = (
    Parameter("colour", "code", COLOURS, open=True, default="type"),
    Parameter("size", "code", SIZES, open=True, default="degree"),
    Parameter("layout", "code", tuple(LAYOUTS), default="communities"),
)
"""How its page shows it."""

Values = dict[str, list[str]]
_SOURCES = ("projection", "around", "query")
_BESIDE = ("lang", "download")


def values_of(pairs: Iterable[tuple[str, str]], known: Sequence[Parameter] = (*SELECTING, *DRAWING)) -> Values:
    """Return what an address says by the name of each parameter, without what is empty.

    Raises:
        Refused: With 400, where a parameter is unknown, stands twice or holds what it cannot.
    """
    by_name = {parameter.name: parameter for parameter in known}
    found: Values = {}
    for name, value in pairs:
        if name in _BESIDE or not value.strip():
            continue
        if name not in by_name:
            raise Refused(400, f"there is no parameter '{shown(name)}', expected {', '.join(by_name)} or lang")
        _refuse_misfit(by_name[name], value)
        if name in found and not by_name[name].several:
            raise Refused(400, f"the parameter '{name}' stands more than once, expected once")
        found.setdefault(name, []).append(value.strip())
    if "at" in found and ("since" in found or "until" in found):
        raise Refused(400, "the parameter 'at' stands beside 'since' or 'until', expected a date or a period")
    sources = [name for name in _SOURCES if name in found]
    if len(sources) > 1:
        raise Refused(400, f"the parameters {' and '.join(sources)} stand together, expected one of them")
    return found


def _refuse_misfit(parameter: Parameter, value: str) -> None:
    """Refuse a value that a parameter cannot have."""
    text, expected = value.strip(), ""
    if parameter.choices and not parameter.open and text not in parameter.choices:
        expected = f"one of {', '.join(parameter.choices)}"
    elif parameter.kind == "number" and not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text):
        expected = "a number from 0 on"
    elif re.search("[\0\ud800-\udfff]", text):
        expected = "a text without null characters"
    elif parameter.kind == "date":
        try:
            days(text)
        except UsageError:
            expected = "a year, month or day such as 2022, 2022-10 or 2022-10-14"
    if expected:
        raise Refused(400, f"the parameter '{parameter.name}' holds '{shown(value)}', expected {expected}")


def names_one(values: Values) -> bool:
    """Tell whether values say which network is wanted, and not only how."""
    return any(name in values for name in _SOURCES)


def drawing_of(values: Values, form: str, language: str, most: int) -> Drawing:
    """Return what the drawing process is asked for.

    Args:
        values: What the address says.
        form: page, json, csv or graphml.
        language: In which the page begins.
        most: Bytes that it may have.
    """
    defaults = {parameter.name: parameter.default for parameter in (*SELECTING, *DRAWING)}
    one = {name: values.get(name, [default])[0] for name, default in defaults.items()}
    filters: dict[str, Any] = {"isolates": one["isolates"] == "yes"}
    for name, filtered in (("role", "roles"), ("kind", "kinds"), ("region", "regions")):
        if name in values:
            filters[filtered] = sorted(set(values[name]))
    if one["at"]:
        filters["at"] = one["at"]
    if one["since"] or one["until"]:
        filters["between"] = [one["since"] or "0001", one["until"] or "9999"]
    if one["minimum"]:
        filters["minimum"] = float(one["minimum"])
    return Drawing(
        form=form,
        projection=one["projection"],
        filters=filters,
        around=full_iri(one["around"]),
        steps=int(one["steps"]),
        answer="",
        cut=0,
        colour=one["colour"],
        size=one["size"],
        layout=one["layout"],
        language=language,
        most=most,
    )
