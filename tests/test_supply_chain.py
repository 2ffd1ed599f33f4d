"""The pins, their hashes, the bill of materials and the list of dependencies agree."""

from __future__ import annotations

import json
import re
import runpy
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
pins = runpy.run_path(str(ROOT / "docs" / "bill_of_materials.py"))["pins"]
licence = runpy.run_path(str(ROOT / "docs" / "bill_of_materials.py"))["licence"]
packages = runpy.run_path(str(ROOT / "docs" / "generated" / "packages.py"))
summary = runpy.run_path(str(ROOT / "docs" / "audit.py"))["summary"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8")
OURS = {"bench", "dev", "neighbours", "notebooks"}
"""Extras that only this repository needs."""


def test_every_pin_has_the_hashes_of_its_files() -> None:
    """After a change of a pin: make lock."""
    versions = {package: version for package, (version, _) in pins(CONSTRAINTS).items()}
    assert {package: version for package, (version, _) in pins(LOCK).items()} == versions
    assert [package for package, (_, hashes) in pins(LOCK).items() if not hashes] == []


def test_the_bill_of_materials_lists_every_pin_with_its_hashes() -> None:
    bill = json.loads((ROOT / "bom.json").read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    listed = {
        one["name"]: (one["version"], sorted(each["value"] for each in one["properties"])) for one in bill["components"]
    }
    assert listed == {package: (version, sorted(hashes)) for package, (version, hashes) in pins(LOCK).items()}
    assert all(one["purl"] == f"pkg:pypi/{one['name']}@{one['version']}" for one in bill["components"])


def test_the_page_of_dependencies_says_what_each_is_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = {
        re.split(r"[<>=\[ ]", requirement)[0]
        for requirement in (
            *project["dependencies"],
            *(one for name in extras if name not in OURS for one in extras[name]),
        )
    }
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| ([a-z][a-z0-9-]+) \|", text, re.MULTILINE)) == needed


def test_an_audit_that_asked_nothing_is_no_clean_bill() -> None:
    weakness = {"id": "PYSEC-1", "fix_versions": ["2"], "aliases": [], "description": ""}
    clean, weak, skipped = (
        {"name": "a", "version": "1", "vulns": []},
        {"name": "b", "version": "1", "vulns": [weakness]},
        {"name": "c", "skip_reason": "not found"},
    )
    assert [
        summary("osv", {"dependencies": pins}) for pins in ([clean], [clean, weak], [clean, skipped], [skipped])
    ] == [
        (0, ["osv: 1 of 1 pins asked about, 0 known weaknesses"]),
        (1, ["b 1: PYSEC-1, mended in 2", "osv: 2 of 2 pins asked about, 1 known weaknesses"]),
        (2, ["osv: 1 of 2 pins asked about, 0 known weaknesses"]),
        (2, ["osv: nothing was asked: it knows none of the 1 pins"]),
    ]


def test_every_package_that_is_installed_with_chaingraph_has_a_licence_and_none_is_of_the_gpl() -> None:
    listed = packages["licences"]()
    # Windows alone has it, for the extra assistant; a lock that is made elsewhere cannot have its files.
    assert packages["installable"]() - set(listed) == {"pywin32"}
    unclear = {name: text for name, (_, text) in listed.items() if re.search(r"GPL|General Public|UNKNOWN|^$", text)}
    assert unclear == {}


def test_the_bill_of_materials_has_the_licences_that_the_packages_state() -> None:
    """After a change of a pin: make lock."""
    bill = json.loads((ROOT / "bom.json").read_text(encoding="utf-8"))
    named = {one["name"]: one["licenses"][0]["license"]["name"] for one in bill["components"] if "licenses" in one}
    stated = {name: text for name in packages["installable"]() if (text := licence(name)) is not None}
    assert {name: named.get(name) for name in stated} == stated
