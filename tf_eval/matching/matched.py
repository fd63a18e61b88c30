"""A matched comparison: the rows, their weights, and who was left out and why."""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.errors import ConfigError
from tf_eval.matching.acceptance import Acceptance, require_acceptance
from tf_eval.matching.design import Design
from tf_eval.matching.display import counted
from tf_eval.matching.everyone import Everyone
from tf_eval.matching.review.overlap_plot import plot_overlap
from tf_eval.matching.sealed import Sealed
from tf_eval.matching.sizes import ArmSize, tell_sizes
from tf_eval.matching.wording import describe

ARMS = {"treated": True, "comparison": False}


def require_match(matched: object, where: str) -> None:
    """Raise ``ConfigError`` unless a match was handed in: a balance, which knows of one, is the likeliest mistake."""
    if not isinstance(matched, Matched):
        accept = "; balance.accept() returns it" if hasattr(matched, "accept") else ""
        raise ConfigError(f"{where}: hand in what match returned, not {type(matched).__name__}{accept}")


@dataclass(frozen=True, eq=False, repr=False)
class Matched:
    """Treated rows and their comparison rows.

    frame        matched rows of the input, in its order and with its labels: the columns that the match read, and all
                 others, outcomes among them, once balance is accepted (``check_balance(matched).accept()``); beside
                 them ``weight`` (treated 1; comparison rows sum to their number; see ``match`` for other estimands),
                 ``set_id`` where each row is in one set, and where the method uses a score ``propensity_score`` and
                 ``score`` (its linear predictor; the score handed in, where one was)
    treated      name of the column that says who was treated
    unit         name of the column with the unit, or None
    dropped      treated rows that found no comparison, with the same columns of the input and ``reason``
    notes        sentences about what was left out or fitted otherwise than asked
    design       what was asked
    covariates   names of the covariates
    everyone     arrays of the sample before matching, for ``check_balance``; not for display
    sealed       the input with all of its columns, kept aside; not for display
    acceptance   that balance was accepted; None where it is not yet
    """

    frame: pd.DataFrame
    treated: str
    unit: str | None
    dropped: pd.DataFrame
    notes: tuple[str, ...]
    design: Design
    covariates: tuple[str, ...]
    everyone: Everyone
    sealed: Sealed
    acceptance: Acceptance | None = None

    @property
    def in_sets(self) -> bool:
        """Whether each row is in one set: the frame then has ``set_id``. It has not where rows are only weighted, or
        may serve in several sets."""
        return "set_id" in self.frame

    @property
    def about_treated(self) -> bool:
        """Whether the answer is about the treated who were matched: each then weighs 1. They do not where two of
        several arms are weighted to be like a third."""
        weight = self.frame["weight"][self.frame[self.treated].astype(bool)]
        return self.design.estimand == "att" and bool(np.allclose(weight, 1))

    @property
    def members(self) -> tuple[np.ndarray, np.ndarray]:
        """The places in ``frame`` of the members of all sets, and the set of each; one entry for each set of a row."""
        place = np.searchsorted(self.sealed.matched, self.everyone.input_row[self.everyone.row])
        return place, self.everyone.set_id

    def unseal(self, acceptance: Acceptance) -> Self:
        """Return the match with every column of the input; ``Balance.accept`` is the way to it."""
        frame = self.sealed.complete(self.frame, self.sealed.matched)
        dropped = self.sealed.complete(self.dropped, self.sealed.dropped)
        return replace(self, frame=frame, dropped=dropped, acceptance=acceptance)

    def require_accepted(self, where: str) -> None:
        """Raise ``EstimationError`` unless balance was accepted, which has to come before any outcome is read."""
        require_acceptance(self.acceptance, where, "check_balance")

    @property
    def caveats(self) -> tuple[str, ...]:
        """What every result that rests on this match has to say: that balance did not pass, and why it was accepted."""
        return self.acceptance.notes if self.acceptance else ()

    def table(self) -> pd.DataFrame:
        """Return the sizes of the arms, exact: rows in all, matched and not, and the effective number of those matched.

        The effective number is Kish's (1965). A tidy copy with the columns size, arm and rows.
        """
        sizes = {arm: self._sizes(code) for arm, code in ARMS.items()}
        rows = [(size, arm, float(count)) for arm, counts in sizes.items() for size, count in counts.items()]
        return pd.DataFrame(rows, columns=["size", "arm", "rows"])

    def _sizes(self, arm: bool) -> dict[str, float]:
        size = ArmSize.of(self.everyone, arm)
        return {name: getattr(size, name) for name in ("all", "matched", "effective", "dropped")}

    def summary(self) -> str:
        """Return what was asked and done, in plain sentences; counts are rounded and small ones not shown."""
        told = describe(self.design), tell_sizes(self.everyone, self.design)
        return " ".join([*told, *self.notes, *self.caveats])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw how far the scores of the arms overlap, as binned shares of each arm (none of fewer than 10)."""
        return plot_overlap(self.everyone, ax)

    def to_dict(self) -> dict[str, Any]:
        """Return design, sizes, notes and acceptance as JSON-safe values; no rows."""
        sizes = {arm: {size: float(count) for size, count in self._sizes(code).items()} for arm, code in ARMS.items()}
        reasons = {str(reason): int(count) for reason, count in self.dropped["reason"].value_counts().items()}
        accepted = self.acceptance and self.acceptance.to_dict()
        notes = list(self.notes)
        return {
            "design": self.design.to_dict(),
            "sizes": sizes,
            "dropped": reasons,
            "notes": notes,
            "accepted": accepted,
        }

    def __repr__(self) -> str:
        design = self.design.to_dict()
        asked = [f"{key}={design[key]!r}" for key in dict.fromkeys(("method", "on", "treated", *self.design.changed()))]
        sizes = {arm: ArmSize.of(self.everyone, code) for arm, code in ARMS.items()}
        told = [counted(size.matched, size.units_matched, arm) for arm, size in sizes.items()]
        return f"Matched({', '.join(asked)}; matched rows: {', '.join(told)})"
