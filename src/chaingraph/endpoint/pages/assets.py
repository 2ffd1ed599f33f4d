"""Styles, scripts and the icon of the pages: the only place that serves them, under names made from their bytes."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_FOREVER = "public, max-age=31536000, immutable"


@cache
def _held() -> Mapping[str, tuple[str, bytes]]:
    """Each file of ours by its name, with the name under which it is served."""
    found = {}
    for file in sorted(files("chaingraph.endpoint.pages").iterdir(), key=lambda one: one.name):
        stem, _, ending = file.name.rpartition(".")
        if ending in _TYPES:
            content = file.read_bytes()
            found[file.name] = (f"{stem}.{hashlib.sha256(content).hexdigest()[:16]}.{ending}", content)
    return found


def address(name: str) -> str:
    """Return where a file is served; the address changes with its bytes."""
    return f"/assets/{_held()[name][0]}"


@cache
def tag() -> str:
    """Return what changes whenever one of the files does."""
    return hashlib.sha256(repr([name for name, _ in _held().values()]).encode()).hexdigest()[:16]


async def asset(request: Request) -> Response:
    """Answer with a file; it may be kept for as long as one likes."""
    wanted = request.path_params["name"]
    for name, content in _held().values():
        if name == wanted:
            kind = _TYPES[name.rpartition(".")[2]]
            return Response(content, headers={"Cache-Control": _FOREVER}, media_type=kind)
    return PlainTextResponse("there is no such file\n", 404)
