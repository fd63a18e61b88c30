"""The effects in order of time, as arrays: what every question about parallel trends is asked of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from tf_eval.did.alone import NOT_JUDGED
from tf_eval.did.design import Design
from tf_eval.did.group_time.fits import ESTIMATORS
from tf_eval.did.options import OPTIONS
from tf_eval.errors import ConfigError, NotEstimated, raise_all
from tf_eval.matching.arguments import is_number, is_whole

KINDS = ("event_time", "band")

Target = int | str | tuple[int, int] | Mapping[int, float]


class Effects(Protocol):
    """A table of effects with their joint covariance."""

    kind: str
    where: tuple[Mapping[str, Any], ...]
    rows: Sequence[Any]
    covariance: np.ndarray
    time_unit: str
    design: Design


@dataclass(frozen=True, eq=False)
class Course:
    """Effects at equally long, adjoining stretches of event time, before treatment and after.

    ``first`` and ``last`` bound each stretch (both included). The first ``n_before`` lie wholly before treatment and
    its anticipation. All are measured from one base, whose own row, if it is a single one, has no variance.
    ``skipped`` are the labels of rows that could not be used. ``is_shown`` says whether none rests on few units.
    """

    first: np.ndarray
    last: np.ndarray
    effects: np.ndarray
    covariance: np.ndarray
    n_before: int
    skipped: tuple[str, ...]
    time_unit: str
    design: Design
    is_shown: bool = True

    def __len__(self) -> int:
        return len(self.effects)

    @property
    def middle(self) -> np.ndarray:
        return (self.first + self.last) / 2

    @property
    def base(self) -> float:
        """The event time, or the middle of the window, from which the effects are measured."""
        return -self.design.anticipation - ((self.design.window or 1) + 1) / 2

    @property
    def period(self) -> str:
        """What one step of the course is called."""
        length = int(self.last[0] - self.first[0]) + 1
        return self.time_unit if length == 1 else f"band of {length} {self.time_unit}s"

    def variance(self, weights: np.ndarray) -> np.ndarray:
        """Return the variance of each row of ``weights`` (one weight per effect)."""
        return np.einsum("...i,ij,...j->...", weights, self.covariance, weights)

    def target(self, target: Target) -> tuple[np.ndarray, str]:
        """Return the weights of the effects in what is asked for (one per effect), and what it is called.

        Raises ``ConfigError`` where it reaches beyond the effects that could be had, or before the start.
        """
        if isinstance(target, Mapping):
            return self._mix(target), "the effects as weighted"
        first, last, name = self._span(target)
        chosen = (self.first >= first) & (self.last <= last) if first != last else self._holding(first)
        if not chosen.any() or not chosen[self.n_before :].any():
            raise ConfigError(f"target: no effect after the start was estimated at {name}; {self._known()}")
        return chosen / chosen.sum(), name

    def _span(self, target: int | str | tuple[int, int]) -> tuple[int, int, str]:
        if target == "average":
            return 0, int(self.last[-1]), "the average over all periods since the start"
        if is_whole(target):
            return target, target, f"{self.time_unit} {target}"
        if (
            isinstance(target, tuple)
            and len(target) == 2
            and all(map(is_whole, target))
            and 0 <= target[0] <= target[1]
        ):
            return *target, f"{self.time_unit}s {target[0]} to {target[1]}"
        raise ConfigError("target: give an event time, (first, last), 'average' or {event time: weight}.")

    def _mix(self, target: Mapping[int, float]) -> np.ndarray:
        weights = np.zeros(len(self))
        if not all(is_whole(time) and is_number(weight) for time, weight in target.items()):
            raise ConfigError("target: give weights by event time, such as {0: 0.5, 1: 0.5}.")
        for time, weight in target.items():
            chosen = self._holding(time)
            if not chosen[self.n_before :].any():
                raise ConfigError(f"target: no effect after the start was estimated at {time}; {self._known()}")
            weights += weight * chosen
        if not weights.any():
            raise ConfigError("target: weights must be finite numbers, not all of them 0.")
        return weights

    def _holding(self, time: int) -> np.ndarray:
        return (self.first <= time) & (time <= self.last)

    def _known(self) -> str:
        return f"choose from {self.first[self.n_before]} to {self.last[-1]}."


def read_course(estimates: Effects, asker: str) -> Course | NotEstimated:
    """Return the effects of an event study, or of adjoining bands of equal length, in order of time.

    Where some could not be estimated, the unbroken stretch around the start is kept. Raises ``ConfigError`` where the
    effects are of another kind, or each measured from a base of its own.
    """
    raise_all(ConfigError, asker, _problems(estimates))
    places = [(place.get("first", place.get("event_time")), place.get("last", place.get("event_time")))
              for place in estimates.where]  # fmt: skip
    order = np.lexsort(np.array(places).T)
    first, last = np.array(places)[order].T
    raise_all(ConfigError, asker, _uneven(first, last, estimates.design.anticipation))
    had = np.array([not isinstance(estimates.rows[row], NotEstimated) for row in order])
    start = int(np.searchsorted(last, -estimates.design.anticipation))
    if not 0 < start < len(had) or not had[start - 1 : start + 1].all():
        return NotEstimated("there is no estimate on both sides of the start")
    kept = _around(had, start)
    rows = order[kept]
    if all(estimates.rows[row].is_alone for row in rows):
        return NotEstimated(f"all treated are of one cluster: {NOT_JUDGED}".removesuffix("."))
    effects = np.array([estimates.rows[row].att for row in rows])
    skipped = tuple(f"{low} to {high}" if low < high else str(low) for low, high in zip(first, last, strict=True))
    return Course(
        first=first[kept],
        last=last[kept],
        effects=effects,
        covariance=_clean(estimates.covariance[np.ix_(rows, rows)]),
        n_before=start - kept.start,
        skipped=(*skipped[: kept.start], *skipped[kept.stop :]),
        time_unit=estimates.time_unit,
        design=estimates.design,
        is_shown=all(estimates.rows[row].is_shown for row in rows),
    )


def _problems(estimates: Effects) -> list[str]:
    design, problems = estimates.design, []
    if estimates.kind not in KINDS:
        problems.append("it needs by_event_time() or bands(), whose rows follow each other in time.")
    if design.method == "synthetic":
        problems.append("method 'synthetic' fits its comparison to what was before treatment; that bounds nothing.")
    elif not _has_one_base(estimates):
        problems.append(_no_base(design.method))
    if design.errors == "unequal" or design.quantile == "t":
        problems.append("it rests on normal errors; estimate with errors='clustered' and quantile='normal'.")
    return problems


def _no_base(method: str) -> str:
    if method in ESTIMATORS:
        return (
            "the effects are not all measured from one base (with baseline='varying' each before treatment is measured "
            "from the period before it), so their order shows no trend; estimate with baseline='universal' or a window."
        )
    return (
        f"method '{method}' measures no effect from one single base; for this use method 'doubly_robust' with "
        "baseline='universal', 'sun_abraham', 'stacked', or 'extended_twfe' with comparison='never_treated'."
    )


def _has_one_base(estimates: Effects) -> bool:
    """Say whether all effects have one base: as asked for, or the last period before treatment, as of regressions."""
    design = estimates.design
    if "baseline" in OPTIONS[design.method]:
        return design.baseline != "varying"
    # Against the not yet treated the extended regression fits all that was before treatment, and has no effects there.
    return design.method != "extended_twfe" or design.comparison == "never_treated"


def _uneven(first: np.ndarray, last: np.ndarray, anticipation: int) -> list[str]:
    problems = []
    if len(set(last - first)) > 1 or (first[1:] != last[:-1] + 1).any():
        problems.append("the effects must be of equally long stretches of time that follow each other without a gap.")
    if ((first < -anticipation) & (last >= -anticipation)).any():
        problems.append("a band must lie before the start (and its anticipation) or after it, not across.")
    return problems


def _around(had: np.ndarray, start: int) -> slice:
    """Return the longest stretch around ``start`` without a gap."""
    gaps = np.flatnonzero(~had)
    return slice(int(max(gaps[gaps < start] + 1, default=0)), int(min(gaps[gaps >= start], default=len(had))))


def _clean(covariance: np.ndarray) -> np.ndarray:
    """Set to nothing what is nothing but rounding: the row of the base, which is zero by construction."""
    real = has_error(covariance)
    return np.where(np.outer(real, real), covariance, 0.0)


def has_error(covariance: np.ndarray) -> np.ndarray:
    """Say which rows have an error that is more than rounding, which leaves a variance of either sign to the base."""
    variances = np.nan_to_num(np.diag(covariance))
    # They are sums of products that cancel to within some 1e-16 of the others.
    return variances > 1e-12 * variances.max(initial=0.0)


def full_rank(covariance: np.ndarray) -> bool:
    """Say whether no combination of what has this covariance is without error."""
    scale = np.sqrt(np.diag(covariance))
    if not (scale > 0).all():
        return False
    return np.linalg.matrix_rank(covariance / np.outer(scale, scale), tol=1e-8, hermitian=True) == len(scale)
