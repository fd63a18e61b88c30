"""``estimate_switching``: effects of treatments that turn on and off, or change their dose."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.did.asker import asked_by
from tf_eval.did.estimate import Estimate
from tf_eval.did.estimates import Estimates
from tf_eval.did.inference.few import few_clusters
from tf_eval.did.switching.effect import Measured, SwitchingEffect
from tf_eval.did.switching.reading import WHERE, read_switching
from tf_eval.did.switching.result import Row, SwitchingEffects
from tf_eval.did.switching.totals import DOSE, DOSE_SO_FAR, WEIGHT, Totals
from tf_eval.errors import ConfigError, NotEstimated, raise_all
from tf_eval.matching.arguments import names
from tf_eval.matching.display import SMALLEST_SHOWN

SINGLE = "a single unit that changed, or a single one to compare with: no error of its own"
NO_DOSE = "wherever units that changed are seen since, their treatment is back where it began: no effect per unit of it"
NOBODY = (
    "no unit is seen then (and just before its first change) beside one that began with the same treatment and had not "
    "changed it yet"
)


@asked_by(WHERE)
def estimate_switching(
    frame: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    period: str,
    treatment: str,
    effects: int = 1,
    placebos: int = 0,
    covariates: str | Sequence[str] = (),
    cluster: str | Sequence[str] | None = None,
    weights: str | None = None,
    confidence: float = 0.95,
    errors: str = "clustered",
    quantile: str = "normal",
    smallest_shown: int = SMALLEST_SHOWN,
) -> SwitchingEffects:
    """Estimate effects by time since a unit's treatment first changed, whatever it does afterwards.

    De Chaisemartin and D'Haultfoeuille (2024, Review of Economics and Statistics 106). Units whose treatment changes
    are compared, from the period before the change on, with units that began with the same treatment and have not
    changed it yet. Effects are those of what treatment was since, against its staying as it began: where it rises, of
    the rise; where it falls, with the sign turned, so that all are effects of more treatment.

    Arguments:
        frame: long frame, one row per unit and period.
        outcome, unit, period: columns as of ``estimate_att``.
        treatment: numeric column: whether treated (1 or 0), or how much. Between rows it stays as it was.
        effects: for how many periods, from that of the change on (event times 0, 1, ...).
        placebos: for how many periods before the base (event times -2, -3, ...): each on the same units as the effect
            as long after the base, event time -1, and against the same ones.
        covariates: as of ``estimate_att``, doubly robust within those who changed at once.
        cluster, weights, confidence, quantile, smallest_shown: as of ``estimate_att``.
        errors: ``"clustered"`` or ``"unequal"``, as of ``estimate_att``; a start cohort is here of those who began with
            one treatment and first changed it at once in one direction, and each needs several clusters.

    Raises:
        ConfigError: an option cannot be honoured. InputError: the data cannot be used; all faults are named.
    """
    raise_all(ConfigError, WHERE, _problems(effects, placebos))
    options = {
        "outcome": outcome,
        "unit": unit,
        "period": period,
        "covariates": names(covariates, "covariates"),
        "cluster": cluster if cluster is None or isinstance(cluster, str) else names(cluster, "cluster"),
        "weights": weights,
        "confidence": confidence,
        "errors": errors,
        "quantile": quantile,
        "smallest_shown": smallest_shown,
    }
    switching = read_switching(frame, treatment, options)
    totals = Totals.of(switching, effects, placebos)
    when = totals.cells.event_time
    times = (*range(-1 - placebos, -1), *range(effects))
    asked = [_Asked.of(totals, time, when == time, DOSE_SO_FAR) for time in times]
    asked.append(_Asked.of(totals, None, when >= 0, DOSE))
    found = _estimates(totals, [(one, WEIGHT) for one in asked[:-1]])
    # What is asked for at once makes one covariance, and of two kinds of clusters it hangs on all of it.
    average, *per_dose = _estimates(totals, [(asked[-1], WEIGHT), *((one, one.dose) for one in asked)])
    rows = [_row(*each) for each in zip(asked, (*found, average), per_dose, strict=True)]
    return SwitchingEffects(
        treatment=treatment,
        rows=tuple(rows[:-1]),
        average=rows[-1],
        totals=_told(found, rows[:-1]),
        notes=(*switching.panel.notes, *totals.traced.notes, *_few_clusters(totals)),
    )


@dataclass(frozen=True, eq=False)
class _Asked:
    """Some cells (a mask), and what kind of dose their total is held against; ``time`` is None where it is all since.

    ``counts`` are the units that changed and those to compare with, and ``mean_dose`` what the former had on average.
    """

    time: int | None
    cells: np.ndarray
    dose: int
    counts: tuple[int, int]
    mean_dose: float

    @classmethod
    def of(cls, totals: Totals, time: int | None, cells: np.ndarray, dose: int) -> "_Asked":
        return cls(time, cells, dose, totals.n_units(cells), totals.mean_dose(cells, dose))

    @property
    def obstacle(self) -> NotEstimated | None:
        fewest = min(self.counts)
        if fewest > 1:
            return None if self.mean_dose else NotEstimated(NO_DOSE)
        return NotEstimated(SINGLE if fewest else NOBODY)


def _problems(effects: Any, placebos: Any) -> list[str]:
    return [
        f"{name} must be a whole number of periods, {least} or more."
        for name, value, least in (("effects", effects, 1), ("placebos", placebos, 0))
        if isinstance(value, bool) or not isinstance(value, int) or value < least
    ]


def _few_clusters(totals: Totals) -> list[str]:
    count = totals.inference.influence.n_treated_clusters()
    return few_clusters(count, totals.switching.design, "units whose treatment changed")


def _estimates(totals: Totals, asked: Sequence[tuple[_Asked, int]]) -> Estimates:
    """Return the total effects of some questions, each over the total of what units bring of a kind."""
    ratios = [totals.ratio(one.cells, kind) if one.obstacle is None else None for one, kind in asked]
    return totals.inference.estimates("event_time", ratios, [{"event_time": one.time} for one, _ in asked])


def _row(asked: _Asked, total: Estimate | NotEstimated, per_dose: Estimate | NotEstimated) -> Row:
    for nothing in (asked.obstacle, total, per_dose):
        if isinstance(nothing, NotEstimated):
            return nothing
    return SwitchingEffect(
        event_time=asked.time,
        total=Measured.of(total),
        per_dose=Measured.of(per_dose),
        dose=asked.mean_dose,
        n_treated=asked.counts[0],
        n_comparison=asked.counts[1],
        treated_share=total.treated_share,
        design=total.design,
        is_alone=total.is_alone,
    )


def _told(found: Estimates, rows: Sequence[Row]) -> Estimates:
    """Return the total effects, each with the reason of its row where that has none."""
    told = [row if isinstance(row, NotEstimated) else total for row, total in zip(rows, found, strict=True)]
    return replace(found, rows=tuple(told))
