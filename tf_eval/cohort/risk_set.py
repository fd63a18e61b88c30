"""Who is compared at which index month: families that start then, and families that could have started then."""

from dataclasses import dataclass

import numpy as np

from tf_eval.cohort.covariates import LOOKBACK
from tf_eval.cohort.flow import FlowStep, build_steps
from tf_eval.cohort.months import first_day
from tf_eval.cohort.panel_data import PanelData

NOT_QUALIFIED = "did not meet the programme's rule before the month of the start"
TOO_LATE = "identified too late to be compared"
NOT_WAITING = "had started support by then"
LEFT = "not living in the county just before that month"
TOO_SHORT = f"fewer than {LOOKBACK} months observed before that month"


@dataclass(frozen=True, eq=False)
class RiskSets:
    """Rows of the arms: the family's row in the panel, its index month, and whether it starts then; with the flow."""

    family: np.ndarray
    index_month: np.ndarray
    treated: np.ndarray
    steps: list[FlowStep]


def build_risk_sets(data: PanelData, qualified_on: np.ndarray, starters: np.ndarray, name: str) -> RiskSets:
    """Return the treated families and, for each month in which one of them starts, the families at risk.

    A family is at risk at an index month when it qualified before the month's first day and has started nothing by
    the month's end; it may start later, and may be at risk at many index months (Li, Propert and Rosenbaum 2001,
    "Balanced risk set matching").

    Args:
        data: the panel's matrices.
        qualified_on: the day on which each family qualified (NaT: never).
        starters: the families whose first start was the intervention.
        name: the intervention in words.
    """
    families = np.flatnonzero(starters)
    treated = _Candidates.at(data, qualified_on, families, data.start[families])
    kept = treated.kept
    months = np.unique(treated.month[kept])
    pool = np.flatnonzero(~np.isnat(qualified_on))
    pairs = _Candidates.at(data, qualified_on, np.tile(pool, len(months)), np.repeat(months, len(pool)))
    comparison = pairs.only(data.start[pairs.family] > pairs.month)
    family = np.concatenate([treated.family[kept], comparison.family[comparison.kept]])
    month = np.concatenate([treated.month[kept], comparison.month[comparison.kept]])
    is_treated = np.arange(len(family)) < kept.sum()
    order = np.lexsort((family, ~is_treated, month))
    steps = build_steps(
        FlowStep(f"started {name} first", len(families), arm="treated"),
        [("identified before the start", treated.reaching("qualified"), NOT_QUALIFIED), *treated.last_steps()],
    )
    steps += build_steps(
        FlowStep("identified", len(pool), arm="comparison"),
        [
            ("identified before a month in which a family started", pairs.reaching("qualified"), TOO_LATE),
            ("could have started when others did", comparison.reaching("qualified"), NOT_WAITING),
            *comparison.last_steps(),
        ],
    )
    return RiskSets(family[order], month[order], is_treated[order], steps)


@dataclass(frozen=True, eq=False)
class _Candidates:
    """Pairs of family and month, and which of the three conditions each meets."""

    family: np.ndarray
    month: np.ndarray
    qualified: np.ndarray
    here: np.ndarray
    observed: np.ndarray

    @classmethod
    def at(cls, data: PanelData, qualified_on: np.ndarray, family: np.ndarray, month: np.ndarray) -> "_Candidates":
        qualified = qualified_on[family] < first_day(month)
        observed = data.observed_before(family, month, LOOKBACK)
        return cls(family, month, qualified, data.here_before(family, month), observed)

    def only(self, wanted: np.ndarray) -> "_Candidates":
        return _Candidates(*(getattr(self, name)[wanted] for name in self.__dataclass_fields__))

    @property
    def kept(self) -> np.ndarray:
        return self.qualified & self.here & self.observed

    def reaching(self, *conditions: str) -> int:
        """Return how many families meet all the conditions in one of their months."""
        passed = np.logical_and.reduce([getattr(self, name) for name in conditions])
        return len(np.unique(self.family[passed]))

    def last_steps(self) -> list[tuple[str, int, str]]:
        """Return the steps of the flow that both arms share."""
        return [
            ("in the county", self.reaching("qualified", "here"), LEFT),
            ("observed for a year before", self.reaching("kept"), TOO_SHORT),
        ]
