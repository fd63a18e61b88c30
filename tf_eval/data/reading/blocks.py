"""Delimited text in blocks of whole rows, so that a file of any size is read in a little memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tf_eval.data.formats import CsvFormat
from tf_eval.data.reading.encoding import utf8_chunks
from tf_eval.data.reading.places import BITS, before, last_of, next_to, number_of, places_of, positions_of
from tf_eval.data.reading.quotes import NEWLINE, RETURN, StrayQuote, quoted
from tf_eval.errors import InputError

MOST_BYTES_IN_A_ROW = 1 << 20
# A row that is too long fills at least one of the stretches of half its length, here in words of places.
_STRETCH = MOST_BYTES_IN_A_ROW // 2 // BITS


@dataclass(frozen=True)
class Block:
    """Whole rows as UTF-8: the first one's number as a person counts it, and how many there are."""

    text: bytes
    first: int
    rows: int


def blocks(path: Path, layout: CsvFormat) -> Iterator[Block]:
    """Yield all rows of a file, its header and what stands above it included; empty lines at its end are no rows.

    Raises:
        InputError: the file is not of the declared encoding, a quote mark is left open, or a row is too long.
    """
    cutter = _Cutter(path.name, layout.delimiter.encode())
    for chunk in _without_empty_end(path.name, utf8_chunks(path, layout.encoding)):
        yield from cutter.cut(chunk)
    yield from cutter.rest()


def row_ends(text: bytes, delimiter: bytes) -> np.ndarray:
    """Return the places of the line ends that end the rows of a text; the last row is taken to have none.

    Raises:
        StrayQuote: something other than a delimiter or the end of the row follows a quoted cell.
    """
    ends = places_of(text, NEWLINE)
    if b"\r" in text:
        ends |= places_of(text, RETURN) & ~before(ends)
    if b'"' in text:
        ends &= ~quoted(text, delimiter)
    return ends


def _without_empty_end(file: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the chunks so that none ends in a line end, and leave out the lines that are empty up to the file's end."""
    held = b""
    for chunk in chunks:
        body = chunk.rstrip(b"\r\n")
        if body:
            yield held + body
            held = b""
        held += chunk[len(body) :]
        if len(held) > MOST_BYTES_IN_A_ROW:
            raise InputError(f"{file}: more than {MOST_BYTES_IN_A_ROW // 2:,} empty lines one after another.")


class _Cutter:
    """Cuts a text that comes in chunks after its last whole row, and keeps the rest for the next chunk."""

    def __init__(self, file: str, delimiter: bytes) -> None:
        self._file, self._delimiter = file, delimiter
        self._kept = b""
        self._row = self._line = 1

    def cut(self, chunk: bytes) -> Iterator[Block]:
        """Yield the block of the rows that end in this chunk, if there is one."""
        text = self._kept + chunk
        ends = self._row_ends(text)
        end = last_of(ends) + 1
        if end:
            yield self._block(text[:end], number_of(ends))
        self._kept = text[end:]

    def rest(self) -> Iterator[Block]:
        """Yield the block of the last row."""
        if not self._kept:
            return
        inside = quoted(self._kept, self._delimiter)
        if last_of(inside) >= len(self._kept):
            raise self._stray(self._kept, last_of(inside & ~next_to(inside)))
        yield self._block(self._kept, 1)

    def _row_ends(self, text: bytes) -> np.ndarray:
        """Return the places of the line ends that end rows, none of which is too long."""
        try:
            ends = row_ends(text, self._delimiter)
        except StrayQuote as stray:
            raise self._stray(text, stray.position) from None
        stretches = ends[: len(ends) // _STRETCH * _STRETCH].reshape(-1, _STRETCH)
        if not stretches.any(axis=1).all():
            lengths = np.diff(positions_of(ends), prepend=-1, append=len(text) - 1)
            self._require_short(int(lengths.max()), self._row + int(lengths.argmax()))
        return ends

    def _block(self, text: bytes, rows: int) -> Block:
        block = Block(text, self._row, rows)
        self._row += rows
        self._line += number_of(places_of(text, NEWLINE)) if b'"' in text else rows  # a cell may go over several lines
        return block

    def _require_short(self, length: int, row: int) -> None:
        if length > MOST_BYTES_IN_A_ROW:
            raise InputError(
                f"{self._file}, row {row:,}: longer than {MOST_BYTES_IN_A_ROW:,} bytes; is a quote mark opened there "
                "and not closed, or the line end lost?"
            )

    def _stray(self, text: bytes, position: int) -> InputError:
        line = self._line + text.count(b"\n", 0, position)
        return InputError(
            f"{self._file}, line {line:,}: a quote mark is opened and not closed where the cell ends; "
            "a quote mark inside a quoted cell is written twice."
        )
