"""The settings of a Virtuoso server on loopback that keeps to one folder, for measurements and tests alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def settings(folder: Path, sql: int, http: int, *, rows: int, buffers: int) -> str:
    """Return the text of a server's virtuoso.ini.

    Args:
        folder: Where the server keeps everything, and the only place that it loads files from.
        sql: Its port for SQL.
        http: Its port for SPARQL.
        rows: After how many rows it cuts an answer.
        buffers: How many pages of 8 kB it holds in memory; three quarters of them may wait to be written.
    """
    return f"""
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = {folder}
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {buffers * 3 // 4}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
[SPARQL]
ResultSetMaxRows = {rows}
"""
