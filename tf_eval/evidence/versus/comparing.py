"""``which_is_better``: one intervention against another on every outcome that decides for both."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from tf_eval import did
from tf_eval.cohort.words import in_sentence
from tf_eval.did.bands import BANDS
from tf_eval.errors import ConfigError, EstimationError, NotEstimated
from tf_eval.evidence.check import Check
from tf_eval.evidence.effect_size import CONFIDENCE, EffectSize
from tf_eval.evidence.multiplicity import holm, step_down
from tf_eval.evidence.outcome_effect import OutcomeEffect
from tf_eval.evidence.verdict import Subject
from tf_eval.evidence.versus.either import Either
from tf_eval.evidence.versus.result import Versus
from tf_eval.evidence.versus.ruling import rule
from tf_eval.evidence.versus.side_by_side import HEADLINE, Apart, SideBySideOutcome, less

WHERE = "which_is_better"
LEVEL = 1 - CONFIDENCE
_Effects = tuple[OutcomeEffect, OutcomeEffect, OutcomeEffect | None]


def which_is_better(
    subjects: Sequence[Subject],
    first: Sequence[OutcomeEffect],
    second: Sequence[OutcomeEffect],
    either: Either | NotEstimated,
    direct: Sequence[OutcomeEffect] = (),
    *,
    question: str,
    checks: Sequence[Sequence[Check]] = ((), ()),
    seed: int,
    draws: int = 1_999,
) -> Versus:
    """Set one intervention against another.

    Args:
        subjects: what the two are, for people.
        first, second: the effect of each on the outcomes that decide for both, in the same order, as ``measure``
            returns them.
        either: the families that might have had either, as ``weigh_either`` returns them.
        direct: what one does beyond the other for these, as ``measure_either`` returns it, in the same order; none
            where there are no such families.
        question: what is asked, for people.
        checks: of each of the two evaluations, as ``design_checks`` makes them; those of ``either`` and of single
            outcomes are counted without being given.
        seed, draws: of the draws of families by which it is allowed for how many months of how many outcomes were
            looked at.

    Returns:
        For each outcome both effects, how far they are apart in two ways, and what can be said (``ruling.rule``), with
        Holm's allowance for the outcomes. The error of the difference of the effects knows which families serve in
        both; families that might have had either serve in one alone.

    Raises:
        EstimationError: no outcome was given.
        ConfigError: outcomes are not the same, or over other months.
    """
    _require_alike(first, second, direct, either)
    between = list(direct) or [None] * len(first)
    effects = list(zip(first, second, between, strict=True))
    sizes = [_apart(HEADLINE, each[0].follow_up or "simple", *each, either) for each in effects]
    adjusted = holm([_p_value(apart, one) for apart, one in zip(sizes, first, strict=True)])
    bands = _bands(effects, either, seed, draws)
    rows = []
    for each, *found in zip(effects, sizes, adjusted, bands, strict=True):
        asked = _asked(subjects, [[*own, *effect.checks] for own, effect in zip(checks, each[:2], strict=True)])
        rows.append(_row(*each[:2], *found, (*asked, *_between(each[2], either))))
    design = {"seed": seed, "draws": draws, "level": LEVEL, "allowance": "holm", "weights": "overlap"}
    return Versus(question, *subjects, tuple(rows), either, design)


def _require_alike(
    first: Sequence[OutcomeEffect],
    second: Sequence[OutcomeEffect],
    direct: Sequence[OutcomeEffect],
    either: Either | NotEstimated,
) -> None:
    if not first:
        raise EstimationError(f"{WHERE}: no outcome decides for both interventions")
    asked = [[(effect.outcome.name, effect.follow_up) for effect in effects] for effects in (first, second)]
    if isinstance(either, Either):
        asked.append([(effect.outcome.name, effect.follow_up) for effect in direct])
    if any(each != asked[0] for each in asked):
        raise ConfigError(f"{WHERE}: first, second and direct have to be of the same outcomes over the same months")


def _row(
    first: OutcomeEffect,
    second: OutcomeEffect,
    apart: Apart,
    p_adjusted: float,
    bands: tuple[Apart, ...],
    checks: tuple[Check, ...],
) -> SideBySideOutcome:
    worthwhile = min(first.smallest_worthwhile, second.smallest_worthwhile)
    ruling = rule(
        apart.direct,
        apart.own,
        p_adjusted=p_adjusted,
        level=LEVEL,
        worthwhile=worthwhile,
        good_is_less=first.outcome.good_direction == "fall",
        detection_sensitive=first.outcome.detection_sensitive,
        failed=[check for check in checks if not check.passed],
    )
    told = replace(apart, p_all=float(p_adjusted))
    return SideBySideOutcome(first, second, told, bands, worthwhile, ruling, checks)


def _asked(subjects: Sequence[Subject], checks: Sequence[Sequence[Check]]) -> Iterator[Check]:
    """Yield the checks of both evaluations, which are called alike, with whose they are."""
    for subject, own in zip(subjects, checks, strict=True):
        for check in own:
            yield replace(check, name=f"{subject.title}: {in_sentence(check.name)}")


def _between(direct: OutcomeEffect | None, either: Either | NotEstimated) -> tuple[Check, ...]:
    """Return the checks of the families that might have had either, of all outcomes and of this one."""
    return () if direct is None or isinstance(either, NotEstimated) else (*either.checks, *direct.checks)


def _apart(
    band: str,
    months: tuple[int, int] | str,
    first: OutcomeEffect,
    second: OutcomeEffect,
    direct: OutcomeEffect | None,
    either: Either | NotEstimated,
) -> Apart:
    of_either = either if direct is None or isinstance(either, NotEstimated) else either.size_of(_over(direct, months))
    return Apart(band, _over(first, months), _over(second, months), less(first, second, months), of_either)


def _over(effect: OutcomeEffect, months: tuple[int, int] | str) -> EffectSize | NotEstimated:
    found = effect.estimate.overall() if months == "simple" else effect.estimate.band(*months)
    return effect.size_of(found)


def _p_value(apart: Apart, effect: OutcomeEffect) -> float:
    """What depends on who is looking is no test, nor what has no error."""
    if isinstance(apart.direct, NotEstimated) or effect.outcome.detection_sensitive:
        return math.nan
    return apart.direct.p_value


def _bands(
    effects: Sequence[_Effects], either: Either | NotEstimated, seed: int, draws: int
) -> list[tuple[Apart, ...]]:
    """Return the bands of each outcome, each allowing for all bands of all outcomes."""
    found = [
        [_apart(band.replace("-", " to "), months, *each, either) for band, months in BANDS.items()] for each in effects
    ]
    if isinstance(either, NotEstimated):
        return [tuple(bands) for bands in found]
    named = {direct.outcome.name: direct.estimate for _, _, direct in effects}
    joint = did.draw_jointly(named, list(BANDS.values()), seed=seed, draws=draws)
    # Whichever way they are turned, these are as far from nought.
    values, errors = (np.array([getattr(row, name, math.nan) for row in joint.rows]) for name in ("att", "std_error"))
    adjusted = step_down(values, np.where(errors > 0, errors, math.nan), joint.deviations)
    by_outcome = adjusted.reshape(len(found), len(BANDS))
    return [
        tuple(replace(apart, p_all=float(p_all)) for apart, p_all in zip(bands, line, strict=True))
        for bands, line in zip(found, by_outcome, strict=True)
    ]
