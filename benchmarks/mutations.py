"""Does a damaged extract ever pass in silence? Extracts of every format, mutated, read and checked, and judged anew.

    python benchmarks/mutations.py --examples 10000

Each example writes a small table in one format, damages it once or twice (its cells, its text, its bytes), and reads
and checks it as a county is built. A slow parser of its own (the csv module, openpyxl, pyarrow's plain lists) reads the
same bytes under the declared format and judges each row by rules written anew. What is used must be what that parser
finds good, row for row and value for value. The table that is printed counts, for each format and damage:

    refused      the whole file, with a reason
    quarantined  what was damaged was set aside, row or cell, or a whole row more
    harmless     every row is used and says what it said
    invisible    a row that is used says something else, or is gone, and nothing in the file shows it; each of these is
                 caught by a manifest, which is tested too
    wrong        used and not what the parser found; found good and not used; or another error than a refusal
"""

import argparse
import codecs
import csv
import hashlib
import io
import random
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import damage
from benchmarks.damage import DATE_FORMAT, END, FORMATS, HEADER, PERSONS, SHEET, START
from tf_eval.data.checking.check import Counts, check, create_loaded_tables
from tf_eval.data.formats import CsvFormat, ExcelFormat, Format
from tf_eval.data.layout import COUNTY_DDL
from tf_eval.data.reading.extract import read_extract
from tf_eval.data.reading.manifest import read_manifest
from tf_eval.data.source import Covers, Source
from tf_eval.errors import InputError

OUTCOMES = ("refused", "quarantined", "harmless", "invisible", "wrong")
MOST_BYTES_IN_A_ROW = 1 << 20
MOST_ROWS = 500  # a sheet that seems to have more was blown up by the damage and is nearly all empty

Values = tuple[str, ...]
Rows = dict[int, Values | None]  # by the row's number; None where the row is ragged


def main() -> None:
    options = _arguments()
    counts: Counter[tuple[str, str, str]] = Counter()
    with Bench() as bench:
        for seed in range(options.first_seed, options.first_seed + options.examples):
            example = Example.of(seed)
            outcome, detail = bench.judge(example)
            counts[example.format_name, example.damages[0], outcome] += 1
            if outcome == "wrong":
                print(f"seed {seed}: {example.format_name}, {', '.join(example.damages)}: {detail}", flush=True)
    table = pd.Series(counts).unstack(fill_value=0).reindex(columns=list(OUTCOMES), fill_value=0)
    print(table.to_string())
    print(pd.concat([table.groupby(level=0).sum(), table.sum().rename("all").to_frame().T]).to_string())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--examples", type=int, default=10_000)
    parser.add_argument("--first-seed", type=int, default=0)
    return parser.parse_args()


