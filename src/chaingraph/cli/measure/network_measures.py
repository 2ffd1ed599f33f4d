"""What ``measure`` prints of a network, and the words beside it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, cast

from chaingraph.cli.output import Format, progress, quantity, say
from chaingraph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    import networkx as nx
    import pandas as pd

    from chaingraph.store import KnowledgeGraph


class Measure(StrEnum):
    """What ``measure`` can measure."""

    centrality = "centrality"
    communities = "communities"
    structure = "structure"
    agglomeration = "agglomeration"
    complexity = "complexity"
    chain = "chain"
    consortia = "consortia"
    scorecard = "scorecard"
    coverage = "coverage"


_RANKED = 3_000
"""The number of nodes up to which a page has their ranks without being asked."""
SHORT = ("degree", "strength", "betweenness", "closeness", "harmonic", "pagerank", "constraint")
"""The measures that a terminal has room for."""
SHORT_TWO_MODE = ("degree", "two_mode_degree", "two_mode_betweenness", "two_mode_closeness", "two_mode_eigenvector")
SHORT_DIRECTED = ("in_degree", "out_degree", "betweenness", "in_harmonic", "out_harmonic", "pagerank", "katz")


def coverage_frame(graph: KnowledgeGraph, *, at: str | None) -> pd.DataFrame:
    """Return what is known by name of what is reported, and say what has no date."""
    from chaingraph.indicators.coverage import coverage

    frame = coverage(graph, at=at)
    for name, count in frame.attrs["undated"].items():
        if count:
            what = "counts" if name == "reported" else f"rows of {name}"
            say(quantity(count, f"{what} have no date and are kept"))
    return frame


def consortia_frame(graph: KnowledgeGraph, *, level: int | None) -> pd.DataFrame:
    """Return what gathers in each consortium, and say what is reported of their programmes."""
    from chaingraph.indicators.consortia import consortium_agglomeration

    frame = consortium_agglomeration(graph, level=level)
    for row in frame.attrs["reported"].to_dict("records"):
        known = f"known of the {row['counts']} by consortium: {row['known_by_consortium'] or 'nothing'}"
        say(
            f"{row['scope_label']}: {quantity(row['total'], row['counts'])} over {quantity(row['over'], row['per'])} is"
            f" {row['ratio']:.2f} each, reported of the programme as a whole; {known}"
        )
    return frame.reset_index()


def centrality_frame(
    network: nx.Graph[Any],
    form: Format,
    *,
    measures: list[str] | None,
    weight: str,
    distance: str | None,
    exact: bool | None,
    group: str | None,
) -> pd.DataFrame:
    """Return the measures of a network's nodes; for a terminal, unless some are named, those it has room for."""
    from chaingraph.arrays import two_mode
    from chaingraph.metrics.network.centrality import centrality
    from chaingraph.metrics.network.registry import keeps_directions

    chosen = measures
    if measures is None and form is Format.table and len(network):
        modes = two_mode(network) is not None
        chosen = list(SHORT_TWO_MODE if modes else SHORT_DIRECTED if keeps_directions(network) else SHORT)
    with progress("measuring") as report:
        frame = centrality(
            network,
            measures=chosen,
            weight=None if weight == "none" else weight,
            distance=distance,
            exact=exact,
            group=group,
            report=report,
        )
    _say_notes(frame, chosen != measures)
    return frame.reset_index()


def _say_notes(frame: pd.DataFrame, shortened: bool) -> None:
    for column, reason in frame.attrs["undefined"].items():
        say(f"{column}: {reason}; elsewhere left empty")
    weighed = ("strength", "eigenvector", "pagerank", "katz", "constraint", "effective_size")
    held = [name for name in frame.columns if name.removeprefix("in_").removeprefix("out_") in weighed]
    if frame.attrs["weight"] is not None and held:
        say(f"{', '.join(held)} weigh ties by '{frame.attrs['weight']}'")
    for measure, sample in frame.attrs["sampled"].items():
        say(
            f"{measure}: sampled from {sample['sources']:,} of {sample['of']:,} sources, standard error at most"
            f" {sample['largest_error']:.2g}; --exact computes it from all"
        )
    if shortened:
        say("more measures: --format csv gives all, --measures NAME,NAME those named")


def stability_frame(
    network: nx.Graph[Any], *, measure: str, weight: str, drop: float, draws: int, seed: int
) -> pd.DataFrame:
    """Return how far each node's rank stands if memberships were unknown."""
    from chaingraph.metrics.network.rank_stability import rank_stability

    with progress("measuring") as report:
        frame = rank_stability(
            network,
            measure,
            drop=drop,
            draws=draws,
            seed=seed,
            weight=None if weight == "none" else weight,
            report=report,
        )
    say(stability_words(frame))
    return frame.reset_index()


def stability_words(frame: pd.DataFrame) -> str:
    """Say how a table of ranks was made."""
    held = frame.attrs
    return (
        f"rank by {held['measure']}; rank_low to rank_high holds 95 % of {held['draws']} draws in each of which"
        f" {held['drop']:.0%} of the {held['dropped']} were dropped at random (seed {held['seed']}); in_top: share of"
        f" the draws among the first {held['top']}"
    )


def with_stability(
    network: nx.Graph[Any], wanted: bool | None, report: Callable[[str], None]
) -> tuple[nx.Graph[Any], str]:
    """Return a network with the ranks of its nodes by betweenness, if wanted.

    Unsaid, it has them where they take seconds and compare like with like: not in directed networks of all things.
    The second value says how the ranks were made, empty if there are none.
    """
    from chaingraph.metrics.network.rank_stability import rank_stability, with_ranks

    unwanted = wanted is None and (network.is_directed() or len(network) > _RANKED)
    if wanted is False or unwanted or network.number_of_edges() == 0:
        return network, ""
    stability = rank_stability(network, draws=100, report=report)
    return with_ranks(network, stability), stability_words(stability)


def communities_frame(network: nx.Graph[Any], *, method: str, seed: int) -> pd.DataFrame:
    """Return the community of each node and its role in it."""
    from chaingraph.metrics.network.communities import communities, community_table

    with progress("finding communities"):
        labels = communities(network, method=cast("Literal['leiden', 'louvain']", method), seed=seed)
        frame = community_table(network, labels)
    held = labels.attrs
    modularity = f"modularity {held['modularity']:.4f}"
    number = quantity(labels.nunique(), "communities")
    say(f"{number} by {held['method']}, {modularity}, seed {held['seed']}")
    return frame.reset_index()


def structure_frame(network: nx.Graph[Any]) -> pd.DataFrame:
    """Return the network as a whole: one row a number, with the reason where it is undefined."""
    import pandas as pd

    from chaingraph.metrics.network.structure import describe

    with progress("describing the network"):
        found = describe(network)
    reasons = found.attrs["undefined"]
    rows = [(name, value, reasons.get(name, "")) for name, value in found.items()]
    return pd.DataFrame(rows, columns=["what", "value", "undefined"])


def measures_named(text: str | None) -> list[str] | None:
    """Read names separated by commas."""
    if text is None:
        return None
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        message = "expected names of measures separated by commas, such as degree,betweenness"
        raise UsageError(message)
    return names


def measure_ranked_by(names: list[str] | None) -> str:
    """Return the one measure whose ranks are asked about.

    Raises:
        UsageError: Several are named.
    """
    if names is not None and len(names) > 1:
        message = "--stability ranks by one measure; name one with --measures"
        raise UsageError(message)
    return "betweenness" if names is None else names[0]
