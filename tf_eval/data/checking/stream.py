"""An extract on its way into the engine: its used columns, once, and how many rows went by."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from tf_eval.data.checking.rules import choosers_of, keys_of
from tf_eval.data.reading.extract import ROW_NUMBER, Extract
from tf_eval.data.source import Source

# The engine takes a stream for one row and would gather all of it before looking anything up in the small tables.
_NOT_TURNED_ROUND = "build_side_probe_side,join_order"


@dataclass(eq=False)
class Stream:
    """The rows of an extract as they are read.

    ``rows_in``: how many rows the file holds below its header, and ``ragged``: the numbers of those of them whose
    cells cannot be told apart; both are known once ``read`` has returned.
    """

    extract: Extract
    source: Source
    _whole_rows: int = 0

    @property
    def ragged(self) -> list[int]:
        return self.extract.ragged

    @property
    def rows_in(self) -> int:
        return self._whole_rows + len(self.ragged)

    def read(self, connection: duckdb.DuckDBPyConnection, statement: str, tables: Mapping[str, pa.Table]) -> None:
        """Run an SQL statement that reads the table ``extract`` once: row_number, raw_NAME, key_N, chooser_N.

        Args:
            connection: where it is run.
            statement: the statement.
            tables: others that it reads, by their names.

        Raises:
            InputError: what kept the file from being read to its end.
        """
        extract = pa.RecordBatchReader.from_batches(self._schema, self._batches())
        handed_in = {"extract": extract, **tables}
        for name, table in handed_in.items():
            connection.register(name, table)
        connection.execute(f"SET disabled_optimizers = '{_NOT_TURNED_ROUND}'")
        try:
            with self.extract.own_errors():
                connection.execute(statement)
        finally:
            connection.execute("RESET disabled_optimizers")
            for name in handed_in:
                connection.unregister(name)

    @property
    def _used(self) -> dict[str, str]:
        """The columns that are used, under names that cannot clash."""
        raw = {f"raw_{name}": column for name, column in self.source.columns.items()}
        keys = zip(keys_of(self.source), self.source.unique, strict=True)
        choosers = zip(choosers_of(self.source), self.source.leave_out, strict=True)
        return {"row_number": ROW_NUMBER, **raw, **dict(keys), **dict(choosers)}

    @property
    def _schema(self) -> pa.Schema:
        return pa.schema([(name, pa.string() if name != "row_number" else pa.int64()) for name in self._used])

    def _batches(self) -> Iterator[pa.RecordBatch]:
        schema, used = self._schema, list(self._used.values())
        for batch in self.extract.rows:
            self._whole_rows += batch.num_rows
            yield pa.record_batch([batch.column(name) for name in used], schema=schema)
