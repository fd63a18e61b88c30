"""A batch of rows as text, as each reader hands them on."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa


@dataclass(frozen=True, eq=False)
class Batch:
    """Some consecutive rows of an extract.

    ``numbers`` are the row numbers (int64) of the rows that stand in ``columns``, one array of text for each column of
    the extract; ``ragged`` are the numbers of the rows in between that have more or fewer fields than the header.
    """

    numbers: np.ndarray
    columns: Sequence[pa.Array]
    ragged: list[int] = field(default_factory=list)
