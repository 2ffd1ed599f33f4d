"""The page's own scripts, which run as one function."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files

from chaingraph.webpage.document import SHARED_SCRIPTS
from chaingraph.webpage.rendering import SCRIPTS
from chaingraph.webpage.words import words, words_with_shared

FOLDER = files("chaingraph.webpage")
PATHS = [f"shared/{name}" for name in SHARED_SCRIPTS] + [f"js/{name}" for name in SCRIPTS]


def test_every_script_of_the_folder_is_part_of_the_page() -> None:
    assert sorted(SCRIPTS) == sorted(script.name for script in FOLDER.joinpath("js").iterdir())
    shared = [file.name for file in FOLDER.joinpath("shared").iterdir() if file.name.endswith(".js")]
    assert sorted(SHARED_SCRIPTS) == sorted(shared)


def test_no_two_scripts_give_one_name_to_two_things() -> None:
    # Of two functions of one name the later would silently take the place of the earlier.
    declared = re.compile(r"^(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)
    texts = [FOLDER.joinpath(name).read_text(encoding="utf-8") for name in PATHS]
    names = Counter(name for text in texts for name in declared.findall(text))
    assert len(names) > 100
    assert [name for name, count in names.items() if count > 1] == []


def test_every_word_of_the_page_is_in_both_languages_and_is_used() -> None:
    texts = [FOLDER.joinpath(name).read_text(encoding="utf-8") for name in PATHS]
    texts += [FOLDER.joinpath(name).read_text(encoding="utf-8") for name in ("shared/base.html.j2", "network.html.j2")]
    text = "\n".join(texts)
    literal = r"""words\(\)\.(\w+)|word\('(\w+)'\)|data-(?:label|placeholder)="(\w+)\""""
    keys = {key for match in re.findall(literal, text) for key in match if key}
    page_words = words_with_shared(words()["page"])
    assert set(words()["page"]["en"]) & set(words()["shared"]["en"]) == set()
    assert set(page_words["zh"]) == set(page_words["en"])
    assert keys <= set(page_words["zh"])
    # The others are named by a text: words()[`theme_${name}`], word('export_' + one), action("focus_1").
    prefixes = ("theme_", "rows_", "steps_", "export_")
    rest = {key for key in set(page_words["zh"]) - keys if not key.startswith(prefixes)}
    assert {key for key in rest if f'"{key}"' not in text} == set()


def test_no_script_is_longer_than_one_can_read_at_once() -> None:
    lengths = {name: FOLDER.joinpath(name).read_text(encoding="utf-8").count("\n") for name in PATHS}
    assert {name: length for name, length in lengths.items() if length > 400} == {}
