"""``chaingraph chain``: one module per question about an industrial chain."""

from __future__ import annotations

from chaingraph.cli.chain.chokepoints import chokepoints
from chaingraph.cli.chain.completeness import completeness
from chaingraph.cli.chain.cycles import cycles
from chaingraph.cli.chain.disruption import disruption
from chaingraph.cli.chain.downstreamness import downstreamness
from chaingraph.cli.chain.map import map
from chaingraph.cli.chain.risk import risk
from chaingraph.cli.chain.upstreamness import upstreamness
from chaingraph.cli.command import add, group

app = group("Draw and measure a chain: who holds it, where it can break, what stops.", no_args_is_help=True)
add(app, map, chokepoints, completeness, upstreamness, downstreamness, risk, disruption, cycles)
