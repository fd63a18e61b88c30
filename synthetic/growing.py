"""A folder of Parquet files that grow, so that no more than one part of each is ever in memory."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet

from synthetic.files import Columns, arrow_table


class GrowingFolder:
    """Parquet files in an existing folder, open until the block of a ``with`` statement ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._rows: dict[str, int] = {}
        self._files: dict[str, pyarrow.parquet.ParquetWriter] = {}

    def __enter__(self) -> "GrowingFolder":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for file in self._files.values():
            file.close()

    def rows(self, name: str) -> int:
        """Return how many rows a file has so far."""
        return self._rows.get(name, 0)

    def add(self, name: str, columns: Columns, types: Mapping[str, pa.DataType]) -> None:
        """Add rows to the end of a file, which is there from its first rows on."""
        table = arrow_table(columns, types)
        if name not in self._files:
            self._files[name] = pyarrow.parquet.ParquetWriter(self.folder / name, table.schema)
        self._files[name].write_table(table)
        self._rows[name] = self.rows(name) + len(table)
