"""Whom an effect is about: those it was asked of, beside those who were studied and those who were left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.errors import ConfigError, raise_all
from tf_eval.matching.arguments import label_problems
from tf_eval.matching.display import rounded
from tf_eval.matching.everyone import Everyone
from tf_eval.matching.matched import Matched, require_match
from tf_eval.matching.reading.covariates import labelled
from tf_eval.matching.review.population_plot import plot_population
from tf_eval.matching.review.statistics import in_yardsticks, mean, variance

NOTABLE = 0.1  # of a standard deviation; a smaller shift is not worth a word (as balance within 0.1)
WHERE = "describe_population"
ASKED = {"att": "treated", "atc": "comparison", "ate": "all", "ato": "all"}


def describe_population(matched: Matched, *, labels: Mapping[str, str] | None = None) -> "Population":
    """Say of whom the effect was asked, of whom it is answered, and how these differ on every covariate.

    A caliper, exact columns and weights leave rows out, or make them count for less, and the answer is then about
    others than the question was (after the generalisability table of CohortMethod).

    Parameters
    ----------
    matched
        What ``match`` returned.
    labels
        Words for people, by name of covariate, as in ``check_balance``.

    Returns
    -------
    Population
        The question is asked of the treated rows for the estimand ``"att"``, of the comparison rows for ``"atc"``, and
        of all rows for ``"ate"`` and ``"ato"``.

    Raises
    ------
    ConfigError
        The labels are no words by name.
    """
    require_match(matched, WHERE)
    raise_all(ConfigError, WHERE, label_problems(labels))
    everyone, estimand = matched.everyone, matched.design.estimand
    asked = _asked(everyone, estimand)
    arm = ~everyone.treated if estimand == "atc" else everyone.treated
    values, left_out = everyone.covariates.values, asked & (everyone.weight == 0)
    columns = {
        "mean_asked": values[asked].mean(axis=0),
        "mean_studied": mean(values[arm], everyone.weight[arm]),
        "mean_left_out": values[left_out].mean(axis=0) if left_out.any() else np.full(values.shape[1], np.nan),
    }
    scale = np.sqrt(variance(values[asked]))
    for shift, group in {"shift": "mean_studied", "shift_left_out": "mean_left_out"}.items():
        columns[shift] = in_yardsticks(columns[group] - columns["mean_asked"], scale)
    rows = {"asked": int(asked.sum()), "studied": int((asked & ~left_out).sum()), "left_out": int(left_out.sum())}
    table = pd.DataFrame(labelled(everyone.covariates.levels, labels or {}) | columns)
    return Population(table, rows, {"estimand": estimand, "asked_of": ASKED[estimand]})


def _asked(everyone: Everyone, estimand: str) -> np.ndarray:
    arms = {"treated": everyone.treated, "comparison": ~everyone.treated}
    return arms.get(ASKED[estimand], np.ones(len(everyone.treated), dtype=bool))


@dataclass(frozen=True, eq=False, repr=False)
class Population:
    """Whom an effect is about.

    differences   one row for each level of each covariate: see ``table``
    rows          how many rows the question was about (asked), how many of them were studied, how many left out
    design        the estimand, and of whom it asks
    """

    differences: pd.DataFrame
    rows: Mapping[str, int]
    design: Mapping[str, Any] = field(default_factory=dict)

    @property
    def notable(self) -> float:
        """The shift up to which those studied count as like those the question was about."""
        return NOTABLE

    @property
    def furthest(self) -> dict[str, Any]:
        """The covariate level on which those studied differ most from those the question was about."""
        return self.differences.iloc[int(self.differences["shift"].abs().argmax())].to_dict()

    def table(self) -> pd.DataFrame:
        """Return a tidy copy, one row for each covariate level.

        ``mean_asked`` of those the question was about; ``mean_studied`` of those who were studied, as they count in the
        answer; ``mean_left_out`` of the others (missing: nobody was left out); ``shift``, studied less asked in
        standard deviations of those asked; and ``shift_left_out``, left out less asked in the same.
        """
        return self.differences.copy()

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the shift of every covariate level, the largest on top."""
        return plot_population(self.differences, NOTABLE, ax)

    def summary(self) -> str:
        """Return whom the effect is about in words; counts are rounded and small ones not shown."""
        who = {"all": "rows"}.get(self.design["asked_of"], f"{self.design['asked_of']} rows")
        counted = {name: rounded(count) for name, count in self.rows.items()}
        studied = f"{counted['studied']} of them were studied" if self.rows["left_out"] else "all of them were studied"
        return f"The effect is asked of {counted['asked']} {who}, and {studied}. {self._shift()}"

    def _shift(self) -> str:
        furthest = self.furthest
        if not abs(furthest["shift"]) > NOTABLE:
            return f"On no covariate do those studied differ from all by more than {NOTABLE:g} standard deviations."
        side = "above" if furthest["shift"] > 0 else "below"
        far = f"{abs(furthest['shift']):.2f} standard deviations {side} all"
        return f"Those studied differ most by {furthest['label']}: {far}; the answer is about those studied."

    def to_dict(self) -> dict[str, Any]:
        """Return counts and differences as JSON-safe values."""
        differences = self.differences.astype(object).where(self.differences.notna(), None)
        return {"rows": dict(self.rows), "differences": differences.to_dict("records"), "design": dict(self.design)}

    def __repr__(self) -> str:
        return f"<Population: {self.summary()}>"
