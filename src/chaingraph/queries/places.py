"""Where things are: their own coordinates, those of a site, or the place of their region."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import networkx as nx
import polars as pl

from chaingraph.geography.gazetteer import gazetteer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chaingraph.geography.gazetteer import Place
    from chaingraph.queries.nodes import NodeReader

SITES = "SELECT ?s ?o { ?s a cg:Site ; cg:organization ?o }"
SITE_KINDS = "SELECT ?s ?o { ?s a cg:Site ; cg:kind ?kind . ?kind skos:notation ?o }"
REGION_CODES = "SELECT ?s ?o { ?s a cg:Region ; cg:code ?o }"
ALIASES = "SELECT ?s ?o { ?s skos:altLabel ?o }"
_SCHEMA = {"s": pl.String, "latitude": pl.Float64, "longitude": pl.Float64, "place": pl.String}


class RegionPlaces(NamedTuple):
    """The places of regions, as `region_places` has them, and of all that have one at least above them."""

    own: pl.DataFrame
    own_or_above: pl.DataFrame


def places_of_regions(reader: NodeReader) -> RegionPlaces:
    """Return the places of the regions of a graph; `NodeReader.region_places` has them once for all classes."""
    of_gazetteer = gazetteer_regions(reader)
    of_regions = region_places(reader, of_gazetteer)
    return RegionPlaces(of_regions, _with_regions_above(reader, of_regions, of_gazetteer))


def coordinates(reader: NodeReader) -> pl.DataFrame:
    """Return what has coordinates of its own: columns s, latitude, longitude."""
    latitude, longitude = (
        reader.pairs(f"cg:{name}").select("s", pl.col("o").cast(pl.Float64, strict=False).alias(name))
        for name in ("latitude", "longitude")
    )
    both = (
        latitude.sort("s", "latitude")
        .unique("s", keep="last")
        .join(longitude.sort("s", "longitude").unique("s", keep="last"), on="s")
    )
    return both.drop_nulls()


def region_places(reader: NodeReader, of_gazetteer: Mapping[str, Place] | None = None) -> pl.DataFrame:
    """Return the places of regions: columns s, latitude, longitude and place, which says where the place is from.

    ``place`` is null where the region has coordinates of its own, ``organizations`` where they are the mean of the
    organizations in it or within it, and ``gazetteer`` where its name or code is exactly that of one region of the
    gazetteer. A region without any of these is left out.

    Args:
        reader: The nodes of the graph.
        of_gazetteer: What :func:`gazetteer_regions` returns, if it is at hand.
    """
    of_gazetteer = gazetteer_regions(reader) if of_gazetteer is None else of_gazetteer
    own = coordinates(reader)
    regions = reader.instances("Region")
    located = reader.pairs("cg:region").join(reader.instances("Organization"), on="s", how="semi")
    located = located.join(own, on="s").select(pl.col("o").alias("s"), "latitude", "longitude")
    means = _means_upward(located, reader.pairs("cg:within"))
    parts = [own.join(regions, on="s", how="semi").with_columns(pl.lit(None, pl.String).alias("place"))]
    for source, place in ((means, "organizations"), (_of_gazetteer(of_gazetteer), "gazetteer")):
        rest = source.join(regions, on="s", how="semi").with_columns(pl.lit(place).alias("place"))
        for part in parts:
            rest = rest.join(part, on="s", how="anti")
        parts.append(rest)
    return pl.concat(parts).sort("s")


def gazetteer_regions(reader: NodeReader) -> dict[str, Place]:
    """Return the region of the gazetteer that each region of the graph is, by IRI, for those that are exactly one.

    A region's names, aliases and codes count. Where the region that it lies within is of the gazetteer too, namesakes
    elsewhere do not.
    """
    instances = reader.instances("Region")
    regions = set(instances["s"])
    names: dict[str, list[str]] = defaultdict(list)
    labels = reader.labels().join(instances, on="s", how="semi")
    for column in ("label_zh", "label_en", "label"):
        for iri, name in labels.select("s", column).drop_nulls().iter_rows():
            names[iri].append(name)
    for iri, name in reader.select(ALIASES).drop_nulls().join(instances, on="s", how="semi").iter_rows():
        names[iri].append(name)
    codes: dict[str, list[str]] = defaultdict(list)
    for iri, code in reader.select(REGION_CODES).drop_nulls().iter_rows():
        codes[iri].append(code)
    tree: nx.DiGraph[str] = nx.DiGraph()
    tree.add_nodes_from(regions)
    tree.add_edges_from(reader.pairs("cg:within").iter_rows())
    places: dict[str, Place] = {}
    # Regions above come first, however deep the hierarchy is; those of a circle are above each other, and above none.
    groups = nx.condensation(tree)
    for group in reversed(list(nx.topological_sort(groups))):
        members = groups.nodes[group]["members"]
        for iri in sorted(members & regions):
            above = {places[one] for one in tree.successors(iri) if one in places and one not in members}
            place = gazetteer().region(names[iri], codes[iri], within=above.pop() if len(above) == 1 else None)
            if place:
                places[iri] = place
    return places


def nearest_gazetteer_regions(reader: NodeReader) -> dict[str, Place]:
    """Return for each region of the graph, by IRI, that of the gazetteer, else of the nearest above that has one."""
    places = gazetteer_regions(reader)
    within: Mapping[str, str] = dict(reader.pairs("cg:within").sort("s", "o").iter_rows())
    for iri in reader.instances("Region")["s"]:
        way: dict[str, None] = {}
        one = iri
        while one not in places and one not in way and one in within:
            way[one] = None
            one = within[one]
        if one in places:
            places |= dict.fromkeys(way, places[one])
    return places


def node_places(reader: NodeReader, class_name: str) -> pl.DataFrame:
    """Return where the things of a class are: columns s, latitude, longitude and place, as of :func:`region_places`.

    A thing that is no region has its own coordinates (``place`` is null), else those of its headquarters or only site
    (``site``), else the place of its region or of its only site's region (``region``), else that of the nearest region
    above that has one (``region above``).
    """
    if class_name == "Region":
        return reader.region_places.own
    nodes = reader.instances(class_name)
    own = coordinates(reader)
    located = reader.region_places.own_or_above
    parts = [own.join(nodes, on="s", how="semi").with_columns(pl.lit(None, pl.String).alias("place"))]
    sites = _sites(reader) if class_name == "Organization" else pl.DataFrame(schema={"s": pl.String, "o": pl.String})
    parts.append(
        _only(sites.rename({"o": "site"}).join(own, left_on="site", right_on="s")).with_columns(place=pl.lit("site"))
    )
    regions = reader.pairs("cg:region")
    parts.append(_last(regions.join(nodes, on="s", how="semi").join(located, left_on="o", right_on="s")))
    of_sites = sites.join(regions, left_on="o", right_on="s").select("s", pl.col("o_right").alias("o"))
    parts.append(_only(of_sites.join(located, left_on="o", right_on="s")))
    columns = list(_SCHEMA)
    return pl.concat([part.select(columns) for part in parts]).unique("s", keep="first", maintain_order=True)


def _last(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.sort("s", "o").unique("s", keep="last", maintain_order=True)


def _only(rows: pl.DataFrame) -> pl.DataFrame:
    """The place of each thing that has one alone: of two, neither stands for it."""
    unique = rows.select(name for name in _SCHEMA if name in rows.columns).unique()
    return unique.filter(pl.col("s").is_unique()).sort("s")


def _sites(reader: NodeReader) -> pl.DataFrame:
    """The headquarters of each organization, else all its sites: columns s and o."""
    sites = reader.select(SITES).select(pl.col("o").alias("s"), pl.col("s").alias("o"))
    kinds = reader.select(SITE_KINDS).filter(pl.col("o") == "headquarters")
    headquarters = sites.join(kinds.select("s"), left_on="o", right_on="s", how="semi")
    return pl.concat([headquarters, sites.join(headquarters, on="s", how="anti")])


def _with_regions_above(
    reader: NodeReader, of_regions: pl.DataFrame, of_gazetteer: Mapping[str, Place]
) -> pl.DataFrame:
    """The place of each region, else of the nearest above: columns s, latitude, longitude, place."""
    places = {iri: (north, east) for iri, north, east, _ in of_regions.iter_rows()}
    rows = [(iri, *degrees, "region") for iri, degrees in places.items()]
    for iri, place in of_gazetteer.items():
        above = gazetteer().located(place)
        if iri not in places and above and above.latitude is not None and above.longitude is not None:
            places[iri] = above.latitude, above.longitude
            rows.append((iri, above.latitude, above.longitude, "region above"))
    within: Mapping[str, str] = dict(reader.pairs("cg:within").sort("s", "o").iter_rows())
    nearest: dict[str, str] = {iri: iri for iri in places}
    for iri in reader.instances("Region")["s"]:
        way: dict[str, None] = {}
        one = iri
        while one not in nearest and one not in way and one in within:
            way[one] = None
            one = within[one]
        nearest |= dict.fromkeys(way, nearest.get(one, ""))
        if way and nearest[iri]:
            rows.append((iri, *places[nearest[iri]], "region above"))
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row").unique("s", keep="first")


def _of_gazetteer(of_gazetteer: Mapping[str, Place]) -> pl.DataFrame:
    rows = [(iri, place.latitude, place.longitude) for iri, place in of_gazetteer.items() if place.latitude is not None]
    return pl.DataFrame(rows, schema={name: _SCHEMA[name] for name in ("s", "latitude", "longitude")}, orient="row")


def _means_upward(located: pl.DataFrame, within: pl.DataFrame) -> pl.DataFrame:
    """Return the mean place of what is in each region or within it: columns s, latitude, longitude.

    Args:
        located: By region (column s) the place of each thing that is in it: latitude, longitude.
        within: Each region (column s) with those that it lies within (column o).

    A thing counts for its region and for every region above, once per way that leads there; regions of a circle count
    as one. Each region is looked at once, however deep it lies.
    """
    tree: nx.DiGraph[str] = nx.DiGraph()
    tree.add_nodes_from(located["s"].unique(maintain_order=True).to_list())
    tree.add_edges_from(within.iter_rows())
    groups = nx.condensation(tree)
    group_of = groups.graph["mapping"]
    # Counts are exact integers: the ways through many regions that lie in several multiply beyond what a float holds.
    places: dict[int, list[tuple[int, float, float]]] = defaultdict(list)
    for region, latitude, longitude in located.iter_rows():
        places[group_of[region]].append((1, latitude, longitude))
    rows = []
    for group in nx.topological_sort(groups):
        total = sum(count for count, _, _ in places[group])
        if not total:
            continue
        latitude = math.fsum(count / total * latitude for count, latitude, _ in places[group])
        longitude = math.fsum(count / total * longitude for count, _, longitude in places[group])
        rows += [(region, latitude, longitude) for region in groups.nodes[group]["members"]]
        for above in groups.successors(group):
            places[above].append((total, latitude, longitude))
    schema = {"s": pl.String, "latitude": pl.Float64, "longitude": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")
