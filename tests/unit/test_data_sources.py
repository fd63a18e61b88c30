"""The sources file: what is refused, and with which words."""

from pathlib import Path

import pytest

from tf_eval.data.sources import load_sources
from tf_eval.errors import ConfigError

GOOD = """
county: testshire
extracts: data/testshire/extracts
agreements:
  - reference: A1
    gateway: Crime and Disorder Act 1998, section 115
    purposes: [identification, evaluation]
    signed: 2008-01-01
    expires: 2030-12-31
    delete_by: 2031-12-31
sources:
  - agency: police
    agreement: A1
    file: nominals.csv
    table: person_record
    format: {type: csv, encoding: cp1252, delimiter: ","}
    date_format: "%d/%m/%Y"
    columns: {local_id: REF, birth_date: DOB, sex: GENDER}
    codes: {sex: {M: male, 2: female}}
  - agency: police
    agreement: A1
    file: incidents.xlsx
    table: event
    format: {type: excel, sheet: Incidents, header_row: 3}
    date_format: "%Y-%m-%d"
    covers: {start: 2009-04-01, end: 2015-04-01}
    columns: {local_id: REF, kind: TYPE, date: DAY}
    codes: {kind: {A: asb_incident, B: asb_incident, C: police_callout}}
"""


def load(folder: Path, text: str):
    path = folder / "sources.yaml"
    path.write_text(text, encoding="utf-8")
    return load_sources(path)


def test_a_good_file_is_read(tmp_path):
    sources = load(tmp_path, GOOD)
    nominals, incidents = sources.entries
    assert nominals.codes == {"sex": {"M": "male", "2": "female"}}
    assert incidents.format.header_row == 3
    assert incidents.kinds == ("asb_incident", "police_callout")
    assert str(sources.horizon) == "2015-04-01"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("date_format", "dateformat", "entry 1 of sources: no key 'dateformat'. Did you mean 'date_format'?"),
        (
            "header_row: 3",
            "header_rows: 3",
            "entry 2 of sources, format: no key 'header_rows'. Did you mean 'header_row'?",
        ),
        ("sheet: Incidents", "sheet: ''", "entry 2 of sources, format.sheet:"),
        ("type: excel", "type: exel", "entry 2 of sources, format:"),
        ("county: testshire", "", "the key 'county' is missing."),
        ("file: incidents.xlsx", "", "entry 2 of sources: the key 'file' is missing."),
        ("table: event", "table: events", "entry 2 of sources, table: no table 'events'. Did you mean 'event'?"),
        (
            "birth_date: DOB",
            "birthdate: DOB",
            "entry 1 of sources, columns: no column of table person_record 'birthdate'. Did you",
        ),
        ("kind: TYPE, ", "", "entry 2 of sources, columns: 'kind' is needed for table event and not mapped."),
        (
            "C: police_callout",
            "C: police_call",
            "entry 2 of sources, codes.kind: 'police_call' is no kind of the contract. Did you",
        ),
        ("2: female", "2: woman", "entry 1 of sources, codes.sex: 'woman' is no sex of the contract."),
        ("covers: {start: 2009-04-01, end: 2015-04-01}", "", "entry 2 of sources, covers: table event needs the days"),
        ("end: 2015-04-01", "end: 2009-04-01", "entry 2 of sources, covers: the end must come after the start."),
        ("end: 2015-04-01", "end: 01/04/2015", "entry 2 of sources, entry 1 of covers, end:"),
        ('date_format: "%d/%m/%Y"', "", "entry 1 of sources, date_format: the extract has dates; declare"),
        ("%d/%m/%Y", "%d/%m/%y", "entry 1 of sources, date_format: a two-digit year (%y)"),
        ("%d/%m/%Y", "%m/%Y", "entry 1 of sources, date_format: a date needs a day, a month and a year"),
        ("%d/%m/%Y", "%d/%m/%Y %p", "entry 1 of sources, date_format: '%p' is not supported"),
        ("cp1252", "cp1253x", "entry 1 of sources, format.encoding: no encoding 'cp1253x'."),
        ('delimiter: ","', 'delimiter: ";;"', "entry 1 of sources, format.delimiter:"),
        (
            "agency: police\n    agreement: A1\n    file: nominals",
            "agency: polis\n    agreement: A1\n    file: nominals",
            "'police' has no source of table person",
        ),
        (
            "codes: {sex",
            "constants: {sex: male}\n    codes: {sex",
            "entry 1 of sources, constants: 'sex' is mapped in columns as",
        ),
        (
            "codes: {sex",
            "constants: {upn: x}\n    codes: {postcode: {a: b}, sex",
            "entry 1 of sources, codes.postcode: the column is",
        ),
        (
            "    agreement: A1\n    file: nom",
            "    file: nom",
            "entry 1 of sources, agreement: name the data sharing agreement",
        ),
        ("agreement: A1", "agreement: A2", "entry 1 of sources, agreement: no agreement 'A2'. Known: A1."),
        ("incidents.xlsx", "nominals.csv\n    layoutt: x", "entry 2 of sources: no key 'layoutt'."),
        (
            "incidents.xlsx",
            "../incidents.xlsx",
            "entry 2 of sources, file: name a file inside the folder of the extracts.",
        ),
        ("purposes: [identification, evaluation]", "purposes: [gossip]", "entry 1 of agreements, entry 1 of purposes:"),
        ("delete_by: 2031-12-31", "", "entry 1 of agreements: the key 'delete_by' is missing."),
        ("delete_by: 2031-12-31", "delete_by: 2029-12-31", "entry 1 of agreements: the days must follow one another"),
        ("incidents.xlsx", "./incidents.xlsx", "entry 2 of sources, file: write the name plainly"),
        ("incidents.xlsx", "a//incidents.xlsx", "entry 2 of sources, file: write the name plainly"),
        ("incidents.xlsx", "a\\incidents.xlsx", "entry 2 of sources, file: write the name plainly"),
        ("purposes: [identification, evaluation]", "purposes: []", "entry 1 of agreements, purposes:"),
        (
            "codes: {kind:",
            "codes: {date: {a: 2010-01-01}, kind:",
            "entry 2 of sources, codes.date: a date that stands for nothing",
        ),
        (
            "codes: {kind",
            "constants: {value: '1,5'}\n    codes: {kind",
            "entry 2 of sources, constants.value: not a number",
        ),
        (
            "codes: {kind",
            "constants: {recorded_on: '01/02/2010'}\n    codes: {kind",
            "entry 2 of sources, constants.recorded_on: date format: a date must be written %Y-%m-%d",
        ),
        ("codes: {sex", "constants: {upn: =A1}\n    codes: {sex", "entry 1 of sources, constants.upn: formula"),
        (
            "table: event",
            "table: support",
            "entry 2 of sources, columns: 'offered' or 'started' is needed for table support; neither is mapped.",
        ),
        ("table: event", "table: attendance", "attendance needs the dates of the school terms"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place_and_what_to_do(tmp_path, old, new, message):
    assert old in GOOD
    with pytest.raises(ConfigError) as refused:
        load(tmp_path, GOOD.replace(old, new, 1))
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("header_row: 3", "header_rows: 3", 24),
        ("sheet: Incidents, ", "", 24),
        ("C: police_callout", "C: police_call", 28),
        ("end: 2015-04-01", "end: 2009-04-01", 26),
        ("end: 2015-04-01", "end: 01/04/2015", 26),
        ("    file: nominals.csv", "    layoutt: x\n    file: nominals.csv", 14),
    ],
)
def test_a_problem_is_told_with_its_line(tmp_path, old, new, line):
    with pytest.raises(ConfigError, match=rf"sources\.yaml: (\d problems\n  - )?line {line}, entry \d of sources"):
        load(tmp_path, GOOD.replace(old, new, 1))


