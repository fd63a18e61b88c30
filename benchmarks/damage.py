"""Small tables of spells, written in every format, and what can happen to them on the way."""

import csv
import io
import random
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from tf_eval.data.formats import CsvFormat, ExcelFormat, Format, ParquetFormat

HEADER = ["id", "from", "typed", "why"]
PERSONS = ("1", "2", "3")
DATE_FORMAT = "%d/%m/%Y"
# The checking of dates lists every possible day from 1900 on: these years keep ten thousand examples short.
START, END = date(1901, 4, 1), date(1907, 4, 1)
WHYS = ("Zoë's café", 'said "yes"', "lost; found, again", "naïve", "part time", "10% of £20", "x")
SHEET = "Spells"
FORMATS: dict[str, Format] = {
    "csv utf-8": CsvFormat(type="csv", encoding="utf-8", delimiter=","),
    "csv cp1252": CsvFormat(type="csv", encoding="cp1252", delimiter=";"),
    "csv utf-16": CsvFormat(type="csv", encoding="utf-16", delimiter="\t"),
    "excel": ExcelFormat(type="excel", sheet=SHEET),
    "parquet": ParquetFormat(type="parquet"),
}

Cell = Any
Table = list[list[Cell]]


# The undamaged table, and how each format holds it.


def clean_table(chance: random.Random) -> Table:
    """Return a header and a dozen rows that keep every rule."""
    rows = []
    for number in range(12):
        start = START + timedelta(days=chance.randrange(1500))
        typed = start + timedelta(days=chance.randrange(600)) if number % 3 else None
        rows.append([int(chance.choice(PERSONS)), start, typed, f"{chance.choice(WHYS)} {number}"])
    return [list(HEADER), *rows]


def plain(cell: Cell) -> str:
    """Return a cell as text, as the formats that hold no types have it."""
    if cell is None:
        return ""
    return cell.strftime(DATE_FORMAT) if isinstance(cell, date) else str(cell)


def write(layout: Format, table: Table) -> bytes:
    """Return a table as a file of that format."""
    if isinstance(layout, CsvFormat):
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=layout.delimiter).writerows([[plain(cell) for cell in row] for row in table])
        return text.getvalue().encode(layout.encoding, errors="replace")
    return _write_excel(table) if isinstance(layout, ExcelFormat) else _write_parquet(table)


def _write_excel(table: Table) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = SHEET
    for row in table:
        book.active.append(
            [re.sub(r"[\0-\x08\x0b-\x1f]", "?", cell) if isinstance(cell, str) else cell for cell in row]
        )
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _without_controls(cell: Cell) -> Cell:
    """Return a cell without the characters that XML cannot hold."""
    return re.sub(r"[\0-\x08\x0b-\x1f]", "?", cell) if isinstance(cell, str) else cell


def _write_parquet(table: Table) -> bytes:
    header, *rows = table
    width = len(header)
    columns = [[row[place] if place < len(row) else None for row in rows] for place in range(width)]
    arrays = [_typed(column) for column in columns]
    file = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, [plain(name) for name in header]), file, row_group_size=5)
    return file.getvalue()


def _typed(column: list[Cell]) -> pa.Array:
    for kind, arrow in ((date, pa.date32()), (int, pa.int64())):
        if all(cell is None or type(cell) is kind for cell in column):
            return pa.array(column, arrow)
    return pa.array([None if cell is None else plain(cell) for cell in column], pa.string())


# Damage to the cells.


def _any_cell(table: Table, chance: random.Random, value: Cell) -> None:
    row = table[chance.randrange(1, len(table))]
    row[chance.randrange(len(row))] = value


def mixed_dates(table: Table, chance: random.Random) -> None:
    for row in chance.sample(table[1:], 3):
        form = chance.choice(["%m/%d/%Y", "%Y-%m-%d", "%d/%m/%y", "%d %b %Y", "%d/%m/%Y %H:%M", "%d.%m.%Y"])
        row[1] = row[1].strftime(form)


