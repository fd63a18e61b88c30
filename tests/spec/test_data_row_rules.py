"""What is odd about a row: which rows cannot be used, which are used and noted, and when a rule has nothing to say."""

from collections.abc import Iterator
from datetime import date, timedelta

import duckdb
import pyarrow as pa
import pytest

import synthetic
from tf_eval import project
from tf_eval.data.checking.check import check, create_loaded_tables
from tf_eval.data.checking.constants import wrong_constants
from tf_eval.data.checking.records import check_loaded
from tf_eval.data.contract import TABLES
from tf_eval.data.formats import CsvFormat
from tf_eval.data.layout import COUNTY_DDL
from tf_eval.data.reading.extract import ROW_NUMBER, Extract, read_extract
from tf_eval.data.source import Covers, Source
from tf_eval.data.sources import load_sources
from tf_eval.errors import InputError

HORIZON = date(2015, 4, 1)
COVERS = (Covers(start=date(2009, 4, 1), end=HORIZON),)
LAYOUT = CsvFormat(type="csv", encoding="utf-8", delimiter=",")
PERSON = {
    "ID": "1",
    "FIRST": "Ann",
    "BORN": "02/05/1980",
    "NINO": "QQ123456A",
    "NHS": "9434765919",
    "UPN": "",
    "UPRN": "100120456",
}
NAMES = {
    "person_record": {
        "local_id": "ID",
        "forename": "FIRST",
        "surname": "LAST",
        "birth_date": "BORN",
        "nino": "NINO",
        "nhs_number": "NHS",
        "upn": "UPN",
        "uprn": "UPRN",
    },
    "residence": {"local_id": "ID", "uprn": "UPRN", "start_date": "FROM", "end_date": "TO"},
    "event": {"local_id": "ID", "kind": "KIND", "date": "DAY", "recorded_on": "TYPED"},
    "spell": {"local_id": "ID", "kind": "KIND", "start_date": "FROM", "end_date": "TO", "recorded_on": "TYPED"},
    "attendance": {
        "local_id": "ID",
        "academic_year": "YEAR",
        "term": "TERM",
        "possible": "POSSIBLE",
        "authorised": "AUTHORISED",
        "unauthorised": "UNAUTHORISED",
        "recorded_on": "TYPED",
    },
    "support": {
        "local_id": "ID",
        "intervention": "WHAT",
        "offered": "OFFERED",
        "started": "STARTED",
        "ended": "ENDED",
    },
    "term": {"academic_year": "YEAR", "term": "TERM", "start_date": "FROM", "end_date": "TO"},
}


