"""The pages of the endpoint: their routes, and the editor that a browser gets at /sparql."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from chaingraph.endpoint.pages import assets, home, networks, openapi, question, search
from chaingraph.endpoint.pages import editor as editing
from chaingraph.endpoint.pages import thing as things
from chaingraph.endpoint.pages.rendering import nowhere, page_route

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

routes: list[BaseRoute] = [
    *home.routes,
    *search.routes,
    *question.routes,
    *things.routes,
    *editing.routes,
    *networks.routes,
    *openapi.routes,
    Route("/assets/{name}", assets.asset),
    page_route("/{path:path}", nowhere),
]
editor = editing.editor
