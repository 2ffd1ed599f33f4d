"""``chaingraph measure``: one module per measure."""

from __future__ import annotations

from chaingraph.cli.command import add, group
from chaingraph.cli.measure.agglomeration import agglomeration
from chaingraph.cli.measure.centrality import centrality
from chaingraph.cli.measure.communities import communities
from chaingraph.cli.measure.complexity import complexity
from chaingraph.cli.measure.consortia import consortia
from chaingraph.cli.measure.coverage import coverage
from chaingraph.cli.measure.crosstab import crosstab
from chaingraph.cli.measure.map import map
from chaingraph.cli.measure.scorecard import scorecard
from chaingraph.cli.measure.spatial import spatial
from chaingraph.cli.measure.stability import stability
from chaingraph.cli.measure.structure import structure

app = group("Measure: who is central, what gathers where, what is known.", no_args_is_help=True)
add(
    app,
    centrality,
    stability,
    communities,
    structure,
    crosstab,
    agglomeration,
    complexity,
    spatial,
    coverage,
    consortia,
    scorecard,
    map,
)
