"""How alike the two groups are within each cell, such as a district."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.errors import ConfigError, InputError, raise_all, require_columns
from tf_eval.matching.arguments import is_positive, label_problems, names
from tf_eval.matching.display import SMALLEST_SHOWN
from tf_eval.matching.everyone import Everyone
from tf_eval.matching.matched import ARMS, Matched, require_match
from tf_eval.matching.reading.codes import count_units, joint_code
from tf_eval.matching.reading.covariates import labelled, level_codes
from tf_eval.matching.review.statistics import OF_TREATED, in_yardsticks, sd_problems, yardstick
from tf_eval.matching.review.within_plot import plot_within

WHERE = "check_balance_within"


def check_balance_within(
    matched: Matched,
    within: str | Iterable[str] = (),
    *,
    threshold: float = 0.1,
    labels: Mapping[str, str] | None = None,
    sd: str = OF_TREATED,
) -> "BalanceWithin":
    """Compare treated and comparison rows within each cell, after matching.

    Groups that are alike over all may differ in each district, with differences that cancel. Where an effect is told
    by district, it is there that the groups have to be alike.

    Parameters
    ----------
    matched
        What ``match`` returned.
    within
        One or more columns of its frame; every combination of their values is a cell. Where none is named, those that
        the match held exact. One that the match did not read is there once balance is accepted.
    threshold
        Standardised mean difference up to which a covariate counts as alike, as in ``check_balance``.
    labels
        Words for people, by name of covariate.
    sd
        Whose standard deviation differences are measured in, as in ``check_balance``: of the whole sample before
        matching, so that cells are measured alike.

    Returns
    -------
    BalanceWithin
        A small cell differs by chance alone: between groups of n rows drawn alike, a difference has a standard error
        of about the square root of 2/n.

    Raises
    ------
    ConfigError
        No column is named and the match held none exact, or the standard deviation or the threshold is none.
    InputError
        A column is not there, or has missing values.
    """
    require_match(matched, WHERE)
    columns = names(within, "within") or matched.design.exact
    problems = [*_option_problems(columns, threshold), *label_problems(labels), *sd_problems(sd)]
    raise_all(ConfigError, WHERE, problems)
    require_columns(matched.sealed.frame.columns, columns, WHERE)
    raise_all(InputError, WHERE, _unread(matched.frame, columns) or _missing(matched.frame, columns))
    code, cells = _cells(matched.frame[list(columns)])
    differences = _compare(matched.everyone, code, cells, labels or {}, sd)
    return BalanceWithin(differences, tuple(columns), threshold, sd)


@dataclass(frozen=True, eq=False, repr=False)
class BalanceWithin:
    """How alike the groups are within each cell.

    differences   one row for each cell and level of each covariate: see ``table``
    within        the columns whose values make the cells
    threshold     standardised mean difference up to which a covariate counts as alike
    sd            whose standard deviation differences are measured in
    """

    differences: pd.DataFrame
    within: tuple[str, ...]
    threshold: float
    sd: str

    def table(self) -> pd.DataFrame:
        """Return a tidy copy, one row for each cell and covariate level.

        ``cell`` (the values of its columns), ``covariate``, ``level``, ``label``, ``rows_treated`` and
        ``rows_comparison`` (matched rows in the cell, exact, for the researcher), ``units_treated`` and
        ``units_comparison`` (of how many units these are), ``mean_treated``, ``mean_comparison`` and ``smd``, weighted.
        In a cell without one of the arms there is no difference.
        """
        return self.differences.copy()

    @property
    def worst(self) -> dict[str, Any] | None:
        """The largest difference within a cell of at least 10 rows and units of each arm; None without such a cell."""
        shown = self._shown()
        if shown.empty:
            return None
        row = shown.loc[shown["smd"].abs().idxmax()]
        return {"cell": row["cell"], "label": row["label"], "smd": float(row["smd"])}

    def _shown(self) -> pd.DataFrame:
        fewest = self.differences[["units_treated", "units_comparison"]].min(axis=1)
        return self.differences[fewest >= SMALLEST_SHOWN]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the differences of each cell of at least 10 rows and units of each arm, the worst cell on top."""
        return plot_within(self._shown(), self.threshold, ax)

    def summary(self) -> str:
        """Return how alike the groups are within cells; of cells with few rows nothing is said but their number."""
        worst, cells, shown = self.worst, self.differences["cell"].nunique(), self._shown()["cell"].nunique()
        by = " and ".join(self.within)
        if worst is None:
            return (
                f"No cell of {by} has {SMALLEST_SHOWN} matched rows and units of each arm, so that nothing can be said "
                "of one."
            )
        left_out = f" Cells with fewer ({cells - shown}) are left out." if cells > shown else ""
        return (
            f"Within cells of {by}, all characteristics differ by no more than {self.threshold:g} standard deviations "
            f"in {self._alike()} of the {shown} that have at least {SMALLEST_SHOWN} matched rows and units of each "
            f"arm. The largest difference is {abs(worst['smd']):.2f} ({worst['label']} in {worst['cell']}).{left_out}"
        )

    def _alike(self) -> int:
        shown = self._shown()
        return int((shown["smd"].abs().groupby(shown["cell"]).max() <= self.threshold).sum())

    def to_dict(self) -> dict[str, Any]:
        """Return rule and differences as JSON-safe values, of cells of at least 10 rows and units of each arm."""
        shown = self._shown()
        rows = shown.astype(object).where(shown.notna(), None).to_dict("records")
        asked = {"within": list(self.within), "threshold": self.threshold, "sd": self.sd}
        return {**asked, "worst": self.worst, "differences": rows}

    def __repr__(self) -> str:
        return f"<BalanceWithin: {self.summary()}>"


