"""``chaingraph chain``: one module per question about an industrial chain."""

from __future__ import annotations

from chaingraph.cli.chain.chokepoints import chokepoints
from chaingraph.cli.chain.completeness import completeness
from chaingraph.cli.chain.cycles import cycles
from chaingraph.cli.chain.disruption import disruption
from chaingraph.cli.chain.downstreamness import downstreamness
from chaingraph.cli.chain.risk import risk
from chaingraph.cli.chain.upstreamness import upstreamness
from chaingraph.cli.command import add, group

app = group("Measure a chain: where it can break, who holds it, what stops.", no_args_is_help=True)
add(app, chokepoints, completeness, upstreamness, downstreamness, risk, disruption, cycles)
