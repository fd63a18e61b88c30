"""What a panel holds: families in rows, months in columns, and of each outcome only what there is."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tf_eval.cohort.exposure import Exposure
from tf_eval.cohort.household_months import Homes, Households
from tf_eval.cohort.observation import Series
from tf_eval.cohort.outcomes import Outcome
from tf_eval.cohort.seen import Presence, Seen
from tf_eval.cohort.support import SupportHistory
from tf_eval.cohort.terms import Terms
from tf_eval.cohort.words import about


@dataclass(frozen=True, eq=False, repr=False)
class PanelData:
    """Families (ascending) by months (without gaps). Matrices are made of the rows that are asked for.

    series      outcome -> what was seen of it
    exposures   outcome -> the share of time in which it could have come about
    presence    the months all through which each family lived in the county, with somebody in it
    covered     outcome that is not known by term -> for each month whether extracts cover its records
    households, homes   who belonged to each family, and where it lived
    qualified   the month in which each family qualified (``months.NEVER``: it did not)
    start       the month of each family's first start of anything (``months.NEVER``: none)
    history     all that each family was offered and given
    negative_controls   outcomes that were seen as ``outcomes`` are, but are no covariates, and whose extracts do not
                decide which months count as observed
    """

    outcomes: tuple[Outcome, ...]
    family_ids: np.ndarray
    months: np.ndarray
    terms: Terms
    series: Mapping[str, Series]
    exposures: Mapping[str, Exposure]
    presence: Presence
    covered: Mapping[str, np.ndarray]
    households: Households
    homes: Homes
    qualified: np.ndarray
    start: np.ndarray
    history: SupportHistory
    negative_controls: tuple[Outcome, ...] = ()

    def here_before(self, family: np.ndarray, month: np.ndarray) -> np.ndarray:
        """Return whether each family (row) lived in the county all through the month before its month."""
        column = month - 1 - self.months[0]
        return (column >= 0) & (column < len(self.months)) & self.presence.at(family, column)

    def observed_before(self, family: np.ndarray, month: np.ndarray, months: int) -> np.ndarray:
        """Return whether each family lived here, and extracts cover all but what is known by term, for so many months.

        A month counts though a record of it may still be on its way, or nobody was exposed: that is so in both arms.
        """
        column = month - self.months[0]
        inside = (column >= months) & (column <= len(self.months))
        column = np.where(inside, column, months)
        seen = self.observed
        return inside & (seen.before(family, column) - seen.before(family, column - months) == months)

    @property
    def observed(self) -> Seen:
        """The months in which each family lived here and extracts cover every outcome that is not known by term."""
        covered = np.logical_and.reduce([np.ones(len(self.months), dtype=bool), *self.covered.values()])
        return Seen.but(self.presence, covered, self.presence.away)

    def uncovered_before(self, month: np.ndarray, months: int) -> list[Outcome]:
        """Return the outcomes whose extracts leave a month of the panel out, of so many before one of these."""
        column = np.unique(month) - self.months[0] - np.arange(1, months + 1)[:, None]
        asked = np.unique(column[(column >= 0) & (column < len(self.months))])
        missing = {name for name, covered in self.covered.items() if not covered[asked].all()}
        return [outcome for outcome in self.outcomes if outcome.name in missing]

    def __repr__(self) -> str:
        return f"<PanelData: {about(len(self.family_ids))} families over {len(self.months)} months>"
