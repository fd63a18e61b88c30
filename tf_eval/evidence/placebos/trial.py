"""The design of an evaluation carried out where the answer is known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from tf_eval import did
from tf_eval.errors import ConfigError, EstimationError, InputError, NotEstimated, raise_all
from tf_eval.evidence.effect_size import EffectSize
from tf_eval.evidence.outcome_effect import OutcomeEffect
from tf_eval.evidence.placebos.lottery import Lottery
from tf_eval.evidence.placebos.placebos import Placebos
from tf_eval.evidence.placebos.pretended import Antedated, Pretended
from tf_eval.evidence.placebos.rates import DATE, LOT, OUTCOME, PLANTED
from tf_eval.matching import Matched, match
from tf_eval.matching.arguments import is_number, is_whole, names
from tf_eval.progress_bar import progress

WHERE = "run_placebos"
PLANTED_IN = 5  # an effect is planted in one of so many draws: it moves an estimate that the draw has already
FEWEST_DRAWS = 2
SAME = ("outcome", "method", "covariates", "baseline", "cluster", "quantile", "small_sample")
TOO_FEW = "too few families could be compared"

NUMBERS = ("value", "std_error", "low", "high", "p_value", "base_rate", "n_treated", "n_comparison")
SHOWN = (*NUMBERS, "not_estimated")

Row = dict[str, Any]


def run_placebos(
    panel: Any,
    matched: Matched,
    measured: Sequence[OutcomeEffect],
    *,
    seed: int,
    draws: int = 20,
    months_early: Sequence[int] = (6, 12),
    planted: float = -0.3,
    selected_on: str | Sequence[str] | None = None,
    negative_controls: Sequence[OutcomeEffect] = (),
) -> Placebos:
    """Carry out an evaluation where the answer is known: what would it have found?

    Args:
        panel: families by months, as ``build_panel`` returns it.
        matched: the families as the evaluation matched them, with its balance accepted.
        measured: the effects in question, as ``measure`` returns them.
        seed: decides the draws.
        draws: how often starts are drawn by lot among comparison families: at each index month as many as there were,
            by the odds of a propensity score fitted on both arms. They are then matched and estimated as planned. Of
            fewer than 20 no estimate is calibrated.
        months_early: how much too early the start of the matched families is set; the baseline moves with it, and
            months from the true start on play no part. The match has made groups alike in just the months between, and
            covariates are as of the true start, so that less is found here than would be by mistake after it.
        planted: the share of itself by which the outcome of all families drawn is changed from their start on, in one
            draw of five.
        selected_on: columns known before the start by which families are drawn; those of the match by default. With
            others, the draws show what it costs that the match does not look at them.
        negative_controls: effects on outcomes that the intervention cannot move, as ``measure`` returns them.

    Raises:
        ConfigError: an option cannot be honoured.
        EstimationError: balance was not accepted.
        InputError: the panel or the columns cannot be used.
    """
    matched.require_accepted(WHERE)
    raise_all(ConfigError, WHERE, _problems(measured, seed, draws, months_early, planted))
    on = matched.design.on if selected_on is None else names(selected_on, "selected_on")
    trial = _Trial(panel, matched, tuple(measured), planted)
    rows = list(trial.of_dates(months_early))
    rows += [_row(effect, OUTCOME, effect.outcome.name, effect.headline) for effect in negative_controls]
    lottery, random = Lottery.of(matched, on), np.random.default_rng(seed)
    started = []
    for number in progress(range(draws), doing="starts drawn by lot"):
        frame = lottery.draw(random)
        started.append(lottery.started(frame))
        rows += trial.of_lot(frame, f"draw {number + 1}", plant=number % PLANTED_IN == 0)
    design = {"seed": seed, "draws": draws, "months_early": list(months_early), "planted": planted}
    return Placebos(
        measured=trial.measured,
        negative_controls=tuple(negative_controls),
        controls=pd.DataFrame(rows).astype(dict.fromkeys(NUMBERS, float)),
        shared=_shared(started),
        design={**design, "selected_on": list(on)},
    )


def _problems(
    measured: Sequence[OutcomeEffect], seed: object, draws: object, months_early: Sequence[int], planted: object
) -> list[str]:
    holds = {
        "measured must hold one effect or more, each on an outcome of its own": 0
        < len(measured)
        == len({effect.outcome.name for effect in measured}),
        "seed must be a whole number, 0 or more": is_whole(seed, 0),
        f"draws must be a whole number, {FEWEST_DRAWS} or more": is_whole(draws, FEWEST_DRAWS),
        "months_early must be whole numbers, 2 or more": all(is_whole(months, 2) for months in months_early),
        "planted must be a share of the outcome, above -1 and not 0": is_number(planted) and -1 < planted != 0,
    }
    return [problem for problem, fine in holds.items() if not fine]


@dataclass(frozen=True, eq=False)
class _Trial:
    """An evaluation that can be carried out on other starts."""

    panel: Any
    matched: Matched
    measured: tuple[OutcomeEffect, ...]
    planted: float

    def of_dates(self, months_early: Sequence[int]) -> Iterator[Row]:
        """Yield what is found after starts that are too early, up to the month before the true one."""
        for months in months_early:
            for effect in self.measured:
                yield _row(effect, DATE, f"{months} months early", self._before(effect, months))

    def _before(self, effect: OutcomeEffect, months: int) -> EffectSize | NotEstimated:
        first, last = effect.follow_up
        if first >= months:
            return NotEstimated("no month of the follow-up lies before the true start")
        return _again(Antedated(self.panel, months), self.matched, effect, (first, min(last, months - 1)))

    def of_lot(self, frame: pd.DataFrame, name: str, *, plant: bool) -> Iterator[Row]:
        """Yield what is found of families drawn by lot, and of an effect planted in them."""
        try:
            found = match(frame, **vars(self.matched.design)).unseal(self.matched.acceptance)
        except (EstimationError, InputError):
            yield from (_row(effect, LOT, name, NotEstimated(TOO_FEW)) for effect in self.measured)
            return
        for effect in self.measured:
            nothing = Pretended(self.panel, _months(effect))
            yield _row(effect, LOT, name, _again(nothing, found, effect))
            if plant:
                changed = replace(nothing, planted=self.planted)
                truth = self.planted * _mean_of_drawn(nothing, found, effect)
                yield _row(effect, PLANTED, name, _again(changed, found, effect), truth)


def _again(
    panel: Any, matched: Matched, effect: OutcomeEffect, follow_up: tuple[int, int] | None = None
) -> EffectSize | NotEstimated:
    """Return the headline of an effect, or its mean over other months, estimated anew as its design asks."""
    options = {name: getattr(effect.estimate.design, name) for name in SAME}
    try:
        estimate = did.estimate_att(panel, matched, **options)
    except (EstimationError, InputError):
        return NotEstimated(TOO_FEW)
    return effect.size_of(estimate.band(*(follow_up or effect.follow_up)))


def _mean_of_drawn(panel: Pretended, found: Matched, effect: OutcomeEffect) -> float:
    """Return the mean outcome over the follow-up of all families drawn, matched or not, in reporting units."""
    drawn = pd.concat([found.frame[found.frame[found.treated].astype(bool)], found.dropped]).assign(weight=1.0)
    outcome = effect.outcome.name
    long = panel.event_time_frame(replace(found, frame=drawn), outcome, ())
    return float(
        long[long["event_time"].between(*effect.follow_up)].groupby("event_time")[outcome].mean().mean()
        * effect.outcome.scale
    )


def _months(effect: OutcomeEffect) -> tuple[int, int]:
    """The event months that a headline is made of."""
    return -effect.estimate.design.window, effect.follow_up[1]


def _row(effect: OutcomeEffect, kind: str, control: str, size: EffectSize | NotEstimated, truth: float = 0.0) -> Row:
    named = {"outcome": effect.outcome.name, "kind": kind, "control": control, "truth": truth}
    return {**named, **dict.fromkeys(SHOWN), **{name: value for name, value in size.to_dict().items() if name in SHOWN}}


def _shared(drawn: Sequence[set[int]]) -> float:
    """Return which share of their families two draws have in common, on average."""
    return float(np.mean([len(one & other) / max(len(one), 1) for one, other in combinations(drawn, 2)]))
