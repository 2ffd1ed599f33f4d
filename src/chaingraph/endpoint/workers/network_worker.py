"""The child process that draws one network, as a page or a document, within its limits; then it ends.

It talks as the children that answer queries do: frames of four bytes of length, then that many bytes.
"""

from __future__ import annotations

import json
import math
import os
import sys
from typing import TYPE_CHECKING, Any, BinaryIO, TypedDict, cast

from chaingraph.endpoint.workers.query_worker import HEAD, limit

if sys.platform != "win32":
    import resource

if TYPE_CHECKING:
    import networkx as nx

    from chaingraph.queries.filters import Filters
    from chaingraph.store import KnowledgeGraph


class Drawing(TypedDict):
    """What the parent asks for; the bytes of an answer follow where ``answer`` is their media type.

    ``form`` is page, json, csv or graphml, ``around`` a thing whose neighbourhood of so many ``steps`` is wanted;
    ``cut`` is after how many rows the answer was cut, 0 where it was not.
    """

    form: str
    projection: str
    filters: dict[str, Any]
    around: str
    steps: int
    answer: str
    cut: int
    colour: str
    size: str
    layout: str
    language: str
    most: int


class Drawn(TypedDict):
    """What the child says before the bytes: how it went (status 200), or the status and reason of a refusal."""

    status: int
    reason: str
    name_en: str
    name_zh: str
    nodes: int
    ties: int
    left_out: dict[str, int]
    undated: int
    cut: int
    length: int


def drawn(kg: KnowledgeGraph, drawing: Drawing, answer: bytes = b"") -> tuple[Drawn, bytes]:
    """Return what is to be said of a network, and its page or document.

    Raises:
        ChaingraphError: There is no such network, thing, layout or attribute.
    """
    if drawing["answer"]:
        from chaingraph.endpoint.result_network import network_of_rows, network_of_triples

        triples = drawing["answer"] == "application/n-triples"
        network: nx.Graph[str] = network_of_triples(kg, answer) if triples else network_of_rows(kg, answer)
        if drawing["cut"]:
            network.graph["cut_after"] = drawing["cut"]
    else:
        network = _projected(kg, drawing)
    from chaingraph.provenance import left_out

    content = _document(network, drawing)
    said = Drawn(
        status=200,
        reason="",
        name_en=network.graph["name"],
        name_zh=network.graph["name_zh"],
        nodes=len(network),
        ties=network.number_of_edges(),
        left_out=left_out(network),
        undated=network.graph.get("undated", 0),
        cut=drawing["cut"],
        length=len(content),
    )
    if len(content) > drawing["most"]:
        reason = f"the network makes {len(content):,} bytes, more than {drawing['most']:,}; choose a part of it"
        return said | {"status": 413, "reason": reason, "length": 0}, b""
    return said, content


def _projected(kg: KnowledgeGraph, drawing: Drawing) -> nx.Graph[str]:
    from chaingraph import networks

    filters = cast("Filters", drawing["filters"])
    quotes = drawing["form"] in ("page", "json")
    if drawing["around"]:
        whole = networks.whole(kg, quotes=quotes, **filters)
        return networks.neighbourhood(whole, drawing["around"], drawing["steps"])
    return networks.PROJECTIONS[drawing["projection"]].function(kg, quotes=quotes, **filters)


def _document(network: nx.Graph[str], drawing: Drawing) -> bytes:
    from chaingraph.export.networks import DOCUMENTS

    if drawing["form"] != "page":
        return DOCUMENTS[drawing["form"]](network)
    from chaingraph.webpage import page

    sized = _measured(network, drawing["size"])
    made = page(
        sized,
        language=drawing["language"],
        colour=drawing["colour"],
        size=drawing["size"],
        layout=drawing["layout"],
    )
    return made.html.encode()


def _measured(network: nx.Graph[str], size: str) -> nx.Graph[str]:
    """Return the network with the measure that ``size`` names on its nodes, where it is none of their attributes."""
    from chaingraph.metrics.network.centrality import centrality
    from chaingraph.webpage.overview import ALL_HELD

    held = {name for _, data in network.nodes(data=True) for name in data}
    if size == "degree" or size in held or not 0 < len(network) <= ALL_HELD:
        return network
    found: nx.Graph[str] = network.copy()
    for node, value in centrality(network, measures=[size])[size].items():
        if not math.isnan(value):
            found.nodes[str(node)][size] = value
    return found


def _refusal(status: int, reason: str) -> Drawn:
    return Drawn(
        status=status, reason=reason, name_en="", name_zh="", nodes=0, ties=0, left_out={}, undated=0, cut=0, length=0
    )


def _read(stream: BinaryIO) -> bytes:
    (length,) = HEAD.unpack(stream.read(HEAD.size))
    return stream.read(length)


def main(path: str, memory: int, seconds: int, parent: int) -> None:
    """Draw what standard input asks for, and put it on standard output."""
    limit(memory, parent)
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    drawing: Drawing = json.loads(_read(sys.stdin.buffer))
    answer = _read(sys.stdin.buffer)
    from chaingraph.errors import ChaingraphError
    from chaingraph.store import KnowledgeGraph

    content = b""
    try:
        said, content = drawn(KnowledgeGraph.open(path), drawing, answer)
    except ChaingraphError as error:
        said = _refusal(400, str(error))
    except MemoryError:
        said = _refusal(500, "the network needs more memory than one drawing may have; choose a part of it")
    head = json.dumps(said).encode()
    answers.write(HEAD.pack(len(head)) + head + content)
    answers.flush()


if __name__ == "__main__":
    main(sys.argv[1], *(int(number) for number in sys.argv[2:5]))
