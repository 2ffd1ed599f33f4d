"""networkx graph -> one HTML file: the only importer of pyvis."""

from chaingraph.html.page import Page, page

__all__ = ["Page", "page"]
