"""The parts of the rules: identifiers, shapes, dates that may be, and what the sieve lets through."""

from collections.abc import Sequence
from datetime import date

import duckdb
import pyarrow as pa
import pytest

from tf_eval.data import dates
from tf_eval.data.checking.births import usable_birth_date
from tf_eval.data.checking.check import check, close_loaded_tables, create_loaded_tables
from tf_eval.data.checking.identifiers import usable_identifier
from tf_eval.data.checking.judge import Judge
from tf_eval.data.checking.shapes import shape
from tf_eval.data.checking.sieve import dictionaries, sift
from tf_eval.data.formats import CsvFormat
from tf_eval.data.layout import COUNTY_DDL
from tf_eval.data.reading.extract import ROW_NUMBER, Extract
from tf_eval.data.source import Covers, Source
from tf_eval.errors import InputError

END = date(2015, 4, 1)
COVERS = (Covers(start=date(2009, 4, 1), end=END),)
LAYOUT = CsvFormat(type="csv", encoding="utf-8", delimiter=",")


def value(sql: str, text: object) -> object:
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT {sql} FROM (SELECT ? AS text)", [text]).fetchone()[0]


@pytest.mark.parametrize(
    ("kind", "written", "usable"),
    [
        ("nhs_number", "9434765919", "9434765919"),  # the example of the NHS Data Dictionary
        ("nhs_number", "943 476 5919", "9434765919"),
        ("nhs_number", "943-476\u00a05919", "9434765919"),
        ("nhs_number", "9434765918", None),
        ("nhs_number", "9434756919", None),  # two figures changed places
        ("nhs_number", "943476591", None),
        ("nhs_number", "0000000000", None),  # keeps modulus 11
        ("nhs_number", "2222222222", None),
        ("upn", "H801200001001", "H801200001001"),
        ("upn", "h801200001001", "H801200001001"),
        ("upn", "A801200001001", None),
        ("upn", "H801200001010", None),
        ("upn", "H80120000100A", None),  # temporary: another number follows
        ("upn", "I801200001001", None),
        ("nino", "ab 12 34 56 c", "AB123456C"),
        ("nino", "QQ123456A", "QQ123456A"),  # never issued, so the synthetic ones are
        ("nino", "DA123456A", None),
        ("nino", "AO123456A", None),
        ("nino", "GB123456A", None),
        ("nino", "ZZ123456A", None),
        ("nino", "QA123456A", None),
        ("nino", "AB123456E", None),
        ("nino", "AB123456", None),
        ("nino", "", None),
        ("nino", None, None),
    ],
)
def test_an_identifier_is_usable_where_it_keeps_its_public_rule(kind, written, usable):
    assert value(usable_identifier(kind, "text"), written) == usable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12/05/2010", "99/99/9999"),
        ("John O'Neill", "Aa A'Aa"),
        ("McDonald ABC", "AaAa A"),
        ("\u0160\u00e1rka", "Aa"),
        ("e\u0301ric", "a"),  # an accent that stands by itself
        ("\u738b\u5c0f\u660e", "a"),
        ("\u0661\u0662", "99"),
        ("a\tb\x00c\u2028", "a?a?a?"),
        ("1" * 30, "9" * 20),
        ("", None),
        (None, None),
    ],
)
def test_a_shape_shows_the_form_and_nothing_of_the_text(text, expected):
    assert value(shape("text"), text) == expected


@pytest.mark.parametrize(
    ("born", "usable"),
    [("1900-01-01", False), ("1901-01-01", False), ("1905-03-31", False), ("1905-04-01", True), ("1970-01-01", True)],
)
def test_a_birth_date_of_nobody_alive_is_not_usable(born, usable):
    assert (value(usable_birth_date("text::DATE", END), born) is not None) == usable


@pytest.mark.parametrize(
    ("date_format", "of_days"), [("%d/%m/%Y", True), ("%-d %B %Y", True), ("%d/%m/%Y %H:%M", False)]
)
def test_a_format_with_an_hour_gives_a_day_many_texts(date_format, of_days):
    assert dates.is_of_days(date_format) == of_days


def events(**other: object) -> Source:
    given = {
        "agency": "police",
        "file": "a.csv",
        "table": "event",
        "format": LAYOUT,
        "date_format": "%d/%m/%Y",
        "covers": COVERS,
        "columns": {"local_id": "id", "kind": "what", "date": "day", "value": "size"},
        "codes": {"kind": {"ASB": "asb_incident"}},
    }
    return Source(**(given | other))


def connected() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(COUNTY_DDL)
    create_loaded_tables(connection)
    connection.execute("INSERT INTO loaded_person_record (agency, local_id) VALUES ('police', '1'), ('dwp', '7')")
    return connection


def extract(rows: Sequence[tuple], names: Sequence[str] = ("id", "what", "day", "size")) -> Extract:
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    table = pa.table([pa.array(range(2, len(rows) + 2), pa.int64()), *columns], names=[ROW_NUMBER, *names])
    return Extract(tuple(names), table.to_reader(max_chunksize=2), [])


