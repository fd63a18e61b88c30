"""Statutory layouts: a tiny file as the return has it in, the contract's rows out."""

from datetime import date
from pathlib import Path

import duckdb
import pytest
import yaml

from tf_eval.data.checking.check import check, create_loaded_tables
from tf_eval.data.contract import ETHNIC_GROUPS
from tf_eval.data.layout import COUNTY_DDL
from tf_eval.data.layouts import fill_in, layout_names, layout_path, matching_layouts, with_layouts
from tf_eval.data.reading.extract import read_extract
from tf_eval.data.source import Source
from tf_eval.data.sources import load_sources
from tf_eval.data.yaml_file import load_yaml
from tf_eval.errors import ConfigError

SOURCES = """
county: testshire
extracts: data/testshire/extracts
agreements:
  - reference: DSA-1
    gateway: Children Act 2004, section 10
    purposes: [evaluation]
    signed: 2011-01-01
    expires: 2016-01-01
    delete_by: 2017-01-01
sources:
  - {layout: ssda903_header, agency: council, file: header.csv, agreement: DSA-1}
  - layout: ssda903_episodes
    agency: council
    file: episodes.csv
    agreement: DSA-1
    covers: {start: 2009-04-01, end: 2015-04-01}
"""
COVERS = {"start": "2009-04-01", "end": "2015-04-01"}
TERMS = {"academic_year": "2011/12", "term": "1"}
ETHNIC_LAYOUTS = ("cin_children", "school_census_pupils", "ssda903_header")
# Department for Education, common basic data set, ethnicity: the main codes.
DFE_CODES = "WBRI WIRI WIRT WROM WOTH MWBC MWBA MWAS MOTH AIND APKN ABAN AOTH CHNE BCRB BAFR BOTH OOTH REFU NOBT"

