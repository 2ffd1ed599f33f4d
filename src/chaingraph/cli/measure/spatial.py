"""``chaingraph measure spatial``: whether near regions are alike, and how far ties reach."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from chaingraph.cli.command import Panel, option
from chaingraph.cli.measure.crosstab_options import ColumnCounts
from chaingraph.cli.network_options import DEFAULT, NetworkOption, array_projection, check_network, projection
from chaingraph.cli.options import Seed, Sources
from chaingraph.cli.output import OrderedOutput, progress, quantity, say
from chaingraph.errors import MeasureError, UsageError
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    import networkx as nx
    import pandas as pd

    from chaingraph.store import KnowledgeGraph

_NEIGHBOURS = 4
_COLUMNS = ("measure", "of", "value", "expected", "p", "q", "n", "undefined")


def spatial(
    source: Sources,
    neighbours: Annotated[
        int | None,
        option(
            Panel.MEASURE,
            f"How many nearest regions are a region's neighbours; {_NEIGHBOURS} if neither this nor --band is given.",
            metavar="N",
            min=1,
        ),
    ] = None,
    band: Annotated[
        float | None, option(Panel.MEASURE, "Or all regions within so many kilometres are.", metavar="KM", min=0)
    ] = None,
    permutations: Annotated[
        int, option(Panel.MEASURE, "How many random permutations a p-value rests on.", metavar="N", min=1)
    ] = 999,
    seed: Seed = 0,
    network: NetworkOption = None,
    *,
    counts: ColumnCounts,
    output: OrderedOutput,
) -> None:
    """Measure whether near regions have like counts, and how far ties reach.

    Moran's I of the counts by region, of all columns together and of each; the share of ties within a region, against
    chance; and the distances of ties. One row per number, with the reason where it is undefined.
    """
    if neighbours is not None and band is not None:
        message = tr("expected --neighbours or --band, which both say what neighbours are, and got both")
        raise UsageError(message)
    check_network(network)
    graph = source.open()
    with progress(tr("measuring")):
        rows = _of_ties(graph, network or DEFAULT, counts.levels.get("region"), permutations, seed)
        neighbourhood = {"neighbours": neighbours or _NEIGHBOURS} if band is None else {"band": band}
        rows += _of_counts(graph, counts.table(graph), permutations=permutations, seed=seed, **neighbourhood)
    frame = _frame(rows)
    reasons = frame["undefined"].dropna().drop_duplicates().tolist()
    if frame["value"].isna().all():
        raise MeasureError("; ".join(reasons))
    for reason in reasons:
        say(tr("undefined: {reason}", reason=reason))
    say(
        tr(
            "p of morans_i: chance of an index as far from expected under random permutations, q: "
            "the same after Benjamini-Hochberg; p of within_group_share: chance of so many ties "
            "within regions or more; n: their number"
        )
    )
    output.write(frame, empty=tr("there is nothing to measure"))


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd
    from scipy.stats import false_discovery_control

    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    frame = frame.astype(dict.fromkeys(("value", "expected", "p", "q"), "float64") | {"n": "Int64"})
    tested = (frame["measure"] == "morans_i") & frame["p"].notna()
    if tested.any():
        frame.loc[tested, "q"] = false_discovery_control(frame.loc[tested, "p"])
    return frame


def _row(measure: str, of: str, values: Callable[[], dict[str, float]]) -> dict[str, Any]:
    """Return a row of the table: the values of a measure, or why it has none."""
    try:
        return {"measure": measure, "of": of, **values()}
    except (MeasureError, UsageError) as error:
        return {"measure": measure, "of": of, "undefined": str(error)}


def _of_counts(graph: KnowledgeGraph, table: pd.DataFrame, **settings: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return Moran's I of the sums over all columns and of each column; regions without coordinates are left out."""
    from chaingraph.metrics import morans_i

    places = _coordinates(graph, table)
    without = len(table) - len(places)
    if without:
        say(tr("{regions} of Moran's I", regions=quantity(without, "regions have no coordinates and are left out")))
    table = table.loc[places.index]
    islands: set[str] = set()

    def values(numbers: pd.Series[float]) -> dict[str, float]:
        if places.empty:
            reason = tr(
                "no region has coordinates, of its own, of its organizations or by its name in the gazetteer; fill the "
                "columns latitude, longitude"
            )
            raise MeasureError(reason, measure="morans_i")
        result = morans_i(numbers, places, **settings)
        islands.update(result.attrs["islands"])
        return {"value": result["I"], "expected": result["expected"], "p": result["p_permutation"], "n": result["n"]}

    columns = {"all": table.sum(axis=1), **{str(name): numbers for name, numbers in table.items()}}
    rows = [_row("morans_i", name, partial(values, numbers)) for name, numbers in columns.items()]
    if islands:
        say(tr("{regions} of Moran's I", regions=quantity(len(islands), "regions have no neighbour and are left out")))
    return [rows[0], *sorted(rows[1:], key=lambda row: (row.get("p", 2.0), -row.get("value", 0.0)))]


def _coordinates(graph: KnowledgeGraph, table: pd.DataFrame) -> pd.DataFrame:
    """Return latitude and longitude of the rows of a crosstab by region that have any, in its order."""
    import pandas as pd

    from chaingraph.queries.nodes import NodeReader
    from chaingraph.queries.places import region_places
    from chaingraph.vocabulary import short_name

    places = {short_name(iri): degrees for iri, *degrees, _ in region_places(NodeReader(graph)).iter_rows()}
    rows = {name: places[iri] for name, iri in table.attrs["iris"][table.index.name].items() if iri in places}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["latitude", "longitude"]).reindex(
        [name for name in table.index if name in rows]
    )


def _of_ties(graph: KnowledgeGraph, name: str, level: int | None, permutations: int, seed: int) -> list[dict[str, Any]]:
    """Return the share of ties within a region, and how far they reach."""
    from chaingraph.metrics import collaboration_distance, within_group_share

    # The regions at a level are put on a copy of the nodes.
    network = array_projection(graph, name) if level is None else _at_level(graph, projection(graph, name), level)

    def inside() -> dict[str, float]:
        share = within_group_share(network, draws=permutations, seed=seed)
        return {"value": share["share"], "expected": share["expected"], "p": share["p_greater"], "n": share["ties"]}

    def kilometres(statistic: str) -> dict[str, float]:
        distance = collaboration_distance(network)
        return {"value": distance[statistic], "n": distance["ties"] - distance["no_coordinates"]}

    return [
        _row("within_group_share", name, inside),
        *(_row(statistic, name, partial(kilometres, statistic)) for statistic in ("mean_km", "median_km")),
    ]


def _at_level(graph: KnowledgeGraph, network: nx.Graph[Any], level: int) -> nx.Graph[Any]:
    """Return a network whose nodes have the regions at a level of the hierarchy."""
    from chaingraph.queries.hierarchy import at_level
    from chaingraph.queries.nodes import NodeReader
    from chaingraph.vocabulary import short_name

    reader = NodeReader(graph)
    regions = dict(at_level(reader, "Region", level).iter_rows())
    names: dict[str, set[str]] = {}
    for node, region in reader.pairs("cg:region").iter_rows():
        if region in regions:
            names.setdefault(short_name(node), set()).add(short_name(regions[region]))
    copy = network.copy()
    for node, attributes in copy.nodes(data=True):
        attributes.pop("region", None)
        if node in names:
            attributes["region"] = "; ".join(sorted(names[node]))
    return copy