@dataclass(frozen=True)
class Example:
    """One damaged file, made by its seed alone."""

    seed: int
    format_name: str
    damages: tuple[str, ...]

    @classmethod
    def of(cls, seed: int) -> "Example":
        """Return the example of a seed: formats and damages in turn, and every third one with a second damage."""
        name = list(FORMATS)[seed % len(FORMATS)]
        possible = damage.damages_of(FORMATS[name])
        first = possible[seed // len(FORMATS) % len(possible)]
        chance = random.Random(seed)
        more = [*damage.BYTES, *(damage.TEXT if name.startswith("csv") else ())]
        second = (chance.choice(more),) if chance.random() < 1 / 3 else ()
        return cls(seed, name, (first, *second))

    @property
    def layout(self) -> Format:
        return FORMATS[self.format_name]

    def files(self) -> tuple[bytes, bytes]:
        """Return the file as it was sent, and as it arrived."""
        sent = damage.write(self.layout, damage.clean_table(random.Random(self.seed)))
        chance = random.Random(self.seed + 1)
        return sent, damage.damaged(self.layout, damage.clean_table(random.Random(self.seed)), self.damages, chance)


class Bench:
    """A database and a folder in which one file after another is read and checked."""

    def __enter__(self) -> "Bench":
        self._folder = tempfile.TemporaryDirectory()
        self._path = Path(self._folder.name) / "spells"
        self._connection = duckdb.connect(config={"threads": 1})  # there is next to nothing to share out
        self._connection.execute(COUNTY_DDL)
        create_loaded_tables(self._connection)
        rows = [["council", person] for person in PERSONS]
        self._connection.executemany("INSERT INTO loaded_person_record (agency, local_id) VALUES (?, ?)", rows)
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._folder.cleanup()

    def judge(self, example: Example) -> tuple[str, str]:
        """Return one of ``OUTCOMES``, and where it is wrong, why."""
        sent, arrived = example.files()
        parsed, undamaged = slow_rows(arrived, example.layout), slow_rows(sent, example.layout)
        original = good_rows(undamaged)
        try:
            counts, used, told = self._load(arrived, example.layout)
        except InputError as refusal:
            return _judge_refusal(example.layout, parsed, str(refusal))
        except Exception as error:  # whatever it is, a person would have seen a traceback
            return "wrong", f"{type(error).__name__} escapes"
        if parsed is None and not isinstance(example.layout, CsvFormat):
            parsed = undamaged  # openpyxl also falls over colours: where it does, every cell must be as it was sent
        problem = _disagreement(example.layout, parsed, counts, used) or _untold(parsed, used, told)
        if problem:
            return "wrong", problem
        whole = [values for number, values in used.items() if number not in told]
        outcome = _seen(list(original.values()), whole, counts)
        if outcome == "invisible" and not self._manifest_shows(sent):
            return "wrong", "the manifest does not show it"
        return outcome, ""

    def _load(self, data: bytes, layout: Format) -> tuple[Counts, dict[int, Values], set[int]]:
        """Return the counts, the rows used, and the numbers of those of them a cell of which is said to be empty."""
        self._connection.execute("DELETE FROM loaded_spell; DELETE FROM problem")
        self._path.write_bytes(data)
        extract = read_extract(self._path, layout, DATE_FORMAT)
        counts = check(self._connection, _source(layout), extract, entry=0, horizon=END)
        used = self._connection.execute(f"""
            SELECT row_number, local_id, strftime(start_date, '{DATE_FORMAT}'),
                coalesce(strftime(recorded_on, '{DATE_FORMAT}'), ''), coalesce(detail, '')
            FROM loaded_spell
        """).fetchall()
        told = self._connection.execute("SELECT row_number FROM problem WHERE severity = 'left empty'").fetchall()
        return counts, {number: tuple(values) for number, *values in used}, {number for (number,) in told}

    def _manifest_shows(self, sent: bytes) -> bool:
        row = f"{self._path.name},{len(sent)},{hashlib.sha256(sent).hexdigest()}"
        (self._path.parent / "manifest.csv").write_text(f"file,bytes,sha256\n{row}\n")
        try:
            read_manifest(self._path.parent).check([self._path.name])
        except InputError:
            return True
        return False


def _source(layout: Format) -> Source:
    return Source(
        agency="council",
        file="spells",
        table="spell",
        format=layout,
        date_format=DATE_FORMAT,
        covers=(Covers(start=START, end=END),),
        columns=dict(zip(("local_id", "start_date", "recorded_on", "detail"), HEADER, strict=True)),
        constants={"kind": "employment"},
    )


# The verdict.


def _judge_refusal(layout: Format, parsed: Rows | None, reason: str) -> tuple[str, str]:
    """A refusal is loud, so it is never wrong; of text it must be deserved too, for its parser knows every reason."""
    deserved = parsed is None or 2 * (len(parsed) - len(good_rows(parsed))) > len(parsed) or _is_mostly_unread(parsed)
    if isinstance(layout, CsvFormat) and not deserved:
        return "wrong", f"refused for no reason: {reason}"
    return "refused", ""


def _disagreement(layout: Format, parsed: Rows | None, counts: Counts, used: dict[int, Values]) -> str:
    """Return how what was used differs from what the slow parser finds good; nothing where it does not."""
    if parsed is None:
        return "used, and the slow parser cannot read it"
    if counts.rows_in != counts.rows_used + counts.rows_quarantined or counts.rows_used != len(used):
        return "the rows do not add up"
    if counts.rows_in != len(parsed) and not isinstance(layout, ExcelFormat):  # which may have empty rows at its end
        return f"{counts.rows_in} rows in, {len(parsed)} in the file"
    good = good_rows(parsed)
    differing = sorted(number for number in {*good, *used} if good.get(number) != used.get(number))
    return f"other rows used than found good: {differing[:5]}" if differing else ""


def _untold(parsed: Rows | None, used: dict[int, Values], told: set[int]) -> str:
    """Return which cells are left empty without a word, or said to be and are not; nothing where there are none."""
    rows = {number: _trimmed((parsed or {}).get(number)) for number in used}
    emptied = {number for number, row in rows.items() if row and not _is_typed(row[2])}
    differing = sorted(emptied ^ (told & used.keys()))
    return f"other cells left empty than told: {differing[:5]}" if differing else ""


def _seen(original: list[Values], used: list[Values], counts: Counts) -> str:
    if sorted(used) == sorted(original) and not counts.rows_quarantined:
        return "harmless"
    nothing_new = not Counter(used) - Counter(original)
    return "quarantined" if nothing_new and counts.rows_in >= len(original) else "invisible"


# The rules once more, written the slow and obvious way.


def good_rows(parsed: Rows | None) -> dict[int, Values]:
    """Return the rows that must be used, trimmed, and without a day of typing that cannot be used.

    Of rows with one key it is the last of those that are used whole, or else the last; of rows that say the same the
    first.
    """
    rows = {number: values for number, row in (parsed or {}).items() if (values := _trimmed(row)) and _is_good(*values)}
    best: dict[tuple[str, str, str], int] = {}
    for number in sorted(rows, key=lambda number: (_is_typed(rows[number][2]), number)):
        best[_key(rows[number])] = number
    used = {key: _as_used(rows[number]) for key, number in best.items()}
    first: dict[tuple[str, str, str], int] = {}
    for number, values in sorted(rows.items()):
        if _as_used(values) == used[_key(values)]:
            first.setdefault(_key(values), number)
    return {number: used[key] for key, number in first.items()}


def _trimmed(row: Values | None) -> Values | None:
    return tuple(value.strip(" \t\xa0") for value in row) if row else None


def _key(values: Values) -> tuple[str, str, str]:
    return values[0], values[1], values[3]


def _as_used(values: Values) -> Values:
    person, start, typed, why = values
    return person, start, typed if _is_typed(typed) else "", why


def _is_mostly_unread(parsed: Rows) -> bool:
    """Whether most days of typing in the rows that can be used cannot be used themselves."""
    typed = [row[2] for row in map(_trimmed, parsed.values()) if row and _is_good(*row) and row[2]]
    lost = sum(not _is_typed(text) for text in typed)
    return 2 * lost > len(typed) and lost > min(len(parsed) / 2, 10)


def _is_good(person: str, start: str, typed: str, why: str) -> bool:
    return person in PERSONS and _is_day(start, before=END) and _is_plain(why)


def _is_typed(text: str) -> bool:
    return text == "" or _is_day(text, before=END + timedelta(days=730))


def _is_day(text: str, *, before: date) -> bool:
    try:
        day = datetime.strptime(text, DATE_FORMAT).date()
    except ValueError:
        return False
    return day.strftime(DATE_FORMAT) == text and date(1900, 1, 1) <= day < before


def _is_plain(text: str) -> bool:
    is_formula = text[:1] in tuple("=+-@") and (text[1:2].isalpha() or text[1:2] == "(")
    is_error = text.startswith(("#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"))
    is_control = any(ord(letter) < 32 or 127 <= ord(letter) < 160 or letter == "\ufffd" for letter in text)
    return not (is_formula or is_error or is_control) and len(text) <= 255


# The slow parsers.


def slow_rows(data: bytes, layout: Format) -> Rows | None:
    """Return the rows below the header in the order of ``HEADER``; None where the file has to be refused."""
    if isinstance(layout, CsvFormat):
        cells = _delimited(data, layout)
    else:
        cells = _workbook(data) if isinstance(layout, ExcelFormat) else _parquet(data)
    if cells is None:
        return None
    header, rows = cells
    folded = [name.casefold() for name in header if name]
    if len(set(folded)) < len(folded) or "row number" in folded or not set(HEADER) <= set(header):
        return None
    places = [header.index(name) for name in HEADER]
    return {number: row and tuple(row[place] for place in places) for number, row in rows.items()}


Cells = tuple[list[str], dict[int, list[str] | None]]


def _delimited(data: bytes, layout: CsvFormat) -> Cells | None:
    text = _decoded(data, layout.encoding)
    text = text.removeprefix("\ufeff").rstrip("\r\n") if text is not None else ""
    limit = csv.field_size_limit(1 << 30)
    try:
        header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=layout.delimiter, strict=True)
    except (csv.Error, ValueError):
        return None
    finally:
        csv.field_size_limit(limit)
    names = [name.strip() for name in header]
    if any("\0" in name for name in names) or any(sum(map(len, row)) > MOST_BYTES_IN_A_ROW for row in rows):
        return None
    whole = {number: row or [""] * len(names) for number, row in enumerate(rows, start=2)}
    return names, {number: row if len(row) == len(names) else None for number, row in whole.items()}


