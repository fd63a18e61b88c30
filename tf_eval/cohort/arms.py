"""Both arms of an evaluation at their index months: who started the intervention, and who could have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.cohort.cohort import Cohort
from tf_eval.cohort.cohort_flow import homes
from tf_eval.cohort.covariates import LOOKBACK, Asked, build_covariates, catalogue, criteria_met
from tf_eval.cohort.event_time import follow_up
from tf_eval.cohort.flow import Flow, FlowStep, OfWhich, tally
from tf_eval.cohort.months import as_days, financial_year
from tf_eval.cohort.panel_data import PanelData
from tf_eval.cohort.pools import POOLS, PoolRule
from tf_eval.cohort.risk_set import Population, RiskSets, build_risk_sets
from tf_eval.cohort.words import about
from tf_eval.errors import InputError, did_you_mean

UNMATCHED = "not enough like the families that they could be compared with"
NOT_NEEDED = "no family with the support was like them, or others were more alike"
COMPARED = "compared"
FOLLOWED = "Months of follow-up"
KEYS = ("family_id", "treated", "index_month", "start_cohort", "pool", "provider")


@dataclass(frozen=True, eq=False, repr=False)
class Arms:
    """Treated families at the month of their start and, at each such month, the families to compare them with.

    frame     one row per family and index month: family_id, treated (1 or 0), index_month, start_cohort (the
              financial year of the index month), pool (the one that a comparison family is in at the index month,
              missing for a treated one), provider (who gave a treated family the intervention, missing for a
              comparison one), district, and covariates. What stands in it was known before the first day of the index
              month; a pool, by the month's end, as is who starts in it, and with whom.
    treated, unit, risk_set   the names of the columns that say which arm, which family and which risk set
    flow      the cohort's flow, and from it the flow of each arm
    labels    the covariates in plain words
    companions  for each covariate of which values had to be filled in (with 0), the column that says where: whoever
              matches on the one matches on the other, or a family without pupils would pass for one without absence
    catalogue see ``covariates_table``
    home      the district under which the flow counts each family, by family_id
    follow_up how many of the months 0 to 24 of each row were observed, came after a start of a comparison family's own,
              lie beyond the records, or were not observed because it had left or an extract does not cover them; no
              covariate, it is known afterwards only
    """

    intervention: str
    frame: pd.DataFrame
    flow: Flow
    labels: Mapping[str, str]
    companions: Mapping[str, str]
    catalogue: pd.DataFrame
    home: pd.Series
    follow_up: pd.DataFrame
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

        Beside the last step of the comparison arm stands from which pools its families come, and what became of their
        months of follow-up (the index month and the 24 after it, for each matched row): see ``follow_up``.

        Args:
            matched: has ``frame``: the matched rows of this frame, with its row labels.
        """
        kept = self.frame.loc[matched.frame.index]  # whatever columns the match has
        rows = {code: kept[kept[self.treated] == code] for code in (1, 0)}
        ends = [self._last_step(arm, rows[code]) for arm, code in (("treated", 1), ("comparison", 0))]
        return self.flow.then(ends, [*self._from_pools(rows[0]), *self._months_of(rows[0])])

    def _last_step(self, arm: str, rows: pd.DataFrame) -> FlowStep:
        districts = tally(self.home.loc[rows[self.unit].unique()])
        families = sum(districts.values())
        reason = UNMATCHED if arm == "treated" else NOT_NEEDED
        return FlowStep(COMPARED, families, self.flow.of_arm(arm)[-1].families - families, reason, arm, districts)

    def _from_pools(self, rows: pd.DataFrame) -> list[OfWhich]:
        """A family counts in the pool of its first index month here: it may stand in another at a later one."""
        first = rows.sort_values(self.risk_set, kind="stable").drop_duplicates(self.unit)
        parts = []
        for name in (name for name in POOLS if (first["pool"] == name).any()):
            districts = tally(self.home.loc[first.loc[first["pool"] == name, self.unit]])
            count = sum(districts.values())
            parts.append(OfWhich(COMPARED, "Who they are", POOLS[name].label, count, "comparison", districts=districts))
        return parts

    def _months_of(self, rows: pd.DataFrame) -> list[OfWhich]:
        """An outcome may be known in fewer: its last months may be on their way, and a term may span a start."""
        months = self.follow_up.loc[rows.index].sum()
        where = {"arm": "comparison", "unit": "family-months"}
        return [OfWhich(COMPARED, FOLLOWED, str(state), int(number), **where) for state, number in months.items()]

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
        started, others = (about(int(families.get(arm, 0))) for arm in (1, 0))
        months = self.frame[self.risk_set].nunique()
        return f"{name}: {started} families started, and {others} could be compared at one of {months} index months."

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the flow of families."""
        return self.flow.plot(ax)

    def to_dict(self) -> dict[str, Any]:
        """Return the flow and the covariates' labels as plain values; no single family is in it."""
        return {"flow": self.flow.to_dict(), "labels": dict(self.labels), "design": dict(self.design)}

    def __repr__(self) -> str:
        return f"<Arms: {self.summary()}>"


