"""``plan_power``: how large an effect a study of units such as these could find."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from tf_eval.did.arguments import require_given
from tf_eval.did.asker import asked_by
from tf_eval.did.design import Design
from tf_eval.did.inference.few import FEW_CLUSTERS
from tf_eval.did.inference.multipliers import draw_problems
from tf_eval.did.planning.detectable import errors_needed, power_problems
from tf_eval.did.planning.placebo import draw_placebos
from tf_eval.did.planning.power import Planned, PowerPlan, Simulated
from tf_eval.did.planning.windows import variance_of_a_cluster, windows
from tf_eval.did.reading.columns import no_labels, read_columns
from tf_eval.did.reading.panel import Panel, lay_panel, read_panel
from tf_eval.errors import ConfigError, InputError, NotEstimated, raise_all
from tf_eval.matching.arguments import is_positive, is_whole, names, require_frame

WHERE = "plan_power"
# Stands in for the starts of a panel in which nobody has started.
NOBODY = "start of nobody"
NO_VARIANCE = "too few units are seen for long enough to tell how far their changes scatter"
NO_SCATTER = "the outcome never changes in the panel, which tells nothing of how far changes scatter"
NO_PLACEBO = "no study with placebo starts could be estimated"
DRAWS = 199
NEVER = (0.0, np.inf)


@asked_by(WHERE)
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
    draws: int | None = None,
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
        seed: with one, ``draws`` studies (by default 199) with placebo starts are simulated for each row, and estimated
            as ``estimate_att`` does: what an effect would be found to be as often, and how often there is one though
            there is none.

    Raises:
        ConfigError: an option cannot be honoured. InputError: the data cannot be used.
    """
    require_frame(data, WHERE)
    required = (outcome, unit, period, *(() if adopted is None else (adopted,)))
    require_given(data, required, WHERE)
    sizes, lengths = (_several(each) for each in (treated, periods_after))
    problems = _problems(sizes, lengths, periods_before, ratio, power, cluster)
    raise_all(ConfigError, WHERE, [*problems, *_draw_problems(seed, draws)])
    raise_all(InputError, WHERE, _too_little(data, unit, period))
    design = Design(
        outcome=outcome,
        unit=unit,
        period=period,
        adopted=adopted if adopted is not None and _has_starts(data[adopted]) else NOBODY,
        covariates=names(covariates, "covariates"),
        baseline=periods_before,
        cluster=cluster,
        confidence=confidence,
        errors=errors,
        quantile=quantile,
    )
    design.check()
    question = _Question(_untreated(data, design), design, power, ratio, seed, DRAWS if draws is None else draws)
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
        if not variance:
            return NotEstimated(NO_SCATTER)
        error = float(np.sqrt(variance * sum(1 / size for size in arms)))
        least = error * errors_needed(self.design.confidence, self.power, _freedom(self.design, arms))
        relative = least / abs(self.base_rate) if self._has_a_scale else np.nan
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
        cautions = tuple(self._cautions(studies))
        return PowerPlan(
            studies=studies,
            power=self.power,
            base_rate=self.base_rate,
            n_units=len(self.panel),
            n_clusters=self.n_clusters,
            time_unit=self.panel.time_unit,
            notes=(*self.panel.notes, *cautions),
            cautions=cautions,
            design=self.design,
        )

    @cached_property
    def _seen(self) -> np.ndarray:
        """The outcomes that are seen without treatment, in one row."""
        outcome = self.panel.outcome + self.panel.level[:, None]
        return outcome[np.isfinite(outcome)]

    @property
    def base_rate(self) -> float:
        return float(self._seen.mean()) if len(self._seen) else np.nan

    @property
    def _has_a_scale(self) -> bool:
        """Say whether effects are told as shares of the mean: not if outcomes lie on both sides of a mean near 0."""
        if not self.base_rate:
            return False
        one_sided = self._seen.min() >= 0 or self._seen.max() <= 0
        return bool(one_sided or abs(self.base_rate) >= self._seen.std())

    @property
    def n_clusters(self) -> int:
        return int(self.panel.clusters[0].max()) + 1

    def _cautions(self, studies: dict[tuple[int, int], Planned | NotEstimated]) -> Iterator[str]:
        planned = [study for study in studies.values() if isinstance(study, Planned)]
        most = max((study.n_treated + study.n_comparison for study in planned), default=0)
        fewest = min((min(study.n_treated, study.n_comparison) for study in planned), default=FEW_CLUSTERS)
        if self.seed is not None and most > self.n_clusters:
            yield "Simulated studies larger than the panel hold some of its units more than once."
        if fewest < FEW_CLUSTERS and self.design.errors == "clustered" and self.design.quantile == "normal":
            yield f"With fewer than {FEW_CLUSTERS} in an arm this promises too much; plan with errors='unequal'."
        if planned and len(planned) < len(studies):
            lacking = next(study.reason for study in studies.values() if isinstance(study, NotEstimated))
            yield f"{len(studies) - len(planned)} of {len(studies)} studies could not be planned: {lacking}."


