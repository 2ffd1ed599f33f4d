"""``ro-crate-metadata.json``: a data set with its files as a research object.

Source: P. Sefton et al., RO-Crate Metadata Specification 1.1 (2020).
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from chaingraph.tables.metadata import CSVW, FILE_NAME, FRICTIONLESS, RO_CRATE, one_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chaingraph.tables.metadata import Description
    from chaingraph.tables.packages import PackageTable

_SPECIFICATION = "https://w3id.org/ro/crate/1.1"
_SPDX = re.compile(r"[A-Z][A-Za-z0-9]*([.-][A-Za-z0-9]+)+")
_FILES = {
    FILE_NAME: "The description of the data set",
    FRICTIONLESS: "The tables for Frictionless Data",
    CSVW: "The tables for CSV on the Web",
}


def research_object(description: Description, tables: Mapping[str, PackageTable], day: str | None) -> dict[str, Any]:
    """Return the metadata of a crate; where no source has a day, the crate was published today.

    Args:
        description: The description of the data set.
        tables: Its tables by name.
        day: When it was made, as year, month and day.
    """
    title = one_text(description.title) or description.name
    words = [one_text(description.description), one_text(description.attribution)]
    sources = {one["url"]: one.get("title") or one["url"] for one in description.sources if one.get("url")}
    licence = _licence(description.licence)
    parts = [
        _file(one.file_name, f"{one.table.titles[0]} ({one.table.title_zh})", "text/csv") for one in tables.values()
    ]
    parts += [_file(name, words, "application/json") for name, words in _FILES.items()]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "identifier": description.iri,
        "name": title,
        "description": " ".join(filter(None, words)) or title,
        "datePublished": day or date.today().isoformat(),
        "license": {"@id": licence["@id"]},
        "isBasedOn": [{"@id": url} for url in sources],
        "hasPart": [{"@id": part["@id"]} for part in parts],
    }
    descriptor = {
        "@id": RO_CRATE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": _SPECIFICATION},
        "about": {"@id": "./"},
    }
    works = [{"@id": url, "@type": "CreativeWork", "name": name} for url, name in sources.items()]
    graph = [descriptor, {name: value for name, value in root.items() if value != []}, *parts, licence, *works]
    return {"@context": f"{_SPECIFICATION}/context", "@graph": graph}


def _licence(text: str | None) -> dict[str, Any]:
    """Return the licence as a work: at its address where it is an identifier of SPDX."""
    if text is not None and _SPDX.fullmatch(text):
        return {"@id": f"https://spdx.org/licenses/{text}", "@type": "CreativeWork", "name": text}
    words = text or "The data set states no licence"
    return {"@id": "#licence", "@type": "CreativeWork", "name": words, "description": words}


def _file(name: str, words: str, media_type: str) -> dict[str, Any]:
    return {"@id": name, "@type": "File", "name": words, "encodingFormat": media_type}
