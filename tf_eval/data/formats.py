"""How an extract is laid out: declared by the sources file, never guessed."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from tf_eval.data.strict_model import StrictModel
from tf_eval.errors import unknown

Name = Annotated[str, StringConstraints(min_length=1)]


def _known_encoding(name: str) -> str:
    try:
        "".encode(name)
    except LookupError:
        raise ValueError(unknown("encoding", name, ("utf-8", "cp1252", "latin-1", "utf-16"))) from None
    return name


class CsvFormat(StrictModel):
    """A text file with one row a line; nothing about it is guessed."""

    type: Literal["csv"]
    encoding: Annotated[str, AfterValidator(_known_encoding)]
    delimiter: Annotated[str, StringConstraints(pattern="^[\\t -~]$")]
    header_row: Annotated[int, Field(ge=1)] = 1


class ExcelFormat(StrictModel):
    """One sheet of a workbook."""

    type: Literal["excel"]
    sheet: Name
    header_row: Annotated[int, Field(ge=1)] = 1


class ParquetFormat(StrictModel):
    """A Parquet file."""

    type: Literal["parquet"]


class SqlFormat(StrictModel):
    """The rows of a query.

    ``url_from`` names the environment variable that holds the SQLAlchemy URL of the agency's database, so that no
    password is ever written into a file.
    """

    type: Literal["sql"]
    url_from: Annotated[str, StringConstraints(pattern="^[A-Za-z_][A-Za-z0-9_]*$")]
    query: Name


Format = CsvFormat | ExcelFormat | ParquetFormat | SqlFormat
