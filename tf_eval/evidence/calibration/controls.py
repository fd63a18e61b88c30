"""Controls as they are handed in."""

import numpy as np
import pandas as pd

from tf_eval.errors import ConfigError, InputError, NotEstimated, raise_all, require_columns
from tf_eval.evidence.calibration.calibration import Calibration
from tf_eval.evidence.calibration.error_model import fit
from tf_eval.matching.arguments import is_between, require_frame
from tf_eval.matching.display import so_many

WHERE = "calibrate"
FEWEST_FITTED = 5  # controls without which not even a mean and a standard deviation are told
OPTIONAL = {"truth": 0.0, "scale": 1.0}


def calibrate(controls: pd.DataFrame, *, confidence: float = 0.95) -> Calibration | NotEstimated:
    """Fit how far off an analysis is where the true effect is known, and put other estimates right by it.

    Negative controls have a true effect of 0: starts that never were, treatments drawn by lot, outcomes that the
    intervention cannot move. Positive controls have an effect that was planted. Estimates are differences in units of
    their outcome; where outcomes differ, ``scale`` says what one is measured by, and controls are compared after
    division by it.

    Args:
        controls: a row for each control, with ``value`` and ``std_error``, and where there are such ``truth`` (0 where
            there is no such column), ``scale`` (the outcome's standard deviation or base rate, in its units) and
            ``control`` (its name: rows of one name, such as effects of several sizes planted in the same families,
            are left out together). A control without an estimate is left out, and a note says so.
        confidence: of intervals.

    Raises:
        ConfigError: a confidence that is none.
        InputError: columns that are not there, or numbers that cannot be.
    """
    if not is_between(confidence, 0.5, 1):
        raise ConfigError(f"{WHERE}: confidence must be above 0.5 and below 1, such as 0.95.")
    given = _numbers(controls)
    used = given.dropna(subset=["value", "std_error"]).reset_index(drop=True)
    raise_all(InputError, WHERE, _problems(used))
    if used["control"].nunique() < FEWEST_FITTED:
        return NotEstimated(f"fewer than {FEWEST_FITTED} controls have an estimate")
    scaled = used[["value", "std_error", "truth"]].div(used["scale"], axis=0).to_numpy().T
    left_out = len(given) - len(used)
    return Calibration(
        controls=used,
        model=fit(*scaled),
        confidence=confidence,
        is_scaled="scale" in controls,
        notes=(f"{so_many(left_out, 'control')} had no estimate and played no part.",) if left_out else (),
    )


def _numbers(controls: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that are used, with what stands for those that are not there."""
    require_frame(controls, WHERE)
    require_columns(controls.columns, ("value", "std_error"), WHERE)
    filled = {name: controls.get(name, usual) for name, usual in OPTIONAL.items()}
    try:
        numbers = controls[["value", "std_error"]].assign(**filled).astype(float)
    except (TypeError, ValueError):
        raise InputError(f"{WHERE}: value, std_error, truth and scale must be numbers.") from None
    return numbers.assign(control=controls.get("control", pd.Series(range(len(controls)), index=controls.index)))


def _problems(used: pd.DataFrame) -> list[str]:
    found = []
    if not np.isfinite(used[["value", "std_error", *OPTIONAL]]).all(axis=None):
        found.append("value and std_error must be finite or missing, truth and scale finite.")
    found += [f"{name} must be above 0." for name in ("std_error", "scale") if not (used[name] > 0).all()]
    if used["control"].isna().any():
        found.append("control must name every row, or be left away.")
    return found
