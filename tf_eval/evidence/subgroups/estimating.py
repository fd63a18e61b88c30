"""``effects_by_subgroup``: the effect in each part that a plan declared, drawn together.

A part is too small for models of its own. So the outcome's model is fitted among all like families at once, with one
slope for each covariate and an intercept for each part and start cohort, and the treated of each part are held against
it (outcome regression: Heckman, Ichimura and Todd 1997; Sant'Anna and Zhao 2020). Effects by part then average to what
the model has for all, and whoever is compared with several parts moves them together, which errors of differences allow
for.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from tf_eval import did
from tf_eval.errors import ConfigError, NotEstimated, raise_all, unknown
from tf_eval.evidence.check import FEWEST_FAMILIES
from tf_eval.evidence.effect_size import CONFIDENCE, EffectSize
from tf_eval.evidence.league import shrink
from tf_eval.evidence.multiplicity import holm
from tf_eval.evidence.outcome_effect import START_COHORT, OutcomeEffect
from tf_eval.evidence.subgroups.division import Division, divide
from tf_eval.evidence.subgroups.effects import SubgroupEffects
from tf_eval.evidence.subgroups.interaction import compare_parts
from tf_eval.evidence.subgroups.part import Part, SubgroupEffect
from tf_eval.evidence.subgroups.subgroup import Subgroup
from tf_eval.matching import Matched

WHERE = "effects_by_subgroup"
TOGETHER = "together"
FEW = f"fewer than {FEWEST_FAMILIES} families with the intervention, or like ones, are in it"
NO_ERROR = "nothing differs between its families, so that it has no error"
NOT_AMONG_ALL = "the effect among all families could not be estimated"
ONE_PART = "fewer than two parts have an estimate"
NOT_DRAWN = {"seed": 0, "draws": 99}  # the covariance alone is asked for, and no draw is


@dataclass(frozen=True, eq=False)
class _Months:
    """The months on which an effect rests, laid out once for all parts: ``frame`` is as ``Stackable`` has it."""

    frame: pd.DataFrame

    @classmethod
    def of(cls, panel: Any, matched: Matched, measured: OutcomeEffect, columns: Sequence[str]) -> "_Months":
        design = measured.estimate.design
        frame = panel.event_time_frame(matched, design.outcome, [*columns, design.cluster])
        return cls(frame[frame["event_time"].between(-design.window, measured.follow_up[1])])

    def event_time_frame(self, matched: Matched, outcome: str, columns: Sequence[str]) -> pd.DataFrame:
        return self.frame[self.frame["row"].isin(matched.frame.index)]


@dataclass(frozen=True, eq=False)
class _Question:
    """One outcome by one division: what each part is estimated from."""

    months: _Months
    matched: Matched
    design: did.Design
    covariates: tuple[str, ...]
    division: Division

    @classmethod
    def of(cls, panel: Any, matched: Matched, measured: OutcomeEffect, division: Division) -> "_Question":
        design = measured.estimate.design
        intercepts = _intercepts(matched.frame[START_COHORT], division.part)
        covariates = (*intercepts, *(name for name in design.covariates if name != START_COHORT))
        whole = replace(matched, frame=matched.frame.assign(**intercepts, **{TOGETHER: 1}))
        months = _Months.of(panel, whole, measured, [*covariates, TOGETHER])
        return cls(months, whole, design, covariates, division)

    def effect_in(self, name: str) -> did.GroupTimeATT:
        """Hold the treated of one part against a model of all like families."""
        frame, part = self.matched.frame, self.division.part
        treated = frame[self.matched.treated] == 1
        return did.estimate_att(
            self.months,
            replace(self.matched, frame=frame[np.where(treated, part == name, part.notna())]),
            outcome=self.design.outcome,
            method="outcome_regression",
            covariates=self.covariates,
            sets=TOGETHER,
            baseline=self.design.baseline,
            cluster=self.design.cluster,
            quantile="t",
        )


def _intercepts(*columns: pd.Series) -> dict[str, np.ndarray]:
    """Return a column of 0 and 1 for each value of some columns.

    As categories they would leave families out whose category none of the treated has, and with them what their
    outcomes say of the slopes.
    """
    values = [column == value for column in columns for value in sorted(column.dropna().unique())]
    return {f"intercept_{place}": value.to_numpy(dtype=float) for place, value in enumerate(values)}


def effects_by_subgroup(
    panel: Any,
    matched: Matched,
    measured: Sequence[OutcomeEffect],
    subgroups: Sequence[Subgroup],
    *,
    primary: Sequence[str] | None = None,
) -> SubgroupEffects:
    """Estimate the effects on deciding outcomes in the parts that a plan declared, and whether they differ.

    Args:
        panel: families by months, as ``build_panel`` returns it.
        matched: matched families, as ``check_balance(matched).accept()`` returns them.
        measured: the effect on each outcome, as ``measure`` returns it.
        subgroups: what the plan declared, and nothing else.
        primary: names of the outcomes that decide; default: all that are measured.

    Returns:
        For each outcome and subgroup the effect in each part, as estimated and, from four parts on, drawn to their mean
        (``league/shrinkage.py``, with the covariance of the parts); and Welch's test of their difference, with Holm's
        allowance for all such tests. A part with fewer than ``FEWEST_FAMILIES`` in an arm is not estimated, nor one of
        which too few to be shown were seen in every month.

    Raises:
        EstimationError: balance was not accepted.
        ConfigError: a primary outcome was not measured.
        InputError: a column is not known at the index date, or is split and holds no numbers.
    """
    matched.require_accepted(WHERE)
    by_name = {effect.outcome.name: effect for effect in measured}
    names = list(by_name) if primary is None else list(primary)
    raise_all(ConfigError, WHERE, [unknown("measured outcome", name, by_name) for name in names if name not in by_name])
    rows = [_effect(panel, matched, by_name[name], subgroup) for name in names for subgroup in subgroups]
    raw = [math.nan if isinstance(row.interaction, NotEstimated) else row.interaction.p_value for row in rows]
    adjusted = tuple(row.adjusted(float(p_value)) for row, p_value in zip(rows, holm(raw), strict=True))
    design = {"fewest": FEWEST_FAMILIES, "confidence": CONFIDENCE, "allowance": "holm", "method": "outcome_regression"}
    return SubgroupEffects(tuple(subgroups), adjusted, design)


def _effect(panel: Any, matched: Matched, measured: OutcomeEffect, subgroup: Subgroup) -> SubgroupEffect:
    # A regression extrapolates where nobody is like the treated, which what the headline is made of would have told.
    division = divide(matched, subgroup) if isinstance(measured.headline, EffectSize) else NotEstimated(NOT_AMONG_ALL)
    if isinstance(division, NotEstimated):
        return SubgroupEffect(measured, subgroup, (), division)
    counted = {name: _counted(matched, division, name) for name in division.names}
    question = _Question.of(panel, matched, measured, division)
    effects = {name: question.effect_in(name) for name, counts in counted.items() if min(counts) >= FEWEST_FAMILIES}
    return _together(measured, subgroup, counted, effects)


def _counted(matched: Matched, division: Division, name: str) -> tuple[int, int]:
    """Return how many families of each arm, the treated first, are in a part."""
    inside = matched.frame[division.part == name]
    treated, like = (inside.loc[inside[matched.treated] == arm, matched.unit].nunique() for arm in (1, 0))
    return treated, like


def _together(
    measured: OutcomeEffect,
    subgroup: Subgroup,
    counted: Mapping[str, tuple[int, int]],
    effects: Mapping[str, did.GroupTimeATT],
) -> SubgroupEffect:
    """Put the parts together: their own effects, what is left of these, and how they differ."""
    drawn = did.draw_jointly(effects, [measured.follow_up], **NOT_DRAWN) if effects else None
    found = dict(zip(drawn.names, drawn.rows, strict=True)) if drawn else {}
    sizes = {name: _size(measured, found.get(name), counts) for name, counts in counted.items()}
    had = [name for name, size in sizes.items() if isinstance(size, EffectSize)]
    if len(had) < 2:
        parts = tuple(Part(name, *counted[name], size) for name, size in sizes.items())
        return SubgroupEffect(measured, subgroup, parts, NotEstimated(ONE_PART))
    places = [drawn.names.index(name) for name in had]
    covariance = drawn.covariance[np.ix_(places, places)] * measured.outcome.scale**2
    values, freedom = (np.array([getattr(sizes[name], key) for name in had]) for key in ("value", "degrees_of_freedom"))
    shrunk = shrink(values, covariance)
    ends = _ends(shrunk.values, shrunk.std_errors) if shrunk else np.full((len(had), 3), np.nan)
    drawn_in = dict(zip(had, ends.tolist(), strict=True))
    parts = tuple(Part(name, *counted[name], size, *drawn_in.get(name, ())) for name, size in sizes.items())
    spread = shrunk.prior.spread if shrunk else math.nan
    return SubgroupEffect(measured, subgroup, parts, compare_parts(values, covariance, freedom, spread))


def _size(measured: OutcomeEffect, found: Any, counts: tuple[int, int]) -> EffectSize | NotEstimated:
    """Return the effect in a part; ``found`` is None where too few families are in it."""
    size = NotEstimated(FEW) if found is None else measured.size_of(found)
    if isinstance(size, NotEstimated):
        return size
    # All like families serve in the model; those of the part itself are what is told.
    like, design = min(size.n_comparison, counts[1]), measured.estimate.design
    if not design.shows(size.n_treated, like):
        return NotEstimated(f"fewer than {design.smallest_shown} of its families were seen in every month")
    return NotEstimated(NO_ERROR) if math.isnan(size.std_error) else replace(size, n_comparison=like)


def _ends(values: np.ndarray, errors: np.ndarray) -> np.ndarray:
    reach = stats.norm.ppf(0.5 + CONFIDENCE / 2) * errors
    return np.column_stack([values, values - reach, values + reach])
