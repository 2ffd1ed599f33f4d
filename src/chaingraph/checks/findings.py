"""What a check finds: one kind of row for everything that is wrong or doubtful."""

from __future__ import annotations

from dataclasses import dataclass

VIOLATION = "violation"
WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One thing that a person should look at.

    ``kind`` groups findings; ``thing`` is the short name of the node it is about and ``label`` what that is called;
    ``message`` says in one sentence what is wrong and what to do; ``quotes`` are the words that bear on it.
    """

    severity: str
    kind: str
    thing: str
    label: str
    message: str
    quotes: tuple[str, ...] = ()