def _option_problems(columns: tuple[str, ...], threshold: float) -> list[str]:
    refused = {
        "name the columns within whose values rows are compared; the match held none exact": not columns,
        "threshold must be above 0": not is_positive(threshold),
    }
    return [problem for problem, holds in refused.items() if holds]


def _unread(frame: pd.DataFrame, columns: Iterable[str]) -> list[str]:
    """A column that the match did not read may be an outcome."""
    unread = [name for name in columns if name not in frame]
    return [f"'{name}' was not read by the match; name it in exact, or accept balance first" for name in unread]


def _missing(frame: pd.DataFrame, columns: tuple[str, ...]) -> list[str]:
    return [f"missing values in '{name}'; name a value for them first" for name in columns if frame[name].isna().any()]


def _cells(frame: pd.DataFrame) -> tuple[np.ndarray, list[str]]:
    """Return the cell of each row, from 0 on in the order of the values, and what each cell is called."""
    code = joint_code([level_codes(frame[name])[0] for name in frame])
    first = np.unique(code, return_index=True)[1]
    return code, [", ".join(map(str, values)) for values in frame.iloc[first].itertuples(index=False)]


def _compare(
    everyone: Everyone, code: np.ndarray, cells: list[str], labels: Mapping[str, str], sd: str
) -> pd.DataFrame:
    rows, levels = everyone.matched_rows(), labelled(everyone.covariates.levels, labels)
    arms = [(rows[arm], code[arm]) for arm in (everyone.treated[rows], ~everyone.treated[rows])]
    sizes = [np.bincount(of_cell, minlength=len(cells)) for _, of_cell in arms]
    units = [count_units(of_cell, everyone.unit[own], len(cells)) for own, of_cell in arms]
    columns = [_means(everyone, arms, column, len(cells), sd) for column in everyone.covariates.values.T]
    found = np.stack(columns, axis=-1).reshape(3, -1)  # measures by cells and levels
    named = {name: values * len(cells) for name, values in levels.items()}
    many = len(levels["label"])
    counted = {
        f"{what}_{arm}": size
        for what, both in (("rows", sizes), ("units", units))
        for arm, size in zip(ARMS, both, strict=True)
    }
    counts = {name: np.repeat(size, many) for name, size in counted.items()}
    measures = dict(zip(("mean_treated", "mean_comparison", "smd"), found, strict=True))
    return pd.DataFrame({"cell": np.repeat(cells, many), **named, **counts, **measures})


def _means(
    everyone: Everyone, arms: list[tuple[np.ndarray, np.ndarray]], column: np.ndarray, cells: int, sd: str
) -> np.ndarray:
    """Return, of one column, both arms' weighted means and their standardised difference, by cell."""
    means = []
    for rows, of_cell in arms:
        weight = everyone.weight[rows]
        sums = np.bincount(of_cell, weight * column[rows], cells), np.bincount(of_cell, weight, cells)
        means.append(np.divide(*sums, out=np.full(cells, np.nan), where=sums[1] > 0))
    return np.stack([*means, in_yardsticks(means[0] - means[1], yardstick(column, everyone.treated, sd))])
