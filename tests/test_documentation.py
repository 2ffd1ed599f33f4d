"""What the pages say is so: blocks run and print what is shown, links lead somewhere, no measured number is typed."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib import import_module
from pathlib import Path

import pytest
import yaml

from chaingraph import __version__
from tests.prose import ROOT, Reader, name_of, pages

CHINESE = {name_of(page): name_of(page).replace(".zh.", ".") for page in pages() if page.name.endswith(".zh.md")}
"""Pages with the same steps as an English one. Those of which the output is another are run, too, in Chinese."""
SKIPPED = {
    "docs/dependencies.md": ["it installs into an environment of its own"],
    "docs/how-to/engines.md": ["it installs", "the files are yours", "it needs a cluster"],
    "docs/how-to/large-sets.md": ["it needs tables in Parquet", "it needs the download"],
}
RUN_IN_CHINESE = {"docs/tutorial.zh.md", "docs/how-to/own-data.zh.md", "docs/how-to/documents.zh.md"}
WITH_STEPS = [
    page
    for page in pages()
    if Reader(page).runs() and name_of(page) not in {"README.md", *(set(CHINESE) - RUN_IN_CHINESE)}
]
PRINTED = {
    "docs/how-to/own-data.md": ("proposals over", "0 differences"),
    "docs/how-to/evidence.md": ("0 violations", "two leads"),
    "docs/how-to/measure.md": (
        "draws among the first 10",
        "→ affiliation.graphml",
        "1.13 each",
        "1 organization and 0 products drop out",
        "光伏产业链: anyone known: 6 of 6 stages held",
        "no weights within 20%",
    ),
    "docs/explanation/coverage.md": ("more-than",),
}
"""What must be among the output of a page's blocks, where the page itself does not show it."""


@pytest.mark.parametrize("page", WITH_STEPS, ids=name_of)
def test_every_block_of_a_page_runs_and_prints_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    reader = Reader(page)
    reader.follow(tmp_path)
    assert reader.differences == []
    assert reader.skipped == SKIPPED.get(name_of(page), [])
    printed = "".join(reader.printed)
    assert [words for words in PRINTED.get(name_of(page), ()) if words not in printed] == []


def test_the_five_lines_give_the_same_in_the_shell_and_in_python(tmp_path: Path) -> None:
    files: list[dict[str, bytes]] = []
    for kind in ("sh", "python"):
        folder = tmp_path / kind
        folder.mkdir()
        reader = Reader(ROOT / "README.md")
        reader.follow(folder, kind)
        assert ("江苏省新型显示产业技术创新联合体" in "".join(reader.printed)) == (kind == "sh")
        files.append({name: (folder / name).read_bytes() for name in ("jiangsu.ttl", "jiangsu.html")})
    assert files[0] == files[1]


@pytest.mark.parametrize("name", CHINESE)
def test_a_chinese_page_has_the_same_steps_as_the_english_one(name: str) -> None:
    kinds = ("sh", "python", "file", "sheet", "skip") if name in RUN_IN_CHINESE else None
    chinese, english = (
        [step for step in Reader(ROOT / each).steps() if kinds is None or step[0] in kinds]
        for each in (name, CHINESE[name])
    )
    assert chinese == english


def test_the_readme_fits_a_screen_in_both_languages_and_says_the_same() -> None:
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md")]
    first_parts = [re.split("^## ", text, flags=re.MULTILINE)[0] for text in texts]
    assert [len(part.splitlines()) <= 40 for part in first_parts] == [True, True]
    targets = [
        [re.sub(r"\.(?:zh|en)\.", ".", target) for target in re.findall(r"\]\(([^)\s]+)\)", text)] for text in texts
    ]
    assert [target for target in targets[0] if target != "README.md"] == [
        target for target in targets[1] if target != "README.md"
    ]


@pytest.mark.parametrize("suffix", ["", ".zh"])
def test_the_readme_says_with_which_versions_each_program_was_tried(suffix: str) -> None:
    """The page says how, and by which test; both name the same programs and versions."""
    tables = [
        [line.strip().strip("|").split(" | ") for line in path.read_text(encoding="utf-8").splitlines() if "|" in line]
        for path in (ROOT / f"README{suffix}.md", ROOT / "docs" / "reference" / f"works-with{suffix}.md")
    ]
    versions = [{row[0].strip(): set(re.findall(r"\d+(?:\.\d+)+", row[-1])) for row in table} for table in tables]
    of_page = {program: of for program, of in versions[1].items() if of}
    assert {program: versions[0].get(program) for program in of_page} == of_page


