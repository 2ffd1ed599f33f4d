"""The chain map of the store: its page, and the map alone in a sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import Response

from chaingraph.endpoint.engine import RefusedError
from chaingraph.endpoint.pages.networks import network_document, sandbox_headers
from chaingraph.endpoint.pages.page_queries import is_iri
from chaingraph.endpoint.pages.rendering import language_of, page_route, render_page
from chaingraph.errors import excerpt
from chaingraph.messages import tr
from chaingraph.vocabulary import full_iri
from chaingraph.webpage.document import SANDBOX

if TYPE_CHECKING:
    from starlette.requests import Request

_PARAMETERS = ("chain", "lang")


async def chain_maps(request: Request) -> Response:
    """Answer with the map of all chains below the header that all pages share."""
    frame = chain_map_address(_chain(request), language_of(request))
    return await render_page(request, "chain_map.html", frame=frame, sandbox=SANDBOX)


async def chain_map_page(request: Request) -> Response:
    """Answer with the map of one chain or of all, alone, in a sandbox: it needs no other file."""
    chain = _chain(request)
    values = {"around": [chain]} if chain else {}
    result = await network_document(request, values, "chain_map")
    return Response(result.content, headers=sandbox_headers(), media_type="text/html")


def chain_map_address(chain: str, language: str) -> str:
    """Return the address of the map of a chain, or of all where it is empty, alone."""
    pairs = [("chain", chain)] if chain else []
    return f"/chain-map/page?{urlencode([*pairs, ('lang', language)])}"


def _chain(request: Request) -> str:
    """Return the IRI of the chain that an address names, empty where it names none.

    Raises:
        RefusedError: With 400, where the address has another parameter, or what it names is no IRI.
    """
    unknown = [name for name in request.query_params if name not in _PARAMETERS]
    if unknown:
        raise RefusedError(
            400,
            tr(
                "there is no parameter '{unknown}', expected {parameters}",
                unknown=excerpt(unknown[0]),
                parameters=tr(" or ").join(_PARAMETERS),
            ),
        )
    chain = request.query_params.get("chain", "")
    iri = full_iri(chain) if chain else ""
    if iri and not is_iri(iri):
        raise RefusedError(
            400, tr("the parameter 'chain' holds '{chain}', expected the IRI of a chain", chain=excerpt(chain))
        )
    return iri


routes = [page_route("/chain-map", chain_maps), page_route("/chain-map/page", chain_map_page)]
