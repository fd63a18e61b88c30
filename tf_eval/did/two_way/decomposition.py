"""Which comparisons of two cohorts the coefficient of two-way fixed effects is made of.

Goodman-Bacon (2021, Journal of Econometrics 225, theorem 1).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.did.asker import asked_by
from tf_eval.did.design import Design
from tf_eval.did.plain import plain
from tf_eval.did.times import DateUnit
from tf_eval.did.two_way.figure import draw_comparisons
from tf_eval.did.two_way.reading import Treated, read_treated
from tf_eval.errors import NotEstimated
from tf_eval.matching.display import SMALLEST_SHOWN, number, so_many

NEVER, WAITING, FORBIDDEN = "treated against never treated", "earlier against later", "later against already treated"
KINDS = (NEVER, WAITING, FORBIDDEN)
ADVICE = "It is no average effect; for one, use estimate_att."


@dataclass(frozen=True, eq=False, repr=False)
class TwfeDecomposition:
    """The 2x2 comparisons of start cohorts, with their weights (sum 1), that make up the ``coefficient``.

    ``comparisons`` has a row each: ``kind`` (one of three), ``treated`` and ``compared`` (start cohorts; missing:
    never), ``weight``, ``estimate``, ``n_treated`` and ``n_comparison`` units.
    """

    comparisons: pd.DataFrame
    coefficient: float
    notes: tuple[str, ...]
    design: Design

    @property
    def forbidden_share(self) -> float:
        """The weight of comparisons with those already treated."""
        return float(self.by_kind().loc[FORBIDDEN, "weight"])

    def table(self) -> pd.DataFrame:
        return self.comparisons.copy()

    def by_kind(self) -> pd.DataFrame:
        """Return, for each kind of comparison, its weight and its mean estimate (missing where there is none)."""
        frame = self.comparisons
        weight = frame["weight"].groupby(frame["kind"]).sum().reindex(KINDS, fill_value=0.0)
        product = (frame["weight"] * frame["estimate"]).groupby(frame["kind"]).sum().reindex(KINDS, fill_value=0.0)
        return pd.DataFrame({"weight": weight, "estimate": product / weight.where(weight > 0)})

    def summary(self) -> str:
        """Return what the coefficient is the mean of, by kind of comparison, in plain sentences."""
        told = (
            f"The two-way fixed-effects coefficient on {self.design.outcome}, {number(self.coefficient)}, is the mean "
            f"of {so_many(len(self.comparisons), 'comparison')} of two groups"
        )
        if not self.design.shows(self._smallest):
            return f"{told}. What each of them finds is {self.design.not_shown} {ADVICE}"
        return f"{told}: {self._kinds()}. {self._forbidden()} {ADVICE}"

    def _kinds(self) -> str:
        kinds = self.by_kind().query("weight > 0")
        return ", ".join(
            f"{kind} ({weight:.0%} of the weight, mean {number(estimate)})"
            for kind, weight, estimate in kinds.itertuples(name=None)
        )

    def _forbidden(self) -> str:
        if not self.forbidden_share:
            return "None of them compares with units that are already treated."
        return (
            "Those with units already treated are forbidden comparisons: growing or fading effects of these count as "
            f"trend; {self._clean()}"
        )

    def _clean(self) -> str:
        rest = self.by_kind().drop(FORBIDDEN)
        weight = rest["weight"].sum()
        if not weight:
            return "there are no others."
        mean = float((rest["weight"] * rest["estimate"].fillna(0)).sum() / weight)
        return f"the others average {number(mean)}."

    @property
    def _smallest(self) -> int:
        """The units of the smallest group that is compared."""
        return int(self.comparisons[["n_treated", "n_comparison"]].to_numpy().min())

    def to_dict(self) -> dict[str, Any]:
        rows = self.comparisons.astype(object).where(self.comparisons.notna(), None).to_dict("records")
        return {
            "coefficient": self.coefficient,
            "forbidden_share": self.forbidden_share,
            "comparisons": [plain(row) for row in rows],
            "notes": list(self.notes),
            "design": self.design.to_dict(),
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw every comparison's estimate against its weight, by kind, and the coefficient as a line."""
        return draw_comparisons(self.comparisons, KINDS, self.coefficient, self.design, ax)

    def __repr__(self) -> str:
        share = f"{self.forbidden_share:.0%} forbidden by weight"
        told = f", {share}" if self.design.shows(self._smallest) else ""
        return f"<TwfeDecomposition: {self.design.outcome}, {so_many(len(self.comparisons), 'comparison')}{told}>"


