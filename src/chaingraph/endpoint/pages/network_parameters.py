"""The parameters of a network's address, for the form and for OpenAPI too, and the request that they make."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chaingraph.endpoint.engine import RefusedError
from chaingraph.endpoint.workers.network_worker import NetworkRequest
from chaingraph.errors import UsageError, excerpt
from chaingraph.messages import tr
from chaingraph.networks import PROJECTIONS
from chaingraph.queries.dates import days
from chaingraph.vocabulary import code_list, full_iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROLES = tuple(dict.fromkeys(code.notation for name in ("role", "participation-role") for code in code_list(name).codes))
KINDS = tuple(code.notation for code in code_list("organization-kind").codes)
COLOURS = ("type", "kind", "region", "industry", "leading", "level", "segment", "form")
SIZES = (
    "degree",
    "strength",
    "betweenness",
    "closeness",
    "harmonic",
    "eccentricity",
    "eigenvector",
    "pagerank",
    "katz",
    "core_number",
    "clustering",
    "constraint",
    "effective_size",
)
LAYOUTS = ("communities", "chain", "map", "two-mode")
"""The names of the measures of undirected networks and of the layouts, without the libraries that compute them."""

MEDIA_TYPES = {
    "page": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "graphml": "application/graphml+xml",
}
"""The documents of a network, with their media types."""

MOST_EXPANDED = 10
"""Nodes of one network whose neighbours are added."""

FILE_FORMATS = tuple(name for name in MEDIA_TYPES if name != "page")


@dataclass(frozen=True)
class Parameter:
    """A parameter of a network's address.

    ``kind`` is code (one of ``choices``), text, date, number or count; ``several`` may stand more than once, and
    ``open`` accepts other values than the choices too. Its words are ``network_NAME``.
    """

    name: str
    kind: str
    choices: tuple[str, ...] = ()
    several: bool = False
    open: bool = False
    default: str = ""


SELECTION_PARAMETERS = (
    Parameter("projection", "code", tuple(PROJECTIONS), default=next(iter(PROJECTIONS))),
    Parameter("around", "text"),
    Parameter("steps", "code", ("1", "2"), default="1"),
    Parameter("query", "text"),
    Parameter("expand", "text", several=True),
    Parameter("role", "code", ROLES, several=True),
    Parameter("kind", "code", KINDS, several=True),
    Parameter("region", "text", several=True),
    Parameter("at", "date"),
    Parameter("since", "date"),
    Parameter("until", "date"),
    Parameter("minimum", "number"),
    Parameter("isolates", "code", ("yes", "drawn", "no"), default="yes"),
)
"""The parameters that select a network and filter it."""

DISPLAY_PARAMETERS = (
    Parameter("colour", "code", COLOURS, open=True, default="type"),
    Parameter("size", "code", SIZES, open=True, default="degree"),
    Parameter("layout", "code", LAYOUTS),
)
"""The parameters of how its page shows it."""

Values = dict[str, list[str]]
_SOURCES = ("projection", "around", "query")
_OTHER_PARAMETERS = ("lang", "download")


def values_of(
    pairs: Iterable[tuple[str, str]],
    parameters: Sequence[Parameter] = (*SELECTION_PARAMETERS, *DISPLAY_PARAMETERS),
) -> Values:
    """Return the values of an address by the name of each parameter, without empty ones.

    Raises:
        RefusedError: With 400, where a parameter is unknown, occurs twice or has a value that it does not accept.
    """
    by_name = {parameter.name: parameter for parameter in parameters}
    values: Values = {}
    for name, value in pairs:
        if name in _OTHER_PARAMETERS or not value.strip():
            continue
        if name not in by_name:
            raise RefusedError(
                400,
                tr(
                    "there is no parameter '{name}', expected {by_name} or lang",
                    name=excerpt(name),
                    by_name=", ".join(by_name),
                ),
            )
        _check_value(by_name[name], value)
        if name in values and not by_name[name].several:
            raise RefusedError(400, tr("the parameter '{name}' stands more than once, expected once", name=name))
        values.setdefault(name, []).append(value.strip())
    if len(values.get("expand", [])) > MOST_EXPANDED:
        raise RefusedError(
            400, tr("'expand' stands more than {count} times, expected at most that many", count=MOST_EXPANDED)
        )
    if "at" in values and ("since" in values or "until" in values):
        raise RefusedError(400, tr("the parameter 'at' stands beside 'since' or 'until', expected a date or a period"))
    sources = [name for name in _SOURCES if name in values]
    if len(sources) > 1:
        raise RefusedError(
            400, tr("the parameters {sources} stand together, expected one of them", sources=" and ".join(sources))
        )
    return values


def _check_value(parameter: Parameter, value: str) -> None:
    """Refuse a value that a parameter does not accept."""
    text, expected = value.strip(), ""
    if parameter.choices and not parameter.open and text not in parameter.choices:
        expected = tr("one of {choices}", choices=", ".join(parameter.choices))
    elif parameter.kind == "number" and not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text):
        expected = tr("a number from 0 on")
    elif re.search("[\0\ud800-\udfff]", text):
        expected = tr("a text without null characters")
    elif parameter.kind == "date":
        try:
            days(text)
        except UsageError:
            expected = tr("a year, month or day such as 2022, 2022-10 or 2022-10-14")
    if expected:
        raise RefusedError(
            400,
            tr(
                "the parameter '{name}' holds '{value}', expected {expected}",
                name=parameter.name,
                value=excerpt(value),
                expected=expected,
            ),
        )


def selects_network(values: Values) -> bool:
    """Tell whether values select a network, and not only filter or style one."""
    return any(name in values for name in _SOURCES)


def network_request(values: Values, document: str, language: str, max_bytes: int) -> NetworkRequest:
    """Return the request that is sent to the process that makes the network.

    Args:
        values: The values of the address.
        document: page, json, csv, graphml or chain_map.
        language: The language in which the page opens.
        max_bytes: The greatest number of bytes of the page or file.
    """
    defaults = {parameter.name: parameter.default for parameter in (*SELECTION_PARAMETERS, *DISPLAY_PARAMETERS)}
    first = {name: values.get(name, [default])[0] for name, default in defaults.items()}
    filters: dict[str, Any] = {"isolates": first["isolates"] != "no"}
    for name, keyword in (("role", "roles"), ("kind", "kinds"), ("region", "regions")):
        if name in values:
            filters[keyword] = sorted(set(values[name]))
    if first["at"]:
        filters["at"] = first["at"]
    if first["since"] or first["until"]:
        filters["between"] = [first["since"] or "0001", first["until"] or "9999"]
    if first["minimum"]:
        filters["minimum"] = float(first["minimum"])
    return NetworkRequest(
        document=document,
        projection=first["projection"],
        filters=filters,
        around=full_iri(first["around"]),
        steps=int(first["steps"]),
        expand=[full_iri(name) for name in dict.fromkeys(values.get("expand", []))],
        answer_type="",
        truncated_after=0,
        colour=first["colour"],
        size=first["size"],
        layout=first["layout"],
        draws_isolates=first["isolates"] == "drawn",
        language=language,
        max_bytes=max_bytes,
    )