class Council:
    """One agency's tables, loaded row by row as dictionaries of text."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute(COUNTY_DDL)
        create_loaded_tables(self.connection)
        self.entries: list[Source] = []

    def load(self, table: str, *rows: dict[str, str], **other: object) -> "Council":
        names = list(rows[0])
        mapped = {name: shown for name, shown in NAMES[table].items() if shown in names}
        given = {
            "agency": "council",
            "file": f"{table}.csv",
            "table": table,
            "format": LAYOUT,
            "date_format": "%d/%m/%Y",
            "covers": COVERS,
            "columns": mapped,
        }
        source = Source(**(given | other))
        columns = {name: pa.array([row[name] for row in rows], pa.string()) for name in names}
        numbered = pa.table({ROW_NUMBER: pa.array(range(2, len(rows) + 2), pa.int64()), **columns})
        extract = Extract(tuple(names), numbered.to_reader(), [])
        check(self.connection, source, extract, entry=len(self.entries), horizon=HORIZON)
        self.entries.append(source)
        return self

    def persons(self, *rows: dict[str, str]) -> "Council":
        numbered = ({"ID": str(number)} for number in range(1, len(rows) + 1))
        return self.load("person_record", *(PERSON | row | number for number, row in zip(numbered, rows, strict=True)))

    def told(self, severity: str = "set aside") -> list[tuple]:
        """Return row, column and rule of each problem: of rows set aside, of cells left empty, or of what is noted."""
        if severity == "noted":
            check_loaded(self.connection, self.entries, horizon=HORIZON)
        query = "SELECT row_number, column_name, rule FROM problem WHERE severity = ? ORDER BY ALL"
        return self.connection.execute(query, [severity]).fetchall()


@pytest.fixture
def council() -> Iterator[Council]:
    council = Council()
    yield council
    council.connection.close()


# Rows that cannot be used.


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("x" * 255, None),
        ("=SUM(A1:A9)", "formula"),
        ("+cmd", "formula"),
        ("-(1)", "formula"),
        ("@Ann", "formula"),
        ("#REF!", "formula"),
        ("#N/A", "formula"),
        ("-1", None),
        ("+44 1865", None),
        ("= 1", None),
        ("#1", None),
        ("a\nb", "control character"),
        ("Ann\x92s", "control character"),  # Windows text read as latin-1
        ("Zo\ufffd", "control character"),  # a letter that was lost before the file was written
        ("\u738b\u5c0f\u660e", None),
        ("O'Neill  St John-Zoë", None),
    ],
)
def test_text_that_is_no_name_is_left_empty(council, text, rule):
    council.persons({"FIRST": text}, {}, {})
    assert council.told("left empty") == ([(2, "FIRST", rule)] if rule else [])
    assert council.told() == []


def test_a_cell_that_swallowed_others_sets_its_row_aside(council):
    council.persons({"FIRST": "x" * 256}, {}, {})
    assert council.told() == [(2, "FIRST", "text too long")]


@pytest.mark.parametrize(
    ("born", "rule"),
    [
        ("31/02/1980", "no such day"),
        ("29/02/2011", "no such day"),
        ("29/02/2012", None),
        ("1980-05-02", "date format"),
        ("01/05/0080", "date format"),
        ("31/12/1899", "date out of range"),
        ("31/12/9999", "date far in the future"),
    ],
)
def test_a_record_is_used_without_a_birth_date_that_cannot_be(council, born, rule):
    council.persons({"BORN": born}, {}, {}).load("event", EVENT, EVENT)
    assert council.told("left empty") == ([(2, "BORN", rule)] if rule else [])
    assert council.told() == []  # the person's events are used too
    known = council.connection.execute("SELECT birth_date FROM loaded_person_record WHERE row_number = 2").fetchone()
    assert (known == (None,)) == bool(rule)


def test_whoever_is_not_yet_born_waits(council):
    council.persons({"BORN": "01/04/2015"}, {}, {})
    assert council.told() == [(2, "BORN", "after the covered time")]


SEX = {"columns": {"local_id": "ID", "sex": "SEX", "ethnicity": "GROUP"}}


def test_an_unknown_code_costs_its_cell_and_not_the_record(council):
    people = [{"ID": str(number), "SEX": "M", "GROUP": "W"} for number in range(1, 5)]
    people[1] |= {"SEX": "unknown"}
    people[2] |= {"SEX": "?", "GROUP": "X"}
    council.load("person_record", *people, codes={"sex": {"M": "male"}, "ethnicity": {"W": "white"}}, **SEX)
    assert council.told() == []
    told = [(3, "SEX", "unknown code"), (4, "GROUP", "unknown code"), (4, "SEX", "unknown code")]
    assert council.told("left empty") == told
    kept = "SELECT sex, ethnicity FROM loaded_person_record ORDER BY row_number"
    assert council.connection.execute(kept).fetchall() == [
        ("male", "white"),
        (None, "white"),
        (None, None),
        ("male", "white"),
    ]


def test_a_word_of_the_contract_is_left_empty_too_where_no_codes_are_declared(council):
    people = [{"ID": str(number), "SEX": sex} for number, sex in enumerate(["male", "Mr", "female"])]
    council.load("person_record", *people, columns={"local_id": "ID", "sex": "SEX"})
    assert council.told("left empty") == [(3, "SEX", "unknown code")]
    assert council.connection.execute("SELECT count(sex) FROM loaded_person_record").fetchone() == (2,)


@pytest.mark.parametrize(
    ("unread", "read", "refused"), [(2, 1, True), (1, 2, False), (11, 10, True), (10, 10, False), (11, 30, False)]
)
def test_a_column_that_is_mostly_unread_refuses_the_file(council, unread, read, refused):
    rows = [{"ID": str(number), "SEX": "M" if number < read else "Z"} for number in range(read + unread)]
    source = {"columns": {"local_id": "ID", "sex": "SEX"}, "codes": {"sex": {"M": "male"}}}
    if not refused:
        council.load("person_record", *rows, **source)
        assert len(council.told("left empty")) == unread
        return
    words = rf"{unread} of {unread + read} filled cells cannot be used\. column 'SEX', unknown code \({unread} rows\)"
    with pytest.raises(InputError, match=words):
        council.load("person_record", *rows, **source)


def test_a_few_unread_cells_of_a_column_that_is_hardly_filled_in_refuse_nothing(council):
    rows = [{"ID": str(number), "SEX": "Z" if number < 4 else ""} for number in range(20)]
    council.load("person_record", *rows, columns={"local_id": "ID", "sex": "SEX"}, codes={"sex": {"M": "male"}})
    assert len(council.told("left empty")) == 4


def test_a_row_rule_looks_at_what_is_left_of_a_row(council):
    """A date that is left empty says nothing of the order of dates; one that can be used does."""
    council.persons({}).load(
        "event", EVENT | {"TYPED": "02/05/1812"}, EVENT | {"TYPED": "02/05/1912"}, EVENT, EVENT, EVENT
    )
    assert council.told("left empty") == [(2, "TYPED", "date out of range")]
    assert council.told() == [(3, "TYPED", "end before start")]


def test_of_two_rows_with_one_key_the_one_that_can_be_used_whole_is_used(council):
    for born in (["02/05/1980", "2 May"], ["2 May", "02/05/1980"]):
        other = Council()
        other.load("person_record", *[PERSON | {"BORN": day} for day in born], PERSON | {"ID": "2"})
        kept = other.connection.execute("SELECT birth_date FROM loaded_person_record WHERE local_id = '1'").fetchall()
        assert kept == [(date(1980, 5, 2),)]
        assert [rule for _, column, rule in other.told() if column is None] == ["same key, other content"]
        other.connection.close()


def test_a_later_file_takes_nothing_over_that_cannot_be_used(council):
    council.load("person_record", PERSON, PERSON | {"ID": "2"})
    council.load("person_record", PERSON | {"BORN": "2 May"}, PERSON | {"ID": "3"}, PERSON | {"ID": "4"}, file="b.csv")
    kept = council.connection.execute("SELECT birth_date FROM loaded_person_record WHERE local_id = '1'").fetchall()
    assert kept == [(date(1980, 5, 2),)]


def test_excels_short_form_of_a_number_is_no_number(council):
    """In 1.00E+11 many numbers look alike: as homes they would join strangers into one family."""
    council.persons({"UPRN": "1.00E+11"}, {"UPRN": "1.00E+11"}, {}, {}, {})
    council.load("residence", HOME | {"UPRN": "1.00E+11"}, HOME, HOME | {"ID": "2"}, HOME | {"ID": "3"})
    assert council.told("left empty") == [(2, "UPRN", "number cut short"), (3, "UPRN", "number cut short")]
    assert council.told() == [(2, "UPRN", "number cut short")]


@pytest.mark.parametrize("text", ["E+", "1E5", "10E", "2.5E-3"])
def test_what_only_resembles_it_is_left_as_it_is(council, text):
    council.persons({"FIRST": text}, {}, {})
    assert council.told("left empty") == []


@pytest.mark.parametrize(
    ("row", "is_total"),
    [
        ({"ID": "Total", "FIRST": "120", "BORN": ""}, True),
        ({"ID": "GRAND TOTAL: 120", "FIRST": "", "BORN": ""}, True),
        ({"ID": "count", "FIRST": "", "BORN": ""}, True),
        ({"ID": "Total", "FIRST": "Ann", "BORN": ""}, False),
        ({"ID": "Total", "FIRST": "", "BORN": "02/05/1980"}, False),
        ({"ID": "TOT1", "FIRST": "", "BORN": ""}, False),
    ],
)
def test_a_row_of_totals_is_nobody(council, row, is_total):
    council.load("person_record", PERSON | row, PERSON | {"ID": "8"}, PERSON | {"ID": "9"})
    assert council.told() == ([(2, "ID", "total row")] if is_total else [])


def test_two_people_under_one_number_are_both_set_aside(council):
    ann = PERSON | {"LAST": "Lee"}
    rows = [ann, ann | {"FIRST": "Bob", "LAST": "Roe", "BORN": "03/04/1990"}, ann, *[ann | {"ID": n} for n in "3456"]]
    council.load("person_record", *rows)
    told = [(number, None, "one number, two people") for number in (2, 3, 4)]
    assert council.told() == told


@pytest.mark.parametrize("change", [{"LAST": "Roe"}, {"FIRST": "Bob", "LAST": "Roe"}, {"BORN": "03/04/1990"}])
def test_a_record_of_which_something_stays_is_one_person_still(council, change):
    ann = PERSON | {"LAST": "Lee"}
    council.load("person_record", ann, ann | change, *[ann | {"ID": number} for number in "345"])
    assert council.told() == [(2, None, "same key, other content")]


def test_another_person_in_a_later_file_takes_nobodys_place(council):
    ann, bob = PERSON | {"LAST": "Lee"}, PERSON | {"FIRST": "Bob", "LAST": "Roe", "BORN": "03/04/1990"}
    council.load("person_record", ann)
    council.load("person_record", bob, bob | {"ID": "7"}, bob | {"ID": "8"}, file="later.csv")
    assert council.told() == [(2, None, "one number, two people")]
    kept = council.connection.execute("SELECT surname FROM loaded_person_record WHERE local_id = '1'").fetchall()
    assert kept == [("Lee",)]


def test_numbers_that_lost_their_zeros_are_recognised(council):
    council.load("person_record", *[PERSON | {"ID": f"000{number}"} for number in range(1, 5)])
    with pytest.raises(InputError, match="They are there but for zeros in front: a spreadsheet takes them away"):
        council.load("event", *[EVENT | {"ID": str(number)} for number in range(1, 5)])


def test_numbers_of_nobody_are_not_said_to_have_lost_zeros(council):
    council.persons({})
    with pytest.raises(InputError, match="no usable person record of this agency has this local_id") as refused:
        council.load("event", *[EVENT | {"ID": str(number)} for number in range(7, 9)])
    assert "zeros" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "noted"),
    [("ChloÃ«", True), ("RenÃ©e", True), ("MÃ¼ller", True), ("Åsa", False), ("Ä. Berg", False), ("SÃO", False)],
)
def test_letters_that_were_read_in_the_wrong_encoding_are_noted(council, name, noted):
    council.persons({"FIRST": name}, {}, {})
    expected = [(2, "FIRST", "letters wrongly decoded")] if noted else []
    assert [line for line in council.told("noted") if line[1] == "FIRST"] == expected


VICTIMS = {"leave_out": {"ROLE": ("VICTIM", "WITNESS")}}


def test_rows_that_are_none_of_the_entrys_are_left_out_and_counted(council):
    roles = ["SUSPECT", "VICTIM ", "witness", "WITNESS", "", "VICTIM"]
    rows = [EVENT | {"ROLE": role, "DAY": f"0{number}/05/2012"} for number, role in enumerate(roles, start=1)]
    rows[3]["KIND"] = "BURGLARY"  # what is wrong with a row that is left out is nobody's business
    council.persons({}).load("event", *[row | {"TYPED": ""} for row in rows], **VICTIMS)
    assert council.told() == []
    kept = council.connection.execute("SELECT row_number FROM loaded_event ORDER BY 1").fetchall()
    assert kept == [(2,), (4,), (6,)]  # words are compared as they stand


def test_rows_left_out_do_not_hide_that_most_others_are_broken(council):
    rows = [EVENT | {"ROLE": "VICTIM"}] * 9 + [EVENT | {"ROLE": "SUSPECT", "KIND": kind} for kind in ("a", "b", "ASB")]
    with pytest.raises(InputError, match="3 of 3 rows cannot be used"):
        council.persons({}).load("event", *rows, **VICTIMS)


def test_a_file_may_be_left_out_whole(council):
    council.persons({}).load("event", *[EVENT | {"ROLE": "VICTIM"}] * 3, **VICTIMS)
    assert council.connection.execute("SELECT count(*) FROM loaded_event").fetchone() == (0,)


@pytest.mark.parametrize(
    ("offered", "started", "told"),
    [("01/05/2012", "", []), ("", "01/05/2012", []), ("", "", [(2, "STARTED", "no date")])],
)
def test_support_without_any_date_stands_nowhere_in_time(council, offered, started, told):
    given = {"ID": "1", "WHAT": "mentors", "OFFERED": offered, "STARTED": started}
    others = [{"ID": "1", "WHAT": "mentors", "OFFERED": f"0{day}/05/2012", "STARTED": ""} for day in range(2, 5)]
    council.persons({}).load("support", given, *others)
    assert council.told() == told


def test_a_constant_of_support_does_not_need_a_date(council):
    given = {"ID": "1", "OFFERED": "01/05/2012"}
    source = {"columns": {"local_id": "ID", "offered": "OFFERED"}, "constants": {"intervention": "mentors"}}
    assert list(wrong_constants(council.persons({}).load("support", given, **source).entries[-1], HORIZON)) == []


def test_support_that_ended_and_never_began_is_noted(council):
    support = {"ID": "1", "WHAT": "mentors", "OFFERED": "01/05/2012"}
    rows = [
        support | {"STARTED": "", "ENDED": "01/06/2012"},
        support | {"OFFERED": "02/05/2012", "STARTED": "", "ENDED": ""},
        support | {"STARTED": "03/05/2012", "ENDED": "01/06/2012"},
    ]
    council.persons({}).load("support", *rows)
    assert council.told("noted") == [(2, "ENDED", "end without a start")]


EVENT = {"ID": "1", "KIND": "asb_incident", "DAY": "01/05/2012", "TYPED": "03/05/2012"}


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"DAY": "31/03/2015", "TYPED": ""}, None),
        ({"DAY": "01/04/2015", "TYPED": ""}, ("DAY", "date out of range")),  # the first day that is not covered
        ({"DAY": "31/03/2009"}, ("DAY", "date out of range")),
        ({"TYPED": "30/12/2016"}, None),  # courts and returns come late
        ({"TYPED": "30/04/2012"}, ("TYPED", "end before start")),
        ({"ID": "2", "DAY": "01/05/2012"}, ("DAY", "before birth")),
        ({"ID": "2", "DAY": "02/05/2012"}, None),  # born that day
        ({"ID": "2", "KIND": "concern"}, None),  # children's services are told of unborn children
        ({"ID": "2", "KIND": "concern", "DAY": "01/05/2011"}, ("DAY", "before birth")),
        ({"ID": "3"}, None),  # whoever has no birth date was born before anything
        ({"ID": "4"}, ("ID", "no person record")),
    ],
)
def test_an_event_that_cannot_have_happened_so_is_set_aside(council, row, problem):
    council.persons({}, {"BORN": "02/05/2012"}, {"BORN": ""})
    council.load("event", EVENT | row, EVENT, EVENT)
    assert council.told() == ([(2, *problem)] if problem else [])


def test_a_day_between_two_covered_periods_is_not_covered(council):
    council.persons({}).load(
        "event",
        EVENT | {"DAY": "30/04/2010"},
        EVENT | {"DAY": "01/05/2010"},
        EVENT | {"DAY": "01/05/2012"},
        covers=(Covers(start=date(2009, 4, 1), end=date(2010, 5, 1)), Covers(start=date(2012, 4, 1), end=HORIZON)),
    )
    assert council.told() == [(3, "DAY", "date out of range")]


def test_rows_that_a_number_tells_apart_need_that_number(council):
    rows = [EVENT | {"NO": number} for number in ("7", "8", "9", "10", "", "8 ")]
    council.persons({}).load("event", *rows, unique=("NO",))
    assert council.told() == [(6, "NO", "missing value"), (7, None, "repeated row")]


def test_two_records_with_one_number_are_never_both_used(council):
    rows = [PERSON | {"NO": "1"}, PERSON | {"NO": "2"}, PERSON | {"NO": "3", "ID": "2"}]
    council.load("person_record", *rows, unique=("NO",))
    assert council.told() == [(3, None, "repeated row")]


@pytest.mark.parametrize("blank", ["\u2003", "\u200b", "\u00a0\u2060", "\ufeff", "\t\u200e "])
def test_a_blank_of_any_kind_is_no_value(council, blank):
    council.persons(*[{}] * 3).load("residence", HOME | {"UPRN": blank}, HOME)
    assert council.told() == [(2, "UPRN", "missing value")]


@pytest.mark.parametrize(
    ("text", "used"), [("\u2003Ann\ufeff", "Ann"), ("An\u200bn", None), ("An\u00adn", None), ("A\u2003n", "A\u2003n")]
)
def test_blanks_are_taken_off_and_what_nobody_sees_is_refused_within(council, text, used):
    council.persons({"FIRST": text}, {}, {})
    assert council.told("left empty") == ([] if used else [(2, "FIRST", "control character")])
    names = council.connection.execute("SELECT forename FROM loaded_person_record WHERE local_id = '1'").fetchall()
    assert names == [(used,)]


HOME = {"ID": "1", "UPRN": "100120456", "FROM": "01/05/2010", "TO": ""}
SPELL_OF = {"ID": "1", "KIND": "custody", "FROM": "01/05/2012", "TO": ""}


@pytest.mark.parametrize(
    ("end", "rule"),
    [
        ("31/12/2099", None),
        ("01/01/2100", "date far in the future"),
        ("31/12/9999", "date far in the future"),
        ("31/13/9999", "date format"),
        ("31/12/0999", "date format"),
        ("31/12/1899", "date out of range"),
    ],
)
def test_a_date_beyond_2100_has_a_rule_of_its_own(council, end, rule):
    council.persons({}).load("spell", SPELL_OF | {"TO": end}, SPELL_OF | {"KIND": "employment"}, SPELL_OF)
    told = [problem for problem in council.told() if problem[2] != "end before start"]
    assert told == ([(2, "TO", rule)] if rule else [(4, None, "same key, other content")])


@pytest.mark.parametrize("sentinel", ["31/12/9999", "31/12/2099", "open"])
def test_a_date_that_stands_for_an_open_end_is_mapped_to_nothing(council, sentinel):
    rows = [
        SPELL_OF | {"TO": end, "FROM": f"0{day}/05/2012"} for day, end in enumerate(("01/06/2012", sentinel, ""), 1)
    ]
    council.persons({}).load("spell", *rows, codes={"end_date": {sentinel: ""}})
    assert council.told() == []
    ends = council.connection.execute("SELECT end_date FROM loaded_spell ORDER BY row_number").fetchall()
    assert ends == [(date(2012, 6, 1),), (None,), (None,)]


def test_a_number_that_stands_for_nothing_is_mapped_to_nothing(council):
    values = {"local_id": "ID", "kind": "KIND", "date": "DAY", "value": "COST"}
    rows = [EVENT | {"COST": cost} for cost in ("2.5", "-1", "n/a")]
    council.persons({}).load("event", *rows, columns=values, codes={"value": {"-1": "", "n/a": ""}})
    loaded = council.connection.execute("SELECT value FROM loaded_event ORDER BY row_number").fetchall()
    assert loaded == [(2.5,), (None,), (None,)]


def test_what_begins_after_the_covered_time_waits_for_it(council):
    council.persons({"BORN": "01/04/2015"}, {"BORN": "31/03/2015"}, {})
    council.load("residence", HOME | {"ID": "2", "FROM": "01/04/2015"}, HOME | {"ID": "3"})
    assert council.told() == [(2, "BORN", "after the covered time"), (2, "FROM", "after the covered time")]
    (advice,) = council.connection.execute("SELECT DISTINCT advice FROM problem").fetchone()
    assert advice == "nothing to do: it is used once the covered time reaches it"


# Rows whose key another row has.


def test_events_of_two_files_are_compared_by_the_number_that_tells_them_apart(council):
    first, second = ([EVENT | {"NO": number} for number in numbers] for numbers in ("789", ["9", "10", "11"]))
    council.persons({}).load("event", *first, unique=("NO",)).load("event", *second, unique=("NO",), file="more.csv")
    assert council.told() == [(2, None, "repeated row")]
    assert council.connection.execute("SELECT count(*) FROM loaded_event").fetchone() == (5,)


def test_files_of_other_kinds_have_numbers_of_their_own(council):
    council.persons({})
    named = {name: shown for name, shown in NAMES["event"].items() if name != "kind"}
    for kind in ("asbo", "concern"):
        rows = [EVENT | {"NO": number} for number in "12"]
        given = {"columns": named, "constants": {"kind": kind}, "file": f"{kind}.csv"}
        council.load("event", *rows, unique=("NO",), **given)
    assert council.told() == []


def test_a_list_that_holds_all_of_the_last_one_is_no_hopeless_file(council):
    council.persons(*[{}] * 3)
    people = [PERSON | {"ID": str(number)} for number in range(1, 5)]
    blank = dict.fromkeys(PERSON, " ")
    council.load("person_record", *people, *[blank] * 9, file="later.csv")
    told = council.told()
    assert [rule for _, _, rule in told] == ["repeated row"] * 3 + ["blank row"] * 9
    assert council.connection.execute("SELECT count(*) FROM loaded_person_record").fetchone() == (4,)


def test_blank_rows_do_not_hide_that_all_others_are_broken(council):
    broken = PERSON | {"BORN": "1 May"}
    with pytest.raises(InputError, match=r"2 of 2 filled cells cannot be used\. column 'BORN', date format \(2 rows\)"):
        council.load("person_record", broken, broken | {"ID": "2"}, *[dict.fromkeys(PERSON, "")] * 9)


@pytest.mark.parametrize(
    ("ends", "used", "aside"),
    [
        (("", "01/06/2012"), "2012-06-01", [2]),
        (("01/06/2012", ""), "2012-06-01", [3]),
        (("01/06/2012", "01/07/2012"), "2012-07-01", [2]),
        (("01/06/2012", "", "01/06/2012"), "2012-06-01", [3, 4]),
    ],
)
@pytest.mark.parametrize("table", ["spell", "residence"])
def test_of_rows_with_one_key_the_one_with_an_end_is_used_or_else_the_last(council, table, ends, used, aside):
    row = SPELL_OF if table == "spell" else HOME
    council.persons({}, {}, {}).load(table, *(row | {"TO": end} for end in ends), *(row | {"ID": i} for i in "23"))
    ended = f"SELECT end_date::VARCHAR FROM loaded_{table} WHERE local_id = '1'"
    assert council.connection.execute(ended).fetchall() == [(used,)]
    told = council.told()
    assert [row for row, _, _ in told] == aside
    assert told[0][2] == "same key, other content" and [rule for *_, rule in told[1:]] == ["repeated row"] * (
        len(told) - 1
    )


@pytest.mark.parametrize(
    ("earlier", "later", "used", "rule"),
    [
        ("", "01/06/2012", "2012-06-01", "same key, other content"),
        ("01/06/2012", "", "2012-06-01", "same key, other content"),
        ("01/06/2012", "01/07/2012", "2012-07-01", "same key, other content"),
        ("01/06/2012", "01/06/2012", "2012-06-01", "repeated row"),
    ],
)
def test_a_spell_that_a_later_file_closes_is_closed(council, earlier, later, used, rule):
    council.persons({}, {}).load("spell", SPELL_OF | {"TO": earlier})
    council.load("spell", SPELL_OF | {"TO": later}, SPELL_OF | {"ID": "2"}, file="later.csv")
    assert council.told() == [(2, None, rule)]
    spells = council.connection.execute("SELECT end_date::VARCHAR FROM loaded_spell WHERE local_id = '1'").fetchall()
    assert spells == [(used,)]


# Rows that are used, and noted.


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({}, None),
        ({"NHS": "9434765918"}, ("NHS", "identifier fails its check")),
        ({"NHS": "943 476 5919"}, None),
        ({"NINO": "GB123456A"}, ("NINO", "identifier fails its check")),
        ({"BORN": "02/05/2004", "UPN": "A801200001001"}, ("UPN", "identifier fails its check")),
        ({"BORN": ""}, ("BORN", "missing birth date")),
        ({"BORN": "01/01/1900"}, ("BORN", "placeholder birth date")),
        ({"BORN": "31/03/1905"}, ("BORN", "impossible age")),
        ({"BORN": "01/04/1905"}, None),
        ({"BORN": "01/01/1970"}, None),  # one may be true
        ({"UPRN": "0"}, ("UPRN", "placeholder UPRN")),
        ({"UPRN": "123"}, ("UPRN", "placeholder UPRN")),
        ({"UPRN": "1234"}, None),
        ({"UPRN": "1234567890123"}, ("UPRN", "placeholder UPRN")),
        ({"UPRN": "7777777"}, ("UPRN", "placeholder UPRN")),
        ({"UPRN": "999999999999"}, ("UPRN", "placeholder UPRN")),
        ({"UPRN": ""}, None),
    ],
)
def test_an_odd_person_record_is_used_and_noted(council, row, problem):
    council.persons(row)
    assert council.told("noted") == ([(2, *problem)] if problem else [])
    assert council.connection.execute("SELECT count(*) FROM loaded_person_record").fetchone() == (1,)


def test_a_note_shows_the_form_of_an_identifier_and_never_the_identifier(council):
    council.persons({"NINO": "GB123456A"})
    council.told("noted")
    line = council.connection.execute("SELECT agency, file, table_name, shape, place FROM problem").fetchone()
    assert line == ("council", "person_record.csv", "person_record", "A999999A", None)


def test_a_residence_at_no_property_is_noted(council):
    council.persons({}).load("residence", {"ID": "1", "UPRN": "1", "FROM": "01/05/2010"})
    assert council.told("noted") == [(2, "UPRN", "placeholder UPRN")]


@pytest.mark.parametrize(
    ("born", "column", "is_missed"),
    [
        ("31/03/1999", "NINO", True),  # 16 the day before the horizon
        ("01/04/1999", "NINO", False),
        ("31/03/2010", "UPN", True),
        ("01/04/2010", "UPN", False),
        ("01/04/1995", "UPN", True),
        ("31/03/1995", "UPN", False),  # grown up
        ("01/05/2014", "NHS", True),
    ],
)
def test_an_identifier_is_missed_where_the_person_is_of_the_age_to_have_one(council, born, column, is_missed):
    filled = PERSON | {"UPN": "H801200001001", "BORN": born}
    council.persons(filled | {column: ""}, filled)
    assert council.told("noted") == ([(2, column, "missing identifier")] if is_missed else [])


def test_an_identifier_that_an_agency_does_not_hold_is_not_missed(council):
    council.persons({"NINO": ""}, {"NINO": ""}, {})
    assert council.told("noted") == []


def test_an_identifier_is_not_missed_where_others_of_about_that_age_have_none_either(council):
    young = {"BORN": "01/05/1998", "NINO": ""}
    council.persons(*[{}] * 9, young, young, young | {"NINO": "QQ123456B"})
    assert council.told("noted") == []


def test_an_identifier_that_is_not_mapped_is_not_missed(council):
    without = {name: text for name, text in PERSON.items() if name not in ("NINO", "NHS", "UPN")}
    council.load("person_record", without)
    assert council.told("noted") == []


def births(first_of_january: int, others: int, year: int = 1985) -> list[dict[str, str]]:
    days = [date(year, 1, 2) + timedelta(days=number % 360) for number in range(others)]
    return [{"BORN": f"01/01/{year}"}] * first_of_january + [{"BORN": day.strftime("%d/%m/%Y")} for day in days]


@pytest.mark.parametrize(
    ("first_of_january", "others", "year", "noted"),
    [
        (4, 0, 1985, 0),  # fewer than five show nothing
        (5, 0, 1985, 5),
        (6, 194, 1985, 0),  # p = 2e-5
        (9, 191, 1985, 0),  # p = 7e-9
        (10, 190, 1985, 10),  # p = 4e-10
        (10, 190, 1970, 10),
    ],
)
def test_births_on_1_january_are_noted_where_they_are_beyond_chance(council, first_of_january, others, year, noted):
    council.persons(*births(first_of_january, others, year))
    told = [problem for problem in council.told("noted") if problem[2] == "placeholder birth date"]
    assert told == [(row, "BORN", "placeholder birth date") for row in range(2, noted + 2)]


def test_births_on_1_january_1970_are_noted_where_those_of_other_years_are_not(council):
    council.persons(*births(0, 3500, 1985), *births(14, 0, 1970))
    assert len(council.told("noted")) == 14


def delayed(days: list[int]) -> list[dict[str, str]]:
    return [EVENT | {"TYPED": (date(2012, 5, 1) + timedelta(days=number)).strftime("%d/%m/%Y")} for number in days]


@pytest.mark.parametrize(
    ("days", "late"),
    [
        ([5] * 49 + [65], []),  # not more than 60 days later than nine in ten
        ([5] * 49 + [66], [51]),
        ([5] * 48 + [66], []),  # too few rows to show a custom
        ([100] * 49 + [200], []),  # not more than twice as long
        ([100] * 49 + [201], [51]),
        ([5] * 44 + [300] * 6, []),  # one in eight is the custom
    ],
)
def test_a_row_that_came_far_later_than_others_is_noted(council, days, late):
    council.persons({}).load("event", *delayed(days))
    assert council.told("noted") == [(row, "TYPED", "late arrival") for row in late]


def test_each_kind_has_its_own_custom(council):
    slow = [row | {"KIND": "proven_offence"} for row in delayed([100] * 50)]
    council.persons({}).load("event", *delayed([1] * 50), *slow)
    assert council.told("noted") == []


def test_attendance_is_late_by_the_end_of_its_term(council):
    terms = {"YEAR": "2011/12", "TERM": "1", "FROM": "01/09/2011", "TO": "18/12/2011"}
    council.load("term", terms).persons(*[{}] * 50)
    row = {
        "YEAR": "2011/12",
        "TERM": "1",
        "POSSIBLE": "130",
        "AUTHORISED": "1",
        "UNAUTHORISED": "0",
        "TYPED": "20/01/2012",
    }
    rows = [row | {"ID": str(number)} for number in range(1, 51)]
    council.load("attendance", *rows[:-1], rows[-1] | {"TYPED": "01/06/2012"})
    assert council.told("noted") == [(51, "TYPED", "late arrival")]


def test_support_whose_start_was_typed_late_is_noted(council):
    rows = [
        {"ID": str(number), "WHAT": "mentors", "OFFERED": "01/05/2012", "STARTED": "15/05/2012"}
        for number in range(1, 51)
    ]
    council.persons(*[{}] * 50)
    council.load("support", *rows[:-1], rows[-1] | {"STARTED": "15/11/2012"}, codes={"intervention": {"mentors": "m"}})
    assert council.told("noted") == [(51, "STARTED", "start typed late")]


def test_late_starts_are_not_the_custom_as_long_as_three_in_four_are_not_late(council):
    usual = {"WHAT": "mentors", "OFFERED": "01/05/2012", "STARTED": "15/05/2012"}
    rows = [usual | {"ID": str(number)} for number in range(1, 21)]
    late = [row | {"STARTED": "15/11/2012"} for row in rows[-4:]]
    council.persons(*[{}] * 20)
    council.load("support", *rows[:-4], *late, codes={"intervention": {"mentors": "m"}})
    assert council.told(noted=True) == [(row, "STARTED", "start typed late") for row in range(18, 22)]


def test_an_intervention_with_few_starts_is_compared_with_all_support(council):
    rows = [{"ID": str(number), "OFFERED": "01/05/2012", "STARTED": "15/05/2012"} for number in range(1, 21)]
    what = ["mentors"] * 12 + ["fip"] * 8
    rows = [row | {"WHAT": words} for row, words in zip(rows, what, strict=True)]
    council.persons(*[{}] * 20)
    codes = {"intervention": {"mentors": "m", "fip": "f"}}
    council.load("support", *rows[:-1], rows[-1] | {"STARTED": "15/11/2012"}, codes=codes)
    assert council.told(noted=True) == [(21, "STARTED", "start typed late")]


SPELL = {"ID": "1", "KIND": "custody", "FROM": "01/05/2012", "TO": "01/06/2012"}


@pytest.mark.parametrize(
    ("row", "is_noted"),
    [
        ({"FROM": "31/05/2012", "TO": ""}, True),
        ({"FROM": "01/06/2012", "TO": ""}, False),  # begins as the other ends
        ({"FROM": "10/05/2012", "TO": "12/05/2012"}, True),
        ({"FROM": "10/05/2012", "TO": "", "KIND": "employment"}, False),
        ({"FROM": "10/05/2012", "TO": "", "ID": "2"}, False),
    ],
)
def test_two_spells_of_one_person_and_kind_at_once_are_noted(council, row, is_noted):
    council.persons({}, {}).load("spell", SPELL, SPELL | row)
    assert council.told("noted") == ([(3, "FROM", "overlapping spells")] if is_noted else [])


def test_a_spell_that_was_never_closed_overlaps_all_later_ones(council):
    later = [SPELL | {"FROM": f"01/0{month}/2013", "TO": f"02/0{month}/2013"} for month in (1, 2)]
    council.persons({}).load("spell", SPELL | {"TO": ""}, *later)
    assert council.told("noted") == [(row, "FROM", "overlapping spells") for row in (3, 4)]


def test_no_rule_speaks_of_a_clean_county(tmp_path):
    folder = synthetic.generate("dartford", seed=7, out=tmp_path / "dartford")
    sources = load_sources(project.locate("params/sources/synthetic_dartford.yaml"))
    with duckdb.connect() as connection:
        connection.execute(COUNTY_DDL)
        create_loaded_tables(connection)
        for table in TABLES:
            for entry, source in enumerate(sources.entries):
                if source.table == table:
                    extract = read_extract(folder / "extracts" / source.file, source.format, source.date_format)
                    check(connection, source, extract, entry=entry, horizon=sources.horizon)
        check_loaded(connection, sources.entries, horizon=sources.horizon)
        assert connection.execute("SELECT file, column_name, rule, count(*) FROM problem GROUP BY ALL").fetchall() == []
        assert connection.execute("SELECT count(*) > 40_000 FROM loaded_event").fetchone() == (True,)
