"""Whatever is in a file: every row is used or set aside for its own reasons; none is lost, counted twice or changed."""

import csv
import io
import re
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from unicodedata import category

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tf_eval.data.checking.check import check, create_loaded_tables
from tf_eval.data.formats import CsvFormat
from tf_eval.data.layout import COUNTY_DDL
from tf_eval.data.reading.extract import Extract, read_extract
from tf_eval.data.source import Covers, Source
from tf_eval.errors import InputError

LAYOUT = CsvFormat(type="csv", encoding="utf-8", delimiter=",")
COMMON = {"agency": "council", "file": "a.csv", "format": LAYOUT, "date_format": "%d/%m/%Y", "agreement": "DSA"}
PERIODS = (
    Covers(start=date(2009, 4, 1), end=date(2011, 4, 1)),
    Covers(start=date(2012, 4, 1), end=date(2015, 4, 1)),  # a year in between of which nothing was sent
)
END = PERIODS[-1].end
SPELLS = Source(
    **COMMON,
    table="spell",
    covers=PERIODS,
    columns={"local_id": "id", "start_date": "from", "end_date": "to", "detail": "why"},
    constants={"kind": "employment"},
)
EVENTS = Source(
    **COMMON,
    table="event",
    covers=PERIODS,
    columns={"local_id": "id", "kind": "what", "date": "day", "recorded_on": "typed"},
    codes={"kind": {"ASB": "asb_incident", "REF": "concern"}},
    unique=("no",),
)
BIRTHS = {"1": date(1980, 1, 1), "2": date(2013, 6, 1), "3": None}


# The rules again, written the slow and obvious way.


def trimmed(text: str) -> str:
    def is_blank(letter: str) -> bool:
        marks = "\t\u2060\ufeff"
        return category(letter)[0] == "Z" or letter in marks or "\u200b" <= letter <= "\u200f"

    while text and is_blank(text[0]):
        text = text[1:]
    while text and is_blank(text[-1]):
        text = text[:-1]
    return text


def day_of(text: str) -> date | None:
    try:
        day = datetime.strptime(text, "%d/%m/%Y").date()
    except ValueError:
        return None
    return day if len(text) == 10 and day.year >= 1000 else None


def date_problems(column: str, text: str, *, periods: list[Covers], required: bool) -> Iterator[tuple[str, str]]:
    day = day_of(text)
    if text == "":
        if required:
            yield column, "missing value"
    elif day is None:
        has_form = re.fullmatch("(0[1-9]|[12][0-9]|3[01])/(0[1-9]|1[0-2])/[12][0-9]{3}", text, re.ASCII)
        yield column, "no such day" if has_form else "date format"
    elif day.year >= 2100:
        yield column, "date far in the future"
    elif not any(period.start <= day < period.end for period in periods):
        yield column, "date out of range"


def text_problems(column: str, text: str) -> Iterator[tuple[str, str]]:
    if any(
        ord(letter) < 32 or 127 <= ord(letter) < 160 or letter == "\ufffd" or category(letter) == "Cf"
        for letter in text
    ):
        yield column, "control character"
    if len(text) > 255:
        yield column, "text too long"
    if re.fullmatch(r"[0-9]+([.,][0-9]+)?E\+[0-9]+", text, re.ASCII):
        yield column, "number cut short"
    errors = ("#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!")
    if (text[:1] in tuple("=+-@") and (text[1:2].isalpha() or text[1:2] == "(")) or text.startswith(errors):
        yield column, "formula"


def id_problems(text: str) -> Iterator[tuple[str, str]]:
    yield from text_problems("id", text)
    if text == "":
        yield "id", "missing value"
    elif text not in BIRTHS:
        yield "id", "no person record"


def before(first: str, second: str) -> bool:
    days = day_of(first), day_of(second)
    return None not in days and max(days).year < 3000 and days[0] < days[1]


def spell_problems(row: list[str]) -> set[tuple[str, str]]:
    person, start, end, why = map(trimmed, row)
    any_day, till_end = (Covers(start=date(1900, 1, 1), end=last) for last in (date(2100, 1, 1), END))
    found = [*id_problems(person), *text_problems("why", why)]
    found += date_problems("from", start, periods=[till_end], required=True)
    found += date_problems("to", end, periods=[any_day], required=False)
    return {*found, *([("to", "end before start")] if before(end, start) else [])}