@asked_by("decompose_twfe")
def decompose_twfe(
    data: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    period: str,
    adopted: str,
    weights: str | None = None,
    smallest_shown: int = SMALLEST_SHOWN,
) -> TwfeDecomposition | NotEstimated:
    """Return every 2x2 comparison of start cohorts with its weight: together they are the coefficient, exactly.

    Arguments are those of ``estimate_att``; units that adopt after the last period count as never treated. Units
    treated from the first period on are left out, as they are of ``two_way_fixed_effects``. Not estimated where a unit
    is not seen in a period: the theorem is for panels without gaps. Raises as ``estimate_att`` does.
    """
    options = {"outcome": outcome, "unit": unit, "period": period, "adopted": adopted, "weights": weights}
    options |= {"smallest_shown": smallest_shown}
    treated, design = read_treated(data, "decompose_twfe", options)
    gaps = int((~np.isfinite(treated.panel.outcome)).any(axis=1).sum())
    if gaps:
        return NotEstimated(
            f"the decomposition needs every unit in every period, and units with gaps are {design.told(gaps)}"
        )
    cohorts = _cohorts(treated)
    comparisons = pd.DataFrame(list(_compare(treated, cohorts)))
    if comparisons.empty:
        return NotEstimated("there is a single start cohort and nobody to compare it with")
    comparisons["weight"] /= comparisons["weight"].sum()
    coefficient = float(comparisons["weight"] @ comparisons["estimate"])
    unit = treated.panel.time_unit
    kept = comparisons.assign(**{arm: _starts(comparisons[arm], unit) for arm in ("treated", "compared")})
    return TwfeDecomposition(kept, coefficient, treated.panel.notes, design)


def _starts(starts: pd.Series, time_unit: str) -> pd.Series:
    """Return start cohorts as the data have them; the never treated are missing."""
    if not isinstance(time_unit, DateUnit):
        return starts.astype("Int64")
    return starts.map(lambda start: pd.NaT if pd.isna(start) else time_unit.begins(int(start)))


@dataclass(frozen=True, eq=False)
class _Cohort:
    """A start cohort (infinity: never treated): its weight, how many units, mean outcome by period, when treated."""

    adopted: float
    weight: float
    n_units: int
    mean: np.ndarray
    treated: np.ndarray


def _cohorts(data: Treated) -> list[_Cohort]:
    panel = data.panel
    adopted = np.where(data.ever, panel.adopted, np.inf)
    cohorts = []
    for start in np.unique(adopted):
        units = adopted == start
        weight, outcome = panel.weight[units], panel.outcome[units]
        # Outcomes are measured from each unit's own mean, which no difference between periods notices.
        mean = weight @ outcome / weight.sum()
        cohorts.append(_Cohort(float(start), float(weight.sum()), int(units.sum()), mean, panel.periods >= start))
    return cohorts


def _compare(data: Treated, cohorts: list[_Cohort]) -> Iterator[dict[str, Any]]:
    """Yield the comparisons of all pairs of cohorts, with weights up to a common factor."""
    everywhere = np.ones(len(data.panel.periods), dtype=bool)
    for place, earlier in enumerate(cohorts):
        for later in cohorts[place + 1 :]:
            both = earlier.weight * later.weight
            time, time_later = earlier.treated.mean(), later.treated.mean()
            if np.isinf(later.adopted):
                yield _pair(NEVER, earlier, later, everywhere, both * time * (1 - time))
                continue
            apart = both * (time - time_later)
            yield _pair(WAITING, earlier, later, ~later.treated, apart * (1 - time))
            yield _pair(FORBIDDEN, later, earlier, earlier.treated, apart * time_later)


def _pair(kind: str, treated: _Cohort, compared: _Cohort, window: np.ndarray, weight: float) -> dict[str, Any]:
    """Return one comparison: how the treated change at their start within the ``window``, less how the others do."""
    difference = treated.mean - compared.mean
    after, before = window & treated.treated, window & ~treated.treated
    return {
        "kind": kind,
        "treated": treated.adopted,
        "compared": compared.adopted if np.isfinite(compared.adopted) else None,
        "weight": weight,
        "estimate": float(difference[after].mean() - difference[before].mean()),
        "n_treated": treated.n_units,
        "n_comparison": compared.n_units,
    }
