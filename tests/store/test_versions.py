"""A built store is replaced in one step, by one process at a time, while others read it; nothing is left behind."""

from __future__ import annotations

import gc
import json
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import chaingraph as cg
from chaingraph.errors import UnreadableError, UsageError
from chaingraph.export.files import replacement, write_text
from chaingraph.store.versions import open_version, store_writer
from tests.store.writers import write

if TYPE_CHECKING:
    from tests.conftest import DataSetFolder

ROOT = Path(__file__).resolve().parents[2]
unix = pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")

FORK = """
import json, os, sys, traceback
from pathlib import Path
import chaingraph as cg
from chaingraph.cli.main import main
from tests.store.writers import stop_at, write
for group in json.load(sys.stdin):
    children = []
    for code in group:
        child = os.fork()
        if child == 0:
            try:
                exec(code)
            except SystemExit as end:
                os._exit(end.code)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        children.append(child)
    print(json.dumps([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]), flush=True)
"""
"""Runs groups of programs, those of a group at once, each in a process of its own that need not import anything."""


def run(*groups: list[str], words: str = "") -> list[list[int]]:
    """Return the exit statuses of programs, minus the signal where one ended it; they must write such words alone."""
    done = subprocess.run(
        [sys.executable, "-c", FORK], input=json.dumps(groups), capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert re.fullmatch(words, done.stderr), done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def organizations(store: Path) -> int:
    return len(cg.open(store).select("SELECT ?o { ?o a cg:Organization }"))


def roster(count: int) -> str:
    return "id,name\n" + "".join(f"o{number},Organization {number}\n" for number in range(count))


@pytest.fixture
def small(data_set: DataSetFolder) -> Path:
    """A data set of two organizations."""
    return data_set("small", organizations=roster(2))


@pytest.fixture
def large(data_set: DataSetFolder) -> Path:
    """A data set of 300 organizations."""
    return data_set("large", organizations=roster(300))


@pytest.fixture
def store(small: Path, tmp_path: Path) -> Path:
    """A built store of two organizations."""
    cg.build([small], tmp_path / "graph.kg")
    return tmp_path / "graph.kg"


def versions(store: Path) -> int:
    return len(list(store.glob("version-*")))


def without_stamp(store: Path) -> Path:
    """Turn a store into one of the first release: the database alone."""
    (version,) = store.glob("version-*")
    plain = store.with_name("plain.kg")
    version.rename(plain)
    shutil.rmtree(store)
    return plain


@unix
def test_readers_of_a_store_that_is_built_again_and_again_see_one_of_two_graphs(
    store: Path, small: Path, large: Path, tmp_path: Path
) -> None:
    read = f"""
query = "SELECT ?o {{ ?o a cg:Organization }}"
for _ in range(300):
    graph = cg.open({str(store)!r})
    assert len(graph.select(query)) == len(graph.select(query)) in (2, 300)
"""
    sizes = len(cg.open(large)), len(cg.open(small))
    write = f"""
for _ in range(8):
    for source, size in zip(({str(large)!r}, {str(small)!r}), {sizes!r}, strict=True):
        assert len(cg.build([source], {str(store)!r})) == size
"""
    assert run([read, read, write]) == [[0, 0, 0]]
    assert organizations(store) == 2
    cg.build([small], store)
    assert versions(store) == 1


def test_who_has_opened_a_version_keeps_it_until_it_is_closed(store: Path, large: Path, small: Path) -> None:
    old = cg.open(store)
    graph = old.rdf
    assert len(cg.build([large], store).select("SELECT ?o { ?o a cg:Organization }")) == 300
    cg.build([large], store)
    assert versions(store) == 2
    assert len(old.select("SELECT ?o { ?o a cg:Organization }")) == 2
    del old
    cg.build([large], store)
    assert versions(store) == 2
    assert len(list(graph.query("SELECT ?o { ?o a <https://w3id.org/chaingraph/ontology#Organization> }"))) == 2
    graph.close()
    del graph
    gc.collect()
    cg.build([small], store)
    assert versions(store) == 1


def test_a_second_writer_is_told_in_one_line_and_changes_nothing(store: Path, large: Path) -> None:
    with store_writer(store):
        code = "from chaingraph.cli.main import main; main()"
        command = [sys.executable, "-c", code, "build", str(large), "-o", str(store)]
        second = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (second.returncode, second.stdout, second.stderr) == (
        2,
        "",
        f"chaingraph: {store} is being written by another process; wait until it ends, or name another output\n",
    )
    assert (organizations(store), versions(store)) == (2, 1)
    assert len(cg.build([large], store)) > 300


@unix
def test_of_two_builders_at_once_each_counts_its_own_graph_or_is_told(tmp_path: Path, small: Path, large: Path) -> None:
    sizes = {source: len(cg.open(source)) for source in (small, large)}
    rounds = []
    for number in range(10):
        rounds.append(
            [
                f"""
try:
    size = len(cg.build([{str(source)!r}], {str(tmp_path / f"{number}.kg")!r}))
except cg.UsageError as error:
    assert "is being written by another process" in str(error)
else:
    assert size == {size}
    Path({str(tmp_path / f"{number}-{size}")!r}).touch()
"""
                for source, size in sizes.items()
            ]
        )
    assert run(*rounds) == [[0, 0]] * 10
    for number in range(10):
        whole = {size for size in sizes.values() if (tmp_path / f"{number}-{size}").exists()}
        assert len(cg.open(tmp_path / f"{number}.kg")) in whole
        assert versions(tmp_path / f"{number}.kg") == 1


BEFORE = [
    *("lock_file 1", "_remove_unused 1", "remove_unless_locked 1", "triple 1", "triple 2", "_sync 1", "_sync 5"),
    "_replace 1",
]
AFTER = ["lock_file 2", "_remove_unused 2", "remove_unless_locked 2"]
"""Steps at which a writer is killed: before the new version is the present one, and after."""


@unix
@pytest.mark.parametrize("first", [True, False], ids=["the first build", "a later build"])
def test_a_writer_that_is_killed_anywhere_leaves_a_whole_store_and_the_next_one_cleans_up(
    first: bool, tmp_path: Path
) -> None:
    points = [point for point in BEFORE + AFTER if not (first and point.startswith("remove_unless_locked"))]
    outputs = [tmp_path / f"{point}.kg" for point in points]
    if not first:
        for output in outputs:
            write(output, 2)
    programs = [f"write(Path({str(output)!r}), 3, stop_at({output.stem!r}))" for output in outputs]
    assert run(*([program] for program in programs)) == [[-signal.SIGKILL]] * len(points)
    for point, output in zip(points, outputs, strict=True):
        if point in AFTER or not first:
            assert len(cg.open(output)) == (3 if point in AFTER else 2), point
        else:
            with pytest.raises(UnreadableError, match="build it again"):
                cg.open(output)
        write(output, 4)
        assert (len(cg.open(output)), versions(output)) == (4, 1)
        assert {path.name for path in output.iterdir() if path.is_file()} == {"store.json", "lock"}


@unix
def test_a_command_that_is_ended_by_a_signal_cleans_up_at_once(tmp_path: Path, large: Path) -> None:
    numbers = [int(number) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)]
    folder = tmp_path / "output"
    folder.mkdir()
    programs = [
        f"""
from chaingraph.store.builder import StoreBuilder
StoreBuilder.derive = lambda self: os.kill(os.getpid(), {number})
sys.argv = ["chaingraph", "build", {str(large)!r}, "-o", {str(folder / f"{number}{suffix}")!r}]
main()
"""
        for number, suffix in ((numbers[0], ".kg"), (numbers[1], ".kg"), (numbers[2], ".kg"), (numbers[1], ".nt"))
    ]
    ignored = f"import signal\nsignal.signal({numbers[1]}, signal.SIG_IGN)\n{programs[1]}"
    words = r"\d+ triples → .*\n"
    *ended, [whole] = run(*([program] for program in programs), [ignored], words=words)
    assert ended == [[128 + number] for number in (*numbers, numbers[1])]
    assert whole == 0
    assert [path.name for path in folder.iterdir()] == [f"{numbers[1]}.kg"]


