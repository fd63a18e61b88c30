"""Tell the encoding and the delimiter of a text file that nobody has described."""

import codecs
import csv
import io
from collections import Counter
from dataclasses import dataclass

from tf_eval.errors import InputError

FIRST_LINES = 200
FIRST_LETTERS = 1_000_000
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright bars"}


@dataclass(frozen=True)
class PlainText:
    """What a text file is written in, its first rows, and why it is thought so."""

    encoding: str
    delimiter: str
    rows: list[list[str]]
    evidence: str


def describe(file: str, data: bytes) -> PlainText:
    """Return how a text file is written.

    Raises:
        InputError: it is no text, or its lines do not fall into cells.
    """
    encoding, why = _encoding(file, data)
    text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    lines = text[:FIRST_LETTERS].splitlines(keepends=True)[:FIRST_LINES]
    delimiter, rows = _delimiter(file, "".join(lines))
    width, agreeing = _usual(rows)
    evidence = (
        f"{why}; {width} cells in {agreeing:,} of the first {len(rows):,} rows, parted by {DELIMITERS[delimiter]}"
    )
    return PlainText(encoding, delimiter, rows, evidence)


def _encoding(file: str, data: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return _readable(file, data, encoding, f"it begins with a byte order mark of {encoding}")
    if encoding := _unmarked_utf16(data):
        return _readable(file, data, encoding, f"every other byte is empty, as in {encoding}")
    if b"\x00" in data:
        raise InputError(f"{file}: holds bytes that no text has; it is no CSV, Excel or Parquet file.")
    if data.isascii():
        return "utf-8", "plain letters only, which utf-8 and cp1252 write alike"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _readable(file, data, "cp1252", "its accented letters are no utf-8")
    return "utf-8", "its accented letters are utf-8"


def _unmarked_utf16(data: bytes) -> str | None:
    """Return which half of each letter of two bytes is nearly always empty, as in English text without a mark."""
    halves = {"utf-16-le": data[1::2], "utf-16-be": data[::2]}
    return next((name for name, half in halves.items() if half.count(0) > len(half) / 2), None)


def _readable(file: str, data: bytes, encoding: str, why: str) -> tuple[str, str]:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        raise InputError(f"{file}: {why}, and yet not all of it is {encoding}; ask how it was written.") from None
    return encoding, why


def _delimiter(file: str, text: str) -> tuple[str, list[list[str]]]:
    """Return the delimiter by which most of the first rows have the same number of cells, and more than one."""
    parsed = {sign: _rows(text, sign) for sign in DELIMITERS}
    usual = {sign: _usual(rows) for sign, rows in parsed.items()}
    several = [sign for sign in DELIMITERS if usual[sign][0] > 1]
    if not several:
        raise InputError(
            f"{file}: {len(text.splitlines()):,} lines that no {', '.join(list(DELIMITERS.values())[:-1])} or "
            f"{list(DELIMITERS.values())[-1]} part into cells; it is no table that can be read."
        )
    best = max(several, key=lambda sign: (usual[sign][1] / len(parsed[sign]), usual[sign][0]))
    return best, parsed[best]


def _rows(text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return []


def _usual(rows: list[list[str]]) -> tuple[int, int]:
    """Return the most usual number of cells among rows that have any, and how many rows have it."""
    widths = Counter(len(row) for row in rows if row)
    return max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
