"""The child process that makes one network as a page, a file or a picture, or a chain map, within limits."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any, TypedDict, cast
from urllib.parse import urlencode

from chaingraph.endpoint.workers.messages import read_message, write_reply
from chaingraph.isolation.sandbox import enter_sandbox
from chaingraph.messages import tr

if TYPE_CHECKING:
    import networkx as nx

    from chaingraph.languages import Language
    from chaingraph.queries.filters import Filters
    from chaingraph.store import KnowledgeGraph


class NetworkRequest(TypedDict):
    """What the parent sends before the bytes of an answer, which are empty unless ``answer_type`` is their media type.

    ``document`` is page, json, csv or graphml, or chain_map, or picture. ``around`` is a thing whose neighbourhood of
    so many ``steps`` is meant, instead of a projection; of a chain map, the only chain, or empty for all. ``expand``
    names things whose neighbours are added.
    ``truncated_after`` is the number of rows after which the answer was truncated, or 0. ``layout`` is empty for the
    usual one; ``draws_isolates`` tells whether a page draws the nodes without a tie from the start.
    """

    document: str
    projection: str
    filters: dict[str, Any]
    around: str
    steps: int
    expand: list[str]
    answer_type: str
    truncated_after: int
    colour: str
    size: str
    layout: str
    draws_isolates: bool
    language: str
    max_bytes: int


class NetworkReply(TypedDict):
    """What the child sends before the bytes of a network: status 200, or the status and reason of a refusal."""

    status: int
    reason: str
    name_en: str
    name_zh: str
    nodes: int
    ties: int
    left_out: dict[str, int]
    undated: int
    truncated_after: int
    length: int


def render_network(kg: KnowledgeGraph, request: NetworkRequest, answer: bytes = b"") -> tuple[NetworkReply, bytes]:
    """Return the reply to a request for a network, and its page or file.

    Raises:
        ChaingraphError: There is no such network, thing, layout or attribute.
    """
    from chaingraph.indicators import with_reported
    from chaingraph.provenance import left_out

    if request["document"] in ("chain_map", "picture"):
        content = (_chain_map if request["document"] == "chain_map" else _picture)(kg, request)
        reply = _reply(200, length=len(content))
    else:
        network = _network(kg, request, answer)
        if request["document"] == "page":
            network = with_reported(network, kg)
        content = _document(network, request)
        reply = NetworkReply(
            status=200,
            reason="",
            name_en=network.graph["name"],
            name_zh=network.graph["name_zh"],
            nodes=len(network),
            ties=network.number_of_edges(),
            left_out=left_out(network),
            undated=network.graph.get("undated", 0),
            truncated_after=request["truncated_after"],
            length=len(content),
        )
    if len(content) > request["max_bytes"]:
        reason = tr(
            "this makes {count:,} bytes, more than {max_bytes:,}; choose a part of it",
            count=len(content),
            max_bytes=request["max_bytes"],
        )
        return reply | {"status": 413, "reason": reason, "length": 0}, b""
    return reply, content


def _network(kg: KnowledgeGraph, request: NetworkRequest, answer: bytes) -> nx.Graph[str]:
    """Return the network of an answer, the neighbourhood of a thing, or a projection, each with what is expanded."""
    network = _unexpanded(kg, request, answer)
    if not request["expand"]:
        return network
    from chaingraph.endpoint.workers.expansion import expanded
    from chaingraph.networks import whole

    return expanded(network, whole(kg, quotes=request["document"] in ("page", "json")), request["expand"])


def _unexpanded(kg: KnowledgeGraph, request: NetworkRequest, answer: bytes) -> nx.Graph[str]:
    from chaingraph import networks
    from chaingraph.endpoint.workers.result_network import network_of_rows, network_of_triples

    network: nx.Graph[str]
    if request["answer_type"]:
        has_triples = request["answer_type"] == "application/n-triples"
        network = network_of_triples(kg, answer) if has_triples else network_of_rows(kg, answer)
        if request["truncated_after"]:
            network.graph["cut_after"] = request["truncated_after"]
        return network
    filters = cast("Filters", request["filters"])
    quotes = request["document"] in ("page", "json")
    if request["around"]:
        whole = networks.whole(kg, quotes=quotes, **filters)
        return networks.neighbourhood(whole, request["around"], request["steps"])
    return networks.PROJECTIONS[request["projection"]].function(kg, quotes=quotes, **filters)


def _document(network: nx.Graph[str], request: NetworkRequest) -> bytes:
    from chaingraph.export.networks import DOCUMENTS

    if request["document"] != "page":
        return DOCUMENTS[request["document"]](network)
    from chaingraph.webpage import page
    from chaingraph.webpage.sizes import with_size

    return page(
        with_size(network, request["size"])[0],
        language=request["language"],
        colour=request["colour"],
        size=request["size"],
        layout=request["layout"] or None,
        isolates=request["draws_isolates"],
    ).html.encode()


def _chain_map(kg: KnowledgeGraph, request: NetworkRequest) -> bytes:
    """Return the chain map of one chain or of all; that of one leads to the network of what is around it."""
    from chaingraph.briefing import chain_map

    chain = request["around"] or None
    around = f"/network/page?{urlencode({'around': chain, 'steps': '2', 'lang': request['language']})}" if chain else ""
    language: Language = "en" if request["language"] == "en" else "zh"
    return chain_map(kg, chain, language=language, network_page=around).html.encode()


def _picture(kg: KnowledgeGraph, request: NetworkRequest) -> bytes:
    """Return the picture of consortia and their members."""
    from chaingraph.endpoint.workers.membership_picture import membership_picture

    return membership_picture(kg, request["language"])


def _reply(status: int, reason: str = "", length: int = 0) -> NetworkReply:
    """Return a reply without a network: of a chain map, of a picture, or of a refusal."""
    return NetworkReply(
        status=status,
        reason=reason,
        name_en="",
        name_zh="",
        nodes=0,
        ties=0,
        left_out={},
        undated=0,
        truncated_after=0,
        length=length,
    )


def main(path: str, memory: int, processor_seconds: int, parent: int) -> None:
    """Make the network that standard input asks for, and write it to standard output."""
    enter_sandbox(memory, parent, processor_seconds=processor_seconds)
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    messages = [read_message(sys.stdin.buffer) for _ in range(2)]
    if messages[0] is None or messages[1] is None:
        return
    request: NetworkRequest = json.loads(messages[0])
    from chaingraph.errors import ChaingraphError
    from chaingraph.store import KnowledgeGraph

    content = b""
    try:
        reply, content = render_network(KnowledgeGraph.open(path), request, messages[1])
    except ChaingraphError as error:
        reply = _reply(400, str(error))
    except MemoryError:
        reply = _reply(500, tr("the network needs more memory than one drawing may have; choose a part of it"))
    write_reply(output, reply, content)


if __name__ == "__main__":
    main(sys.argv[1], *(int(number) for number in sys.argv[2:5]))
