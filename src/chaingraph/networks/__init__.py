"""Networks of a graph's nodes, one function each, named for what ties them; :data:`PROJECTIONS` lists them.

Each takes flat rows from the graph, makes integer arrays and sparse matrices of them, and returns a frozen networkx
graph (``.copy()`` is editable). Nodes are short names of IRIs and have the attributes that
:class:`chaingraph.queries.nodes.NodeReader` lists; isolates stay unless ``isolates=False``. Every attribute of the
network, its nodes and its ties is a text, a number or a truth value, so that every writer of networkx takes it:

- ``network.graph["name"]`` and ``["name_zh"]``: what the network is;
- ``network.graph["weight"]``: the edge attribute that counts;
- ``network.graph["undated"]``: how many rows without a date were kept, where a period is asked for;
- ``network.graph["joined"]``: how many organizations stand as their parents, in a graph of :func:`chaingraph.roll_up`;
- ``network.graph["datasets"]``, ``["left_out"]`` and ``["quotes"]``: JSON text, which the functions of
  :mod:`chaingraph.provenance` read.

The filters that networks take are those of :class:`chaingraph.queries.filters.Selection`. What is public is listed in
``__init__.pyi``; each name is imported from its module when it is first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
