"""The systemic risk index of 10,000 organizations and 40,000 seeded, heavy-tailed ties, beside a plain Python cascade.

The plain one follows one failure at a time, over adjacency lists; it is run on a seeded sample and extrapolated.
Prints a Markdown table. Run: python bench/chain.py
"""

from __future__ import annotations

import resource
import time

import numpy as np
import pandas as pd

from chaingraph.metrics.chain import systemic_risk

SIZE, TIES, INDUSTRIES, SAMPLE, SEED = 10_000, 40_000, 200, 8, 6


def drawn(size: int, ties: int, seed: int) -> pd.DataFrame:
    """Return ties with Pareto-distributed degrees and lognormal weights, an industry an organization."""
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
    made: dict[str, str] = {}
    for s, c, w, p in frame.itertuples(index=False, name=None):
        inputs.setdefault(c, []).append((s, w))
        sales.setdefault(s, []).append((c, w))
        sold[s] = sold.get(s, 0.0) + w
        made[s] = p
    names = sorted(set(inputs) | set(sales))
    bought: dict[str, dict[str, float]] = {}
    for c, found in inputs.items():
        for s, w in found:
            key = made[s] if leontief else ""
            bought.setdefault(c, {})[key] = bought.setdefault(c, {}).get(key, 0.0) + w
    down = up = {name: float(name == failed) for name in names}
    moving = True
    while moving:
        there: dict[str, float] = {}
        for s, w in sold.items():
            there[made[s]] = there.get(made[s], 0.0) + w * (1 - down[s])
        new = {}
        for c in names:
            short: dict[str, float] = {}
            for s, w in inputs.get(c, ()):
                key = made[s] if leontief else ""
                part = 1.0 if there[made[s]] <= sold[s] else sold[s] / there[made[s]]
                short[key] = short.get(key, 0.0) + part * down[s] * w / bought[c][key]
            new[c] = max(down[c], min(1.0, max(short.values(), default=0.0)))
        raised = {
            s: max(up[s], sum(w * up[c] for c, w in sales.get(s, ())) / sold[s] if s in sold else 0.0) for s in names
        }
        moving = max(max(abs(new[n] - down[n]), abs(raised[n] - up[n])) for n in names) >= 1e-6
        down, up = new, raised
    return sum(w * max(down[s], up[s]) for s, w in sold.items()) / sum(sold.values())


def main() -> None:
    """Measure both cascades."""
    frame = drawn(SIZE, TIES, SEED)
    print("| cascade | ours, s | plain, s (extrapolated) | ratio | largest difference | memory, MB |")
    print("|---|---|---|---|---|---|")
    for cascade in ("linear", "leontief"):
        start = time.perf_counter()
        ours = systemic_risk(frame, cascade=cascade)
        taken = time.perf_counter() - start
        some = np.random.default_rng(SEED).choice(len(ours), SAMPLE, replace=False)
        chosen = ours.index[some]
        start = time.perf_counter()
        theirs = [plain(frame, name, leontief=cascade == "leontief") for name in chosen]
        other = (time.perf_counter() - start) / SAMPLE * len(ours)
        away = float(np.abs(ours.loc[chosen, "risk_high"] - theirs).max())
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"| {cascade} | {taken:.1f} | {other:.0f} | {other / taken:.0f} | {away:.1e} | {memory:.0f} |", flush=True
        )


if __name__ == "__main__":
    main()