# layout, what the entry adds, the file, the columns to look at, and the rows that are used; all others are set aside.
CASES = [
    (
        "ssda903_header",
        {},
        "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n"
        "11,1,23/05/2003,WIRT,U000000000001,,\n"
        "12,F,22/01/2002,CHNE,,,\n"
        "13,2,14/02/2009,REFU,,0,\n"
        "14,3,14/02/2009,WBRI,,,\n",
        "local_id, sex, birth_date, ethnicity, upn",
        [
            ("11", "male", date(2003, 5, 23), "white", "U000000000001"),
            ("12", "female", date(2002, 1, 22), "asian", None),
            ("13", "female", date(2009, 2, 14), None, None),
            ("14", None, date(2009, 2, 14), "white", None),  # a code that the return does not have costs its cell
        ],
    ),
    (
        "ssda903_episodes",
        {"covers": COVERS},
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
        "1,20/10/2011,S,C2,N1,U1,PR1,14/11/2011,X1,CARPL,,,SC1\n"
        "1,14/11/2011,P,C2,N1,U1,PR1,,,,,,SC1\n"
        "2,14/11/2011,S,V4,N1,U1,PR1,13/11/2011,E3,,,,SC1\n",
        "local_id, kind, start_date, end_date",
        [
            ("1", "looked_after", date(2011, 10, 20), date(2011, 11, 14)),
            ("1", "looked_after", date(2011, 11, 14), None),
        ],
    ),
    (
        "cin_children",
        {},
        "LAchildID,UPN,UPNunknown,PersonBirthDate,ExpectedPersonBirthDate,GenderCurrent,Ethnicity\n"
        "11,,UN2,2011-02-03,,2,BOTH\n"
        "12,,UN1,,2014-06-01,0,NOBT\n",
        "local_id, sex, birth_date, ethnicity",
        [("11", "female", date(2011, 2, 3), "black"), ("12", None, None, None)],
    ),
    (
        "cin_details",
        {"covers": COVERS},
        "LAchildID,CINdetailsID,CINreferralDate,PrimaryNeedCode,CINclosureDate,ReasonForClosure,ReferralNFA\n"
        "1,1,2011-01-10,N1,2011-05-10,RC1,false\n"
        "1,2,2012-01-10,N1,,,0\n"
        "2,1,2011-01-11,N0,2011-01-11,RC8,true\n",
        "local_id, kind, start_date, end_date",
        [
            ("1", "child_in_need", date(2011, 1, 10), date(2011, 5, 10)),
            ("1", "child_in_need", date(2012, 1, 10), None),
        ],
    ),
    (
        "cin_plans",
        {"covers": COVERS},
        "LAchildID,CINdetailsID,CINPlanStartDate,CINPlanEndDate\n"
        "1,1,2011-01-10,2011-03-10\n"
        "2,1,2011-02-10,2011-12-01\n"
        "2,1,2012-01-10,2011-12-01\n",
        "local_id, kind, start_date, end_date",
        [
            ("1", "child_in_need", date(2011, 1, 10), date(2011, 3, 10)),
            ("2", "child_in_need", date(2011, 2, 10), date(2011, 12, 1)),
        ],
    ),
    (
        "cin_protection_plans",
        {"covers": COVERS},
        "LAchildID,CINdetailsID,CPPID,CPPstartDate,CPPendDate,LatestCategoryOfAbuse,NumberOfPreviousCPP\n"
        "1,1,1,2013-07-01,,NEG,0\n",
        "local_id, kind, start_date, end_date",
        [("1", "child_protection_plan", date(2013, 7, 1), None)],
    ),
    (
        "cin_section47",
        {"covers": COVERS},
        "LAchildID,CINdetailsID,S47ActualStartDate,InitialCPCtarget,DateOfInitialCPC,ICPCnotRequired\n"
        "1,1,2014-03-31,2014-04-22,,true\n",
        "local_id, kind, date",
        [("1", "concern", date(2014, 3, 31))],
    ),
    (
        "school_census_pupils",
        {},
        "UPN,Surname,Forename,DoB,Gender,PostCode,Ethnicity\n11,Adams,Zoe,2001-09-01,F,OX1 1AA,MWAS\n",
        "local_id, upn, surname, forename, birth_date, sex, postcode, ethnicity",
        [("11", "11", "Adams", "Zoe", date(2001, 9, 1), "female", "OX1 1AA", "mixed")],
    ),
    (
        "school_census_attendance",
        {"covers": COVERS, "constants": TERMS},
        "UPN,Surname,Estab,TermlySessionsPossible,TermlySessionsAuthorised,TermlySessionsUnauthorised\n"
        "1,Adams,4001,140,3,21\n"
        "2,Ray,4001,140,0,0\n"
        "3,Lee,4001,140,,\n",
        "local_id, academic_year, term, school, possible, authorised, unauthorised",
        [("1", "2011/12", 1, "4001", 140, 3, 21), ("2", "2011/12", 1, "4001", 140, 0, 0)],
    ),
    (
        "school_census_exclusions",
        {"covers": COVERS},
        "UPN,Category,Reason,StartDate,Sessions\n"
        "1,FIXD,PP,2012-01-10,4\n"
        "1,SUSP,PP,2012-02-10,2\n"
        "2,LNCH,DB,2012-02-11,1\n"
        "3,PERM,PA,2012-03-01,\n",
        "local_id, kind, date, value",
        [
            ("1", "fixed_exclusion", date(2012, 1, 10), 4.0),
            ("1", "fixed_exclusion", date(2012, 2, 10), 2.0),
            ("2", "fixed_exclusion", date(2012, 2, 11), 1.0),
            ("3", "permanent_exclusion", date(2012, 3, 1), None),
        ],
    ),
]


