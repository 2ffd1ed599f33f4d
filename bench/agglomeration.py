"""Crosstab, agglomeration and complexity at the size of Horizon Europe: regions by topics, in one run.

Measures the crosstab from a built store of the whole of Horizon Europe, every index on it and on a seeded crosstab of
1,500 regions by 1,000 industries of the same density, and the complexity index beside the dense eigenvectors of numpy.
Prints a Markdown table and writes it to bench/results/agglomeration.md.
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent))
import horizon
from timing import durations

import chaingraph as cg
from chaingraph import metrics

RESULTS = Path(__file__).resolve().parent / "results"
RUNS = 3


def random_counts(rows: int, columns: int, seed: int) -> pd.DataFrame:
    """Return a seeded crosstab of made-up regions and industries, heavy-tailed on both sides, without empty ones."""
    rng = np.random.default_rng(seed)
    mass = np.outer(rng.pareto(1.2, rows) + 0.2, rng.pareto(1.2, columns) + 0.2)
    counts = rng.poisson(mass / mass.mean() * 0.6)
    counts[np.arange(rows), rng.integers(0, columns, rows)] += 1
    counts[rng.integers(0, rows, columns), np.arange(columns)] += 1
    names = ([f"R{number}" for number in range(rows)], [f"I{number}" for number in range(columns)])
    return pd.DataFrame(counts, index=pd.Index(names[0]), columns=pd.Index(names[1]))


def indices(table: pd.DataFrame) -> None:
    """Compute every index of a crosstab once, proximity and complexity included."""
    for name in (
        *("location_quotient", "cluster_index", "herfindahl", "shannon", "hachman", "krugman_specialisation"),
        *("specialisation_coefficient", "weighted_average_location_quotient", "locational_gini", "dissimilarity"),
    ):
        getattr(metrics, name)(table)
    presence = metrics.rca(table, threshold=1)
    proximity = metrics.proximity(presence)
    metrics.relatedness(metrics.co_occurrence(presence), method="association")
    metrics.relatedness_density(presence, proximity)
    for name in ("diversity", "ubiquity", "eci", "pci", "kci"):
        getattr(metrics, name)(presence)
    metrics.complexity_outlook(presence, proximity)


def dense_eci(table: pd.DataFrame) -> None:
    """Compute the complexity index as the published definition reads: all eigenvectors of a dense matrix."""
    present = metrics.rca(table, threshold=1).to_numpy()
    walk = (present / present.sum(axis=1)[:, None]) @ (present / present.sum(axis=0)).T
    np.linalg.eig(walk)


def main() -> None:
    """Measure, print and write."""
    warnings.simplefilter("ignore", metrics.SmallSampleWarning)
    rows = []
    with tempfile.TemporaryDirectory() as name:
        snapshot = horizon.tables("whole")
        horizon.write(snapshot, Path(name) / "whole")
        cg.build([Path(name) / "whole"], Path(name) / "whole.kg")
        kg = cg.open(Path(name) / "whole.kg")
        if snapshot.real:
            table = cg.crosstab(kg, "region", "industry", count="participations")
            duration = min(durations(lambda: cg.crosstab(kg, "region", "industry", count="participations"), RUNS))
            rows.append(("crosstab of participations, whole of Horizon Europe", f"{table.shape}", duration))
    table = random_counts(1500, 1000, seed=1)
    rows.append(("all indices of a crosstab, together", f"{table.shape}", min(durations(lambda: indices(table), RUNS))))
    ours = min(durations(lambda: metrics.eci(metrics.rca(table, threshold=1)), RUNS))
    dense = min(durations(lambda: dense_eci(table), RUNS))
    rows.append(("complexity index", f"{table.shape}", ours))
    rows.append((f"the same by numpy's dense eigenvectors ({dense / ours:.0f} times as long)", f"{table.shape}", dense))
    lines = ["| what | size | seconds |", "|---|---|---:|", *(f"| {a} | {b} | {c:.2f} |" for a, b, c in rows)]
    text = "\n".join(lines) + "\n"
    print(text)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "agglomeration.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
