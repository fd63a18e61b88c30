"""Other rows of the matched units, such as their months, each with the weight and the set of the match."""

import pandas as pd

from tf_eval.errors import ConfigError, InputError, raise_all, require_columns
from tf_eval.matching.arguments import require_frame
from tf_eval.matching.matched import Matched, require_match

WHERE = "restrict"
MATCHED_ROW = "matched_row"


def restrict(matched: Matched, data: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a frame that are of matched units, with what an estimator has to know of the match.

    The weights and sets of a match are of no use to an estimator that is not told of them, and a long frame (one row
    per unit and month) has neither. Here no row comes without them.

    Parameters
    ----------
    matched
        A match with ``unit``, whose balance was accepted.
    data
        A frame with the column of the unit; any number of rows of each.

    Returns
    -------
    pandas.DataFrame
        The columns of ``data``, and ``matched_row`` (the label of the matched row), the column that says who was
        treated, that of the risk set where there is one, ``weight``, and ``set_id`` where rows are in sets. A unit that
        was matched in several risk sets has its rows once for each. Errors are to be clustered by ``set_id``, or by the
        unit where that has several sets.

    Raises
    ------
    ConfigError
        The match was made without ``unit``.
    EstimationError
        Balance was not accepted.
    InputError
        The column of the unit is missing, one of those that are added is there, or a matched unit has no row.
    """
    require_match(matched, WHERE)
    matched.require_accepted(WHERE)
    if matched.unit is None:
        raise ConfigError(f"{WHERE}: the match needs unit, the column by which the rows of a unit are found")
    require_frame(data, WHERE)
    require_columns(data.columns, [matched.unit], WHERE)
    link = _link(matched)
    raise_all(InputError, WHERE, _problems(link, data, matched.unit))
    return link.merge(data, on=matched.unit, how="left")[[*data.columns, *link.columns.drop(matched.unit)]]


def _link(matched: Matched) -> pd.DataFrame:
    """Return what each matched row brings: its unit, label, arm, risk set, weight and set."""
    design = matched.design
    named = [name for name in (design.risk_set, "weight", "set_id") if name in matched.frame]
    link = matched.frame[[matched.unit, matched.treated, *named]]
    return link.assign(**{MATCHED_ROW: matched.frame.index}).reset_index(drop=True)


def _problems(link: pd.DataFrame, data: pd.DataFrame, unit: str) -> list[str]:
    added = [name for name in link.columns.drop(unit) if name in data]
    problems = [f"the frame already has a column '{name}', which comes with the match; leave it out" for name in added]
    absent = ~link[unit].isin(data[unit])
    return problems + ["a matched unit has no row in the frame; hand in all rows of all units"] * bool(absent.any())
