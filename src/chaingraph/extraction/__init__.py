"""From documents to candidate rows with their words: lists and tables first, then prose; a person decides on each.

:func:`read` proposes, :func:`accept` writes what was accepted; everything is deterministic and offline.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
