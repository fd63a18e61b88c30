"""Both arms of an evaluation at their index months: who started the intervention, and who could have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.cohort.builder import RULE
from tf_eval.cohort.cohort import Cohort
from tf_eval.cohort.covariates import LOOKBACK, covariate_labels, fill_missing, lag_name, lagged_means, with_root
from tf_eval.cohort.flow import Flow, FlowStep
from tf_eval.cohort.months import as_days, financial_year, last_day
from tf_eval.cohort.observation import open_on
from tf_eval.cohort.panel_data import PanelData
from tf_eval.cohort.risk_set import RiskSets, build_risk_sets
from tf_eval.cohort.terms import NO_TERM
from tf_eval.cohort.words import about
from tf_eval.errors import InputError, did_you_mean

UNMATCHED = "no family enough like them in the same month"
NOT_NEEDED = "others were more alike"
KEYS = ("family_id", "treated", "index_month", "start_cohort")


@dataclass(frozen=True, eq=False, repr=False)
class Arms:
    """Treated families at the month of their start and, at each such month, the families at risk of starting.

    frame     one row per family and index month: family_id, treated (1 or 0), index_month, start_cohort (the
              financial year of the index month), district, and covariates. Everything in it was known before the
              first day of the index month.
    treated, unit, risk_set   the names of the columns that say which arm, which family and which risk set
    flow      the cohort's flow, and from it the flow of each arm
    labels    the covariates in plain words
    """

    intervention: str
    frame: pd.DataFrame
    flow: Flow
    labels: Mapping[str, str]
    treated: str = "treated"
    unit: str = "family_id"
    risk_set: str = "index_month"
    design: Mapping[str, Any] = field(default_factory=dict)

    @property
    def covariates(self) -> list[str]:
        """The columns of the frame that describe a family before its index month."""
        return [column for column in self.frame.columns if column not in KEYS]

    def flow_to(self, matched: Any) -> Flow:
        """Return the flow down to the families that are compared: the last step of both arms.

        Args:
            matched: has ``frame``: the matched rows of this frame.
        """
        families = matched.frame.groupby(self.treated)[self.unit].nunique()
        ends = []
        for arm, code, reason in (("treated", 1, UNMATCHED), ("comparison", 0, NOT_NEEDED)):
            before, after = self.flow.of_arm(arm)[-1].families, int(families.get(code, 0))
            ends.append(FlowStep("compared", after, before - after, reason, arm))
        return self.flow.then(ends)

    def table(self) -> pd.DataFrame:
        """Return a copy of the frame."""
        return self.frame.copy()

    def summary(self) -> str:
        """Return the sizes of both arms in one sentence, with rounded counts."""
        families = self.frame.groupby(self.treated)[self.unit].nunique()
        name = self.intervention.replace("_", " ").capitalize()
        started, waiting = (about(int(families.get(arm, 0))) for arm in (1, 0))
        months = self.frame[self.risk_set].nunique()
        return f"{name}: {started} families started, and {waiting} could have at one of {months} index months."

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the flow of families."""
        return self.flow.plot(ax)

    def to_dict(self) -> dict[str, Any]:
        """Return the flow and the covariates' labels as plain values; no single family is in it."""
        return {"flow": self.flow.to_dict(), "labels": dict(self.labels), "design": dict(self.design)}

    def __repr__(self) -> str:
        return f"<Arms: {self.summary()}>"


def build_arms(cohort: Cohort, data: PanelData, intervention: str) -> Arms:
    """Return the arms of one intervention; see ``Panel.arms``."""
    families = cohort.families
    known = set(families["intervention"].dropna())
    if intervention not in known:
        advice = did_you_mean(intervention, known)
        raise InputError(f"arms: no family of the cohort started '{intervention}' as its first support.{advice}")
    starters = (families["intervention"] == intervention).to_numpy(dtype=bool)
    words = intervention.replace("_", " ")
    sets = build_risk_sets(data, as_days(families["qualified_on"]), starters, words)
    frame = pd.DataFrame(_columns(cohort, data, sets))
    return Arms(
        intervention=intervention,
        frame=frame,
        flow=cohort.flow.then(sets.steps, intervention=intervention),
        labels=covariate_labels(data.outcomes, frame.columns),
        design={"intervention": intervention, "lookback_months": LOOKBACK, **cohort.design},
    )


def _columns(cohort: Cohort, data: PanelData, sets: RiskSets) -> dict[str, np.ndarray]:
    before = sets.index_month - 1 - data.months[0]
    criteria, qualified = _criteria_before(cohort, data, sets)
    columns = {
        "family_id": data.family_ids[sets.family],
        "treated": sets.treated.astype(np.int64),
        "index_month": sets.index_month,
        "start_cohort": np.array([financial_year(month) for month in sets.index_month], dtype=object),
        "district": data.district[sets.family, before],
        **_lagged_outcomes(data, sets),
        "months_since_qualified": sets.index_month - data.qualified[sets.family],
        "children": data.children[sets.family, before],
        "adults": data.adults[sets.family, before],
        "criteria_met": criteria,
        "currently_qualified": qualified,
    }
    return columns


def _lagged_outcomes(data: PanelData, sets: RiskSets) -> dict[str, np.ndarray]:
    columns: dict[str, np.ndarray] = {}
    for outcome in data.outcomes:
        means = lagged_means(_months_before(data, outcome.name, outcome.by_term, sets))
        for months, values in means.items():
            name = lag_name(outcome.name, months)
            columns.update(with_root(name, values) if outcome.kind == "count" else fill_missing(name, values))
    return columns


def _months_before(data: PanelData, name: str, by_term: bool, sets: RiskSets) -> np.ndarray:
    """Return rows x the twelve months before each row's index month, in order.

    What is known by term counts from terms that had ended by then: the sum over a term that spans the index month
    holds what came after it.
    """
    months = sets.index_month[:, None] - np.arange(LOOKBACK, 0, -1)
    columns = months - data.months[0]
    values = data.values[name][sets.family[:, None], columns]
    if not by_term:
        return values
    term = data.terms.of_months(data.months)[columns]
    ended_in = data.terms.end_months()
    known = (term != NO_TERM) & (ended_in[term] < sets.index_month[:, None])
    return np.where(known, values, np.nan)


def _criteria_before(cohort: Cohort, data: PanelData, sets: RiskSets) -> tuple[np.ndarray, np.ndarray]:
    """Return how many criteria were met, and whether the rule was, at the end of the day before the index month.

    On the first day itself a record of that day would count, which comes after the index date.
    """
    months = np.unique(sets.index_month)
    at = sets.family, np.searchsorted(months, sets.index_month)
    truth = cohort.truth[cohort.truth["state"] >= cohort.programme.least_state]
    of_rule = truth["criterion"] == RULE
    met = _open_spans(truth[~of_rule], data, months)[at]
    return met.astype(np.int64), _open_spans(truth[of_rule], data, months)[at] > 0


def _open_spans(truth: pd.DataFrame, data: PanelData, months: np.ndarray) -> np.ndarray:
    rows = np.searchsorted(data.family_ids, truth["family_id"].to_numpy())
    spans = as_days(truth["start_date"]), as_days(truth["end_date"])
    return open_on(rows, spans, last_day(months - 1), len(data.family_ids))
