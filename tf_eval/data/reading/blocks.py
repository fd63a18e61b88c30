"""Delimited text in blocks of whole rows, so that a file of any size is read in a little memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tf_eval.data.formats import CsvFormat
from tf_eval.data.reading.encoding import utf8_chunks
from tf_eval.data.reading.quotes import NEWLINE, RETURN, StrayQuote, quoted_cells
from tf_eval.errors import InputError

MOST_BYTES_IN_A_ROW = 1 << 20


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
    """Return where the rows of a text end, each past its line end; the last row is taken to have none.

    Raises:
        StrayQuote: something other than a delimiter or the end of the row follows a quoted cell.
    """
    codes = np.frombuffer(text, np.uint8)
    ends = np.flatnonzero(codes == NEWLINE)
    if b"\r" in text:
        returns = np.flatnonzero(codes[:-1] == RETURN)
        alone = returns[codes[returns + 1] != NEWLINE]
        ends = np.sort(np.concatenate([ends, alone])) if len(alone) else ends
    if b'"' in text:
        ends = quoted_cells(text, delimiter).outside(ends)
    return ends + 1


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
        rows, end = _count_plain(text) or self._count(text)
        if rows:
            yield self._block(text[:end], rows)
        self._kept = text[end:]
        self._require_short(len(self._kept), self._row)

    def rest(self) -> Iterator[Block]:
        """Yield the block of the last row."""
        if not self._kept:
            return
        if b'"' in self._kept:
            cells = quoted_cells(self._kept, self._delimiter)
            if len(cells.closes) and cells.closes[-1] == len(self._kept):
                raise self._stray(self._kept, int(cells.opens[-1]))
        yield self._block(self._kept, 1)

    def _count(self, text: bytes) -> tuple[int, int]:
        """Return how many rows end in a text, and where the last of them does."""
        try:
            ends = row_ends(text, self._delimiter)
        except StrayQuote as stray:
            raise self._stray(text, stray.position) from None
        if not len(ends):
            return 0, 0
        lengths = np.diff(ends, prepend=0)
        self._require_short(int(lengths.max()), self._row + int(lengths.argmax()))
        return len(ends), int(ends[-1])

    def _block(self, text: bytes, rows: int) -> Block:
        block = Block(text, self._row, rows)
        self._row += rows
        self._line += text.count(b"\n") if b'"' in text else rows  # a quoted cell may go over several lines
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


def _count_plain(text: bytes) -> tuple[int, int] | None:
    """Return the same as ``_Cutter._count`` without looking for each row; None where that might not be right."""
    codes = np.frombuffer(text, np.uint8)
    if b'"' in text or (b"\r" in text and np.any((codes[:-1] == RETURN) & (codes[1:] != NEWLINE))):
        return None
    half = MOST_BYTES_IN_A_ROW // 2  # a row that is too long fills at least one half of its length
    if any(text.find(b"\n", start, start + half) < 0 for start in range(0, len(text) - half, half)):
        return None
    return int(np.count_nonzero(codes == NEWLINE)), text.rfind(b"\n") + 1
