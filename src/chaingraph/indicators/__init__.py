"""Tables computed from a graph: counts by attribute, coverage, completeness, consortia, scorecard.

What is public is listed in ``__init__.pyi``; each name is imported from its module when it is first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
