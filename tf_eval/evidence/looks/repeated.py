"""The same effect looked at again and again."""

import numpy as np
import pandas as pd

from tf_eval.errors import ConfigError, InputError, NotEstimated, raise_all, require_columns
from tf_eval.evidence.looks.boundary import brings_news
from tf_eval.evidence.looks.design import LooksDesign
from tf_eval.evidence.looks.intervals import RepeatedIntervals
from tf_eval.evidence.looks.spending import OBRIEN_FLEMING
from tf_eval.matching.arguments import is_whole, require_frame

WHERE = "repeated_intervals"
FREEDOM = "degrees_of_freedom"


def repeated_intervals(
    looks: pd.DataFrame,
    *,
    planned: int | None = 24,
    spending: str = OBRIEN_FLEMING,
    confidence: float = 0.95,
) -> RepeatedIntervals | NotEstimated:
    """Return intervals that hold at all looks together, of an effect that is reported again as data come in.

    They are Jennison and Turnbull's (1989, JRSS B 51, 305-361): the chance that the true effect lies outside of any of
    them is ``1 - confidence`` at most, whatever is decided upon them and whether or not reports go on. With ``planned``
    looks the chance is spent over calendar time (Lan and DeMets 1989). Without, the intervals are a confidence
    sequence, a normal mixture's, which holds for ever and is wider.

    The estimates have to be of the same effect and normal, with the information (one by the squared error) growing as
    data come in. A look that brings no new information is widened to hold under any dependence on the others, and a
    note says so. Where no end is planned, it takes the wider of what its own information and the most so far ask for.

    Args:
        looks: a row for each look so far, with ``look`` (its number in the plan, from 1), ``value`` and ``std_error``;
            a look that was passed over has no row, or no value. With ``degrees_of_freedom`` the tails of the normal
            boundary are taken as those of t (Jennison and Turnbull 2000, Group Sequential Methods, section 3.8).
        planned: how many looks there will be at most, decided before the first; None where no end is planned.
        spending: ``"obrien_fleming"``, which asks for much early and hardly more than usual at the end, or
            ``"pocock"``, which asks for about the same at each look.
        confidence: of all intervals together.

    Raises:
        ConfigError: an option that is none, or looks beyond the plan.
        InputError: columns that are not there, a look twice, an error that is not positive.
    """
    design = LooksDesign(planned, spending, confidence)
    raise_all(ConfigError, WHERE, design.problems())
    taken = _taken(looks, design)
    if taken.empty:
        return NotEstimated("no look has an estimate yet")
    error = taken["std_error"].to_numpy()
    return RepeatedIntervals(
        look=taken["look"].to_numpy(),
        value=taken["value"].to_numpy(),
        std_error=error,
        degrees_of_freedom=taken[FREEDOM].to_numpy(),
        design=design,
        notes=_notes(taken["look"].to_numpy(), brings_news(error**-2)),
    )


def _taken(looks: pd.DataFrame, design: LooksDesign) -> pd.DataFrame:
    """Return the looks that have an estimate, in their order."""
    require_frame(looks, WHERE)
    require_columns(looks.columns, ("look", "value", "std_error"), WHERE)
    raise_all(InputError, WHERE, _order_problems(looks["look"]))
    last = looks["look"].max() if len(looks) else 0
    if design.planned is not None and last > design.planned:
        raise ConfigError(
            f"{WHERE}: look {last} is beyond the {design.planned} planned, by which all is spent; a longer plan has to "
            "be made before the first look, and planned=None is for reports without an end."
        )
    try:
        numbers = looks[["value", "std_error"]].assign(**{FREEDOM: looks.get(FREEDOM, np.inf)}).astype(float)
    except (TypeError, ValueError):
        raise InputError(f"{WHERE}: value, std_error and {FREEDOM} must be numbers.") from None
    taken = numbers.assign(look=looks["look"].astype(int)).dropna(subset=["value", "std_error"])
    raise_all(InputError, WHERE, _number_problems(taken))
    return taken.sort_values("look", ignore_index=True)


def _order_problems(order: pd.Series) -> list[str]:
    if not all(is_whole(look, 1) for look in order):
        return ["look must be whole numbers from 1, the place of each look in the plan."]
    return ["look names the same look twice; give one row for each."] if order.duplicated().any() else []


def _number_problems(taken: pd.DataFrame) -> list[str]:
    found = []
    if not np.isfinite(taken[["value", "std_error"]]).all(axis=None):
        found.append("value and std_error must be finite, or missing where nothing was estimated.")
    if not (taken["std_error"] > 0).all():
        found.append("std_error must be above 0.")
    if not (taken[FREEDOM] > 0).all():
        found.append(f"{FREEDOM} must be above 0, infinite for the normal.")
    return found


def _notes(look: np.ndarray, new: np.ndarray) -> tuple[str, ...]:
    passed = sorted(set(range(1, look[-1])) - set(look))
    found = []
    if passed:
        found.append(f"{_told(passed)} had no estimate: nothing was spent there, and it is left for those that follow.")
    if not new.all():
        found.append(
            f"{_told(look[~new])} brought no new information, so that the interval allows for any dependence on others."
        )
    return tuple(found)


def _told(looks: list[int] | np.ndarray) -> str:
    named = [str(look) for look in looks]
    return f"Look {named[0]}" if len(named) == 1 else f"Looks {', '.join(named[:-1])} and {named[-1]}"
