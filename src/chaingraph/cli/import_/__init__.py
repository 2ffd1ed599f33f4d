"""``chaingraph import``: other people's data, and rosters as kept, become data set folders."""

from __future__ import annotations

from chaingraph.cli.command import add, group
from chaingraph.cli.import_.cordis import cordis
from chaingraph.cli.import_.registers import facilities, openalex, ownership, package, ror
from chaingraph.cli.import_.roster import roster

app = group("Make a data set folder of another's download, or of rosters as kept.", no_args_is_help=True)

add(app, roster, cordis, ownership, ror, openalex, facilities, package)
