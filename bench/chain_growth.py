"""How the measures of a chain grow with the organizations: 2,000 to 32,000, in a chain of 200 products.

Each organization stands in one of the eight layers of the chain, and supplies two products of its layer to one customer
each, who supplies what the product goes into; a third of the shares are known. With --tangled products and customers
are any, so that each failure can reach four of five organizations: the pairs of a failure and what it reaches grow with
the square of the organizations, and with them the time of the risk index.
Growth is the exponent of the seconds of the processor between the smallest and the largest number of organizations: 1
is linear, 2 its square; beside the risk index of all stand also the ties that its failures are followed along. Prints a
Markdown table; with --write also writes it, with all numbers, to bench/results/chain_growth.md and chain_growth.json.
Run: python bench/chain_growth.py [--most N] [--risk] [--tangled] [--write]
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np

from chaingraph.metrics import chokepoints, criticality, disruption, supplier_customer_ties, systemic_risk, upstreamness

RESULTS = Path(__file__).resolve().parent / "results"
SIZES = (2_000, 4_000, 8_000, 16_000, 32_000)
PRODUCTS, LAYERS, INPUTS, SEED = 200, 8, 3, 1


def layered_chain(draw: np.random.Generator) -> Any:  # noqa: ANN401 - a MultiDiGraph
    """Return a chain whose products need some of the layer before."""
    chain: Any = nx.MultiDiGraph()
    chain.add_nodes_from((f"p{number}" for number in range(PRODUCTS)), type="Product")
    width = PRODUCTS // LAYERS
    for number in range(width, PRODUCTS):
        before = (number // width - 1) * width
        for place in draw.choice(width, INPUTS, replace=False):
            chain.add_edge(f"p{before + place}", f"p{number}", relation="inputOf")
    return chain


def supplies(size: int, chain: Any, draw: np.random.Generator, *, tangled: bool) -> Any:  # noqa: ANN401
    """Return the network of supplies of so many organizations."""
    network: Any = nx.MultiDiGraph()
    network.add_nodes_from((f"p{number}" for number in range(PRODUCTS)), type="Product")
    network.add_nodes_from(
        ((f"o{number}", {"region": f"r{number % 30}"}) for number in range(size)), type="Organization"
    )
    width = PRODUCTS // LAYERS
    among = [(PRODUCTS, 0) if tangled else (width, width * (number % LAYERS)) for number in range(size)]
    products = [draw.choice(many, 2, replace=False) + first for many, first in among]
    makers = defaultdict(list)
    for number, two in enumerate(products):
        for product in two.tolist():
            makers[f"p{product}"].append(number)
    for number, two in enumerate(products):
        for place, product in enumerate(two.tolist()):
            share = {"share": PRODUCTS / size / 8} if draw.random() < 1 / 3 else {}
            row = f"s{number}-{place}"
            network.add_edge(f"o{number}", f"p{product}", relation="supplies", supply=row, **share)
            customers: Sequence[int] = [maker for use in chain.successors(f"p{product}") for maker in makers[use]]
            if tangled:
                customers = range(number + 1, number + size)
            if customers:
                customer = customers[int(draw.integers(len(customers)))]
                network.add_edge(f"o{number}", f"o{customer % size}", relation="suppliesTo", supply=row)
    return network


def cpu_seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds of the processor that a work takes, and its result."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def main() -> None:
    """Measure and print, and write if so asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="the largest number of organizations")
    parser.add_argument("--risk", action="store_true", help="measure the risk index of all, too")
    parser.add_argument("--tangled", action="store_true", help="customers are anybody: nearly all reach nearly all")
    parser.add_argument("--write", action="store_true", help="write the table and the figures to bench/results")
    options = parser.parse_args()
    measures: dict[str, Callable[[Any, Any], Any]] = {
        "chokepoints": chokepoints,
        "upstreamness": upstreamness,
        "losses by organization": lambda supply, chain: criticality(supply, chain, by="organization"),
        "losses by region": lambda supply, chain: criticality(supply, chain, by="region"),
        "disruption of one": lambda supply, chain: disruption(supply, chain, organizations=["o0"]),
        "ties of the risk index": supplier_customer_ties,
    }
    cascades = ("linear", "leontief") if options.risk else ()
    seconds: dict[str, dict[int, float]] = defaultdict(dict)
    for size in (size for size in SIZES if size <= options.most):
        draw = np.random.default_rng(SEED)
        chain = layered_chain(draw)
        supply = supplies(size, chain, draw, tangled=options.tangled)
        for name, measure in measures.items():
            seconds[name][size] = cpu_seconds(lambda measure=measure: measure(supply, chain))[0]  # noqa: B023
        for cascade in cascades:
            name = f"risk of all, {cascade}"
            measure = partial(systemic_risk, supply, chain, cascade=cascade)
            seconds[name][size], frame = cpu_seconds(measure)
            seconds[f"{name}: millions of ties followed"][size] = frame.attrs["ties_followed"] / 1e6
    sizes = [size for size in SIZES if size <= options.most]
    lines = ["| measure | " + " | ".join(f"{size:,}" for size in sizes) + " | growth |"]
    lines.append("|---|" + "---:|" * (len(sizes) + 1))
    growth = {}
    for name, by_size in seconds.items():
        growth[name] = math.log(by_size[sizes[-1]] / by_size[sizes[0]]) / math.log(sizes[-1] / sizes[0])
        cells = " | ".join(f"{by_size[size]:.2f}" for size in sizes)
        lines.append(f"| {name} | {cells} | {growth[name]:.2f} |")
    print("\n".join(lines))
    if options.write:
        facts = {"python": platform.python_version(), "cores": os.cpu_count()}
        facts |= {"versions": {name: version(name) for name in ("numpy", "scipy", "pandas", "networkx")}}
        facts |= {"network": "tangled" if options.tangled else "layered"}
        record = {"facts": facts, "seconds": seconds, "growth": growth}
        (RESULTS / "chain_growth.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (RESULTS / "chain_growth.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
