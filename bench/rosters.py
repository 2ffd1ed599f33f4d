"""Rosters that nobody here made, opened as they lie: the rows of each file, what was read, and what was left out.

Give it the folder of the files, or files: ``python bench/rosters.py FOLDER``. Prints a Markdown table, and below it
each edit with its place and reason. An edit is what a person has to change or to answer before everything in the file
is in the graph: a cell that was left out, a row that was left out for what it lacks (a total, a note, a section or
headings that come again are no data), a column that is asked back. A file that cannot be opened stops the run.

``python bench/rosters.py --rows 5000 20000`` measures instead how long `chaingraph.open` takes for rosters of so many
rows that are made up: one consortium per row with a lead and three members, out of half as many organizations as rows.
Each file is read by a process of its own. Seconds are those of the processor, MB the most that the process held.
"""

from __future__ import annotations

import csv
import random
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import xlsxwriter
from timing import peak_mib

import chaingraph as cg
from chaingraph.rosters.files import SUFFIXES
from chaingraph.rosters.opening import roster_of
from chaingraph.tables import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chaingraph.rosters import Roster

_HEADINGS = ["序号", "联合体名称", "牵头单位", "成员单位", "所在地区", "产业领域", "组建时间", "备注"]
_CHARACTERS = "华中东海金银天地远大恒瑞科创新信达安泰长江明光精工力源博雅"
_CITIES = ["江苏省苏州市", "江苏省南京市", "浙江省杭州市", "广东省深圳市", "辽宁大连", "北京市海淀区", "四川省成都市"]
_ENDINGS = ["机电有限公司", "科技股份有限公司", "大学", "研究院", "医院"]
_FIELDS = ["集成电路", "新材料", "生物医药"]
_SMALL = 100


_NO_DATA = {"total", "note", "section", "headings", "lone number", "decided already", "no such name"}
"""The reasons for leaving out a row that holds nothing of a roster."""


def edits(roster: Roster) -> list[str]:
    """Return what a person has to change or to answer before everything in a roster is in the graph, each in words."""
    rows = [remark for remark in roster.log.rows if remark.key not in _NO_DATA]
    cells = {remark.place[:3]: remark for remark in rows}
    # Of a row that was left out because of a cell, the cell says it.
    cells |= {remark.place if remark.place.row is None else remark.place[:3]: remark for remark in roster.log.cells}
    texts = [f"{remark.place}: {remark.key}: {remark.text}" for remark in cells.values()]
    questions = {
        f"{one.sheet.place()}: {column.heading}: {' or '.join(column.candidates)}?"
        for one in roster.sheets
        if one.reading is not None
        for column in one.reading.left_out
        if column.candidates
    }
    return [*texts, *sorted(questions)]


def line(path: Path, roster: Roster) -> str:
    """Return the row of the table for a file."""
    read(roster.frames)
    tables = [one for one in roster.sheets if one.layout is not None]
    number = sum(len(one.layout.rows) + len(one.layout.left_out) for one in tables if one.layout is not None)
    things = ", ".join(
        f"{frame.height:,} {table}" for table, frame in roster.frames.items() if table not in {"sources", "quotes"}
    )
    left_out = f"{len(roster.log.rows):,} rows, {len(roster.log.cells):,} cells"
    done = sum(one.rows for one in tables)
    return f"| {path.name} | {number:,} | {done:,} | {left_out} | {things} | {len(edits(roster)):,} |"


def rows(count: int) -> Iterator[list[str]]:
    """Yield the rows of a roster of so many consortia, below its headings; the same ones each time."""
    chance = random.Random(count)

    def word(length: int) -> str:
        return "".join(chance.choices(_CHARACTERS, k=length))

    organizations = [f"{chance.choice(_CITIES)[-3:-1]}{word(4)}{chance.choice(_ENDINGS)}" for _ in range(count // 2)]
    yield _HEADINGS
    for number in range(count):
        lead, *members = chance.sample(organizations, 4)
        date = f"{chance.randint(2015, 2024)}年{chance.randint(1, 12)}月"
        name = f"{word(8)}创新联合体"
        place, field = chance.choice(_CITIES), chance.choice(_FIELDS)
        yield [str(number + 1), name, lead, "、".join(members), place, field, date, ""]


def write(count: int, path: Path) -> None:
    """Write a roster of so many rows as CSV or .xlsx."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows(count))
        return
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Sheet1")
        for number, row in enumerate(rows(count)):
            sheet.write_row(number, 0, row)


def measure(small: Path, path: Path) -> None:
    """Print the seconds and the MB that opening a file takes, after a small one has loaded what all need."""
    cg.open(small)
    start = time.process_time()
    cg.open(path)
    seconds = time.process_time() - start
    sys.stdout.write(f"{seconds:.2f} {peak_mib():.0f}")


def speed(counts: list[int]) -> None:
    """Print the table of seconds and MB by file type and number of rows, each with its ratio to the line before."""
    sys.stdout.write("| file | rows | seconds | times the line before | MB |\n|---|--:|--:|--:|--:|\n")
    with TemporaryDirectory() as folder:
        for suffix in (".csv", ".xlsx"):
            small = Path(folder) / f"{_SMALL}{suffix}"
            write(_SMALL, small)
            before: float | None = None
            for count in counts:
                path = Path(folder) / f"{count}-rows{suffix}"
                write(count, path)
                command = [sys.executable, __file__, "--file", str(small), str(path)]
                output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                seconds, megabytes = map(float, output.split())
                ratio = "" if before is None else f"{seconds / before:.1f}"
                sys.stdout.write(f"| {suffix} | {count:,} | {seconds:.1f} | {ratio} | {megabytes:.0f} |\n")
                sys.stdout.flush()
                before = seconds


def main(paths: list[str]) -> None:
    """Print the table of the files, or of the speed."""
    if paths[:1] == ["--rows"]:
        speed([int(count) for count in paths[1:]])
        return
    if paths[:1] == ["--file"]:
        measure(Path(paths[1]), Path(paths[2]))
        return
    files = [file for path in map(Path, paths) for file in (sorted(path.iterdir()) if path.is_dir() else [path])]
    texts: list[str] = []
    sys.stdout.write("| file | rows | read | left out | gives | edits |\n|---|--:|--:|---|---|--:|\n")
    for file in files:
        if file.suffix.lower() in SUFFIXES:
            roster = roster_of(file)
            sys.stdout.write(line(file, roster) + "\n")
            texts += edits(roster)
    sys.stdout.write("".join(f"\n- {text}" for text in texts) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
