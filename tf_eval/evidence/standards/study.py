"""What standards of evidence look at: how a study was done, what it found, and what its checks said."""

from dataclasses import dataclass
from typing import Literal, get_args

from tf_eval.cohort.words import in_sentence
from tf_eval.errors import ConfigError, NotEstimated, unknown
from tf_eval.evidence.check import ALIKE, FEWEST_FAMILIES, Check, CheckKind
from tf_eval.evidence.rules import Word
from tf_eval.evidence.verdict import Verdict

StudyDesign = Literal["before_after", "matched_after", "matched_difference"]

# Likeness that nobody looked at is not shown.
UNSEEN = Check(ALIKE, False, "No check was made.", "balance")
# On these comparability rests; how many families there are is another question.
COMPARABILITY: tuple[CheckKind, ...] = ("balance", "support", "pre_trend", "attrition", "other")


@dataclass(frozen=True)
class Study:
    """A verdict as a standard sees it.

    Attributes:
        design: ``before_after`` of the families with the intervention alone; ``matched_after``, like families compared
            afterwards only; ``matched_difference``, like families compared before and after.
        word: the verdict.
        estimated: whether any outcome that decides could be estimated.
        failed: checks of comparability that were not passed, each once; that of balance where it was not made, too.
        few: fewer families in an arm than ``FEWEST_FAMILIES``, by count or as they are weighed.
    """

    design: StudyDesign
    word: Word
    estimated: bool
    failed: tuple[Check, ...]
    few: bool

    @property
    def better(self) -> bool:
        """Whether a change for the better was found, however large."""
        return self.word in (Word.WORKS, Word.PROMISING)

    @property
    def doubts(self) -> tuple[str, ...]:
        """A sentence for every check of comparability that was not passed."""
        return tuple(f"It was not shown that {in_sentence(check.name)}." for check in self.failed)


def study_of(verdict: Verdict, design: StudyDesign) -> Study:
    """Return the study behind a verdict, as seen from the outcomes that decided it and could be estimated.

    Raises:
        ConfigError: there is no such design.
    """
    if design not in get_args(StudyDesign):
        raise ConfigError(f"score_standards: {unknown('design', design, get_args(StudyDesign))}")
    known = [row for row in verdict.deciding if not isinstance(row.measured.headline, NotEstimated)]
    checks = [*verdict.checks, *(check for row in known for check in row.checks)]
    if design != "before_after" and not any(check.kind == "balance" for check in checks):
        checks.append(UNSEEN)
    failed = {check.name: check for check in checks if not check.passed}
    sizes = [row.measured.headline for row in known]
    counted = any(min(size.n_treated, size.n_comparison) < FEWEST_FAMILIES for size in sizes)
    return Study(
        design=design,
        word=verdict.word,
        estimated=bool(known),
        failed=tuple(check for check in failed.values() if check.kind in COMPARABILITY),
        few=counted or any(check.kind == "families" for check in failed.values()),
    )
