"""What a design found where the answer is known, and what that makes of its other answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.cohort.words import in_sentence, listed
from tf_eval.did.plain import plain
from tf_eval.errors import NotEstimated
from tf_eval.evidence.calibration import Calibrated, Calibration, calibrate
from tf_eval.evidence.check import Check
from tf_eval.evidence.effect_size import answer_of
from tf_eval.evidence.outcome_effect import OutcomeEffect
from tf_eval.evidence.placebos.figure import draw_placebos
from tf_eval.evidence.placebos.rates import DATE, LEVEL, LOT, OUTCOME, chances_of, rates_of, recovered_of

ENDS = ("value", "low", "high", "p_value")
NAME = "The design finds nothing where there is nothing"
NOT_EXAMINED = "This could not be examined: too few families could be compared."
CAVEAT = (
    "Starts were drawn by what records show of families; what records do not show, they cannot test. Draws share "
    "families, so they say less than as many separate studies would."
)


@dataclass(frozen=True, eq=False, repr=False)
class Placebos:
    """An evaluation carried out where the answer is known, in reporting units.

    Attributes:
        measured: the effects in question.
        controls: a row for each control and outcome, see ``table``.
        shared: which share of the families drawn two draws have in common, on average.
        design: what was asked.
        negative_controls: effects on outcomes that the intervention cannot move.
    """

    measured: tuple[OutcomeEffect, ...]
    controls: pd.DataFrame
    shared: float
    design: Mapping[str, Any]
    negative_controls: tuple[OutcomeEffect, ...] = ()

    @cached_property
    def rates(self) -> pd.DataFrame:
        """A row for each outcome and kind of control: how often it was taken for an effect, and how far off it was.

        Columns: ``tried``, ``found`` (intervals without 0), ``share`` found, ``bias`` (mean estimate less truth) and
        ``coverage`` (of the truth by the interval). What was drawn by lot has Monte-Carlo errors (``share_error`` ...),
        which are those of other draws among the same families.
        """
        return rates_of(self.controls)

    @cached_property
    def chances(self) -> pd.DataFrame:
        """The tests behind the check: ``p_value`` of each, and ``adjusted`` for their number."""
        return chances_of(self.controls)

    @cached_property
    def recovered(self) -> pd.Series:
        """Which share of the effect planted in all families drawn the design finds, by outcome."""
        return recovered_of(self.controls)

    @cached_property
    def calibrations(self) -> dict[str, Calibration | NotEstimated]:
        """By outcome, what starts by lot, and negative outcomes, show of systematic error.

        Planted effects are the same estimates moved, and would count their errors twice. Starts that are too early are
        followed for months in which the match made groups alike, and are nearer to nothing than an effect can be.
        """
        return {effect.outcome.name: self._calibration(effect) for effect in self.measured}

    @property
    def calibrated(self) -> pd.DataFrame:
        """A row for each effect in question: as it was estimated, and put right by the controls (``calibrated_...``).

        Where it could not be put right ``not_estimated`` says why.
        """
        return pd.DataFrame([self._beside(effect) for effect in self.measured])

    @property
    def changing(self) -> tuple[str, ...]:
        """The labels of the outcomes whose interval holds no effect before calibration and not after, or reversely."""
        pairs = [(effect, self._put_right(effect)) for effect in self.measured]
        return tuple(
            effect.outcome.label
            for effect, found in pairs
            if isinstance(found, Calibrated) and answer_of(found) != answer_of(effect.headline)
        )

    @property
    def failing(self) -> tuple[str, ...]:
        """The labels of the outcomes on which more was found than chance explains."""
        beyond = set(self.chances.loc[self.chances["adjusted"] < LEVEL, "outcome"])
        effects = (*self.measured, *self.negative_controls)
        return tuple(dict.fromkeys(effect.outcome.label for effect in effects if effect.outcome.name in beyond))

    @property
    def unexamined(self) -> tuple[str, ...]:
        """The labels of the outcomes of which no start by lot has an estimate."""
        tried = set(self._of_kind(LOT)["outcome"])
        return tuple(effect.outcome.label for effect in self.measured if effect.outcome.name not in tried)

    @property
    def check(self) -> Check:
        """Whether what was found where there is nothing is no more than chance explains, for all outcomes together."""
        return Check(NAME, not (self.failing or self.unexamined), self._said_of_nothing())

    def table(self) -> pd.DataFrame:
        """Return a row for each control: outcome, kind, its name, truth, value, error, interval, p-value and counts.

        Rows of one name are of the same families. Where there is no estimate ``not_estimated`` says why.
        """
        return self.controls.copy()

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw what was found where there is nothing beside the effects, in multiples of what is worth having."""
        return draw_placebos(self.measured, self.negative_controls, self.controls, self.calibrated, ax)

    def summary(self) -> str:
        """Say how often something was found in nothing, what of a planted effect, and what it makes of the answers."""
        if len(self.unexamined) == len(self.measured):
            return self._said_of_nothing()
        said = (self._said_of_nothing(), self._said_of_planted(), self._said_of_answers(), CAVEAT)
        return " ".join(part for part in said if part)

    def to_dict(self) -> dict[str, Any]:
        tables = {"controls": self.controls, "rates": self.rates, "calibrated": self.calibrated}
        rows = {name: [plain(row) for row in table.to_dict("records")] for name, table in tables.items()}
        return {"design": dict(self.design), **rows, "check": self.check.to_dict(), "shared": self.shared}

    def __repr__(self) -> str:
        return f"<Placebos: {len(self.controls)} controls of {len(self.measured)} outcomes>"

    def _of_kind(self, kind: str) -> pd.DataFrame:
        """Return the controls of a kind that have an estimate and an error."""
        return self.controls[(self.controls["kind"] == kind) & (self.controls["std_error"] > 0)]

    def _calibration(self, effect: OutcomeEffect) -> Calibration | NotEstimated:
        """Outcomes in other units are measured by their base rate, where they have one."""
        lots, others = self._of_kind(LOT), self._of_kind(OUTCOME)
        own, others = lots[lots["outcome"] == effect.outcome.name], others[others["base_rate"] > 0]
        columns = ["value", "std_error", "control"]
        if others.empty or not effect.headline:
            return calibrate(own[columns])
        if not effect.headline.base_rate > 0:
            return NotEstimated("it has no base rate by which it could be held against other outcomes")
        rows = pd.concat([own.assign(base_rate=effect.headline.base_rate), others], ignore_index=True)
        return calibrate(rows.rename(columns={"base_rate": "scale"})[[*columns, "scale"]])

    def _put_right(self, effect: OutcomeEffect) -> Calibrated | NotEstimated:
        size, calibration = effect.headline, self.calibrations[effect.outcome.name]
        if isinstance(size, NotEstimated) or isinstance(calibration, NotEstimated):
            return size if isinstance(size, NotEstimated) else calibration
        if not size.std_error > 0:
            return NotEstimated("it has no error of its own")
        return calibration.apply(size.value, size.std_error, scale=size.base_rate if calibration.is_scaled else None)

    def _beside(self, effect: OutcomeEffect) -> dict[str, Any]:
        size, found = effect.headline, self._put_right(effect)
        raw = {name: getattr(size, name, None) for name in ENDS}
        right = {f"calibrated_{name}": getattr(found, name, None) for name in ENDS}
        return {"outcome": effect.outcome.name, **raw, **right, "not_estimated": getattr(found, "reason", None)}

    def _said_of_nothing(self) -> str:
        if len(self.unexamined) == len(self.measured):
            return NOT_EXAMINED
        lots, dates, outcomes = (self.rates[self.rates["kind"] == kind] for kind in (LOT, DATE, OUTCOME))
        said = [
            f"Starts that never were have been drawn by lot. Of these, {_count(lots)} found a change; chance alone "
            f"would make it about {LEVEL * lots['tried'].sum():.0f}."
        ]
        said += [
            f"{what}, {_count(tests)} found one."
            for what, tests in (("With the true start set too early", dates), ("On what cannot change", outcomes))
            if len(tests)
        ]
        if self.failing:
            said.append(f"That is more than chance explains on {_named(self.failing)}.")
        if self.unexamined:
            said.append(f"On {_named(self.unexamined)} it could not be examined.")
        return " ".join(said)

    def _said_of_planted(self) -> str:
        if self.recovered.empty:
            return ""
        ends = dict.fromkeys(f"{100 * end:.0f}%" for end in (self.recovered.min(), self.recovered.max()))
        return f"Where a change was made up for all who drew a start, {' to '.join(ends)} of it was found, by outcome."

    def _said_of_answers(self) -> str:
        found = [self._put_right(effect) for effect in self.measured]
        if not any(found):
            return "Too few tests could be made to put the answers right by them."
        if not self.changing:
            return "With the errors of these tests allowed for, no answer changes."
        return f"With the errors of these tests allowed for, the answer on {_named(self.changing)} changes."


def _count(rates: pd.DataFrame) -> str:
    return f"{rates['found'].sum():.0f} of {rates['tried'].sum():.0f} tests"


def _named(labels: tuple[str, ...]) -> str:
    return listed([in_sentence(label) for label in labels])