def event_problems(row: list[str]) -> set[tuple[str, str]]:
    number, person, what, day, typed = map(trimmed, row)
    recording = Covers(start=date(1900, 1, 1), end=END + timedelta(days=730))
    found = [*id_problems(person)]
    found += date_problems("day", day, periods=list(PERIODS), required=True)
    unusable = list(date_problems("typed", typed, periods=[recording], required=False))
    found += [("no", "missing value")] * (number == "") + [("what", "missing value")] * (what == "")
    found += [("what", "unknown code")] * (what not in ("", "ASB", "REF"))
    found += unusable or [("typed", "end before start")] * before(typed, day)
    born = BIRTHS.get(person)
    if born and day_of(day) and (born - day_of(day)).days > (300 if what == "REF" else 0):
        found.append(("day", "before birth"))
    return set(found)


def spell_key(row: list[str]) -> tuple:
    return tuple(trimmed(row[cell]) for cell in (0, 1, 3))


def event_key(row: list[str]) -> tuple:
    return (trimmed(row[0]),)


def own_problems(row: list[str], header: list[str], problems_of) -> set[tuple[str, str]]:
    if len(row) != len(header):
        return {("", "number of fields")}
    return problems_of(row) if any(map(trimmed, row)) else {("", "blank row")}


Problems = set[tuple[str, str]]


def costs_the_row(problems: Problems) -> bool:
    """Whether a row cannot be used; without the day of typing it says what it says."""
    return any(column != "typed" or rule == "end before start" for column, rule in problems)


def as_used(row: list[str], header: list[str], problems: Problems) -> tuple[str, ...]:
    unusable = {column for column, _ in problems}
    return tuple("" if name in unusable else trimmed(text) for name, text in zip(header, row, strict=False))


def expected(table, header, problems_of, key_of) -> dict[int, Problems]:
    """Return what is wrong with each row, by its number."""
    found = {number: own_problems(row, header, problems_of) for number, row in enumerate(table, start=2)}
    alike: dict[tuple, list[int]] = {}
    content = {number: as_used(row, header, found[number]) for number, row in enumerate(table, start=2)}
    for number, row in enumerate(table, start=2):
        if not costs_the_row(found[number]):
            alike.setdefault(key_of(row), []).append(number)

    def rank(number: int) -> tuple[bool, bool, int]:
        return "to" in header and bool(content[number][header.index("to")]), not found[number], number

    for numbers in alike.values():
        best = content[max(numbers, key=rank)]
        used = min(number for number in numbers if content[number] == best)
        for number in set(numbers) - {used}:
            found[number] |= {("", "repeated row" if content[number] == best else "same key, other content")}
    return found


REPEATS = ("repeated row", "same key, other content")


def own(problems: Problems) -> Problems:
    """Return what is wrong with a row by itself, whatever other rows say."""
    return {(column, rule) for column, rule in problems if rule not in REPEATS}


def severity(problems: Problems, problem: tuple[str, str]) -> str:
    """A row that is set aside for another's sake still says which of its cells would have been left empty."""
    return "set aside" if costs_the_row(own(problems)) or problem not in own(problems) else "left empty"


def is_hopeless(wrong: dict[int, Problems], table: list[list[str]], header: list[str]) -> bool:
    aside = [problems for problems in wrong.values() if costs_the_row(problems)]
    reasons = [rule for problems in aside for _, rule in problems if rule in ("blank row", "repeated row")]
    rows = len(table) - reasons.count("blank row")
    sound = {number: own(problems) for number, problems in wrong.items() if not costs_the_row(own(problems))}
    lost = sum(map(bool, sound.values()))
    filled = sum(bool(trimmed(table[number - 2][header.index("typed")])) for number in sound) if lost else 0
    is_unread = lost > 0.5 * filled and lost > min(0.5 * rows, 10)
    return len(aside) - len(reasons) > 0.5 * rows or is_unread


# What may stand in a file.

