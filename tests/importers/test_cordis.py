"""A download of CORDIS becomes a data set folder, and its faults a report. All organizations here are made up."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import chaingraph as cg
from chaingraph.cli.main import app
from chaingraph.errors import UnreadableError, UsageError
from chaingraph.importers import downloads
from chaingraph.importers.cordis import Selection, import_cordis
from chaingraph.importers.cordis.faults import counts
from chaingraph.importers.cordis.records import definitions
from chaingraph.tables import read

PROJECTS = [
    {
        "id": "11",
        "acronym": "ANODE",
        "title": "Better batteries",
        "status": "SIGNED",
        "startDate": "2022-09-01",
        "endDate": "2025-08-31",
        "totalCost": "300.50",
        "legalBasis": "HORIZON.2.4",
        "fundingScheme": "HORIZON-JU-RIA",
    },
    {
        "id": "9",
        "acronym": "SOLO@eu",
        "title": "One alone; and so on",
        "status": "CLOSED",
        "startDate": "2021-01-01",
        "endDate": "2022-01-01",
        "totalCost": "0",
        "legalBasis": "HORIZON.2.45",
        "fundingScheme": "HORIZON-CSA",
    },
]
ROWS = [
    {
        "projectID": "11",
        "organisationID": "900",
        "name": "Alpha  GmbH",
        "role": "coordinator",
        "SME": "true",
        "activityType": "PRC",
        "country": "DE",
        "nutsCode": "DE212",
        "nutsName": "Munich",
        "geolocation": "48.1,11.5",
        "vatNumber": "DE1",
        "ecContribution": "100.25",
        "endOfParticipation": "false",
        "organizationURL": "https://alpha.example",
    },
    {
        "projectID": "11",
        "organisationID": "800",
        "name": 'Beta "B" University',
        "role": "thirdParty",
        "SME": "false",
        "activityType": "HES",
        "country": "GR",
        "nutsCode": "",
        "ecContribution": "10",
        "endOfParticipation": "true",
    },
    {
        "projectID": "11",
        "organisationID": "800",
        "name": 'Beta "B" University',
        "role": "thirdParty",
        "SME": "false",
        "activityType": "HES",
        "country": "GR",
        "nutsCode": "",
        "ecContribution": "5.5",
        "endOfParticipation": "true",
    },
    {
        "projectID": "9",
        "organisationID": "900",
        "name": "Alpha GmbH",
        "role": "coordinator",
        "SME": "false",
        "activityType": "PRC",
        "country": "DE",
        "nutsCode": "DE212",
        "nutsName": "Munich",
        "vatNumber": "DE1",
        "ecContribution": "",
        "endOfParticipation": "false",
    },
]
TOPICS = [
    {
        "projectID": "11",
        "euroSciVocCode": "/23/53",
        "euroSciVocPath": "/natural sciences/chemistry",
        "euroSciVocTitle": "chemistry",
    }
]
Row = dict[str, str]
THING = "https://w3id.org/chaingraph/id/cordis/"


def text(rows: list[Row], separator: str, columns: list[str] | None = None) -> str:
    """Write rows as CORDIS does: every cell quoted, headings from the first row or as given."""
    written = io.StringIO()
    headings = columns or list(dict.fromkeys(key for row in rows for key in row))
    writer = csv.DictWriter(written, headings, delimiter=separator, quoting=csv.QUOTE_ALL, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


def files(separator: str = ",", *, projects: list[Row] = PROJECTS, rows: list[Row] = ROWS) -> dict[str, bytes]:
    """Return the files of a small download by name."""
    return {
        "project.csv": text(projects, separator).encode(),
        "organization.csv": text(rows, separator).encode(),
        "euroSciVoc.csv": text(TOPICS, separator).encode(),
    }


def folder_of(tmp_path: Path, content: dict[str, bytes], name: str = "download") -> Path:
    folder = tmp_path / name
    folder.mkdir()
    for file, data in content.items():
        (folder / file).write_bytes(data)
    return folder


def zip_of(tmp_path: Path, content: dict[str, bytes], date: tuple[int, int, int] = (2025, 12, 6)) -> Path:
    path = tmp_path / "download.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, data in content.items():
            archive.writestr(zipfile.ZipInfo(file, (*date, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return path


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def kinds(faults: pl.DataFrame) -> dict[str, int]:
    """Return the number of faults by kind."""
    return dict(sorted(faults["kind"].value_counts().iter_rows()))


TABLES = {
    "sources.csv": "id,title,url,publisher,retrieved,language,licence\n"
    "cordis,CORDIS - EU research projects under Horizon Europe (2021-2027),"
    "https://data.europa.eu/data/datasets/cordis-eu-research-projects-under-horizon-europe-2021-2027,"
    "Publications Office of the European Union,2025-12-06,en,Reuse under Commission Decision 2011/833/EU\n",
    "regions.csv": "id,name,code,within,source,record\n"
    "DE,DE,DE,,cordis,900\nDE2,DE2,DE2,DE,cordis,900\nDE21,DE21,DE21,DE2,cordis,900\n"
    "DE212,Munich,DE212,DE21,cordis,900\nEL,EL,EL,,cordis,800\n",
    "industries.csv": "id,name,code,broader,source,record\n"
    "23,natural sciences,23,,cordis,11\n23-53,chemistry,53,23,cordis,11\n",
    "organizations.csv": "id,name,kind,region,code,small,website,latitude,longitude,source,record\n"
    '800,"Beta ""B"" University",university,EL,PIC:800,false,,,,cordis,800\n'
    "900,Alpha GmbH,enterprise,DE212,PIC:900;VAT:DE1,true,https://alpha.example,48.1,11.5,cordis,900\n",
    "consortia.csv": "id,name,body,industry,source,record\n11,ANODE,project,23-53,cordis,11\n",
    "memberships.csv": "organization,consortium,role,source,record\n"
    "800,11,third-party,cordis,11/800\n900,11,lead,cordis,11/900\n",
    "projects.csv": "id,name,alias,consortium,industry,start,end,budget,currency,status,source,record\n"
    "9,One alone; and so on,,,,2021-01-01,2022-01-01,,,ended,cordis,9\n"
    "11,Better batteries,ANODE,11,23-53,2022-09-01,2025-08-31,300.5,EUR,unstated,cordis,11\n",
    "participations.csv": "project,organization,role,contribution,currency,source,record\n"
    "9,900,coordinator,,,cordis,9/900\n11,800,third-party,15.5,EUR,cordis,11/800\n"
    "11,900,coordinator,100.25,EUR,cordis,11/900\n",
    "claims.csv": "table,subject,property,value,status,source,record\n"
    "consortia,11,third-party,800,ended,cordis,11/800\norganizations,900,small,false,stated,cordis,9/900\n",
}


def test_a_download_becomes_the_tables_of_a_data_set(tmp_path: Path) -> None:
    import_cordis(zip_of(tmp_path, files()), tmp_path / "made")
    found = {name: content.decode() for name, content in written(tmp_path / "made").items()}
    about = json.loads(found.pop("dataset.json"))
    assert found == TABLES
    assert about["name"] == "made"
    assert about["attribution"] == "CORDIS, © European Union"
    assert about["title"] == {
        "en": "Projects of Horizon Europe and their consortia",
        "zh": "“地平线欧洲”计划的项目及其联合体",
    }
    assert about["description"]["zh"].startswith("截至2025-12-06，CORDIS所载“地平线欧洲”计划的2个项目：")


def test_what_is_written_can_be_built_and_checked(tmp_path: Path) -> None:
    import_cordis(zip_of(tmp_path, files()), tmp_path / "made")
    kg = cg.open(tmp_path / "made")
    leads = kg.select("SELECT ?n ?c { ?o cg:leads ?x ; rdfs:label ?n . ?x rdfs:label ?c }")
    assert leads.values.tolist() == [["Alpha GmbH", "ANODE"]]
    found = [(finding.severity, finding.label, finding.message) for finding in cg.check(kg).findings]
    assert found == [("warning", "Alpha GmbH", "small: 'true' against 'false'")]


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("form", ["zip", "folder", "bom", "crlf-free", "objectives", "inside-a-folder", "FP7 names"])
def test_every_form_of_the_download_gives_the_same_tables(tmp_path: Path, separator: str, form: str) -> None:
    content = files(separator)
    if form == "bom":
        content = {name: b"\xef\xbb\xbf" + data for name, data in content.items()}
    elif form == "crlf-free":
        content = {name: data.replace(b"\r\n", b"\n") for name, data in content.items()}
    elif form == "objectives":
        long = [{"objective": 'Why; "so", and\nnot otherwise', "rcn": "7"} | row for row in PROJECTS]
        content["project.csv"] = text(long, separator).encode()
    elif form == "inside-a-folder":
        content = {f"csv/{name}": data for name, data in content.items()}
    elif form == "FP7 names":
        old = [{"id" if key == "organisationID" else key: cell for key, cell in row.items()} for row in ROWS]
        content["cordis-fp7organizations.csv"] = text(old, separator).encode()
        content["cordis-fp7projects.csv"] = content.pop("project.csv")
        del content["organization.csv"]
    if form == "folder":
        import_cordis(folder_of(tmp_path, content), tmp_path / "made", retrieved="2025-12-06")
    else:
        import_cordis(zip_of(tmp_path, content), tmp_path / "made")
    found = {name: data.decode() for name, data in written(tmp_path / "made").items() if name != "dataset.json"}
    assert found == TABLES


@pytest.mark.parametrize(("basis", "programme"), [("H2020-EU.1.3.2.", "Horizon 2020"), ("FP7-ICT", "FP7"), ("X", "")])
def test_the_source_is_named_after_the_framework_programme(tmp_path: Path, basis: str, programme: str) -> None:
    projects = [row | {"legalBasis": basis, "totalCost": "1234,50"} for row in PROJECTS]
    import_cordis(zip_of(tmp_path, files(";", projects=projects)), tmp_path / "made")
    (source,) = csv.DictReader((tmp_path / "made" / "sources.csv").read_text(encoding="utf-8").splitlines())
    assert programme in source["title"]
    budgets = list(csv.DictReader((tmp_path / "made" / "projects.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["budget"] for row in budgets] == ["1234.5", "1234.5"]


@pytest.mark.parametrize(
    ("selection", "chosen"),
    [
        (Selection(), ["9", "11"]),
        (Selection(min_partners=2), ["11"]),
        (Selection(programmes=("horizon.2.4",)), ["11"]),
        (Selection(programmes=("HORIZON.2",)), ["9", "11"]),
        (Selection(schemes=("ria",)), ["11"]),
        (Selection(schemes=("HORIZON-CSA", "IA")), ["9"]),
        (Selection(titles=("BATTER",)), ["11"]),
        (Selection(countries=("EL",)), ["11"]),
        (Selection(countries=("gr", "FR")), ["11"]),
        (Selection(since="2022"), ["11"]),
        (Selection(since="2021-01-01", min_partners=1), ["9", "11"]),
    ],
)
def test_a_selection_takes_projects_with_all_their_participants(
    tmp_path: Path, selection: Selection, chosen: list[str]
) -> None:
    import_cordis(zip_of(tmp_path, files()), tmp_path / "made", selection=selection)
    rows = csv.DictReader((tmp_path / "made" / "projects.csv").read_text(encoding="utf-8").splitlines())
    assert [row["id"] for row in rows] == chosen
    held = csv.DictReader((tmp_path / "made" / "participations.csv").read_text(encoding="utf-8").splitlines())
    assert sorted({row["project"] for row in held}) == sorted(chosen)


def test_no_project_chosen_is_said_and_nothing_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none of the 2 projects .* is chosen: programme HORIZON.9, title with 'x'"):
        import_cordis(
            zip_of(tmp_path, files()),
            tmp_path / "made",
            selection=Selection(programmes=("HORIZON.9",), titles=("x",)),
        )
    assert not (tmp_path / "made").exists()


def test_what_cannot_be_used_is_left_out_and_reported_with_its_row(tmp_path: Path) -> None:
    projects = [
        *PROJECTS,
        PROJECTS[0] | {"title": "again"},
        PROJECTS[0] | {"id": "twelve"},
        PROJECTS[0] | {"id": "13", "startDate": "31/12/2024", "totalCost": "much", "status": "ODD"},
    ]
    rows = [
        *ROWS,
        ROWS[0] | {"projectID": "77"},
        ROWS[0] | {"organisationID": "x1"},
        ROWS[0]
        | {"projectID": "13", "organisationID": "700", "name": "alpha gmbh", "role": "friend"}
        | {"activityType": "ZZZ", "ecContribution": "-5", "vatNumber": "A;B", "country": "", "nutsCode": "?"},
    ]
    made = import_cordis(zip_of(tmp_path, files(projects=projects, rows=rows)), tmp_path / "made")
    left_out = made.faults.filter(made.faults["kind"].is_in(list(definitions()["faults"])[:12]))
    assert left_out.rows() == [
        ("project-id", "project", 5, "twelve", "Better batteries"),
        ("project-repeated", "project", 4, "11", "again"),
        ("participation-id", "organization", 7, "11/x1", "Alpha  GmbH"),
        ("participation-without-project", "organization", 6, "77/900", "Alpha  GmbH"),
        ("date", "project", 6, "13", "start 31/12/2024"),
        ("amount", "project", 6, "13", "cost much"),
        ("amount", "organization", 8, "13/700", "contribution -5"),
        ("vat", "organization", 8, "13/700", "vat A;B"),
        ("role", "organization", 8, "13/700", "friend"),
        ("activity", "organization", 8, "13/700", "ZZZ"),
        ("status", "project", 6, "13", "ODD"),
    ]
    kg = cg.open(tmp_path / "made")
    assert kg.query(f"ASK {{ <{THING}projects/13> cg:status code:status-unstated }}") is True


LINES = st.text(st.sampled_from('ab";,\n\r \x85\u2028\x0c甲'), max_size=40)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=LINES)
def test_every_record_is_one_that_the_csv_module_reads_or_is_reported(tmp_path: Path, body: str) -> None:
    (tmp_path / "project.csv").write_bytes(f"id;title;x\nfirst;second;\n{body}".encode())
    layout = downloads.Layout("project[.]csv", {"id": ["id"], "title": ["title"]}, frozenset())
    content = downloads.download(tmp_path, {"project": layout})
    frame, broken = content.frames["project"], content.broken["project"]
    assert frame.row(0) == (2, "first", "second")
    assert len({*frame["row"], *broken["row"]}) == frame.height + broken.height
    text = "".join(" " if ord(c) < 32 and c != "\n" else c for c in body.replace("\r\n", "\n").replace("\r", "\n"))
    try:
        rows = [[*row, "", ""] for row in csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True) if row]
    except csv.Error:
        assert not broken.is_empty()
        return
    fitting = [row[:2] for row in rows if not any(cell.strip() for cell in row[3:])]
    assert broken.height == len(rows) - len(fitting)
    assert [[cell or "" for cell in row] for row in frame[1:].select("id", "title").rows()] == [
        [cell.strip() for cell in row] for row in fitting
    ]


def test_a_loose_quotation_mark_takes_no_other_record_along(tmp_path: Path) -> None:
    (tmp_path / "download").mkdir()
    for name, content in files().items():
        (tmp_path / "download" / name).write_bytes(content)
    lines = ['"21";"A "smart" panel 5" wide"', '"22";"fine"', '"23";"not closed', '"24";"a line', 'more"', '"25"']
    text = "id;title\n" + "\n".join(['"11";"one"', '"9";"two"', *lines]) + "\n"
    (tmp_path / "download" / "project.csv").write_text(text, encoding="utf-8")
    made = import_cordis(tmp_path / "download", tmp_path / "made")
    wrong = "';' expected after '\"'"
    assert made.faults.filter(kind="record-broken").rows() == [
        ("record-broken", "project", 4, "row 4", f"{wrong}: {lines[0]}"),
        ("record-broken", "project", 6, "row 6", f"{wrong}: {lines[2]}"),
    ]
    assert pl.read_csv(tmp_path / "made" / "projects.csv")["id"].sort().to_list() == [9, 11, 22, 24, 25]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("123,456", "123456"),
        ("1,234,567.89", "1234567.89"),
        ("1234567,89", "1234567.89"),
        ("1.234.567,89", "1234567.89"),
        ("1 234 567", "1234567"),
        ("1\u00a0000,5", "1000.5"),
        ("123.456", "123.456"),
        ("100", "100"),
        ("1234,567", None),
        ("1,23,456", None),
        ("1.5E6", None),
        ("-5", None),
        ("136¹", None),
    ],
)
def test_an_amount_is_read_by_its_separators_or_reported(tmp_path: Path, text: str, amount: str | None) -> None:
    projects = [PROJECTS[0] | {"totalCost": text}, PROJECTS[1]]
    made = import_cordis(zip_of(tmp_path, files(projects=projects)), tmp_path / "made")
    budgets = pl.read_csv(tmp_path / "made" / "projects.csv", infer_schema=False).filter(id="11")["budget"].to_list()
    assert (budgets, made.faults.filter(kind="amount").height) == ([amount], 0 if amount else 1)


def test_a_name_that_begins_like_a_formula_computes_nothing_and_is_read_as_it_was(tmp_path: Path) -> None:
    names = ["=HYPERLINK(1)", "+SPACES", "-2+3", "@home", "-5"]
    projects = [PROJECTS[0] | {"title": name, "id": str(number)} for number, name in enumerate(names, start=1)]
    import_cordis(zip_of(tmp_path, files(projects=[*projects, *PROJECTS])), tmp_path / "made")
    with (tmp_path / "made" / "projects.csv").open(encoding="utf-8", newline="") as file:
        cells = [row["name"] for row in csv.DictReader(file)][:5]
    assert cells == ["'=HYPERLINK(1)", "'+SPACES", "'-2+3", "'@home", "-5"]
    assert read(tmp_path / "made").tables["projects"]["name"].to_list()[:5] == names


def test_faults_of_usable_records_are_kept_and_counted(tmp_path: Path) -> None:
    made = import_cordis(zip_of(tmp_path, files()), tmp_path / "made")
    assert kinds(made.faults) == {
        "cost-zero": 1,
        "double-spaces": 1,
        "ended": 2,
        "one-id": 1,
        "past-end": 1,
        "region-unplaced": 3,
        "repeated-same-role": 1,
        "small": 1,
        "without-contribution": 1,
        "without-place": 3,
        "without-region": 2,
    }
    told = counts(made.faults).set_index("fault")
    assert told.loc["project and organization repeated with the same role", "first"] == "11/800 (thirdparty)"
    assert told.loc["ids with several names", "first"] == "900 (Alpha  GmbH, Alpha GmbH)"


def test_names_ids_vat_numbers_and_coordinators_that_do_not_fit_are_found(tmp_path: Path) -> None:
    rows = [
        *ROWS,
        ROWS[0] | {"organisationID": "901", "name": "ALPHA  gmbh", "nutsCode": "NL415"},
        ROWS[0] | {"role": "participant"},
    ]
    projects = [*PROJECTS, PROJECTS[0] | {"id": "14", "acronym": "NOBODY"}]
    found = import_cordis(zip_of(tmp_path, files(projects=projects, rows=rows)), tmp_path / "made").faults
    expected = {
        "one-name": ("alpha gmbh", "900, 901"),
        "one-vat": ("DE1", "900, 901"),
        "other-country": ("11/901", "NL415 in DE"),
        "repeated-other-role": ("11/900", "coordinator, participant"),
        "without-participation": ("14", "Better batteries"),
    }
    assert {kind: (record, said) for kind, _, _, record, said in found.iter_rows() if kind in expected} == expected
    coordinators = found.filter(found["kind"] == "without-coordinator").select("record", "value").rows()
    assert coordinators == [("11", "2 coordinators"), ("14", "0 coordinators")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({}, "holds no file project.csv, only nothing"),
        ({"project.csv": b"", "organization.csv": b""}, "is empty; expected a line of headings"),
        ({**files(), "project.csv": b"id:title\n1:a\n"}, "has no column 'projectID'; its headings, separated by ','"),
        ({**files(), "project.csv": b"id,title\n1,a,b\n"}, "row 2: has 3 cells, expected 2"),
        ({**files(), "project.csv": b'id,title\n1,"a\n'}, 'row 2: unexpected end of data: 1,"a; no record can'),
        ({**files(), "project.csv": b"id,title\n1,\xff\n"}, "is not UTF-8: byte 12 cannot be read"),
        ({**files(), "project.csv": b"x" * 70_000}, "has a first line of more than 65,536 bytes"),
        (
            {**files(), "project.csv": b"id,title\n1," + b"x" * 200_000},
            "row 2: holds more than 100,000 characters: 1,xxx",
        ),
        ({**files(), "projects.csv": b"id"}, "holds several files of one kind (project.csv and projects.csv)"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_error(tmp_path: Path, content: dict[str, bytes], said: str) -> None:
    with pytest.raises(UnreadableError) as raised:
        import_cordis(folder_of(tmp_path, content), tmp_path / "made")
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)
    assert not (tmp_path / "made").exists()


def test_a_zip_that_attacks_or_is_broken_is_one_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path) -> str:
        with pytest.raises(UnreadableError) as raised:
            import_cordis(path, tmp_path / "made")
        assert not (tmp_path / "made").exists()
        return str(raised.value)

    whole = zip_of(tmp_path, files()).read_bytes()
    path = tmp_path / "broken.zip"
    path.write_bytes(whole[:-40])
    assert "is no zip that can be read" in refused(path)
    path.write_bytes(whole.replace(whole[60:80], b"\x00" * 20, 1))
    assert "is no zip that can be read" in refused(path)
    assert "leads out of it: '../project.csv'" in refused(zip_of(tmp_path, {"../project.csv": b"", **files()}))
    assert "leads out of it: 'C:/x'" in refused(zip_of(tmp_path, {"C:/x": b"", **files()}))
    bomb = zip_of(tmp_path, {**files(), "project.csv": b"id,title\n" + b"0" * 2**24})
    assert "unpacks to 16 MiB, more than 100 times its size" in refused(bomb)
    monkeypatch.setattr(downloads, "LARGEST_DOWNLOAD", 1000)
    assert "expected at most 0 MiB" in refused(zip_of(tmp_path, files()))
    assert "does not exist" in refused(tmp_path / "nowhere.zip")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.zip", "download.zip"]


def test_a_file_of_the_columns_that_it_must_have_says_nothing_of_the_others(tmp_path: Path) -> None:
    content = {
        "project.csv": b"id;title\r1;a\r2;b\r",
        "organization.csv": b"projectID;organisationID;name;role;ecContribution\n"
        b"1;5;X;coordinator;0.125\n1;6;;;1,1\n1;5;X;coordinator;7\n",
    }
    import_cordis(folder_of(tmp_path, content), tmp_path / "made")
    made = {name: data.decode().splitlines() for name, data in written(tmp_path / "made").items()}
    assert made["participations.csv"][1:] == [
        "1,5,coordinator,7.125,EUR,cordis,1/5",
        "1,6,unstated,1.1,EUR,cordis,1/6",
    ]
    assert made["organizations.csv"][1:] == ["5,X,,,PIC:5,,,,,cordis,5", "6,6,,,PIC:6,,,,,cordis,6"]
    assert [len(made[f"{table}.csv"]) for table in ("claims", "regions", "industries", "consortia")] == [1, 1, 1, 2]
    assert len(cg.open(tmp_path / "made").select("SELECT ?o { ?o a cg:Organization }")) == 2


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    rows = [ROWS[0] | {"name": '=HYPERLINK("x")\x00<script>', "organizationURL": "javascript:alert(1)"}, ROWS[1]]
    import_cordis(zip_of(tmp_path, files(rows=rows)), tmp_path / "made")
    kg = cg.open(tmp_path / "made")
    named = kg.select(f"SELECT ?n ?w {{ <{THING}organizations/900> rdfs:label ?n OPTIONAL {{ ?o cg:website ?w }} }}")
    assert named["n"].tolist() == ['=HYPERLINK("x") <script>']
    assert named["w"].isna().all()


def test_an_import_replaces_its_tables_and_keeps_other_files(tmp_path: Path) -> None:
    target = tmp_path / "made"
    import_cordis(zip_of(tmp_path, files()), target)
    first = written(target)
    (target / "identities.csv").write_text("table,left,right,decision\n", encoding="utf-8")
    import_cordis(zip_of(tmp_path, files(";")), target)
    assert written(target) == first | {"identities.csv": b"table,left,right,decision\n"}


def test_imports_under_different_names_hold_the_same_things(tmp_path: Path) -> None:
    for name in ("november", "december"):
        import_cordis(zip_of(tmp_path, files()), tmp_path / name)
    found = cg.diff(tmp_path / "november", tmp_path / "december")
    assert found.counts[["added", "removed", "changed"]].to_numpy().sum() == 0
    both, one = cg.open(tmp_path / "november", tmp_path / "december"), cg.open(tmp_path / "november")
    count = "SELECT (COUNT(*) AS ?n) { ?s a cg:Organization }"
    assert both.select(count)["n"].item() == one.select(count)["n"].item() > 0


def test_a_folder_of_other_things_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").write_text("dear diary", encoding="utf-8")
    with pytest.raises(UsageError, match=r"it holds other files and no dataset.json"):
        import_cordis(zip_of(tmp_path, files()), tmp_path / "mine")
    assert written(tmp_path / "mine") == {"diary.txt": b"dear diary"}


def test_the_command_prints_the_faults_and_writes_them_all_on_request(tmp_path: Path) -> None:
    rows = [ROWS[0] | {"name": "=1+1  x"}, *ROWS[1:]]
    arguments = [str(zip_of(tmp_path, files(rows=rows))), "-o", str(tmp_path / "made")]
    options = ["--faults", str(tmp_path / "faults.csv"), "--min-partners", "2", "--format", "csv"]
    done = CliRunner().invoke(app, ["import", "cordis", *arguments, *options], catch_exceptions=False)
    assert done.exit_code == 0
    told = list(csv.DictReader(io.StringIO(done.stdout)))
    assert {row["fault"]: row["count"] for row in told}["names with double spaces"] == "1"
    assert all(row["问题"] for row in told)
    assert "1 project, 2 organizations, 2 participations" in done.stderr
    listed = (tmp_path / "faults.csv").read_text(encoding="utf-8-sig")
    assert listed.startswith("kind,file,row,record,value\n")
    assert "double-spaces,organization,2,900,'=1+1  x\n" in listed


def test_the_faults_of_the_whole_snapshot_are_those_that_its_note_counts(shared: Path, tmp_path: Path) -> None:
    snapshot = shared / "data" / "horizon-europe" / "horizon-2025-12-06.zip"
    made = import_cordis(snapshot, tmp_path / "made")
    assert (made.rows["projects"], made.rows["organizations"]) == (19_189, 30_721)
    assert made.rows["participations"] == 119_242 - 39
    found = kinds(made.faults)
    assert found["repeated-other-role"] + found["repeated-same-role"] == 187
    named = ("repeated-same-role", "one-name", "one-id", "one-vat", "without-region", "country-only", "double-spaces")
    assert [found[kind] for kind in named] == [39, 59, 9, 80, 329, 14_087, 166]
    assert found["without-contribution"] == 20_052
    assert not {"without-coordinator", "participation-without-project", "participation-id", "role"} & set(found)
