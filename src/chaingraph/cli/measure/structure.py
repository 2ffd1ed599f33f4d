"""``chaingraph measure structure``: a network as a whole."""

from __future__ import annotations

from chaingraph.cli.network_options import NetworkChoice
from chaingraph.cli.options import Sources
from chaingraph.cli.output import Output, progress
from chaingraph.messages import tr


def structure(source: Sources, choice: NetworkChoice, output: Output) -> None:
    """Measure a network as a whole: one row per number, the part it holds for, and the reason where it is undefined."""
    import pandas as pd

    from chaingraph import metrics

    network = choice.network_of(source.open())
    with progress(tr("describing the network")):
        numbers = metrics.structure(network)
    reasons, parts = numbers.attrs["undefined"], numbers.attrs["holds_for"]
    rows = [(name, value, parts.get(name, ""), reasons.get(name, "")) for name, value in numbers.items()]
    frame = pd.DataFrame(rows, columns=["what", "value", "holds_for", "undefined"])
    output.write(frame, empty=tr("the network has no nodes"))
