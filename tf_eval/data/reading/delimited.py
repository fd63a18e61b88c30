"""Read a delimited text file strictly: declared encoding and delimiter, as many fields as the header, or refuse."""

import codecs
import csv
import io
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from tf_eval.data.formats import CsvFormat
from tf_eval.data.reading.batch import Batch
from tf_eval.data.reading.blocks import Block, blocks, row_ends
from tf_eval.data.reading.encoding import refuse_other_encoding
from tf_eval.data.reading.places import positions_of
from tf_eval.errors import InputError

WORKERS = min(os.cpu_count() or 1, 4)


def read(path: Path, layout: CsvFormat) -> tuple[list[str], Iterator[Batch]]:
    """Return the header's names and the rows below it.

    Raises:
        InputError: the bytes are plainly of another encoding, or there is no header; and, here or while the rows are
            read, that the bytes are not of the declared encoding, a quote mark is left open or a row is too long.
    """
    refuse_other_encoding(path, layout.encoding)
    all_blocks = blocks(path, layout)
    first = next(all_blocks, None)
    if first is None:
        raise InputError(f"{path.name}: the file is empty; ask the agency to send it again.")
    names, start = _header(path.name, first, layout)
    rows = first.rows - layout.header_row
    head = [Block(first.text[start:], layout.header_row + 1, rows)] if rows else []
    return names, _batches(path.name, chain(head, all_blocks), len(names), layout.delimiter)


def _header(file: str, block: Block, layout: CsvFormat) -> tuple[list[str], int]:
    """Return the header's names and where the first row below it starts."""
    row = layout.header_row
    ends = positions_of(row_ends(block.text, layout.delimiter.encode()))[: row + 1] + 1
    starts = [0, *ends.tolist(), len(block.text)]
    text = block.text[starts[row - 1] : starts[row]].decode() if row <= block.rows else ""
    try:
        cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=layout.delimiter), [])
    except csv.Error:
        raise InputError(f"{file}: row {row}, declared as the header, has a cell too long for a name.") from None
    names = [name.strip() for name in cells]
    if not any(names):
        raise InputError(f"{file}: row {row}, declared as the header, is empty.")
    if any("\0" in name for name in names):
        raise InputError(f"{file}: row {row}, the header, holds null characters; is it utf-16-le or utf-16-be text?")
    return [name or f"(column {index + 1})" for index, name in enumerate(names)], starts[row]


def _batches(file: str, below: Iterable[Block], width: int, delimiter: str) -> Iterator[Batch]:
    """Yield the rows below the header; blocks are parsed ahead, each in one thread, for only so are rows counted."""
    with ThreadPoolExecutor(WORKERS) as pool:
        ahead: deque[Future[Batch]] = deque()
        for block in below:
            ahead.append(pool.submit(_parse, file, block, width, delimiter))
            if len(ahead) > WORKERS:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _parse(file: str, block: Block, width: int, delimiter: str) -> Batch:
    """Return the rows of a block as text, and the numbers of those with another number of fields."""
    ragged: list[int] = []

    def note(row: pa_csv.InvalidRow) -> str:
        ragged.append(row.number - 1)
        return "skip"

    names = [str(index) for index in range(width)]
    # Arrow takes a byte order mark off any text that it is given; one amid the file is part of a cell.
    text = codecs.BOM_UTF8 + block.text if block.text.startswith(codecs.BOM_UTF8) else block.text
    table = pa_csv.read_csv(
        pa.BufferReader(text),
        pa_csv.ReadOptions(column_names=names, use_threads=False, block_size=len(text) + 1),
        pa_csv.ParseOptions(
            delimiter=delimiter,
            newlines_in_values=b'"' in text,
            ignore_empty_lines=False,
            invalid_row_handler=note,
        ),
        pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=False,
            check_utf8=False,  # it was made by encoding as UTF-8, or found to be
        ),
    )
    if table.num_rows + len(ragged) != block.rows:
        raise InputError(f"{file}: the rows from {block.first:,} on do not add up. Please report this as a fault.")
    numbers = np.delete(np.arange(block.rows), ragged) + block.first
    columns = [column.combine_chunks() for column in table.columns]
    return Batch(numbers, columns, [number + block.first for number in ragged])
