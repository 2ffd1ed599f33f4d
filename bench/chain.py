"""The systemic risk index of 10,000 organizations and 40,000 seeded, heavy-tailed ties, beside a plain Python cascade.

The plain one follows one failure at a time, over adjacency lists; it is run on a seeded sample and extrapolated.
Times are of the clock and of the processor, because the clock also counts what others do on the machine; ratios are of
the processor's. Prints a Markdown table and writes it, with all numbers, to bench/results/chain.md and chain.json.
Run: python bench/chain.py [--semiconductors FOLDER]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent))
import semiconductors
from timing import peak_mib

import chaingraph as cg
from chaingraph import networks
from chaingraph.metrics import chokepoints, criticality, systemic_risk

RESULTS = Path(__file__).resolve().parent / "results"
FORMS = {
    "seconds": ".3g",
    "cpu_seconds": ".3g",
    "plain_cpu_seconds": ".0f",
    "ratio": ".0f",
    "difference": ".0e",
    "peak_mib": ".0f",
}
SIZE, TIES, INDUSTRIES, SAMPLE, SEED = 10_000, 40_000, 200, 8, 6


def random_ties(size: int, ties: int, seed: int) -> pd.DataFrame:
    """Return ties with Pareto-distributed degrees and lognormal weights, one industry per organization."""
    draw = np.random.default_rng(seed)
    out, into = draw.pareto(1.5, size) + 0.1, draw.pareto(1.5, size) + 0.1
    supplier, customer = (draw.choice(size, 2 * ties, p=one / one.sum()) for one in (out, into))
    industry = draw.integers(0, INDUSTRIES, size)
    frame = pd.DataFrame({"supplier": supplier, "customer": customer})
    frame = frame[frame["supplier"] != frame["customer"]].drop_duplicates().head(ties)
    frame["weight"] = draw.lognormal(0, 1.5, len(frame))
    frame["product"] = industry[frame["supplier"]].astype(str)
    return frame.astype({"supplier": str, "customer": str})


def plain(frame: pd.DataFrame, failed: str, *, leontief: bool) -> float:
    """Return the index of one failure, organization by organization and round by round, as the definition says."""
    inputs: dict[str, list[tuple[str, float]]] = {}
    sales: dict[str, list[tuple[str, float]]] = {}
    sold: dict[str, float] = {}
    industry: dict[str, str] = {}
    for s, c, w, p in frame.itertuples(index=False, name=None):
        inputs.setdefault(c, []).append((s, w))
        sales.setdefault(s, []).append((c, w))
        sold[s] = sold.get(s, 0.0) + w
        industry[s] = p
    names = sorted(set(inputs) | set(sales))
    bought: dict[str, dict[str, float]] = {}
    for c, suppliers in inputs.items():
        for s, w in suppliers:
            key = industry[s] if leontief else ""
            bought.setdefault(c, {})[key] = bought.setdefault(c, {}).get(key, 0.0) + w
    down = up = {name: float(name == failed) for name in names}
    moving = True
    while moving:
        there: dict[str, float] = {}
        for s, w in sold.items():
            there[industry[s]] = there.get(industry[s], 0.0) + w * (1 - down[s])
        new = {}
        for c in names:
            short: dict[str, float] = {}
            for s, w in inputs.get(c, ()):
                key = industry[s] if leontief else ""
                part = 1.0 if there[industry[s]] <= sold[s] else sold[s] / there[industry[s]]
                short[key] = short.get(key, 0.0) + part * down[s] * w / bought[c][key]
            new[c] = max(down[c], min(1.0, max(short.values(), default=0.0)))
        raised = {
            s: max(up[s], sum(w * up[c] for c, w in sales.get(s, ())) / sold[s] if s in sold else 0.0) for s in names
        }
        moving = max(max(abs(new[n] - down[n]), abs(raised[n] - up[n])) for n in names) >= 1e-6
        down, up = new, raised
    return sum(w * max(down[s], up[s]) for s, w in sold.items()) / sum(sold.values())


def risk_row(frame: pd.DataFrame, cascade: str) -> dict[str, Any]:
    """Measure one cascade for every organization, and the plain one for a sample of them."""
    start, cpu_start = time.perf_counter(), time.process_time()
    ours = systemic_risk(frame, cascade=cascade)
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu_start
    peak = peak_mib()
    sample = ours.index[np.random.default_rng(SEED).choice(len(ours), SAMPLE, replace=False)]
    cpu_start = time.process_time()
    theirs = [plain(frame, name, leontief=cascade == "leontief") for name in sample]
    other = (time.process_time() - cpu_start) / SAMPLE * len(ours)
    return {
        "task": f"risk index of all, {cascade}",
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "plain_cpu_seconds": other,
        "ratio": other / cpu_seconds,
        "difference": float(np.abs(ours.loc[sample, "risk_high"] - theirs).max()),
        "peak_mib": round(peak),
    }


def chokepoint_rows(source: Path) -> list[dict[str, Any]]:
    """Measure the chokepoints and the criticality of the semiconductor chain, its organizations being the suppliers."""
    with tempfile.TemporaryDirectory() as folder:
        semiconductors.convert(source, Path(folder), "organizations")
        kg = cg.open(Path(folder))
        supply, chain = networks.supply(kg), networks.chain(kg)
    rows = []
    works: dict[str, Callable[[], object]] = {
        "chokepoints of semiconductors": lambda: chokepoints(supply, chain),
        "criticality by region of semiconductors": lambda: criticality(supply, chain),
        "criticality by organization of semiconductors": lambda: criticality(supply, chain, by="organization"),
    }
    for task, work in works.items():
        start, cpu_start = time.perf_counter(), time.process_time()
        work()
        seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu_start
        peak = round(peak_mib())
        rows.append({"task": task, "seconds": seconds, "cpu_seconds": cpu_seconds, "peak_mib": peak})
    return rows


def markdown(rows: list[dict[str, Any]]) -> str:
    """Return the measurements as a table."""
    lines = [
        "| task | seconds | CPU seconds | plain Python, CPU seconds (extrapolated) | times | difference | peak MiB |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        cells = [row["task"], *(f"{row[name]:{form}}" if name in row else "" for name, form in FORMS.items())]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print the table and write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--semiconductors", type=Path, help="the folder of the ETO data; left out without it")
    options = parser.parse_args()
    rows = [] if options.semiconductors is None else chokepoint_rows(options.semiconductors)
    frame = random_ties(SIZE, TIES, SEED)
    rows += [risk_row(frame, cascade) for cascade in ("linear", "leontief")]
    facts = {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "data": {"organizations": SIZE, "ties": len(frame), "industries": INDUSTRIES, "sample": SAMPLE, "seed": SEED},
        "versions": {name: version(name) for name in ("numpy", "scipy", "pandas", "networkx")},
    }
    table = markdown(rows)
    sys.stdout.write(table)
    (RESULTS / "chain.md").write_text(table, encoding="utf-8")
    text = json.dumps({"facts": facts, "rows": rows}, indent=1, ensure_ascii=False)
    (RESULTS / "chain.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
