"""What becomes of a row of an extract: tiny files in, visible answers out."""

import pytest

from tests.council import EVENTS, HOMES, PERSONS, Council, found, nhs_number, query, query_linking_store
from tf_eval.data import build_county
from tf_eval.errors import ConfigError, InputError, TfEvalError


def test_a_clean_county_has_no_problems_and_every_row(council):
    county = council.build()
    assert found(county) == []
    assert county.sources()["rows_used"].sum() == 3 + 3 + 3 + 3 + 3 + 3
    assert query(county, "SELECT kind, date::VARCHAR, recorded_on::VARCHAR FROM event ORDER BY date, kind") == [
        ("asb_incident", "2010-05-01", "2010-05-03"),
        ("asb_incident", "2010-05-02", "2010-05-03"),
        ("police_callout", "2010-05-02", "2010-05-03"),
    ]
    assert query(county, "SELECT kind, detail, end_date::VARCHAR FROM spell ORDER BY start_date") == [
        ("out_of_work_benefit", "JSA", "2010-06-01"),
        ("out_of_work_benefit", "ESA", None),
        ("out_of_work_benefit", "ESA", None),
    ]
    assert query(county, "SELECT term_no, possible, unauthorised FROM attendance ORDER BY 1") == [
        (1, 130, 2),
        (2, 110, 0),
        (3, 120, 0),
    ]


BROKEN = {
    "persons.csv": [
        (",Dan,Roe,01/01/1980,M,9434765951", "ID", "missing value"),
        ("9,Dan,Roe,01/01/2031,M,9434765951", "BORN", "after the covered time"),
        ("1,Ann,Lee,01/02/1980,F,9434765919", "", "repeated row"),
        ("9,Dan,Roe,01/01/1980,M", "", "number of fields"),
        ("9,Dan,Roe,01/01/1980,M,9434765951,more", "", "number of fields"),
    ],
    "homes.csv": [
        ("3,10010000300,Cherwell,01/01/2010,31/12/2009", "TO", "end before start"),
        ("3,,Cherwell,01/01/2010,", "UPRN", "missing value"),
        ("8,10010000300,Cherwell,01/01/2010,", "ID", "no person record"),
    ],
    "events.csv": [
        ("d,2,FIRE,02/05/2010,03/05/2010", "TYPE", "unknown code"),
        ("d,2,ASB,31/03/2009,03/05/2010", "DAY", "date out of range"),
        ("d,2,ASB,01/04/2011,03/05/2011", "DAY", "date out of range"),
        ("d,2,ASB,02/05/2010,01/05/2010", "RECORDED", "end before start"),
        ("d,7,ASB,02/05/2010,03/05/2010", "ID", "no person record"),
    ],
    "benefits.csv": [
        ("3,XYZ,01/01/2010,", "KIND", "unknown code"),
        ("3,JSA,01/05/2010,30/04/2010", "TO", "end before start"),
        ("3,ESA,01/07/2010,", "", "repeated row"),
        ("3,JSA,01/04/2011,", "FROM", "date out of range"),
    ],
    "attendance.csv": [
        ("2,2010/11,Autumn,130,3,2", "TERM", "unknown term"),
        ("2,2009/10,Easter,130,3,2", "TERM", "unknown code"),
        ("3,2009/10,Autumn,many,3,2", "POSSIBLE", "not a number"),
        ("3,2009/10,Autumn,130,-3,2", "AUTHORISED", "out of range"),
        ("3,2009/10,Autumn,130,100,31", "POSSIBLE", "more absent than possible"),
        ("3,09/10,Autumn,130,3,2", "YEAR", "wrong form"),
    ],
}
# Rows that are used without one of their cells.
LEFT_EMPTY = [
    ("10,Dan,Roe,01/01/80,M,9434765951", "BORN", "date format"),
    ("11,Dan,Roe,1980-01-01,M,9434765951", "BORN", "date format"),
    ("12,Dan,Roe,12/31/1980,M,9434765951", "BORN", "date format"),
    ("13,Dan,Roe,31/02/1980,M,9434765951", "BORN", "no such day"),
    ("14,Dan,Roe,01/01/1880,M,9434765951", "BORN", "date out of range"),
    ("15,Dan,Roe,01/01/1980,Q,9434765951", "SEX", "unknown code"),
    ("16,D\0n,Roe,01/01/1980,M,9434765951", "FIRST", "control character"),
]


# Good rows, so that the broken ones stay in the minority.
OTHERS = range(20, 40)
GOOD = {
    "persons.csv": [f"{number},Flo,Poe,02/03/{1950 + number},F,{nhs_number(number)}" for number in OTHERS],
    "homes.csv": [f"1,100100004{number},Cherwell,01/01/{1970 + number},01/02/{1970 + number}" for number in OTHERS],
    "events.csv": [f"f,1,ASB,{number - 10}/05/2010,03/06/2010" for number in OTHERS],
    "benefits.csv": [f"1,JSA,{number - 10}/05/2009,{number - 10}/05/2009" for number in OTHERS],
    "attendance.csv": [f"1,2009/10,{term},130,1,1" for term in ("Autumn", "Spring", "Summer")],
}


