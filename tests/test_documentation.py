"""What the pages say is so: blocks run and print what is shown, links lead somewhere, no measured number is typed."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from chaingraph import __version__
from tests.prose import ROOT, Step, carried_out, name_of, pages, prose, steps, trimmed

CHINESE = {"README.zh.md": "README.md", "docs/tutorial.zh.md": "docs/tutorial.md"}
"""Pages with the same steps as an English one, which is the one that is run."""
NOT_RUN = {"docs/how-to/large-sets.md": ["it needs the download"]}
MADE = ("docs/conformance.md",)
"""Pages that a script writes: what they say is not prose, and they are held by that script's own tests."""
WITH_STEPS = [page for page in pages() if steps(page) and name_of(page) not in {*CHINESE, "README.md"}]
SAID = {
    "docs/how-to/own-data.md": ("proposals over", "0 differences"),
    "docs/how-to/evidence.md": ("0 violations", "two leads"),
    "docs/how-to/measure.md": (
        "draws among the first 10",
        "→ affiliation.graphml",
        "1.13 each",
        "1 organization and 0 products drop out",
        "Photovoltaic chain: anyone known: 6 of 6 stages held",
        "no weights within 20%",
    ),
    "docs/explanation/coverage.md": ("more-than",),
}
"""What must be among the output of a page's blocks, where the page itself does not show it."""


def run(told: list[Step], place: Path) -> list[tuple[Step, str]]:
    """Carry out steps in a folder, and return each with what it printed; a step that fails fails the test."""
    done = []
    for step, status, output in carried_out(told, place):
        expected = int(step.reason) if step.mark == "status" else 0
        assert status == expected, f"line {step.line}: {step.text}{output}"
        done.append((step, output))
    return done


@pytest.mark.parametrize("page", WITH_STEPS, ids=name_of)
def test_every_block_of_a_page_runs_and_prints_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    done = run(steps(page), tmp_path)
    for step, output in done:
        if step.expected is not None:
            assert trimmed(output) == trimmed(step.expected), f"{name_of(page)}:{step.line}"
    printed = "".join(output for _, output in done)
    for words in SAID.get(name_of(page), ()):
        assert words in printed


def test_the_five_lines_give_the_same_in_the_shell_and_in_python(tmp_path: Path) -> None:
    made: list[dict[str, bytes]] = []
    for step in steps(ROOT / "README.md"):
        place = tmp_path / step.kind
        place.mkdir()
        (printed,) = (output for _, output in run([step], place))
        assert ("江苏省新型显示产业技术创新联合体" in printed) == (step.kind == "sh")
        made.append({name: (place / name).read_bytes() for name in ("jiangsu.ttl", "jiangsu.html")})
    assert made[0] == made[1]


@pytest.mark.parametrize("name", CHINESE)
def test_a_chinese_page_has_the_same_steps_as_the_english_one(name: str) -> None:
    def of(name: str) -> list[tuple[str, str, str, str, str | None]]:
        return [(s.kind, s.text, s.name, s.sheet, s.expected) for s in steps(ROOT / name)]

    assert of(name) == of(CHINESE[name])


def test_what_is_not_run_is_listed_here() -> None:
    found = {name_of(page): [step.reason for step in steps(page) if step.mark == "not run"] for page in pages()}
    assert {name: reasons for name, reasons in found.items() if reasons} == NOT_RUN


def test_no_measured_number_is_typed_into_the_prose() -> None:
    units = r"ms|s|seconds?|KB|MB|GB|KiB|MiB|GiB|times|times (?:faster|slower)|秒|毫秒|倍"
    measured = re.compile(rf"\b\d[\d.,]*\s?(?:{units})\b")
    found = [
        (name_of(page), match[0])
        for page in pages()
        if name_of(page) not in MADE
        for match in measured.finditer(prose(page))
    ]
    assert found == []


def anchors(text: str) -> set[str]:
    """The anchors of a page: its headings, as they become addresses."""
    headings = re.findall(
        r"^#+ (.+)$", re.sub(r"^ *```.*?^ *```$", "", text, flags=re.DOTALL | re.MULTILINE), re.MULTILINE
    )
    return {re.sub(r"[\s_]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower()) for heading in headings}


MADE_PAGES = re.compile(r"docs/reference/(?:commands|tables|codes|ontology|questions|python/\w+)\.md")
"""Pages that ``make docs`` makes; it holds the links to them, and their anchors."""


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_every_link_inside_leads_somewhere(page: Path) -> None:
    text = re.sub(r"^ *```.*?^ *```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?:", target):
            continue
        path, _, anchor = target.partition("#")
        led = (page.parent / path).resolve() if path else page
        if MADE_PAGES.fullmatch(led.relative_to(ROOT).as_posix()):
            continue
        assert led.exists(), f"{name_of(page)} leads to {target}"
        if anchor and led.suffix == ".md":
            assert anchor in anchors(led.read_text(encoding="utf-8")), f"{name_of(page)} leads to {target}"


def test_every_page_written_by_hand_is_in_the_menu() -> None:
    menu = set(re.findall(r"(?:: |- )([\w./-]+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE))
    written = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert written - menu == set()


def test_the_contributing_page_names_every_check_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    told = re.findall(r"^make (\w+)$", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert told == ["check", "test", "docs"]
    told += re.findall(r"^make (\w+)$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [target for target in told if f"\n{target}:" not in makefile] == []


def test_the_changelog_and_the_citation_have_the_packages_version() -> None:
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    cited = re.findall(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    assert (headings[0], cited) == (__version__, [__version__])


def test_no_address_of_a_registry_and_no_path_of_a_machine_is_written_down() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("this is no clone, so there is no list of files to look through")
    forbidden = re.compile(rb"pypi\.org|pythonhosted|npmjs|deb\.debian|(?<![\w.-])/(work|root|home)/")
    names = [name for name in listed.stdout.split("\0") if name and not name.endswith((".png",))]
    found = [name for name in names if (ROOT / name).is_file() and forbidden.search((ROOT / name).read_bytes())]
    assert found == [name for name in ("tests/test_documentation.py",) if name in names]


def test_importing_chaingraph_loads_none_of_the_heavy_libraries() -> None:
    heavy = ["networkit", "networkx", "numpy", "pandas", "polars", "pyoxigraph", "rdflib", "scipy", "typer"]
    code = f"import sys, chaingraph; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.wheel
def test_the_source_package_holds_the_pages_and_its_description_can_be_shown(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    packages = sorted(tmp_path.iterdir())
    checked = subprocess.run(
        [sys.executable, "-m", "twine", "check", "--strict", *packages], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    (source,) = (path for path in packages if path.name.endswith(".tar.gz"))
    with tarfile.open(source) as held:
        names = {name.partition("/")[2] for name in held.getnames()}
    root = {"README.md", "README.zh.md", "CITATION.cff", "CONTRIBUTING.md", "SECURITY.md", "LICENSE", "mkdocs.yml"}
    assert {name_of(page) for page in pages()} | root <= names
    (wheel,) = (path for path in packages if path.suffix == ".whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    for folder, suffix in (("src/chaingraph", ""), ("ontology", ""), ("graph/jiangsu-2022", ".csv")):
        for path in (ROOT / folder).rglob(f"*{suffix}"):
            if path.is_file() and path.name != "make.py" and "__pycache__" not in path.parts:
                assert f"chaingraph/{path.relative_to(ROOT).as_posix().removeprefix('src/chaingraph/')}" in inside
