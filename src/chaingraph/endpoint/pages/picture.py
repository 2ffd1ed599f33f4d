"""The picture of the first page: consortia and their members, made once per version of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from chaingraph.endpoint.pages.networks import network_document
from chaingraph.endpoint.pages.rendering import page_route

if TYPE_CHECKING:
    from starlette.requests import Request

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""An image runs no script; opened on its own, it is in a sandbox too, and has its own styles."""


async def picture(request: Request) -> Response:
    """Answer with the picture as SVG, in the language of the request."""
    result = await network_document(request, {}, "picture")
    return Response(result.content, headers={"Content-Security-Policy": _POLICY}, media_type="image/svg+xml")


routes = [page_route("/picture.svg", picture)]
