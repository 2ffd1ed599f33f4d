"""Messages: every one is marked for translation and has a Chinese one, which fills the same fields."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from babel.messages.pofile import read_po

from chaingraph.messages import LazyText, catalogue, lazy_tr, quantity_in_language, tr

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "chaingraph"
FIELD = re.compile(r"(?<!\{)\{(\w*)")
HAN = re.compile("[\u4e00-\u9fff]")
WORDS = re.compile(r"\b[A-Za-z]{2,}\b.*\s.*\b[A-Za-z]{2,}\b", re.DOTALL)
WORD = re.compile(r"[A-Za-z]{3,}")
COMMAND = re.compile(r"^(\n| )*chaingraph\b|^--")
"""What is typed, and the program's name before a message."""
SAID = {"say", "say_note", "progress", "report", "tell", "self._report"}
REFUSED = {"refuse", "problems.append", "notes.append"}
FOR_PROGRAMS = ("assistant/", "importers/cordis/__init__.py", "messages.py", "rosters/values.py", "rosters/sheet.py")
"""What an assistant reads, what becomes part of a data set, and codes of remarks whose words stand in words.json."""


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAINGRAPH_LANG", "zh")


def _maintenance() -> ModuleType:
    specification = importlib.util.spec_from_file_location("messages_of_docs", ROOT / "docs" / "messages.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_the_catalogues_hold_every_message_of_the_code_and_no_other() -> None:
    # If this fails: python docs/messages.py brings them up to date and lists what has no translation.
    for path, content in _maintenance().files().items():
        assert path.read_bytes() == content, path


def test_every_message_has_a_translation_with_its_fields() -> None:
    with (SOURCE / "locale" / "zh" / "LC_MESSAGES" / "chaingraph.po").open("rb") as file:
        entries = [entry for entry in read_po(file, locale="zh") if entry.id]
    assert len(entries) > 1_000
    faults = []
    for entry in entries:
        english, translation = str(entry.id), str(entry.string)
        fields = set(FIELD.findall(english)) | ({"count"} if entry.context else set())
        if not translation or not set(FIELD.findall(translation)) <= fields:
            faults.append((english, translation))
    assert faults == []


def _texts(node: ast.AST) -> list[str]:
    """Return the texts under a node that stand outside of `tr` and `lazy_tr`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"tr", "lazy_tr", "quantity"}:
        return []
    if isinstance(node, ast.JoinedStr):
        constants = [part.value for part in node.values if isinstance(part, ast.Constant)]
        nested = [text for part in node.values if isinstance(part, ast.FormattedValue) for text in _texts(part.value)]
        return [" ".join(map(str, constants)), *nested]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.Subscript):
        return _texts(node.value)
    return [text for child in ast.iter_child_nodes(node) for text in _texts(child)]


def _unmarked(path: Path) -> list[tuple[str, int, str]]:
    """Return what a module says in words that are not marked: one word where it is said, else two."""
    spoken: list[tuple[ast.AST, re.Pattern[str]]] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Raise) and node.exc is not None:
            spoken.append((node.exc, WORDS))
        if isinstance(node, ast.Call) and (name := ast.unparse(node.func)) in SAID | REFUSED:
            spoken += [(argument, WORD if name in SAID else WORDS) for argument in node.args]
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {"message", "reason"}:
            spoken.append((node.value, WORDS))
    return [
        (path.relative_to(SOURCE).as_posix(), getattr(node, "lineno", 0), text)
        for node, words in spoken
        for text in _texts(node)
        if words.search(text) and not COMMAND.search(text)
    ]


def test_what_is_refused_or_said_is_marked_for_translation() -> None:
    files = [path for path in SOURCE.rglob("*.py") if not path.relative_to(SOURCE).as_posix().startswith(FOR_PROGRAMS)]
    assert [fault for path in files for fault in _unmarked(path)] == []


def test_an_unmarked_message_would_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "SOURCE", tmp_path)
    path = tmp_path / "a.py"
    path.write_text(
        'raise UsageError(f"{name} is no number")\nsay(tr("that is fine"))\nprogress("drawing")\n', encoding="utf-8"
    )
    assert _unmarked(path) == [("a.py", 1, " is no number"), ("a.py", 3, "drawing")]


@pytest.mark.usefixtures("chinese")
def test_values_fill_the_fields_after_translation_and_are_not_read_as_fields() -> None:
    hostile = "{0} {path.__class__} {"
    assert tr("cannot write {path}: it is a folder; name a file", path=hostile) == (
        f"无法写入 {hostile}：它是文件夹；请给出文件"
    )
    assert tr("a message that no catalogue has {x}", x=1) == "a message that no catalogue has 1"


def test_a_lazy_message_is_english_as_a_text_and_translated_where_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    message = lazy_tr("expected a number")
    assert isinstance(message, LazyText)
    monkeypatch.setenv("CHAINGRAPH_LANG", "zh")
    assert f"{message}" == str(message) == "应为数"
    assert lazy_tr("expected at least {}").format(3) == "应不小于 3"
    monkeypatch.setenv("CHAINGRAPH_LANG", "en")
    assert f"{message}" == message == "expected a number"


def test_a_number_takes_the_measure_word_of_its_noun(monkeypatch: pytest.MonkeyPatch) -> None:
    assert quantity_in_language(3, "rows") is None
    monkeypatch.setenv("CHAINGRAPH_LANG", "zh")
    assert quantity_in_language(3_000, "organizations") == "3,000 个单位"
    assert quantity_in_language(2, "widgets") == "2 widgets"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"CHAINGRAPH_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "zh_TW.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.GB18030"}, "zh"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_language_is_that_of_the_variable_then_of_the_locale(
    environment: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chaingraph.messages import user_language

    for name in ("CHAINGRAPH_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert user_language() == language


def test_english_has_no_catalogue() -> None:
    assert type(catalogue("en")).__name__ == "NullTranslations"
    untranslated: Any = catalogue("en").gettext("expected a number")
    assert untranslated == "expected a number"
