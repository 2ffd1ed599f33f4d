from ._centrality import centrality as centrality
from ._centrality import table_centrality as table_centrality
from ._connection import Engine as Engine
from ._connection import connect as connect
from ._crosstab import co_occurrence as co_occurrence
from ._crosstab import crosstab as crosstab
from ._crosstab import table_crosstab as table_crosstab
from ._parts import build_parts as build_parts
