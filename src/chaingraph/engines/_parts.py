"""A graph that no process holds whole: tables in Parquet become parts of N-Triples, by an engine.

Each batch of rows becomes typed rows and lines by the expressions that fill a store. What only the whole data set can
tell is asked of the engine in SQL, before anything is written: whether ids and keys are there once, and whether each
reference is the id of a row.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from chaingraph.engines._connection import connect
from chaingraph.engines._rules import rule_as_sql
from chaingraph.engines._statements import statement
from chaingraph.errors import Problem, TableProblemsError, UnreadableError, UsageError
from chaingraph.export.files import replacement
from chaingraph.messages import tr
from chaingraph.resources import rule_files
from chaingraph.sparql.rdf_documents import FORMATS
from chaingraph.store.cells_to_triples import code_lines, data_set_lines, table_lines
from chaingraph.store.versions import STORE_SUFFIX
from chaingraph.tables.batches import FACTS, typed_batch
from chaingraph.tables.contract import contract
from chaingraph.tables.files import TABLE_SUFFIXES, described_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pyarrow as pa

    from chaingraph.engines._connection import Engine
    from chaingraph.tables.metadata import Description
    from chaingraph.tables.raw import RawTables

_TRIPLE = ("subject", "predicate", "object")
_MOST_PROBLEMS = 50
"""The most problems of one kind that are listed: of millions of rows nobody reads more."""


class Parts(NamedTuple):
    """What was written: the number of triples, and the assumptions of the reading as sentences."""

    triples: int
    notes: tuple[str, ...]


def build_parts(
    source: str | Path, output: str | Path, *, engine: str, report: Callable[[str], None] = lambda _: None
) -> Parts:
    """Write the graph of a folder of tables in Parquet as parts in N-Triples.

    The lines of all parts are those of one file that `KnowledgeGraph.build` writes, each once, in no order. A
    reference is the id of a row here: names of all rows are in no batch.

    Args:
        source: The folder: a file or a folder of files per table (``memberships.parquet``), and ``dataset.json``.
        output: The folder to write, which is replaced whole.
        engine: The address of what reads the tables, compares them and writes, see `chaingraph.engines.connect`. All
            its machines see both folders under the same paths.
        report: Called with a line on each step.

    Raises:
        UnreadableError: The folder is none, or holds no table in Parquet.
        UsageError: It holds tables that are not in Parquet or are there twice, or decisions on who is who; ``output``
            is a file, or named like one; or the engine does not answer, or cannot run chaingraph.
        TableProblemsError: The tables hold mistakes; of each kind the first are listed.
    """
    target = Path(output)
    if target.suffix.lower() in {*FORMATS, STORE_SUFFIX}:
        message = tr("an engine writes a folder of parts, no {suffix} file; name a folder", suffix=target.suffix)
        raise UsageError(message)
    raw, files = _tables(Path(source))
    with replacement(target, folder=True) as folder:
        connected = connect(engine, folder=str(folder.parent))
        try:
            _keep_facts(connected, files, report)
            problems = [*raw.problems, *_problems(connected)]
            if problems:
                raise TableProblemsError(problems)
            _keep_triples(connected, files, raw.description, report)
            report(tr("writing the parts"))
            line = "CONCAT(subject, ' ', predicate, ' ', object, ' .') AS line"
            connected.write_lines(f"SELECT {line} FROM chaingraph_graph", folder)
            text = "".join([*code_lines(_codes(connected)), *data_set_lines(raw.description)])
            (folder / "part-of-codes.nt").write_text(text, encoding="utf-8", newline="\n")
            (count,) = connected.ask("SELECT COUNT(*) AS n FROM chaingraph_graph")["n"].to_pylist()
        finally:
            connected.close()
    return Parts(int(count) + text.count("\n"), tuple(raw.notes))


def _keep_facts(engine: Engine, files: Mapping[str, Path], report: Callable[[str], None]) -> None:
    for name, path in files.items():
        report(tr("reading {source}", source=path))
        engine.parquet(name, str(path))
        engine.map(f"facts_of_{name}", name, partial(_facts, name), tuple(FACTS))
    engine.keep("chaingraph_facts", " UNION ALL ".join(f"SELECT * FROM facts_of_{name}" for name in files))


def _keep_triples(
    engine: Engine, files: Mapping[str, Path], description: Description, report: Callable[[str], None]
) -> None:
    """Keep each triple of the rows, and of what the rules derive of them, once."""
    for name in files:
        report(tr("making the triples of {name}", name=name))
        engine.map(f"triples_of_{name}", name, partial(_triples, name, description), _TRIPLE)
    triples = " UNION ALL ".join(f"SELECT * FROM triples_of_{name}" for name in files)
    for number, rule in enumerate(rule_files()):
        engine.keep(f"derived_{number}", rule_as_sql(rule.read_text(encoding="utf-8"), f"({triples}) AS triples"))
        triples += f" UNION ALL SELECT * FROM derived_{number}"
    engine.keep("chaingraph_graph", f"SELECT DISTINCT {', '.join(_TRIPLE)} FROM ({triples}) AS triples")


def _tables(source: Path) -> tuple[RawTables, dict[str, Path]]:
    if not source.is_dir():
        raise UnreadableError(source, tr("is no folder; expected a folder of tables in Parquet"))
    raw = described_folder(source)
    files: dict[str, Path] = {}
    for path in sorted(source.iterdir()):
        if path.suffix.lower() in TABLE_SUFFIXES:
            table = raw.table_for(path.stem, path.name, contract())
            if table is None:
                continue
            if table.name in files:
                message = tr("{path}: the table is also in {other}; leave one out", path=path, other=files[table.name])
                raise UsageError(message)
            if path.suffix.lower() != ".parquet":
                message = tr("{path}: with an engine, tables are in Parquet; write it so", path=path)
                raise UsageError(message)
            if table.merge is not None:
                message = tr(
                    "{path}: with an engine, no decisions on who is who are applied; build without --engine, or write"
                    " the ids that remain into the tables and leave the file out",
                    path=path,
                )
                raise UsageError(message)
            files[table.name] = path.resolve()
    if not files:
        raise UnreadableError(source, tr("holds no table in Parquet, such as memberships.parquet"))
    return raw, files


def _facts(name: str, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield from _arrow(typed_batch(_frame(batch), contract()[name]).facts)


def _triples(name: str, description: Description, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    table = contract()[name]
    for batch in batches:
        for lines in table_lines(typed_batch(_frame(batch), table).rows, table, description):
            terms = lines.str.strip_suffix(" .").str.splitn(" ", len(_TRIPLE)).struct.rename_fields(_TRIPLE)
            yield from _arrow(terms.struct.unnest())


def _frame(batch: pa.RecordBatch) -> pl.DataFrame:
    frame = pl.from_arrow(batch)
    assert isinstance(frame, pl.DataFrame)
    return frame


def _arrow(frame: pl.DataFrame) -> list[pa.RecordBatch]:
    import pyarrow as pa

    schema = pa.schema([(name, pa.string()) for name in frame.columns])
    batches: list[pa.RecordBatch] = frame.to_arrow().cast(schema).to_batches()
    return batches


def _codes(engine: Engine) -> dict[str, set[str]]:
    codes: dict[str, set[str]] = {}
    for row in engine.ask("SELECT DISTINCT table_name, cell FROM chaingraph_facts WHERE fact = 'notation'").to_pylist():
        codes.setdefault(row["table_name"], set()).add(row["cell"])
    return codes


def _problems(engine: Engine) -> Iterator[Problem]:
    """Yield what is wrong in the tables; the place is the table, because rows have no number in an engine."""

    def rows(name: str) -> list[dict[str, Any]]:
        order = f"ORDER BY table_name, column_name, cell LIMIT {_MOST_PROBLEMS}"
        return list(engine.ask(f"SELECT * FROM ({statement(name)}) AS problems {order}").to_pylist())

    for row in rows("bad_cells"):
        yield Problem(row["table_name"], None, row["column_name"] or None, row["cell"] or None, row["detail"])
    for row in rows("repeats"):
        columns, key = (
            row["column_name"] or contract()[row["table_name"]].identifier,
            row["cell"].replace("\x1f", " | "),
        )
        reason = tr("which {count:,} rows have; each row is one thing", count=row["number_of_rows"])
        yield Problem(row["table_name"], None, columns, key, reason)
    for row in rows("partly_without_id"):
        reason = tr("is empty in some rows and filled in others; fill all, or none")
        yield Problem(row["table_name"], None, contract()[row["table_name"]].identifier, None, reason)
    for row in rows("references_without_row"):
        table, column = row["column_name"].split(".")
        reason = tr(
            "expected the id of a row of '{name}'; with an engine a name is no reference", name=row["table_name"]
        )
        yield Problem(table, None, column, row["cell"], reason)
    for row in rows("ambiguous_references"):
        table, column = row["column_name"].split(".")
        reason = tr("which is also the id or the name of another row of '{name}'; rename one", name=row["table_name"])
        yield Problem(table, None, column, row["cell"], reason)
