"""Effects on the treated by how much treatment they got."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.did.aggregate import OVERALL
from tf_eval.did.asker import asked_by
from tf_eval.did.att import estimate_att
from tf_eval.did.dose.response import DoseResponse
from tf_eval.did.inspection.side_by_side import joint_problems, side_by_side
from tf_eval.errors import ConfigError, InputError, raise_all, require_columns, unknown
from tf_eval.matching.arguments import is_number

WHERE = "estimate_by_dose"
BANDS = 3
NEVER = (0.0, np.inf)


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
    problems = [] if average in OVERALL else [unknown("average", average, OVERALL)]
    raise_all(ConfigError, WHERE, [*problems, *joint_problems(options)])
    require_columns(data.columns, [dose, unit, period, adopted], WHERE)
    own = _doses(data[_is_treated(data[adopted], data[period])], dose, unit)
    ends = _ends(own, cuts)
    band = pd.Series(np.searchsorted(ends, own.to_numpy()), index=own.index)
    of_row = data[unit].map(band)
    asked = {"unit": unit, "period": period, "adopted": adopted, **options}
    effects = [estimate_att(data[of_row.isna() | (of_row == code)], **asked) for code in range(len(ends) + 1)]
    where = [_where(own[band == code]) for code in range(len(effects))]
    labels = [f"{dose} of {place['lowest']:g} to {place['highest']:g}" for place in where]
    return DoseResponse(side_by_side("dose", effects, average, where, labels), tuple(effects), dose, np.bincount(band))


def _is_treated(started: pd.Series, period: pd.Series) -> pd.Series:
    """Say of which rows the unit starts by the last period that is seen."""
    return started.notna() & ~started.isin(NEVER) & (started <= period.max())


def _doses(treated: pd.DataFrame, dose: str, unit: str) -> pd.Series:
    """Return the dose of each treated unit, by unit; raise where one has none, several, or one that is none."""
    if not pd.api.types.is_numeric_dtype(treated[dose]):
        raise InputError(f"{WHERE}: the dose '{dose}' must be numbers")
    each = treated.astype({dose: float}).groupby(unit, observed=True)[dose].agg(["min", "max", "count", "size"])
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
    raise_all(InputError, WHERE, told if len(each) else ["nobody is treated"])
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


def _where(own: pd.Series) -> dict[str, float]:
    return {"lowest": float(own.min()), "highest": float(own.max()), "mean_dose": float(own.mean())}
