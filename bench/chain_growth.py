"""How the measures of a chain grow with the organizations: 2,000 to 32,000, in a chain of 200 products.

Each organization supplies two products of a layered chain to one named customer each; a third of the shares are known.
Prints the seconds of the processor for each number of organizations, and the ratio of the last to the first over that
of the numbers: 1 is linear. The risk index of all organizations follows each failure to all that it reaches, which
grows with the square of their number in a network that hangs together; it is measured with --risk, up to 4,000.
Run: python bench/chain_growth.py [--most N] [--risk]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np

from chaingraph.metrics import chokepoints, criticality, supplier_customer_ties, systemic_risk, upstreamness

SIZES = (2_000, 4_000, 8_000, 16_000, 32_000)
PRODUCTS, LAYERS, INPUTS, SEED = 200, 8, 3, 1
RISK_MOST = 4_000


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


def supplies(size: int, draw: np.random.Generator) -> Any:  # noqa: ANN401 - a MultiDiGraph
    """Return the network of supplies of so many organizations."""
    network: Any = nx.MultiDiGraph()
    network.add_nodes_from((f"p{number}" for number in range(PRODUCTS)), type="Product")
    network.add_nodes_from(
        ((f"o{number}", {"region": f"r{number % 30}"}) for number in range(size)), type="Organization"
    )
    for number in range(size):
        for place, product in enumerate(draw.choice(PRODUCTS, 2, replace=False)):
            share = {"share": PRODUCTS / size / 8} if draw.random() < 1 / 3 else {}
            row = f"s{number}-{place}"
            network.add_edge(f"o{number}", f"p{product}", relation="supplies", supply=row, **share)
            customer = (number + int(draw.integers(1, size))) % size
            network.add_edge(f"o{number}", f"o{customer}", relation="suppliesTo", supply=row)
    return network


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return what a work takes of the processor."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="the largest number of organizations")
    parser.add_argument("--risk", action="store_true", help="measure the risk index of all, too")
    options = parser.parse_args()
    measures: dict[str, Callable[[Any, Any], object]] = {
        "chokepoints": chokepoints,
        "upstreamness": upstreamness,
        "losses by organization": lambda supply, chain: criticality(supply, chain, by="organization"),
        "losses by region": lambda supply, chain: criticality(supply, chain, by="region"),
        "ties of the risk index": supplier_customer_ties,
    } | ({"risk index of all": systemic_risk} if options.risk else {})
    seconds: dict[str, dict[int, float]] = {name: {} for name in measures}
    for size in (size for size in SIZES if size <= options.most):
        draw = np.random.default_rng(SEED)
        chain, supply = layered_chain(draw), supplies(size, draw)
        for name, measure in measures.items():
            if name != "risk index of all" or size <= RISK_MOST:
                seconds[name][size] = cpu_seconds(lambda measure=measure, supply=supply: measure(supply, chain))  # noqa: B023
    for name, by_size in seconds.items():
        first, last = min(by_size), max(by_size)
        ratio = by_size[last] / by_size[first] / (last / first)
        times = ", ".join(f"{size:,}: {value:.2f}" for size, value in by_size.items())
        print(f"{name}: {ratio:.2f} of linear ({times})")


if __name__ == "__main__":
    main()
