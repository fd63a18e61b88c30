"""The plan of a study: how large an effect would be found, by how many are treated and how long they are seen."""

import math
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.did.design import Design
from tf_eval.did.plain import plain
from tf_eval.did.planning.figure import draw_plan
from tf_eval.errors import NotEstimated
from tf_eval.matching.display import number, percent, told_share


@dataclass(frozen=True)
class Simulated:
    """What studies with placebo starts found: ``draws`` could be estimated.

    ``minimum_detectable`` is the effect that the asked share of them would find, ``power`` the share that would find
    the effect of the formula, and ``false_positives`` the share that find one though there is none.
    """

    minimum_detectable: float
    power: float
    false_positives: float
    draws: int


@dataclass(frozen=True)
class Planned:
    """One study: so many treated and comparison units (clusters, where there are any), seen so long after the start.

    ``minimum_detectable`` is the smallest effect that the study would find with the power asked for, of which
    ``std_error`` is the error to expect; ``relative`` is the share of the base rate that it is (missing without one).
    """

    n_treated: int
    n_comparison: int
    periods_after: int
    std_error: float
    minimum_detectable: float
    relative: float
    simulated: Simulated | None = None


@dataclass(frozen=True, eq=False, repr=False)
class PowerPlan:
    """Studies side by side, and the ``base_rate``: the mean outcome without treatment that their effects stand against.

    ``studies`` hold, for each number of treated and of periods after the start, what it would find or why that is not
    known. ``n_units`` and ``n_clusters`` count those of the panel that it was learnt from. ``cautions`` are the
    ``notes`` that limit what the plan promises.
    """

    studies: dict[tuple[int, int], Planned | NotEstimated]
    power: float
    base_rate: float
    n_units: int
    n_clusters: int
    time_unit: str
    notes: tuple[str, ...]
    cautions: tuple[str, ...]
    design: Design

    def table(self) -> pd.DataFrame:
        """Return one row per study; where it is not known its numbers are missing and ``reason`` says why.

        With simulation there are the columns ``simulated`` (effect), ``simulated_power``, ``false_positives``,
        ``draws``.
        """
        rows = [_row(treated, after, study) for (treated, after), study in self.studies.items()]
        simulated = any(SIMULATED[0] in row for row in rows)
        columns = [*COLUMNS, *(SIMULATED if simulated else ()), "reason"]
        return pd.DataFrame(rows, columns=columns).astype({"n_comparison": "Int64", "reason": object})

    def summary(self) -> str:
        known = [study for study in self.studies.values() if isinstance(study, Planned)]
        if not known:
            return next(iter(self.studies.values())).summary()
        best = min(known, key=lambda study: study.minimum_detectable)
        worst = max(known, key=lambda study: study.minimum_detectable)
        other = "" if best is worst else f" With {self._size(worst)} it would have to be {self._effect(worst)}."
        return (
            f"With {self._size(best)}, a study would tell an effect on {self.design.outcome} from none in "
            f"{percent(self.power)} of cases if it were {self._effect(best)} or more, up or down.{other}{self._mean} "
            "This holds if outcomes vary as they did in the panel and both groups would otherwise have changed alike. "
            f"A smaller effect can be there and not be found.{self._warning}"
            f"{''.join(f' {caution}' for caution in self.cautions)}"
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the effect by the number of treated, a line for each number of periods after the start."""
        return draw_plan(
            self.table(),
            power=self.power,
            unit=self._units,
            time_unit=self.time_unit,
            outcome=self.design.outcome,
            ax=ax,
        )

    def to_dict(self) -> dict[str, Any]:
        rows = [plain(row) for row in self.table().astype(object).where(self.table().notna(), None).to_dict("records")]
        return {
            "design": self.design.to_dict(),
            "power": self.power,
            "base_rate": self.base_rate,
            "rows": rows,
            "notes": list(self.notes),
        }

    def __repr__(self) -> str:
        told = f"{len(self.studies)} studies, {percent(self.power)} power"
        if self._has_many:
            told = f"{told}; base rate {number(self.base_rate)}"
        return f"<PowerPlan: {self.design.outcome}, {told}>"

    @property
    def _has_many(self) -> bool:
        """Whether the panel has so many units that their mean may be shown."""
        return self.design.shows(self.n_units, self.n_clusters)

    @property
    def _mean(self) -> str:
        return f" The mean without treatment is {number(self.base_rate)}." if self._has_many else ""

    @property
    def _warning(self) -> str:
        """Say so where intervals find effects that are not there, beyond what they promise and chance explains."""
        promised = 1 - self.design.confidence
        simulated = [study for study in self.studies.values() if getattr(study, "simulated", None) is not None]
        worst = max(simulated, key=lambda study: study.simulated.false_positives, default=None)
        if worst is None:
            return ""
        share, doubt = worst.simulated.false_positives, math.sqrt(promised * (1 - promised) / worst.simulated.draws)
        if share <= promised + 3 * doubt:
            return ""
        advice = "; errors='unequal' is for few units" if self.design.errors == "clustered" else ""
        return (
            f" With {self._size(worst)}, {share:.0%} of studies without an effect found one, where {percent(promised)} "
            f"should{advice}."
        )

    @property
    def _units(self) -> str:
        return f"clusters ({self.design.clusters[0]})" if self.design.clusters else "units"

    def _size(self, study: Planned) -> str:
        after = f"{study.periods_after} {self.time_unit}{'s' if study.periods_after > 1 else ''}"
        arms = f"{study.n_treated:,} treated and {study.n_comparison:,} comparison {self._units}"
        return f"{arms} seen for {after} after the start"

    def _effect(self, study: Planned) -> str:
        share = (
            ""
            if math.isnan(study.relative) or not self._has_many
            else f" ({told_share(study.relative)} of the mean without treatment)"
        )
        return f"{number(study.minimum_detectable)}{share}"


COLUMNS = ("n_treated", "periods_after", "n_comparison", "std_error", "minimum_detectable", "relative")
SIMULATED = ("simulated", "simulated_power", "false_positives", "draws")


def _row(n_treated: int, periods_after: int, study: Planned | NotEstimated) -> dict[str, Any]:
    asked = {"n_treated": n_treated, "periods_after": periods_after}
    if isinstance(study, NotEstimated):
        return {**asked, "reason": study.reason}
    numbers = {name: value for name, value in asdict(study).items() if name != "simulated"}
    if study.simulated is None:
        return {**asked, **numbers, "reason": None}
    drawn = study.simulated
    found = {"simulated": drawn.minimum_detectable, "simulated_power": drawn.power}
    return {
        **asked,
        **numbers,
        **found,
        "false_positives": drawn.false_positives,
        "draws": drawn.draws,
        "reason": None,
    }
