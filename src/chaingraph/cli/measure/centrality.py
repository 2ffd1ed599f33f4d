"""``chaingraph measure centrality``: who holds a network together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from chaingraph.cli.command import Panel, option
from chaingraph.cli.measure.engine_options import EngineAddress, engine_source, say_engine
from chaingraph.cli.network_options import DEFAULT, NetworkChoice
from chaingraph.cli.options import Sources, refuse
from chaingraph.cli.output import OrderedOutput, progress, say, say_equal
from chaingraph.errors import UsageError
from chaingraph.messages import tr

if TYPE_CHECKING:
    import pandas as pd

    from chaingraph.arrays import ArrayNetwork


def measure_names(incomplete: str) -> list[str]:
    """Return what completes the last of several names of measures separated by commas."""
    from chaingraph.metrics.network.registry import MEASURES

    first, comma, last = incomplete.rpartition(",")
    return [f"{first}{comma}{name}" for name in MEASURES if name.startswith(last)]


_BROKERAGE = "brokerage:"
Weight = Annotated[
    str, option(Panel.MEASURE, "What weighs a tie: own (what is counted), an attribute, none.", metavar="NAME")
]


def centrality(
    source: Sources,
    measures: Annotated[
        str | None,
        option(
            Panel.MEASURE,
            "Only these measures, such as degree,katz; brokerage:NAME between the groups of a node attribute.",
            metavar="NAME,NAME",
            autocompletion=measure_names,
        ),
    ] = None,
    weight: Weight = "own",
    distance: Annotated[
        str | None,
        option(
            Panel.MEASURE,
            "What is a tie's length: an attribute, or inverse (one over its weight).",
            metavar="NAME",
        ),
    ] = None,
    exact: Annotated[
        bool | None,
        option(Panel.MEASURE, "Betweenness from all sources, or from a sample.", "--exact/--sampled"),
    ] = None,
    engine: EngineAddress = None,
    *,
    choice: NetworkChoice,
    output: OrderedOutput,
) -> None:
    """Measure who holds a network together: one row per node.

    A terminal is shown some measures; a file or --format csv has all that the network can have.
    """
    from chaingraph.metrics import centrality_notes

    if engine is not None:
        exactness = {"--distance": distance, "--exact/--sampled": exact}
        frame = _by_engine(source, engine, measures, weight, choice, exactness)
        output.write(frame.reset_index(), empty=tr("the network has no nodes"))
        return
    names, group = _measures_and_group(measures)
    if names is not None and "betweenness" not in names:
        refuse({"--exact/--sampled": exact}, tr("it is about betweenness, which is not among the measures"))
    network = choice.network_of(source.open())
    columns = names if names is not None or not output.on_screen else short_names(network)
    frame = _centrality_frame(network, columns, weight=weight, distance=distance, exact=exact, group=group)
    if weight == "none" or distance is not None:
        _say_equal_weights(network, weight, distance)
    for note in centrality_notes(frame, exact=tr("--exact computes it from all")):
        say(note)
    if columns != names:
        say(tr("more measures: --format csv gives all, --measures NAME,NAME those named"))
    numbers = [name for name in frame.columns if name != "label"]
    if network.number_of_edges():
        say_equal(frame, numbers, "nodes", instead=tr("another measure, network or filter may tell them apart"))
    output.write(frame.reset_index(), empty=tr("the network has no nodes"))


def _by_engine(
    source: Sources,
    engine: str,
    measures: str | None,
    weight: str,
    choice: NetworkChoice,
    others: dict[str, Any],
) -> pd.DataFrame:
    """Return the measures of a table by an engine, and say how they came about."""
    from chaingraph.engines import table_centrality
    from chaingraph.metrics import centrality_notes

    filters = choice.filters()
    path = engine_source(
        source,
        others
        | {"--only": choice.only or None, "--minimum": choice.minimum, "--level": choice.level}
        | {"--isolates/--no-isolates": choice.isolates},
    )
    with progress(tr("measuring")):
        frame = table_centrality(
            path,
            engine=engine,
            measures=comma_separated(measures),
            network=choice.network or DEFAULT,
            weight=weight,
            at=filters.get("at"),
            between=filters.get("between"),
            roll_up=choice.roll_up,
        )
    say_engine(frame)
    for note in centrality_notes(frame, exact=""):
        say(note)
    return frame


def _measures_and_group(text: str | None) -> tuple[list[str] | None, str | None]:
    """Return the names of measures, and the node attribute between whose groups brokerage is counted.

    Raises:
        UsageError: There are two such attributes, or none is named.
    """
    names = comma_separated(text)
    if names is None:
        return None, None
    groups = [name.removeprefix(_BROKERAGE) for name in names if name.startswith(_BROKERAGE)]
    if len(groups) > 1 or "" in groups:
        message = tr("expected one brokerage:NAME, with the name of a node attribute such as kind")
        raise UsageError(message)
    return [name for name in names if not name.startswith(_BROKERAGE)], next(iter(groups), None)


def _say_equal_weights(network: ArrayNetwork, weight: str, distance: str | None) -> None:
    """Say that all ties weigh the same, where --weight or --distance would otherwise change the table."""
    attribute = distance if distance not in {None, "inverse"} else network.graph.get("weight")
    weights = {1 if value is None else value for value in network.tie_values(attribute)} if attribute else {1}
    if weights == {1}:
        options = " ".join(["--weight none"] * (weight == "none") + [f"--distance {distance}"] * (distance is not None))
        say(tr("all ties weigh 1, so that {options} changes nothing here", options=options))


def comma_separated(text: str | None) -> list[str] | None:
    """Read names separated by commas.

    Raises:
        UsageError: There is none.
    """
    if text is None:
        return None
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        message = tr("expected names of measures separated by commas, such as degree,betweenness")
        raise UsageError(message)
    return names


def short_names(network: ArrayNetwork) -> list[str] | None:
    """Return the measures of a network that a terminal has room for."""
    from chaingraph.metrics.network import registry

    return registry.short_names(registry.network_kind(network)) if len(network) else None


def _centrality_frame(
    network: ArrayNetwork,
    measures: list[str] | None,
    *,
    weight: str,
    distance: str | None,
    exact: bool | None,
    group: str | None,
) -> pd.DataFrame:
    from chaingraph import metrics

    with progress(tr("measuring")) as report:
        return metrics.centrality(
            network,
            measures=measures,
            weight=None if weight == "none" else weight,
            distance=distance,
            exact=exact,
            group=group,
            report=report,
        )
