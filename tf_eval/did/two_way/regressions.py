"""Two-way fixed effects, once with one effect and once with one by event time: the regressions that mix effects."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.sparse import csr_array

from tf_eval.did.alone import NOT_JUDGED
from tf_eval.did.asker import asked_by
from tf_eval.did.design import Design
from tf_eval.did.estimate import interval, told_effect
from tf_eval.did.figure import draw_effects
from tf_eval.did.group_time.cells import REFERENCE
from tf_eval.did.inference.clusters import influence_of_clusters
from tf_eval.did.inference.stored import Stored
from tf_eval.did.regression.columns import beside, indicators
from tf_eval.did.regression.least_squares import LeastSquares, regress, small_sample
from tf_eval.did.two_way.reading import Treated, read_treated
from tf_eval.did.two_way.weights import TwfeWeights, weigh
from tf_eval.errors import EstimationError
from tf_eval.matching.arguments import names
from tf_eval.matching.display import SMALLEST_SHOWN, number
from tf_eval.matching.figure import leave_empty

BASE = -1
MIXED = "cannot be told apart from constants of units and periods"


@dataclass(frozen=True, eq=False, repr=False)
class TwoWayFixedEffects:
    """Coefficients of treatment in regressions with constants for units and periods; a diagnostic, not an effect.

    ``static`` is a row (a Series) of ``table()``, the regression with one indicator of being treated; the rows with an
    ``event_time`` are those of the regression with an indicator for each event time but -1. ``weights`` says how the
    static coefficient weighs the effects that it mixes. ``is_alone`` says that all treated units are of one cluster:
    then no sentence or figure tells an interval, as of ``Estimate``.
    """

    rows: pd.DataFrame
    weights: TwfeWeights
    n_treated: int
    n_comparison: int
    n_clusters: int
    notes: tuple[str, ...]
    time_unit: str
    design: Design
    is_alone: bool = False

    @property
    def static(self) -> pd.Series:
        return self.rows.iloc[0]

    def table(self) -> pd.DataFrame:
        """Return the static coefficient (event time missing), and those by event time, with their intervals.

        ``n_treated`` are the treated units seen at the event time; ``reason`` says why a coefficient is missing, and
        of the base that it is 0 by construction.
        """
        return self.rows.copy()

    def summary(self) -> str:
        """Return the coefficient, those by event time, and what they mix, in plain sentences; counts are rounded."""
        static, told = self.static, self.design.told
        never = f"{told(self.n_comparison)} never treated" if self.n_comparison else "no others"
        named = f"The two-way fixed-effects coefficient on {self.design.outcome} is"
        if self._is_of_few:
            return f"{named} {self.design.not_shown} {self._warning()}"
        ends = f"{self.design.level} interval {number(static['ci_low'])} to {number(static['ci_high'])}; "
        return (
            f"{named} {number(static['coefficient'])} ({'' if self.is_alone else ends}"
            f"{told(self.n_treated)} treated, {never}).{self._alone} {self._course()} {self._warning()}"
        )

    @property
    def _alone(self) -> str:
        return f" All treated are of one cluster: {NOT_JUDGED}" if self.is_alone else ""

    @property
    def _is_of_few(self) -> bool:
        return bool(self.weights.hidden)

    def _course(self) -> str:
        """Say from where to where the coefficients by event time run."""
        dynamic = self.rows.iloc[1:].query("event_time != @BASE")
        known = dynamic.dropna(subset="coefficient")
        if known.empty:
            return f"Those by event time {MIXED}."
        had = known[self.design.shown_rows(known[["n_treated"]])]
        if had.empty:
            return f"Those by event time are {self.design.not_shown}"
        lacking = f"; {len(dynamic) - len(known)} of {len(dynamic)} {MIXED}" if len(known) < len(dynamic) else ""
        if len(had) < len(known):
            lacking += f"; not shown, for {self.design.few}: {len(known) - len(had)} of {len(dynamic)}"
        ends = (had.loc[place] for place in (had["coefficient"].idxmin(), had["coefficient"].idxmax()))
        low, high = (f"{number(row['coefficient'])} ({self.time_unit} {row['event_time']})" for row in ends)
        return f"Those by event time, measured from {self.time_unit} {BASE}, run from {low} to {high}{lacking}."

    def _warning(self) -> str:
        if len(np.unique(self.weights.adopted)) == 1:
            return "All treated start at once, so it mixes no more than the effects of different periods."
        return (
            "It is no average effect: it compares those who start later with those already treated, whose own effects "
            f"it takes for trend, and so mixes effects with weights of its own. {self.weights.summary()} "
            "For an effect, use estimate_att."
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            "rows": self.rows.astype(object).where(self.rows.notna(), None).to_dict("records"),
            "weights": self.weights.to_dict(),
            "n_treated": self.n_treated,
            "n_comparison": self.n_comparison,
            "n_clusters": self.n_clusters,
            "notes": list(self.notes),
            "design": self.design.to_dict(),
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the coefficients by event time; none where either arm is of few units."""
        if self._is_of_few:
            subject = f"The course of the two-way fixed-effects coefficients, {self.design.outcome},"
            return leave_empty(ax, subject, self.design.smallest_shown)
        table = self.rows.iloc[1:].rename(columns={"coefficient": "att"})
        table = table.assign(n_comparison=self.n_comparison or self.n_treated)
        if self.is_alone:
            table = table.assign(ci_low=np.nan, ci_high=np.nan)
        ax = draw_effects(table, kind="event_time", time_unit=self.time_unit, design=self.design, ax=ax)
        ax.set_ylabel(f"Two-way fixed-effects coefficient, {self.design.outcome}", wrap=True)
        return ax

    def __repr__(self) -> str:
        static, counts = self.static, {"treated": self.n_treated, "never treated": self.n_comparison}
        ends = (np.nan, np.nan) if self.is_alone else (static["ci_low"], static["ci_high"])
        told = told_effect(static["coefficient"], *ends, counts, self.design)
        return f"<TwoWayFixedEffects: {self.design.outcome}, no average effect: {told}>"


