"""A study carried out in every way of the declared list: what could be estimated, and why what could not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tf_eval.errors import ConfigError, EstimationError, InputError, NotEstimated
from tf_eval.evidence.again import match_again
from tf_eval.evidence.effect_size import EffectSize
from tf_eval.evidence.outcome_effect import OutcomeEffect, estimate_outcome
from tf_eval.evidence.primary import choose_primary, telling
from tf_eval.evidence.specifications.curve import CarriedOut, SpecificationCurve
from tf_eval.evidence.specifications.specification import (
    ADJUSTING,
    IMPUTATION,
    NOT_OF_THE_METHOD,
    Specification,
    alternatives_to,
    planned_specification,
)
from tf_eval.matching import Matched
from tf_eval.progress_bar import progress

TOO_FEW = "too few families could be compared in this way"
REFUSED = "the plan's way of matching cannot be combined with this choice"


def specification_curve(
    panel: Any,
    matched: Matched,
    measured: Sequence[OutcomeEffect],
    *,
    intervention: str,
    comparison: Mapping[str, Any],
    matching: Mapping[str, Any],
    measuring: Callable[[str], Mapping[str, Any]],
    primary: Sequence[str] | None = None,
) -> SpecificationCurve:
    """Carry out an evaluation in every other way in which it could reasonably have been done.

    Args:
        panel: families by months, as ``build_panel`` returns it.
        matched: the families as the evaluation matched them, balance accepted.
        measured: the effects as the evaluation measured them.
        intervention, comparison, matching, measuring: what ``panel.arms``, ``match`` and ``measure`` were asked, as for
            ``linkage_sensitivity``.
        primary: names of the outcomes that were chosen beforehand; default: all. Of these, those that depend on who is
            looking are left out, unless there are no others.

    Returns:
        The headline effect on each outcome that decides, by every specification of the declared list (Simonsohn,
        Simmons and Nelson 2020; ``tf_eval/evidence/specifications/specification.py``). The planned one is as measured.

    Raises:
        EstimationError: a primary outcome was not measured.
    """
    effects = telling(choose_primary(measured, primary, "specification_curve"))
    planned = planned_specification(comparison["pools"], matched.design, measuring(effects[0].outcome.name))
    study = _Study(panel, intervention, comparison, matching, measuring, {planned.families: matched})
    rows = [CarriedOut(planned, tuple(effect.headline for effect in effects), matched.acceptance.passed)]
    others = progress(alternatives_to(planned)[1:], doing="specifications")
    rows += [study.carry_out(specification, effects) for specification in others]
    return SpecificationCurve(tuple(effects), tuple(rows))


@dataclass(frozen=True)
class _Study:
    """The study as it was planned; what several specifications have in common, arms and matches, is kept."""

    panel: Any
    intervention: str
    comparison: Mapping[str, Any]
    matching: Mapping[str, Any]
    measuring: Callable[[str], Mapping[str, Any]]
    found: dict[tuple, Matched | NotEstimated]
    arms: dict[tuple[str, ...], Any] = field(default_factory=dict)

    def carry_out(self, specification: Specification, effects: Sequence[OutcomeEffect]) -> CarriedOut:
        matched = self._find(specification)
        if isinstance(matched, NotEstimated):
            return CarriedOut(specification, (matched,) * len(effects), None)
        sizes = tuple(self._estimate(matched, specification, effect) for effect in effects)
        return CarriedOut(specification, sizes, matched.acceptance.passed)

    def _find(self, specification: Specification) -> Matched | NotEstimated:
        if specification.families not in self.found:
            self.found[specification.families] = self._match(specification)
        return self.found[specification.families]

    def _match(self, specification: Specification) -> Matched | NotEstimated:
        chosen = {"caliper": specification.caliper, "ratio": specification.ratio}
        asked = {name: choice for name, choice in chosen.items() if choice != NOT_OF_THE_METHOD}
        try:
            return match_again(self._arms(specification.pools), {**self.matching, **asked})
        except (EstimationError, InputError):
            return NotEstimated(TOO_FEW)
        except ConfigError:
            return NotEstimated(REFUSED)

    def _arms(self, pools: tuple[str, ...]) -> Any:
        if pools not in self.arms:
            self.arms[pools] = self.panel.arms(self.intervention, **{**self.comparison, "pools": list(pools)})
        return self.arms[pools]

    def _estimate(
        self, matched: Matched, specification: Specification, effect: OutcomeEffect
    ) -> EffectSize | NotEstimated:
        asked = self.measuring(effect.outcome.name)
        adjusted = specification.estimator in ADJUSTING
        named = adjusted or specification.estimator == IMPUTATION
        estimate = estimate_outcome(
            self.panel,
            matched,
            effect.outcome,
            method=specification.estimator if named else asked["method"],
            covariates=asked["covariates"] if adjusted else (),
            baseline=specification.baseline,
        )
        return effect.size_of(estimate.band(*effect.follow_up))
