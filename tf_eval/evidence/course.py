"""Whether the groups had been moving alike before the baseline, over all outcomes at once.

What moves families apart, such as a need that has been falling in one group, shows in all outcomes a little and in
none of them clearly: see ``sum_of``.
"""

from collections.abc import Sequence

from tf_eval.errors import NotEstimated
from tf_eval.evidence.check import CHECK_LEVEL, Check
from tf_eval.evidence.obrien import sum_of
from tf_eval.evidence.outcome_effect import PLACEBO, OutcomeEffect

NAME = "Over all outcomes, the groups moved alike before the start"


def course_check(measured: Sequence[OutcomeEffect]) -> Check:
    """Return whether differences before the baseline, taken together over outcomes, are no more than chance.

    Args:
        measured: the effect on every outcome of an evaluation, as ``measure`` returns them. Those without an estimate
            before the baseline do not count.
    """
    seen = [effect for effect in measured if not isinstance(effect.placebo, NotEstimated)]
    if not seen:
        return Check(NAME, False, "This could not be examined: no outcome was seen before the baseline.", "pre_trend")
    found = sum_of(seen, PLACEBO)
    passed = found.p_value >= CHECK_LEVEL
    first, last = PLACEBO
    way = "better" if found.score > 0 else "worse"
    apart = (
        f"a difference beyond chance: families with the intervention had already been getting {way} than like families"
    )
    said = "no difference beyond chance" if passed else apart
    when = f"Between {-first} and {-last} months before and the year before the start"
    detail = f"{when} there was, taken together, {said}."
    return Check(NAME, passed, detail, "pre_trend")
