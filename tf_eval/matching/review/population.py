"""Whom an effect is about: those it was asked of, beside those who were studied and those who were left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.errors import ConfigError, raise_all
from tf_eval.matching.arguments import label_problems
from tf_eval.matching.display import NOT_SHOWN, SMALLEST_SHOWN, counted
from tf_eval.matching.everyone import Everyone
from tf_eval.matching.figure import leave_empty
from tf_eval.matching.matched import Matched, require_match
from tf_eval.matching.reading.covariates import labelled
from tf_eval.matching.review.population_plot import plot_population
from tf_eval.matching.review.statistics import in_yardsticks, mean, variance

NOTABLE = 0.1  # of a standard deviation; a smaller shift is not worth a word (as balance within 0.1)
WHERE = "describe_population"
ROWS = {"treated": "treated rows", "comparison": "comparison rows", "all": "rows of both arms"}
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
        of all rows for ``"ate"``; each of them that was not left out counts as one in the answer. For ``"ato"`` all
        rows count, each for the more the likelier it might have been in the other arm as well as in its own (the
        overlap population: Li, Morgan and Zaslavsky 2018).

    Raises
    ------
    ConfigError
        The labels are no words by name.
    """
    require_match(matched, WHERE)
    raise_all(ConfigError, WHERE, label_problems(labels))
    everyone, estimand = matched.everyone, matched.design.estimand
    asked = _asked(everyone, estimand)
    values, left_out = everyone.covariates.values, asked & (everyone.weight == 0)
    counts = everyone.weight if estimand == "ato" else (asked & ~left_out).astype(float)
    columns = {
        "mean_asked": values[asked].mean(axis=0),
        "mean_studied": mean(values, counts),
        "mean_left_out": values[left_out].mean(axis=0) if left_out.any() else np.full(values.shape[1], np.nan),
    }
    scale = np.sqrt(variance(values[asked]))
    for shift, group in {"shift": "mean_studied", "shift_left_out": "mean_left_out"}.items():
        columns[shift] = in_yardsticks(columns[group] - columns["mean_asked"], scale)
    groups = {"asked": asked, "studied": asked & ~left_out, "left_out": left_out}
    rows, units = (
        {name: count(np.flatnonzero(group)) for name, group in groups.items()} for count in (len, everyone.count_units)
    )
    table = pd.DataFrame(labelled(everyone.covariates.levels, labels or {}) | columns)
    return Population(table, rows, units, {"estimand": estimand, "asked_of": ASKED[estimand]})


def _asked(everyone: Everyone, estimand: str) -> np.ndarray:
    arms = {"treated": everyone.treated, "comparison": ~everyone.treated}
    return arms.get(ASKED[estimand], np.ones(len(everyone.treated), dtype=bool))


@dataclass(frozen=True, eq=False, repr=False)
class Population:
    """Whom an effect is about.

    differences   one row for each level of each covariate: see ``table``
    rows          how many rows the question was about (asked), how many of them were studied, how many left out
    units         of how many units these are; of as many where none are named
    design        the estimand, and of whom it asks
    """

    differences: pd.DataFrame
    rows: Mapping[str, int]
    units: Mapping[str, int]
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
        if self._is_small:
            return leave_empty(ax, "Whom the effect is about")
        return plot_population(self.differences, NOTABLE, ax)

    def summary(self) -> str:
        """Return whom the effect is about in words; counts are rounded and small ones not shown."""
        if self.design["estimand"] == "ato":
            return f"{self._overlapping()} {self._shift('they differ')}"
        asked = counted(self.rows["asked"], self.units["asked"], ROWS[self.design["asked_of"]])
        if not self.rows["left_out"]:
            return f"The effect is asked of {asked}, and all of them were studied: the answer is about them."
        return (
            f"The effect is asked of {asked}, and {self._studied()} were studied. {self._shift('those studied differ')}"
        )

    def _overlapping(self) -> str:
        studied = counted(self.rows["studied"], self.units["studied"], "rows of both arms")
        apart = f"; {self._counted('left_out')} were left out" if self.rows["left_out"] else ""
        return (
            f"The answer is about those who might as well have been treated as not: {studied}, each of which counts "
            f"for the more the likelier it might have been in the other arm{apart}."
        )

    def _studied(self) -> str:
        if self.rows["left_out"] < SMALLEST_SHOWN:
            return f"all but fewer than {SMALLEST_SHOWN} of them"
        return f"{self._counted('studied')} of them"

    def _counted(self, group: str) -> str:
        return counted(self.rows[group], self.units[group])

    @property
    def _is_small(self) -> bool:
        return self.units["studied"] < SMALLEST_SHOWN

    def _shift(self, they_differ: str) -> str:
        if self._is_small:
            return f"How {they_differ} from all is {NOT_SHOWN}"
        furthest = self.furthest
        if not abs(furthest["shift"]) > NOTABLE:
            return f"On no covariate do {they_differ} from all by more than {NOTABLE:g} standard deviations."
        side = "above" if furthest["shift"] > 0 else "below"
        far = f"{abs(furthest['shift']):.2f} standard deviations {side} all"
        whom = "" if self.design["estimand"] == "ato" else "; the answer is about those studied"
        return f"{they_differ[0].upper()}{they_differ[1:]} most in {furthest['label']} ({far}){whom}."

    def to_dict(self) -> dict[str, Any]:
        """Return counts and differences as JSON-safe values."""
        differences = self.differences.astype(object).where(self.differences.notna(), None)
        return {"rows": dict(self.rows), "differences": differences.to_dict("records"), "design": dict(self.design)}

    def __repr__(self) -> str:
        return f"<Population: {self.summary()}>"
