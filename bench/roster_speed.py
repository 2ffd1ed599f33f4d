"""How long a made-up roster takes from the file to typed tables, and to a graph, beside a plain read of its cells.

Two shapes, the same ones each time: one row per consortium with a lead and three members, out of half as many
organizations as rows, and one row per membership. Each file is read by a process of its own, after a small one has
loaded what all need. The plain read is polars for CSV and calamine for .xlsx: the cells, and nothing else. Seconds are
those of all processors, MB the most that the process held by then. The last two columns are what the store alone needs
for the triples of the graph, in a process that does nothing else: no graph in memory is there sooner or in less.

Rows may be given: ``python bench/roster_speed.py 20000``; 100,000 else. Writes bench/results/roster_speed.md.
"""

from __future__ import annotations

import csv
import json
import os
import platform
import random
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import polars as pl
import pyoxigraph as ox
import xlsxwriter
from python_calamine import CalamineWorkbook
from timing import peak_mib

import chaingraph as cg

if TYPE_CHECKING:
    from collections.abc import Iterator

RESULTS = Path(__file__).resolve().parent / "results"
_HEADINGS = ["序号", "联合体名称", "牵头单位", "成员单位", "所在地区", "产业领域", "组建时间", "备注"]
_HEADINGS_OF_MEMBERS = ["序号", "联合体名称", "单位名称", "角色", "所在地区", "加入时间"]
_CHARACTERS = "华中东海金银天地远大恒瑞科创新信达安泰长江明光精工力源博雅"
_CITIES = ["江苏省苏州市", "江苏省南京市", "浙江省杭州市", "广东省深圳市", "辽宁大连", "北京市海淀区", "四川省成都市"]
_ENDINGS = ["机电有限公司", "科技股份有限公司", "大学", "研究院", "医院"]
_FIELDS = ["集成电路", "新材料", "生物医药"]
_SMALL, _MEMBERS = 100, 4
_COLUMNS = (
    "| rows are | file | rows | plain read, s | to tables, s | times plain | MB | to a graph, s | MB | triples |"
    " store alone, s | MB |"
)


def consortia(count: int) -> Iterator[list[str]]:
    """Yield the rows of a roster of so many consortia, below its headings."""
    chance = random.Random(count)

    def word(length: int) -> str:
        return "".join(chance.choices(_CHARACTERS, k=length))

    organizations = [f"{chance.choice(_CITIES)[-3:-1]}{word(4)}{chance.choice(_ENDINGS)}" for _ in range(count // 2)]
    yield _HEADINGS
    for number in range(count):
        lead, *members = chance.sample(organizations, _MEMBERS)
        date = f"{chance.randint(2015, 2024)}年{chance.randint(1, 12)}月"
        name = f"{word(8)}创新联合体"
        place, field = chance.choice(_CITIES), chance.choice(_FIELDS)
        yield [str(number + 1), name, lead, "、".join(members), place, field, date, ""]


def memberships(count: int) -> Iterator[list[str]]:
    """Yield the rows of a roster of so many memberships, below its headings."""
    yield _HEADINGS_OF_MEMBERS
    number = 0
    for _, name, lead, members, place, _, date, _ in list(consortia(count // _MEMBERS))[1:]:
        for organization in (lead, *members.split("、")):
            number += 1
            yield [str(number), name, organization, "牵头单位" if organization == lead else "成员单位", place, date]


_SHAPES = {"consortia": consortia, "memberships": memberships}


def write(shape: str, count: int, path: Path) -> None:
    """Write a roster of so many rows as CSV or .xlsx."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(_SHAPES[shape](count))
        return
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Sheet1")
        for number, row in enumerate(_SHAPES[shape](count)):
            sheet.write_row(number, 0, row)


def plain_read(path: Path) -> None:
    """Read the cells of a file, and nothing else."""
    if path.suffix == ".csv":
        pl.read_csv(path, infer_schema=False)
    else:
        CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def measure(small: Path, path: Path, triples: Path) -> None:
    """Print seconds and MB: of a plain read, up to the tables, and up to the graph, which is written to a file."""
    cg.open(small)
    steps: list[tuple[float, float]] = []
    start = time.process_time()
    graph = cg.open(path, report=lambda _: steps.append((time.process_time() - start, peak_mib())))
    seconds, megabytes = time.process_time() - start, peak_mib()
    # The first step that is told is the beginning, the second the tables.
    to_tables = steps[1]
    start = time.process_time()
    plain_read(path)
    plain = time.process_time() - start
    graph.dump(triples)
    sys.stdout.write(f"{plain} {to_tables[0]} {to_tables[1]} {seconds} {megabytes} {len(graph)}")


def measure_store(triples: Path) -> None:
    """Print the seconds and MB of a store that loads triples."""
    start = time.process_time()
    ox.Store().bulk_load(path=str(triples), format=ox.RdfFormat.N_TRIPLES, lenient=True)
    sys.stdout.write(f"{time.process_time() - start} {peak_mib()}")


def in_a_process(*arguments: str | Path) -> list[float]:
    """Return the figures that this file prints when it is run with some arguments."""
    command = [sys.executable, __file__, *map(str, arguments)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [float(word) for word in output.split()]


def table(counts: list[int]) -> Iterator[str]:
    """Yield the lines of the table."""
    yield _COLUMNS
    yield "|---|---|" + "--:|" * 10
    with TemporaryDirectory() as folder:
        triples = Path(folder) / "triples.nt"
        for shape in _SHAPES:
            for suffix in (".csv", ".xlsx"):
                small = Path(folder) / f"small-{shape}{suffix}"
                write(shape, _SMALL, small)
                for count in counts:
                    path = Path(folder) / f"{shape}-{count}{suffix}"
                    write(shape, count, path)
                    plain, tables, tables_mb, graph, graph_mb, size = in_a_process("--file", small, path, triples)
                    store, store_mb = in_a_process("--store", triples)
                    ratio = tables / plain
                    yield (
                        f"| {shape} | {suffix} | {count:,} | {plain:.2f} | {tables:.1f} | {ratio:.1f} |"
                        f" {tables_mb:.0f} | {graph:.1f} | {graph_mb:.0f} | {size:,.0f} | {store:.1f} |"
                        f" {store_mb:.0f} |"
                    )


def main(arguments: list[str]) -> None:
    """Write the table, or print the figures of one process."""
    if arguments[:1] == ["--file"]:
        measure(*map(Path, arguments[1:]))
    elif arguments[:1] == ["--store"]:
        measure_store(Path(arguments[1]))
    else:
        lines = []
        for line in table([int(count) for count in arguments] or [100_000]):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
            lines.append(line)
        versions = {"polars": pl.__version__, "pyoxigraph": ox.__version__}
        facts = {"python": platform.python_version(), "versions": versions, "cores": os.cpu_count()}
        (RESULTS / "roster_speed.md").write_text("\n".join(lines) + "\n")
        (RESULTS / "roster_speed.json").write_text(json.dumps({"facts": facts}, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
