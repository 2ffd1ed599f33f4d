"""Seeded networks that no data stand behind, for measuring and picturing pages of a given size."""

from __future__ import annotations

import random

import networkx as nx
import numpy as np
import pandas as pd

from chaingraph.store import KnowledgeGraph

KINDS = ("enterprise", "university", "institute", "government")
SHARES = (0.68, 0.14, 0.13, 0.05)
REGIONS = 13
TIES_A_NODE = 2.4
OUTSIDE = 0.12
"""Share of the ties that leave a community."""


def synthetic(size: int, seed: int = 0) -> nx.Graph[str]:
    """Return a network of communities with hubs, in which ties count consortia; names say that it is synthetic.

    Sizes of communities follow a power law from 8 nodes on; a node is tied in proportion to a heavy-tailed number of
    its own, mostly within its community. Three of a hundred nodes have no tie.
    """
    rng = np.random.default_rng([seed, size])
    home = np.empty(0, dtype=np.int64)
    while len(home) < size:
        members = int(min(8 * (rng.pareto(1.3) + 1), max(20, size / 9)))
        home = np.concatenate([home, np.full(members, home[-1] + 1 if len(home) else 0)])
    home = home[:size]
    pull = rng.pareto(1.8, size) + 0.3
    pull[rng.random(size) < 0.03] = 0
    graph: nx.Graph[str] = nx.Graph(name=f"Synthetic network of {size:,} nodes", name_zh=f"合成网络（{size:,} 个节点）")
    kinds, regions = rng.choice(KINDS, size, p=SHARES), rng.integers(REGIONS, size=size)
    for number in range(size):
        graph.add_node(
            f"synthetic:{number}",
            label_zh=f"合成组织 {number}",
            label_en=f"Synthetic organization {number}",
            type="Organization",
            kind=str(kinds[number]),
            region=f"R{regions[number]}",
        )
    starts = rng.choice(size, int(TIES_A_NODE * size), p=pull / pull.sum())
    inside = np.split(np.arange(size), np.flatnonzero(np.diff(home)) + 1)
    for start in starts.tolist():
        reach = np.arange(size) if rng.random() < OUTSIDE else inside[home[start]]
        weights = pull[reach]
        end = int(rng.choice(reach, p=weights / weights.sum()))
        if start != end:
            ends = (f"synthetic:{start}", f"synthetic:{end}")
            tie = graph.get_edge_data(*ends, default={"consortia": 0})
            graph.add_edge(*ends, consortia=tie["consortia"] + 1)
    return graph


def synthetic_chain(stages: int, cards: int) -> KnowledgeGraph:
    """Return a graph of one chain with so many stages, and organizations that hold one stage each.

    Every stage but the first follows one before it; a tenth of the stages has nobody. The same numbers give the same
    graph.
    """
    choice = random.Random(7)
    names = [f"s{number}" for number in range(stages)]
    segments = ["upstream", "midstream", "downstream", None]
    regions = [f"r{number}" for number in range(12)]
    frames = {
        "regions": pd.DataFrame({"id": regions, "name": [f"地区{number}" for number in range(12)]}),
        "chains": pd.DataFrame({"id": ["c"], "name": ["合成产业链"]}),
        "stages": pd.DataFrame(
            {
                "id": names,
                "name": [f"环节{number}" for number in range(stages)],
                "chain": "c",
                "segment": [segments[number % 4] for number in range(stages)],
                "follows": [None, *(names[choice.randrange(number)] for number in range(1, stages))],
            }
        ),
        "organizations": pd.DataFrame(
            {
                "id": [f"o{number}" for number in range(cards)],
                "name": [f"合成第{number}科技有限公司" for number in range(cards)],
                "kind": "enterprise",
                "region": [regions[number % 12] for number in range(cards)],
            }
        ),
        "stage_roles": pd.DataFrame(
            {
                "stage": [names[choice.randrange(stages - stages // 10)] for _ in range(cards)],
                "organization": [f"o{number}" for number in range(cards)],
            }
        ),
    }
    return KnowledgeGraph.open(frames)
