"""Proof, on the result itself, that several arms were set beside each other as was asked for."""

import numpy as np

from tf_eval.errors import EstimationError, raise_all
from tf_eval.matching.arms.design import WHERE
from tf_eval.matching.arms.formed import Formed
from tf_eval.matching.arms.scored import Scored

ROUNDING = 1e-9  # of a sum of weights, or of the score's own size


def audit_arms(scored: Scored, formed: Formed) -> None:
    """Raise ``EstimationError`` that names everything wrong with the sets or weights.

    Pairs that ``match`` made have passed its own audit; what is proved here is what all arms have to keep together.
    """
    if not (np.isfinite(formed.weight) & (formed.weight >= 0)).all():
        raise EstimationError(f"{WHERE}, audit of the result: a weight is negative or infinite")
    checks = {"an arm takes no part": _absent(scored, formed)}
    if formed.set_id is not None:
        checks |= _set_checks(scored, formed)
    elif scored.sample.design.method != "pairwise":
        checks |= _weight_checks(scored, formed)
    raise_all(EstimationError, f"{WHERE}, audit of the result", [fault for fault, found in checks.items() if found])


def _absent(scored: Scored, formed: Formed) -> bool:
    return len(np.unique(scored.sample.arm[formed.weight > 0])) < len(scored.sample.arms)


def _set_checks(scored: Scored, formed: Formed) -> dict[str, bool]:
    sample, row = scored.sample, np.flatnonzero(formed.set_id >= 0)
    row = row[np.lexsort((sample.arm[row], formed.set_id[row]))]
    arms, whole = len(sample.arms), _are_whole(scored, formed, row)
    members = row.reshape(-1, arms) if whole else np.empty((0, arms), dtype=np.int64)
    cell = sample.exact_cell[members]
    return {
        "a set has not one row of every arm": not whole,
        "a set crosses exact cells": bool((cell != cell[:, :1]).any()),
        "a row is further from the reference row than the caliper": any(
            _is_wider(scored, members[:, [0, other]], other) for other in range(1, arms)
        ),
        "a unit serves more than once": any(_repeated(sample.unit[members[:, other]]) for other in range(1, arms)),
        "a row weighs other than 1 in a set, or 0 outside": not np.array_equal(formed.weight, formed.set_id >= 0),
    }


def _are_whole(scored: Scored, formed: Formed, row: np.ndarray) -> bool:
    arms = len(scored.sample.arms)
    if len(row) % arms:
        return False
    sets, own = (code[row].reshape(-1, arms) for code in (formed.set_id, scored.sample.arm))
    return bool((sets == sets[:, :1]).all() and (own == np.arange(arms)).all() and not _repeated(sets[:, 0]))


def _is_wider(scored: Scored, pairs: np.ndarray, other: int) -> bool:
    """Say whether two rows of a pair differ by more than the caliper in the log odds of any arm."""
    if scored.sample.design.caliper is None:
        return False
    spread = scored.predictor[scored.sample.of_arms(0, other), 1:].std(axis=0, ddof=1)
    gaps = np.abs(np.diff(scored.predictor[pairs, 1:], axis=1))[:, 0]
    slack = ROUNDING * np.abs(scored.predictor).max()
    return bool((gaps > scored.sample.design.caliper * spread + slack).any())


def _repeated(code: np.ndarray) -> bool:
    return len(np.unique(code)) < len(code)


def _weight_checks(scored: Scored, formed: Formed) -> dict[str, bool]:
    sample, weight = scored.sample, formed.weight
    cells, arms = sample.exact_cell.max() + 1, range(len(sample.arms))
    own = [weight * (sample.arm == arm) for arm in arms]
    shares = [np.bincount(sample.exact_cell, each, cells) / (each.sum() or 1.0) for each in own]
    reference = weight[(sample.arm == 0) & (weight > 0)]
    return {
        "an arm's weights do not sum to its rows": any(
            abs(each.sum() - np.count_nonzero(each)) > ROUNDING * len(each) for each in own
        ),
        "an exact cell weighs more in one arm than in another": any(
            bool((np.abs(each - shares[0]) > ROUNDING).any()) for each in shares
        ),
        "a row of the reference arm does not weigh 1": sample.design.estimand == "att"
        and bool((np.abs(reference - 1) > ROUNDING).any()),
    }
