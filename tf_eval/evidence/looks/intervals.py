"""Intervals over all looks together."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray
from scipy import stats
from scipy.optimize import brentq

from tf_eval.did.plain import plain
from tf_eval.evidence.looks.boundary import critical_values
from tf_eval.evidence.looks.design import LooksDesign
from tf_eval.evidence.looks.figure import draw_looks
from tf_eval.evidence.looks.mixture import mixture_critical, mixture_p, prior_information
from tf_eval.evidence.looks.spending import spent
from tf_eval.matching.display import number

Array = NDArray[np.float64]

LEAST_P, MOST_P = 1e-12, 0.999  # levels between which a p-value is sought


@dataclass(frozen=True, eq=False, repr=False)
class RepeatedIntervals:
    """An effect at each look so far, with the interval that holds over all of them.

    Attributes:
        look, value, std_error, degrees_of_freedom: shape (k,), the looks that have an estimate, in their order.
        design: what was asked.
        notes: what the intervals allow for besides.
    """

    look: NDArray[np.int64]
    value: Array
    std_error: Array
    degrees_of_freedom: Array
    design: LooksDesign
    notes: tuple[str, ...] = ()

    @property
    def information(self) -> Array:
        """One by the squared standard error."""
        return self.std_error**-2

    @cached_property
    def critical(self) -> Array:
        """How many errors each interval reaches to either side."""
        return self._of_t(self._normal_critical(len(self.look), self.design.alpha))

    @property
    def low(self) -> Array:
        return self.value - self.critical * self.std_error

    @property
    def high(self) -> Array:
        return self.value + self.critical * self.std_error

    @property
    def excludes_zero(self) -> NDArray[np.bool_]:
        return (self.low > 0) | (self.high < 0)

    @cached_property
    def p_value(self) -> Array:
        """The level at which the interval of a look would just end at zero (Jennison and Turnbull 1989, section 5).

        It may be read at any look as if it were the only one: the chance that it is ever as small as some level, with
        no effect, is that level. It is of its look alone and may rise again. Spending tells none below 1e-12, and says
        1 where it is above 0.999.
        """
        if self.design.planned is None:
            return np.maximum(*(mixture_p(self._scores, used, self._prior) for used in self._information_used))
        return np.array([self._level_of(place) for place in range(len(self.look))])

    @property
    def spent(self) -> Array:
        """The chance of a false alarm that may have been used up by each look; missing where no end is planned."""
        if self.design.planned is None:
            return np.full(len(self.look), np.nan)
        return self._spent(len(self.look), self.design.alpha)

    def table(self) -> pd.DataFrame:
        """Return a row for each look that has an estimate; ``naive`` are the ends by that look alone."""
        alone = self._of_t(np.full(len(self.look), stats.norm.isf(self.design.alpha / 2))) * self.std_error
        return pd.DataFrame(
            {
                "look": self.look,
                "value": self.value,
                "std_error": self.std_error,
                "information": self.information,
                "spent": self.spent,
                "critical": self.critical,
                "low": self.low,
                "high": self.high,
                "naive_low": self.value - alone,
                "naive_high": self.value + alone,
                "p_value": self.p_value,
                "excludes_zero": self.excludes_zero,
            }
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the interval of each look, and within it the one that the look would have alone."""
        return draw_looks(self.table(), self.design, ax)

    def summary(self) -> str:
        """Return the last look's estimate, what all looks say of zero, and what it rests on."""
        of = f" of {self.design.planned}" if self.design.planned else ""
        size = f"{number(self.value[-1])} ({self.design.level} interval {number(self.low[-1])} to "
        return " ".join(
            (
                f"At look {self.look[-1]}{of} the effect is {size}{number(self.high[-1])}, which holds over all looks "
                f"together). {self._said_of_zero} {self._said_of_plan}",
                *self.notes,
            )
        )

    def to_dict(self) -> dict[str, Any]:
        rows = [plain(row) for row in self.table().to_dict("records")]
        return {"design": self.design.to_dict(), "notes": list(self.notes), "looks": rows}

    def __repr__(self) -> str:
        ends = f"{number(self.low[-1])} to {number(self.high[-1])}"
        return f"<RepeatedIntervals: look {self.look[-1]}: {number(self.value[-1])} ({ends})>"

    @property
    def _said_of_zero(self) -> str:
        if not self.excludes_zero.any():
            return "No look so far tells it from no effect."
        first = self.look[self.excludes_zero][0]
        if self.excludes_zero[-1]:
            return f"It is told from no effect, as it first was at look {first}."
        return f"It was told from no effect at look {first}, but is not by the interval of this look."

    @property
    def _said_of_plan(self) -> str:
        if self.design.planned is None:
            return "It holds for any number of looks at the same effect, as far as estimates are normal."
        return f"It holds if {self.design.planned} looks at the same effect were planned before the first."

    @property
    def _scores(self) -> Array:
        """How many errors each value is from zero, in the normal's terms where its tails are those of t."""
        return stats.norm.isf(stats.t.sf(np.abs(self.value) / self.std_error, self.degrees_of_freedom))

    def _of_t(self, normal: Array) -> Array:
        """Return the quantiles of t that have the tails of those of the normal."""
        finite = np.isfinite(self.degrees_of_freedom)
        found = normal.copy()
        found[finite] = stats.t.isf(stats.norm.sf(normal[finite]), self.degrees_of_freedom[finite])
        return found

    def _normal_critical(self, count: int, alpha: float) -> Array:
        """Return the critical values of the first looks, that many, at some level."""
        if self.design.planned is None:
            return np.maximum(*(mixture_critical(used, self._prior, alpha) for used in self._information_used))
        return critical_values(self.information[:count], np.diff(self._spent(count, alpha), prepend=0.0))

    def _spent(self, count: int, alpha: float) -> Array:
        return spent(self.look[:count] / self.design.planned, alpha, self.design.spending)

    def _level_of(self, place: int) -> float:
        """Return the level at which the critical value at a look is the z-score there."""
        score = self._scores[place]

        def excess(log_level: float) -> float:
            return self._normal_critical(place + 1, np.exp(log_level))[place] - score

        own = np.log(self.design.alpha)
        ends = (np.log(LEAST_P), own) if excess(own) < 0 else (own, np.log(MOST_P))
        if excess(ends[1]) > 0:
            return 1.0
        return float(np.exp(brentq(excess, *ends, xtol=1e-6))) if excess(ends[0]) > 0 else LEAST_P

    @property
    def _information_used(self) -> tuple[Array, Array]:
        """Return what a mixture allows for: the information of each look, and the most so far."""
        return self.information, np.maximum.accumulate(self.information)

    @property
    def _prior(self) -> float:
        return prior_information(self.information[0], self.design.alpha)
