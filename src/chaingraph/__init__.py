"""Knowledge graphs of industrial-chain innovation networks.

Tables of facts become an RDF graph in which every statement leads to the words that state it; the graph is queried
with SPARQL, measured with networkx and drawn as one HTML file::

    import chaingraph as cg

    kg = cg.open("graph/jiangsu-2022")
    kg.query("SELECT ?c ?n WHERE { ?c a cg:Consortium ; rdfs:label ?n }")
    net = cg.co_membership(kg)
    cg.centrality(net)
    cg.page(net).save("network.html")

The names that are used daily are here; every network is in ``cg.networks``, every measure of a network or of a table of
counts in ``cg.metrics``, every table made from a graph in ``cg.indicators``. The public names are listed in
``__init__.pyi``; each is imported from its module when it is first used, so that importing chaingraph is quick.
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
