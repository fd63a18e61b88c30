"""A verdict's study on every standard of evidence."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from tf_eval.cohort.words import listed
from tf_eval.evidence.standards.early_intervention import early_intervention
from tf_eval.evidence.standards.maryland import CONFLICT, maryland
from tf_eval.evidence.standards.nesta import nesta
from tf_eval.evidence.standards.score import Score
from tf_eval.evidence.standards.study import COMPARABILITY, StudyDesign, study_of
from tf_eval.evidence.verdict import Verdict

STANDARDS = (maryland, early_intervention, nesta)
KIND_WORDS = {
    "balance": "whether the groups were alike",
    "support": "how many could be compared",
    "pre_trend": "whether they moved alike before",
    "attrition": "who was lost on the way",
}
ONE_STUDY = (
    "One local study can earn no more than these. Pooled with replications elsewhere it could count for more on the "
    "ratings of the Early Intervention Foundation and Nesta; that is not scored here."
)


@dataclass(frozen=True, eq=False, repr=False)
class Standards:
    """How strong the evidence behind one verdict is, by standards that others read.

    Attributes:
        verdict: the verdict that is scored.
        study_design: how it was reached, see ``score_standards``.
        rows: the score on each standard.
    """

    verdict: Verdict
    study_design: StudyDesign
    rows: tuple[Score, ...]

    @property
    def design(self) -> dict[str, object]:
        return {"study_design": self.study_design, "outcomes": [row.outcome.name for row in self.verdict.deciding]}

    @property
    def notes(self) -> tuple[str, ...]:
        """What no check looked at, what one study can earn, and where the sources differ."""
        made = {check.kind for check in (*self.verdict.checks, *self._own_checks())}
        missing = [KIND_WORDS[kind] for kind in COMPARABILITY if kind in KIND_WORDS and kind not in made]
        unseen = (f"No check here looks at {listed(missing)}; the scores rest on those that were made.",)
        return (*(unseen if missing else ()), ONE_STUDY, CONFLICT)

    def table(self) -> pd.DataFrame:
        """Return one row per standard: score, the most that the design can earn, meaning, reasons and source."""
        return pd.DataFrame([{**row.to_dict(), "reasons": " ".join(row.reasons)} for row in self.rows])

    def summary(self) -> str:
        scores = listed([f"{row.standard} {row.score} (at most {row.most})" for row in self.rows])
        return f"{scores}. {self.notes[0]}"

    def __repr__(self) -> str:
        return f"<Standards: {self.verdict.about.title}: {', '.join(row.score for row in self.rows)}>"

    def to_dict(self) -> dict[str, Any]:
        return {"design": self.design, "rows": [row.to_dict() for row in self.rows], "notes": list(self.notes)}

    def _own_checks(self) -> tuple:
        return tuple(check for row in self.verdict.deciding for check in row.checks)


def score_standards(verdict: Verdict, *, design: StudyDesign = "matched_difference") -> Standards:
    """Score the study behind a verdict on three standards of evidence, never above what its design can earn.

    Args:
        verdict: as ``judge`` returns it; the outcomes that decided it are looked at.
        design: how its effects were found. ``"matched_difference"``, before and after beside like families, is what
            ``measure`` does; ``"matched_after"``, like families compared afterwards only; ``"before_after"``, families
            with the intervention alone.

    Returns:
        The Maryland Scientific Methods Scale (the level of the design, less one for each failed check of
        comparability), the rating of the Early Intervention Foundation and Nesta's standards (which ask for a change
        for the better as well). Matched difference-in-differences reaches at most 3 on each.

    Raises:
        ConfigError: there is no such design.
    """
    study = study_of(verdict, design)
    return Standards(verdict, design, tuple(score(study) for score in STANDARDS))
