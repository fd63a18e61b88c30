"""A frame's rows in another order, taken column by column when they are asked for."""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class Reordered:
    """The rows ``order`` of ``frame``, by column name as in a frame. Columns that nobody asks for are never moved."""

    frame: pd.DataFrame
    order: np.ndarray

    def __getitem__(self, name: str) -> pd.Series:
        return self.frame[name].iloc[self.order]

    def __len__(self) -> int:
        return len(self.order)