def _decoded(data: bytes, encoding: str) -> str | None:
    is_marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if is_marked != (encoding == "utf-16"):
        return None
    if encoding == "cp1252" and not data.isascii() and _can_decode(data, "utf-8"):
        return None
    return data.decode(encoding) if _can_decode(data, encoding) else None


def _can_decode(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _workbook(data: bytes) -> Cells | None:
    try:
        sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)[SHEET]
        rows = [[_text(cell) for cell in row] for row in sheet.iter_rows(max_row=MOST_ROWS, values_only=True)]
    except Exception:  # whatever openpyxl raises of a damaged file, it cannot read it
        return None
    if not rows or sheet.max_row > MOST_ROWS:
        return None
    return rows[0], {number: row for number, row in enumerate(rows[1:], start=2)}


def _parquet(data: bytes) -> Cells | None:
    try:
        table = pq.read_table(io.BytesIO(data))
        table.validate(full=True)
    except (pa.ArrowException, OSError):
        return None
    columns = [[_text(value) for value in _values(column)] for column in table.columns]
    rows = zip(*columns, strict=True) if columns else ()
    return table.column_names, {number: list(row) for number, row in enumerate(rows, start=1)}


def _values(column: Iterable[pa.Scalar]) -> Iterable[Any]:
    for scalar in column:
        try:
            yield scalar.as_py()
        except (ValueError, OverflowError):  # a date that the calendar does not have
            yield "\ufffd"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.strftime(DATE_FORMAT)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if value is None else str(value).strip()


if __name__ == "__main__":
    main()
