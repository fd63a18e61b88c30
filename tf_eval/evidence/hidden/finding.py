"""Each outcome that decides asked in four ways how large a hidden difference would have to be."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tf_eval.did.credibility.honest import HonestBounds
from tf_eval.errors import ConfigError, NotEstimated
from tf_eval.evidence.hidden.bias import HiddenBias, OutcomeBias
from tf_eval.evidence.hidden.change import CHANGE, matched_changes
from tf_eval.evidence.outcome_effect import PLACEBO, START_COHORT, OutcomeEffect
from tf_eval.evidence.primary import choose_primary
from tf_eval.matching import EValue, Matched, RosenbaumBounds, TippingPoint, e_value, rosenbaum_bounds, tipping_point

HALF_YEAR = 6  # months; with shorter steps drift before the start is mostly noise, and adds up after it
MULTIPLES = (0.5, 1.0, 2.0)
# In the direction that was found, as one half of a two-sided test: so it goes with an interval of 95 %.
ONE_SIDED = 0.975
LEAST_SHARE = 1e-6
NO_SETS = "the families are not in sets of one with the intervention and others who serve once"


def hidden_bias(
    panel: Any, matched: Matched, measured: Sequence[OutcomeEffect], *, primary: Sequence[str] | None = None
) -> HiddenBias:
    """Ask of each effect how large a difference that nobody recorded would have to be to explain it away.

    Args:
        panel: families by months, as ``build_panel`` returns it.
        matched: the families as the evaluation matched them, balance accepted.
        measured: the effects as the evaluation measured them.
        primary: names of the outcomes that were chosen beforehand; default: all.

    Returns:
        For each of them: bounds on how far the groups may have drifted apart (Rambachan and Roth 2023), in multiples
        of the largest drift from half-year to half-year before the start; the E-value of the ratio of rates
        (VanderWeele and Ding 2017); Rosenbaum's bounds (2002) and the robustness value (Cinelli and Hazlett 2020) of
        how families changed. What a way cannot answer is ``NotEstimated``.

    Raises:
        EstimationError: a primary outcome was not measured.
    """
    return HiddenBias(
        tuple(_ask(panel, matched, effect) for effect in choose_primary(measured, primary, "hidden_bias"))
    )


def _ask(panel: Any, matched: Matched, measured: OutcomeEffect) -> OutcomeBias:
    if isinstance(measured.headline, NotEstimated):
        return OutcomeBias(measured, *(measured.headline,) * 4)
    changes = matched_changes(panel, matched, measured)
    of_changes = (changes, changes) if isinstance(changes, NotEstimated) else _of_changes(changes, measured)
    return OutcomeBias(measured, _drift(measured), _e_value(measured), *of_changes)


def _drift(measured: OutcomeEffect) -> HonestBounds | NotEstimated:
    """Bounds by half-years; each month of the follow-up counts by the half-year that it lies in.

    They rest on normal errors, also where the planned interval takes t.
    """
    design, (first, last) = measured.estimate.design, measured.follow_up
    estimate = replace(measured.estimate, design=replace(design, quantile="normal"))
    starts = range(PLACEBO[0], last + 1, HALF_YEAR)
    bands = {f"{start} to {start + HALF_YEAR - 1}": (start, start + HALF_YEAR - 1) for start in starts}
    months = range(first, last + 1)
    try:
        return estimate.bands(bands).honest(bounds=MULTIPLES, target=dict.fromkeys(months, 1 / len(months)))
    except ConfigError:
        return NotEstimated("not all half-years of the follow-up could be estimated")


def _e_value(measured: OutcomeEffect) -> EValue | NotEstimated:
    size = measured.headline
    ratio = (size.base_rate + size.value) / size.base_rate if size.base_rate > 0 else 0.0
    if ratio <= 0:
        return NotEstimated("the rates with and without the intervention have no ratio")
    side, nearer = ("ci_high", size.high) if ratio < 1 else ("ci_low", size.low)
    # A rise whose interval reaches below no rate at all holds no change: it needs nothing hidden, whatever its end.
    rate = max(size.base_rate + nearer, LEAST_SHARE * size.base_rate)
    return e_value(ratio, **{side: rate / size.base_rate}, measure="risk_ratio")


def _of_changes(
    changes: Matched, measured: OutcomeEffect
) -> tuple[RosenbaumBounds | NotEstimated, TippingPoint | NotEstimated]:
    covariates = [name for name in measured.estimate.design.covariates if name != START_COHORT]
    alternative = "lower" if measured.headline.value < 0 else "higher"
    try:
        bounds = rosenbaum_bounds(changes, CHANGE, alternative=alternative, level=ONE_SIDED)
    except ConfigError:
        bounds = NotEstimated(NO_SETS)
    return bounds, tipping_point(changes, CHANGE, covariates=covariates, strength="after")
