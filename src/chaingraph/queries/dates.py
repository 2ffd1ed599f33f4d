"""Dates that people write, a year, a month or a day, as the days between which they lie."""

from __future__ import annotations

import re
from calendar import monthrange

from chaingraph.errors import UsageError, excerpt
from chaingraph.messages import tr

_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def days(text: str) -> tuple[str, str]:
    """Return the first and last day that a year, month or day names, as ISO text, which sorts as dates do.

    Raises:
        UsageError: The text is no such date.

    >>> days("2024-02")
    ('2024-02-01', '2024-02-29')
    """
    match = _DATE.fullmatch(text)
    message = tr(
        "'{text}' is no date; expected a year, month or day such as 2022, 2022-10 or 2022-10-14", text=excerpt(text)
    )
    if match is None:
        raise UsageError(message)
    year, month, day = (None if part is None else int(part) for part in match.groups())
    assert year is not None
    if (month is not None and not 1 <= month <= 12) or year == 0:
        raise UsageError(message)
    last = monthrange(year, month or 12)[1]
    if day is not None and not 1 <= day <= last:
        raise UsageError(message)
    return (
        f"{year:04}-{month or 1:02}-{day or 1:02}",
        f"{year:04}-{month or 12:02}-{day or last:02}",
    )
