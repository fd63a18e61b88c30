"""The caller's frame with every column, kept out of reach until balance is accepted."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from tf_eval.errors import EstimationError


@dataclass(frozen=True, eq=False, repr=False)
class Sealed:
    """All columns of the frame that was matched, and where in it the rows of the match are.

    frame     shares its memory with the caller's; what the caller changes later does not reach it
    matched   places of the matched rows, in the frame's order
    dropped   places of the treated rows that were left out
    """

    frame: pd.DataFrame
    matched: np.ndarray
    dropped: np.ndarray

    @classmethod
    def of(cls, frame: pd.DataFrame, matched: np.ndarray, dropped: np.ndarray) -> Self:
        """Keep a frame without copying what it holds; places come in the frame's order."""
        return cls(frame.copy(deep=False), matched, dropped)

    def complete(self, rows: pd.DataFrame, place: np.ndarray) -> pd.DataFrame:
        """Return ``rows`` of a match, which stand at ``place``, with every column of the frame.

        Raises ``EstimationError`` where other rows stand there: their outcomes would be taken for those of the match.
        """
        if not self.frame.index[place].equals(rows.index):
            raise EstimationError("match, audit of the result: the rows of the frame are not those of the match")
        return self.frame.iloc[place].assign(**{name: rows[name].array for name in rows})
