"""How long the checks and the competency questions take on the sample data sets together; prints a Markdown table."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import chaingraph as cg
from chaingraph.checks import contradictions
from chaingraph.checks.shapes import violations
from chaingraph.resources import SAMPLES, sample
from chaingraph.sparql.questions import questions

RUNS = 3


def seconds(work: Callable[[], object]) -> float:
    """Return the median of a few runs, after one that is not counted."""
    work()
    durations = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        durations.append(time.perf_counter() - start)
    return median(durations)


def main() -> None:
    """Measure and print."""
    kg = cg.open(*(sample(name) for name in SAMPLES))

    def ask_all() -> None:
        for question in questions():
            kg.ask(question.name, **{one.name: one.example for one in question.parameters if one.required})

    rows: dict[str, Callable[[], object]] = {
        "open the three data sets": lambda: cg.open(*(sample(name) for name in SAMPLES)),
        "shapes": lambda: violations(kg),
        "contradictions": lambda: contradictions(kg),
        "coverage": lambda: cg.coverage(kg),
        "check, all of it": lambda: cg.check(kg),
        f"all {len(questions())} questions": ask_all,
    }
    print(f"{len(kg):,} triples; median of {RUNS} runs, seconds\n\n| what | seconds |\n|---|---|")
    for name, work in rows.items():
        print(f"| {name} | {seconds(work):.2f} |")


if __name__ == "__main__":
    main()
