"""What a synthetic comparison is made of, and how it ran beside the treated."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.did.design import Design
from tf_eval.did.plain import plain
from tf_eval.did.reading.panel import Panel
from tf_eval.did.synthetic.cohort import Cohort, find_cohorts
from tf_eval.did.synthetic.figure import draw_paths
from tf_eval.did.synthetic.projection import project
from tf_eval.did.times import time_name, to_date, with_dates
from tf_eval.errors import ConfigError
from tf_eval.matching.display import number
from tf_eval.matching.figure import leave_empty


@dataclass(frozen=True, eq=False, repr=False)
class SyntheticComparison:
    """The start cohorts of ``method="synthetic"``, each with its weights on never treated units and on periods.

    With covariates all outcomes are here less what these say of their course; each unit's mean is as it was.
    """

    cohorts: tuple[Cohort, ...]
    panel: Panel
    design: Design

    def table(self) -> pd.DataFrame:
        """Return a row for each start cohort.

        ``n_comparison`` are the never treated, ``n_weighted`` those of them with any weight, and ``effective_units``
        and ``effective_periods`` the number of equally weighted ones that would average as well (1 over the sum of
        squared weights). ``miss`` is the root mean square, over the periods before treatment, of what the weighted
        course leaves of the treated's, in units of the outcome; ``penalty`` is the paper's zeta.
        """
        return self._dated(pd.DataFrame([self._measures(cohort) for cohort in self.cohorts]))

    def unit_weights(self) -> pd.DataFrame:
        """Return the never treated units of each start cohort with any weight, the heaviest first."""
        parts = [
            pd.DataFrame(
                {
                    "adopted": int(cohort.group.adopted),
                    "unit": self.panel.labels[cohort.weighted],
                    "weight": cohort.of_units[cohort.of_units > 0],
                }
            )
            for cohort in self.cohorts
        ]
        together = pd.concat(parts).sort_values(["adopted", "weight"], ascending=[True, False], ignore_index=True)
        return self._dated(together)

    def time_weights(self) -> pd.DataFrame:
        """Return the periods before each cohort's treatment, with the weight of each in the base."""
        before = [self._paths(cohort).dropna(subset="time_weight") for cohort in self.cohorts]
        return self._dated(pd.concat(before, ignore_index=True)[["adopted", "period", "time_weight"]])

    def paths(self) -> pd.DataFrame:
        """Return the mean outcome of each start cohort and of its synthetic comparison by period.

        ``synthetic`` is moved up or down so that both have the same mean in the weighted periods before treatment: the
        gap between them is the effect.
        """
        return self._dated(pd.concat([self._paths(cohort) for cohort in self.cohorts], ignore_index=True))

    def plot(self, ax: Axes | None = None, *, adopted: int | str | date | None = None) -> Axes:
        """Draw the paths of one start cohort, and the weights of periods below; by default of that with most units.

        ``adopted`` is its start as ``table()`` has it, or as it is told (``"2020-07"``). Nothing is drawn of a cohort
        of few units. Raises ``ConfigError`` where there is no such cohort.
        """
        cohort = self._chosen(adopted)
        if not self.design.shows(cohort.n_treated, len(cohort.weighted)):
            return leave_empty(ax, f"The course of {self.design.outcome}", self.design.smallest_shown)
        return draw_paths(self._paths(cohort), int(cohort.group.adopted), self.panel.time_unit, self.design, ax)

    def summary(self) -> str:
        """Say how far the weights spread and how near the courses come; nothing where a cohort is of few units."""
        rows = self.table()
        if not self.design.shows(rows["n_treated"].min(), rows["n_weighted"].min()):
            return f"The synthetic comparison for {self.design.outcome} is {self.design.not_shown}"
        units, periods = rows["effective_units"].min(), rows["effective_periods"].min()
        never = self.design.told(rows["n_comparison"].max())
        return (
            "The comparison is weighted to run as each start cohort did before treatment. Where its weight lies on the "
            f"fewest, it is worth {number(units)} equally weighted units of {never} never treated, and the base "
            f"{number(periods)} periods. Before treatment the courses are apart by up to {number(rows['miss'].max())} "
            f"of {self.design.outcome} (root mean square)."
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            "cohorts": [plain(row) for row in self.table().to_dict("records")],
            "paths": [plain(row) for row in self.paths().to_dict("records")],
        }

    def __repr__(self) -> str:
        return f"<SyntheticComparison: {self.summary()}>"

    def _measures(self, cohort: Cohort) -> Mapping[str, Any]:
        before = self._paths(cohort).dropna(subset="time_weight")
        gap = before["treated"] - before["synthetic"]
        return {
            "adopted": int(cohort.group.adopted),
            "n_treated": cohort.n_treated,
            "n_comparison": len(cohort.comparison),
            "n_weighted": len(cohort.weighted),
            "effective_units": 1 / float(cohort.of_units @ cohort.of_units),
            "effective_periods": 1 / float(cohort.of_periods @ cohort.of_periods),
            "miss": float((gap - gap.mean()).pow(2).mean() ** 0.5),
            "penalty": cohort.penalty,
        }

    def _dated(self, frame: pd.DataFrame) -> pd.DataFrame:
        return with_dates(frame, self.panel.time_unit)

    def _paths(self, cohort: Cohort) -> pd.DataFrame:
        outcome = self.panel.outcome + self.panel.level[:, None]
        treated = outcome[cohort.treated].mean(axis=0)
        synthetic = cohort.of_units @ outcome[cohort.comparison]
        weight = np.full(len(treated), np.nan)
        weight[: len(cohort.of_periods)] = cohort.of_periods
        synthetic = synthetic + (treated - synthetic)[: len(cohort.of_periods)] @ cohort.of_periods
        columns = {"period": self.panel.periods, "treated": treated, "synthetic": synthetic, "time_weight": weight}
        return pd.DataFrame({"adopted": int(cohort.group.adopted), **columns})

    def _chosen(self, adopted: int | str | date | None) -> Cohort:
        if adopted is None:
            return max(self.cohorts, key=lambda cohort: cohort.n_treated)
        unit, starts = self.panel.time_unit, [int(cohort.group.adopted) for cohort in self.cohorts]
        names = [time_name(start, unit) for start in starts]
        for cohort, start, name in zip(self.cohorts, starts, names, strict=True):
            if adopted in (to_date(start, unit), name):
                return cohort
        raise ConfigError(f"plot: no start cohort adopted in {adopted}; there are {', '.join(names)}.")


def compare_synthetically(panel: Panel, design: Design) -> SyntheticComparison:
    """Return the comparison that ``estimate_synthetic`` used; raises as that does."""
    left = project(panel, design).panel
    return SyntheticComparison(tuple(find_cohorts(left, design)), left, design)
