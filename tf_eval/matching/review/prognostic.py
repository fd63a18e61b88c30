"""How alike the groups are in what would have been without treatment, as far as the covariates tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.errors import ConfigError, EstimationError, InputError, raise_all, require_columns
from tf_eval.matching.display import NOT_SHOWN, number
from tf_eval.matching.everyone import Everyone
from tf_eval.matching.figure import headline, leave_empty
from tf_eval.matching.matched import Matched, require_match
from tf_eval.matching.options import WEIGHTING
from tf_eval.matching.reading.columns import number_problems
from tf_eval.matching.review.bins import Bins
from tf_eval.matching.review.measures import measure_arms
from tf_eval.matching.review.mirrored_plot import LEFT_EMPTY, draw_mirrored
from tf_eval.matching.review.prognostic_model import enough_to_fit, predict_outcome
from tf_eval.matching.review.statistics import OF_TREATED, sd_problems

WHERE = "prognostic_balance"
WEAK = 0.05  # share of the outcome's variance
UNMATCHED, ALL = "comparison rows that were not matched", "all comparison rows"


def prognostic_balance(matched: Matched, outcome: str, *, sd: str = OF_TREATED) -> "PrognosticBalance":
    """Compare the groups by the outcome that covariates predict for each row without treatment.

    Covariates do not matter alike: one that foretells the outcome biases an effect, another does not. The prognostic
    score (Hansen 2008) weighs them by that, and how it is balanced tells the bias that is left better than the mean
    over covariates does (Stuart, Lee and Leacy 2013). Only outcomes of comparison rows are looked at, none of the
    treated, so that the design may still be changed for what is found.

    Parameters
    ----------
    matched
        What ``match`` returned, or one of the ``pairs`` of ``match_arms``; its balance need not have been accepted.
    outcome
        Column of the frame that was matched: numbers, or yes/no as 0 and 1 or true and false. It may be missing.
    sd
        Whose standard deviation the difference is measured in, as in ``check_balance``.

    Returns
    -------
    PrognosticBalance
        The model (least squares, or logistic regression of a yes/no) is fitted on comparison rows of units that were
        not matched where these are enough, ten rows for each column and for the constant (of a yes/no, ten of either
        answer): fitted on the matched ones, it takes their chance for their prospects (Hansen 2008). Else it is fitted
        on all comparison rows.

    Raises
    ------
    ConfigError
        There is no such standard deviation.
    InputError
        The outcome is not there, was used by the match or is no number.
    EstimationError
        There are too few comparison rows with an outcome, or it is the same in all of them.
    """
    require_match(matched, WHERE)
    raise_all(ConfigError, WHERE, sd_problems(sd))
    frame = matched.sealed.frame
    require_columns(frame.columns, [outcome], WHERE)
    raise_all(InputError, WHERE, _problems(matched, outcome))
    everyone, regressors = matched.everyone, matched.everyone.covariates.regressors()[0]
    values = frame[outcome].to_numpy(dtype=float, na_value=np.nan)[everyone.input_row]
    rows, fitted_on = _rows_to_fit(matched, values, regressors.shape[1])
    try:
        prognosis = predict_outcome(regressors, values, rows)
    except EstimationError as error:
        raise EstimationError(f"{WHERE}: {error}") from None
    measures = {name: float(found[0]) for name, found in measure_arms(everyone, [prognosis.predicted], sd).items()}
    design = {"outcome": outcome, "sd": sd, "fitted_on": fitted_on, "match": matched.design.to_dict()}
    return PrognosticBalance(measures, prognosis.explained, prognosis.predicted, everyone, design)


def _problems(matched: Matched, outcome: str) -> list[str]:
    if outcome in matched.design.columns():
        return [f"'{outcome}' was used by the match and cannot be its outcome"]
    column = matched.sealed.frame[outcome]
    return number_problems(column, f"the outcome '{outcome}'", "must be a number, or true and false")


def _rows_to_fit(matched: Matched, outcome: np.ndarray, columns: int) -> tuple[np.ndarray, str]:
    """Return the rows that the model is fitted on, and what they are called."""
    known = ~matched.everyone.treated & ~np.isnan(outcome)
    apart = known & ~_of_matched_units(matched)
    for rows, called in ((np.flatnonzero(apart), UNMATCHED), (np.flatnonzero(known), ALL)):
        if enough_to_fit(outcome[rows], columns):
            return rows, called
    raise EstimationError(
        f"{WHERE}: too few comparison rows have an outcome for a model of {columns} columns (of a yes/no, of either "
        "answer); match on fewer covariates, or group the levels of categories"
    )


def _of_matched_units(matched: Matched) -> np.ndarray:
    if matched.unit is None:
        return matched.everyone.weight != 0
    unit = matched.sealed.frame[matched.unit].iloc[matched.everyone.input_row]
    return unit.isin(matched.frame[matched.unit]).to_numpy()


@dataclass(frozen=True, eq=False, repr=False)
class PrognosticBalance:
    """How alike the groups are in the outcome that covariates predict.

    measures    those of ``Balance.table``, of the predicted outcome
    explained   share of the variance of the outcome that covariates explain in the rows the model was fitted on
    predicted   the predicted outcome of every row of the sample, of a yes/no its probability; not for display
    everyone    the sample before matching; not for display
    design      outcome, standard deviation, the rows the model was fitted on, and the match
    """

    measures: Mapping[str, float]
    explained: float
    predicted: np.ndarray
    everyone: Everyone
    design: Mapping[str, Any] = field(default_factory=dict)

    @property
    def differences(self) -> dict[str, float]:
        """The difference of the predicted outcome before and after, treated less comparison, in its own units."""
        found = self.measures
        return {when: found[f"mean_treated_{when}"] - found[f"mean_comparison_{when}"] for when in ("before", "after")}

    def table(self) -> pd.DataFrame:
        """Return one row: ``outcome``, the columns of ``Balance.table`` from the means on, and ``explained``."""
        return pd.DataFrame([{"outcome": self.design["outcome"], **self.measures, "explained": self.explained}])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw how the predicted outcome is distributed in the groups, as shares of bins (none of fewer than 10)."""
        if self.everyone.is_small:
            return leave_empty(ax, f"{self.design['outcome']} as covariates predict it")
        ax = draw_mirrored(self.everyone, Bins.of_numbers(self.predicted, self.everyone.treated), ax)
        after, before = (abs(self.measures[f"smd_{when}"]) for when in ("after", "before"))
        message = f"Their predicted outcomes differ by {after:.2f} standard deviations, {before:.2f} before"
        headline(ax, message, f"{self.design['outcome']} without treatment, as covariates predict it\n{LEFT_EMPTY}")
        return ax

    def summary(self) -> str:
        """Return what difference covariates predict without any effect, in the outcome's own units."""
        by = "weighting" if self.design["match"]["method"] in WEIGHTING else "matching"
        if self.everyone.is_small:
            return f"What covariates predict of {self.design['outcome']} is {NOT_SHOWN}"
        before, after = self.differences["before"], self.differences["after"]
        apart = {when: f"{abs(self.measures[f'smd_{when}']):.2f}" for when in self.differences}
        return (
            f"Without any effect, covariates predict a difference between the two groups of {number(after)} in "
            f"{self.design['outcome']} after {by} ({number(before)} before): {apart['after']} standard "
            f"deviations of the prediction ({apart['before']} before). They explain "
            f"{100 * max(self.explained, 0):.0f}% of the outcome's variance in {self.design['fitted_on']}; no outcome "
            f"of treated rows was looked at.{self._caveat()}"
        )

    def _caveat(self) -> str:
        of_matched = self.design["fitted_on"] == ALL
        said = {
            " So weak a prediction says little about what bias is left.": self.explained < WEAK,
            " The model knows the outcomes of matched rows, and may find them too well predicted.": of_matched,
        }
        return "".join(sentence for sentence, holds in said.items() if holds)

    def to_dict(self) -> dict[str, Any]:
        """Return measures and design as JSON-safe values; None where a number does not apply."""
        measures = {name: None if np.isnan(value) else value for name, value in self.measures.items()}
        return {"measures": measures, "differences": self.differences, "explained": self.explained, **self.design}

    def __repr__(self) -> str:
        return f"<PrognosticBalance: {self.summary()}>"
