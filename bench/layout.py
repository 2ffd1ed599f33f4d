"""Time the layout "communities" on seeded networks with planted, heavy-tailed communities, and on matrices in files.

Prints a Markdown table: wall-clock and processor seconds, which differ on a busy machine. networkit is loaded before
the clock starts. Run: python bench/layout.py [ADJACENCY.npz ...]
"""

from __future__ import annotations

import sys
import time
from itertools import pairwise

import networkit
import networkx as nx
import numpy as np
import scipy.sparse as sp

from chaingraph import layout

SIZES = ((300, 2.5), (3_000, 2.5), (10_000, 2.5), (10_000, 10.0), (50_000, 2.5), (50_000, 10.0))
INSIDE, SEED = 0.85, 1


def planted_communities(size: int, ties_each: float, seed: int = SEED) -> nx.Graph[str]:
    """Return a network whose communities and degrees are heavy-tailed; most ties stay in their community."""
    draw = np.random.default_rng(seed)
    count = max(4, int(1.2 * size**0.5))
    share = draw.pareto(1.3, count) + 0.3
    home = np.sort(draw.choice(count, size, p=share / share.sum()))
    starts = np.searchsorted(home, np.arange(count + 1))
    activity = draw.pareto(1.6, size) + 0.2
    tails = draw.choice(size, int(size * ties_each), p=activity / activity.sum())
    heads = draw.choice(size, len(tails), p=activity / activity.sum())
    inside = draw.random(len(tails)) < INSIDE
    for community, (start, stop) in enumerate(pairwise(starts.tolist())):
        ties = np.flatnonzero(inside & (home[tails] == community))
        if len(ties):
            own = activity[start:stop]
            heads[ties] = start + draw.choice(stop - start, len(ties), p=own / own.sum())
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(f"n{number}" for number in range(size))
    graph.add_edges_from((f"n{u}", f"n{v}") for u, v in zip(tails.tolist(), heads.tolist(), strict=True) if u != v)
    return graph


def network_of_file(path: str) -> nx.Graph[str]:
    """Return the network of a symmetric matrix in scipy's .npz format."""
    upper = sp.coo_array(sp.triu(sp.load_npz(path), 1))
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(f"n{number}" for number in range(upper.shape[0]))
    graph.add_edges_from((f"n{u}", f"n{v}") for u, v in zip(upper.row.tolist(), upper.col.tolist(), strict=True))
    return graph


def main(paths: list[str]) -> None:
    """Lay out each network once and print the seconds."""
    networkit.setSeed(SEED, useThreadId=False)
    print("| network | nodes | ties | wall clock, s | processor, s |\n|---|--:|--:|--:|--:|")
    networks = [(f"{size:,} nodes, {ties:g} ties each", planted_communities(size, ties)) for size, ties in SIZES]
    for name, network in [*networks, *((path.rsplit("/", 1)[-1], network_of_file(path)) for path in paths)]:
        clock, processor = time.perf_counter(), time.process_time()
        layout.arrangement(network)
        seconds = f"{time.perf_counter() - clock:.2f} | {time.process_time() - processor:.2f}"
        print(f"| {name} | {len(network):,} | {network.number_of_edges():,} | {seconds} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
