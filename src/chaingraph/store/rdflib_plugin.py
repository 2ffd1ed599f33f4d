"""The store that rdflib finds under the name ``chaingraph``: a built store, opened read-only where it lies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from oxrdflib import OxigraphStore
from rdflib.store import VALID_STORE

from chaingraph.messages import tr
from chaingraph.store.versions import open_version

if TYPE_CHECKING:
    from chaingraph.store.versions import StoreVersion


class ChaingraphStore(OxigraphStore):
    """A store for ``rdflib.Graph(store="chaingraph")``, opened with the path of a .kg folder.

    Its triples are in the graph ``rdflib.graph.DATASET_DEFAULT_GRAPH_ID``, which is the identifier to give.
    """

    version: StoreVersion | None = None

    def open(self, configuration: str | tuple[str, str], create: bool = False) -> int | None:
        """Open a built store.

        Args:
            configuration: The path of the store.
            create: Refused: a store is made by ``chaingraph build``.

        Raises:
            UnreadableError: There is no built store that can be opened.
            ValueError: ``create`` is true.
        """
        if create:
            message = tr("a store is made by 'chaingraph build SOURCE -o graph.kg'; open it with create=False")
            raise ValueError(message)
        self.version = open_version(Path(str(configuration)))
        self._store = self.version.database()
        return int(VALID_STORE)
