"""``what_works``: the verdicts of a site, set side by side."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from tf_eval import did
from tf_eval.did.bands import BANDS
from tf_eval.errors import EstimationError, NotEstimated
from tf_eval.evidence.check import Check
from tf_eval.evidence.effect_size import EffectSize
from tf_eval.evidence.league import Shrunk, rank_interventions
from tf_eval.evidence.multiplicity import step_down
from tf_eval.evidence.together.claim import HEADLINE, Claim
from tf_eval.evidence.together.outcome_league import OutcomeLeague
from tf_eval.evidence.together.result import WhatWorks
from tf_eval.evidence.together.shared import shared_check
from tf_eval.evidence.together.shrinking import shrink_together, unit_of
from tf_eval.evidence.together.standing_out import standing_out
from tf_eval.evidence.verdict import OutcomeVerdict, Verdict, judge_again


class _Looked(NamedTuple):
    """What was looked at: an intervention's outcome over some months."""

    intervention: str
    title: str
    judged: OutcomeVerdict
    band: str


def what_works(verdicts: Sequence[Verdict], *, seed: int, draws: int = 1_999) -> WhatWorks:
    """Set the verdicts of a site side by side, with what it means that so many things were looked at.

    Args:
        verdicts: of interventions that were judged on the same panel of families.
        seed, draws: of whole families, each with one multiplier in all interventions, outcomes and months, so that what
            hangs together through shared families does so in every draw.

    Returns:
        The verdicts, with two kinds of check more: whether most interventions seem to have done the same
        (``together/shared.py``), and whether what is clear by itself stands out among all that was looked at
        (``together/standing_out.py``). Every outcome that decides a verdict, over the headline's months and by band,
        each with the p-value of Romano and Wolf (2005) over all of its kind. And for each outcome a league table of the
        interventions, whose effects are shrunk together with those on all others (``together/shrinking.py``).

    Raises:
        EstimationError: no verdict was given, or two of one intervention, or none has an outcome that decides.
    """
    _require_distinct(verdicts)
    shared = shared_check(verdicts)
    of_all = (shared,) if isinstance(shared, Check) else ()
    pairs = zip(verdicts, standing_out(verdicts), strict=True)
    verdicts = [judge_again(verdict, [*of_all, *own]) for verdict, own in pairs]
    headlines = list(_decide(verdicts))
    if not headlines:
        raise EstimationError("what_works: no outcome decides any verdict: all are secondary or sensitive to detection")
    joint = did.draw_jointly(
        {_called(looked): looked.judged.measured.estimate for looked in headlines},
        [_months(headlines), *BANDS.values()],
        seed=seed,
        draws=draws,
    )
    deviations = joint.deviations.reshape(draws, len(headlines), 1 + len(BANDS))
    claims = _claims(headlines, deviations[:, :, 0])
    return WhatWorks(
        verdicts=tuple(verdicts),
        shared=shared,
        claims=(*claims, *_by_band(headlines, deviations[:, :, 1:])),
        leagues=tuple(_leagues(claims, deviations[:, :, 0], seed)),
        design={"seed": seed, "draws": draws, "level": verdicts[0].rules.level},
    )


def _require_distinct(verdicts: Sequence[Verdict]) -> None:
    names = [verdict.about.intervention for verdict in verdicts]
    if not names:
        raise EstimationError("what_works: no verdict was given")
    if len(set(names)) < len(names):
        raise EstimationError(f"what_works: an intervention is given twice ({', '.join(sorted(names))})")


def _decide(verdicts: Sequence[Verdict]) -> Iterator[_Looked]:
    for verdict in verdicts:
        named = (verdict.about.intervention, verdict.about.title)
        yield from (_Looked(*named, row, HEADLINE) for row in verdict.outcomes if row.decides)


def _months(headlines: Sequence[_Looked]) -> tuple[int, int]:
    """Return the months of the headlines.

    Raises ``EstimationError`` where they are not the same everywhere: what is over other months is not comparable.
    """
    asked = {looked.judged.measured.follow_up for looked in headlines}
    if len(asked) > 1:
        told = "; ".join(f"{first} to {last}" for first, last in sorted(asked))
        raise EstimationError(f"what_works: the plans' follow_up must be the same to be compared, not {told}")
    return asked.pop()


def _called(looked: _Looked) -> str:
    return f"{looked.intervention}: {looked.judged.outcome.name}"


def _by_band(headlines: Sequence[_Looked], deviations: np.ndarray) -> list[Claim]:
    looked = [one._replace(band=band.replace("-", " to ")) for one in headlines for band in BANDS]
    return _claims(looked, deviations.reshape(len(deviations), -1))


def _claims(looked: Sequence[_Looked], deviations: np.ndarray) -> list[Claim]:
    """Allow in each for all the others."""
    sizes = [_size(one) for one in looked]
    values, errors = (np.array([getattr(size, name, np.nan) for size in sizes]) for name in ("value", "std_error"))
    scale = np.array([one.judged.outcome.scale for one in looked])
    # An effect without an error (nobody ever had the outcome) is no test.
    errors = np.where(errors > 0, errors, np.nan)
    adjusted = step_down(values, errors, deviations * scale)
    return [
        Claim(*one, size, None if np.isnan(p) else float(p))
        for one, size, p in zip(looked, sizes, adjusted, strict=True)
    ]


def _size(looked: _Looked) -> EffectSize | NotEstimated:
    measured = looked.judged.measured
    if looked.band == HEADLINE:
        return measured.headline
    return dict(measured.bands.rows)[looked.band]


def _leagues(headlines: Sequence[Claim], deviations: np.ndarray, seed: int) -> list[OutcomeLeague]:
    """Return a league table of the interventions for each outcome."""
    places: dict[str, list[int]] = {}
    for place, claim in enumerate(headlines):
        places.setdefault(claim.judged.outcome.name, []).append(place)
    together = shrink_together(headlines, deviations)
    found = []
    for where in places.values():
        claims = [headlines[place] for place in where]
        shrunk = together.of(where, unit_of(claims[0].judged.outcome)) if together else together
        found.append(_league(claims, deviations[:, where], shrunk, seed))
    return found


def _league(claims: Sequence[Claim], deviations: np.ndarray, shrunk: Shrunk | NotEstimated, seed: int) -> OutcomeLeague:
    outcome = claims[0].judged.outcome
    frame = pd.DataFrame(
        {
            "intervention": [claim.title for claim in claims],
            "value": [getattr(claim.size, "value", np.nan) for claim in claims],
            "std_error": [getattr(claim.size, "std_error", np.nan) or np.nan for claim in claims],
        }
    )
    told = {"good_direction": outcome.good_direction, "outcome": outcome.label}
    league = rank_interventions(frame, deviations=deviations * outcome.scale, shrunk=shrunk, seed=seed, **told)
    return OutcomeLeague(tuple(claims), league)
