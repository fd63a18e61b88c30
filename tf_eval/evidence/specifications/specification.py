"""The ways in which a study could reasonably have been done otherwise: a list declared before any of them is run.

Simonsohn, Simmons and Nelson (2020, Nature Human Behaviour 4, 1208-1214): name every choice that somebody sensible
could have made, carry all of them out, and show all. Here the families that were matched are estimated in every way;
families found otherwise in one respect (another caliper or ratio, a pool of comparison families left out) are estimated
as planned, without covariates, and against the other baseline.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from tf_eval.matching import Design
from tf_eval.matching.options import takes_caliper, takes_ratio

CALIPERS = (0.2, 0.4, None)
RATIOS = (1, 3)
BASELINES = (6, 12)
ADJUSTING = ("doubly_robust", "outcome_regression", "inverse_probability")
UNADJUSTED, IMPUTATION = "unadjusted", "imputation"
NOT_OF_THE_METHOD = "not of the method"


@dataclass(frozen=True)
class Specification:
    """One way of doing the study.

    Attributes:
        pools: the pools that comparison families come from.
        caliper: the largest difference in score allowed, in standard deviations; None for any.
        ratio: comparison families wanted for each family with the intervention.
        estimator: one of ``ADJUSTING``, which adjust for the plan's covariates; ``"unadjusted"``, the plan's without
            covariates; or ``"imputation"`` (Borusyak, Jaravel and Spiess 2024), without them.
        baseline: months before the start that the outcome is compared with.

    A caliper or ratio that the method of matching has no use for is ``NOT_OF_THE_METHOD``.
    """

    pools: tuple[str, ...]
    caliper: float | str | None
    ratio: int | str
    estimator: str
    baseline: int

    @property
    def families(self) -> tuple[Any, ...]:
        """What decides which families are compared; specifications that have it in common share a match."""
        return self.pools, self.caliper, self.ratio

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "pools": list(self.pools)}


def planned_specification(pools: Sequence[str], design: Design, estimation: Mapping[str, Any]) -> Specification:
    """Return the specification of a match and of what ``measure`` was asked."""
    return Specification(
        pools=tuple(pools),
        caliper=design.caliper if takes_caliper(design.method) else NOT_OF_THE_METHOD,
        ratio=design.ratio if takes_ratio(design.method) else NOT_OF_THE_METHOD,
        estimator=estimation["method"] if estimation["covariates"] else UNADJUSTED,
        baseline=estimation["baseline"],
    )


def alternatives_to(planned: Specification) -> tuple[Specification, ...]:
    """Return the declared list for a plan, the planned specification first, each once."""
    return tuple(dict.fromkeys((planned, *_estimated_otherwise(planned), *_found_otherwise(planned))))


def _estimated_otherwise(planned: Specification) -> Iterator[Specification]:
    adjusting = () if planned.estimator == UNADJUSTED else ADJUSTING
    for estimator in (*adjusting, UNADJUSTED, IMPUTATION):
        for baseline in _with(BASELINES, planned.baseline):
            yield replace(planned, estimator=estimator, baseline=baseline)


def _found_otherwise(planned: Specification) -> Iterator[Specification]:
    other = next(baseline for baseline in reversed(BASELINES) if baseline != planned.baseline)
    for found in _families(planned):
        yield found
        yield replace(found, estimator=UNADJUSTED)
        yield replace(found, baseline=other)


def _families(planned: Specification) -> Iterator[Specification]:
    """Every choice about families changed by itself: a match costs as much as several estimates."""
    for caliper in _with(CALIPERS, planned.caliper):
        yield replace(planned, caliper=caliper)
    for ratio in _with(RATIOS, planned.ratio):
        yield replace(planned, ratio=ratio)
    for pool in planned.pools if len(planned.pools) > 1 else ():
        yield replace(planned, pools=tuple(name for name in planned.pools if name != pool))


def _with(usual: Sequence[Any], planned: Any) -> tuple[Any, ...]:
    """The usual choices and the planned one; where the method has no use for the choice, that alone."""
    return (planned,) if planned == NOT_OF_THE_METHOD else tuple(dict.fromkeys((*usual, planned)))
