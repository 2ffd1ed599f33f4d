"""networkx graph -> one HTML file: the only importer of pyvis."""

from chaingraph.webpage.rendering import Page, page

__all__ = ["Page", "page"]
