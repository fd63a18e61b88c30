"""The outcomes that decide: those that were named beforehand and do not depend on who is looking."""

from collections.abc import Sequence

from tf_eval.errors import EstimationError, unknown
from tf_eval.evidence.outcome_effect import OutcomeEffect


def choose_primary(
    measured: Sequence[OutcomeEffect], primary: Sequence[str] | None, where: str
) -> tuple[OutcomeEffect, ...]:
    """Return the measured effects on the outcomes that were named beforehand, all of them where None is given.

    Raises ``EstimationError`` where none was measured, or not one that was named.
    """
    names = [effect.outcome.name for effect in measured]
    if not names:
        raise EstimationError(f"{where}: no measured outcome was given. Measure at least one with tf_eval.measure(...)")
    if primary is not None and not primary:
        raise EstimationError(f"{where}: primary names no outcome, so that nothing could decide. Leave it out for all")
    strangers = [name for name in primary or () if name not in names]
    if strangers:
        raise EstimationError(f"{where}: primary: {unknown('measured outcome', strangers[0], names)}")
    return tuple(effect for effect in measured if primary is None or effect.outcome.name in primary)


def telling(effects: Sequence[OutcomeEffect]) -> tuple[OutcomeEffect, ...]:
    """Return the effects that tell of need and not of who is looking; all of them where none does."""
    return tuple(effect for effect in effects if not effect.outcome.detection_sensitive) or tuple(effects)
