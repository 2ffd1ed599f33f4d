"""The pages of the endpoint: their routes, and the editor that a browser gets at /sparql."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from chaingraph.endpoint.engine import Operation

routes: list[BaseRoute] = []
editor: Callable[[Request, Operation | None], Awaitable[Response]] | None = None
