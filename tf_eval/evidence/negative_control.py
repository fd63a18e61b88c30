"""Whether outcomes that the intervention cannot move stayed as they were, as a sound design has to find them.

What else sets the groups apart, such as a crisis that no record tells of, may move these too. Where they moved, the
comparison is off, whatever the other outcomes say (Lipsitch, Tchetgen Tchetgen and Cohen 2010, Epidemiology 21,
383-388). Where they did not, that is no proof: they speak only of what moves them as it moves the others.
"""

import math
from collections.abc import Sequence
from itertools import compress

from tf_eval.cohort.words import in_sentence, listed
from tf_eval.errors import ConfigError
from tf_eval.evidence.check import CHECK_LEVEL, Check
from tf_eval.evidence.multiplicity import holm
from tf_eval.evidence.obrien import sum_of
from tf_eval.evidence.outcome_effect import OutcomeEffect

NAME = "What this cannot change did not change"
TOGETHER = "all of them taken together"
NOT_EXAMINED = "This could not be examined: none of them came about, or none could be estimated."


def negative_control_check(measured: Sequence[OutcomeEffect]) -> tuple[Check, ...]:
    """Return whether outcomes that the intervention cannot move changed no more than chance explains.

    Each is tested over the follow-up, and so is the sum of their standardised differences (``sum_of``), which shows
    what moves all of them a little. Holm's allowance is for these tests, so that of sound studies no more fail the
    check than any other (``CHECK_LEVEL``). It is one check more than those that share their level of false alarms, for
    plans that ask for it.

    Args:
        measured: the effect on each negative control, as ``measure`` returns them, over the same months.

    Returns:
        One check; none where there is no control. Controls that never came about, or could not be estimated, are named
        and do not count. Where none counts, the check is not passed.

    Raises:
        ConfigError: the controls were followed over different months.
    """
    if not measured:
        return ()
    months, *others = {effect.follow_up for effect in measured}
    if others:
        raise ConfigError("negative_control_check: follow all controls over the same months (follow_up)")
    found = sum_of(measured, months or "simple")
    named = [in_sentence(effect.outcome.label) for effect in measured]
    is_seen = [not math.isnan(p_value) for p_value in found.single]
    seen, unseen = list(compress(named, is_seen)), list(compress(named, (not one for one in is_seen)))
    if not seen:
        return (Check(NAME, False, NOT_EXAMINED, told=False),)
    tested, p_values = named, found.single
    if len(seen) > 1:  # the sum of one outcome is that outcome, and no test of its own
        tested, p_values = (*named, TOGETHER), (*found.single, found.p_value)
    moved = list(compress(tested, holm(p_values) < CHECK_LEVEL))
    # That nothing was seen of one can tell how few families had it.
    return (Check(NAME, not moved, _detail(moved, seen, unseen), told=not unseen),)


def _detail(moved: Sequence[str], seen: Sequence[str], unseen: Sequence[str]) -> str:
    ways = ", one by one or taken together" if len(seen) > 1 else ""
    none = f"no change beyond chance on {listed(seen)}{ways}"
    said = f"a change beyond chance on {listed(moved)}" if moved else none
    rest = f", and nothing could be seen of {listed(unseen)}" if unseen else ""
    return f"In the months that were followed there was {said}{rest}."
