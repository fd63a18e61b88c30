"""What would have to be hidden, outcome by outcome, in plain sentences, as a table and as a figure."""

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.cohort.outcomes import Outcome
from tf_eval.did.credibility.honest import HonestBounds
from tf_eval.did.plain import plain
from tf_eval.errors import NotEstimated
from tf_eval.evidence.hidden.figure import draw_bounds
from tf_eval.evidence.outcome_effect import OutcomeEffect
from tf_eval.matching import EValue, RosenbaumBounds, TippingPoint

NOTHING = "The range includes no change as it is: there is nothing that a hidden difference would have to explain away."
LOOKING = "Recording alone could explain it too: this outcome depends on who is looking."


@dataclass(frozen=True, eq=False, repr=False)
class OutcomeBias:
    """What would have to be hidden for one effect to be explained away.

    Attributes:
        measured: the effect.
        drift: intervals under bounds on how far the groups may have drifted apart after the start.
        e_value: of the ratio of the rates with and without the intervention.
        rosenbaum: bounds on what a test of the changes of matched families could have come to.
        tipping: how much of what is left of start and change something hidden would have to explain.
    """

    measured: OutcomeEffect
    drift: HonestBounds | NotEstimated
    e_value: EValue | NotEstimated
    rosenbaum: RosenbaumBounds | NotEstimated
    tipping: TippingPoint | NotEstimated

    @property
    def outcome(self) -> Outcome:
        return self.measured.outcome

    @property
    def is_found(self) -> bool:
        """Whether there is anything to explain away: an effect whose range leaves out no change."""
        return getattr(self.measured.headline, "excludes_zero", False)

    @property
    def is_shown(self) -> bool:
        size = self.measured.headline
        if isinstance(size, NotEstimated):
            return True
        return self.measured.estimate.design.shows(size.n_treated, size.n_comparison)

    @property
    def times_drift(self) -> float | None:
        """How many times the largest drift before the start is enough; 0 where none is needed, infinite if none is."""
        breakdown = getattr(self.drift, "breakdown", None)
        return 0.0 if breakdown is not None and math.isnan(breakdown) else breakdown

    @property
    def odds(self) -> float | None:
        """By how much the odds of starting would have to differ between families that look alike."""
        gamma = getattr(self.rosenbaum, "tipping_gamma", None)
        return None if isinstance(gamma, NotEstimated) else gamma

    @property
    def share(self) -> float | None:
        """The share of what is left of start and change that brings the range of the effect to no change."""
        return getattr(self.tipping, "robustness_value_ci", None)

    @property
    def intervals(self) -> tuple[tuple[float, float, float], ...]:
        """Bound, low and high, in reporting units: how far the groups may have drifted, and what is left then."""
        if isinstance(self.drift, NotEstimated):
            return ()
        scale = self.outcome.scale
        return tuple(
            (bound, float(low) * scale, float(high) * scale)
            for bound, (low, high) in zip(self.drift.bounds, self.drift.intervals, strict=True)
        )

    @property
    def sentences(self) -> tuple[str, ...]:
        """What each way says, as far as it has an answer; no count of families is in them."""
        if isinstance(self.measured.headline, NotEstimated):
            return ("The effect could not be estimated.",)
        if not self.is_found:
            return (NOTHING,)
        said = (self._of_drift(), self._of_strength(), self._of_odds(), self._of_share())
        looking = LOOKING if self.outcome.detection_sensitive else ""
        return tuple(sentence for sentence in (*said, looking) if sentence)

    def _of_drift(self) -> str:
        times = self.times_drift
        if times is None or math.isinf(times):
            return ""
        if times == 0:
            return "If it is allowed for that the groups drift apart at all, the range includes no change."
        return (
            f"A difference in course between the groups as large as {times:.1f} times the largest one seen from one "
            "half-year to the next before the start would be enough to explain this away."
        )

    def _of_strength(self) -> str:
        nearer = getattr(self.e_value, "e_value_ci", None)
        if nearer is None:
            return ""
        return (
            f"So would something that nobody recorded, if it made both the support and the outcome {nearer:.1f} times "
            f"as likely, or as rare; to leave no effect at all, {self.e_value.e_value:.1f} times."
        )

    def _of_odds(self) -> str:
        if self.odds is None:
            return ""
        return (
            f"So would something that made the odds of starting {self.odds:.1f} times as high for one of two families "
            "that look alike."
        )

    def _of_share(self) -> str:
        if self.share is None:
            return ""
        return f"So would something that explained {self.share:.0%} of what is left of who started and of who changed."

    def to_dict(self) -> dict[str, Any]:
        size = self.measured.headline
        return {
            "outcome": self.outcome.name,
            "label": self.outcome.label,
            "detection_sensitive": self.outcome.detection_sensitive,
            "is_found": self.is_found,
            "value": getattr(size, "value", None),
            "times_drift": self.times_drift,
            "e_value": getattr(self.e_value, "e_value", None),
            "e_value_ci": getattr(self.e_value, "e_value_ci", None),
            "odds": self.odds,
            "share": self.share,
        }


@dataclass(frozen=True, eq=False, repr=False)
class HiddenBias:
    """What would have to be hidden for the effects of an evaluation to be explained away.

    Attributes:
        rows: each outcome with its answers.
    """

    rows: tuple[OutcomeBias, ...]

    def table(self) -> pd.DataFrame:
        """Return a row for each outcome.

        ``times_drift``: how many times the largest drift before the start is enough. ``e_value`` and ``e_value_ci``: of
        the effect, and of the end of its interval nearer to no change. ``odds``: Rosenbaum's gamma at which a test of
        the changes is no longer clear. ``share``: the robustness value of the interval. All are there whether or not
        there is something to explain away (``is_found``); missing where a way has no answer.
        """
        return pd.DataFrame([row.to_dict() for row in self.rows])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw each effect under ever larger drift, in multiples of the smallest change worth having."""
        return draw_bounds([row for row in self.rows if row.is_shown], ax)

    def summary(self) -> str:
        return " ".join(f"{row.outcome.label}: {self._said(row)}" for row in self.rows)

    def to_dict(self) -> dict[str, Any]:
        return {"rows": [plain(row.to_dict()) for row in self.rows]}

    def __repr__(self) -> str:
        return f"<HiddenBias: {len(self.rows)} outcomes>"

    def _said(self, row: OutcomeBias) -> str:
        return " ".join(row.sentences) if row.is_shown else row.measured.estimate.design.not_shown