DATES = ["", " ", "1/2/2010", "31/02/2010", "2010-02-01", "01/02/10", "02/13/2010", " 01/05/2010\xa0", "=A1", "\u0661"]
DATES += [
    "01/01/1900",
    "31/12/1899",
    "31/12/2099",
    "01/01/2100",
    "31/03/2015",
    "01/04/2015",
    "30/03/2017",
    "31/03/2017",
]
DATES += [
    "31/03/2011",
    "01/04/2011",
    "31/03/2012",
    "01/04/2012",
    "31/05/2013",
    "01/06/2013",
    "05/08/2012",
    "04/08/2012",
]
TEXTS = ["=SUM(A1)", "+A", "-(1)", "@me", "-1", "+44", "#REF!", "#N/A", "#1", "=", " = A", "=A", "=\xe9", "A="]
TEXTS += ["x" * 255, "x" * 256, "\xe9" * 255, "Zo\xeb", "O'Neill", "St  John", "\u738b", "\u00ad", "a\xa0b", ".x"]
TEXTS += ["1.00E+11", "2E+05", "1E5", "E+", "1,5E+3"]
TEXTS += ["\x85", "a\x7f", "a\x9fb", "\ufffd", "a\ufffd", "a\nb", "a\tb", "a ", "\ta", "", "\xa0"]
IDS = ["9", "", " 1", "2\xa0", "=A", "1 ", "11"]
KINDS = [" REF", "asb", "", "ASB\xa0", "ASB ASB", "=ASB"]
NUMBERS = ["7", " 7", "7 ", "8", "", " ", "\u738b", "=7"]


def one_of(texts: list[str], other: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(texts), other)


def written(first: date, last: date) -> st.SearchStrategy[str]:
    return st.dates(first, last).map(lambda day: day.strftime("%d/%m/%Y"))


known = st.sampled_from(list(BIRTHS))
middle = date(2013, 7, 1)
any_date = one_of(DATES, st.one_of(written(date(2008, 1, 1), date(2018, 1, 1)), written(date.min, date.max)))
any_text = one_of(TEXTS, st.text(st.characters(exclude_categories=("Cs",)), max_size=6))
good_spell = st.tuples(known, written(date(2009, 4, 1), middle), written(middle, END), st.just("x"))
good_event = st.tuples(
    st.integers(1, 10_000).map(str),
    known,
    st.sampled_from(["ASB", "REF"]),
    written(middle, date(2014, 1, 1)),
    written(date(2014, 1, 1), END),
)
spell_cells = (one_of(IDS, any_text), any_date, any_date, any_text)
event_cells = (one_of(NUMBERS, any_text), one_of(IDS, any_text), one_of(KINDS, any_text), any_date, any_date)


@st.composite
def spoilt(draw: st.DrawFn, good: st.SearchStrategy, cells: tuple[st.SearchStrategy[str], ...]) -> list[str]:
    row, place = list(draw(good)), draw(st.integers(0, len(cells) - 1))
    row[place] = draw(cells[place])
    return row


def files(good: st.SearchStrategy, cells: tuple[st.SearchStrategy[str], ...]) -> st.SearchStrategy[list[list[str]]]:
    ragged = st.lists(st.sampled_from(["1", "x", ""]), min_size=1, max_size=7).filter(
        lambda row: len(row) != len(cells)
    )
    # Good rows are as frequent as the others together, or nearly every file would be refused as a whole.
    row = st.one_of(good.map(list), good.map(list), spoilt(good, cells), st.one_of(ragged, st.tuples(*cells).map(list)))
    return st.one_of(st.lists(row, max_size=4), st.lists(row, min_size=15, max_size=30))


def read(table: list[list[str]], header: list[str], folder: str) -> Extract:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *table])
    path = Path(folder) / "a.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return read_extract(path, LAYOUT, COMMON["date_format"])


def connected() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(COUNTY_DDL)
    create_loaded_tables(connection)
    connection.executemany(
        "INSERT INTO loaded_person_record (agency, local_id, birth_date) VALUES ('council', ?, ?)",
        [[person, born] for person, born in BIRTHS.items()],
    )
    return connection


