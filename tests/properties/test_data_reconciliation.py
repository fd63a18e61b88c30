"""Whatever is in a file: every row is used or set aside, none is lost, counted twice or changed."""

import csv
import io
import tempfile
from datetime import datetime
from pathlib import Path

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from tf_eval.data.check import check, create_loaded_tables
from tf_eval.data.layout import DDL
from tf_eval.data.read import Extract, read_extract
from tf_eval.data.sources import Covers, CsvFormat, Source
from tf_eval.errors import InputError

LAYOUT = CsvFormat(type="csv", encoding="utf-8", delimiter=",")
HEADER = ["id", "from", "to", "why"]
START, END = datetime(2009, 4, 1), datetime(2015, 4, 1)
SOURCE = Source(
    agency="council",
    file="a.csv",
    table="spell",
    format=LAYOUT,
    date_format="%d/%m/%Y",
    covers=Covers(start=START.date(), end=END.date()),
    columns={"local_id": "id", "start_date": "from", "end_date": "to", "detail": "why"},
    constants={"kind": "employment"},
)
KNOWN = ["1", "2", "3"]

MIDDLE = datetime(2012, 4, 1)


def written(first: datetime, last: datetime) -> st.SearchStrategy[str]:
    return st.dates(first.date(), last.date()).map(lambda day: day.strftime("%d/%m/%Y"))


any_date = st.one_of(
    written(START, END),
    st.sampled_from(["", "1/2/2010", "31/02/2010", "2010-02-01", "01/02/10", "02/13/2010", "01/01/1850", " "]),
)
any_text = st.text(st.characters(exclude_categories=("Cs",)), max_size=6)
good_row = st.tuples(st.sampled_from(KNOWN), written(START, MIDDLE), written(MIDDLE, END), st.just("x"))
doubtful_row = st.tuples(st.sampled_from([*KNOWN, "9"]), any_date, any_date, any_text)
ragged_row = st.lists(st.sampled_from(["1", "x", ""]), min_size=1, max_size=6).filter(
    lambda row: len(row) != len(HEADER)
)
# Good rows are as frequent as the others together, or nearly every file would be refused as a whole.
dirty_rows = st.lists(st.one_of(good_row, good_row, doubtful_row, ragged_row).map(list), max_size=25)


def read(table: list[list[str]], folder: str) -> Extract:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADER, *table])
    path = Path(folder) / "a.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return read_extract(path, LAYOUT, SOURCE.date_format)


def usable(row: list[str]) -> bool:
    """The rules again, written the slow and obvious way."""
    if len(row) != len(HEADER) or row[0] not in KNOWN:
        return False
    start, end = (day_of(cell.strip(" \t\xa0")) for cell in row[1:3])
    if start is None or end is None or start == "" or (end != "" and end < start):
        return False
    why = row[3].strip(" \t\xa0")
    return START.replace(year=1900, month=1) <= start < END and not any(ord(c) < 32 or ord(c) == 127 for c in why)


def day_of(text: str) -> datetime | str | None:
    if text == "":
        return ""
    try:
        day = datetime.strptime(text, "%d/%m/%Y")
    except ValueError:
        return None
    return day if len(text) == 10 and day.year >= 1900 else None


def kept(table: list[list[str]]) -> list[tuple[int, str, str]]:
    """Return the row number, id and start of each row that must be used: the first of each key."""
    seen, found = set(), []
    for number, row in enumerate(table, start=2):
        key = (row[0], row[1].strip(), row[3].strip(" \t\xa0") or None) if len(row) == len(HEADER) else None
        if usable(row) and key not in seen:
            seen.add(key)
            found.append((number, row[0], row[1].strip()))
    return found


@settings(max_examples=60, deadline=None)
@given(dirty_rows)
def test_rows_in_are_rows_used_and_rows_set_aside(table):
    while table and not any(table[-1]):  # empty lines at the end of a file are no rows
        table = table[:-1]
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        extract = read(table, folder)
        connection.execute(DDL)
        create_loaded_tables(connection)
        connection.executemany(
            "INSERT INTO loaded_person_record (agency, local_id) VALUES ('council', ?)", [[known] for known in KNOWN]
        )
        expected = kept(table)
        try:
            counts = check(connection, SOURCE, extract, entry=0, horizon=None)
        except InputError:
            assert len(table) - len(expected) > 0.5 * len(table)
            return
        used = connection.execute(
            "SELECT row_number, local_id, strftime(start_date, '%d/%m/%Y') FROM loaded_spell ORDER BY 1"
        ).fetchall()
        aside = connection.execute("SELECT DISTINCT row_number FROM problem WHERE row_number IS NOT NULL").fetchall()
    assert used == expected
    assert counts.rows_in == len(table) == counts.rows_used + counts.rows_quarantined
    assert {number for number, _, _ in used} | {number for (number,) in aside} == set(range(2, len(table) + 2))
    assert (len(used), len(aside)) == (counts.rows_used, counts.rows_quarantined)
