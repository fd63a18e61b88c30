"""Verdicts by written rules: what a study entitles its readers to say, and why.

The rules, in the order in which they are tried for one outcome:

1. No estimate: *cannot tell*.
2. The outcome depends on who is looking (workers in the home see and report more) and it moved: *cannot tell*, because
   recording and need cannot be told apart.
3. The whole interval is smaller than the smallest change worth having: *no effect worth having*.
4. A change in the wrong direction that stays clear of zero after allowing for the number of outcomes: *may do harm*.
5. A change in the right direction that stays clear of zero in the same way: *works* if it is at least as large as the
   smallest change worth having and every check passed, *promising* otherwise.
6. Anything else: *cannot tell*.

An intervention's verdict is that of its primary outcomes, which were named beforehand, but for those that depend on who
is looking: harm before benefit, and *no effect worth having* only where every one of them says so. The allowance for
the number of outcomes (Holm) is made over the primary ones alone. The others are secondary: they never decide, the word
on each allows for all outcomes, and where one changed for the worse the verdict says so. The allowance is made within
one intervention, not over all interventions of a site. Nothing is ever said of a single family.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from tf_eval.cohort.outcomes import Outcome
from tf_eval.cohort.words import in_sentence
from tf_eval.errors import EstimationError, NotEstimated, unknown
from tf_eval.evidence.check import Check
from tf_eval.evidence.effect_size import EffectSize
from tf_eval.evidence.multiplicity import holm
from tf_eval.evidence.outcome_effect import OutcomeEffect

LEVEL = 0.05


class Word(StrEnum):
    """The five verdicts."""

    WORKS = "works"
    PROMISING = "promising"
    NO_EFFECT = "no effect worth having"
    CANNOT_TELL = "cannot tell"
    HARM = "may do harm"


# In this order an outcome's verdict decides for the whole intervention.
PRECEDENCE = (Word.HARM, Word.WORKS, Word.PROMISING)


@dataclass(frozen=True)
class Subject:
    """What a verdict is about, in words for people.

    Attributes:
        intervention: the intervention's name in the records.
        title: its name on a page.
        question: the question that is answered.
        description: what was tried.
    """

    intervention: str
    title: str
    question: str
    description: str


@dataclass(frozen=True)
class Reason:
    """Why a verdict is what it is: a sentence, and the label of the outcome that it is about (empty: about all)."""

    outcome: str
    text: str

    def __str__(self) -> str:
        return f"{self.outcome}: {self.text}" if self.outcome else self.text


@dataclass(frozen=True, eq=False, repr=False)
class OutcomeVerdict:
    """The verdict on one outcome.

    Attributes:
        measured: the outcome's effect as measured.
        word: the verdict.
        reason: why, in one sentence.
        p_adjusted: p-value after allowing for the number of outcomes, or None where the outcome is no test.
        checks: the checks of this outcome alone.
        primary: whether it was named beforehand as one that decides; a secondary outcome is shown beside these.
    """

    measured: OutcomeEffect
    word: Word
    reason: str
    p_adjusted: float | None
    checks: tuple[Check, ...]
    primary: bool = True

    @property
    def outcome(self) -> Outcome:
        return self.measured.outcome

    @property
    def decides(self) -> bool:
        """Whether it has a say in the intervention's verdict."""
        return self.primary and not self.outcome.detection_sensitive

    def __repr__(self) -> str:
        return f"<OutcomeVerdict: {self.outcome.label}: {self.word}>"


@dataclass(frozen=True, eq=False, repr=False)
class Verdict:
    """The verdict on one intervention, with what it rests on.

    Attributes:
        about: the intervention and the question.
        word: the verdict.
        outcomes: the verdict on each outcome, in the plan's order.
        checks: the checks of the design, which every outcome shares.
        reasons: why, and which checks were not passed.
    """

    about: Subject
    word: Word
    outcomes: tuple[OutcomeVerdict, ...]
    checks: tuple[Check, ...]
    reasons: tuple[Reason, ...]

    @property
    def design(self) -> dict[str, object]:
        names = [row.outcome.name for row in self.outcomes]
        primary = [row.outcome.name for row in self.outcomes if row.primary]
        return {"level": LEVEL, "multiplicity": "Holm", "outcomes": names, "primary": primary}

    def table(self) -> pd.DataFrame:
        """Return one row per outcome: effect in reporting units, interval, base rate, verdict and reason."""
        return pd.DataFrame([_row(verdict) for verdict in self.outcomes])

    def summary(self) -> str:
        return f"Verdict: {self.word}. {' '.join(map(str, self.reasons))}"

    def __repr__(self) -> str:
        return f"<Verdict: {self.about.title}: {self.word}>"

    def to_dict(self) -> dict[str, object]:
        return {
            "about": asdict(self.about),
            "verdict": str(self.word),
            "reasons": [str(reason) for reason in self.reasons],
            "checks": [check.to_dict() for check in self.checks],
            "outcomes": self.table().replace({np.nan: None}).to_dict("records"),
            "design": self.design,
        }


def judge(
    measured: Sequence[OutcomeEffect],
    *,
    about: Subject,
    primary: Sequence[str] | None = None,
    checks: Sequence[Check] = (),
) -> Verdict:
    """Turn measured effects into a verdict by the rules at the head of this module.

    Args:
        measured: the effect on each outcome that the plan names.
        about: what is judged.
        primary: names of the outcomes that decide, chosen before any result was seen; default: all. They alone count
            towards the allowance for multiplicity, except those that are sensitive to detection, which never decide.
        checks: checks of the whole design, as ``design_checks`` makes them.

    Raises:
        EstimationError: no outcome was given, or the same one twice, or a primary one is not among them.
    """
    names = [effect.outcome.name for effect in measured]
    chosen = names if primary is None else list(primary)
    _require_distinct(names, chosen)
    adjusted = _adjusted(measured, chosen)
    rows = tuple(
        _judge_outcome(effect, p, checks, primary=effect.outcome.name in chosen)
        for effect, p in zip(measured, adjusted, strict=True)
    )
    deciding = [row for row in rows if row.decides]
    word = _overall(deciding)
    reasons = (*_reasons(word, deciding or rows), *_worse_beside(rows), *_not_passed(checks))
    return Verdict(about, word, rows, tuple(checks), reasons)


