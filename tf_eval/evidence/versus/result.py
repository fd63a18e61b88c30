"""One intervention against another."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.cohort.words import in_sentence, listed
from tf_eval.did.plain import plain
from tf_eval.errors import NotEstimated
from tf_eval.evidence.verdict import Subject
from tf_eval.evidence.versus.either import Either
from tf_eval.evidence.versus.figure import draw_apart
from tf_eval.evidence.versus.ruling import Standing
from tf_eval.evidence.versus.side_by_side import SideBySideOutcome

CAVEAT = (
    "It holds only if families that might have had either would otherwise have changed alike, whichever of the two "
    "they started."
)


@dataclass(frozen=True, eq=False, repr=False)
class Versus:
    """Which of two interventions is better, outcome by outcome.

    Attributes:
        question: what is asked.
        first, second: the two interventions.
        rows: each outcome that decides for both.
        either: the families that might have had either; or why there are none.
        design: seed, draws, level, allowance and weights.
    """

    question: str
    first: Subject
    second: Subject
    rows: tuple[SideBySideOutcome, ...]
    either: Either | NotEstimated
    design: Mapping[str, Any]

    @property
    def subjects(self) -> tuple[Subject, Subject]:
        return self.first, self.second

    def table(self) -> pd.DataFrame:
        """Return four rows per outcome and months, in reporting units: both effects, and how far they are apart."""
        return pd.DataFrame([row for each in self.rows for row in each.rows()])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw how far the two are apart on each outcome, in multiples of the smallest difference worth having."""
        return draw_apart(self.rows, [subject.title for subject in self.subjects], ax)

    def summary(self) -> str:
        """Return which is better on what, on what they are about the same, and on what nobody can tell."""
        return f"{' '.join(self._told())} {CAVEAT}"

    def _told(self) -> list[str]:
        titles = [subject.title for subject in self.subjects]
        parts = [
            f"{title} is better than {in_sentence(titles[1 - place])} on {self._labels(Standing.BETTER, place)}."
            for place, title in enumerate(titles)
            if self._labels(Standing.BETTER, place)
        ]
        for standing, told in ((Standing.SAME, "They do about the same on"), (Standing.UNKNOWN, "Nobody can tell on")):
            labels = self._labels(standing)
            parts += [f"{told} {labels}."] if labels else []
        return parts

    def _labels(self, standing: Standing, better: int | None = None) -> str:
        rows = [row for row in self.rows if row.ruling.standing == standing and row.ruling.better == better]
        return listed([in_sentence(row.outcome.label) for row in rows])

    def to_dict(self) -> dict[str, Any]:
        return {
            "question": self.question,
            "subjects": [asdict(subject) for subject in self.subjects],
            "outcomes": [row.to_dict() for row in self.rows],
            "either": self.either.to_dict() if isinstance(self.either, NotEstimated) else self.either.matched.to_dict(),
            "design": plain(self.design),
        }

    def __repr__(self) -> str:
        told = "; ".join(f"{row.outcome.label}: {row.ruling.standing}" for row in self.rows)
        return f"<Versus: {self.first.title} or {self.second.title}: {told}>"