def test_all_problems_are_told_at_once(tmp_path):
    with pytest.raises(ConfigError, match="4 problems") as refused:
        load(tmp_path, GOOD.replace("file: n", "files: n").replace("sheet:", "sheets:"))
    assert "entry 1 of sources: no key 'files'" in str(refused.value)
    assert "entry 2 of sources, format: no key 'sheets'. Did you mean 'sheet'?" in str(refused.value)


TERMS = """
  - agency: council
    file: terms.csv
    table: term
    format: {type: csv, encoding: cp1252, delimiter: ","}
    date_format: "%d/%m/%Y"
    columns: {academic_year: YEAR, term: TERM, start_date: FROM, end_date: TO}
"""
QUERY = """
  - agency: police
    agreement: A1
    file: callouts
    table: event
    format: {type: sql, url_from: POLICE, query: select 1}
    date_format: "%Y-%m-%d"
    covers: {start: 2009-04-01, end: 2015-04-01}
    columns: {local_id: REF, kind: TYPE, date: DAY}
    constants: {value: 1}
"""


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as refused:
        load(folder, text)
    return str(refused.value)


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ("academic_year: 2009-10", "academic_year: wrong form"),
        ("term: 4", "term: out of range"),
        ("start_date: '2009-01-01'", "start_date: date format"),
        ("start_date: ' '", "start_date: missing value"),
    ],
)
def test_a_constant_is_checked_like_a_cell(tmp_path, given, rule):
    column = given.split(":")[0]
    terms = "".join(line.replace(f"{column}: ", "upn_of_nobody: ", 1) for line in TERMS.splitlines(keepends=True))
    terms = terms.replace("upn_of_nobody: YEAR, ", "").replace("upn_of_nobody: TERM, ", "")
    terms = terms.replace("upn_of_nobody: FROM, ", "") + f"    constants: {{{given}}}\n"
    assert f"entry 3 of sources, constants.{rule}" in refusal(tmp_path, GOOD + terms)


def test_a_constant_must_be_a_word_of_its_kind(tmp_path):
    spell = QUERY.replace("table: event", "table: spell").replace("kind: TYPE, date: DAY", "start_date: DAY")
    spell = spell.replace("constants: {value: 1}", "constants: {kind: out_of_work_benefit, detail: DOLE}")
    assert "entry 3 of sources, constants.detail: unknown code: for out_of_work_benefit it" in refusal(
        tmp_path, GOOD + spell
    )
    assert load(tmp_path, GOOD + spell.replace("DOLE", "JSA")).entries[2].kinds == ("out_of_work_benefit",)


@pytest.mark.parametrize(("old", "new"), [("POLICE", "COUNCIL"), ("select 1", "select 2"), ("%Y-%m-%d", "%d/%m/%Y")])
def test_two_queries_of_one_name_are_refused(tmp_path, old, new):
    assert len(load(tmp_path, GOOD + QUERY + QUERY).entries) == 4
    message = refusal(tmp_path, GOOD + QUERY + QUERY.replace(old, new))
    assert "entry 4 of sources, file: 'callouts' is another query above" in message


def test_terms_are_kept_apart_from_people_and_from_agreements(tmp_path):
    people = GOOD + TERMS.replace("agency: council", "agency: police")
    assert load(tmp_path, people).entries[2].agreement is None
    assert "entry 3 of sources, file: 'nominals.csv' has term dates and" in refusal(
        tmp_path, people.replace("terms", "nominals")
    )
    message = refusal(tmp_path, people.replace("file: terms", "agreement: A1\n    file: terms"))
    assert "entry 3 of sources, agreement: term dates are about nobody" in message
