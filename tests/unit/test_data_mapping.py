"""A draft of a sources file's entries from an extract: what it finds, what it asks, and what it never shows."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

import synthetic
from tf_eval.data.mapping import Draft, draft
from tf_eval.data.sources import load_sources
from tf_eval.errors import InputError

PROJECT = Path(__file__).resolve().parents[2]
WRITTEN_BY_HAND = yaml.safe_load((PROJECT / "params/sources/synthetic_dartford.yaml").read_text(encoding="utf-8"))
HEADINGS = ["Client ID", "Type", "Incident Date", "Date recorded", "Reported by"]


@pytest.fixture(scope="session")
def extracts(tmp_path_factory) -> Path:
    """The extracts of a small synthetic county."""
    return synthetic.generate("dartford", seed=40, out=tmp_path_factory.mktemp("county") / "dartford") / "extracts"


@pytest.fixture(scope="session")
def drafts(extracts) -> dict[str, Draft]:
    """A draft for each file of the county."""
    agencies = {entry["file"]: entry["agency"] for entry in WRITTEN_BY_HAND["sources"]}
    return {file: draft(extracts / file, agency=agency) for file, agency in agencies.items()}


def entries(found: Draft) -> list[dict]:
    return yaml.safe_load(found.text)


def key(entry: dict) -> tuple[str, str, str]:
    return entry["file"], entry["table"], entry["format"].get("sheet", "")


def share(wanted: Iterable[tuple], found: Iterable[tuple]) -> float:
    """Return the share of what a person wrote that the draft says too."""
    wanted, found = set(wanted), set(found)
    return len(wanted & found) / len(wanted)


@pytest.fixture(scope="session")
def pairs(drafts) -> list[tuple[dict, dict]]:
    """Each entry that a person wrote, and the one drafted for the same file, sheet and table."""
    drafted = {key(entry): entry for found in drafts.values() for entry in entries(found)}
    assert sorted(drafted) == sorted(key(entry) for entry in WRITTEN_BY_HAND["sources"])
    return [(entry, drafted[key(entry)]) for entry in WRITTEN_BY_HAND["sources"]]


def test_nearly_all_columns_are_found(pairs):
    wanted = [(*key(hand), column) for hand, _ in pairs for column in hand["columns"].items()]
    found = [(*key(drafted), column) for _, drafted in pairs for column in drafted["columns"].items()]
    assert share(wanted, found) >= 0.98


def test_every_date_format_and_constant_is_found(pairs):
    for hand, drafted in pairs:
        assert drafted["date_format"] == hand["date_format"]
        assert drafted.get("constants") == hand.get("constants")


def test_every_reference_that_tells_rows_apart_is_found(pairs):
    assert [drafted.get("unique") for _, drafted in pairs] == [hand.get("unique") for hand, _ in pairs]


def test_nearly_all_codes_are_found_and_free_text_is_left_to_a_person(pairs):
    """What an agency's own codes of interventions stand for, nobody else can know."""
    wanted = [(*key(hand), *code) for hand, _ in pairs for code in codes(hand)]
    found = [(*key(drafted), *code) for _, drafted in pairs for code in codes(drafted)]
    assert share(wanted, found) >= 0.98
    (support,) = [drafted for _, drafted in pairs if drafted["table"] == "support"]
    assert support["codes"]["intervention"] == ["TODO"]


def codes(entry: dict) -> list[tuple]:
    mapped = {column: words for column, words in entry.get("codes", {}).items() if isinstance(words, dict)}
    return [
        (column, code, str(word).lower())
        for column, words in mapped.items()
        if column != "intervention"
        for code, word in words.items()
    ]


def test_the_covered_time_is_that_of_the_months_seen(pairs):
    for hand, drafted in pairs:
        if drafted["table"] in ("event", "spell"):
            assert {name: str(day) for name, day in drafted["covers"].items()} == {
                name: str(day) for name, day in hand["covers"].items()
            }


HEAD = """
county: dartford
extracts: data/dartford/extracts
agreements:
  - reference: DSA-1
    gateway: SI 2012/1483, regulation 5(1)(d)
    purposes: [evaluation]
    signed: 2010-01-01
    expires: 2016-01-01
    delete_by: 2017-01-01
sources:
"""


def test_the_drafts_load_once_the_marked_places_are_mended(drafts, tmp_path):
    text = "".join(found.text for found in drafts.values()).replace("agreement: TODO", "agreement: DSA-1")
    assert text.replace("# TODO", "").count(": TODO") == 0
    (tmp_path / "dartford.yaml").write_text(HEAD + text, encoding="utf-8")
    assert len(load_sources(tmp_path / "dartford.yaml").entries) == len(WRITTEN_BY_HAND["sources"])


