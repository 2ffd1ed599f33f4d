"""Small made-up chains and supplies, and the real semiconductor chain that lies beside the repository."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path
from typing import Any, TypeAlias

import networkx as nx
import pandas as pd
import pytest

import chaingraph as cg
from chaingraph import networks

Network: TypeAlias = "nx.MultiDiGraph[str]"
Cells = list[dict[str, str]]


def chained(*inputs: str, kinds: tuple[str, ...] = (), stages: tuple[str, ...] = ()) -> Network:
    """Write "a>b" for an input, a kind or a product and its stage."""
    graph: Network = nx.MultiDiGraph()
    for relation, ties in (("inputOf", inputs), ("broader", kinds), ("stage", stages)):
        for tail, head in (tie.split(">") for tie in ties):
            graph.add_node(tail, type="Product")
            graph.add_node(head, type="Stage" if relation == "stage" else "Product")
            graph.add_edge(tail, head, key=relation, relation=relation)
    return graph


def supplied(
    *rows: tuple[str, str, float | None], regions: dict[str, str] | None = None, within: dict[str, str] | None = None
) -> Network:
    """Write a supply (organization, product, share) a row, s0, s1 and so on; ``within`` are the regions around."""
    graph: Network = nx.MultiDiGraph()
    for number, (supplier, product, share) in enumerate(rows):
        graph.add_node(supplier, type="Organization")
        for name, stated in (("region", regions), ("regions", within)):
            graph.nodes[supplier].update({name: stated[supplier]} if stated and supplier in stated else {})
        graph.add_node(product, type="Product")
        share_stated = {} if share is None else {"share": share}
        graph.add_edge(supplier, product, key=str(number), relation="supplies", supply=f"s{number}", **share_stated)
    return graph


def table(*ties: tuple[Any, ...]) -> pd.DataFrame:
    """Write a tie (supplier, customer, weight, product) a row."""
    return pd.DataFrame(list(ties), columns=["supplier", "customer", "weight", "product"][: len(ties[0])])


class Semiconductors:
    """The semiconductor chain of ETO: its networks, as the program has them, and its rows, as they stand in the files.

    ``level`` is organizations or countries, because the rows of the two overlap.
    """

    def __init__(self, shared: Path, target: Path, level: str) -> None:
        source = shared / "data" / "eto-semiconductor"
        if not source.is_dir():
            pytest.skip("the semiconductor data in ../shared is not here")
        place = Path(__file__).resolve().parents[3] / "bench" / "semiconductors.py"
        spec = importlib.util.spec_from_file_location("semiconductors", place)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.convert(source, target / level, level)
        kg = cg.open(target / level)
        self.supply, self.chain = networks.supply(kg), networks.chain(kg)
        self.rows = {path.stem: self._read(path) for path in sorted(source.glob("*.csv"))}
        kind = level.replace("countries", "country").removesuffix("s")
        providers = {row["provider_id"]: row for row in self.rows["providers"] if row["provider_type"] == kind}
        inputs = {row["input_id"]: row["input_name"] for row in self.rows["inputs"]}
        self.shares: dict[str, dict[str, float | None]] = {}
        """Product -> supplier -> share, all by their names."""
        for row in self.rows["provision"]:
            if row["provided_id"] in inputs and row["provider_id"] in providers:
                held = self.shares.setdefault(inputs[row["provided_id"]], {})
                share = row["share_provided"].rstrip("%")
                held.setdefault(row["provider_name"], float(share) / 100 if share else None)

    @staticmethod
    def _read(path: Path) -> Cells:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
