"""Whether most interventions of a site seem to have done the same.

What families who take up support have in common, such as being ready to change, and what changes in their records
alone, shows in every intervention alike, and before the start in none. But interventions that differ do not all move
the same outcome. So what more than half of them moved one way, beyond chance, was hardly moved by them. That of n
effects u or more are there is a partial conjunction (Benjamini and Heller 2008, Biometrics 64, 1215-1222): it is tested
by the n - u + 1 weakest of them together, here by their sum, whose error knows how they hang together.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

from tf_eval.cohort.outcomes import Outcome
from tf_eval.cohort.words import in_sentence, listed
from tf_eval.errors import NotEstimated
from tf_eval.evidence.check import SHARED_LEVEL, Check
from tf_eval.evidence.outcome_effect import OutcomeEffect
from tf_eval.evidence.standardised import standardise
from tf_eval.evidence.verdict import Verdict

NAME = "Interventions that differ did not all seem to do the same"
FEWEST = 3  # interventions of which more than half can be more than one
WAYS = {"better": -1.0, "worse": 1.0}


class Shared(NamedTuple):
    """How surely more than half of the interventions moved an outcome one way; ``way`` is "better" or "worse"."""

    outcome: Outcome
    way: str
    p_value: float


def shared_check(verdicts: Sequence[Verdict]) -> Check | NotEstimated:
    """Return whether no outcome was moved one way by more than half of the interventions, beyond chance.

    Outcomes that depend on who is looking do not count: workers of any kind see more. What is looked at is every other
    outcome, of either way; the level of the check is shared by them (Bonferroni).

    Args:
        verdicts: of interventions that were judged on the same panel of families, with the same follow-up.

    Returns:
        The check, which is of the whole design of each; or why there is none, with fewer than three interventions.
    """
    looked = list(_looked(verdicts))
    if not looked:
        return NotEstimated(f"no outcome has an estimate for {FEWEST} interventions or more")
    found = [shared for shared in looked if shared.p_value * len(looked) < SHARED_LEVEL]
    return Check(NAME, not found, _told(found))


def partial_conjunction(scores: np.ndarray, correlation: np.ndarray, degrees_of_freedom: float = np.inf) -> float:
    """Return the p-value of this: of n standardised effects, no more than half are above nought."""
    weakest = np.argsort(scores)[: len(scores) - len(scores) // 2]
    together = correlation[np.ix_(weakest, weakest)].sum()
    # Each score has an error of its own, so that their sum has nearly the freedom of all of them (Satterthwaite 1946).
    return float(stats.t.sf(scores[weakest].sum() / np.sqrt(together), len(weakest) * degrees_of_freedom))


def _looked(verdicts: Sequence[Verdict]) -> Iterator[Shared]:
    by_outcome: dict[str, list[OutcomeEffect]] = {}
    for verdict in verdicts:
        for row in verdict.outcomes:
            if not row.outcome.detection_sensitive and not isinstance(row.measured.headline, NotEstimated):
                by_outcome.setdefault(row.outcome.name, []).append(row.measured)
    for effects in by_outcome.values():
        yield from _of_outcome(effects)


def _of_outcome(effects: Sequence[OutcomeEffect]) -> Iterator[Shared]:
    found = standardise(effects, effects[0].follow_up or "simple")
    if len(found.scores) < FEWEST:
        return
    for way, turn in WAYS.items():
        p_value = partial_conjunction(turn * found.scores, found.correlation, found.degrees_of_freedom)
        yield Shared(effects[0].outcome, way, p_value)


def _told(found: Sequence[Shared]) -> str:
    if not found:
        return "No outcome was changed in the same way by more than half of the interventions, beyond chance."
    changes = listed([f"{in_sentence(shared.outcome.label)} for the {shared.way}" for shared in found])
    return (
        f"More than half of the interventions seem to have changed {changes}, beyond chance. So many different things "
        "hardly do the same: families who take up support may be changing by themselves, or what is recorded of them "
        "is changing."
    )
