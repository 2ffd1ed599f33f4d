"""``chaingraph import``: other people's data become data set folders."""

from __future__ import annotations

from chaingraph.cli.command import add, group
from chaingraph.cli.import_.cordis import cordis

app = group("Make a data set folder of another's download.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep the name of the source in the command even while there is one source only."""


add(app, cordis)