def test_the_sieve_holds_back_what_it_does_not_know_and_the_rules_decide():
    rows = [
        ("1", "ASB", "01/05/2010", "2.5"),
        ("1", "ASB", "01/05/2010", None),  # a Parquet file has nulls where a CSV has nothing
        (" 1", "ASB\u00a0", "\t01/05/2010", "2"),  # in order once its blanks are gone
        ("7", "ASB", "01/05/2010", ""),  # another agency's number
        ("1", "asb", "01/05/2010", ""),
        ("1", "ASB", "1/05/2010", ""),
    ]
    source = events()
    with connected() as connection:
        for name, table in {"given": extract(rows).rows.read_all(), **dictionaries(source, END)}.items():
            connection.register(name, table)
        connection.execute(f"""
            CREATE TEMP VIEW extract AS
            SELECT "{ROW_NUMBER}" AS row_number, id AS raw_local_id, what AS raw_kind, day AS raw_date,
                size AS raw_value
            FROM given
        """)
        held = connection.execute(f"SELECT row_number, said FROM ({sift(source, END)}) ORDER BY 1").fetchall()
        assert [said is None for _, said in held] == [True, True, False, False, False, False]
        assert held[2][1] == [" 1", "ASB\u00a0", "\t01/05/2010", "2"]
        connection.execute("DROP VIEW extract")
        counts = check(connection, source, extract(rows), entry=3, horizon=END)
        used = connection.execute("SELECT entry, row_number, kind, date, value FROM loaded_event").fetchall()
        left = connection.execute("SELECT table_name FROM duckdb_tables() WHERE table_name IN ('sifted', 'line')")
        assert left.fetchall() == []
    assert (counts.rows_in, counts.rows_used, counts.rows_quarantined) == (6, 3, 3)
    day = date(2010, 5, 1)
    assert sorted(used, key=lambda row: row[1]) == [
        (3, 2, "asb_incident", day, 2.5),
        (3, 3, "asb_incident", day, None),
        (3, 4, "asb_incident", day, 2.0),
    ]


@pytest.mark.parametrize("date_format", ["%d/%m/%Y %H:%M", "%-d %b %Y", "%Y%m%d"])
def test_dates_are_read_in_whatever_format_is_declared(date_format):
    written = date(2010, 5, 1).strftime(date_format)
    with connected() as connection:
        source = events(date_format=date_format)
        counts = check(connection, source, extract([("1", "ASB", written, "")]), entry=0, horizon=END)
        assert connection.execute("SELECT date FROM loaded_event").fetchall() == [(date(2010, 5, 1),)]
    assert counts.rows_used == 1


def test_what_goes_wrong_while_rows_are_read_is_told_as_the_reader_tells_it():
    def broken_off():
        yield pa.record_batch({ROW_NUMBER: [2], "id": ["1"], "what": ["ASB"], "day": ["01/05/2010"], "size": [""]})
        failures.append(InputError("a.csv, line 3: not utf-8 text."))
        raise failures[0]

    failures: list[InputError] = []
    names = ("id", "what", "day", "size")
    schema = pa.schema([(ROW_NUMBER, pa.int64()), *((name, pa.string()) for name in names)])
    rows = pa.RecordBatchReader.from_batches(schema, broken_off())
    with connected() as connection:
        with pytest.raises(InputError, match=r"^a\.csv, line 3: not utf-8 text\.$"):
            check(connection, events(), Extract(names, rows, [], failures), entry=0, horizon=END)
        assert connection.execute("FROM loaded_event").fetchall() == []


def test_a_refused_extract_leaves_none_of_its_rows_and_all_of_the_others():
    good, broken = ("1", "ASB", "01/05/2010", ""), ("1", "?", "01/05/2010", "")
    with connected() as connection:
        check(connection, events(), extract([good]), entry=0, horizon=END)
        with pytest.raises(InputError, match="2 of 3 rows cannot be used"):
            check(connection, events(file="b.csv"), extract([good, broken, broken]), entry=1, horizon=END)
        assert connection.execute("SELECT entry FROM loaded_event").fetchall() == [(0,)]
        left = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    assert left == []


def test_no_text_that_was_held_back_stays_once_all_is_checked():
    with connected() as connection:
        check(connection, events(unique=("size",)), extract([(" 1", "ASB", "01/05/2010", "7")]), entry=0, horizon=END)
        assert connection.execute("SELECT keys, said FROM loaded_event").fetchall() == [(["7"], None)]
        close_loaded_tables(connection)
        left = [name for name, *_ in connection.execute("DESCRIBE loaded_event").fetchall()]
    assert left == ["entry", "row_number", *events().contract.column_names]


def test_ragged_rows_are_counted_once_the_file_is_read():
    ragged: list[int] = []

    def batches():
        for number in (2, 3, 5):
            yield pa.record_batch(
                {ROW_NUMBER: [number], "id": ["1"], "what": ["ASB"], "day": ["01/05/2010"], "size": [""]}
            )
        ragged.append(4)

    schema = pa.schema([(ROW_NUMBER, pa.int64()), *((name, pa.string()) for name in ("id", "what", "day", "size"))])
    rows = pa.RecordBatchReader.from_batches(schema, batches())
    with connected() as connection:
        given = Extract(("id", "what", "day", "size"), rows, ragged)
        counts = check(connection, events(), given, entry=0, horizon=END)
        told = connection.execute("SELECT row_number, rule, severity FROM problem").fetchall()
    assert (counts.rows_in, counts.rows_used, counts.rows_quarantined) == (4, 3, 1)
    assert told == [(4, "number of fields", "set aside")]


def test_no_rule_stands_twice():
    rules = Judge.of(events(), END).rules
    assert len({(rule.column, rule.name, rule.broken_if) for rule in rules}) == len(rules)
