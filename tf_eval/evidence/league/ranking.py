"""``rank_interventions``: a league table from effects and their errors."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from tf_eval.did.inference.multipliers import draw_normal, draw_problems
from tf_eval.errors import ConfigError, NotEstimated, raise_all
from tf_eval.evidence.league.league import League
from tf_eval.evidence.league.ranks import RankSets, rank_sets
from tf_eval.evidence.league.reading import WHERE, Effects, read_effects
from tf_eval.evidence.league.shrinkage import Shrunk, shrink
from tf_eval.evidence.league.standing import Standing
from tf_eval.matching.arguments import is_between, word_problems

DIRECTIONS = ("fall", "rise")
RAW, SHRUNK = ("value", "ci_low", "ci_high"), ("shrunk", "shrunk_low", "shrunk_high")


def rank_interventions(
    effects: pd.DataFrame,
    *,
    good_direction: str,
    seed: int,
    covariance: ArrayLike | None = None,
    deviations: ArrayLike | None = None,
    shrunk: Shrunk | NotEstimated | None = None,
    outcome: str = "the outcome",
    confidence: float = 0.95,
    draws: int = 9_999,
) -> League | NotEstimated:
    """Return a league table of interventions by their effects on one outcome, as far as they can be told apart.

    Errors are taken as known and estimates as normal around the truth, so effects on few families do not belong in it.

    Arguments:
        effects: one row per intervention: ``intervention`` (its name), ``value`` and ``std_error``, in one unit. A row
            whose value or error is missing is kept and neither shrunk nor ranked.
        good_direction: ``"fall"`` or ``"rise"``: rank 1 is the effect that is furthest that way.
        covariance: of the estimates, in the order of the rows, where interventions share families; by default they are
            independent.
        deviations: in its stead joint draws by interventions, of estimates from themselves, as ``draw_jointly`` makes.
        shrunk: the effects that have an estimate as they were shrunk together with others, in the order of the rows; by
            default they are shrunk among themselves.
        outcome: what it is called in words.
        confidence: of each interval, on average over interventions, and of all rank sets at once.
        draws, seed: the random draws of which rank sets are made; not used with ``deviations``.

    Returns:
        Effects shrunk towards their mean (see ``league/shrinkage.py``) and sets of ranks (``league/ranks.py``). With
        fewer than two interventions that have an estimate there is nothing to rank.

    Raises:
        InputError: the frame, the covariance or the draws cannot be used.
        ConfigError: an option cannot be honoured.
    """
    problems = [*_option_problems(good_direction, outcome, confidence), *draw_problems(seed, draws, "rademacher")]
    raise_all(ConfigError, WHERE, problems)
    read = read_effects(effects, covariance, deviations)
    if len(read.values) < 2:
        return NotEstimated("fewer than two interventions have an estimate, so that there is nothing to rank")
    drawn = read.deviations
    if drawn is None:
        drawn = draw_normal(read.covariance, draws, seed).deviations
    turn = -1.0 if good_direction == "fall" else 1.0
    ranks = rank_sets(turn * read.values, read.covariance, turn * drawn, confidence)
    shrunk = shrink(read.values, read.covariance) if shrunk is None else shrunk
    design = {
        "outcome": outcome,
        "good_direction": good_direction,
        "confidence": confidence,
        "dependence": read.dependence,
        "draws": len(drawn),
        "seed": seed if read.deviations is None else None,
    }
    standings = _standings(read, _numbers(read, shrunk, ranks, confidence))
    return League(tuple(standings), shrunk.prior if shrunk else shrunk, design)


def _option_problems(good_direction: object, outcome: object, confidence: object) -> list[str]:
    problems = word_problems("good_direction", good_direction, DIRECTIONS)
    if not isinstance(outcome, str):
        problems.append("outcome must be text.")
    if not is_between(confidence, 0, 1):
        problems.append("confidence must lie between 0 and 1, for example 0.95.")
    return problems


def _numbers(read: Effects, shrunk: Shrunk | NotEstimated, ranks: RankSets, confidence: float) -> dict[str, np.ndarray]:
    """Return what a standing has, of those that have an estimate."""
    errors = np.sqrt(np.diag(read.covariance))
    return {
        **_interval(read.values, errors, confidence, RAW),
        "std_error": errors,
        **(_interval(shrunk.values, shrunk.std_errors, confidence, SHRUNK) if shrunk else {}),
        "rank_low": ranks.low,
        "rank_high": ranks.high,
    }


def _interval(
    values: np.ndarray, errors: np.ndarray, confidence: float, names: tuple[str, str, str]
) -> dict[str, np.ndarray]:
    reach = stats.norm.ppf(0.5 + confidence / 2) * errors
    return dict(zip(names, (values, values - reach, values + reach), strict=True))


def _standings(read: Effects, found: Mapping[str, np.ndarray]) -> list[Standing]:
    """Return those ranked by their ranks, and those alike in both in the order given; at the end those without any."""
    places = np.cumsum(read.had) - 1
    rows = [
        Standing(name, **{key: values[place].item() for key, values in found.items()}) if has else Standing(name)
        for name, has, place in zip(read.names, read.had, places, strict=True)
    ]
    return sorted(rows, key=lambda row: (not row.is_ranked, row.rank_low or 0, row.rank_high or 0))
