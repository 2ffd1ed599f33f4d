"""Every public measure gives for the arrays of a network exactly what it gives for the network in networkx."""

from __future__ import annotations

import dataclasses
import inspect
from functools import cache
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import chaingraph as cg
from chaingraph import layout, metrics, networks
from chaingraph.arrays import Affiliation, Ties, attribute_codes
from chaingraph.resources import SAMPLES, sample

if TYPE_CHECKING:
    from collections.abc import Callable

    from chaingraph.arrays import ArrayNetwork


def takes_network(function: Callable[..., object]) -> bool:
    return any("ArrayNetwork" in str(entry.annotation) for entry in inspect.signature(function).parameters.values())


FUNCTIONS = {
    name: function
    for name in dir(metrics)
    if inspect.isfunction(function := getattr(metrics, name)) and takes_network(function)
}
"""The public measures that take a network."""


def places_of(regions: list[str]) -> pd.DataFrame:
    """Coordinates that no two regions have."""
    degrees = np.arange(len(regions)) / 10
    return pd.DataFrame({"latitude": degrees, "longitude": degrees}, index=pd.Index(regions, dtype=object))


OTHERS: dict[str, Callable[[Any], Any]] = {
    "labels": lambda network: metrics.communities(network, weight=None),
    "attribute": lambda _: "region",
    "group": lambda _: "kind",
    "name": lambda _: "harmonic",
    "stability": lambda network: metrics.rank_stability(network, "degree", draws=3),
    "networks": lambda network: {"one": network},
    "coordinates": lambda network: places_of(attribute_codes(network, "region")[1]),
}
"""What a measure needs beside the network, by the name of the parameter."""

FEW = {"draws": 3, "measure": "degree"}
"""Arguments that save time."""

CASES = [(name, projection) for name in SAMPLES for projection in networks.PROJECTIONS]


@cache
def both_forms(data_set: str, projection: str) -> tuple[nx.Graph[Any], ArrayNetwork]:
    kg = cg.open(sample(data_set))
    function: Any = networks.PROJECTIONS[projection].function
    options = {"newman": True} if "newman" in networks.PROJECTIONS[projection].options else {}
    return function(kg, **options), function(kg, form="arrays", **options)


def result(function: Callable[..., object], network: object, chain: object) -> object:
    """What a measure returns, or the error that it raises; what it needs beside the network is made from this one."""
    parameters = inspect.signature(function).parameters
    try:
        arguments = {
            name: chain if name == "chain" else OTHERS[name](network) if name in OTHERS else network
            for name, parameter in parameters.items()
            if parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD
        }
        few = {name: value for name, value in FEW.items() if name in parameters}
        return function(**arguments, **few)
    except cg.ChaingraphError as error:
        return type(error), str(error)


def assert_same(one: object, other: object) -> None:
    assert type(one) is type(other), (one, other)
    if isinstance(one, pd.DataFrame) and isinstance(other, pd.DataFrame):
        katz = [name for name in one.columns if name == "katz"]
        pd.testing.assert_frame_equal(one.drop(columns=katz), other.drop(columns=katz), check_exact=True)
        pd.testing.assert_frame_equal(one[katz], other[katz], rtol=1e-12, atol=0)
        assert repr(one.attrs) == repr(other.attrs)
    elif isinstance(one, pd.Series) and isinstance(other, pd.Series):
        # The gradients of katz end in other last digits each time, of the same network too.
        exactly: dict[str, Any] = {"rtol": 1e-12, "atol": 0} if one.name == "katz" else {"check_exact": True}
        pd.testing.assert_series_equal(one, other, **exactly)
        assert repr(one.attrs) == repr(other.attrs)
    elif isinstance(one, nx.Graph) and isinstance(other, nx.Graph):
        assert list(one.nodes(data=True)) == list(other.nodes(data=True))
        assert list(one.edges(data=True)) == list(other.edges(data=True))
    elif dataclasses.is_dataclass(one):
        for field in dataclasses.fields(one):
            assert_same(getattr(one, field.name), getattr(other, field.name))
    elif isinstance(one, tuple | list) and isinstance(other, tuple | list):
        assert len(one) == len(other)
        for left, right in zip(one, other, strict=True):
            assert_same(left, right)
    elif isinstance(one, float) and isinstance(other, float):
        assert one == other or (np.isnan(one) and np.isnan(other))
    else:
        assert one == other


def test_the_measures_that_take_networks_are_many_and_none_needs_what_is_not_given_here() -> None:
    assert {"centrality", "structure", "communities", "rank_stability", "two_mode_degree", "gravity"} <= set(FUNCTIONS)
    for function in FUNCTIONS.values():
        for name, parameter in inspect.signature(function).parameters.items():
            is_given = name in OTHERS or "ArrayNetwork" in str(parameter.annotation)
            assert is_given or parameter.default is not parameter.empty or parameter.kind is parameter.VAR_KEYWORD


@pytest.mark.parametrize(("data_set", "projection"), CASES)
def test_the_arrays_are_the_network(data_set: str, projection: str) -> None:
    graph, arrays = both_forms(data_set, projection)
    assert isinstance(arrays, Affiliation | Ties)
    assert (list(arrays), arrays.graph, arrays.is_directed()) == (list(graph), graph.graph, graph.is_directed())
    assert list(arrays.tie_items()) == list(graph.edges(data=True))
    assert_same(graph, arrays.to_networkx())


@pytest.mark.parametrize(("data_set", "projection"), CASES)
def test_every_measure_of_the_arrays_is_that_of_the_network(data_set: str, projection: str) -> None:
    graph, arrays = both_forms(data_set, projection)
    chain_graph, chain_arrays = both_forms(data_set, "chain")
    for name, function in FUNCTIONS.items():
        if "supply" in inspect.signature(function).parameters and projection != "supply":
            continue
        try:
            assert_same(result(function, graph, chain_graph), result(function, arrays, chain_arrays))
        except AssertionError as error:
            message = f"{name} of {projection} of {data_set}"
            raise AssertionError(message) from error


@pytest.mark.parametrize(("data_set", "projection"), CASES)
def test_every_layout_of_the_arrays_is_that_of_the_network(data_set: str, projection: str) -> None:
    graph, arrays = both_forms(data_set, projection)
    for name in ("communities", "chain", "map", "two-mode"):
        answers: list[object] = []
        for network in (graph, arrays):
            try:
                answers.append(layout.arrangement(network, layout=name))
            except cg.NetworkError as error:
                answers.append(str(error))
        assert answers[0] == answers[1]
