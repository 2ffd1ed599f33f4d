"""How long the checks and the competency questions take on the sample data sets together; prints a Markdown table."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent))
from timing import durations

import chaingraph as cg
from chaingraph.checks.shapes import violations
from chaingraph.resources import SAMPLES, sample

RUNS = 3


def main() -> None:
    """Measure and print."""
    kg = cg.open(*(sample(name) for name in SAMPLES))

    def ask_all() -> None:
        for question in cg.questions():
            kg.ask(question.name, **{one.name: one.example for one in question.parameters if one.required})

    rows: dict[str, Callable[[], object]] = {
        "open the three data sets": lambda: cg.open(*(sample(name) for name in SAMPLES)),
        "shapes": lambda: violations(kg),
        "contradictions": lambda: cg.contradictions(kg),
        "coverage": lambda: cg.coverage(kg),
        "check, all of it": lambda: cg.check(kg),
        f"all {len(cg.questions())} questions": ask_all,
    }
    print(f"{len(kg):,} triples; median of {RUNS} runs after the first, seconds\n\n| what | seconds |\n|---|---|")
    for name, work in rows.items():
        work()
        print(f"| {name} | {median(durations(work, RUNS)):.2f} |")


if __name__ == "__main__":
    main()