def _untreated(data: pd.DataFrame, design: Design) -> Panel:
    """Return the panel with the outcome as it was before any treatment."""
    if design.adopted == NOBODY:
        data = data.assign(**{NOBODY: data[design.period].max()})
        panel = read_panel(data, design)
        return replace(panel, adopted=np.full(len(panel), np.inf))
    columns = read_columns(data, design)
    units = np.flatnonzero(columns.adopted > columns.layout.periods[0])
    if not len(units):
        raise InputError(f"{WHERE}: every unit is treated from the first period on; some has to be seen before.")
    panel = lay_panel(data, design, columns, units)
    before = panel.periods < panel.adopted[:, None]
    notes = (*columns.notes, *panel.notes)
    return replace(panel, outcome=np.where(before, panel.outcome, np.nan), notes=notes)


def _has_starts(adopted: pd.Series) -> bool:
    return bool((adopted.notna() & ~adopted.isin(NEVER)).any())


def _freedom(design: Design, arms: tuple[int, int]) -> float:
    if design.errors == "unequal":
        shares = 1 / np.array(arms)
        return float(shares.sum() ** 2 / (shares**2 / (np.array(arms) - 1)).sum())
    return arms[0] - 1 if design.quantile == "t" else np.inf


def _several(value: int | Sequence[int]) -> list[int]:
    listed = isinstance(value, Iterable) and not isinstance(value, Mapping | str)
    return list(value) if listed else [value]


def _draw_problems(seed: int | None, draws: int | None) -> list[str]:
    if seed is None:
        return [] if draws is None else ["draws are made by a seed; give seed=1, say, or leave draws out."]
    return draw_problems(seed, DRAWS if draws is None else draws, "rademacher")


def _too_little(data: pd.DataFrame, unit: str, period: str) -> list[str]:
    """Say that there is a single unit or period: of one nobody knows how far its changes differ from others'."""
    if data.empty:
        return ["the data has no rows; a row per unit and period is needed."]
    problem = no_labels(data[unit])
    if problem:
        return [problem]
    return [
        f"there is a single {what} in '{column}'; how far changes scatter is seen in several of each."
        for what, column in (("unit", unit), ("period", period))
        if data[column].nunique() == 1
    ]


def _problems(
    sizes: list[int], lengths: list[int], before: int, ratio: float, power: float, cluster: str | None
) -> list[str]:
    problems = power_problems(power)
    for name, values, least in (("treated", sizes, 2), ("periods_after", lengths, 1), ("periods_before", [before], 1)):
        if not values or not all(is_whole(value, least) for value in values):
            problems.append(f"{name} must be whole numbers, {least} or more.")
    if not is_positive(ratio):
        problems.append("ratio must be a number above 0: comparison units for each treated one.")
    elif not problems and round(min(sizes) * ratio) < 2:
        problems.append("ratio leaves fewer than two comparison units; raise it, or the number of treated.")
    if not isinstance(cluster, str | None):
        problems.append("units are drawn by one kind of cluster; name one column.")
    return problems