def test_a_page_that_shows_another_output_is_found_out(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```sh\necho 1\n```\n\n```text\n2\n```\n\nA figure:\n\n```text\n3\n```\n", encoding="utf-8")
    reader = Reader(page)
    reader.follow(tmp_path)
    assert [output for _, _, output in reader.differences] == ["```text\n1\n```"]


@pytest.mark.parametrize(
    "line", ["false", "chaingraph questions --no-such-option", "chaingraph query nowhere 'ASK {}'"]
)
def test_a_block_that_fails_is_found_out(line: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"```sh\n{line}\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="status"):
        Reader(page).follow(tmp_path)


def prose(page: Path) -> str:
    """Return a page without its code, its tables, its comments, and what is made of measurements."""
    text = re.sub(r"^<!-- generated: .*?^<!-- end -->$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"<!--.*?-->", "", without_fences(text), flags=re.DOTALL)
    return re.sub(r"`[^`]*`|^\|.*$", "", text, flags=re.MULTILINE)


def without_fences(text: str) -> str:
    return re.sub(r"^ *```.*?^ *```$", "", text, flags=re.DOTALL | re.MULTILINE)


def test_no_measured_number_is_typed_into_the_prose() -> None:
    units = r"ms|s|seconds?|KB|MB|GB|KiB|MiB|GiB|times|times (?:faster|slower)|秒|毫秒|倍"
    measured = re.compile(rf"\b\d[\d.,]*\s?(?:{units})\b")
    by_hand = [page for page in pages() if name_of(page) != "docs/conformance.md"]
    assert [(name_of(page), match[0]) for page in by_hand for match in measured.finditer(prose(page))] == []


def test_what_is_made_of_code_and_data_is_kept_as_it_is_made_now() -> None:
    sys.path.insert(0, str(ROOT / "docs"))
    files: dict[Path, str] = import_module("generated").files()
    assert {ROOT / "docs/reference/tables.md", ROOT / "docs/how-to/own-data.md", ROOT / "CONTRIBUTING.md"} <= set(files)
    stale = [name_of(path) for path, text in files.items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run: python docs/generate.py"


def anchors(text: str) -> set[str]:
    """The anchors of a page as GitHub makes them: its headings in lower case, and the ids that it names."""
    headings = re.findall(r"^#+ (.+)$", without_fences(text), re.MULTILINE)
    slugs = {re.sub(r"[^\w\s-]", "", heading).strip().lower().replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)">', text))


@pytest.mark.parametrize("page", [page for page in pages() if name_of(page) != "docs/index.md"], ids=name_of)
def test_a_page_opens_as_it_lies_in_the_repository(page: Path) -> None:
    """Without a build: nothing is left open, and each link leads to a file that is there. The site has its own home."""
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"<!-- include.*|\{\{.*|^::: .*|^(?:!!!|\?\?\?).*", text, re.MULTILINE) == []
    assert re.findall(r"<!-- generated: .* -->\s*<!-- end -->", text) == []
    for target in re.findall(r"\]\(([^)\s]+)\)", without_fences(text)):
        if re.match(r"https?:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"leads to {target}"
        if anchor and file.suffix == ".md":
            assert anchor in anchors(file.read_text(encoding="utf-8")), f"leads to {target}"


def test_every_page_written_by_hand_is_in_the_menu() -> None:
    menu = set(re.findall(r"(?:: |- )([\w./-]+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE))
    written = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert written - menu == set()


def test_the_contributing_page_names_every_check_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    checks = re.findall(r"^make (\w+)$", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert checks == ["check", "test", "docs"]
    targets = {
        target for page in pages() for target in re.findall(r"(?:^|`)make (\w+)", page.read_text("utf-8"), re.MULTILINE)
    }
    assert {"ontology", "demo", "conformance"} <= targets
    assert [target for target in sorted(targets) if f"\n{target}:" not in makefile] == []


def test_the_package_keeps_to_the_sizes_and_the_exceptions_that_the_contributing_page_states() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    limits = re.search(r"has at most (\d+) lines, a function at most (\d+)", text)
    assert limits is not None
    too_long = []
    for path in sorted((ROOT / "src").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        sizes = {"module": source.count("\n")}
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                sizes[node.name] = (node.end_lineno or node.lineno) - node.lineno + 1
            elif isinstance(node, ast.ExceptHandler):
                assert node.type is not None, path
                assert not (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")), path
        most = {name: int(limits[1 if name == "module" else 2]) for name in sizes}
        too_long += [(path.name, name, size) for name, size in sizes.items() if size > most[name]]
    assert too_long == []


def test_every_path_that_the_contributing_page_names_is_there() -> None:
    text = without_fences((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    named = re.findall(r"`(?:python )?([\w.-]+/[\w./-]*|[\w-]+\.(?:toml|md|json))(?: [^`]*)?`", text)
    paths = [name.replace("NAME", "*") for name in named]
    assert len(paths) > 20
    assert [path for path in paths if not any((*ROOT.glob(path), *ROOT.glob(f"src/chaingraph/*/{path}")))] == []


def test_the_changelog_says_by_kind_what_changed_in_this_version_and_since() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## \[(.+)\]", text, re.MULTILINE)
    cited = re.findall(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    assert (versions[:2], cited) == (["Unreleased", __version__], [__version__])
    kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
    for section in re.split(r"^## .*$", text, flags=re.MULTILINE)[1:]:
        headings = re.findall(r"^### (.+)$", section, re.MULTILINE)
        assert headings == [kind for kind in kinds if kind in headings]
        assert all(re.findall(rf"^### {kind}\n\n- ", section, re.MULTILINE) for kind in headings)


def test_no_address_of_a_registry_and_no_path_of_a_machine_is_written_down() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("this is no clone, so there is no list of files to look through")
    forbidden = re.compile(rb"pypi\.org|pythonhosted|npmjs|deb\.debian|(?<![\w.-])/(work|root|home)/")
    names = [name for name in listed.stdout.split("\0") if name and not name.endswith((".png",))]
    found = [name for name in names if (ROOT / name).is_file() and forbidden.search((ROOT / name).read_bytes())]
    assert found == [name for name in ("tests/test_documentation.py",) if name in names]


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


def test_the_recipe_for_conda_and_the_metadata_for_zenodo_say_what_the_project_says() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    recipe = yaml.safe_load((ROOT / "conda" / "recipe.yaml").read_text(encoding="utf-8"))
    assert recipe["context"]["version"] == __version__
    assert {one.replace(" ", "") for one in recipe["requirements"]["run"]} == {
        f"python{project['requires-python']}",
        *project["dependencies"],
    }
    zenodo = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert [one["name"] for one in zenodo["creators"]] == [one["name"] for one in citation["authors"]]
    assert (zenodo["title"], zenodo["license"], zenodo["keywords"]) == tuple(
        citation[name] for name in ("title", "license", "keywords")
    )
