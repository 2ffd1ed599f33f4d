"""Texts that a spreadsheet could compute, with what a cell of CSV holds instead; every way out is tested with them."""

from __future__ import annotations

CELLS = {
    "=1+1": "'=1+1",
    "+1+1": "'+1+1",
    "-cmd|' /C calc'!A0": "'-cmd|' /C calc'!A0",
    "@SUM(A1)": "'@SUM(A1)",
    "\t=1": "'\t=1",
    "\n=1": "'\n=1",
    "＝1": "'＝1",
    "－1": "'－1",
    "-": "'-",
    "--5": "'--5",
    "-1e5 m": "'-1e5 m",
    "-INF": "'-INF",
    "-1e5": "-1e5",
    "-1.0E-5": "-1.0E-5",
    "+3": "+3",
    "-0.5": "-0.5",
    "-.5": "-.5",
    "INF": "INF",
    "a=1": "a=1",
    "'s": "'s",
    'a,"b"': 'a,"b"',
    "苏州": "苏州",
}