def impossible_dates(table: Table, chance: random.Random) -> None:
    days = ["31/02/1905", "00/01/1905", "01/13/1905", "1/2/1905", "01/02/0085", date(1899, 12, 31), 2010, 0.5]
    chance.choice(table[1:])[chance.choice([1, 2])] = chance.choice([*days, datetime(1905, 1, 2, 3, 4), True])


def formulas(table: Table, chance: random.Random) -> None:
    _any_cell(table, chance, chance.choice(["=1+1", "=SUM(A1:A9)", "+A1", "-(1)", "@me", '=HYPERLINK("x")']))


def error_values(table: Table, chance: random.Random) -> None:
    _any_cell(table, chance, chance.choice(["#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"]))


def huge_fields(table: Table, chance: random.Random) -> None:
    _any_cell(table, chance, "x" * chance.choice([256, 40_000, 140_000, 2_000_000]))


def many_digits(table: Table, chance: random.Random) -> None:
    _any_cell(table, chance, "9" * chance.choice([16, 400, 1_000_000]))


def control_characters(table: Table, chance: random.Random) -> None:
    row = chance.choice(table[1:])
    row[3] = row[3][:2] + chance.choice(["\0", "\n", "\r\n", "\x1b", "\x7f", "\x85", "\x0b"]) + row[3][2:]


def blanks(table: Table, chance: random.Random) -> None:
    row = chance.choice(table[1:])
    place = chance.randrange(4)
    row[place] = chance.choice([None, "", " ", "\xa0", f" {plain(row[place])}\t", f"\xa0{plain(row[place])} "])


def shuffled_columns(table: Table, chance: random.Random) -> None:
    order = chance.sample(range(4), 4)
    table[:] = [[row[place] for place in order] for row in table]


def shuffled_header(table: Table, chance: random.Random) -> None:
    chance.shuffle(table[0])


def duplicated_header(table: Table, chance: random.Random) -> None:
    name = chance.choice(HEADER)
    table[0][chance.randrange(4)] = chance.choice([name, name.upper()])


def renamed_header(table: Table, chance: random.Random) -> None:
    table[0][chance.randrange(4)] = chance.choice(["", "Row Number", "id ", "ID", "from\n", "\ufefffrom"])


def more_columns(table: Table, chance: random.Random) -> None:
    for number, row in enumerate(table):
        row.insert(chance.choice([0, 4]), f"n{number}")


def repeated_header(table: Table, chance: random.Random) -> None:
    table.insert(chance.randrange(1, len(table)), list(table[0]))


def repeated_rows(table: Table, chance: random.Random) -> None:
    table.insert(chance.randrange(1, len(table)), list(chance.choice(table[1:])))


def ragged_rows(table: Table, chance: random.Random) -> None:
    row = chance.choice(table[1:])
    row.pop(chance.randrange(4)) if chance.random() < 0.5 else row.insert(chance.randrange(4), "x")


def empty_rows(table: Table, chance: random.Random) -> None:
    table.insert(chance.randrange(len(table) + 1), [])


def lost_rows(table: Table, chance: random.Random) -> None:
    del table[chance.randrange(1, len(table))]


def changed_digit(table: Table, chance: random.Random) -> None:
    row = chance.choice(table[1:])
    row[1] = row[1].replace(day=chance.randrange(1, 29))


def in_another_type(table: Table, chance: random.Random) -> None:
    place = chance.randrange(3)
    for row in table[1:]:
        row[place] = plain(row[place]) if chance.random() < 0.5 else row[place]


CELLS: dict[str, Callable[[Table, random.Random], None]] = {
    name.__name__.replace("_", " "): name
    for name in (
        mixed_dates, impossible_dates, formulas, error_values, huge_fields, many_digits, control_characters, blanks,
        shuffled_columns, shuffled_header, duplicated_header, renamed_header, more_columns, repeated_header,
        repeated_rows, ragged_rows, empty_rows, lost_rows, changed_digit, in_another_type,
    )
}  # fmt: skip


# Damage to the bytes.


