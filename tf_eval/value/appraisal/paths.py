"""Effects by month since the start, with draws of all of them together."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from tf_eval import did
from tf_eval.cohort.event_time import FOLLOW_UP_MONTHS
from tf_eval.did.bands import BANDS
from tf_eval.did.inference.multipliers import draw_problems
from tf_eval.errors import ConfigError, InputError, NotEstimated, raise_all
from tf_eval.evidence import OutcomeEffect
from tf_eval.matching.arguments import is_whole
from tf_eval.matching.display import SMALLEST_SHOWN, so_many
from tf_eval.value.appraisal.steps import Step, StepEffect, draw_steps, draw_weighed
from tf_eval.value.staying import Staying

WHERE = "effect_paths"
MOST = 0.9  # of the treated: a step that stands for fewer is told
STEPS = ((0, 0), *BANDS.values())


class Told(NamedTuple):
    """How an outcome is told: its label, and ``scale`` times its own unit of a family and month is in ``unit``.

    ``base_rate`` is what like families have without support, in ``unit``; missing where it is not known.
    """

    label: str
    scale: float = 1.0
    unit: str = "a family and month, in the outcome's own units"
    base_rate: float = math.nan


@dataclass(frozen=True, eq=False, repr=False)
class EffectPaths:
    """Effects on outcomes by month since the start, in the outcomes' own units of a family and month.

    Attributes:
        outcomes: their names (k of them).
        effects: as estimated, months from 0; shape (k, months).
        deviations: how far they would have come out from that, drawn together over outcomes and months; shape
            (draws, k, months).
        last: the last month that was followed, of each outcome.
        told: how each outcome is told.
        fewest: the fewest units of either arm that any of it rests on, infinite where that is not known.
        smallest_shown: below how many nothing is told in words and figures.
        not_estimated: the outcomes that have no effects, with the reason.
        notes: what was taken where effects are missing.
    """

    outcomes: tuple[str, ...]
    effects: np.ndarray
    deviations: np.ndarray
    last: tuple[int, ...]
    told: Mapping[str, Told]
    fewest: float = math.inf
    smallest_shown: int = SMALLEST_SHOWN
    not_estimated: Mapping[str, str] | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_shown(self) -> bool:
        return self.fewest >= self.smallest_shown

    def labelled(self, labels: Mapping[str, str]) -> "EffectPaths":
        """Return the same with labels for outcomes that have no more than their names."""
        told = {
            name: one._replace(label=labels.get(name, name)) for name, one in self.told.items() if one.label == name
        }
        return replace(self, told={**self.told, **told})

    def table(self) -> pd.DataFrame:
        """Return one row per outcome and month that was followed: the effect and its error, as the draws have it."""
        errors = self.deviations.std(axis=0)
        return pd.DataFrame(
            [
                {"outcome": name, "month": month, "effect": self.effects[place, month], "error": errors[place, month]}
                for place, name in enumerate(self.outcomes)
                for month in range(self.last[place] + 1)
            ]
        )

    def summary(self) -> str:
        reached = ", ".join(f"{self.told[name].label} to month {last}" for name, last in self._reached)
        return f"Effects by month since the start, drawn together {len(self.deviations):,} times: {reached}."

    def to_dict(self) -> dict[str, Any]:
        return {
            "effects": self.table().to_dict("records"),
            "draws": len(self.deviations),
            "not_estimated": dict(self.not_estimated or {}),
            "notes": list(self.notes),
        }

    def __repr__(self) -> str:
        return f"<EffectPaths: {so_many(len(self.outcomes), 'outcome')}, {so_many(len(self.deviations), 'draw')}>"

    @property
    def _reached(self) -> Iterator[tuple[str, int]]:
        return zip(self.outcomes, self.last, strict=True)


def effect_paths(
    effects: Mapping[str, did.GroupTimeATT | OutcomeEffect],
    *,
    steps: Sequence[Step] = STEPS,
    staying: Staying | None = None,
    seed: int,
    draws: int = 999,
) -> EffectPaths | NotEstimated:
    """Return what was estimated as effects by month, with joint draws over outcomes and months.

    Args:
        effects: by name of the outcome; all errors clustered by the same one column (``did.draw_jointly``).
        steps: event times, first and last, that follow each other from 0 on. The mean effect over a step stands for
            each of its months. By default the month of the start and the bands of follow-up.
        staying: what like families that stay without support weigh (``weigh_stayers``). Each effect is then estimated
            anew month by month; without it, later months lean towards harm where families start at their worst.
            The weights are taken as known.
        seed, draws: of whole clusters, so that what hangs together over outcomes and months does so in every draw. Each
            draw is stretched to a t with the fewest degrees of freedom of any effect, as the effects' intervals are.

    A step that is not estimated before any other is taken as no effect; after all others the follow-up has ended; an
    outcome with one between others is not valued.

    Raises:
        ConfigError: the steps do not follow each other, or ``draw_jointly`` refuses.
    """
    raise_all(ConfigError, WHERE, [*_problems(effects, steps, staying), *draw_problems(seed, draws, "rademacher")])
    estimates = {
        name: effect.estimate if isinstance(effect, OutcomeEffect) else effect for name, effect in effects.items()
    }
    asked = {"steps": [tuple(step) for step in steps], "seed": seed, "draws": draws}
    weighed = staying is not None and not staying.is_idle
    drawn = draw_weighed(effects, staying, **asked) if weighed else draw_steps(estimates, **asked)
    read = {name: _read(rows, steps) for name, rows in zip(effects, drawn.rows, strict=True)}
    kept = [name for name, found in read.items() if isinstance(found, _Read)]
    if not kept:
        return NotEstimated(f"none of the effects is: {next(iter(read.values())).reason}")
    months = np.repeat(np.arange(len(steps)), [last - first + 1 for first, last in steps])
    att = np.array([[getattr(row, "att", 0.0) for row in rows] for rows in drawn.rows])
    moved = drawn.deviations * _stretch(drawn.degrees_of_freedom, draws, seed)[:, None, None]
    places = [list(read).index(name) for name in kept]
    told = (f"{told_of(name, effects[name]).label}: {note}" for name in kept for note in read[name].notes)
    return EffectPaths(
        outcomes=tuple(kept),
        effects=att[places][:, months],
        deviations=moved[:, places][:, :, months],
        last=tuple(read[name].last for name in kept),
        told={name: told_of(name, effects[name]) for name in kept},
        fewest=min(read[name].fewest for name in kept),
        smallest_shown=min(estimates[name].design.smallest_shown for name in kept),
        not_estimated={name: found.reason for name, found in read.items() if isinstance(found, NotEstimated)},
        notes=(*told, *([staying.summary()] if weighed else [])),
    )


def paths_from(
    effects: Mapping[str, Sequence[float]],
    covariance: np.ndarray | None = None,
    *,
    told: Mapping[str, Told] | None = None,
    seed: int = 0,
    draws: int = 999,
) -> EffectPaths:
    """Return effects that somebody states by month as paths, such as published ones.

    Args:
        effects: by name of the outcome, an effect for each month from 0 on; as many months for each.
        covariance: of all effects, outcome by outcome and month by month; None: without error.
        told: how each outcome is told.
        seed, draws: of the normal deviations.

    Raises ``InputError`` where these are no finite numbers of such shapes.
    """
    values = _as_matrix(effects)
    size = values.size
    spread = np.zeros((size, size)) if covariance is None else np.asarray(covariance, dtype=float)
    if spread.shape != (size, size) or not np.isfinite(spread).all():
        raise InputError(f"paths_from: covariance must be {size} by {size} finite numbers, outcomes by months.")
    normal = np.random.default_rng(seed).multivariate_normal(np.zeros(size), spread, size=draws, method="eigh")
    return EffectPaths(
        outcomes=tuple(effects),
        effects=values,
        deviations=normal.reshape(draws, *values.shape),
        last=(values.shape[1] - 1,) * len(values),
        told={name: (told or {}).get(name, Told(name)) for name in effects},
    )


def told_of(name: str, effect: did.GroupTimeATT | OutcomeEffect) -> Told:
    if not isinstance(effect, OutcomeEffect):
        return Told(name)
    base_rate = getattr(effect.headline, "base_rate", math.nan)
    return Told(effect.outcome.label, effect.outcome.scale, effect.outcome.unit, base_rate)


class _Read(NamedTuple):
    """What the steps of one outcome come to: the last month followed, the fewest units, and what was taken."""

    last: int
    fewest: float
    notes: tuple[str, ...]


def _read(rows: Sequence[StepEffect | NotEstimated], steps: Sequence[Step]) -> _Read | NotEstimated:
    had = [place for place, row in enumerate(rows) if isinstance(row, StepEffect)]
    if not had:
        return NotEstimated(rows[0].reason)
    between = [rows[place] for place in range(had[0], had[-1]) if place not in had]
    if between:
        return NotEstimated(f"an effect between others is missing: {between[0].reason}")
    fewest = min(min(rows[place].n_treated, rows[place].n_comparison) for place in had)
    return _Read(steps[had[-1]][1], fewest, tuple(_notes(rows, steps, had)))


def _notes(rows: Sequence[StepEffect | NotEstimated], steps: Sequence[Step], had: Sequence[int]) -> Iterator[str]:
    if late := steps[had[0]][0]:
        months = "month" if late == 1 else f"{late} months"
        yield f"of the first {months} no effect could be estimated, and none is counted."
    for place in had:
        row, (first, last) = rows[place], steps[place]
        if row.treated_share < MOST:
            share = row.design.told_share(row.treated_share, row.n_treated)
            yield f"months {first} to {last} rest on only a part of those with support, {share} of them."


def _stretch(freedom: float, draws: int, seed: int) -> np.ndarray:
    """Return by what each draw is multiplied to come of a multivariate t in place of a normal."""
    if math.isinf(freedom):
        return np.ones(draws)
    return np.sqrt(freedom / np.random.default_rng([seed, draws]).chisquare(freedom, draws))


def _problems(effects: Any, steps: Any, staying: Any) -> list[str]:
    problems = [] if isinstance(effects, Mapping) and effects else ["effects are given by name of the outcome."]
    pairs = isinstance(steps, list | tuple) and steps and all(map(_is_step, steps))
    if not pairs:
        return [*problems, "steps are pairs of event times, first and last, such as [(0, 0), (1, 6)]."]
    wanted = [0, *(last + 1 for _, last in steps[:-1])]
    if [first for first, _ in steps] != wanted:
        problems.append("steps must follow each other from event time 0 on, without a gap.")
    if staying is not None and steps[-1][1] >= FOLLOW_UP_MONTHS:
        problems.append(f"those who stay are weighed up to event time {FOLLOW_UP_MONTHS - 1}; let steps end there.")
    return problems


def _is_step(step: Any) -> bool:
    pair = isinstance(step, tuple | list) and len(step) == 2 and all(is_whole(end, 0) for end in step)
    return pair and step[0] <= step[1]


def _as_matrix(effects: Mapping[str, Sequence[float]]) -> np.ndarray:
    try:
        values = np.array([np.asarray(one, dtype=float) for one in effects.values()])
    except (TypeError, ValueError, AttributeError):
        values = np.empty(0)
    if values.ndim != 2 or not values.size or not np.isfinite(values).all():
        raise InputError("paths_from: effects are finite numbers by month, as many for each outcome.")
    return values
