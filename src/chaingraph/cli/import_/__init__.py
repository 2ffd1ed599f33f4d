"""``chaingraph import``: other people's data become data set folders."""

from __future__ import annotations

from chaingraph.cli.command import add, group
from chaingraph.cli.import_.cordis import cordis
from chaingraph.cli.import_.registers import facilities, openalex, ownership, ror

app = group("Make a data set folder of another's download.", no_args_is_help=True)

add(app, cordis, ownership, ror, openalex, facilities)