def days(number: int, date_format: str = "%d/%m/%Y") -> list[str]:
    return [(date(2011, 1, 1) + timedelta(days=7 * n)).strftime(date_format) for n in range(number)]


def incidents(number: int = 60, date_format: str = "%d/%m/%Y") -> list[list[str]]:
    on = days(number, date_format)
    return [[f"Q{10_000 + n % 40}", ("ASB", "BREACH")[n % 2], on[n], on[n], "Ann"] for n in range(number)]


def text_of(rows: Iterable[Iterable[str]], delimiter: str = ",", above: str = "") -> str:
    return above + "\r\n".join(delimiter.join(row) for row in rows) + "\r\n"


def drafted(folder: Path, rows: Iterable[Iterable[str]], *, encoding: str = "utf-8", **how) -> Draft:
    (folder / "extract").write_bytes(text_of(rows, **how).encode(encoding))
    return draft(folder / "extract")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
def test_the_dress_of_a_text_file_is_told_by_its_content(tmp_path, encoding, delimiter):
    rows = [HEADINGS, *([*row[:4], "Zoë"] for row in incidents())]
    (entry,) = entries(drafted(tmp_path, rows, encoding=encoding, delimiter=delimiter))
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    assert entry["format"] == {"type": "csv", "encoding": declared, "delimiter": delimiter}


def test_titles_above_the_headings_are_skipped(tmp_path):
    above = "Incidents of the county;;;;\r\nRun on 01/04/2015;;;;\r\n\r\n"
    (entry,) = entries(drafted(tmp_path, [HEADINGS, *incidents()], delimiter=";", above=above))
    assert entry["format"]["header_row"] == 4
    assert entry["columns"]["date"] == "Incident Date"


