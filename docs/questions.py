"""Compute the expected rows of the competency questions.

``python docs/questions.py`` says which files are stale, ``python docs/questions.py --write`` writes them anew. Read the
difference before committing it: the rows are what a reader may expect of the data.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import chaingraph as cg
from chaingraph.resources import ontology_file, sample
from chaingraph.sparql.questions import Question, answer, questions
from chaingraph.store import KnowledgeGraph


@cache
def graph(samples: tuple[str, ...]) -> KnowledgeGraph:
    """Return the graph of the sample data sets."""
    return cg.open(*[sample(name) for name in samples])


def rows(question: Question) -> str:
    """Return the rows of a question on its own data sets, as CSV."""
    return answer(graph(question.samples), question.name, **question.arguments).to_csv(index=False, lineterminator="\n")


def rows_file(question: Question) -> Path:
    """Return the path of the file that holds a question's expected rows."""
    return ontology_file(f"questions/{question.name}.rq").with_suffix(".csv")


def main() -> int:
    """Write or compare the rows of every question; 1 if some file differs."""
    writes = "--write" in sys.argv
    stale = []
    for question in questions():
        path = rows_file(question)
        text = rows(question)
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(path.name)
        if writes:
            path.write_text(text, encoding="utf-8", newline="\n")
    summary = f"{len(stale)} of {len(questions())} {'written' if writes else 'stale'}: {', '.join(stale)}"
    sys.stdout.write(f"{summary if stale else 'every file is up to date'}\n")
    return int(bool(stale) and not writes)


if __name__ == "__main__":
    sys.exit(main())