@pytest.mark.parametrize("file", BROKEN)
def test_a_row_that_cannot_be_used_is_set_aside_with_its_reason(council, file):
    county = council.add(file, *GOOD[file]).add(file, *[row for row, _, _ in BROKEN[file]]).build()
    first = 5 + len(GOOD[file])  # the row as an editor counts it: the header is row 1
    expected = [(first + place, column, rule) for place, (_, column, rule) in enumerate(BROKEN[file])]
    told = query_linking_store(
        county,
        "SELECT row_number, coalesce(column_name, ''), rule FROM problem WHERE severity = 'set aside' ORDER BY 1",
    )
    assert told == expected
    counts = county.sources().set_index("file").loc[file]
    assert counts["rows_used"] == 3 + len(GOOD[file])
    assert counts["rows_quarantined"] == len(BROKEN[file])


def test_a_row_is_used_without_a_cell_that_it_can_do_without(council):
    file = "persons.csv"
    county = council.add(file, *GOOD[file]).add(file, *[row for row, _, _ in LEFT_EMPTY]).build()
    first = 5 + len(GOOD[file])
    told = query_linking_store(
        county, "SELECT row_number, column_name, rule FROM problem WHERE severity = 'left empty' ORDER BY 1"
    )
    assert told == [(first + place, column, rule) for place, (_, column, rule) in enumerate(LEFT_EMPTY)]
    counts = county.sources().set_index("file").loc[file]
    assert (counts["rows_used"], counts["rows_quarantined"]) == (3 + len(GOOD[file]) + len(LEFT_EMPTY), 0)


def test_one_row_may_break_several_rules_and_is_counted_once(council):
    county = council.add("events.csv", "d,7,FIRE,2010-05-02,").build()
    assert sorted(rule for _, _, rule, _ in found(county)) == ["date format", "no person record", "unknown code"]
    assert county.sources()["rows_quarantined"].sum() == 1


def test_a_broken_row_does_not_take_the_good_row_with_the_same_key_along(council):
    council.texts["persons.csv"] = PERSONS.replace(
        "3,Cat", "9,Dan,Roe,01/01/2031,M,9434765951\n    9,Dan,Roe,01/01/1980,M,9434765951\n    3,Cat"
    )
    county = council.build()
    assert found(county) == [("persons.csv", "BORN", "after the covered time", 1)]


def test_a_record_sent_twice_in_two_files_is_used_once(council):
    entry = council.yaml().split("sources:\n")[1].split("  - agency")[1]
    council.replaced = (("sources:\n", "sources:\n  - agency" + entry.replace("persons.csv", "more.csv")),)
    council.texts["more.csv"] = (
        "ID,FIRST,LAST,BORN,SEX,NHS\n1,Ann,Lee,01/02/1980,F,9434765919\n6,Eve,Lee,01/02/1990,F,9434765943\n"
    )
    county = council.build()
    assert [(rule, rows) for _, _, rule, rows in found(county)] == [("repeated row", 1)]
    assert query(county, "SELECT count(*) FROM person") == [(4,)]


def test_events_repeat_unless_the_extract_has_a_number_that_tells_them_apart(council):
    assert found(council.add("events.csv", "c,2,ASB,02/05/2010,03/05/2010").build()) == []
    council.replaced = (("    codes: {kind:", "    unique: [REF]\n    codes: {kind:"),)
    assert found(council.build()) == [("events.csv", "", "repeated row", 1)]


def test_an_event_sent_again_in_a_later_file_is_used_once(council):
    entry = council.yaml().split("sources:\n")[1].split("  - agency")[3]
    assert "file: events.csv" in entry
    numbered = entry.replace("    codes: {kind:", "    unique: [REF]\n    codes: {kind:")
    council.replaced = (
        ("  - agency" + entry, "  - agency" + numbered + "  - agency" + numbered.replace("events.csv", "later.csv")),
    )
    council.texts["later.csv"] = EVENTS.replace("03/05/2010\n    b", "04/05/2010\n    b") + "    d,3,ASB,01/06/2010,\n"
    county = council.build()
    told = [(rule, rows) for file, _, rule, rows in found(county) if file == "later.csv"]
    assert told == [("repeated row", 2), ("same key, other content", 1)]
    events = query(county, "SELECT date::VARCHAR, recorded_on::VARCHAR FROM event ORDER BY date, kind")
    assert (len(events), events[0]) == (4, ("2010-05-01", "2010-05-04"))


def test_an_empty_extract_is_said_to_be_empty(council):
    council.texts["events.csv"] = "REF,ID,TYPE,DAY,RECORDED"
    assert ("events.csv", "", "no rows", 1) in found(council.build())


def refusal(council: Council, error: type[TfEvalError] = InputError) -> str:
    with pytest.raises(error) as refused:
        council.build()
    assert not list(council.folder.glob("*.duckdb"))
    return str(refused.value)