def build_arms(cohort: Cohort, data: PanelData, intervention: str, rule: PoolRule) -> Arms:
    """Return the arms of one intervention; see ``Panel.arms``."""
    _check(cohort, intervention, rule)
    population = _population(cohort, data)
    sets = build_risk_sets(population, intervention, rule)
    covariates = build_covariates(cohort, data, Asked(sets.family, sets.index_month))
    frame = pd.DataFrame(
        {**_keys(data, sets, intervention), **{covariate.name: covariate.values for covariate in covariates}}
    )
    return Arms(
        intervention=intervention,
        frame=frame,
        flow=cohort.flow.then(sets.steps, intervention=intervention),
        labels={covariate.name: covariate.label for covariate in covariates},
        companions={each.name: each.filled_where for each in covariates if each.filled_where},
        catalogue=catalogue(covariates),
        home=pd.Series(population.home, index=data.family_ids),
        follow_up=follow_up(data, frame),
        design={"intervention": intervention, "lookback_months": LOOKBACK, **rule.to_dict(), **cohort.design},
    )


def _check(cohort: Cohort, intervention: str, rule: PoolRule) -> None:
    exclude = rule.prior_support == "exclude"
    known = set(cohort.families["intervention"].dropna()) if exclude else _ever_started(cohort)
    if intervention not in known:
        what = f"no family of the cohort started '{intervention}'{' as its first support' if exclude else ''}"
        raise InputError(f"arms: {what}.{did_you_mean(intervention, known)}")
    if rule.below_threshold and not cohort.design["below_threshold"]:
        raise InputError(
            "arms: the cohort does not hold the families below the threshold that never qualified, and those that did "
            "later are no fair sample of them. Build it with build_cohort(..., below_threshold=True)."
        )


def _ever_started(cohort: Cohort) -> set[str]:
    starts = cohort.support[cohort.support["started"].notna()]
    return set(starts.loc[starts["family_id"].isin(cohort.families["family_id"]), "intervention"])


def _population(cohort: Cohort, data: PanelData) -> Population:
    families = cohort.families
    return Population(
        data=data,
        history=data.history,
        qualified_on=as_days(families["qualified_on"]),
        linked_on=as_days(families["linked_on"]),
        first_support=families["intervention"].to_numpy(object),
        home=homes(families["district"]).to_numpy(object),
        criteria_met=lambda asked: criteria_met(cohort, data, asked),
    )


def _keys(data: PanelData, sets: RiskSets, intervention: str) -> dict[str, np.ndarray]:
    months, place = np.unique(sets.index_month, return_inverse=True)
    years = np.array([financial_year(month) for month in months], dtype=object)
    return {
        "family_id": data.family_ids[sets.family],
        "treated": sets.treated.astype(np.int64),
        "index_month": sets.index_month,
        "start_cohort": years[place],
        "pool": sets.pool,
        "provider": np.where(sets.treated, data.history.first_provider(intervention)[sets.family], None),
    }
