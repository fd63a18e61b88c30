"""Batches of the size in which DuckDB stores rows."""

from collections.abc import Iterable, Iterator

import pyarrow as pa

# DuckDB stores rows in groups of so many. From batches that do not fill whole groups a table is written twice, which
# costs more than parsing the text.
ROWS_IN_A_GROUP = 122_880
MOST_BYTES = 1 << 26


def regrouped(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield the same rows in batches of whole groups; smaller ones where the rows are long, and at the end."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        rows = sum(part.num_rows for part in waiting)
        is_heavy = sum(part.nbytes for part in waiting) >= MOST_BYTES
        if rows >= ROWS_IN_A_GROUP or is_heavy:
            ready = rows if is_heavy else rows - rows % ROWS_IN_A_GROUP
            table = pa.Table.from_batches(waiting)
            yield from table.slice(0, ready).combine_chunks().to_batches()
            waiting = table.slice(ready).to_batches()
    yield from waiting
