"""Whether the groups had been moving alike before the baseline, over all outcomes at once.

What moves families apart, such as a need that has been falling in one group, shows in all outcomes a little and in
none of them clearly. The sum of their standardised differences is the test of O'Brien (1984, Biometrics 40, 1079-1087)
for effects in one direction, with the covariance that outcomes of the same families have.
"""

from collections.abc import Sequence

import numpy as np
from scipy import stats

from tf_eval import did
from tf_eval.errors import NotEstimated
from tf_eval.evidence.check import CHECK_LEVEL, Check
from tf_eval.evidence.outcome_effect import PLACEBO, OutcomeEffect

NAME = "Over all outcomes, the groups moved alike before the start"
DRAWS = {"seed": 1, "draws": 199}  # what is taken of them is their covariance, which no draw decides


def course_check(measured: Sequence[OutcomeEffect]) -> Check:
    """Return whether differences before the baseline, taken together over outcomes, are no more than chance.

    Args:
        measured: the effect on every outcome of an evaluation, as ``measure`` returns them. Those without an estimate
            before the baseline do not count.
    """
    seen = [effect for effect in measured if not isinstance(effect.placebo, NotEstimated)]
    if not seen:
        return Check(NAME, False, "This could not be examined: no outcome was seen before the baseline.", "pre_trend")
    score = _combined(seen)
    # Each outcome's own degrees of freedom are those of its families; the fewest are the safest.
    freedom = min(effect.placebo.degrees_of_freedom for effect in seen)
    passed = bool(2 * stats.t.sf(abs(score), freedom) >= CHECK_LEVEL)
    first, last = PLACEBO
    way = "better" if score > 0 else "worse"
    apart = (
        f"a difference beyond chance: families with the intervention had already been getting {way} than like families"
    )
    said = "no difference beyond chance" if passed else apart
    when = f"Between {-first} and {-last} months before and the year before the start"
    detail = f"{when} there was, taken together, {said}."
    return Check(NAME, passed, detail, "pre_trend")


def _combined(seen: Sequence[OutcomeEffect]) -> float:
    """Return the sum of standardised differences, each positive where it is for the worse, in its own errors."""
    effects = {effect.outcome.name: effect.estimate for effect in seen}
    joint = did.draw_jointly(effects, [PLACEBO], **DRAWS)
    had = [place for place, row in enumerate(joint.rows) if not isinstance(row, NotEstimated) and row.std_error > 0]
    turned = np.array([1.0 if seen[place].is_harm(1.0) else -1.0 for place in had])
    sizes = turned * np.array([joint.rows[place].att / joint.rows[place].std_error for place in had])
    scale = np.sqrt(np.diag(joint.covariance)[had])
    correlation = joint.covariance[np.ix_(had, had)] / np.outer(scale, scale) * np.outer(turned, turned)
    return float(sizes.sum() / np.sqrt(correlation.sum())) if had else 0.0
