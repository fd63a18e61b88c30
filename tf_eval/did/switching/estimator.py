"""``estimate_switching``: effects of treatments that turn on and off, or change their dose."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.did.asker import asked_by
from tf_eval.did.inference.few import few_clusters
from tf_eval.did.switching.effect import Measured, SwitchingEffect
from tf_eval.did.switching.reading import WHERE, read_switching
from tf_eval.did.switching.result import SwitchingEffects
from tf_eval.did.switching.totals import Ratio, Totals
from tf_eval.errors import ConfigError, NotEstimated, raise_all
from tf_eval.matching.arguments import names
from tf_eval.matching.display import SMALLEST_SHOWN

SINGLE = "a single unit that changed, or a single one to compare with: no error of its own"
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
    cluster: str | None = None,
    weights: str | None = None,
    confidence: float = 0.95,
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
        cluster: column of the units among which errors are independent; by default the unit.
        weights: column of weights, fixed within a unit.
        confidence: of the intervals, between 0 and 1.
        smallest_shown: as of ``estimate_att``.

    Raises:
        ConfigError: an option cannot be honoured. InputError: the data cannot be used; all faults are named.
    """
    raise_all(ConfigError, WHERE, _problems(effects, placebos, cluster))
    options = {"outcome": outcome, "unit": unit, "period": period, "covariates": names(covariates, "covariates")}
    options |= {"cluster": cluster, "weights": weights, "confidence": confidence, "smallest_shown": smallest_shown}
    switching = read_switching(frame, treatment, options)
    totals = Totals.of(switching, effects, placebos)
    times = tuple([*range(-1 - placebos, -1), *range(effects)])
    asked = [_at(totals, time) for time in times] + [_over_all(totals)]
    obstacles = [_obstacle(one) for one in asked]
    possible = [one for one, obstacle in zip(asked, obstacles, strict=True) if obstacle is None]
    told = iter(_measured(totals, possible))
    *found, (average, _) = [next(told) if obstacle is None else (obstacle, None) for obstacle in obstacles]
    return SwitchingEffects(
        treatment=treatment,
        event_times=times,
        rows=tuple(row for row, _ in found),
        influence=_influence([ratio for _, ratio in found], totals.influence.n_clusters),
        average=average,
        notes=(*switching.panel.notes, *totals.traced.notes, *_few_clusters(totals)),
        time_unit=switching.panel.time_unit,
        design=switching.design,
    )


@dataclass(frozen=True, eq=False)
class _Asked:
    """Some cells (a mask), and what each unit brings to them: its weight, and its weight times extra treatment.

    ``counts`` are the units that changed and those to compare with.
    """

    time: int | None
    cells: np.ndarray
    weight: np.ndarray
    dose: np.ndarray
    counts: tuple[int, int]


def _at(totals: Totals, time: int) -> _Asked:
    cells = totals.event_time == time
    return _Asked(time, cells, totals.weight(cells), totals.dose_so_far(cells), totals.n_units(cells))


def _over_all(totals: Totals) -> _Asked:
    """Return the question of all periods since the change: each unit counts once for every cell that it is in."""
    cells = totals.event_time >= 0
    return _Asked(None, cells, totals.weight(cells), totals.dose(cells), totals.n_units(cells))


def _problems(effects: Any, placebos: Any, cluster: Any) -> list[str]:
    problems = [
        f"{name} must be a whole number of periods, {least} or more."
        for name, value, least in (("effects", effects, 1), ("placebos", placebos, 0))
        if isinstance(value, bool) or not isinstance(value, int) or value < least
    ]
    if cluster is not None and not isinstance(cluster, str):
        problems.append("errors are clustered by one column here; name one.")
    return problems


def _few_clusters(totals: Totals) -> list[str]:
    return few_clusters(totals.influence.n_treated_clusters(), totals.switching.design, "units whose treatment changed")


def _obstacle(asked: _Asked) -> NotEstimated | None:
    fewest = min(asked.counts)
    if fewest > 1:
        return None
    return NotEstimated(SINGLE if fewest else NOBODY)


def _measured(totals: Totals, asked: Sequence[_Asked]) -> Iterator[tuple[SwitchingEffect, Ratio]]:
    """Yield the rows, and of each the ratio that its total effect is."""
    if not asked:
        return
    ratios = totals.ratios([(one.cells, per_unit) for one in asked for per_unit in (one.weight, one.dose)])
    for one, total, per_dose in zip(asked, ratios[::2], ratios[1::2], strict=True):
        yield _row(totals, one, total, per_dose), total


def _row(totals: Totals, asked: _Asked, total: Ratio, per_dose: Ratio) -> SwitchingEffect:
    panel, design = totals.switching.panel, totals.switching.design
    return SwitchingEffect(
        event_time=asked.time,
        total=Measured.of(total, design),
        per_dose=Measured.of(per_dose, design),
        dose=float(asked.dose.sum() / asked.weight.sum()),
        n_treated=asked.counts[0],
        n_comparison=asked.counts[1],
        treated_share=float(panel.weight[asked.weight > 0].sum() / panel.weight[panel.reach != 0].sum()),
        design=design,
        is_alone=totals.influence.has_one_treated_cluster(np.flatnonzero(asked.cells)),
    )


def _influence(ratios: Sequence[Ratio | None], n_clusters: int) -> np.ndarray:
    nothing = np.full(n_clusters, np.nan)
    return np.array([nothing if ratio is None else ratio.influence for ratio in ratios])