def test_a_wrong_date_format_refuses_the_file_and_names_the_right_one(council):
    council.texts["events.csv"] = EVENTS.replace("/05/2010", "-05-2010")
    message = refusal(council)
    assert "events.csv: 3 of 3 rows cannot be used" in message
    assert "column 'DAY'" in message and "date format (3 rows)" in message
    assert "All of its dates look like %d-%m-%Y" in message


def test_no_date_format_is_named_where_two_would_do(council):
    council.replaced = (('"%d/%m/%Y"', '"%Y-%m-%d"'),)
    message = next(line for line in refusal(council).splitlines() if "persons.csv" in line)
    assert "persons.csv: 3 of 3 filled cells cannot be used. column 'BORN', date format" in message
    assert "look like" not in message  # 01/02, 03/04 and 05/06: day first or month first?


def test_a_missing_file_is_named_before_anything_is_read(council):
    council.texts.pop("events.csv")
    council.texts.pop("homes.csv")
    message = refusal(council)
    assert "events.csv is missing" in message and "homes.csv is missing" in message


def test_a_missing_column_is_named_with_the_nearest_one(council):
    council.texts["homes.csv"] = HOMES.replace("DISTRICT", "DISTRCT")
    assert "no column 'DISTRICT'. Did you mean 'DISTRCT'?" in refusal(council)


def test_a_file_without_its_header_is_refused_without_a_word_of_the_person_in_its_place(council):
    council.texts["persons.csv"] = "\n".join(PERSONS.strip().splitlines()[1:])
    message = refusal(council)
    assert "row 1 has 6 headings" in message and "is row 1 really the header?" in message
    assert not [word for word in ("Ann", "Lee", "1980", "9434765919", "Known") if word in message]


def test_a_column_without_a_near_miss_is_named_and_nothing_of_the_file(council):
    council.texts["homes.csv"] = HOMES.replace("UPRN", "PLACE")
    assert refusal(council).endswith("homes.csv, header: no column 'UPRN'.")


def test_a_wrong_delimiter_is_a_missing_column(council):
    council.texts["homes.csv"] = HOMES.replace(",", ";")
    assert "homes.csv, header" in refusal(council)


def test_a_wrong_encoding_is_refused_in_both_directions(council):
    council.raw["persons.csv"] = "ID,FIRST,LAST,BORN,SEX,NHS\n1,Zoë,Lee,01/02/1980,F,9434765919\n".encode("cp1252")
    assert "persons.csv, line 2: not utf-8 text" in refusal(council)
    council.raw["persons.csv"] = "ID,FIRST,LAST,BORN,SEX,NHS\n1,Zoë,Lee,01/02/1980,F,9434765919\n".encode()
    council.replaced = (("utf-8", "cp1252"),)
    assert "declared cp1252, but it is utf-8 text" in refusal(council)


def test_a_quote_mark_left_open_is_refused(council):
    council.add("persons.csv", '9,"Dan,Roe,01/01/1980,M,9434765951')
    assert "a quote mark is opened and not closed" in refusal(council)


def test_every_problem_of_every_file_is_told_at_once(council):
    council.texts["homes.csv"] = HOMES.replace("UPRN", "PROPERTY")
    council.texts["events.csv"] = EVENTS.replace("TYPE", "WHAT")
    message = refusal(council)
    assert "no column 'UPRN'" in message and "no column 'TYPE'" in message


def test_no_value_of_a_person_is_in_a_message_or_a_problem(council):
    """Every cell of the broken rows is a canary; none may sing."""
    council.add("persons.csv", "CANARY1,CANARY2,CANARY3,CANARY4,CANARY5,CANARY6")
    council.add("events.csv", "CANARY1,CANARY7,CANARY8,CANARY9,CANARY10")
    county = council.build()
    told = county.problems().to_string() + repr(county) + county.summary() + county.sources().to_string()
    assert "CANARY" not in told
    assert "CANARY" not in str(query(county, "FROM finding") + query_linking_store(county, "FROM problem"))
    assert b"CANARY" not in county.path.read_bytes()
    council.texts["persons.csv"] = "ID,FIRST,LAST,BORN,SEX,NHS\nCANARY1,CANARY2,CANARY3,CANARY4,CANARY5,CANARY6\n"
    county.path.unlink()
    assert "CANARY" not in refusal(council)


def test_the_names_of_people_do_not_reach_the_county(council):
    assert b"Ann" not in council.build().path.read_bytes()


def test_a_source_of_an_unknown_table_is_refused(council):
    council.replaced = (("table: event", "table: events"),)
    assert "entry 3 of sources, table: no table 'events'. Did you mean 'event'?" in refusal(council, ConfigError)


def test_a_file_that_nobody_reads_and_one_that_did_not_come_are_told(council):
    council.texts["more.csv"] = "ID\n1\n"
    council.build()
    manifest = council.folder / "extracts" / "manifest.csv"
    manifest.write_text(manifest.read_text() + f"lost.csv,10,{'0' * 64}\n")
    county = build_county(council.folder / "sources.yaml")
    assert [(file, rule) for file, _, rule, _ in found(county)] == [
        ("lost.csv", "named by the manifest and not there"),
        ("more.csv", "read by no source"),
    ]