def test_a_workbook_gives_a_draft_for_each_sheet_with_a_table(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Read me"
    book.active["A1"] = "Notes for the reader"
    people = book.create_sheet("People")
    people.append(["All people"])
    people.append(["Person No", "First\nName", "Surname", "D.O.B.", "Gender"])
    for n in range(30):
        people.append([f"P{n:05}", "Ann", "Lee", datetime(2000, 1 + n % 12, 3), "MFU"[n % 3]])
    book.create_sheet("Incidents").append(HEADINGS)
    for row in incidents():
        book["Incidents"].append(row)
    book.save(tmp_path / "book.dat")
    found = draft(tmp_path / "book.dat", agency="council")
    persons, events = entries(found)
    assert persons["format"] == {"type": "excel", "sheet": "People", "header_row": 2}
    assert persons["columns"]["forename"] == "First\nName"
    assert persons["columns"]["birth_date"] == "D.O.B."
    assert persons["codes"]["sex"] == {"M": "male", "F": "female", "U": ""}
    assert (events["agency"], events["table"]) == ("council", "event")
    assert any("sheet 'Read me' left out" in note for note in found.notes)
    assert [entry["table"] for entry in entries(draft(tmp_path / "book.dat", sheet="Incidents"))] == ["event"]
    with pytest.raises(InputError, match=r"no sheet 'Incident'\. Did you mean 'Incidents'"):
        draft(tmp_path / "book.dat", sheet="Incident")


def test_parquet_is_told_by_its_content(tmp_path):
    columns = dict(zip(HEADINGS, zip(*incidents(), strict=True), strict=True))
    pq.write_table(pa.table({name: list(values) for name, values in columns.items()}), tmp_path / "extract.csv")
    (entry,) = entries(draft(tmp_path / "extract.csv"))
    assert entry["format"] == {"type": "parquet"}


@pytest.mark.parametrize("date_format", ["%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d", "%d-%b-%Y", "%Y%m%d", "%d/%m/%Y %H:%M"])
def test_the_format_of_dates_is_the_one_that_all_values_fit(tmp_path, date_format):
    found = drafted(tmp_path, [HEADINGS, *incidents(date_format=date_format)])
    (entry,) = entries(found)
    assert entry["date_format"] == date_format
    assert "120 of 120 values fit; no other format does" in found.text


def test_dates_that_fit_two_formats_are_asked_about(tmp_path):
    rows = [[*row[:2], "03/04/2012", "05/04/2012", "Ann"] for row in incidents()]
    found = drafted(tmp_path, [HEADINGS, *rows])
    assert 'date_format: "%d/%m/%Y"  # 120 of 120 values fit; also %m/%d/%Y: ask' in found.text
    assert any("all dates fit %d/%m/%Y and %m/%d/%Y" in note for note in found.notes)


def test_a_column_of_dates_in_another_format_is_told(tmp_path):
    rows = [[*row[:3], iso, "Ann"] for row, iso in zip(incidents(), days(60, "%Y-%m-%d"), strict=True)]
    found = drafted(tmp_path, [HEADINGS, *rows])
    assert "recorded_on: Date recorded  # by its name; 0 of 60 values fit %d/%m/%Y: ask about the others" in found.text


def test_codes_are_mapped_where_known_marked_where_not_and_hidden_where_rare(tmp_path):
    rows = incidents()
    rows[5][1], rows[6][1], rows[7][1] = "Zebedee", "CALL", "Q1234567"
    found = drafted(tmp_path, [HEADINGS, *rows])
    (entry,) = entries(found)
    assert entry["codes"]["kind"] == {"ASB": "asb_incident", "BREACH": "TODO", "CALL": "police_callout"}
    assert "Zebedee" not in found.text
    assert "not shown are values in fewer than 10 rows or with no form of a code (2)" in found.text


def test_a_year_that_is_written_otherwise_is_translated(tmp_path):
    headings = ["Pupil ID", "Acad Year", "Term", "Poss", "Auth", "Unauth", "Surname"]
    rows = [[f"S{n // 3}", "2011-12", ("Aut", "Spr", "Sum")[n % 3], "120", "3", "2", "Lee"] for n in range(60)]
    (entry,) = entries(drafted(tmp_path, [headings, *rows]))
    assert entry["table"] == "attendance"
    assert entry["codes"] == {"academic_year": {"2011-12": "2011/12"}, "term": {"Aut": "1", "Spr": "2", "Sum": "3"}}
    assert {name: str(day) for name, day in entry["covers"].items()} == {"start": "2011-09-01", "end": "2012-09-01"}


@pytest.mark.parametrize(
    ("terms", "start", "end"),
    [
        ([("2011/12", "1")], "2011-09-01", "2012-01-01"),
        ([("2011/12", "2")], "2012-01-01", "2012-05-01"),
        ([("2011/12", "3")], "2012-04-01", "2012-09-01"),
        ([("2010/11", "3"), ("2011/12", "1"), ("2011/12", "2")], "2011-04-01", "2012-05-01"),
        ([("2010/11", "1"), ("2012/13", "1"), ("n/k", "1")], "2010-09-01", "2013-01-01"),
    ],
)
def test_attendance_reaches_from_its_first_term_to_its_last(tmp_path, terms, start, end):
    """A school year whose later terms have not come is not covered to its end."""
    headings = ["Pupil ID", "Acad Year", "Term", "Poss", "Auth", "Unauth", "Surname"]
    rows = [[f"S{n}", *terms[n % len(terms)], "120", "3", "2", "Lee"] for n in range(60)]
    (entry,) = entries(drafted(tmp_path, [headings, *rows]))
    assert {name: str(day) for name, day in entry["covers"].items()} == {"start": start, "end": end}


def test_identifiers_are_told_by_their_check_digits_whatever_they_are_called(tmp_path):
    numbers = ["9434765919", "9434765870", "9434765927", "4505577104"]  # made up, with a right check digit
    rows = [[f"C{n}", "Ann", "Lee", numbers[n % 4], "OX1 1AA"] for n in range(40)]
    (entry,) = entries(drafted(tmp_path, [["Client Ref", "First name", "Last name", "Health code", "Where"], *rows]))
    assert entry["columns"]["nhs_number"] == "Health code"
    assert entry["columns"]["postcode"] == "Where"


def test_a_number_that_agencies_share_serves_where_there_is_no_other(tmp_path):
    rows = [[f"A{n:012}", "FIXD", day] for n, day in enumerate(days(30))]
    (entry,) = entries(drafted(tmp_path, [["UPN", "Exclusion category", "Start date"], *rows]))
    assert entry["columns"]["local_id"] == "UPN"


def test_names_beside_every_event_make_no_list_of_persons(tmp_path):
    headings = ["Client ID", "Forename", "Surname", "DOB", "Type", "Incident Date"]
    rows = [[f"Q{n % 9}", "Ann", "Lee", "01/02/1980", "ASB", day] for n, day in enumerate(days(40))]
    found = drafted(tmp_path, [headings, *rows])
    assert [entry["table"] for entry in entries(found)] == ["event"]
    assert any("one row for each person" in note for note in found.notes)


def test_the_headings_of_a_statutory_return_are_known(tmp_path):
    headings = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
    rows = [["1", day, "S", "C2", "N1", "U1", "PR1", day, "X1", "", "OX1 1AA", "OX1 1AA", "SC1"] for day in days(30)]
    found = drafted(tmp_path, [headings.split(","), *rows])
    assert "layout: ssda903_episodes" in found.text
    assert entries(found)[0]["constants"] == {"kind": "looked_after"}


def test_a_list_of_persons_without_names_is_one_all_the_same(tmp_path):
    rows = [[str(n), "MF"[n % 2], "01/02/2005", "WBRI", "", "", ""] for n in range(30)]
    (entry,) = entries(drafted(tmp_path, [["CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"], *rows]))
    assert entry["table"] == "person_record"
    assert entry["columns"]["ethnicity"] == "ETHNIC"


def test_headings_that_map_to_nothing_are_named(tmp_path):
    assert "# not mapped: Reported by\n" in drafted(tmp_path, [HEADINGS, *incidents()]).text


CANARY = "Canarybird"


def with_canaries() -> list[list[str]]:
    """People and events in one table, with a canary in every column that could hold a person's value."""
    headings = ["Client ID", "Forename", "Surname", "DOB", "Sex", "Postcode", "NHS number", "NINO", "UPRN"]
    headings += ["District", "Type", "Incident Date", "Worker", "Notes"]
    rows = []
    for n, day in enumerate(days(50)):
        person = [
            f"{CANARY}{n}",
            CANARY,
            CANARY,
            "29/02/1984",
            "M",
            "ZZ99 9ZZ",
            "9434765919",
            "QQ123456C",
            "100000000999",
        ]
        rows.append([*person, "Cherwell", "ASB", day, CANARY, f"{CANARY} was seen"])
    rows[0][4] = rows[1][9] = rows[2][10] = CANARY
    return [headings, *rows]


SECRETS = (CANARY, "29/02/1984", "1984", "ZZ99", "9434765919", "QQ123456C", "100000000999")


def test_no_value_about_a_person_is_ever_in_a_draft(tmp_path):
    found = drafted(tmp_path, with_canaries())
    assert {entry["table"] for entry in entries(found)} == {"person_record", "event"}
    shown = found.text + " ".join(found.notes)
    assert [secret for secret in SECRETS if secret in shown] == []


def shown(found: Draft) -> str:
    return found.text + " ".join(found.notes)


def test_free_text_is_never_shown_however_often_it_stands(tmp_path):
    headings = ["Client ID", "Intervention", "Provider", "District", "Start date", "End date"]
    rows = [[f"Q{n}", CANARY, ("CANARY", "Ann Canary")[n % 2], "Canary", day, ""] for n, day in enumerate(days(40))]
    found = drafted(tmp_path, [headings, *rows])
    assert "anary" not in shown(found).lower()
    assert "provider: [TODO]  # free text, 2 different values" in found.text
    assert any("words of provider that may be let through, of 2" in note for note in found.notes)


def test_names_in_a_column_of_codes_are_not_shown(tmp_path):
    """Shifted cells put forenames where codes should be, in systems that write in capitals too."""
    rows = incidents()
    for n, row in enumerate(rows):
        row[1] = ("Oliver", "AMELIA", "Jack", "LEE", "B12")[n % 5]
    found = drafted(tmp_path, [HEADINGS, *rows])
    assert [name for name in ("Oliver", "AMELIA", "Jack", "LEE") if name in shown(found)] == []
    assert entries(found)[0]["codes"]["kind"] == {"B12": "TODO"}


def test_a_heading_that_could_be_a_name_is_told_by_its_place(tmp_path):
    headings = ["Client ID", "Oliver Smith (child)", "Incident Date", "Amelia Date", "Brough", "Sam Ref", "Type"]
    rows = [[f"Q{n % 9}", f"x{n}", day, day, "Lee", f"R{n}", "ASB"] for n, day in enumerate(days(40))]
    found = drafted(tmp_path, [headings, *rows])
    assert [name for name in ("Oliver", "Smith", "Amelia", "Brough", "Sam") if name in shown(found)] == []
    assert "# not mapped: column 2, column 4 (dates), column 5, column 6\n" in found.text
    assert entries(found)[0]["columns"]["local_id"] == "Client ID"


@pytest.mark.parametrize("has_table", [True, False])
def test_a_sheet_that_could_be_named_after_somebody_is_told_by_its_number(tmp_path, has_table):
    book = openpyxl.Workbook()
    book.active.title = "Oliver Smith"
    book.create_sheet("Amelia Jones")
    for row in [HEADINGS, *incidents()] if has_table else [["a note"]]:
        book["Amelia Jones"].append(row)
    book.save(tmp_path / "book.xlsx")
    if not has_table:
        with pytest.raises(InputError, match=r"sheet 1 left out.*sheet 2 left out") as refused:
            draft(tmp_path / "book.xlsx")
        assert "Smith" not in str(refused.value) and "Amelia" not in str(refused.value)
        return
    found = draft(tmp_path / "book.xlsx")
    assert "Smith" not in shown(found)
    assert [line.split(":")[0].strip() for line in shown(found).splitlines() if "Amelia" in line] == ["format"]
    with pytest.raises(InputError) as refused:
        draft(tmp_path / "book.xlsx", sheet="Oliver Smiht")
    assert "Smith" not in str(refused.value)


@pytest.mark.parametrize("heading", ["ID", "Ref", "No.", "Number", "Ref No"])
def test_a_mere_number_is_the_persons_where_nothing_better_is_there(tmp_path, heading):
    persons = [[f"{n}", "Ann", "Lee", "03/04/2001"] for n in range(30)]
    (entry,) = entries(drafted(tmp_path, [[heading, "Forename", "Surname", "DOB"], *persons]))
    assert (entry["table"], entry["columns"]["local_id"]) == ("person_record", heading)
    found = drafted(
        tmp_path, [[heading, "Type", "Incident Date"], *([str(n % 9), *row[1:3]] for n, row in enumerate(incidents()))]
    )
    assert entries(found)[0]["columns"]["local_id"] == heading
    assert "a number that does not say of whom: check" in found.text


def test_a_mere_number_of_events_is_not_the_persons(tmp_path):
    rows = [[f"{n}", f"A{n % 9:012}", *row[1:3]] for n, row in enumerate(incidents())]
    (entry,) = entries(drafted(tmp_path, [["ID", "UPN", "Type", "Incident Date"], *rows]))
    assert (entry["columns"]["local_id"], entry["unique"]) == ("UPN", ["ID"])


LETTERS = "abcdefghijklmnop"


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(with_canaries()[1:], id="no headings"),
        pytest.param([[f"{CANARY} {sign}", f"{sign} Lee"] for sign in LETTERS], id="no headings over different names"),
        pytest.param([[f"{CANARY} Day", f"Town {n % 2}"] for n in range(9)], id="no headings over repeated names"),
        pytest.param([[f"{CANARY} Day", "Female"], ["Lee", "Male"]], id="no headings over names and sexes"),
        pytest.param([["Shop", "Colour no"], *(row[1:3] for row in with_canaries()[1:])], id="no table of ours"),
        pytest.param([row[:1] for row in with_canaries()], id="one column"),
    ],
)
def test_nor_is_one_in_a_refusal(tmp_path, rows):
    with pytest.raises(InputError) as refused:
        drafted(tmp_path, rows)
    assert [secret for secret in SECRETS if secret in str(refused.value)] == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"  \r\n", "the file is empty"),
        (b"<?xml version='1.0'?><Message/>", "this is XML, such as a census return; have it exported as CSV or Excel"),
        (b"%PDF-1.7", "this is a PDF"),
        (b'[ {"DOB": 1}]', "this is JSON"),
        (b"<html><table></table></html>", "this is a web page"),
        (b"PK\x03\x04 and nothing", "begins like an Excel workbook and is not one"),
        (b"PAR1 and nothing", "not a"),
        (bytes(range(256)), "holds bytes that no text has"),
        (b"Client ID,Type\r\n\x81\x8d\r\n", "neither utf-8 nor cp1252"),
        (b"a file of\nsome lines\n", "2 lines that no commas, semicolons, tabs or upright bars part into cells"),
        (b"Client ID,Type,Incident Date\r\n", "3 headings and no rows"),
        (b"1,2\r\n3,4\r\n", "about 2 cells in a row, and no row of headings"),
    ],
)
def test_what_is_no_table_is_refused_with_what_it_is(tmp_path, content, message):
    (tmp_path / "extract").write_bytes(content)
    with pytest.raises(InputError, match=r"^extract: ") as refused:
        draft(tmp_path / "extract")
    assert message in str(refused.value)


def test_two_digit_years_are_told_where_nothing_can_be_drafted(tmp_path):
    with pytest.raises(InputError, match="two-digit year: ask for four digits"):
        drafted(tmp_path, [HEADINGS, *incidents(date_format="%d/%m/%y")])


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(InputError, match=r"extract.csv: no such file"):
        draft(tmp_path / "extract.csv")


def test_the_same_extract_gives_the_same_draft(tmp_path):
    assert drafted(tmp_path, with_canaries()) == drafted(tmp_path, with_canaries())