@unix
def test_what_a_killed_process_leaves_beside_a_file_is_removed_by_the_next_that_writes_there(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from chaingraph.export.files import replacement\n"
        "with replacement(Path(sys.argv[1])) as new:\n"
        "    new.write_text('half'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path / "a.csv")], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 1
    with replacement(tmp_path / "b.csv") as outer:
        outer.write_text("b", encoding="utf-8")
        # One that is in use stays.
        write_text(tmp_path / "c.csv", "c")
        assert outer.is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.csv", "c.csv"]


def test_a_store_of_another_format_says_in_one_line_to_build_it_again(store: Path, large: Path) -> None:
    pointer = json.loads((store / "store.json").read_text(encoding="utf-8"))
    assert pointer["format"] == 2
    for number in (1, 3, "x", None, [2], "2" * 99):
        (store / "store.json").write_text(json.dumps(pointer | {"format": number}), encoding="utf-8")
        with pytest.raises(
            UnreadableError, match=r"is a store of format .*, and this version .* build it again"
        ) as error:
            cg.open(store)
        assert "\n" not in str(error.value)
    cg.build([large], store)
    assert (organizations(store), versions(store)) == (300, 1)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"5",
        b"\xff\xfe",
        b"[" * 400,
        b'{"format": 2}',
        b'{"format": 2, "version": 5}',
        b'{"format": 2, "version": "../other.kg"}',
        b'{"format": 2, "version": "/etc"}',
        b'{"format": 2, "version": "version-0123456789abcdef.kg"}',
        b'{"format": 2, "version": "' + b"x" * 1000 + b'"}',
    ],
)
def test_a_store_whose_first_file_is_damaged_says_so_and_can_be_built_again(
    content: bytes, store: Path, small: Path
) -> None:
    (store / "store.json").write_bytes(content)
    with pytest.raises(UnreadableError, match=r"damaged.*build it again"):
        cg.open(store)
    cg.build([small], store)
    assert (organizations(store), versions(store)) == (2, 1)


