"""Measures of affiliation tables that are larger than one machine's memory, or lie on a cluster: as SQL, in an engine.

The statements stand in ``sql/`` and run unchanged in DuckDB, Spark and Sail. What is public is listed in
``__init__.pyi``; each name is imported from its module when it is first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
