"""Who is seen before treatment and no longer after it: told where the treated and their comparison differ in it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tf_eval.did.caution import Caution
from tf_eval.did.design import Design
from tf_eval.did.options import AGAINST_NEVER

# Shares that are missing differ clearly by so much, and by so many errors of their difference.
CLEAR, ERRORS = 0.05, 3
# Of a cohort so many units are looked at, evenly along it: a share of them is known to about a point.
ENOUGH = 4000


@dataclass(frozen=True, eq=False)
class _Cohort:
    """Units of one arm that start at once, and the place of their base among all bases; -1: they have none.

    A base is the last period before treatment. ``both`` counts those seen at each base (of any cohort) and in each
    period, bases by periods; ``at_base`` those seen at each base.
    """

    started: float
    base: int
    both: np.ndarray
    at_base: np.ndarray


def attrition_note(
    seen: np.ndarray, adopted: np.ndarray, started: np.ndarray | None, periods: np.ndarray, design: Design
) -> tuple[str, ...]:
    """Return a note on who is missing after the start, where that differs clearly between the arms; or none.

    ``seen`` is units by periods, in order of ``adopted``; ``started`` is when comparison units of a match, whose
    ``adopted`` is never, start themselves: from then on they do not serve, and are not missing. Sets and triple
    differences are passed over: whom a unit is compared with is not told by its start there.
    """
    if design.sets or design.eligible or seen.all():
        return ()
    if started is not None:
        order = np.lexsort((adopted, started))
        seen, adopted, started = seen[order], adopted[order], started[order]
    arms = adopted, adopted if started is None else started
    cohorts = list(_cohorts(seen, *arms, periods, design.anticipation))
    compared = _compared(cohorts, periods, design)
    cells = [cell for cohort in cohorts for cell in _cells(cohort, compared, periods, design.anticipation)]
    if not cells:
        return ()
    n_treated, n_comparison, *missing = np.array(cells).T
    treated, comparison = (np.average(each, weights=n_treated) for each in missing)
    counts = [int(np.average(each, weights=n_treated)) for each in (n_treated, n_comparison)]
    return _told(float(treated), float(comparison), counts, design)


def _told(treated: float, comparison: float, counts: list[int], design: Design) -> tuple[str, ...]:
    pooled = (treated * counts[0] + comparison * counts[1]) / max(sum(counts), 1)
    error = np.sqrt(pooled * (1 - pooled) * sum(1 / max(count, 1) for count in counts))
    if not design.shows(*counts) or abs(treated - comparison) < max(CLEAR, ERRORS * error):
        return ()
    shares = [design.told_share(*each) for each in zip((treated, comparison), counts, strict=True)]
    note = (
        f"Of those seen just before the start {shares[0]} of the treated are missing after it, and {shares[1]} of the "
        "comparison (mean over periods); the effect is that on who is seen, and others may be unlike them."
    )
    return (Caution(note),)


def _cohorts(
    seen: np.ndarray, adopted: np.ndarray, started: np.ndarray, periods: np.ndarray, anticipation: int
) -> Iterator[_Cohort]:
    first = np.flatnonzero(np.append(True, (adopted[1:] != adopted[:-1]) | (started[1:] != started[:-1])))
    base = np.searchsorted(periods, adopted[first] - anticipation) - 1
    base[adopted[first] > periods[-1]] = -1
    bases = np.unique(base[base >= 0])
    for own, begin, end in zip(base, first, np.append(first[1:], len(adopted)), strict=True):
        both, at_base = _counts(seen[begin:end], bases)
        place = int(np.searchsorted(bases, own)) if own >= 0 else -1
        yield _Cohort(float(started[begin]), place, both, at_base)


def _counts(seen: np.ndarray, bases: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how many units are seen at each base and in each period, and how many at each base."""
    step = -(-len(seen) // ENOUGH)
    some = seen[::step].astype(np.float32)
    return step * (some[:, bases].T @ some), step * some[:, bases].sum(axis=0)


def _compared(cohorts: list[_Cohort], periods: np.ndarray, design: Design) -> list[_Cohort]:
    """Return the cohorts that may serve as comparison: without any never treated, where asked for, those who wait."""
    if design.comparison != "never_treated" and design.method not in AGAINST_NEVER:
        return cohorts
    never = [cohort for cohort in cohorts if cohort.started > periods[-1] + design.anticipation]
    return never or cohorts


def _cells(cohort: _Cohort, cohorts: list[_Cohort], periods: np.ndarray, anticipation: int) -> Iterator[tuple]:
    """Yield, for each period from the start on, the numbers seen at the base of both arms and their shares missing."""
    base = cohort.base
    n_treated = 0 if base < 0 else cohort.at_base[base]
    for position in np.flatnonzero(periods >= cohort.started) if n_treated else ():
        waiting = [other for other in cohorts if other.started > periods[position] + anticipation]
        n_comparison = sum(other.at_base[base] for other in waiting)
        if n_comparison:
            stayed = sum(other.both[base, position] for other in waiting)
            yield n_treated, n_comparison, 1 - cohort.both[base, position] / n_treated, 1 - stayed / n_comparison
