"""The months after their index month in which like families could start support of their own, and how likely it was."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

from tf_eval.cohort.covariates import LOOKBACK, Asked, build_covariates
from tf_eval.cohort.event_time import FOLLOW_UP_MONTHS
from tf_eval.cohort.months import financial_year
from tf_eval.cohort.panel import Panel
from tf_eval.cohort.panel_data import PanelData
from tf_eval.errors import InputError
from tf_eval.matching import Matched
from tf_eval.matching.score.propensity import learn_by_regression

WEAK = 0.16  # ridge of the regressions, as of a score that has no top: months without a start do not lead astray
MISSING = "_missing"


@dataclass(frozen=True, eq=False)
class OwnStarts:
    """Months in which like families could start support of their own, one for each of n pairs of row and month.

    row        n, the place of a comparison row among the matched rows
    month      n, months since its index month, from 1 on
    started    n, whether it started then
    chance     n, of a start then, by its record up to the month before
    foreseen   n, the same chance as far as the index month foretells it, by the record up to then alone
    """

    row: np.ndarray
    month: np.ndarray
    started: np.ndarray
    chance: np.ndarray
    foreseen: np.ndarray


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Families (rows of the panel) and months in which each could start, and whether it did."""

    family: np.ndarray
    month: np.ndarray
    started: np.ndarray

    @classmethod
    def of(cls, data: PanelData, family: np.ndarray, month: np.ndarray) -> "_Pairs":
        return cls(family, month, data.history.next_start(family, month) == month)


def read_own_starts(panel: Panel, matched: Matched) -> OwnStarts:
    """Return how likely it was in each month that a like family starts support of its own.

    The chance is learnt by a logistic regression over all months of all families of the panel that could be compared
    then, not of the matched ones alone: of these too few start. It is given the covariates that were matched on, as
    they stand at the month, and the financial year. What is foreseen is the mean of that chance among like families
    still at risk, given the same covariates as they stood at the index month, and the months since.

    Raises:
        InputError: a covariate that was matched on is none of a panel's arms, so that nobody knows it at other months.
    """
    data, names = panel.data, matched.design.on
    compared = matched.frame[matched.frame["treated"] == 0]
    place = np.flatnonzero(matched.frame["treated"] == 0)
    family = np.searchsorted(data.family_ids, compared["family_id"].to_numpy())
    index = compared["index_month"].to_numpy()
    nth, since = _followed(data, family, index)
    own = _Pairs.of(data, family[nth], index[nth] + since)
    everybody = _could_be_compared(data, family, index)
    families = np.concatenate([everybody.family, own.family, own.family])
    records = _records(panel, names, families, np.concatenate([everybody.month, own.month, index[nth]]))
    all_then, own_then, at_index = np.split(records, np.cumsum([len(everybody.family), len(nth)]))
    chance = _regress(all_then, everybody.started, own_then)
    known = np.column_stack([at_index, since, np.log(since), since == 1])
    return OwnStarts(place[nth], since, own.started, chance, _regress(known, chance, known))


def _followed(data: PanelData, family: np.ndarray, index: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of comparison family (by its place) and month since its index month: neither started nor gone."""
    since = np.arange(1, FOLLOW_UP_MONTHS)
    month = index[:, None] + since
    at_risk = (month <= data.history.next_start(family, index)[:, None]) & (month <= data.months[-1])
    nth, later = np.nonzero(at_risk)
    here = data.here_before(family[nth], month[nth, later])
    return nth[here], since[later[here]]


def _could_be_compared(data: PanelData, family: np.ndarray, index: np.ndarray) -> _Pairs:
    """Return all families at the months in which they were what the compared ones, of such index months, are.

    Where none of these had support before its index month, or all had qualified by then, so must the others.
    """
    everybody = np.arange(len(data.family_ids))
    months = np.arange(index.min() + 1, min(index.max() + FOLLOW_UP_MONTHS, data.months[-1] + 1))
    new, qualified = (data.start[family] >= index).all(), (data.qualified[family] < index).all()
    found = []
    for month in months:
        at = np.full(len(everybody), month)
        free = data.here_before(everybody, at) & data.observed_before(everybody, at, LOOKBACK)
        free &= (data.start >= month) | (not new)
        free &= (data.qualified < month) | (not qualified)
        found.append((everybody[free], at[free]))
    return _Pairs.of(data, *(np.concatenate(column) for column in zip(*found, strict=True)))


def _records(panel: Panel, names: Sequence[str], family: np.ndarray, month: np.ndarray) -> np.ndarray:
    """Return pairs by columns: what is known of each family before the month, and the month's financial year."""
    built = build_covariates(panel.cohort, panel.data, Asked(family, month))
    known = {each.name: each.values for each in built}
    years, place = np.unique([financial_year(int(one)) for one in month], return_inverse=True)
    columns = {name: column for name in names for column in _column(known, name, len(family))}
    return pd.get_dummies(pd.DataFrame({**columns, "year": years[place]}), dtype=float).to_numpy()


def _column(known: dict[str, np.ndarray], name: str, length: int) -> Iterator[np.ndarray]:
    """Yield a covariate; the column that says where one was filled in is not there where none had to be."""
    if name not in known and name.removesuffix(MISSING) not in known:
        raise InputError(f"weigh_stayers: '{name}', on which was matched, is no covariate of the panel's arms")
    yield known.get(name, np.zeros(length))


def _regress(values: np.ndarray, outcome: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return the chance that a logistic regression of an outcome (0 to 1) on ``values`` gives at ``others``."""
    if not outcome.any():
        return np.zeros(len(others))
    names: list[Any] = [str(column) for column in range(values.shape[1])]
    return expit(learn_by_regression(values, outcome.astype(float), names, WEAK).predict(others))
