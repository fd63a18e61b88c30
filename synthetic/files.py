"""Writing files so that the same records give the same bytes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from synthetic.workbook import write_workbook

Columns = Mapping[str, np.ndarray]
_TYPES = {"O": pa.string(), "U": pa.string(), "i": pa.int64(), "f": pa.float64(), "M": pa.date32()}
_NO_TYPES: Mapping[str, pa.DataType] = {}


def british(days: np.ndarray) -> np.ndarray:
    """Return dates as text dd/mm/yyyy, "" for NaT."""
    distinct, place = np.unique(days, return_inverse=True)
    texts = [day.strftime("%d/%m/%Y") if day is not None else "" for day in distinct.astype("datetime64[D]").tolist()]
    return np.array(texts, dtype=object)[place]


def coded(words: np.ndarray, codes: Mapping[str, str]) -> np.ndarray:
    """Return the agency's code for each word of the contract."""
    distinct, place = np.unique(words.astype(str), return_inverse=True)
    return np.array([codes[word] for word in distinct.tolist()], dtype=object)[place]


def references(pattern: str, rows: int, first: int = 1) -> np.ndarray:
    """Return running numbers from ``first`` on, one a row."""
    return np.array([pattern.format(number) for number in range(first, first + rows)], dtype=object)


def texts(numbers: np.ndarray) -> np.ndarray:
    """Return numbers as text."""
    return np.array([str(number) for number in numbers.tolist()], dtype=object)


def stack(tables: Iterable[Columns]) -> dict[str, np.ndarray]:
    """Return tables of the same columns one below the other."""
    tables = list(tables)
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}


def write_csv(path: Path, columns: Columns, *, encoding: str = "utf-8", delimiter: str = ",") -> None:
    """Write a CSV file with a header; fields are quoted where they must be."""
    options = pyarrow.csv.WriteOptions(delimiter=delimiter, quoting_style="needed", quoting_header="none")
    buffer = BytesIO()
    pyarrow.csv.write_csv(pa.table(_arrays(columns)), buffer, options)
    path.write_bytes(buffer.getvalue().decode("utf-8").encode(encoding))


def write_parquet(path: Path, columns: Columns, types: Mapping[str, pa.DataType] = _NO_TYPES) -> None:
    """Write a Parquet file of the table that ``arrow_table`` makes of the columns."""
    pyarrow.parquet.write_table(arrow_table(columns, types), path)


def arrow_table(columns: Columns, types: Mapping[str, pa.DataType] = _NO_TYPES) -> pa.Table:
    """Return columns as an Arrow table in which empty text and nan are missing.

    Objects are text unless ``types`` says otherwise, so that tables without a value have the types of those with one.
    """
    filled = {name: [None if value == "" else value for value in values.tolist()] for name, values in columns.items()}
    kinds = {name: types.get(name, _TYPES[values.dtype.kind]) for name, values in columns.items()}
    return pa.table({name: pa.array(values, kinds[name], from_pandas=True) for name, values in filled.items()})


def write_excel(path: Path, sheets: Mapping[str, Columns]) -> None:
    """Write a workbook with one sheet per name; cells are text as the agency typed it."""
    write_workbook(path, {title: _rows(columns) for title, columns in sheets.items()})


def _rows(columns: Columns) -> Iterator[Sequence[str]]:
    yield list(columns)
    yield from zip(*(values.tolist() for values in columns.values()), strict=True)


def _arrays(columns: Columns) -> dict[str, pa.Array]:
    return {name: pa.array(values) for name, values in columns.items()}
