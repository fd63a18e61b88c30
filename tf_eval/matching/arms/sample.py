"""From a caller's frame to the rows of several arms, as arrays in canonical order."""

from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from tf_eval.errors import InputError, is_among, raise_all, require_columns, unknown
from tf_eval.matching.arguments import require_frame
from tf_eval.matching.arms.design import FIRST, SCORE, WHERE, ArmsDesign
from tf_eval.matching.reading.codes import joint_code
from tf_eval.matching.reading.covariates import Covariates
from tf_eval.matching.reading.sample import read_sample
from tf_eval.matching.sealed import Sealed

FEWEST = 2  # rows of an arm


@dataclass(frozen=True, eq=False)
class ArmsSample:
    """Rows of several arms. Every array has one entry for each row, in canonical order (see ``reading.Sample``).

    data         the caller's frame
    design       what was asked
    arms         names of the arms: the reference first, then from the fewest rows to the most (of as many, by name)
    arm          the place of each row's arm among these
    covariates   the coded covariates
    exact_cell   whole numbers
    unit         whole numbers
    input_row    the row's place in the caller's frame
    """

    data: pd.DataFrame
    design: ArmsDesign
    arms: tuple[Any, ...]
    arm: np.ndarray
    covariates: Covariates
    exact_cell: np.ndarray
    unit: np.ndarray
    input_row: np.ndarray

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Every two arms, by their places."""
        return list(combinations(range(len(self.arms)), 2))

    def of_arms(self, *arms: int) -> np.ndarray:
        """Return the places of the rows of these arms."""
        return np.flatnonzero(np.isin(self.arm, arms))

    def only(self, rows: np.ndarray) -> "ArmsSample":
        """Return the sample of these rows (places) alone."""
        arrays = {name: getattr(self, name)[rows] for name in ("arm", "exact_cell", "unit", "input_row")}
        return replace(self, covariates=self.covariates.reordered(rows), **arrays)

    def in_callers_order(self, rows: np.ndarray) -> np.ndarray:
        """Return places sorted as the caller's frame has them."""
        return rows[np.argsort(self.input_row[rows], kind="stable")]

    def callers_rows(self, rows: np.ndarray) -> pd.DataFrame:
        """Return the caller's rows at these places, with the columns that the match reads and no others."""
        return self.data[self.data.columns[self.data.columns.isin(self.design.columns())]].iloc[self.input_row[rows]]

    def sealed(self, matched: np.ndarray, dropped: np.ndarray) -> Sealed:
        """Keep the caller's frame aside, with the places of these rows in it."""
        return Sealed.of(self.data, self.input_row[matched], self.input_row[dropped])


def read_arms(data: pd.DataFrame, design: ArmsDesign) -> ArmsSample:
    """Check a frame against the design and return it as arrays; raise one ``InputError`` that names all problems."""
    require_frame(data, WHERE)
    require_columns(data.columns, design.columns(), WHERE)
    raise_all(InputError, WHERE, [*_clashes(data), *_arm_problems(data[design.arm], design)])
    arms, arm = _in_order(data[design.arm], design.reference)
    marked = data.assign(**{FIRST: data[design.arm] == design.reference})
    read = read_sample(marked, replace(design.of_pair(), score=None))
    arm = arm[read.input_row]
    if len(arm) < len(data) or _in_several_arms(read.unit, arm):
        raise InputError(f"{WHERE}: a unit has rows in several arms; keep its rows of one arm, such as its first")
    return ArmsSample(data, design, arms, arm, read.covariates, read.exact_cell, read.unit, read.input_row)


def _clashes(data: pd.DataFrame) -> list[str]:
    added = (FIRST, "weight", "set_id", "propensity_score", SCORE)
    return [f"the frame already has a column '{name}', which is added; rename it" for name in added if name in data]


def _arm_problems(column: pd.Series, design: ArmsDesign) -> list[str]:
    if column.isna().any():
        return [f"the arm '{design.arm}' is missing in some rows; leave those out, or name their arm"]
    rows = column.value_counts()
    rows = rows[rows > 0]
    if not is_among(design.reference, rows.index):
        return [unknown("arm", design.reference, rows.index)]
    if len(rows) < 2:
        return [f"'{design.arm}' names one arm only"]
    return [
        f"arm '{name}' has fewer than {FEWEST} rows; leave it out"
        for name in sorted(map(str, rows.index[rows < FEWEST]))
    ]


def _in_order(column: pd.Series, reference: Any) -> tuple[tuple[Any, ...], np.ndarray]:
    """Return the arms in their order, and the place of each row's arm among them."""
    codes, names = pd.factorize(column)
    names, rows = names.tolist(), np.bincount(codes)
    order = sorted(range(len(names)), key=lambda code: (names[code] != reference, rows[code], str(names[code])))
    return tuple(names[code] for code in order), np.argsort(order)[codes]


def _in_several_arms(unit: np.ndarray, arm: np.ndarray) -> bool:
    return joint_code([unit, arm]).max() > unit.max()