def test_a_store_of_the_first_release_opens_and_is_replaced_in_one_step(store: Path, large: Path) -> None:
    plain = without_stamp(store)
    old = cg.open(plain)
    assert len(old.select("SELECT ?o { ?o a cg:Organization }")) == 2
    (plain / "letter.txt").write_text("keep me", encoding="utf-8")
    cg.build([plain, large], plain)
    assert organizations(plain) == 302
    assert len(old.select("SELECT ?o { ?o a cg:Organization }")) == 2
    assert (plain / "CURRENT").is_file()
    del old
    cg.build([large], plain)
    assert organizations(plain) == 300
    assert {path.name for path in plain.iterdir() if path.is_file()} == {"store.json", "lock", "letter.txt"}


@unix
def test_commands_read_a_store_a_link_to_one_and_one_of_the_first_release_alike(store: Path, tmp_path: Path) -> None:
    shutil.copytree(next(store.glob("version-*")), tmp_path / "plain.kg")
    (tmp_path / "link.kg").symlink_to(store)
    paths = [tmp_path / "link.kg", tmp_path / "plain.kg"]
    programs = [
        f"sys.argv = ['chaingraph', *{arguments!r}]\nsys.stdout = Path({str(output)!r}).open('w'); main()"
        for number, path in enumerate(paths)
        for arguments, output in (
            (["check", str(path)], tmp_path / f"check{number}"),
            (["diff", str(store), str(path)], tmp_path / f"diff{number}"),
            (["page", str(path), "--network", "whole", "-o", str(tmp_path / f"page{number}.html")], tmp_path / "none"),
            (["build", str(path), "-o", str(tmp_path / f"graph{number}.nt")], tmp_path / "none"),
        )
    ]
    assert run(*([program] for program in programs), words="(.*\n)*") == [[0]] * len(programs)
    for name in ("check{}", "diff{}", "page{}.html", "graph{}.nt"):
        outputs = [(tmp_path / name.format(number)).read_bytes() for number in range(2)]
        assert outputs[0] == outputs[1], name


def test_a_store_may_be_copied_moved_and_linked(store: Path, large: Path, tmp_path: Path) -> None:
    shutil.copytree(store, tmp_path / "copy.kg")
    store.rename(tmp_path / "moved.kg")
    (tmp_path / "link.kg").symlink_to(tmp_path / "moved.kg")
    for name in ("copy", "moved", "link"):
        assert organizations(tmp_path / f"{name}.kg") == 2
    cg.build([large], tmp_path / "link.kg")
    assert (tmp_path / "link.kg").is_symlink()
    assert (organizations(tmp_path / "moved.kg"), organizations(tmp_path / "copy.kg")) == (300, 2)
    for path in (tmp_path / "copy.kg").rglob("*"):
        path.chmod(0o500 if path.is_dir() else 0o400)
    (tmp_path / "copy.kg").chmod(0o500)
    assert organizations(tmp_path / "copy.kg") == 2


def test_a_build_of_nothing_before_that_fails_leaves_nothing(tmp_path: Path, data_set: DataSetFolder) -> None:
    folder = tmp_path / "output"
    folder.mkdir()
    with pytest.raises(cg.TableProblemsError):
        cg.build([data_set("bad", organizations="id,name\na,\n")], folder / "graph.kg")
    assert list(folder.iterdir()) == []
    (folder / "loop.kg").symlink_to(folder / "loop.kg")
    with pytest.raises(UsageError, match="cannot write"):
        cg.build([data_set("good", organizations="id,name\na,A\n")], folder / "loop.kg")


def test_the_tag_of_a_version_is_its_own(store: Path, small: Path) -> None:
    first = open_version(store)
    cg.build([small], store)
    second = open_version(store)
    assert first.tag != second.tag == open_version(store).tag
