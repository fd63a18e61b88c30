"""The rows of a match as a study drawn again needs them: the comparison with its months, the treated without theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd

from tf_eval.cohort.event_time import EVENT_TIMES
from tf_eval.cohort.outcomes import Outcome
from tf_eval.did.planning.redraw import Awaited, Compared, MatchedDesign, lay_design
from tf_eval.did.reading.covariates import encode_covariates
from tf_eval.did.reading.layout import each_row_a_unit
from tf_eval.did.reading.panel import mean_of_half
from tf_eval.errors import require_columns
from tf_eval.evidence.outcome_effect import START_COHORT
from tf_eval.matching import Matched

WHERE = "detectable_effects"
KEYS = ("family_id", "index_month", START_COHORT)
START = int(np.searchsorted(EVENT_TIMES, 0))


@dataclass(frozen=True, eq=False, repr=False)
class Unopened:
    """Rows that a panel may lay out before balance is accepted, for months in which no effect can be.

    Of comparison rows these are all that a panel holds: it has nothing of them from a start of their own on. Of treated
    rows they are the months before their start; the others are dropped at once, whatever they hold.
    """

    frame: pd.DataFrame

    def require_accepted(self, where: str) -> None:
        """Pass: what must not be seen before balance is accepted is not here."""


@dataclass(frozen=True, eq=False, repr=False)
class StudyRows:
    """The rows of both arms: what is known of them at their index month, and their columns for the regression."""

    compared: pd.DataFrame
    treated: pd.DataFrame
    compared_columns: np.ndarray
    treated_columns: np.ndarray
    adjusted: bool

    @classmethod
    def of(cls, matched: Matched, covariates: Sequence[str]) -> Self:
        """Read a match, accepted or not; rows of which a covariate is not known serve in no estimate.

        Raises ``InputError`` for a column that is not there, or cannot be used.
        """
        rows = matched.sealed.complete(matched.frame, matched.sealed.matched)
        require_columns(rows.columns, (*KEYS, *covariates), WHERE)
        everybody = np.arange(len(rows))
        encoded = encode_covariates(rows, (START_COHORT, *covariates), each_row_a_unit(len(rows)), everybody)
        known, treated = encoded.complete(0), rows[matched.treated].to_numpy(dtype=bool)
        arms = [np.flatnonzero(known & arm) for arm in (~treated, treated)]
        return cls(*(rows.iloc[arm] for arm in arms), *(encoded.matrix[arm] for arm in arms), bool(covariates))

    def design_of(self, panel: Any, outcome: Outcome, baseline: int) -> MatchedDesign:
        """Return the design of one outcome, with its months from the first after the start on."""
        values = _values(panel, outcome, self.compared, EVENT_TIMES)
        base, after = _base(values[:, START - baseline : START]), values[:, START + 1 :]
        has_base = np.isfinite(_base(_values(panel, outcome, self.treated, EVENT_TIMES[START - baseline : START])))
        weight = self.compared["weight"].to_numpy(dtype=float)
        strata = np.unique(pd.concat([self.compared[START_COHORT], self.treated[START_COHORT]]))
        compared = Compared(
            change=after - base[:, None],
            level=after,
            weight=weight,
            stratum=np.searchsorted(strata, self.compared[START_COHORT]),
            cluster=pd.factorize(self.compared["family_id"])[0],
            columns=self.compared_columns,
        )
        recorded = np.unique(_months(self.compared)[np.isfinite(values)])  # months in which anybody was seen
        awaited = Awaited(
            covered=np.isin(_months(self.treated)[:, START + 1 :], recorded) & has_base[:, None],
            stratum=np.searchsorted(strata, self.treated[START_COHORT]),
            columns=self.treated_columns,
        )
        return lay_design(compared, awaited, small_sample=self.adjusted)


def _values(panel: Any, outcome: Outcome, rows: pd.DataFrame, months: np.ndarray) -> np.ndarray:
    """Return the outcome of rows, rows by event months; the panel's other months are dropped before anything else."""
    laid = panel.event_time_frame(Unopened(rows), outcome.name, [])
    laid = laid[laid["event_time"].isin(months)]
    wide = laid.set_index(["row", "event_time"])[outcome.name].unstack()
    return wide.reindex(index=rows.index, columns=months).to_numpy(dtype=float)


def _base(before: np.ndarray) -> np.ndarray:
    return mean_of_half(before, np.isfinite(before), before.shape[1])


def _months(rows: pd.DataFrame) -> np.ndarray:
    """Return the calendar month of each event month, rows by event months."""
    return rows["index_month"].to_numpy()[:, None] + EVENT_TIMES
