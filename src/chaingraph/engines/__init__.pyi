from ._centrality import centrality as centrality
from ._centrality import table_centrality as table_centrality
from ._connection import Engine as Engine
from ._connection import connect as connect
