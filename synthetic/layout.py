"""How an agency writes one of its tables: in which file, under which headings, in which codes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from synthetic.files import british, coded


@dataclass(frozen=True)
class Layout:
    """One table of the contract in one file of an agency.

    ``headings`` maps what the agency holds to its own heading, in the order of the file; ``codes`` its words to its
    codes; ``sheet`` is the sheet of a workbook; ``reference`` the pattern of the running numbers that it gives to rows.
    """

    agency: str
    file: str
    table: str
    headings: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sheet: str | None = None
    encoding: str = "utf-8"
    delimiter: str = ","
    reference: str | None = None

    @property
    def name(self) -> str:
        """The file and its sheet: no two layouts share it."""
        return self.file if self.sheet is None else f"{self.file} {self.sheet}"

    @property
    def parquet(self) -> str:
        """The Parquet file that holds the table where it is too long for the agency's own kind of file."""
        stem = self.file.rpartition(".")[0]
        return f"{stem}.parquet" if self.sheet is None else f"{stem}_{self.sheet.lower()}.parquet"

    @property
    def first_row(self) -> int:
        """The number of the first row as a person counts: a header is row 1, and Parquet has none."""
        return 1 if self.file.endswith(".parquet") else 2

    def written(self, columns: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return the columns as the agency writes them."""
        return {heading: self._written(name, columns[name]) for name, heading in self.headings.items()}

    def _written(self, name: str, values: np.ndarray) -> np.ndarray:
        if values.dtype.kind == "M":
            return british(values)
        return coded(values, self.codes[name]) if name in self.codes else values
