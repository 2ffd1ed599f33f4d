"""The pages of the endpoint: their routes, and the editor that a browser gets at /sparql."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from chaingraph.endpoint.pages import chain_maps, home, networks, openapi, picture, question, reconciliation, search
from chaingraph.endpoint.pages import editor as editor_page
from chaingraph.endpoint.pages import thing as thing_page
from chaingraph.endpoint.pages.rendering import asset, page_route, unknown_page

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

routes: list[BaseRoute] = [
    *home.routes,
    *search.routes,
    *question.routes,
    *thing_page.routes,
    *editor_page.routes,
    *networks.routes,
    *chain_maps.routes,
    *picture.routes,
    *openapi.routes,
    *reconciliation.routes,
    Route("/assets/{name}", asset),
    page_route("/{path:path}", unknown_page),
]
editor = editor_page.editor
