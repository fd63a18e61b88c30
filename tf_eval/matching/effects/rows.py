"""The matched rows with the outcome, which is named here for the first time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tf_eval.errors import InputError, raise_all, require_columns
from tf_eval.matching.display import SMALLEST_SHOWN, rounded
from tf_eval.matching.matched import Matched
from tf_eval.matching.reading.columns import number_problems
from tf_eval.matching.reading.covariates import code_covariates, covariate_problems, level_codes
from tf_eval.matching.reading.missing import REFUSE
from tf_eval.matching.wording import WHOM


@dataclass(frozen=True, eq=False, repr=False)
class Rows:
    """The matched rows as arrays.

    outcome, treated, weight   one value for each row
    set_code                   the set of each row, from 0 on; None where the match weighted rows and formed no sets
    unit_code                  its unit, from 0 on; None where the match knew of no units
    covariates                 rows by columns, without the first level of a category
    covariate                  for each column, the covariate it belongs to
    reused                     whether a row may serve in several sets, of which its weight tells alone
    caveats                    what a result has to say of the match
    estimand                   whom the match asks the effect of
    left                       what is left between the groups, for methods that take it for effect
    handed_in                  whether the match was given its score, and these rows may be two arms of several
    """

    outcome: np.ndarray
    treated: np.ndarray
    weight: np.ndarray
    set_code: np.ndarray | None
    unit_code: np.ndarray | None
    covariates: np.ndarray
    covariate: tuple[str, ...]
    reused: bool = False
    caveats: tuple[str, ...] = ()
    estimand: str = "att"
    left: str = ""
    handed_in: bool = False

    @property
    def asked(self) -> np.ndarray:
        """How much each row counts among those of whom the effect is asked: 1 where these are the rows themselves."""
        if self.estimand == "ate" and not self.handed_in:
            return np.ones(len(self.weight))
        return self.weight * {"att": self.treated, "atc": ~self.treated}.get(self.estimand, True)

    @property
    def shared_units(self) -> bool:
        """Whether any unit has rows in more than one set."""
        if self.unit_code is None or self.set_code is None:
            return False
        pairs = np.unique(np.column_stack([self.unit_code, self.set_code]), axis=0)
        return len(pairs) > self.unit_code.max() + 1

    @property
    def repeated_units(self) -> bool:
        """Whether any unit has more than one row."""
        return self.unit_code is not None and int(self.unit_code.max()) + 1 < len(self.unit_code)

    @property
    def is_small(self) -> bool:
        """Whether an arm is of so few units (or rows, where none are named) that nothing is shown of it."""
        return min(self.count_units(True), self.count_units(False)) < SMALLEST_SHOWN

    def count_units(self, treated: bool) -> int:
        """Return of how many units the rows of an arm are; each row is one where no units are named."""
        arm = self.treated == treated
        return int(arm.sum() if self.unit_code is None else np.count_nonzero(np.bincount(self.unit_code[arm])))

    def mean(self, treated: bool) -> float:
        """Return the weighted mean outcome of one arm."""
        arm = self.treated == treated
        return float(np.average(self.outcome[arm], weights=self.weight[arm]))


def read_rows(matched: Matched, outcome: str, covariates: Sequence[str], where: str) -> Rows:
    """Return the rows of a match with their outcome and covariates.

    Raises ``EstimationError`` where balance was not accepted, and else one ``InputError`` that names all problems;
    both begin with ``where``.
    """
    matched.require_accepted(where)
    frame = matched.frame
    require_columns(frame.columns, [outcome, *covariates], where)
    problems = [f"'{name}' is the outcome and cannot be a covariate" for name in covariates if name == outcome]
    problems += [*_outcome_problems(matched, outcome), *_covariate_problems(matched, covariates)]
    raise_all(InputError, where, problems)
    values, owner = _regressors(frame, covariates, matched.design.missing)
    return Rows(
        outcome=frame[outcome].to_numpy(dtype=float),
        treated=frame[matched.treated].to_numpy(dtype=bool),
        weight=frame["weight"].to_numpy(dtype=float),
        set_code=_codes(frame, "set_id" if "set_id" in frame else None),
        unit_code=_codes(frame, matched.unit),
        covariates=values,
        covariate=owner,
        reused=matched.design.reuse,
        caveats=(*_whom(matched), *matched.caveats),
        estimand=matched.design.estimand,
        left=matched.acceptance.left,
        handed_in=matched.design.score is not None,
    )


def _whom(matched: Matched) -> list[str]:
    """Say whom the result is about where that is not the treated; two of several arms say it themselves."""
    estimand = matched.design.estimand
    asked = estimand != "att" and matched.treated in matched.sealed.frame
    return [f"The effect is that on {WHOM[estimand]}."] if asked else []


def _codes(frame: pd.DataFrame, name: str | None) -> np.ndarray | None:
    return None if name is None else level_codes(frame[name])[0]


def _outcome_problems(matched: Matched, name: str) -> list[str]:
    design, column = matched.design, matched.frame[name]
    if name in (*design.columns(), "weight", "set_id", "propensity_score", "score"):
        # What the match has made alike cannot show a difference any more, and what it has seen was there before.
        return [f"'{name}' was used by the match and cannot be its outcome"]
    missing = int(column.isna().sum())
    absent = f"the outcome '{name}' is missing in {rounded(missing)} matched rows; leave those out before matching"
    problems = number_problems(column, f"the outcome '{name}'", "must be a number, or true and false")
    return problems or [absent] * bool(missing)


def _covariate_problems(matched: Matched, names: Sequence[str]) -> list[str]:
    frame = matched.frame
    problems = [f"'{name}' says who was treated" for name in names if name == matched.treated]
    missing = [name for name in names if frame[name].isna().any()]
    if missing and matched.design.missing == REFUSE:
        problems.append("missing values in " + ", ".join(f"'{name}'" for name in missing))
    return [f"covariates: {problem}" for problem in problems] + covariate_problems(frame, names)


def _regressors(frame: pd.DataFrame, names: Sequence[str], missing: str) -> tuple[np.ndarray, tuple[str, ...]]:
    if not names:
        return np.empty((len(frame), 0)), ()
    coded = code_covariates(frame, names, missing)
    kept = [number for number, level in enumerate(coded.levels) if not level.baseline]
    return coded.values[:, kept], tuple(coded.levels[number].covariate for number in kept)
