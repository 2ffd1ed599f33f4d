"""Checks: what is wrong or doubtful in a graph, which words state a thing, and what depends on a source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chaingraph.checks.chains import chain_findings
from chaingraph.checks.contradictions import contradictions
from chaingraph.checks.evidence import quote_findings, rests_on, rows_without_evidence, why
from chaingraph.checks.hierarchy import hierarchy_findings
from chaingraph.checks.report import VIOLATION, WARNING, Finding, Report
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chaingraph.store import KnowledgeGraph

__all__ = ["VIOLATION", "WARNING", "Finding", "Report", "check", "contradictions", "rests_on", "why"]


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
        texts: A folder with the archived texts of sources, by the file names that the sources state.
        require_evidence: Count rows without a quote or a record as violations.
        report: Called with a line on each step.

    Returns:
        A report. Violations are broken shapes, quotes that are not in their source, impossible shares and inputs of a
        chain, organizations that are part of themselves and, with ``require_evidence``, rows without evidence.
        Contradictions and quotes whose text is not in ``texts`` are warnings.

    Raises:
        UnreadableError: An archived text is not in UTF-8.
        UsageError: The validator of shapes is missing, or does not find the faults that it must find.

    Example:
        >>> import chaingraph as cg
        >>> from chaingraph.resources import sample
        >>> cg.check(cg.open(sample("jiangsu-2022"))).count("violation")
        0
    """
    from chaingraph.checks.shapes import violations

    progress = report or (lambda _: None)
    findings: list[Finding] = []
    progress(tr("checking the graph against its shapes"))
    for row in violations(kg).to_dict("records"):
        findings.append(Finding(row["severity"], "shape", row["focus"], row["label"] or "", row["message_en"]))
    progress(tr("checking quotes against their sources"))
    findings += quote_findings(kg, texts)
    progress(tr("checking shares and inputs of products"))
    findings += chain_findings(kg)
    progress(tr("checking what is part of what"))
    findings += hierarchy_findings(kg)
    progress(tr("looking for contradictions"))
    for row in contradictions(kg).to_dict("records"):
        message = f"{row['property']}: '{row['one']}' against '{row['other']}'"
        quotes = (row["one_quote"], row["other_quote"])
        findings.append(Finding(WARNING, f"contradiction, {row['kind']}", row["thing"], row["label"], message, quotes))
    progress(tr("counting rows without evidence"))
    without_evidence = rows_without_evidence(kg)
    if require_evidence:
        for row in without_evidence[without_evidence["without"] > 0].to_dict("records"):
            message = tr(
                "{without} of {rows} rows lead to no quote and no record", without=row["without"], rows=row["rows"]
            )
            findings.append(Finding(VIOLATION, "no evidence", row["class"], "", message))
    in_order = sorted(findings, key=lambda finding: (finding.severity, finding.kind))
    return Report(tuple(in_order), without_evidence)