def _require_distinct(names: Sequence[str], primary: Sequence[str]) -> None:
    if not names:
        raise EstimationError("judge: no measured outcome was given. Measure at least one with tf_eval.measure(...)")
    if len(set(names)) < len(names):
        raise EstimationError(f"judge: an outcome is given twice ({', '.join(sorted(names))})")
    if not primary:
        raise EstimationError("judge: primary names no outcome, so that nothing could decide. Leave it out for all")
    strangers = [name for name in primary if name not in names]
    if strangers:
        raise EstimationError(f"judge: primary: {unknown('measured outcome', strangers[0], names)}")


def _adjusted(measured: Sequence[OutcomeEffect], primary: Sequence[str]) -> np.ndarray:
    """Holm's p-values: of a primary outcome among the primary ones, of a secondary one among all."""
    plain = np.array([_p_value(effect) for effect in measured])
    is_primary = np.array([effect.outcome.name in primary for effect in measured])
    return np.where(is_primary, holm(np.where(is_primary, plain, np.nan)), holm(plain))


def _p_value(effect: OutcomeEffect) -> float:
    """A missing value where the outcome is no test of the intervention."""
    if effect.outcome.detection_sensitive or isinstance(effect.headline, NotEstimated):
        return np.nan
    return effect.headline.p_value


def _judge_outcome(
    effect: OutcomeEffect, p_adjusted: float, shared: Sequence[Check], *, primary: bool
) -> OutcomeVerdict:
    word, reason = _rule(effect, p_adjusted, [*shared, *effect.checks])
    p = None if np.isnan(p_adjusted) else float(p_adjusted)
    return OutcomeVerdict(effect, word, reason, p_adjusted=p, checks=effect.checks, primary=primary)


def _rule(effect: OutcomeEffect, p_adjusted: float, checks: Sequence[Check]) -> tuple[Word, str]:
    size = effect.headline
    if isinstance(size, NotEstimated):
        return Word.CANNOT_TELL, size.reason
    if effect.outcome.detection_sensitive and size.excludes_zero:
        return Word.CANNOT_TELL, "Recording moved, but closer contact with families changes what is seen and recorded."
    if size.within(effect.smallest_worthwhile):
        return Word.NO_EFFECT, "Any change is smaller than the smallest one worth having."
    if p_adjusted < LEVEL:
        return _clear_change(effect, size, [check for check in checks if not check.passed])
    return Word.CANNOT_TELL, "The estimate is too uncertain to tell a change worth having from none."


def _clear_change(effect: OutcomeEffect, size: EffectSize, failed: Sequence[Check]) -> tuple[Word, str]:
    doubt = f" But a check was not passed: that {in_sentence(failed[0].name)}." if failed else ""
    if effect.is_harm(size.value):
        return Word.HARM, f"The change is for the worse and unlikely to be chance.{doubt}"
    if failed:
        return Word.PROMISING, f"The change is for the better and unlikely to be chance.{doubt}"
    if abs(size.value) < effect.smallest_worthwhile:
        return Word.PROMISING, "The change is for the better, but smaller than the smallest one worth having."
    return Word.WORKS, "The change is for the better, worth having and unlikely to be chance."


def _overall(rows: Sequence[OutcomeVerdict]) -> Word:
    words = {row.word for row in rows}
    for word in PRECEDENCE:
        if word in words:
            return word
    return Word.NO_EFFECT if words == {Word.NO_EFFECT} else Word.CANNOT_TELL


def _reasons(word: Word, rows: Sequence[OutcomeVerdict]) -> list[Reason]:
    deciding = [row for row in rows if row.word == word] or list(rows)
    reasons = [Reason(row.outcome.label, row.reason) for row in deciding]
    better = [row.outcome.label for row in rows if row.word in (Word.WORKS, Word.PROMISING)]
    if word is Word.HARM and better:
        reasons.append(Reason("", f"It did better on: {', '.join(better)}."))
    return reasons


def _worse_beside(rows: Sequence[OutcomeVerdict]) -> list[Reason]:
    """A secondary outcome does not decide, but that it may have become worse is not left for a reader to find."""
    told = "This secondary outcome has no say in the verdict, but it changed for the worse, unlikely by chance."
    return [Reason(row.outcome.label, told) for row in rows if not row.primary and row.word is Word.HARM]


def _not_passed(checks: Sequence[Check]) -> list[Reason]:
    return [
        Reason("", f"A check was not passed (\u201c{check.name}\u201d). {check.detail}")
        for check in checks
        if not check.passed
    ]


def _row(verdict: OutcomeVerdict) -> dict[str, object]:
    size = verdict.measured.headline
    shown = {} if isinstance(size, NotEstimated) else size.to_dict()
    return {
        "outcome": verdict.outcome.name,
        "label": verdict.outcome.label,
        "primary": verdict.primary,
        "verdict": str(verdict.word),
        **shown,
        "smallest_worthwhile": verdict.measured.smallest_worthwhile,
        "p_adjusted": verdict.p_adjusted,
        "reason": verdict.reason,
    }
