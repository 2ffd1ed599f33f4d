"""networkx graph -> one HTML file: the only importer of pyvis."""

from chaingraph.webpage.document import Page
from chaingraph.webpage.rendering import page

__all__ = ["Page", "page"]
