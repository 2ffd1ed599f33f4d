"""Take the pictures of what other programs print of our files: their own output, set as a terminal shows it.

Each picture is of a few commands that are run, one after another, in a folder with the files of a sample: it has the
commands and what they printed. ``python -m docs.pictures_of_tables`` takes all, with names
after it some. It needs chromium, the packages of the tests, and for one picture pyspark with Java.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from docs.pictures_elsewhere import ASSETS, smaller
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
_STYLE = """body { margin: 0; padding: 16px 20px; width: 860px; background: #10202c; color: #dfe7ee }
pre { margin: 0; font: 12.5px/1.35 "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace; white-space: pre }
b { color: #8fd3a8; font-weight: 400 }"""
_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")

_PREPARATION = [
    "chaingraph network $JIANGSU affiliation -o x.parquet",
    "chaingraph network $JIANGSU affiliation -o neo4j",
    "chaingraph build $JIANGSU -o jiangsu.kg",
    "chaingraph package $JIANGSU -o jiangsu-open",
]
"""What is run before the pictures, of which nothing is shown."""

_MEMBERS = """SELECT target_label AS consortium, count(*) AS members, count_if(role = 'lead') AS leads
FROM ties GROUP BY ALL ORDER BY members DESC, consortium LIMIT 6"""

SCRIPTS = {
    "members.py": f'''import duckdb

ties = duckdb.read_parquet("x.parquet")
print(duckdb.sql("""{_MEMBERS}"""))
''',
    "spark_members.py": f'''from pyspark.sql import SparkSession

spark = SparkSession.builder.config("spark.log.level", "ERROR").getOrCreate()
spark.read.parquet("x.parquet").createOrReplaceTempView("ties")
spark.sql("""{_MEMBERS}""").show(truncate=False)
''',
    "crate.py": """from rocrate.rocrate import ROCrate

crate = ROCrate("jiangsu-open")
print(crate.name)
print(crate.license["name"])
print(len(crate.data_entities), "files;", len(crate.root_dataset["isBasedOn"]), "sources, the first of them:")
print(crate.root_dataset["isBasedOn"][0]["name"])
""",
    "columns.py": """from csvw import TableGroup

group = TableGroup.from_file("jiangsu-open/csv-metadata.json")
for row in list(group.tabledict["industries.csv"].iterdicts())[1:3]:
    print({name: row[name] for name in ("id", "name", "name_en", "quote") if row[name]})
print("Every reference leads to a row:", group.check_referential_integrity())
""",
    "leads.py": """import rdflib
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

graph = rdflib.Graph(store="chaingraph", identifier=DATASET_DEFAULT_GRAPH_ID)
graph.open("jiangsu.kg")
CG = rdflib.Namespace("https://w3id.org/chaingraph/ontology#")
for organization, consortium in list(graph.subject_objects(CG.leads))[:5]:
    print(graph.value(organization, rdflib.RDFS.label), "→", graph.value(consortium, rdflib.RDFS.label))
print(len(graph), "triples")
""",
    "regions.py": """import chaingraph as cg

kg = cg.open("jiangsu.kg")
platforms = kg.query("SELECT ?platform ?level { ?p a cg:Platform ; rdfs:label ?platform ; cg:level ?level }")
print(type(platforms).__module__, platforms.dtypes.to_dict())
print(platforms.groupby("level").agg(platforms=("platform", "nunique"), one_of_them=("platform", "first")))
""",
}
"""Scripts that the pictures show and run."""

TERMINALS = {
    "duckdb": ["python members.py"],
    "spark": ["python spark_members.py"],
    "frictionless": ["frictionless validate jiangsu-open/datapackage.json | head -15"],
    "csvw": ["python columns.py"],
    "ro-crate": ["python crate.py"],
    "neo4j": ["head -3 neo4j/nodes.csv | cut -c1-105", "head -4 neo4j/ties.csv | cut -c1-150"],
    "rdflib": ["python leads.py"],
    "pandas": ["python regions.py"],
    "ownership": [
        "cut -c1-100 ftm.jsonl",
        "chaingraph import ownership ftm.jsonl -o ftm",
        "chaingraph ask ftm shareholders-of --format csv | cut -d, -f3,6,7",
        "chaingraph import ownership bods.json -o bods",
    ],
    "registers": [
        "chaingraph import ror ror.json -o ror",
        "chaingraph ask ror things-of-a-region -p region=Jiangsu --format csv | cut -c1-100",
        "chaingraph import openalex openalex.jsonl -o openalex",
        "chaingraph import facilities facilities.csv -o facilities",
    ],
}
"""The commands by picture."""


def main() -> None:
    """Take the pictures that are named, or all."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        for file, text in SCRIPTS.items():
            (folder / file).write_text(text, encoding="utf-8")
        shutil.copytree(ASSETS / "registers", folder, dirs_exist_ok=True)
        for command in _PREPARATION:
            output_of(command, folder)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        for one in sys.argv[1:] or TERMINALS:
            terminal(browser, f"{one}.png", TERMINALS[one], folder)
        browser.close()


def terminal(browser: Browser, name: str, commands: list[str], folder: Path) -> None:
    """Run commands, and take a picture of them and of what they print."""
    parts = []
    for command in commands:
        script = command.removeprefix("python ")
        lines = (SCRIPTS[script] + "\n" + output_of(command, folder)).rstrip() if script in SCRIPTS else ""
        lines = lines or output_of(command, folder).rstrip()
        shown = f"cat {script}; {command}" if script in SCRIPTS else command
        parts.append(f"<b>$ {html.escape(shown)}</b>\n{html.escape(lines)}\n")
    page = browser.new_page(viewport={"width": 900, "height": 200})
    page.set_content(f"<!DOCTYPE html><meta charset='utf-8'><style>{_STYLE}</style><pre>{'<br>'.join(parts)}</pre>")
    page.locator("body").screenshot(path=ASSETS / name)
    page.close()
    smaller(name)


def output_of(command: str, folder: Path) -> str:
    """Return what a command prints, without its colours."""
    environment = os.environ | {"JIANGSU": str(ROOT / "graph" / "jiangsu-2022"), "CHAINGRAPH_LANGUAGE": "en"}
    environment |= {"PYTHONWARNINGS": "ignore", "COLUMNS": "100", "NO_COLOR": "1"}
    result = subprocess.run(
        command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    # Spark warns on standard error of what it runs on.
    notes = "" if "python" in command else result.stderr
    return _ESCAPES.sub("", result.stdout + notes)


if __name__ == "__main__":
    main()
