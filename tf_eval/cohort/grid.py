"""The families and months of a panel, and the county they are read from."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tf_eval.cohort.coverage import Coverage
from tf_eval.cohort.engine import Engine
from tf_eval.cohort.forms import Span, month_number
from tf_eval.cohort.months import first_day
from tf_eval.cohort.terms import Terms

FAMILIES = "panel_family"


@dataclass(frozen=True, eq=False, repr=False)
class Grid:
    """Families (rows, ascending) by months (columns, without gaps). Statements may join the table ``panel_family``."""

    engine: Engine
    coverage: Coverage
    terms: Terms
    family_ids: np.ndarray
    months: np.ndarray

    @classmethod
    def over(cls, engine: Engine, coverage: Coverage, family_ids: np.ndarray, months: np.ndarray) -> "Grid":
        """Return a grid, and let statements read the place of each family: panel_family (family_id, place)."""
        place = np.arange(len(family_ids), dtype=np.int32)
        engine.lend(FAMILIES, pa.table({"family_id": family_ids, "place": place}))
        return cls(engine, coverage, Terms.read(engine), family_ids, months)

    def read(self, statement: str) -> dict[str, np.ndarray]:
        """Return the columns of a statement's rows."""
        rows = self.engine.read(statement)
        return {name: rows[name].to_numpy() for name in rows.column_names}

    def cell(self, date: str) -> str:
        """Return the form for the cell (row * months + column) of a date."""
        return f"CAST(family.place * {len(self.months)} + {self.column(date)} AS INTEGER)"

    def column(self, date: str) -> str:
        """Return the form for the column of a date, below 0 or beyond the last for one outside of the months."""
        return f"{month_number(date)} - {self.months[0]}"

    @property
    def days(self) -> Span:
        """The days [from, until) of the panel's months."""
        return first_day(self.months[0]).item(), first_day(self.months[-1] + 1).item()

    def month_starts(self) -> np.ndarray:
        """Return the first day of each month, and of the one after the last."""
        return first_day(np.append(self.months, self.months[-1] + 1))