def truncated(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def flipped_bits(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 8])):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def random_bytes(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + chance.randbytes(chance.choice([1, 2, 30])) + data[place + chance.choice([0, 1, 30]) :]


def nulls(data: bytes, chance: random.Random) -> bytes:
    place, length = chance.randrange(len(data)), chance.choice([1, 2, 64])
    return data[:place] + bytes(length) + data[place + chance.choice([0, length]) :]


def lost_bytes(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + data[place + chance.choice([1, 2, 50]) :]


def repeated_bytes(data: bytes, chance: random.Random) -> bytes:
    first, last = sorted(chance.randrange(len(data)) for _ in range(2))
    return data[:last] + data[first:]


def rubbish_around(data: bytes, chance: random.Random) -> bytes:
    rubbish = chance.choice([b"\n" * 9, b"\r\n\r\n", b"\x1a", b"PK", bytes(8), b"\xef\xbb\xbf", b"\xff\xfe", b"Sum;12"])
    return rubbish + data if chance.random() < 0.5 else data + rubbish


BYTES: dict[str, Callable[[bytes, random.Random], bytes]] = {
    name.__name__.replace("_", " "): name
    for name in (truncated, flipped_bits, random_bytes, nulls, lost_bytes, repeated_bytes, rubbish_around)
}


# Damage to delimited text, and to a workbook's XML.


def cut_at_a_row(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(lines[: chance.randrange(1, max(len(lines), 2))])


def quote_marks(text: str, chance: random.Random) -> str:
    place = chance.choice([chance.randrange(len(text)), *(match.end() for match in re.finditer(r"[,;\t\n]", text))])
    return chance.choice([text[:place] + '"' + text[place:], text.replace('"', ""), text.replace('"', "'")])


def other_delimiter(text: str, chance: random.Random) -> str:
    one, other = chance.sample([",", ";", "\t", "|"], 2)
    lines = text.split("\n")
    some = range(len(lines)) if chance.random() < 0.5 else [chance.randrange(len(lines))]
    return "\n".join(line.replace(one, other) if number in some else line for number, line in enumerate(lines))


def other_line_ends(text: str, chance: random.Random) -> str:
    return text.replace("\r\n", chance.choice(["\n", "\r", "\n\r", "\n\n", "", "\x85", "\u2028"]))


def other_encoding(text: str, chance: random.Random) -> bytes:
    encoding = chance.choice(["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-16-le", "utf-16-be", "cp437"])
    return text.encode(encoding, errors="replace")


TEXT: dict[str, Callable[[str, random.Random], str | bytes]] = {
    name.__name__.replace("_", " "): name
    for name in (cut_at_a_row, quote_marks, other_delimiter, other_line_ends, other_encoding)
}


def changed_xml(data: bytes, chance: random.Random) -> bytes:
    """Damage one part of a workbook and pack it again, so that no checksum shows it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    likely = [name for name in parts if "sheet" in name or name.endswith(("workbook.xml", "styles.xml"))]
    name = chance.choice(likely)
    changed = dict(parts)
    changed[name] = chance.choice([truncated, flipped_bits, lost_bytes, nulls, repeated_bytes])(parts[name], chance)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for part, content in changed.items():
            archive.writestr(part, content)
    return file.getvalue()


def damages_of(layout: Format) -> list[str]:
    """Return the names of what can be done to a file of that format."""
    own = [*TEXT] if isinstance(layout, CsvFormat) else ["changed xml"] if isinstance(layout, ExcelFormat) else []
    return [*CELLS, *BYTES, *own]


def damaged(layout: Format, table: Table, damages: Sequence[str], chance: random.Random) -> bytes:
    """Return the file of a clean table after the damages, of which only the first may be to its cells."""
    first, *others = damages
    if first in CELLS:
        CELLS[first](table, chance)
    data = write(layout, table)
    for name in others if first in CELLS else damages:
        if name in TEXT:
            changed = TEXT[name](data.decode(layout.encoding, errors="replace"), chance)
            data = changed if isinstance(changed, bytes) else changed.encode(layout.encoding, errors="replace")
        elif data:
            data = {**BYTES, "changed xml": changed_xml}[name](data, chance)
    return data
