"""The matrices of a panel: families in rows, months in columns."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tf_eval.cohort.outcomes import Outcome
from tf_eval.cohort.support import SupportHistory
from tf_eval.cohort.terms import Terms
from tf_eval.cohort.words import about


@dataclass(frozen=True, eq=False, repr=False)
class PanelData:
    """Families (ascending) by months (without gaps).

    values      outcome -> families x months, NaN where nothing was observed
    present     families x months: the family lived in the county for the whole month
    children, adults, district   families x months, at the month's end
    qualified   the month in which each family qualified (``months.NEVER``: it did not)
    start       the month of each family's first start of anything (``months.NEVER``: none)
    history     all that each family was offered and given
    """

    outcomes: tuple[Outcome, ...]
    family_ids: np.ndarray
    months: np.ndarray
    terms: Terms
    values: Mapping[str, np.ndarray]
    present: np.ndarray
    children: np.ndarray
    adults: np.ndarray
    district: np.ndarray
    qualified: np.ndarray
    start: np.ndarray
    history: SupportHistory

    def __repr__(self) -> str:
        return f"<PanelData: {about(len(self.family_ids))} families over {len(self.months)} months>"
