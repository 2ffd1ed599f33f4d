"""The own scripts of each kind of page, which run as one function."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

import pytest

from chaingraph.briefing.map_page import SCRIPTS as MAP_SCRIPTS
from chaingraph.briefing.words import words as briefing_words
from chaingraph.webpage.document import SHARED_SCRIPTS
from chaingraph.webpage.rendering import SCRIPTS
from chaingraph.webpage.words import Text, words, words_with_shared

SHARED = files("chaingraph.webpage").joinpath("shared")


@dataclass(frozen=True)
class Kind:
    """A kind of page: its folder, its scripts, its template, and its words beside the shared ones."""

    folder: Traversable
    scripts: tuple[str, ...]
    template: str
    words: dict[str, Text]

    def texts(self) -> dict[str, str]:
        paths = {f"shared/{name}": SHARED.joinpath(name) for name in SHARED_SCRIPTS}
        paths |= {name: self.folder.joinpath("js", name) for name in self.scripts}
        return {name: path.read_text(encoding="utf-8") for name, path in paths.items()}


NETWORK = Kind(files("chaingraph.webpage"), SCRIPTS, "network.html.j2", dict(words()["page"]))
CHAIN_MAP = Kind(
    files("chaingraph.briefing"), MAP_SCRIPTS, "chain_map.html.j2", dict(briefing_words()["page"])
)  # fmt: skip
each_kind = pytest.mark.parametrize("kind", [NETWORK, CHAIN_MAP], ids=["network", "chain map"])


@each_kind
def test_every_script_of_the_folder_is_part_of_the_page(kind: Kind) -> None:
    assert sorted(kind.scripts) == sorted(script.name for script in kind.folder.joinpath("js").iterdir())
    shared = [file.name for file in SHARED.iterdir() if file.name.endswith(".js")]
    assert sorted(SHARED_SCRIPTS) == sorted(shared)


@each_kind
def test_no_two_scripts_give_one_name_to_two_things(kind: Kind) -> None:
    # Of two functions of one name the later would silently take the place of the earlier.
    declared = re.compile(r"^(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)
    names = Counter(name for text in kind.texts().values() for name in declared.findall(text))
    assert len(names) > 100
    assert [name for name, count in names.items() if count > 1] == []


@each_kind
def test_every_word_of_the_page_is_in_both_languages_and_is_used(kind: Kind) -> None:
    templates = [SHARED.joinpath("base.html.j2"), kind.folder.joinpath(kind.template)]
    text = "\n".join([*kind.texts().values(), *(path.read_text(encoding="utf-8") for path in templates)])
    literal = r"""words\(\)\.(\w+)|word\('(\w+)'\)|data-(?:label|placeholder)="(\w+)\""""
    keys = {key for match in re.findall(literal, text) for key in match if key}
    page_words = words_with_shared(kind.words)
    assert set(kind.words["en"]) & set(words()["shared"]["en"]) == set()
    assert set(page_words["zh"]) == set(page_words["en"])
    assert keys <= set(page_words["zh"])
    # The others are named by a text: words()[`theme_${name}`], word('export_' + one), withNumber("more", 2), "csv_id".
    patterns = re.findall(r"\[`(\w+_)\$\{|words\(\)\[`\w*\$\{key\}(_1)`", text)
    assert patterns
    prefixes = ("theme_", "rows_", "steps_", "export_", *(prefix for prefix, _ in patterns if prefix))
    rest = {key for key in set(page_words["zh"]) - keys if not key.startswith(prefixes)}
    unused = {key for key in rest if f'"{key}"' not in text and f'"{key.removesuffix("_1")}"' not in text}
    assert unused == set()


@each_kind
def test_no_script_is_longer_than_one_can_read_at_once(kind: Kind) -> None:
    lengths = {name: text.count("\n") for name, text in kind.texts().items()}
    assert {name: length for name, length in lengths.items() if length > 400} == {}
