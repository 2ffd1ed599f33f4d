"""``KnowledgeGraph``, and what is stored on disk; each name is imported from its module when it is first used.

So a server, which needs to know of versions of a store only, loads nothing of what builds one.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
