"""How much an effect hangs on the rule that decides between rows that are equally near."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.errors import ConfigError, InputError, raise_all
from tf_eval.matching.arguments import is_whole
from tf_eval.matching.display import NOT_SHOWN, number
from tf_eval.matching.effects.rows import read_rows
from tf_eval.matching.figure import leave_empty
from tf_eval.matching.matched import Matched, require_match
from tf_eval.matching.methods import METHODS
from tf_eval.matching.options import makes_sets
from tf_eval.matching.posing import pose
from tf_eval.matching.problem import Assignment, Problem
from tf_eval.matching.review.statistics import mean
from tf_eval.matching.review.ties_plot import plot_ties

Method = Callable[[Problem], Assignment]

WHERE = "tie_sensitivity"
MISSING = "is missing in rows that another rule for ties would match; leave those out before matching"
SAME = 1e-9  # of the estimates' own size: sums in another order


def tie_sensitivity(matched: Matched, outcome: str, *, draws: int = 200, seed: int) -> "TieSensitivity":
    """Match again many times, each with ties decided at random, and return the effects that come of it.

    Coarse records have many rows that are alike, and which of them is taken is a rule of the programme: the order of
    the rows in some, a canonical order in ``match``. Another rule would have been as good, so that the effects of all
    of them belong to the answer.

    Parameters
    ----------
    matched
        A match whose balance was accepted; pairs that it kept from an earlier match are chosen anew, too.
    outcome
        Column of the outcome; the effect is the weighted difference of its means, treated less comparison.
    draws
        How many times it is matched again.
    seed
        Decides the random orders.

    Returns
    -------
    TieSensitivity

    Raises
    ------
    ConfigError
        The match only weighted rows, which leaves no ties to decide, or is of two of several arms, whose score is
        fitted to all; or draws or seed is no such number.
    EstimationError
        Balance was not accepted.
    InputError
        The outcome cannot be used, see ``estimate_effect``, or is missing in rows that another rule would match.
    """
    require_match(matched, WHERE)
    raise_all(ConfigError, WHERE, _problems(matched, draws, seed))
    rows = read_rows(matched, outcome, (), WHERE)
    frame = matched.sealed.frame
    problem, _ = pose(frame, matched.design)
    values = frame[outcome].to_numpy(dtype=float, na_value=np.nan)
    every = _estimates(problem, METHODS[matched.design.method], values, np.random.default_rng(seed))
    estimates = np.fromiter(islice(every, draws), dtype=float, count=draws)
    if np.isnan(estimates).any():
        raise InputError(f"{WHERE}: '{outcome}' {MISSING}")
    design = {"outcome": outcome, "draws": draws, "seed": seed, "match": matched.design.to_dict()}
    stated = rows.mean(True) - rows.mean(False)
    return TieSensitivity(outcome, stated, estimates, design, rows.caveats, rows.is_small)


def _problems(matched: Matched, draws: object, seed: object) -> list[str]:
    problems = (
        [] if makes_sets(matched.design.method) else ["weights leave no ties to decide; there is nothing to vary"]
    )
    if not set(matched.design.columns()) <= set(matched.sealed.frame):
        problems.append("two of several arms cannot be matched anew by themselves")
    for name, value, least in (("draws", draws, 1), ("seed", seed, 0)):
        if not is_whole(value, least):
            problems.append(f"{name} must be a whole number, {least} or more")
    return problems


def _estimates(problem: Problem, method: Method, outcome: np.ndarray, random: np.random.Generator) -> Iterator[float]:
    """Yield the effect of one random order after another."""
    while True:
        shuffled = problem.reordered(random.permutation(len(problem.treated)))
        weight, values = method(shuffled).weight, outcome[shuffled.input_row]
        arms = (arm & (weight > 0) for arm in (shuffled.treated, ~shuffled.treated))
        treated, compared = (mean(values[arm], weight[arm]) for arm in arms)
        yield treated - compared


@dataclass(frozen=True, eq=False, repr=False)
class TieSensitivity:
    """The effects that come of deciding ties in other ways.

    outcome     column of the outcome
    stated      the effect by the rule of ``match``
    estimates   the effect in each random order, in the outcome's own units
    design      what was asked, and what was asked of the match
    notes       sentences about the match that a reader has to know
    is_small    whether an arm is of so few units (or rows, where none are named) that nothing is shown of it
    """

    outcome: str
    stated: float
    estimates: np.ndarray
    design: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    is_small: bool = False

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest effect, that of the stated rule among them."""
        return float(min(self.estimates.min(), self.stated)), float(max(self.estimates.max(), self.stated))

    @property
    def matters(self) -> bool:
        """Whether the rule for ties changes the effect at all."""
        low, high = self.ends
        return high - low > SAME * max(abs(low), abs(high))

    def table(self) -> pd.DataFrame:
        """Return one row for each random order: draw (from 1) and estimate."""
        return pd.DataFrame({"draw": np.arange(1, len(self.estimates) + 1), "estimate": self.estimates})

    def summary(self) -> str:
        """Return how far the effect moves, in words."""
        return " ".join([self._found(), *self.notes])

    def _found(self) -> str:
        if self.is_small:
            return f"How far the effect on {self.outcome} hangs on ties is {NOT_SHOWN}"
        if not self.matters:
            return f"However ties are decided, the effect on {self.outcome} is {number(self.stated)}."
        low, high = (number(end) for end in self.ends)
        middle = [number(end) for end in np.quantile(self.estimates, [0.25, 0.75])]
        return (
            f"Rows that are equally near could have been taken in other ways: in {len(self.estimates)} random ones the "
            f"effect on {self.outcome} lies between {low} and {high}, half of them between {middle[0]} and "
            f"{middle[1]}. The stated rule gives {number(self.stated)}."
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw how often the effects come, with that of the stated rule as a line."""
        if self.is_small:
            return leave_empty(ax, f"How far the effect on {self.outcome} hangs on ties")
        return plot_ties(self, ax)

    def to_dict(self) -> dict[str, Any]:
        """Return the effects as JSON-safe values."""
        numbers = {"stated": self.stated, "estimates": self.estimates.tolist()}
        return {"outcome": self.outcome, **numbers, "design": dict(self.design), "notes": list(self.notes)}

    def __repr__(self) -> str:
        return f"<TieSensitivity: {self.summary()}>"
