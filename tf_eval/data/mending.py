"""The list of rows to mend: which row of which file breaks which rule, for the linker to send back to the agencies."""

import csv
import io

import duckdb

from tf_eval.data.durable import OWNER_ONLY, write_durably
from tf_eval.data.linking_store import LinkingStore

COLUMNS = ("agency", "file", "row", "column", "rule", "severity", "advice")


def write_rows_to_mend(store: LinkingStore) -> None:
    """Write the list, agency by agency and file by file, from the linking store's database and beside it."""
    with duckdb.connect(str(store.database), read_only=True) as connection:
        rows = connection.execute(_ROWS).fetchall()
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
    write_durably(store.rows_to_mend, "\ufeff" + text.getvalue(), mode=OWNER_ONLY)


_ROWS = """
    SELECT agency, file, row_number, column_name, rule, severity, advice
    FROM problem WHERE row_number IS NOT NULL ORDER BY agency, file, row_number, rule, column_name
"""
