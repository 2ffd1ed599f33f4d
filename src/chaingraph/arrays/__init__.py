"""Networks as arrays, and the sparse matrices of networks in either form, which all measures are computed from.

:class:`Affiliation` has memberships, the names of members and events, and attributes as one frame; networkx is made of
it for pages, export and users who ask. What is public stands in ``__init__.pyi``; each name is imported from its module
when it is first used, so that a measure of a networkx graph loads no reader of tables.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
