"""The report of a check: its findings, one kind of row for everything that is wrong or doubtful."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

VIOLATION = "violation"
WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One thing that a person should look at.

    ``severity`` is ``violation`` or ``warning``; ``kind`` groups findings; ``thing`` is the short IRI of the node and
    ``label`` its name; ``message`` is one sentence on what is wrong and what to do; ``quotes`` are the words concerned.
    """

    severity: str
    kind: str
    thing: str
    label: str
    message: str
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """The findings of a check, violations first; ``without_evidence`` counts rows without quote or record by class."""

    findings: tuple[Finding, ...]
    without_evidence: pd.DataFrame

    def count(self, severity: str) -> int:
        """Return the number of findings of a severity, ``violation`` or ``warning``."""
        return sum(finding.severity == severity for finding in self.findings)

    @property
    def frame(self) -> pd.DataFrame:
        """The findings, one row per finding: ``severity``, ``kind``, ``thing``, ``label``, ``message``, ``quotes``."""
        import pandas as pd

        rows = [
            (
                finding.severity,
                finding.kind,
                finding.thing,
                finding.label,
                finding.message,
                " | ".join(filter(None, finding.quotes)),
            )
            for finding in self.findings
        ]
        return pd.DataFrame(rows, columns=["severity", "kind", "thing", "label", "message", "quotes"])
