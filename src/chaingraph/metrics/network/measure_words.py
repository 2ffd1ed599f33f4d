"""What measures, their ranks and the bounds of these are called; knows no kernel, so that a page loads none for it."""

from __future__ import annotations

from chaingraph.languages import words

RANK_SUFFIXES = ("_rank", "_rank_interval")
"""What follows the name of a measure in the attributes that hold its rank and the bounds of the rank."""


def attribute_labels() -> dict[str, dict[str, str]]:
    """Return the names, in both languages, of the node attributes that hold a measure, its rank or the rank's bounds.

    >>> attribute_labels()["harmonic_rank"]["en"]
    'rank by harmonic closeness'
    """
    texts = words("chaingraph.metrics")
    labels: dict[str, dict[str, str]] = dict(texts["measures"])
    for name, label in texts["measures"].items():
        for suffix in RANK_SUFFIXES:
            template = texts[suffix.removeprefix("_")]
            labels[name + suffix] = {language: template[language].format(measure=label[language]) for language in label}
    return labels
