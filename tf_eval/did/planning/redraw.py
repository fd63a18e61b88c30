"""Studies of a matched design drawn again among its comparison units, whom nobody treated.

The comparison units of a match are weighted to be like the treated, so that what becomes of them is what would become
of the treated without treatment. In a study drawn again each treated unit has one of them as its stand-in, in the
periods in which the records will cover the treated unit itself, and the comparison is drawn anew from its clusters.
No outcome of a treated unit is read.

To first order every estimator of a change is, where nobody is treated, the same weighted sum of changes beyond what
covariates explain: comparison units count so that their covariates have the mean of the treated (the weights that
outcome regression implies). These sums are drawn, and not each regression fitted anew, which takes a thousand times as
long; so an error is the root of a sum of squares over clusters, as of influence functions.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from tf_eval.did.planning.placebo import Placebos
from tf_eval.did.reading.covariates import independent_columns
from tf_eval.errors import NotEstimated

ROUNDING = 1e-9  # of the largest change
NO_RECORDS = "the records do not reach so far beyond the starts"
TOO_FEW = "too few are seen so long after the start for so many covariates"
NO_SCATTER = "the outcome of the comparison never changes, which tells nothing of how far changes scatter"
NO_STAND_INS = "nobody in the comparison is seen for at least half of these periods"


@dataclass(frozen=True, eq=False)
class Compared:
    """Comparison rows of a match, and what became of them over n periods after the start.

    change, level     rows by n: the outcome less its base, and as it is; NaN where it, or the base, is not seen
    weight            of each row
    stratum, cluster  codes of each row: its start cohort, and whose row it is
    columns           rows by p: an intercept, start cohorts and covariates
    """

    change: np.ndarray
    level: np.ndarray
    weight: np.ndarray
    stratum: np.ndarray
    cluster: np.ndarray
    columns: np.ndarray


@dataclass(frozen=True, eq=False)
class Awaited:
    """Treated rows of a match, as far as they are known at their start.

    covered           rows by n: whether it has a base, and the records will cover the period
    stratum, columns  as of comparison rows
    """

    covered: np.ndarray
    stratum: np.ndarray
    columns: np.ndarray


@dataclass(frozen=True, eq=False)
class Redrawn:
    """Studies drawn again, the mean outcome of units like the treated, and how many there are where they are fewest."""

    placebos: Placebos
    base_rate: float
    n_treated: int
    n_comparison: int


@dataclass(frozen=True, eq=False)
class MatchedDesign:
    """A matched design whose studies can be drawn again, period by period.

    counts      rows by n: what a comparison row counts; a period's counts sum to 1
    residual    rows by n: the change beyond what covariates explain, 0 where it is not seen
    serves      treated rows by n: whether it is awaited and somebody of its start cohort is seen
    n_treated   how many these are; 0 in a period in which nothing can be estimated
    n_columns   of the regression, by which errors are widened (0: they are not), see ``Design``
    """

    compared: Compared
    awaited: Awaited
    counts: np.ndarray
    residual: np.ndarray
    serves: np.ndarray
    n_treated: np.ndarray
    n_columns: int

    def studies(
        self, first: int, last: int, draws: int, random: np.random.Generator, confidence: float = 0.95
    ) -> Redrawn | NotEstimated:
        """Return studies of the mean effect over periods ``first`` to ``last`` (positions), or why there are none.

        Their intervals are those of t with one degree of freedom less than there are treated units where fewest.
        """
        window = np.arange(first, last + 1)
        known = window[self.n_treated[window] >= 1]
        if not len(known):
            return NotEstimated(TOO_FEW if self.serves[:, window].any() else NO_RECORDS)
        if self._is_still(known):
            return NotEstimated(NO_SCATTER)
        stood_in = self._stand_ins(known, draws, random)
        if stood_in is None:
            return NotEstimated(NO_STAND_INS)
        compared = self._comparison(known, draws, random)
        n_treated = int(self.n_treated[known].min())
        errors = np.sqrt(stood_in[1] * self._widening(known) + compared[1])
        reaches = errors * stats.t.ppf(0.5 + confidence / 2, max(n_treated - 1, 1))
        effects = stood_in[0] + compared[0]
        return Redrawn(Placebos(effects, reaches), self._level(known), n_treated, self._fewest_compared(known))

    def _widening(self, known: np.ndarray) -> float:
        """Return what the treated's part of a squared error is multiplied by; the comparison's has it already."""
        rows = int(self._seen(known).sum(axis=0).min())
        return rows / (rows - self.n_columns)

    def _is_still(self, known: np.ndarray) -> bool:
        """Say whether nothing is left of changes but what rounding leaves."""
        largest = np.nanmax(np.abs(self.compared.change[:, known]))
        return not np.abs(self.residual[:, known]).max() > ROUNDING * largest

    def _level(self, known: np.ndarray) -> float:
        """Return the mean over periods of the comparison's mean outcome."""
        levels = np.where(self._seen(known), self.compared.level[:, known], 0.0)
        return float((self.counts[:, known] * levels).sum(axis=0).mean())

    def _fewest_compared(self, known: np.ndarray) -> int:
        return min(len(np.unique(self.compared.cluster[rows])) for rows in self._seen(known).T)

    def _seen(self, known: np.ndarray) -> np.ndarray:
        return np.isfinite(self.compared.change[:, known])

    def _comparison(self, known: np.ndarray, draws: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return what the comparison adds to each study, and to the square of its error."""
        own = (self.counts[:, known] * self.residual[:, known]).mean(axis=1)
        brought = -np.bincount(self.compared.cluster, own)
        brought *= np.sqrt(len(brought) / max(len(brought) - 1, 1))  # of so many the mean is taken from themselves
        drawn = brought[random.integers(len(brought), size=(draws, len(brought)))]
        return drawn.sum(axis=1), (drawn**2).sum(axis=1)

    def _stand_ins(
        self, known: np.ndarray, draws: int, random: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray] | None:
        """Return the same of the treated; None where nobody can stand in for any of them.

        A stand-in is of the same start cohort, drawn by what it counts. In a period in which it is not seen, it changes
        as it does over the others.
        """
        changes, lasting = self._filled(known)
        total, squares, anybody = *np.zeros((2, draws)), False
        for stratum in np.unique(self.awaited.stratum):
            able = np.flatnonzero((self.compared.stratum == stratum) & (lasting > 0))
            slots = self.serves[np.ix_(self.awaited.stratum == stratum, known)]
            slots = slots[slots.any(axis=1)]
            if len(able) < 2 or not len(slots):
                continue
            chance = lasting[able] / lasting[able].sum()
            patterns, pattern = np.unique(slots, axis=0, return_inverse=True)
            brought = (patterns / self.n_treated[known] / len(known)) @ changes[able].T
            brought = (brought - (brought @ chance)[:, None]) / np.sqrt(1 - chance @ chance)
            chosen = random.choice(len(able), (draws, len(slots)), p=chance)
            found = brought[pattern.ravel(), chosen]
            total += found.sum(axis=1)
            squares += (found**2).sum(axis=1)
            anybody = True
        return (total, squares) if anybody else None

    def _filled(self, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return changes without gaps, and what each row counts that is seen for half of the periods (0 otherwise)."""
        seen, residual = self._seen(known), self.residual[:, known]
        own = residual.sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
        counts = np.maximum(self.counts[:, known].sum(axis=1), 0.0) * (seen.sum(axis=1) >= len(known) / 2)
        return np.where(seen, residual, own[:, None]), counts


def lay_design(compared: Compared, awaited: Awaited, *, small_sample: bool) -> MatchedDesign:
    """Return a matched design of which studies can be drawn.

    With ``small_sample`` errors are widened for the number of columns, as those of the study will be (see ``Design``).
    """
    kept = independent_columns(compared.columns.T @ compared.columns)
    counts, residual = np.zeros((2, *compared.change.shape))
    serves, n_treated = np.zeros_like(awaited.covered), np.zeros(awaited.covered.shape[1], dtype=int)
    for period, change in enumerate(compared.change.T):
        rows = np.flatnonzero(np.isfinite(change))
        serves[:, period] = awaited.covered[:, period] & np.isin(awaited.stratum, compared.stratum[rows])
        expected = int(serves[:, period].sum())
        if len(rows) <= len(kept) + 1 or expected <= (len(kept) if small_sample else 0):
            continue
        weight, columns = compared.weight[rows], compared.columns[np.ix_(rows, kept)]
        inverse = np.linalg.pinv(columns.T @ (columns * weight[:, None]), hermitian=True)
        left = change[rows] - columns @ (inverse @ (columns.T @ (weight * change[rows])))
        # So many columns explain part of what is chance.
        residual[rows, period] = left * np.sqrt(len(rows) / (len(rows) - len(kept)))
        mean = awaited.columns[np.ix_(serves[:, period], kept)].mean(axis=0)
        counts[rows, period] = weight * (columns @ (inverse @ mean))
        n_treated[period] = expected
    return MatchedDesign(compared, awaited, counts, residual, serves, n_treated, len(kept) if small_sample else 0)
