"""Both arms of an evaluation at their index months: who started the intervention, and who could have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.cohort.cohort import Cohort
from tf_eval.cohort.covariates import LOOKBACK, Asked, build_covariates, catalogue
from tf_eval.cohort.flow import Flow, FlowStep
from tf_eval.cohort.months import as_days, financial_year
from tf_eval.cohort.panel_data import PanelData
from tf_eval.cohort.risk_set import RiskSets, build_risk_sets
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
    catalogue see ``covariates_table``
    """

    intervention: str
    frame: pd.DataFrame
    flow: Flow
    labels: Mapping[str, str]
    catalogue: pd.DataFrame
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

    def covariates_table(self) -> pd.DataFrame:
        """Return what describes a family: name (the column), label, window, and source (the records it is from)."""
        return self.catalogue.copy()

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
    covariates = build_covariates(cohort, data, Asked(sets.family, sets.index_month))
    frame = pd.DataFrame({**_keys(data, sets), **{covariate.name: covariate.values for covariate in covariates}})
    return Arms(
        intervention=intervention,
        frame=frame,
        flow=cohort.flow.then(sets.steps, intervention=intervention),
        labels={covariate.name: covariate.label for covariate in covariates},
        catalogue=catalogue(covariates),
        design={"intervention": intervention, "lookback_months": LOOKBACK, **cohort.design},
    )


def _keys(data: PanelData, sets: RiskSets) -> dict[str, np.ndarray]:
    months, place = np.unique(sets.index_month, return_inverse=True)
    years = np.array([financial_year(month) for month in months], dtype=object)
    return {
        "family_id": data.family_ids[sets.family],
        "treated": sets.treated.astype(np.int64),
        "index_month": sets.index_month,
        "start_cohort": years[place],
    }