def holds_for(source: Source, header: list[str], table: list[list[str]], wrong: dict[int, set], used_as: str) -> None:
    while table and not any(table[-1]):  # empty lines at the end of a file are no rows
        del wrong[len(table) + 1]
        table = table[:-1]
    aside = {number for number, problems in wrong.items() if costs_the_row(problems)}
    with tempfile.TemporaryDirectory() as folder, connected() as connection:
        try:
            counts = check(connection, source, read(table, header, folder), entry=0, horizon=END)
        except InputError:
            assert is_hopeless(wrong, table, header)
            return
        used = connection.execute(f"SELECT row_number, {used_as} FROM loaded_{source.table} ORDER BY 1").fetchall()
        told = connection.execute(
            "SELECT row_number, coalesce(column_name, ''), rule, severity, place FROM problem "
            "WHERE row_number IS NOT NULL"
        ).fetchall()
    assert not is_hopeless(wrong, table, header)
    skipped = len(source.unique)  # which is not loaded
    assert used == [
        (n, *as_used(row, header, wrong[n])[skipped:]) for n, row in enumerate(table, start=2) if n not in aside
    ]
    assert sorted(told) == sorted(
        (n, *problem, severity(problems, problem), None) for n, problems in wrong.items() for problem in problems
    )
    assert counts.rows_in == len(table) == counts.rows_used + counts.rows_quarantined
    assert (len(used), len(aside)) == (counts.rows_used, counts.rows_quarantined)


def spells_hold(table: list[list[str]]) -> None:
    header = ["id", "from", "to", "why"]
    wrong = expected(table, header, spell_problems, spell_key)
    texts = "local_id, strftime(start_date, '%d/%m/%Y'), coalesce(strftime(end_date, '%d/%m/%Y'), ''), "
    holds_for(SPELLS, header, table, wrong, texts + "coalesce(detail, '')")


def events_hold(table: list[list[str]]) -> None:
    header = ["no", "id", "what", "day", "typed"]
    wrong = expected(table, header, event_problems, event_key)
    texts = "local_id, CASE kind WHEN 'concern' THEN 'REF' ELSE 'ASB' END, strftime(date, '%d/%m/%Y'), "
    holds_for(EVENTS, header, table, wrong, texts + "coalesce(strftime(recorded_on, '%d/%m/%Y'), '')")


@settings(max_examples=45, deadline=None)
@given(files(good_spell, spell_cells))
def test_spells_are_used_or_set_aside_for_their_own_reasons(table):
    spells_hold(table)


@settings(max_examples=45, deadline=None)
@given(files(good_event, event_cells))
def test_events_are_used_or_set_aside_for_their_own_reasons(table):
    events_hold(table)


def each_spoilt(good: list[str], cells: tuple[list[str], ...]) -> list[list[str]]:
    """Return a good row with each listed text in turn, and as many good ones."""
    spoilt = [[*good[:place], text, *good[place + 1 :]] for place, texts in enumerate(cells) for text in texts]
    return [row for bad in spoilt for row in (list(good), bad)]


def test_each_fault_of_a_spell_is_told_by_its_rule():
    rows = each_spoilt(["2", "01/05/2010", "01/05/2014", "x"], (IDS, DATES, DATES, TEXTS))
    for number, row in enumerate(rows[0::2]):
        row[3] = f"reason {number}"  # no two of the good rows repeat each other
    spells_hold(rows)


@pytest.mark.parametrize("kind", ["ASB", "REF"])
def test_each_fault_of_an_event_is_told_by_its_rule(kind):
    rows = each_spoilt(["0", "2", kind, "01/07/2013", "01/05/2014"], (NUMBERS, IDS, KINDS, DATES, DATES))
    for number, row in enumerate(rows, start=100):
        row[0] = str(number) if row[0] == "0" else row[0]
    events_hold(rows)


def test_a_shape_is_of_the_cell_and_says_nothing_of_it():
    rows = [["1", "01/04/2013", "", "x"] for _ in range(5)] + [["1", "1st May 2010", "31/12/2009", "x"]]
    for place, row in enumerate(rows[:5]):
        row[3] = f"reason {place}"
    with tempfile.TemporaryDirectory() as folder, connected() as connection:
        check(connection, SPELLS, read(rows, ["id", "from", "to", "why"], folder), entry=0, horizon=END)
        told = connection.execute("SELECT row_number, column_name, rule, shape FROM problem").fetchall()
    assert told == [(7, "from", "date format", "9a Aa 9999")]
    assert not re.search("May|2010", str(told))
