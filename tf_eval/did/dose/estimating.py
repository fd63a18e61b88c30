"""Effects on the treated by how much treatment they got."""

from collections.abc import Iterable, Sequence
from inspect import signature
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.did.aggregate import OVERALL
from tf_eval.did.arguments import require_given, unknown_options
from tf_eval.did.asker import asked_by
from tf_eval.did.att import estimate_att
from tf_eval.did.dose.response import DoseResponse
from tf_eval.did.figure import told_band
from tf_eval.did.inspection.side_by_side import joint_problems, side_by_side
from tf_eval.did.reading.calendar import read_times
from tf_eval.did.reading.columns import no_labels, time_problems
from tf_eval.errors import ConfigError, InputError, raise_all
from tf_eval.matching.arguments import is_number, is_whole, require_frame, word_problems

WHERE = "estimate_by_dose"
BANDS = 3


@asked_by(WHERE)
def estimate_by_dose(
    data: pd.DataFrame,
    *,
    dose: str,
    unit: str,
    period: str,
    adopted: str,
    cuts: Sequence[float] | None = None,
    average: str = "simple",
    **options: Any,
) -> DoseResponse:
    """Estimate the effect on those who got little of a treatment, on those who got more, and so on: exploratory.

    Each band of doses is estimated by itself against the units that are never treated or, before they start, those not
    yet treated of the same band. That is the effect of their dose on those who got it, if trends were parallel. That
    the bands differ because of the dose needs more: that those of every band would have gained alike from each dose
    (Callaway, Goodman-Bacon and Sant'Anna 2024, arXiv 2107.02637, strong parallel trends). Who gets how much is as a
    rule chosen, and may follow from how it went: who gets better, or worse, stops coming.

    Args:
        data: as to ``estimate_att``.
        dose: numeric column, above 0 and fixed within a treated unit, such as sessions received; that of the others is
            not looked at.
        unit, period, adopted: as to ``estimate_att``.
        cuts: bands of doses are up to and with each cut, and above the last; by default there are three bands of about
            as many treated units.
        average: which mean over cells, as to ``GroupTimeATT.overall``.
        options: all others of ``estimate_att``.

    Raises:
        ConfigError: an option cannot be honoured. InputError: the data cannot be used, or a band has nobody.
    """
    require_frame(data, WHERE)
    raise_all(ConfigError, WHERE, _problems(average, options))
    require_given(data, [dose, unit, period, adopted], WHERE)
    empty = "the data has no rows; a row per unit and period is needed." if data.empty else no_labels(data[unit])
    raise_all(InputError, WHERE, [empty] if empty else [])
    ahead = options.get("anticipation", 0)
    treated = _is_treated(data[period], data[adopted], ahead if is_whole(ahead) else 0)
    own = _doses(data[treated], dose, unit)
    ends = _ends(own, cuts)
    band = pd.Series(np.searchsorted(ends, own.to_numpy()), index=own.index)
    of_row = data[unit].map(band)
    asked = {"unit": unit, "period": period, "adopted": adopted, **options}
    effects = [estimate_att(data[of_row.isna() | (of_row == code)], **asked) for code in range(len(ends) + 1)]
    cut = [0.0, *ends.tolist(), np.inf]
    where = [_where(own[band == code], *cut[code : code + 2]) for code in range(len(effects))]
    labels = [f"{dose} {told_band(place['above'], place['up_to'])}" for place in where]
    return DoseResponse(side_by_side("dose", effects, average, where, labels), tuple(effects), dose, np.bincount(band))


def _problems(average: str, options: dict[str, Any]) -> list[str]:
    problems = word_problems("average", average, OVERALL)
    problems += unknown_options(options, signature(estimate_att).parameters)
    problems += [] if "outcome" in options else ["outcome is not given; name the column that holds it."]
    return [*problems, *joint_problems(options)]


def _is_treated(period: pd.Series, adopted: pd.Series, anticipation: int) -> np.ndarray:
    """Say of which rows the unit starts by the last period that is seen; not of those left out, with nothing before."""
    raise_all(InputError, WHERE, time_problems(period, adopted))
    times = read_times(period, adopted)
    # As estimate_att reads it: 0 is never only where no period is 0 or less.
    starts = np.isfinite(times.adopted) & ((times.adopted != 0) | (times.period.min() <= 0))
    is_seen_before = times.adopted > times.period.min() + anticipation
    return starts & is_seen_before & (times.adopted <= times.period.max())


def _doses(treated: pd.DataFrame, dose: str, unit: str) -> pd.Series:
    """Return the dose of each treated unit, by unit; raise where one has none, several, or one that is none."""
    if not pd.api.types.is_numeric_dtype(treated[dose]):
        raise InputError(f"{WHERE}: the dose '{dose}' must be numbers, not {treated[dose].dtype}; convert it first.")
    doses = pd.Series(treated[dose].to_numpy(dtype=float, na_value=np.nan))
    each = doses.groupby(treated[unit].to_numpy(), observed=True).agg(["min", "max", "count", "size"])
    problems = {
        f"the dose '{dose}' is missing of": each["count"] < each["size"],
        f"the dose '{dose}' changes within": each["min"] < each["max"],
        f"the dose '{dose}' is not above 0 and finite for": ~((each["min"] > 0) & np.isfinite(each["max"])),
    }
    told = [
        f"{said} {int(wrong.sum()):,} treated units; it must be one number above 0"
        for said, wrong in problems.items()
        if wrong.any()
    ]
    if not len(each):
        told = ["nobody is treated by the last period and seen before; give the periods of starts in adopted."]
    raise_all(InputError, WHERE, told)
    return each["min"]


def _ends(own: pd.Series, cuts: Sequence[float] | None) -> np.ndarray:
    """Return the upper ends of all bands but the last."""
    if cuts is None:
        ends = np.unique(np.quantile(own, np.arange(1, BANDS) / BANDS, method="inverted_cdf"))
        return ends[ends < own.max()]
    found = list(cuts) if isinstance(cuts, Iterable) else []
    if not (found and all(map(is_number, found)) and all(low < high for low, high in pairwise(found))):
        raise ConfigError(f"{WHERE}: cuts must be one or more doses, rising, such as [5, 10]")
    empty = np.bincount(np.searchsorted(found, own), minlength=len(found) + 1) == 0
    if empty.any():
        raise InputError(
            f"{WHERE}: {int(empty.sum())} of the bands that cuts make have no treated unit; leave a cut out"
        )
    return np.array(found, dtype=float)


def _where(own: pd.Series, above: float, up_to: float) -> dict[str, float]:
    """Return the cuts of a band, and the doses in it."""
    found = {"lowest": float(own.min()), "highest": float(own.max()), "mean_dose": float(own.mean())}
    return {"above": above, "up_to": up_to, **found}
