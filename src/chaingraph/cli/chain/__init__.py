"""What ``measure SOURCE chain`` prints: chokepoints, completeness, order, risk, and what stops without something."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from chaingraph.cli.options import Projection, projected
from chaingraph.cli.output import Format, progress, quantity, say
from chaingraph.errors import UsageError, shown

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from chaingraph.queries.filters import Filters
    from chaingraph.store import KnowledgeGraph


class Question(StrEnum):
    """What can be asked of a chain."""

    chokepoints = "chokepoints"
    completeness = "completeness"
    upstreamness = "upstreamness"
    downstreamness = "downstreamness"
    regions = "regions"
    organizations = "organizations"
    risk = "risk"
    cycles = "cycles"


class Cascade(StrEnum):
    """How a customer loses what an input loses."""

    linear = "linear"
    leontief = "leontief"


_NO_CHAIN = "the graph states no stages, products or supplies, so that there is no chain to measure; fill those tables"
_SHORT = {
    Question.completeness: (
        *("chain_label", "consortium_label", "label", "status", "organizations", "held_by", "platforms"),
        *("platform_level", "projects", "project_level", "because"),
    ),
    Question.chokepoints: (
        *("label", "type", "suppliers", "largest_supplier", "known_share", "hhi_low", "hhi_high", "largest_region"),
        *("undecided", "substitutes", "final_products", "dominates", "stops"),
    ),
    Question.regions: (
        *("region", "organizations", "stopped", "final_stopped", "stages_stopped", "lost_low", "lost_high"),
        "final_products",
    ),
    Question.organizations: (
        *("label", "stopped", "final_stopped", "stages_stopped", "lost_low", "lost_high", "final_products"),
    ),
}
"""The columns that a terminal has room for."""


def chain_frame(
    graph: KnowledgeGraph,
    what: Question,
    form: Format,
    *,
    cascade: str,
    gone: list[str],
    level: int | None,
    chosen: Filters,
) -> pd.DataFrame:
    """Return the table of a question, and say how to read it and what is missing from it."""
    if gone and what is not Question.chokepoints:
        message = f"--without asks what stops; it cannot stand beside --what {what.value}"
        raise UsageError(message)
    if what is Question.completeness:
        frame = _completeness(graph, chosen)
    else:
        supply = projected(graph, Projection.supply, chosen, level=level)
        chain = projected(graph, Projection.chain, {"isolates": True})
        if what is not Question.cycles and len(chain) == supply.number_of_edges() == 0:
            raise UsageError(_NO_CHAIN)
        with progress("measuring"):
            frame = _without(supply, chain, gone) if gone else _measured(supply, chain, what, cascade)
        if form is Format.table and "largest_supplier" in frame.columns:
            names = {node: str(data.get("label", node)) for node, data in supply.nodes(data=True)}
            frame["largest_supplier"] = frame["largest_supplier"].map(names)
    if frame.empty and what is not Question.cycles:
        raise UsageError(_NO_CHAIN)
    if form is not Format.table or gone or what not in _SHORT:
        return frame
    say("--format csv has all columns, with the rows that say so")
    return frame[[name for name in _SHORT[what] if name in frame.columns]]


def _completeness(graph: KnowledgeGraph, chosen: Filters) -> pd.DataFrame:
    import pandas as pd

    from chaingraph.indicators.completeness import completeness, summary

    given = {name for name, value in chosen.items() if value is not None} - {"at", "isolates"}
    if given:
        message = f"completeness is asked of the whole graph; leave out the filter by {', '.join(sorted(given))}"
        raise UsageError(message)
    frame = completeness(graph, at=chosen.get("at"))
    for row in summary(frame).to_dict("records"):
        who = "anyone known" if pd.isna(row["consortium_label"]) else row["consortium_label"]
        rest = ", ".join(f"{row[name]} {name}" for name in ("planned", "absent", "unknown") if row[name])
        say(f"{row['chain_label']}: {who}: {row['held']} of {row['of']} {row['part']}s held{rest and ', '}{rest}")
    _say_count(frame.attrs["outside"], "products are on no chain and are left out")
    _say_count(frame.attrs["undated"], "rows have no date and are kept" if chosen.get("at") else "")
    return frame


def _measured(supply: nx.Graph[Any], chain: nx.Graph[Any], what: Question, cascade: str) -> pd.DataFrame:
    from chaingraph import metrics as measures

    if what is Question.cycles:
        frame = measures.cycles(chain)
        say(f"{quantity(len(frame), 'cycles')}; measures take the products of one for one product")
        return frame
    if what is Question.chokepoints:
        frame = measures.chokepoints(supply, chain)
        say("each indicator has its rank, 1 the most critical; there is no sum of them")
        _say_cycles(len(frame.attrs["cycles"]))
        _say_count(len(frame.attrs["without_suppliers"]), "products have no known supplier")
        _say_count(
            int(frame["undecided"].fillna(value=False).sum()),
            "products: known shares are too few to say how concentrated (undecided)",
        )
        _say_count(frame.attrs["no_region"], "organizations have no region, and may be in any")
    elif what in (Question.regions, Question.organizations):
        frame = measures.criticality(supply, chain, by=what.value.removesuffix("s"))
        say(f"one row a {frame.index.name}: what stops if it alone drops out; final products: {frame.attrs['final']}")
        _say_count(frame.attrs["no_region"] if what is Question.regions else 0, "organizations have no region")
    elif what is Question.risk:
        frame = measures.systemic_risk(supply, chain, cascade=cascade)
        held = frame.attrs
        say(f"{held['cascade']} cascade; weights: {held['weight']}")
        _say_count(held["missing_weights"], "ties have no share, and the index lies between its bounds")
        _say_count(held["without_customer"], "supplies lead to nobody that is known")
        _say_count(held["implied"], "ties are implied by what a product goes into")
    else:
        frame = getattr(measures, what.value)(supply, chain)
        _say_cycles(len(frame.attrs["cycles"]))
        _say_count(len(frame.attrs["supplies_nothing"]), "organizations supply nothing that is known")
        _say_count(int((frame["disagrees"] == True).sum()), "are not where their stated segment says")  # noqa: E712
    return frame.reset_index()


def _without(supply: nx.Graph[Any], chain: nx.Graph[Any], gone: list[str]) -> pd.DataFrame:
    from chaingraph.metrics import disruption

    named = _named(supply, chain, gone)
    frame = disruption(supply, chain, **named)
    held = frame.attrs
    organizations = quantity(len(held["removed"]), "organizations")
    say(f"{organizations} and {quantity(len(named['products']), 'products')} drop out")
    say(f"{quantity(int(frame['stopped'].sum()), 'products stop')}, {len(held['final_stopped'])} of them final")
    for stage in held["stages_stopped"]:
        say(f"all products stop at the stage {chain.nodes[stage].get('label', stage)}")
    return frame.reset_index()


def _named(supply: nx.Graph[Any], chain: nx.Graph[Any], gone: list[str]) -> dict[str, list[str]]:
    """Sort names, of nodes or as people write them, into organizations, regions and products."""
    known: dict[str, set[tuple[str, str]]] = {}
    for network in (supply, chain):
        for node, data in network.nodes(data=True):
            what = {"Organization": "organizations", "Product": "products"}.get(str(data.get("type")))
            if what is None:
                continue
            for name in {str(node), *(str(data[key]) for key in ("label", "label_en", "label_zh") if key in data)}:
                known.setdefault(name, set()).add((what, str(node)))
    for name in _regions(supply):
        known.setdefault(name, set()).add(("regions", name))
    found: dict[str, list[str]] = {"organizations": [], "regions": [], "products": []}
    for name in gone:
        matches = sorted(known.get(name, ()))
        if len(matches) != 1:
            said = " or ".join(node for _, node in matches)
            hint = f"several have it: {said}; name one of these" if matches else "list them with: network SOURCE supply"
            message = f"no one organization, region or product is called '{shown(name)}'; {hint}"
            raise UsageError(message)
        found[matches[0][0]].append(matches[0][1])
    return found


def _regions(supply: nx.Graph[Any]) -> set[str]:
    from chaingraph.metrics.supply_chain._supplies import node_regions

    return set().union(*(node_regions(data) for _, data in supply.nodes(data=True)))


def _say_cycles(number: int) -> None:
    _say_count(number, "cycles count as one product each; --what cycles names them")


def _say_count(number: int, words: str) -> None:
    if number and words:
        say(quantity(number, words))