@asked_by("two_way_fixed_effects")
def two_way_fixed_effects(
    data: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    period: str,
    adopted: str,
    cluster: str | Sequence[str] | None = None,
    weights: str | None = None,
    confidence: float = 0.95,
    quantile: str = "normal",
    small_sample: bool = True,
    smallest_shown: int = SMALLEST_SHOWN,
) -> TwoWayFixedEffects:
    """Return the regression that most older studies report, with a plain account of what it mixes.

    Outcome on constants for units and periods and an indicator of being treated; and, in a second regression, on one
    indicator for each event time but -1. Exact on panels with gaps. With start cohorts whose effects differ or grow the
    coefficients are no averages of effects (Goodman-Bacon 2021; de Chaisemartin and D'Haultfoeuille 2020; by event
    time, Sun and Abraham 2021): set them beside ``estimate_att`` to explain a difference, do not report them.

    Arguments are those of ``estimate_att``. Errors are clustered (by unit where no cluster is named) and, with
    ``small_sample``, multiplied by the root of G / (G - 1) times (n - 1) / (n - k) for G clusters, n rows and k
    coefficients and periods, as R's fixest does by default. With ``quantile="t"`` intervals have G - 1 degrees of
    freedom.

    Raises ``EstimationError`` where treatment cannot be told apart from units and periods, and otherwise as
    ``estimate_att`` does.
    """
    options = {
        "outcome": outcome,
        "unit": unit,
        "period": period,
        "adopted": adopted,
        "cluster": cluster if cluster is None or isinstance(cluster, str) else names(cluster, "cluster"),
        "weights": weights,
        "confidence": confidence,
        "quantile": quantile,
        "small_sample": small_sample,
        "smallest_shown": smallest_shown,
    }
    treated, design = read_treated(data, "two_way_fixed_effects", options)
    return _regress(treated, design)


