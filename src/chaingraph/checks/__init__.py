"""Checks: what is wrong or doubtful in a graph, what is behind a thing, and what is known of what is reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from chaingraph.checks.chains import chain_findings
from chaingraph.checks.contradictions import contradictions
from chaingraph.checks.evidence import quote_findings, rests_on, rows_without_evidence, why
from chaingraph.checks.findings import VIOLATION, WARNING, Finding

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chaingraph.store import KnowledgeGraph

__all__ = ["Finding", "Report", "check", "contradictions", "rests_on", "why"]


@dataclass(frozen=True)
class Report:
    """What a check found; ``without_evidence`` counts rows without a quote or record by class."""

    findings: tuple[Finding, ...]
    without_evidence: pd.DataFrame

    def count(self, severity: str) -> int:
        """Return how many findings are of a severity, ``violation`` or ``warning``."""
        return sum(finding.severity == severity for finding in self.findings)

    @property
    def frame(self) -> pd.DataFrame:
        """The findings as a table: ``severity``, ``kind``, ``thing``, ``label``, ``message``, ``quotes``."""
        rows = [
            (
                found.severity,
                found.kind,
                found.thing,
                found.label,
                found.message,
                " | ".join(filter(None, found.quotes)),
            )
            for found in self.findings
        ]
        return pd.DataFrame(rows, columns=["severity", "kind", "thing", "label", "message", "quotes"])


def check(
    kg: KnowledgeGraph,
    *,
    texts: Path | None = None,
    require_evidence: bool = False,
    report: Callable[[str], None] | None = None,
) -> Report:
    """Check a graph against its shapes, its sources and itself.

    Args:
        kg: The graph.
        texts: A folder with the archived words of sources, by the file names that the sources state.
        require_evidence: Count rows without a quote or a record as violations.
        report: Called with a line on each step.

    Returns:
        A report whose violations are broken shapes, quotes that do not stand in their source, impossible shares and
        inputs of a chain, and, if asked for, rows without evidence; contradictions and quotes whose text is not at hand
        are warnings.
    """
    from chaingraph.checks.shapes import violations

    tell = report or (lambda _: None)
    findings: list[Finding] = []
    tell("holding the graph against its shapes")
    for row in violations(kg).to_dict("records"):
        findings.append(Finding(row["severity"], "shape", row["focus"], row["label"] or "", row["message_en"]))
    tell("holding quotes against their sources")
    findings += quote_findings(kg, texts)
    tell("looking for what no chain can be")
    findings += chain_findings(kg)
    tell("looking for contradictions")
    for row in contradictions(kg).to_dict("records"):
        message = f"{row['property']}: '{row['one']}' against '{row['other']}'"
        words = (row["one_quote"], row["other_quote"])
        findings.append(Finding(WARNING, f"contradiction, {row['kind']}", row["thing"], row["label"], message, words))
    tell("counting rows without evidence")
    without = rows_without_evidence(kg)
    if require_evidence:
        for row in without[without["without"] > 0].to_dict("records"):
            message = f"{row['without']} of {row['rows']} rows lead to no quote and no record"
            findings.append(Finding(VIOLATION, "no evidence", row["class"], "", message))
    return Report(tuple(sorted(findings, key=lambda found: (found.severity, found.kind))), without)
