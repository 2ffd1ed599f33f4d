"""The gravity model: how many ties between two regions their sizes and distance let expect (extra ``spatial``)."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd

from chaingraph.arrays import ArrayNetwork, node_values, tie_ends, tie_items
from chaingraph.errors import MeasureError
from chaingraph.messages import tr
from chaingraph.metrics.spatial._neighbours import Values, extra, region_coordinates
from chaingraph.metrics.spatial.distance import great_circle

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MEASURE = "gravity"


def gravity(
    ties: pd.DataFrame | nx.Graph[Any] | ArrayNetwork,
    coordinates: pd.DataFrame,
    masses: pd.Series[float] | None = None,
    *,
    directed: bool = False,
    region: str = "region",
) -> pd.DataFrame:
    """Return a Poisson model of the ties between every two regions: a baseline for who works with whom.

    ties ~ exp(a + b log(mass_i mass_j) + d log(distance_ij)) over all unordered pairs, those without ties included;
    directed, over all ordered pairs and with a coefficient each for the mass of source and target. Poisson
    pseudo-maximum likelihood with robust standard errors (HC1; Santos Silva and Tenreyro 2006, Rev. Econ. Stat. 88:
    641-658). The errors take pairs as independent, though pairs share regions: read them as the least.

    Args:
        ties: A frame with columns source, target and ties, regions by name, or a network whose ties are counted by the
            regions of their ends, each once. Pairs that are named twice are summed.
        coordinates: Columns latitude and longitude, by region.
        masses: A number above 0 per region, which also says what the regions are; for a network its nodes by default.
        directed: Tell source from target.
        region: The node attribute that names the region.

    Returns:
        One row per term (constant, log_mass or log_mass_source and log_mass_target, log_distance): coefficient,
        standard_error, z and p. ``attrs``: ``pseudo_r2`` (McFadden 1974), ``n`` pairs, ``zeros`` among them,
        ``dispersion`` (Pearson chi-square over its degrees of freedom; 1 if truly Poisson), ``within_region`` ties left
        out since their two ends are one region, ``no_region`` ties of a network of which an end has none.

    Raises:
        MeasureError: A region has no coordinates or no mass, two have the same place, there are no ties, or masses or
            distances do not vary, so that the coefficients do not exist.
        UsageError: The extra is not installed.
    """
    flows, no_region = (ties, 0) if isinstance(ties, pd.DataFrame) else _aggregated(ties, region, directed=directed)
    mass = _masses(_sizes(ties, region) if masses is None else masses)
    counts, within_region = _square(flows, mass.index, directed=directed)
    size = len(mass)
    first, second = np.nonzero(~np.eye(size, dtype=bool)) if directed else np.triu_indices(size, 1)
    distance = _distances(coordinates, mass.index, (first, second))
    log = np.log(mass.to_numpy())
    terms = {"constant": np.ones(len(first))}
    if directed:
        terms |= {"log_mass_source": log[first], "log_mass_target": log[second]}
    else:
        terms["log_mass"] = log[first] + log[second]
    terms["log_distance"] = np.log(distance)
    frame = _fitted(counts[first, second], terms)
    frame.attrs |= {"within_region": within_region, "no_region": no_region}
    return frame


def _distances(coordinates: pd.DataFrame, regions: pd.Index[Any], pairs: tuple[NDArray[Any], NDArray[Any]]) -> Values:
    latitude, longitude = region_coordinates(coordinates, regions, _MEASURE)
    first, second = pairs
    distance = great_circle(latitude[first], longitude[first], latitude[second], longitude[second])
    if (distance == 0).any():
        pair = np.flatnonzero(distance == 0)[0]
        reason = tr("they have the same coordinates, and a distance of 0 has no logarithm; merge them or correct one")
        place = f"rows '{regions[first[pair]]}', '{regions[second[pair]]}'"
        raise MeasureError(reason, measure=_MEASURE, place=place)
    return np.asarray(distance, dtype=np.float64)


def _aggregated(network: nx.Graph[Any] | ArrayNetwork, region: str, *, directed: bool) -> tuple[pd.DataFrame, int]:
    """Count a network's ties by the regions of their ends, and the ties of which an end has no region."""
    labels = np.array(node_values(network, region), dtype=object)
    if directed:
        position = {node: index for index, node in enumerate(network)}
        edges = sorted({(position[u], position[v]) for u, v, _ in tie_items(network) if u != v})
        first, second = np.array(edges, dtype=np.int64).reshape(-1, 2).T
    else:
        first, second = tie_ends(network)
    flows = pd.DataFrame({"source": labels[first], "target": labels[second], "ties": 1.0})
    complete = flows["source"].notna() & flows["target"].notna()
    return flows[complete], int((~complete).sum())


