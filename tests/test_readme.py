"""What the README says is run as it stands."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import xlsxwriter

from chaingraph import __version__
from chaingraph.cli.sources import Projection

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Return the code blocks of a language, in order."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the data sets in it and the command on its path."""
    (tmp_path / "graph").symlink_to(ROOT / "graph")
    command = tmp_path / "bin" / "chaingraph"
    command.parent.mkdir()
    command.write_text(f"#!{sys.executable}\nfrom chaingraph.cli import main\nmain()\n", encoding="utf-8")
    command.chmod(0o755)
    return tmp_path


def in_shell(commands: str, place: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    shell = shutil.which("bash")
    assert shell is not None
    return subprocess.run(
        [shell, "-e", "-c", commands],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_five_lines_give_the_same_in_the_shell_and_in_python(place: Path) -> None:
    done = in_shell(blocks("sh")[0], place)
    assert done.returncode == 0, done.stderr
    assert "江苏省新型显示产业技术创新联合体" in done.stdout
    made = {name: (place / name).read_bytes() for name in ("jiangsu.ttl", "jiangsu.html")}
    for name in made:
        (place / name).unlink()
    (place / "lines.py").write_text(blocks("python")[0], encoding="utf-8")
    subprocess.run([sys.executable, "-W", "error", "lines.py"], cwd=place, check=True)
    assert {name: (place / name).read_bytes() for name in made} == made


def test_what_the_readme_says_of_networks_and_measures_runs(place: Path) -> None:
    done = in_shell(blocks("sh")[1], place)
    assert done.returncode == 0, done.stderr
    assert "draws among the first 10" in done.stderr
    assert "→ regions.graphml" in done.stderr
    named = set(re.findall(r"`(\w+)`", README.split("named for what it ties: ")[1].split(". Filters")[0]))
    assert named == {projection.value for projection in Projection}


def test_what_the_readme_says_of_gathering_runs(place: Path) -> None:
    done = in_shell(blocks("sh")[2], place)
    assert done.returncode == 0, done.stderr
    assert "1.13 each" in done.stderr
    assert "numbers equal their source to the digits that it prints" in done.stderr


def test_what_the_readme_says_of_the_chain_runs(place: Path) -> None:
    done = in_shell(blocks("sh")[3], place)
    assert done.returncode == 0, done.stderr
    assert "1 organizations and 0 products drop out" in done.stderr
    assert "Photovoltaic chain: anyone known: 6 of 6 stages held" in done.stderr
    assert "no weights within 20%" in done.stderr


def test_the_readmes_spreadsheet_gives_the_readmes_page(place: Path) -> None:
    book = xlsxwriter.Workbook(str(place / "roster.xlsx"))
    for name, table in re.findall(r"Sheet `(\S+)` .*?:\n\n(\|.*?)\n\n", README, re.DOTALL):
        sheet = book.add_worksheet(name)
        lines = [line for line in table.splitlines() if not line.startswith("|---")]
        for row, line in enumerate(lines):
            for column, cell in enumerate(line.strip("|").split("|")):
                sheet.write_string(row, column, cell.strip())
    book.close()
    done = in_shell(blocks("sh")[4], place)
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[0] == "note: made 3 organizations of names that no row has"
    assert "苏州纳米科技发展有限公司" in (place / "roster.html").read_text(encoding="utf-8")


def test_what_the_readme_says_of_being_sure_runs(place: Path) -> None:
    done = in_shell(blocks("sh")[5], place)
    assert done.returncode == 0, done.stderr
    assert "0 violations" in done.stderr
    assert "quotes-behind" in done.stdout
    assert len(blocks("sh")) == 6


def test_every_path_that_the_readme_links_to_is_there() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_two_commands_are_targets_of_the_makefile() -> None:
    (commands,) = blocks("")[:1] or [""]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in commands.split("\n"):
        if command:
            assert f"\n{command.removeprefix('make ')}:" in makefile


def test_the_changelog_begins_with_the_packages_version() -> None:
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == __version__


def test_no_address_of_a_registry_and_no_path_of_a_machine_is_written_down() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("this is no clone, so there is no list of files to look through")
    forbidden = re.compile(rb"pypi\.org|pythonhosted|npmjs|deb\.debian|(?<![\w.-])/(work|root|home)/")
    names = [name for name in listed.stdout.split("\0") if name and not name.endswith((".png",))]
    found = [name for name in names if (ROOT / name).is_file() and forbidden.search((ROOT / name).read_bytes())]
    assert found == ["tests/test_readme.py"]
