"""Measures of networks, of tables of counts, of supply chains and of space; what is public stands in ``__init__.pyi``.

A measure lives in the module of its family and is named here; it is imported when it is first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