def _sizes(ties: pd.DataFrame | nx.Graph[Any] | ArrayNetwork, region: str) -> pd.Series[float]:
    """Count a network's nodes by region."""
    if isinstance(ties, pd.DataFrame):
        reason = tr("a frame of ties does not tell the size of the regions; give masses= by region")
        raise MeasureError(reason, measure=_MEASURE)
    labels = [value for value in node_values(ties, region) if value is not None]
    return pd.Series(labels, dtype=object).value_counts().sort_index().astype(float)


def _masses(masses: pd.Series[float]) -> pd.Series[float]:
    mass = masses.astype(np.float64)
    if not mass.index.is_unique:
        reason = tr("the region has two masses; give one")
        raise MeasureError(reason, measure=_MEASURE, place=f"row '{mass.index[mass.index.duplicated()][0]}'")
    wrong = ~((mass > 0) & (mass < np.inf))
    if wrong.any():
        reason = tr(
            "the mass is {mass:g}, and only one above 0 has a logarithm; leave the region out", mass=mass[wrong].iloc[0]
        )
        raise MeasureError(reason, measure=_MEASURE, place=f"row '{mass.index[wrong][0]}'")
    return mass


def _square(flows: pd.DataFrame, regions: pd.Index[Any], *, directed: bool) -> tuple[Values, float]:
    """Return the ties of every two regions as a square, both triangles alike unless directed, and those within one."""
    missing = [name for name in ("source", "target", "ties") if name not in flows]
    if missing:
        reason = tr("the ties have no column '{missing}'; give source, target and ties", missing=missing[0])
        raise MeasureError(reason, measure=_MEASURE)
    ends: list[NDArray[Any]] = []
    for name in ("source", "target"):
        position = regions.get_indexer(pd.Index(flows[name]))
        if (position < 0).any():
            reason = tr("ties name the region, but it has no mass; give it one, or leave its ties out")
            raise MeasureError(reason, measure=_MEASURE, place=f"row '{flows[name].iloc[int(np.argmin(position))]}'")
        ends.append(position)
    values = flows["ties"].to_numpy(dtype=np.float64)
    if not ((values >= 0) & (values < np.inf)).all():
        wrong = int(np.flatnonzero(~((values >= 0) & (values < np.inf)))[0])
        reason = tr("the number of ties is {values:g}, expected one of at least 0", values=values[wrong])
        raise MeasureError(reason, measure=_MEASURE, place=f"row '{flows.index[wrong]}'")
    square = np.zeros((len(regions), len(regions)))
    np.add.at(square, (ends[0], ends[1]), values)
    within_region = float(np.trace(square))
    return (square if directed else square + square.T), within_region


def _fitted(counts: Values, terms: dict[str, Values]) -> pd.DataFrame:
    if not counts.any():
        reason = tr("there are no ties between two regions, so that nothing can be fitted; choose another network")
        raise MeasureError(reason, measure=_MEASURE)
    design = np.column_stack(list(terms.values()))
    if len(design) <= len(terms) or np.linalg.matrix_rank(design) < len(terms):
        reason = tr(
            "{count} pairs do not tell {terms} apart: too few regions, or masses or distances that "
            "do not vary; add regions",
            count=len(design),
            terms=", ".join(terms),
        )
        raise MeasureError(reason, measure=_MEASURE)
    api, exceptions = extra("statsmodels.api"), extra("statsmodels.tools.sm_exceptions")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", exceptions.ConvergenceWarning)
        warnings.simplefilter("ignore", exceptions.PerfectSeparationWarning)
        fit = api.GLM(counts, design, family=api.families.Poisson()).fit(cov_type="HC1")
    if not fit.converged:
        reason = tr("the model does not converge: some regions have all ties or none; add regions or years")
        raise MeasureError(reason, measure=_MEASURE)
    frame = pd.DataFrame(
        {"coefficient": fit.params, "standard_error": fit.bse, "z": fit.tvalues, "p": fit.pvalues},
        index=pd.Index(list(terms), name="term"),
    )
    frame.attrs = {
        "pseudo_r2": float(1 - fit.llf / fit.llnull),
        "n": len(counts),
        "zeros": int((counts == 0).sum()),
        "dispersion": float(fit.pearson_chi2 / fit.df_resid),
    }
    return frame
