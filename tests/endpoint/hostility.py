"""A store whose words try to be markup, scripts, addresses, formulas and reading orders, and are very long."""

from __future__ import annotations

from pathlib import Path

from chaingraph.store import KnowledgeGraph

LONG = "長" * 5000 + "W" * 5000
ID = "https://w3id.org/chaingraph/id"
_MANY = 130


def hostile_store(folder: Path) -> Path:
    """Build the store: the Turtle beside this file, one thing with a name of 10,000 characters, and many platforms."""
    text = Path(__file__).with_name("hostile.ttl").read_text(encoding="utf-8")
    text += f'<{ID}/a/organizations/long> a cg:Organization ; rdfs:label "{LONG}"@zh ; cg:kind "{LONG}" .\n'
    for number in range(_MANY):
        text += (
            f'<{ID}/a/platforms/p{number:03}> a cg:Platform ; rdfs:label "平台{number}"@zh ;'
            f" cg:hostedBy <{ID}/a/organizations/long> .\n"
        )
    source, store = folder / "hostile.ttl", folder / "hostile.kg"
    source.write_text(text, encoding="utf-8")
    KnowledgeGraph.build([source], store)
    return store
