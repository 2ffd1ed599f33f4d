"""Files that are replaced, and names of files that come from data."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaingraph.errors import UsageError
from chaingraph.export.files import portable_name, write_text
from chaingraph.extraction.sources import Source, read_sources, text_file, write_sources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RESERVED = ["CON", "prn", "Aux", "NUL", "COM1", "lpt9", "COM¹", "CONIN$"]
ODD = st.one_of(
    st.text(),
    st.builds(
        "{}{}".format, st.sampled_from(RESERVED), st.sampled_from(["", ".txt", " .html", ".", " ", "..", ".tar.gz"])
    ),
    st.text(alphabet='<>:"/\\|?*. \n名单a', max_size=12),
    st.builds(lambda text, count: text * count, st.sampled_from(["名", "a", "😀"]), st.integers(50, 300)),
)


@contextmanager
def no_replacement(path: Path) -> Iterator[None]:
    """Have the system refuse to replace a file, as Windows does while a program has it open."""
    if os.name == "nt":
        with path.open():
            yield
        return
    done = subprocess.run(["chattr", "+i", path], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("only the superuser can lock a file here, and not on every file system")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", path], check=True)


def test_a_file_that_a_program_has_open_stays_and_the_message_says_to_close_it(tmp_path: Path) -> None:
    path = tmp_path / "名单 表.html"
    path.write_text("old", encoding="utf-8")
    with no_replacement(path), pytest.raises(UsageError) as refusal:
        write_text(path, "new")
    assert str(refusal.value) == (
        f"cannot write {path}: Operation not permitted; close the program that has it open, such as Excel or a browser,"
        " or name another"
    )
    assert {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()} == {path.name: "old"}


@given(ODD)
def test_every_system_takes_the_name_of_a_file(name: str) -> None:
    file = portable_name(name)
    assert file
    assert len(file.encode()) <= 255 - len(".json")
    assert not set(file) & set('<>:"/\\|?*')
    assert all(character.isprintable() or ord(character) > 0x9F for character in file)
    assert file == file.strip(". ")
    assert not PureWindowsPath(file).is_reserved()
    assert portable_name(file) == file


@given(st.lists(ODD, min_size=1, max_size=4, unique_by=lambda name: text_file(name).casefold()))
def test_texts_of_documents_are_read_from_the_files_that_they_were_written_to(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("texts")
    sources = tuple(
        Source(name.encode(errors="replace").decode(), f"第{number}份\n", "", "zh") for number, name in enumerate(names)
    )
    write_sources(folder, sources)
    assert read_sources(folder) == sources
