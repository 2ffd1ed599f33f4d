"""The reader at a page, as the tests of the network's page have it."""

from tests.webpage.conftest import browser, reader

__all__ = ["browser", "reader"]
