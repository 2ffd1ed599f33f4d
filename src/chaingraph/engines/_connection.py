"""The connections: what an engine is, and DuckDB and Spark as engines; the only place that knows their libraries."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sys
import tempfile
import warnings
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from chaingraph.errors import UnreadableError, UsageError, excerpt, install_line
from chaingraph.messages import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import duckdb
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

    BatchFunction = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]

_MEMORY = re.compile(r"\d+(\.\d+)? ?[KMGT]i?B")
_SECONDS = 5.0
"""How long a server may take to accept a connection."""
_MAGIC = b"PAR1"
_CONNECT_PORT = 15002
_DRIVER_SETTINGS = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
"""No server of pages, and no progress between our own lines."""
_ROWS_OF_A_BATCH = 20_000
_LINES_OF_A_PART = 1_000_000
_MISSING_MODULE = re.compile(r"No module named '([\w.]+)'")
_MASTER_PORT = 7077


class Engine(Protocol):
    """What runs the statements: it reads Parquet, keeps tables between statements and answers with Arrow.

    ``name`` says which engine it is, with its version.
    """

    name: str

    def parquet(self, table: str, path: str) -> None:
        """Give a Parquet file, or a folder of them, the name of a table."""

    def keep(self, table: str, sql: str) -> None:
        """Compute the rows of a statement, once, as a table; one of that name is replaced."""

    def ask(self, sql: str) -> pa.Table:
        """Return the rows of a statement."""

    def map(self, table: str, source: str, function: BatchFunction, columns: Sequence[str]) -> None:
        """Compute what a function makes of the batches of a table, as a table whose columns are all text.

        On a cluster the function runs in the processes of its workers, which need chaingraph.
        """

    def write_lines(self, sql: str, folder: Path) -> None:
        """Write the rows of a statement of one column, a line each, as files ``part-*.nt`` of a new folder."""

    def quoted(self, identifier: str) -> str:
        """Return the name of a column or table as it stands in a statement, whatever its characters."""

    def close(self) -> None:
        """End the connection and remove the tables that were kept."""


def connect(address: str, *, folder: str | None = None) -> Engine:
    """Return the engine at an address.

    Args:
        address: ``duckdb``, in this process, or ``duckdb:4GB`` with a limit of its memory; ``sc://host:port``, a
            server of Spark Connect, such as Sail or Spark; ``spark://host:port``, the master of a cluster, whose
            driver runs in this process, or ``local[2]`` for a cluster in this process.
        folder: Where tables lie between statements; a temporary folder of this machine if None. All machines of a
            cluster must see it.

    Raises:
        UsageError: The address is none, nothing answers there, or a package is missing, with the line that installs it.
    """
    kind, _, rest = address.partition(":")
    if kind == "duckdb":
        if rest and not _MEMORY.fullmatch(rest):
            message = tr("'{memory}' is no amount of memory; expected duckdb:4GB or duckdb:800MB", memory=excerpt(rest))
            raise UsageError(message)
        return DuckDB(memory=rest or None, folder=folder)
    if re.match(r"(sc|spark)://[^/]|local(-cluster)?\[", address):
        return Spark(address, folder=folder)
    message = tr(
        "'{address}' is no address of an engine; expected duckdb, duckdb:4GB, sc://host:port or spark://host:port",
        address=excerpt(address),
    )
    raise UsageError(message)


class DuckDB:
    """DuckDB in this process; what does not fit its memory goes to a temporary folder."""

    def __init__(self, *, memory: str | None = None, folder: str | None = None) -> None:
        _require("duckdb", "pyarrow", extra="duckdb")
        import duckdb

        self.name = f"DuckDB {duckdb.__version__}"
        self._folder = tempfile.mkdtemp(prefix="chaingraph-engine-", dir=folder)
        settings: dict[str, str | bool | int | float | list[str]] = {
            "temp_directory": self._folder,
            "preserve_insertion_order": False,
            # Nothing is fetched from anywhere.
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if memory is not None:
            settings["memory_limit"] = memory
        self._connection: duckdb.DuckDBPyConnection = duckdb.connect(config=settings)

    def parquet(self, table: str, path: str) -> None:
        _check_parquet(Path(path))
        files = sorted(map(str, Path(path).rglob("*.parquet"))) if Path(path).is_dir() else [path]
        with self._failures():
            # A table that was kept would hide the view.
            self._connection.execute(f"DROP TABLE IF EXISTS temp.main.{self.quoted(table)}")
            self._connection.read_parquet(files).create_view(table, replace=True)

    def keep(self, table: str, sql: str) -> None:
        with self._failures():
            self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {self.quoted(table)} AS {sql}")

    def ask(self, sql: str) -> pa.Table:
        with self._failures():
            return self._connection.sql(sql).to_arrow_table()

    def map(self, table: str, source: str, function: BatchFunction, columns: Sequence[str]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = f"{self._folder}/{table}.parquet"
        schema = pa.schema([(column, pa.string()) for column in columns])
        with self._failures(), pq.ParquetWriter(path, schema) as writer:
            rows = self._connection.table(source).to_arrow_reader(_ROWS_OF_A_BATCH)
            for batch in function(iter(rows)):
                writer.write_batch(batch)
        self.parquet(table, path)

    def write_lines(self, sql: str, folder: Path) -> None:
        folder.mkdir()
        with self._failures():
            for number, batch in enumerate(self._connection.sql(sql).to_arrow_reader(_LINES_OF_A_PART)):
                lines = "\n".join(batch.column(0).to_pylist())
                _part(folder, number).write_text(lines + "\n", encoding="utf-8", newline="\n")

    def quoted(self, identifier: str) -> str:
        return '"' + identifier.replace('"', '""') + '"'

    def close(self) -> None:
        self._connection.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        import duckdb

        try:
            yield
        except duckdb.Error as error:
            raise _failure(self.name, error) from error


class Spark:
    """Spark or Sail, by Spark Connect or as the driver of a cluster; each table that is kept is a folder of Parquet."""

    def __init__(self, address: str, *, folder: str | None = None) -> None:
        if "://" in address:
            _check_port(address)
        self._session = _session(address)
        kind = "Spark Connect" if address.startswith("sc://") else "Spark"
        self.name = f"{kind} {self._session.version}"
        self._folder = tempfile.mkdtemp(prefix="chaingraph-engine-") if folder is None else folder
        self._is_own = folder is None
        self._numbers = count(1)
        self._paths: dict[str, str] = {}

    def parquet(self, table: str, path: str) -> None:
        _check_parquet(Path(path))
        with self._failures():
            self._session.read.parquet(path).createOrReplaceTempView(table)

    def keep(self, table: str, sql: str) -> None:
        with self._failures():
            self._keep(table, self._session.sql(sql))

    def map(self, table: str, source: str, function: BatchFunction, columns: Sequence[str]) -> None:
        schema = ", ".join(f"{column} string" for column in columns)
        with self._failures():
            self._keep(table, self._session.table(source).mapInArrow(function, schema))

    def _keep(self, table: str, frame: DataFrame) -> None:
        path = f"{self._folder}/{next(self._numbers)}-{table}"
        frame.write.parquet(path)
        # Sail writes no file of no rows, which would have told the columns.
        self._session.read.schema(frame.schema).parquet(path).createOrReplaceTempView(table)
        self._remove(self._paths.get(table))
        self._paths[table] = path

    def ask(self, sql: str) -> pa.Table:
        with self._failures():
            return self._session.sql(sql).toArrow()

    def write_lines(self, sql: str, folder: Path) -> None:
        with self._failures():
            self._session.sql(sql).write.text(str(folder))
        for number, file in enumerate(sorted(folder.glob("*.txt"))):
            file.rename(_part(folder, number))
        for file in folder.iterdir():
            if file.suffix != ".nt":
                file.unlink()

    def quoted(self, identifier: str) -> str:
        return "`" + identifier.replace("`", "``") + "`"

    def close(self) -> None:
        self._session.stop()
        for path in self._paths.values():
            self._remove(path)
        if self._is_own:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _remove(self, path: str | None) -> None:
        if path is not None:
            shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        from pyspark.errors import PySparkException

        try:
            yield
        except PySparkException as error:
            if missing := _MISSING_MODULE.search(str(error)):
                message = tr(
                    "{engine}: its Python processes lack {module}; install chaingraph where they run, of the version"
                    " and the Python of this one, or build with the engine duckdb",
                    engine=self.name,
                    module=missing[1],
                )
                raise UsageError(message) from error
            raise _failure(self.name, error) from error


def _session(address: str) -> SparkSession:
    is_remote = address.startswith("sc://")
    _require("pyspark", "pyarrow", extra="spark")
    if not is_remote and find_spec("py4j") is None:
        message = tr(
            "{address} needs the whole of Spark, and Java: install pyspark instead of pyspark-client, or start a "
            "server of Spark Connect on the cluster and name its address, sc://host:port",
            address=excerpt(address),
        )
        raise UsageError(message)
    with warnings.catch_warnings():
        # It warns of pandas 3, of which nothing here makes use: what is exchanged is Arrow.
        warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas", category=FutureWarning)
        from pyspark.sql import SparkSession

        if is_remote:
            _check_server(address)
            _import_spark_connect()
        builder = SparkSession.builder
        if is_remote:
            with _as_if_spark_were_here():
                return builder.remote(address).create()
        for setting, value in _DRIVER_SETTINGS.items():
            builder = builder.config(setting, value)
        if address.startswith("local"):
            builder = builder.config("spark.pyspark.python", sys.executable)
        return builder.master(address).getOrCreate()


@contextmanager
def _as_if_spark_were_here() -> Iterator[None]:
    """Let the client start in a program without a file, such as ``python -c``, for which it looks for Spark itself."""
    is_set = "SPARK_HOME" in os.environ
    os.environ.setdefault("SPARK_HOME", "")
    try:
        yield
    finally:
        if not is_set:
            del os.environ["SPARK_HOME"]


def _check_server(address: str) -> None:
    """Refuse a server that does not speak the protocol, which Spark would ask for minutes.

    One that asks for a certificate or a token says so itself.
    """
    if ";" in address:
        return
    import grpc

    parts = urlsplit(address)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    with grpc.insecure_channel(f"{host}:{parts.port or _CONNECT_PORT}") as channel:
        try:
            grpc.channel_ready_future(channel).result(timeout=_SECONDS)
        except grpc.FutureTimeoutError as error:
            message = tr("what answers at {address} is no server of Spark Connect", address=excerpt(address))
            raise UsageError(message) from error


def _import_spark_connect() -> None:
    """Import Spark Connect where no file is run, as in ``python -c``, which it takes for its own tests, and exits."""
    main = sys.modules["__main__"]
    needs_file = not hasattr(main, "__file__")
    if needs_file:
        main.__file__ = sys.executable
    try:
        import_module("pyspark.sql.connect.session")
    finally:
        if needs_file:
            del main.__file__


def _check_port(address: str) -> None:
    """Refuse an address at which nothing listens, which Spark would try for minutes."""
    usual = _CONNECT_PORT if address.startswith("sc://") else _MASTER_PORT
    try:
        parts = urlsplit(address.partition(",")[0])
        place = (parts.hostname or "", parts.port or usual)
    except ValueError as error:
        message = tr("'{address}' is no address: {error}", address=excerpt(address), error=error)
        raise UsageError(message) from error
    try:
        with suppress(UnicodeError):
            socket.create_connection(place, timeout=_SECONDS).close()
            return
        reason = tr("its host is no name")
    except OSError as error:
        reason = error.strerror or str(error)
    message = tr(
        "nothing answers at {host}:{port} ({reason}); start the engine, or correct the address",
        host=excerpt(place[0]),
        port=place[1],
        reason=reason,
    )
    raise UsageError(message)


def _part(folder: Path, number: int) -> Path:
    return folder / f"part-{number:05d}.nt"


def _check_parquet(path: Path) -> None:
    """Refuse a file of this machine that does not begin as Parquet does."""
    if path.is_file():
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                raise UnreadableError(path, tr("is no Parquet file; write it so, or leave out the engine"))


def _require(*packages: str, extra: str) -> None:
    """Refuse to go on without the packages of an extra, with the line that installs them."""
    for package in packages:
        if find_spec(package) is None:
            message = tr("this engine needs {package}; install it: {line}", package=package, line=install_line(extra))
            raise UsageError(message)


def _failure(name: str, error: Exception) -> UsageError:
    first_line = str(error).strip().partition("\n")[0]
    return UsageError(tr("{engine} stopped: {reason}", engine=name, reason=excerpt(first_line, 300)))
