"""Verdicts by written rules: what a study entitles its readers to say, and why.

The rules are data (``params/verdicts.yaml``, ``tf_eval.evidence.rules``): facts are found here, the table decides.
An intervention's verdict is that of its primary outcomes, which were named beforehand, but for those that depend on who
is looking. The allowance for the number of outcomes is made over the primary ones alone, within one intervention and
not over all interventions of a site. The others are secondary: they never decide, the word on each allows for all
outcomes, and where one changed for the worse the verdict says so. Nothing is ever said of a single family.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from tf_eval.cohort.outcomes import Outcome
from tf_eval.cohort.words import in_sentence
from tf_eval.errors import EstimationError, NotEstimated, unknown
from tf_eval.evidence.check import Check
from tf_eval.evidence.conditions import Facts
from tf_eval.evidence.outcome_effect import OutcomeEffect
from tf_eval.evidence.primary import choose_primary
from tf_eval.evidence.rules import ADJUSTMENTS, Rule, VerdictRules, Word
from tf_eval.evidence.rules_file import load_verdict_rules


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
        rule: the rule that decided.
        reason: why, in one sentence.
        p_adjusted: p-value after allowing for the number of outcomes, or None where the outcome is no test.
        checks: the checks of this outcome alone.
        primary: whether it was named beforehand as one that decides; a secondary outcome is shown beside these.
    """

    measured: OutcomeEffect
    rule: Rule
    reason: str
    p_adjusted: float | None
    checks: tuple[Check, ...]
    primary: bool = True

    @property
    def word(self) -> Word:
        return self.rule.verdict

    @property
    def outcome(self) -> Outcome:
        return self.measured.outcome

    @property
    def p_value(self) -> float:
        """The p-value of the headline by itself; missing where the outcome is no test of the intervention."""
        return _p_value(self.measured)

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
        rules: the table of rules that decided.
    """

    about: Subject
    word: Word
    outcomes: tuple[OutcomeVerdict, ...]
    checks: tuple[Check, ...]
    reasons: tuple[Reason, ...]
    rules: VerdictRules

    @property
    def design(self) -> dict[str, object]:
        names = [row.outcome.name for row in self.outcomes]
        primary = [row.outcome.name for row in self.outcomes if row.primary]
        return {"rules": self.rules.to_dict(), "outcomes": names, "primary": primary}

    @property
    def deciding(self) -> tuple[OutcomeVerdict, ...]:
        """The outcomes that have the verdict of the whole, or all that count where none has it."""
        rows = _telling(self.outcomes)
        return tuple(row for row in rows if row.word == self.word) or rows

    @property
    def would_change(self) -> tuple[str, ...]:
        """What would lead to another verdict: of each rule that decided, once."""
        return tuple(dict.fromkeys(row.rule.would_change for row in self.deciding))

    def table(self) -> pd.DataFrame:
        """Return one row per outcome: effect in reporting units, interval, base rate, verdict, rule and reason."""
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
            "would_change": list(self.would_change),
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
    rules: VerdictRules | None = None,
) -> Verdict:
    """Turn measured effects into a verdict by written rules.

    Args:
        measured: the effect on each outcome that the plan names.
        about: what is judged.
        primary: names of the outcomes that decide, chosen before any result was seen; default: all. They alone count
            towards the allowance for multiplicity, except those that are sensitive to detection, which never decide.
        checks: checks of the whole design, as ``design_checks`` makes them, and further ones of single outcomes, as
            ``Triangulation.check`` is; each outcome's own (``OutcomeEffect.checks``) are counted without being given.
        rules: the rules; by default the project's (``params/verdicts.yaml``).

    Raises:
        EstimationError: no outcome was given, or the same one twice, or a primary one is not among them, or a check is
            of an outcome that is not.
        ConfigError: the project's rules do not decide every case, see ``load_verdict_rules``.
    """
    chosen = [effect.outcome.name for effect in choose_primary(measured, primary, "judge")]
    names = [effect.outcome.name for effect in measured]
    _require_distinct(names)
    _require_known(checks, names)
    rules = rules or load_verdict_rules()
    adjusted = _adjusted(measured, chosen, rules)
    shared = tuple(check for check in checks if not check.outcome)
    rows = tuple(
        _judge_outcome(effect, p, checks, rules, primary=effect.outcome.name in chosen)
        for effect, p in zip(measured, adjusted, strict=True)
    )
    word = rules.whole.decide({row.word for row in rows if row.decides})
    reasons = (*_reasons(word, _telling(rows)), *_worse_beside(rows), *_not_passed(shared))
    return Verdict(about, word, rows, shared, reasons, rules)


def judge_again(verdict: Verdict, further: Sequence[Check]) -> Verdict:
    """Return the verdict that follows once further checks, of the whole design or of single outcomes, are counted."""
    of_outcomes = [check for row in verdict.outcomes for check in row.checks if check.outcome]
    return judge(
        [row.measured for row in verdict.outcomes],
        about=verdict.about,
        primary=[row.outcome.name for row in verdict.outcomes if row.primary],
        checks=[*verdict.checks, *of_outcomes, *further],
        rules=verdict.rules,
    )


def _require_distinct(names: Sequence[str]) -> None:
    if len(set(names)) < len(names):
        raise EstimationError(f"judge: an outcome is given twice ({', '.join(sorted(names))})")


def _require_known(checks: Sequence[Check], names: Sequence[str]) -> None:
    strangers = [check.outcome for check in checks if check.outcome and check.outcome not in names]
    if strangers:
        raise EstimationError(f"judge: checks: {unknown('measured outcome', strangers[0], names)}")


def _adjusted(measured: Sequence[OutcomeEffect], primary: Sequence[str], rules: VerdictRules) -> np.ndarray:
    """Allow for the number of outcomes: of a primary one among the primary ones, of a secondary one among all."""
    adjust = ADJUSTMENTS[rules.multiplicity]
    plain = np.array([_p_value(effect) for effect in measured])
    is_primary = np.array([effect.outcome.name in primary for effect in measured])
    return np.where(is_primary, adjust(np.where(is_primary, plain, np.nan)), adjust(plain))


def _p_value(effect: OutcomeEffect) -> float:
    """A missing value where the outcome is no test of the intervention."""
    if effect.outcome.detection_sensitive or isinstance(effect.headline, NotEstimated):
        return np.nan
    return effect.headline.p_value


def _judge_outcome(
    effect: OutcomeEffect, p_adjusted: float, given: Sequence[Check], rules: VerdictRules, *, primary: bool
) -> OutcomeVerdict:
    own = (*effect.checks, *(check for check in given if check.outcome == effect.outcome.name))
    failed = [check for check in (*(check for check in given if not check.outcome), *own) if not check.passed]
    rule = rules.decide(_facts(effect, p_adjusted < rules.level, failed))
    p = None if np.isnan(p_adjusted) else float(p_adjusted)
    reason = rule.reason.format(**_filled_in(effect, failed))
    return OutcomeVerdict(effect, rule, reason, p_adjusted=p, checks=own, primary=primary)


def _facts(effect: OutcomeEffect, clear: bool, failed: Sequence[Check]) -> Facts:
    size, detection_sensitive = effect.headline, effect.outcome.detection_sensitive
    if isinstance(size, NotEstimated):
        return Facts(estimated=False, detection_sensitive=detection_sensitive)
    return Facts(
        estimated=True,
        detection_sensitive=detection_sensitive,
        moved=size.excludes_zero,
        within=size.within(effect.smallest_worthwhile),
        clear=clear,
        worse=effect.is_harm(size.value),
        worthwhile=abs(size.value) >= effect.smallest_worthwhile,
        sound=not failed,
    )


def _filled_in(effect: OutcomeEffect, failed: Sequence[Check]) -> dict[str, str]:
    size = effect.headline
    return {
        "why_not_estimated": size.reason if isinstance(size, NotEstimated) else "",
        "failed_check": in_sentence(failed[0].name) if failed else "",
    }


def _telling(rows: tuple[OutcomeVerdict, ...]) -> tuple[OutcomeVerdict, ...]:
    """The outcomes that can decide; all of them where none can."""
    return tuple(row for row in rows if row.decides) or rows


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
        "rule": verdict.rule.name,
        "reason": verdict.reason,
        "would_change": verdict.rule.would_change,
    }
