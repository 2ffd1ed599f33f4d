"""Strategies for terms of RDF: all IRIs and texts that a graph may hold, the odd ones more often than real graphs."""

from __future__ import annotations

import pyoxigraph as ox
from hypothesis import strategies as st

_ODD = ",;'()&@!$*+=:/?%E4~-_.\u200f\u202e甲é𝒳"
_CHARACTERS = st.one_of(
    st.sampled_from(_ODD.replace("%E4", "")),
    st.just("%E4"),
    st.characters(codec="utf-8", categories=["L", "Nd", "Mn"]),
)
IRIS = st.lists(_CHARACTERS, max_size=6).map(lambda parts: "http://e/" + "".join(parts))
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.text(st.sampled_from(" ,;\"'\\\t\r\n\u2028\u200f\x1b=+-@甲<>|"), max_size=8),
)
_DECIMAL = ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
LITERALS = st.one_of(
    TEXTS.map(ox.Literal),
    TEXTS.map(lambda text: ox.Literal(text, language="zh-Hant")),
    TEXTS.map(lambda text: ox.Literal(text, datatype=ox.NamedNode("http://e/,type"))),
    st.sampled_from(["1", "-1.5", "1e6", "true", "x"]).map(lambda text: ox.Literal(text, datatype=_DECIMAL)),
)
TERMS = st.one_of(IRIS.map(ox.NamedNode), LITERALS)
