"""``outcome_effect``: an estimate on anybody's data, with the checks that it allows, made ready to be judged."""

from dataclasses import replace

from tf_eval import did
from tf_eval.cohort.outcomes import Outcome
from tf_eval.did.naive import NaiveChange
from tf_eval.errors import ConfigError, NotEstimated, raise_all
from tf_eval.evidence.check import SMALLER_HAD, Check, enough
from tf_eval.evidence.effect_size import CONFIDENCE
from tf_eval.evidence.matched_effect import MatchedEffect
from tf_eval.evidence.outcome_effect import MOVED_ALIKE, NOT_EXAMINED, SEEN, OutcomeEffect
from tf_eval.evidence.plain_outcome import PlainOutcome
from tf_eval.matching import Effect

WHERE = "outcome_effect"
NOT_ASKED = NotEstimated("before and after was not asked for")
ONE_TIME = NotEstimated("the outcome was seen once, and not before the start")
NOTHING_BEFORE = NotEstimated("no effect before treatment could be estimated")
# An event time that fewer of the treated reach says little of them; half is what a plain change asks as well.
REACHED = 0.5
# Of such an outcome this is the only test; of a council's three share as much.
LEVEL = 0.05


def outcome_effect(
    estimate: did.GroupTimeATT | Effect,
    outcome: Outcome | PlainOutcome,
    *,
    follow_up: tuple[int, int] | None = None,
    naive: NaiveChange | NotEstimated = NOT_ASKED,
    pre_trends: did.PreTrends | NotEstimated | None = None,
) -> OutcomeEffect | MatchedEffect:
    """Make an estimate on anybody's data ready for ``judge``, with its own checks.

    Args:
        estimate: as ``estimate_att`` returns it, of a panel with or without a match; or as ``estimate_effect`` does, of
            matched people at one point in time. Its intervals are of 95 %.
        outcome: the column that was estimated, and how its effects are told.
        follow_up: event times, first and last, of the headline effect; None: ``overall()`` since the start. Of an
            effect at one point in time there are none.
        naive: the plain change of the treated, as ``naive_change`` returns it; not of logarithms.
        pre_trends: the test that both groups moved alike before the start; by default that of the estimate's own
            periods before treatment: bands before its base window, or, where it has none, every event time that at
            least half of the treated reach, jointly. Another test where the estimate was fitted to what was before, so
            that nothing is left to show it; or, where there is none, ``NotEstimated`` with the reason.

    Returns:
        What ``judge`` takes. Its checks are whether the groups moved alike and, where nobody was matched, whether each
        of them had 20 units; those of a match come from ``design_checks``.

    Raises:
        ConfigError: the estimate is of another column or another confidence, or has no follow-up.
    """
    raise_all(ConfigError, WHERE, _problems(estimate, outcome, follow_up, naive))
    given, worthwhile = pre_trends is not None, outcome.smallest_worthwhile
    if isinstance(estimate, Effect):
        test = _moved_alike(pre_trends if given else ONE_TIME, told=True)
        return MatchedEffect(outcome, estimate, worthwhile, (test,))
    test = _moved_alike(pre_trends if given else own_pre_trends(estimate), told=given)
    found = OutcomeEffect(outcome, estimate, follow_up, worthwhile, naive, (test,))
    if estimate.design.treated is not None or isinstance(found.headline, NotEstimated):
        return found
    return replace(found, tested=(test, _enough_units(found)))


def own_pre_trends(estimate: did.GroupTimeATT) -> did.PreTrends | NotEstimated:
    """Return the joint test of an estimate's own effects before treatment, by event time or in bands."""
    if estimate.design.window is not None:
        return estimate.pre_trends()
    study = estimate.by_event_time()
    times = [
        where["event_time"]
        for where, row in zip(study.where, study.rows, strict=True)
        if where["event_time"] < -estimate.design.anticipation and getattr(row, "treated_share", 0) >= REACHED
    ]
    return estimate.pre_trends([(time, time) for time in times]) if times else NOTHING_BEFORE


def _problems(estimate: object, outcome: Outcome | PlainOutcome, follow_up: object, naive: object) -> list[str]:
    if isinstance(estimate, NotEstimated):
        return [f"there is no estimate to judge: {estimate.reason}."]
    if not isinstance(estimate, did.GroupTimeATT | Effect):
        return ["estimate must be what estimate_att or estimate_effect returned."]
    design, is_at_once = estimate.design, isinstance(estimate, Effect)
    confidence = design.level if is_at_once else design.confidence
    said = {
        f"the estimate is of '{design.outcome}', the outcome is '{outcome.name}'.": design.outcome != outcome.name,
        f"verdicts take intervals of {CONFIDENCE:.0%}; estimate with these.": confidence != CONFIDENCE,
        "an effect at one point in time has no follow_up; leave it out.": is_at_once and follow_up is not None,
        "a logarithm has no before and after to tell; leave naive out.": outcome.is_log and naive is not NOT_ASKED,
    }
    return [problem for problem, holds in said.items() if holds]


def _moved_alike(test: did.PreTrends | NotEstimated, *, told: bool) -> Check:
    if isinstance(test, NotEstimated):
        return Check(MOVED_ALIKE, False, f"{NOT_EXAMINED} {test.reason}.", "pre_trend", told=told)
    passed = test.p_value >= LEVEL
    detail = f"Taken together, over the times before the start there was {SEEN[passed]}."
    return Check(MOVED_ALIKE, passed, detail, "pre_trend")


def _enough_units(found: OutcomeEffect) -> Check:
    size = found.headline
    return enough(min(size.n_treated, size.n_comparison), "units", SMALLER_HAD)
