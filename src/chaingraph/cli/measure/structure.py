"""``chaingraph measure structure``: a network as a whole."""

from __future__ import annotations

from chaingraph.cli.network_options import NetworkChoice
from chaingraph.cli.options import Sources
from chaingraph.cli.output import Output, progress


def structure(source: Sources, choice: NetworkChoice, output: Output) -> None:
    """Measure a network as a whole: one row per number, with the reason where it is undefined."""
    import pandas as pd

    from chaingraph import metrics

    network = choice.network_of(source.open())
    with progress("describing the network"):
        numbers = metrics.structure(network)
    reasons = numbers.attrs["undefined"]
    rows = [(name, value, reasons.get(name, "")) for name, value in numbers.items()]
    output.write(pd.DataFrame(rows, columns=["what", "value", "undefined"]), empty="the network has no nodes")
