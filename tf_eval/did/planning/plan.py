"""``plan_power``: how large an effect a study of units such as these could find."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from numbers import Integral, Real

import numpy as np
import pandas as pd

from tf_eval.did.asker import asked_by
from tf_eval.did.design import Design, names
from tf_eval.did.inference.multipliers import draw_problems
from tf_eval.did.planning.detectable import errors_needed, power_problems
from tf_eval.did.planning.placebo import draw_placebos
from tf_eval.did.planning.power import Planned, PowerPlan, Simulated
from tf_eval.did.planning.windows import variance_of_a_cluster, windows
from tf_eval.did.reading.panel import Panel, read_panel
from tf_eval.errors import ConfigError, NotEstimated, raise_all, require_columns

# Stands in for the starts of a panel in which nobody has started.
NOBODY = "start of nobody"
NO_VARIANCE = "too few units are seen for long enough to tell how far their changes scatter"
NO_PLACEBO = "no study with placebo starts could be estimated"


@asked_by("plan_power")
def plan_power(
    data: pd.DataFrame,
    *,
    outcome: str,
    unit: str,
    period: str,
    treated: int | Sequence[int],
    periods_after: int | Sequence[int],
    periods_before: int = 1,
    ratio: float = 1.0,
    adopted: str | None = None,
    covariates: str | Sequence[str] = (),
    cluster: str | None = None,
    confidence: float = 0.95,
    power: float = 0.8,
    errors: str = "clustered",
    quantile: str = "normal",
    seed: int | None = None,
    draws: int = 199,
) -> PowerPlan:
    """Return the smallest effect that a study would find, by how many are treated and how long they are seen.

    The study is planned to compare the mean over the periods after the start with that over the base before it, as
    ``estimate_att`` does with ``baseline=periods_before``, all treated starting at once; the effect is the mean over
    the periods after. How far changes scatter is seen in all stretches of the panel that are as long, so that shocks
    that last are allowed for, as Burlig, Preonas and Woerman (2020, Journal of Development Economics 144) show that
    they must be; clusters as in Schochet (2022, Journal of Educational and Behavioral Statistics 47). The effect is the
    error times the sum of two quantiles, of the interval and of the power (Bloom 1995, Evaluation Review 19), or what
    the noncentral t has in their stead. Starts that are staggered find less than the last of them, and more than the
    first, by the periods that are seen after each.

    Arguments:
        data: long frame of the outcome without treatment, one row per unit and period.
        outcome, unit, period: columns, as for ``estimate_att``.
        treated: numbers of units that will be treated; of clusters, where ``cluster`` names their column.
        periods_after: numbers of periods after the start.
        periods_before: of the base.
        ratio: comparison units (or clusters) for each treated one.
        adopted: column of the period treatment began, if it has for some: only what came before it is used.
        covariates: as for ``estimate_att``; what they explain of the changes is taken out.
        confidence, errors, quantile: of the intervals that the study will report, as for ``estimate_att``.
        power: the chance of finding the effect, between 0 and 1.
        seed: with one, ``draws`` studies with placebo starts are simulated for each row, and estimated as
            ``estimate_att`` does: what an effect would be found to be as often, and how often there is one though there
            is none.

    Raises:
        ConfigError: an option cannot be honoured. InputError: the data cannot be used.
    """
    require_columns(data.columns, [name for name in (outcome, unit, period, adopted) if name], "plan_power")
    sizes, lengths = (_several(each) for each in (treated, periods_after))
    problems = _problems(sizes, lengths, periods_before, ratio, power, cluster)
    raise_all(
        ConfigError, "plan_power", [*problems, *([] if seed is None else draw_problems(seed, draws, "rademacher"))]
    )
    design = Design(
        outcome=outcome,
        unit=unit,
        period=period,
        adopted=adopted or NOBODY,
        covariates=names(covariates),
        baseline=periods_before,
        cluster=cluster,
        confidence=confidence,
        errors=errors,
        quantile=quantile,
    )
    design.check()
    panel = _untreated(data, design)
    question = _Question(panel, design, power, ratio, seed, draws)
    studies = {(size, after): question.study(size, after) for after in lengths for size in sizes}
    return question.plan(studies)


@dataclass(frozen=True, eq=False)
class _Question:
    panel: Panel
    design: Design
    power: float
    ratio: float
    seed: int | None
    draws: int

    def study(self, n_treated: int, after: int) -> Planned | NotEstimated:
        """Return what a study of some size would find."""
        before, arms = self.design.window, (n_treated, round(n_treated * self.ratio))
        if not any(True for _ in windows(self.panel, before + after)):
            longest = f"the panel has no {before + after} untreated {self.panel.time_unit}s that follow each other"
            return NotEstimated(longest)
        variance = variance_of_a_cluster(self.panel, before, after)
        if not np.isfinite(variance):
            return NotEstimated(NO_VARIANCE)
        error = float(np.sqrt(variance * sum(1 / size for size in arms)))
        least = error * errors_needed(self.design.confidence, self.power, _freedom(self.design, arms))
        relative = least / abs(self.base_rate) if self.base_rate else np.nan
        planned = Planned(*arms, after, error, least, relative)
        return planned if self.seed is None else self._simulated(planned)

    def _simulated(self, planned: Planned) -> Planned | NotEstimated:
        arms, after = (planned.n_treated, planned.n_comparison), planned.periods_after
        # Each study has draws of its own, whatever else is asked.
        random = np.random.default_rng([self.seed, *arms, after])
        found = draw_placebos(self.panel, self.design, arms, after, self.draws, random)
        if not len(found.effects):
            return NotEstimated(NO_PLACEBO)
        simulated = Simulated(
            found.detectable(self.power),
            found.detected(planned.minimum_detectable),
            found.detected(0.0),
            len(found.effects),
        )
        return replace(planned, simulated=simulated)

    def plan(self, studies: dict[tuple[int, int], Planned | NotEstimated]) -> PowerPlan:
        return PowerPlan(
            studies=studies,
            power=self.power,
            base_rate=self.base_rate,
            n_units=len(self.panel),
            n_clusters=self.n_clusters,
            time_unit=self.panel.time_unit,
            notes=(*self.panel.notes, *self._notes(studies)),
            design=self.design,
        )

    @property
    def base_rate(self) -> float:
        return float(np.nanmean(self.panel.outcome + self.panel.level[:, None]))

    @property
    def n_clusters(self) -> int:
        return int(self.panel.clusters[0].max()) + 1

    def _notes(self, studies: dict[tuple[int, int], Planned | NotEstimated]) -> list[str]:
        planned = [study for study in studies.values() if isinstance(study, Planned)]
        most = max((study.n_treated + study.n_comparison for study in planned), default=0)
        if self.seed is None or most <= self.n_clusters:
            return []
        return ["Simulated studies larger than the panel hold some of its units more than once."]


def _untreated(data: pd.DataFrame, design: Design) -> Panel:
    """Return the panel with the outcome as it was before any treatment."""
    if design.adopted == NOBODY:
        data = data.assign(**{NOBODY: data[design.period].max()})
        panel = read_panel(data, design)
        return replace(panel, adopted=np.full(len(panel), np.inf))
    panel = read_panel(data, design)
    before = panel.periods < panel.adopted[:, None]
    return replace(panel, outcome=np.where(before, panel.outcome, np.nan))


def _freedom(design: Design, arms: tuple[int, int]) -> float:
    if design.errors == "unequal":
        shares = 1 / np.array(arms)
        return float(shares.sum() ** 2 / (shares**2 / (np.array(arms) - 1)).sum())
    return arms[0] - 1 if design.quantile == "t" else np.inf


def _several(value: int | Sequence[int]) -> list[int]:
    return [value] if isinstance(value, Real) else list(value)


def _problems(
    sizes: list[int], lengths: list[int], before: int, ratio: float, power: float, cluster: str | None
) -> list[str]:
    problems = power_problems(power)
    for name, values, least in (("treated", sizes, 2), ("periods_after", lengths, 1), ("periods_before", [before], 1)):
        if not values or not all(_is_whole(value, least) for value in values):
            problems.append(f"{name} must be whole numbers, {least} or more.")
    if not isinstance(ratio, Real) or not 0 < ratio < np.inf:
        problems.append("ratio must be a number above 0: comparison units for each treated one.")
    elif not problems and round(min(sizes) * ratio) < 2:
        problems.append("ratio leaves fewer than two comparison units; raise it, or the number of treated.")
    if not isinstance(cluster, str | None):
        problems.append("units are drawn by one kind of cluster; name one column.")
    return problems


def _is_whole(value: object, least: int) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool) and value >= least