def _regress(data: Treated, design: Design) -> TwoWayFixedEffects:
    codes = np.where(data.treated, 0, -1)
    static = _coefficients(data, design, codes, np.array([np.nan]))
    if static["coefficient"].isna().any():
        raise EstimationError(f"two_way_fixed_effects: treatment {MIXED}; untreated units are needed beside treated.")
    ever = np.isfinite(data.event_time)
    times = np.unique(data.event_time[ever]).astype(np.int64)
    times = times[times != BASE]
    codes = np.full(len(data.rows), -1)
    since = data.event_time[ever]
    codes[ever] = np.where(since == BASE, -1, np.searchsorted(times, since))
    dynamic = _coefficients(data, design, codes, times)
    base = pd.DataFrame({"event_time": [BASE], "coefficient": [0.0], "reason": [REFERENCE]})
    rows = pd.concat([static, pd.concat([dynamic, base]).sort_values("event_time")], ignore_index=True)
    panel, n_treated, n_comparison = data.panel, int(data.ever.sum()), int((~data.ever).sum())
    # Of no comparison units at all there is nothing to hide.
    hidden = "" if design.shows(n_treated, n_comparison or n_treated) else design.not_shown
    return TwoWayFixedEffects(
        rows=rows.astype({"event_time": "Int64", "n_treated": "Int64"}),
        weights=weigh(data, float(static["coefficient"].iloc[0]), hidden),
        n_treated=n_treated,
        n_comparison=n_comparison,
        n_clusters=_n_clusters(data),
        notes=panel.notes,
        time_unit=panel.time_unit,
        design=design,
        is_alone=any(len(np.unique(codes[data.ever])) == 1 for codes in panel.clusters),
    )


def _n_clusters(data: Treated) -> int:
    units = np.unique(data.rows.unit)
    return min(len(np.unique(codes[units])) for codes in data.panel.clusters)


def _coefficients(data: Treated, design: Design, codes: np.ndarray, times: np.ndarray) -> pd.DataFrame:
    """Return a row for each of the indicators that ``codes`` gives to rows; missing where it cannot be estimated."""
    rows, n_later = data.rows, len(data.panel.periods) - 1
    columns = beside([indicators(rows.period - 1, n_later), indicators(codes, len(times))], len(rows))
    fit = regress(rows, columns)
    chosen = n_later + np.arange(len(times))
    estimable = fit.solution.estimable[chosen]
    values = np.where(estimable, fit.coefficients[chosen], np.nan)
    errors = np.where(estimable, _errors(data, design, fit, chosen), np.nan)
    freedom = _n_clusters(data) - 1 if design.quantile == "t" else None
    ends = [interval(value, error, design, freedom) for value, error in zip(values, errors, strict=True)]
    low, high, p_value = zip(*ends, strict=True)
    return pd.DataFrame(
        {
            "event_time": times,
            "coefficient": values,
            "std_error": errors,
            "ci_low": low,
            "ci_high": high,
            "p_value": p_value,
            "n_treated": [len(np.unique(rows.unit[codes == code])) for code in range(len(times))],
            "reason": np.where(estimable, None, MIXED),
        }
    )


def _errors(data: Treated, design: Design, fit: LeastSquares, chosen: np.ndarray) -> np.ndarray:
    panel, none = data.panel, np.zeros((len(data.panel), len(chosen)), dtype=bool)
    source = Stored(fit.influence(chosen), none, none)
    influence = influence_of_clusters(source, panel.clusters, panel.block, csr_array((len(panel), 1)), len(chosen))
    factor = 1.0
    if design.small_sample:
        factor = small_sample(len(data.rows), fit.solution.rank + 1, _n_clusters(data))
    return factor * np.sqrt(influence.cell_variances)
