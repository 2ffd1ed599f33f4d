"""What morph-kgc needs to make the same graph: the tables with their ids as CSV, and a mapping made from the contract.

RML has no cell that is a list of values, and no date that is a year or a month; so lists are left out, dates are plain
texts, and labels carry no language. The graph is smaller for that: compare triples a second, not seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chaingraph.tables.contract import Column, Table

HEAD = "@prefix rr: <http://www.w3.org/ns/r2rml#> .\n@prefix rml: <http://semweb.mmlab.be/ns/rml#> .\n"
HEAD += "@prefix ql: <http://semweb.mmlab.be/ns/ql#> .\n"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPED = ("decimal", "integer", "boolean", "anyURI")


def write(source: Path, folder: Path) -> Path:
    """Write the tables, the mapping and the configuration of a data set folder; return the configuration's path."""
    from chaingraph.tables import contract, read

    folder.mkdir()
    data_set = read(source)
    parts = [HEAD]
    for name, frame in data_set.tables.items():
        table = contract()[name]
        scalar = [column.name for column in table.cells if not column.is_list]
        frame.select(name for name in scalar if name in frame.columns).write_csv(folder / f"{name}.csv")
        parts += _maps(table, folder / f"{name}.csv", data_set.description.base)
    (folder / "mapping.ttl").write_text("".join(parts), encoding="utf-8")
    settings = f"[CONFIGURATION]\noutput_file: {folder / 'out.nt'}\nnumber_of_processes: 1\nlogging_level: ERROR\n"
    (folder / "config.ini").write_text(f"{settings}[tables]\nmappings: {folder / 'mapping.ttl'}\n", encoding="utf-8")
    return folder / "config.ini"


def _maps(table: Table, path: Path, base: str) -> Iterator[str]:
    subject = _template(table.about_url, base)
    yield f'\n<#{table.name}> rml:logicalSource [ rml:source "{path}" ; rml:referenceFormulation ql:CSV ] ;\n'
    yield f'  rr:subjectMap [ rr:template "{subject}" ]'
    for column in table.columns:
        if column.property_url is None or column.is_list or (column.virtual and column.when):
            continue
        what = f"rr:predicate <{column.property_url}> ; rr:objectMap [ {_object(column, base)} ]"
        yield f" ;\n  rr:predicateObjectMap [ {what} ]"
    yield " .\n"


def _object(column: Column, base: str) -> str:
    if column.value_url is not None and "{" not in column.value_url:
        return f"rr:constant <{column.value_url}>"
    if column.value_url is not None:
        return f'rr:template "{_template(column.value_url, base)}"'
    typed = f" ; rr:datatype <{XSD}{column.datatype}>" if column.datatype in TYPED else ""
    return f'rml:reference "{column.name}"{typed}'


def _template(template: str, base: str) -> str:
    return template if template.startswith("http") else base + template
