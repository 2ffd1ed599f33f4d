"""``chaingraph import ownership``, ``ror``, ``openalex``, ``facilities`` and ``package`` make data set folders."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chaingraph.cli.command import Panel, option
from chaingraph.cli.output import Format, FormatOption, print_frame, progress, quantity, say
from chaingraph.export.files import replacement
from chaingraph.messages import enumeration, tr, user_language

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from chaingraph.importers.records import Imported, Register

_EXAMPLES = 3


@dataclass(frozen=True)
class Download:
    """A download, and what is made of it."""

    path: Annotated[Path, typer.Argument(metavar="PATH", help="The download; it may be compressed.")]
    output: Annotated[Path, option(Panel.OUTPUT, "The folder to write.", "--output", "-o", metavar="FOLDER")]
    name: Annotated[str | None, option(Panel.OUTPUT, "The data set's name; else the folder's.", metavar="NAME")] = None
    faults: Annotated[
        Path | None, option(Panel.OUTPUT, "Write every fault of the source to this .csv file.", metavar="FILE")
    ] = None
    form: FormatOption = None

    def run(self, function: Callable[..., Imported], register: Register) -> None:
        """Import the download, print its faults by kind, and say how many rows there are."""
        import pandas as pd

        from chaingraph.export.tables import check_suffix, csv_bytes, csv_rows

        if self.faults is not None:
            check_suffix(self.faults, (".csv",))
        with nullcontext() if self.faults is None else replacement(self.faults) as file:
            with progress(tr("importing {path}", path=self.path)):
                imported = function(self.path, self.output, name=self.name)
            if file is not None:
                file.write_bytes(csv_bytes(csv_rows(imported.faults.columns, imported.faults.iter_rows())))
        rows = []
        for kind, (english, chinese) in register.fault_words.items():
            of_kind = imported.faults.filter(imported.faults["kind"] == kind)
            if of_kind.height:
                first = "; ".join(of_kind["record"].head(_EXAMPLES))
                rows.append({"fault": english, "问题": chinese, "count": of_kind.height, "first": first})
        print_faults(pd.DataFrame(rows, columns=["fault", "问题", "count", "first"]), self.form)
        counts = enumeration(quantity(count, table) for table, count in imported.rows.items() if table != "sources")
        say(f"{counts}; {quantity(imported.faults.height, 'faults of the source')} → {self.output}")


def print_faults(faults: pd.DataFrame, form: Format | None) -> None:
    """Print how many faults of each kind a source has: a table in the user's language, of CSV and JSON in both.

    Args:
        faults: Columns fault (English), 问题 (Chinese), count, first.
        form: How; a table if None, and none where there are no faults.
    """
    if form in (None, Format.table):
        language, other = ("问题", "fault") if user_language() == "zh" else ("fault", "问题")
        faults = faults.drop(columns=other).rename(columns={language: "fault"})
    if not faults.empty or form not in (None, Format.table):
        print_frame(faults, form)


def ownership(download: Download) -> None:
    """Import who owns whom: FollowTheMoney or BODS.

    PATH holds FollowTheMoney entities (JSON lines) or statements of the Beneficial Ownership Data Standard 0.2 to 0.4.
    Companies become organizations, their shares shareholdings, FollowTheMoney's parent hierarchy. Persons are left out.
    """
    from chaingraph.importers.ownership import REGISTER, import_ownership

    download.run(import_ownership, REGISTER)


def ror(download: Download) -> None:
    """Import the Research Organization Registry.

    PATH is its data dump, the zip or the JSON of schema 2: names, codes, regions, and which organization is part of
    which.
    """
    from chaingraph.importers.research_registers import ROR, import_ror

    download.run(import_ror, ROR)


def openalex(download: Download) -> None:
    """Import institutions of OpenAlex.

    PATH holds institutions as JSON lines, as a part of its snapshot (.gz) does.
    """
    from chaingraph.importers.research_registers import OPENALEX, import_openalex

    download.run(import_openalex, OPENALEX)


def facilities(download: Download) -> None:
    """Import facilities of Open Supply Hub.

    PATH is its download as CSV. A facility becomes an organization with a site; its parent company stands above it.
    """
    from chaingraph.importers.facilities import REGISTER, import_facilities

    download.run(import_facilities, REGISTER)


def package(download: Download) -> None:
    """Import a Frictionless data package.

    PATH is a folder or zip with datapackage.json, or that file. Resources that are named like tables become those
    tables; where none is, all of them are read as a roster.
    """
    from chaingraph.importers.data_packages import REGISTER, import_data_package

    download.run(import_data_package, REGISTER)