def source_of(folder: Path, layout: str, more: dict) -> Source:
    """Return the entry of a sources file that names the layout, with the other sources that such a file needs."""
    entry = {"agency": "council", "file": "a.csv", "agreement": "DSA-1", "layout": layout, **more}
    persons = {"agency": "council", "file": "b.csv", "agreement": "DSA-1", "layout": "ssda903_header"}
    terms = {
        "agency": "council",
        "file": "terms.csv",
        "table": "term",
        "format": {"type": "csv", "encoding": "utf-8", "delimiter": ","},
        "date_format": "%d/%m/%Y",
        "columns": {"academic_year": "year", "term": "term", "start_date": "from", "end_date": "to"},
    }
    document = yaml.safe_load(SOURCES) | {"sources": [entry, persons, terms]}
    (folder / "testshire.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    return load_sources(folder / "testshire.yaml").entries[0]


def loaded(source: Source, path: Path, columns: str) -> tuple[list[tuple], int]:
    """Return the rows that are used, and how many are set aside or left out."""
    with duckdb.connect() as connection:
        connection.execute(COUNTY_DDL)
        create_loaded_tables(connection)
        if source.table != "person_record":
            persons = [[str(number)] for number in range(1, 4)]
            connection.executemany("INSERT INTO loaded_person_record (agency, local_id) VALUES ('council', ?)", persons)
        if source.table == "attendance":
            connection.execute("INSERT INTO loaded_term (academic_year, term) VALUES ('2011/12', 1)")
        extract = read_extract(path, source.format, source.date_format)
        counts = check(connection, source, extract, entry=0, horizon=None)
        rows = connection.execute(f"SELECT {columns} FROM loaded_{source.table} WHERE entry = 0 ORDER BY row_number")
        return rows.fetchall(), counts.rows_quarantined + counts.rows_left_out


def test_every_layout_has_a_case():
    assert [layout for layout, *_ in sorted(CASES, key=lambda case: case[0])] == layout_names()


@pytest.mark.parametrize(("layout", "more", "text", "columns", "expected"), CASES, ids=[case[0] for case in CASES])
def test_a_statutory_file_is_read_as_it_comes(tmp_path, layout, more, text, columns, expected):
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    rows, set_aside = loaded(source_of(tmp_path, layout, more), tmp_path / "a.csv", columns)
    assert rows == expected
    assert set_aside == text.count("\n") - 1 - len(expected)


def test_a_referral_without_further_action_is_left_out_and_an_unknown_answer_set_aside(tmp_path):
    text = next(case[2] for case in CASES if case[0] == "cin_details")
    (tmp_path / "a.csv").write_text(text + "2,2,2011-01-11,N0,2011-01-11,RC8,maybe\n", encoding="utf-8")
    with duckdb.connect() as connection:
        connection.execute(COUNTY_DDL)
        create_loaded_tables(connection)
        connection.execute(
            "INSERT INTO loaded_person_record (agency, local_id) VALUES ('council', '1'), ('council', '2')"
        )
        source = source_of(tmp_path, "cin_details", {"covers": COVERS})
        extract = read_extract(tmp_path / "a.csv", source.format, source.date_format)
        counts = check(connection, source, extract, entry=0, horizon=None)
    assert (counts.rows_used, counts.rows_quarantined, counts.rows_left_out) == (2, 1, 1)


@pytest.mark.parametrize("layout", ETHNIC_LAYOUTS)
def test_every_ethnicity_code_of_the_department_is_known(layout):
    codes = fill_in({"layout": layout})["codes"]["ethnicity"]
    assert " ".join(codes) == DFE_CODES
    assert set(codes.values()) == {*ETHNIC_GROUPS, ""}
    assert [code for code, group in codes.items() if group == ""] == ["REFU", "NOBT"]


def test_the_layouts_agree_on_ethnicity():
    tables = [fill_in({"layout": layout})["codes"]["ethnicity"] for layout in ETHNIC_LAYOUTS]
    assert tables[0] == tables[1] == tables[2]


@pytest.mark.parametrize("layout", layout_names())
def test_a_layout_says_where_it_is_from(layout):
    document = yaml.safe_load(layout_path(layout).read_text(encoding="utf-8"))
    assert len(document["specification"]) > 40
    assert document["notes"]


def test_what_the_entry_says_wins_key_by_key():
    entry = {
        "layout": "ssda903_header",
        "agency": "council",
        "format": {"encoding": "cp1252"},
        "columns": {"sex": "GENDER", "upn": None},
        "codes": {"sex": {"W": "female", "1": None}},
    }
    filled = fill_in(entry)
    assert "layout" not in filled
    assert filled["format"] == {"type": "csv", "encoding": "cp1252", "delimiter": ","}
    assert filled["columns"] == {"local_id": "CHILD", "birth_date": "DOB", "sex": "GENDER", "ethnicity": "ETHNIC"}
    assert filled["codes"]["sex"] == {"2": "female", "M": "male", "F": "female", "W": "female"}
    assert entry["columns"] == {"sex": "GENDER", "upn": None}


def test_another_format_replaces_the_whole_format():
    sheet = {"type": "excel", "sheet": "Header"}
    assert fill_in({"layout": "ssda903_header", "format": sheet})["format"] == sheet


def test_a_column_takes_the_place_of_a_constant_and_a_constant_that_of_a_column():
    by_column = fill_in(
        {"layout": "cin_plans", "columns": {"kind": "Plan"}, "codes": {"kind": {"CIN": "child_in_need"}}}
    )
    assert "constants" not in by_column
    assert by_column["codes"] == {"kind": {"CIN": "child_in_need"}}
    by_constant = fill_in({"layout": "cin_details", "constants": {"kind": "child_in_need"}})
    assert "kind" not in by_constant["columns"]
    assert "codes" not in by_constant


def test_an_entry_without_a_layout_is_left_as_it_is():
    assert fill_in({"agency": "police", "columns": {"upn": None}}) == {"agency": "police", "columns": {"upn": None}}


def test_all_unknown_layouts_are_told_at_once_with_the_nearest(tmp_path):
    path = tmp_path / "county.yaml"
    path.write_text("sources:\n  - layout: ssda903_episode\n  - layout: cin_plans\n  - layout: 7\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"^county.yaml: 2 problems") as refused:
        with_layouts(load_yaml(path), path)
    told = str(refused.value)
    assert "line 2, entry 1 of sources, layout: no layout 'ssda903_episode'. Did you mean 'ssda903_episodes'?" in told
    assert "line 4, entry 3 of sources, layout: no layout '7'." in told


@pytest.mark.parametrize("sources", [None, "none", [None, "x"]])
def test_what_is_no_list_of_entries_is_left_for_the_check_of_the_file(sources):
    assert with_layouts({"sources": sources}, Path("county.yaml")) == {"sources": sources}


def test_a_layout_is_known_by_its_headings_in_whatever_capitals_and_blanks():
    matching = matching_layouts(["LAchildID", "CPP start date", "CPPENDDATE", "Category"])
    assert matching == {
        "cin_protection_plans": {"local_id": "LAchildID", "start_date": "CPP start date", "end_date": "CPPENDDATE"}
    }
    assert matching_layouts(["LAchildID", "CPPstartDate", "CPP-end-date"]) == {}


@pytest.mark.parametrize("alike", [["CPPstartDate", "CPP Start Date"], ["CPP Start Date", "CPPstartDate"]])
def test_of_headings_alike_the_layouts_own_is_meant(alike):
    matching = matching_layouts(["LAchildID", *alike, "CPPendDate"])
    assert matching["cin_protection_plans"]["start_date"] == "CPPstartDate"


def test_a_sources_file_names_a_layout_in_one_line(tmp_path):
    path = tmp_path / "testshire.yaml"
    path.write_text(SOURCES, encoding="utf-8")
    header, episodes = load_sources(path).entries
    assert header.columns["ethnicity"] == "ETHNIC"
    assert episodes.kinds == ("looked_after",)
    path.write_text(SOURCES.replace("ssda903_header", "ssda903_heading"), encoding="utf-8")
    with pytest.raises(ConfigError, match="line 12, entry 1 of sources, layout: no layout 'ssda903_heading'"):
        load_sources(path)
