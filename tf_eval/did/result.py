"""The result of a difference-in-differences: every cell, and every average of cells with its error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.did import aggregate
from tf_eval.did.aggregate import EVER_SINCE, OVERALL, Average, Combination, average_problems, read_average
from tf_eval.did.arguments import as_numbers, band_problems, reach_problems
from tf_eval.did.bands import BANDS, FITTED, before_treatment, placebo_band
from tf_eval.did.caution import told_cautions
from tf_eval.did.credibility.pre_trends import PreTrends, joint_test
from tf_eval.did.design import Design
from tf_eval.did.estimate import Estimate
from tf_eval.did.estimates import Estimates
from tf_eval.did.few_clusters.judge import ClusterJudgement, hold_many, judge, not_judged
from tf_eval.did.few_clusters.trial import Trial
from tf_eval.did.group_time.cells import REFERENCE, Cells
from tf_eval.did.inference.clusters import AnyInfluence
from tf_eval.did.inference.errors import Inference
from tf_eval.did.inference.multipliers import draw_problems
from tf_eval.did.inspection.comparison import trace_of
from tf_eval.did.inspection.grid import lay_out, states
from tf_eval.did.inspection.grid_figure import draw_grid
from tf_eval.did.inspection.leave_out import LeaveOneOut, leave_out
from tf_eval.did.inspection.overlap import Overlap, measure_overlap
from tf_eval.did.inspection.paths import Paths, follow_paths, path_problems
from tf_eval.did.inspection.starts import places_of, time_axis
from tf_eval.did.inspection.unestimated import told_unestimated
from tf_eval.did.inspection.weights_figure import draw_weights
from tf_eval.did.methods import METHODS
from tf_eval.did.ratio import Averaging, Ratio, Ratios, ratio_of
from tf_eval.did.reading.panel import Panel
from tf_eval.did.synthetic.comparison import SyntheticComparison, compare_synthetically
from tf_eval.did.synthetic.placebos import SyntheticPlacebos, coarse_clusters, not_synthetic, place
from tf_eval.did.times import to_date, to_dates
from tf_eval.errors import ConfigError, NotEstimated, raise_all
from tf_eval.matching.arguments import word_problems
from tf_eval.matching.display import so_many


@dataclass(frozen=True, eq=False, repr=False)
class GroupTimeATT:
    """Average effects on the treated by group and period (Callaway and Sant'Anna 2021).

    ``cells`` holds the estimates, ``influence`` their influence functions by cluster, so that any linear combination
    has an error; ``means``, where ratios can be had, does so for the means that they are of. ``notes`` say what was
    done to the data; those that change how effects should be read are in ``summary()`` too. ``time_unit`` is
    ``"period"`` or, of dates, what a step of them is called. ``panel`` is what was estimated from, for estimating anew;
    cross-sections have none.
    """

    design: Design
    cells: Cells
    influence: AnyInfluence
    notes: tuple[str, ...]
    time_unit: str
    means: AnyInfluence | None = None
    panel: Panel | None = None

    def table(self) -> pd.DataFrame:
        """Return one row per cell: set, adopted, period, event_time, effect, interval, counts and reason."""
        cells = self.cells
        errors, ends = self._inference.of_cells(self._has_error())
        return pd.DataFrame(
            {
                "set": pd.Series([cells.group_set[group] for group in cells.group], dtype=object),
                "adopted": to_dates(cells.group_adopted[cells.group], self.time_unit),
                "period": to_dates(cells.period, self.time_unit),
                "event_time": cells.event_time,
                "att": cells.att,
                "std_error": errors,
                "ci_low": [low for low, _ in ends],
                "ci_high": [high for _, high in ends],
                "treated_mean": cells.treated_mean,
                "n_treated": cells.n_treated,
                "n_comparison": cells.n_comparison,
                "reason": pd.Series(cells.reason, dtype=object),
            }
        )

    def combine(self, weights: np.ndarray | Sequence[float], label: str = "combination") -> Estimate | NotEstimated:
        """Return any linear combination of cells, with its error; ``weights`` has one number per row of ``table()``.

        The weights are taken as fixed. A weight on a cell that is not estimated makes the whole not estimated. Where
        they do not sum to 1, such as of late effects less early ones, it is no mean and stands beside no base rate.
        Raises ``ConfigError`` where the weights do not fit the cells.
        """
        fixed = as_numbers(weights)
        if fixed is None or len(fixed) != len(self.cells):
            raise ConfigError(f"combine: weights must be {len(self.cells)} finite numbers, one per row of table().")
        if fixed[~self.cells.estimated].any():
            return NotEstimated("a cell with a weight other than 0 is not estimated")
        chosen = np.unique(self.cells.group[fixed != 0])
        share = float(self.cells.group_weight[chosen].sum() / self.cells.group_weight.sum())
        return self._inference.estimate(Combination(fixed, np.zeros(len(self.cells.group_weight)), share), label)

    def overall(self, by: str = "simple") -> Estimate | NotEstimated:
        """Return one effect over all treated and all periods since adoption.

        ``by``: ``"simple"`` weights every cell by its group's treated weight; ``"event_time"`` is the plain mean over
        event times from 0; ``"cohort"`` the mean over groups, by treated weight, of their own means;
        ``"calendar_period"`` the plain mean over calendar periods. Raises ``ConfigError`` for another word.
        """
        raise_all(ConfigError, "overall", word_problems("average", by, OVERALL))
        return self._inference.estimate(OVERALL[by](self.cells), EVER_SINCE)

    def ratio(self, by: str = "simple") -> Ratio | NotEstimated:
        """Return the proportional change over all treated and all periods since adoption: a ratio of rates or odds.

        It is that of the mean outcome to the mean expected without treatment, both averaged as in ``overall(by)``, so
        that it goes with that effect. Raises ``ConfigError`` where the method gives none (``family`` does), or for
        another word.
        """
        raise_all(ConfigError, "ratio", word_problems("average", by, OVERALL))
        return self._ratio(OVERALL[by], EVER_SINCE, {})

    def ratios(self) -> Ratios:
        """Return the proportional change at each event time since adoption; raises as ``ratio`` does."""
        times = tuple(int(time) for time in np.unique(self.cells.event_time) if time >= 0)
        rows = [
            self._ratio(
                partial(aggregate.at_event_time, event_time=time), f"{self.time_unit} {time}", {"event_time": time}
            )
            for time in times
        ]
        return Ratios(times, tuple(rows), self.time_unit, self.design)

    def by_event_time(self, balanced: int | None = None) -> Estimates:
        """Return the event study: the effect at each event time, over groups by treated weight.

        ``balanced=n`` keeps only groups that are estimated at event time n, and event times up to n, so that the
        curve does not bend because its groups change.
        """
        among = np.ones(len(self.cells), dtype=bool) if balanced is None else self._reaching("by_event_time", balanced)
        times = np.unique(self.cells.event_time[among])
        combinations = [aggregate.at_event_time(self.cells, time, among) for time in times]
        return self._inference.estimates("event_time", combinations, [{"event_time": int(time)} for time in times])

    def by_cohort(self) -> Estimates:
        """Return the mean effect on each group (set and adoption) over its periods since adoption."""
        groups = range(len(self.cells.group_set))
        combinations = [aggregate.of_group(self.cells, group) for group in groups]
        return self._inference.estimates("cohort", combinations, places_of(self.cells, groups, self.time_unit))

    def by_calendar_period(self) -> Estimates | NotEstimated:
        """Return the mean effect in each calendar period, over the groups treated by then."""
        if self._is_stacked:
            return NotEstimated("the rows are stacked in event time; the calendar period of a cell is not known")
        periods = np.unique(self.cells.period[self.cells.event_time >= 0])
        combinations = [aggregate.in_period(self.cells, period) for period in periods]
        where = [{"period": to_date(int(one), self.time_unit)} for one in periods]
        return self._inference.estimates("calendar_period", combinations, where)

    def by_cell(self) -> Estimates:
        """Return every cell as an effect by itself, in the order of ``table()``; ``simultaneous`` bands all of them."""
        return self._of_cells(np.arange(len(self.cells)))

    def bands(self, bands: Mapping[str, tuple[int, int]] = BANDS) -> Estimates:
        """Return, for each band of event times (first, last; both included), the mean of the effects at each of them.

        Event times that could not be estimated are left out of the mean and lower ``treated_share``.
        """
        raise_all(ConfigError, "bands", band_problems(bands))
        combinations = [aggregate.over_event_times(self.cells, first, last) for first, last in bands.values()]
        where = [{"band": name, "first": first, "last": last} for name, (first, last) in bands.items()]
        return self._inference.estimates("band", combinations, where)

    def band(self, first: int, last: int) -> Estimate | NotEstimated:
        """Return the mean effect over event times ``first`` to ``last``, both included."""
        return self.bands({f"{first} to {last}": (first, last)}).rows[0]

    def placebo(self, first: int | None = None, last: int | None = None) -> Estimate | NotEstimated:
        """Return the effect over a band before treatment, where there can be none.

        By default it lies just before the base window and is as long; without one it is -24 to -13, less any
        anticipation. Raises ``ConfigError`` for a band that does not end before treatment.
        """
        band = placebo_band(self.design) if first is None and last is None else (first, last)
        named = before_treatment([band], self.design, "placebo")
        return NotEstimated(FITTED) if self.design.method == "synthetic" else self.bands(named).rows[0]

    def pre_trends(self, bands: Sequence[tuple[int, int]] | None = None) -> PreTrends | NotEstimated:
        """Return the joint (Wald) test that the effects before treatment are zero.

        ``bands``: pairs of event times to average over; by default, where the base is a window, two just before it,
        each half as long, and otherwise every cell before treatment by itself, as in the reference implementation.
        Raises ``ConfigError`` for bands that do not end before treatment.
        """
        named = before_treatment(bands, self.design, "pre_trends")
        if self.design.method == "synthetic":
            return NotEstimated(FITTED)
        estimates = self.bands(named) if named else self._before_treatment()
        return joint_test(estimates, self.influence.n_clusters)

    def leave_one_cohort_out(self, average: str | tuple[int, int] | Average = "simple") -> LeaveOneOut | NotEstimated:
        """Return an average without each start cohort (set and adoption) in turn: does one of them make the result?

        A cohort is left out of the average alone: until its own start it still serves the others as comparison.
        ``average`` is as for ``judge_clusters``. Raises ``ConfigError`` for another word.
        """
        raise_all(ConfigError, "leave_one_cohort_out", average_problems(average))
        return leave_out(self._inference, *read_average(average, self.time_unit))

    def overlap(self) -> Overlap:
        """Return what each cell rests on: units, the effective size of its comparison, the range of chances.

        Raises ``ConfigError`` where cells have no comparison units of their own: of a method that fits one regression
        for all cells, and of cross-sections.
        """
        trace = trace_of(self.influence, "overlap")
        return measure_overlap(self._inference.counted_cells, trace, self.time_unit, self.design)

    def judge_clusters(
        self,
        average: str | tuple[int, int] | Average = "simple",
        *,
        seed: int,
        draws: int = 999,
        multiplier: str = "rademacher",
    ) -> ClusterJudgement | NotEstimated:
        """Return one effect under every kind of inference that is of use with few clusters, or few treated ones.

        Errors of cluster sums, unequal variances, the jackknife over clusters (CR3), the wild cluster bootstrap with
        the null imposed, and randomisation of the starts between clusters; see ``ClusterJudgement``. The jackknife and
        randomisation estimate everything anew, so what they cost grows with clusters and draws.

        Arguments:
            average: which effect: a word of ``overall``, a pair of event times (first, last; both included), or what
                makes a ``Combination`` of ``Cells``.
            seed: whole number from 0 on, for draws where the ways in which chance can fall are more than ``draws``.
            draws: of signs and of assignments; where there are no more ways than this, all are gone through.
            multiplier: of the bootstrap, see ``Estimates.simultaneous``; all signs are gone through of Rademacher's.

        Raises ``ConfigError`` where an option cannot be honoured, or there are too many clusters or two kinds of them.
        """
        problems = [*average_problems(average), *not_judged(self.panel, self.design, self.influence.n_clusters)]
        raise_all(ConfigError, "judge_clusters", [*draw_problems(seed, draws, multiplier), *problems])
        asked, label = read_average(average, self.time_unit)
        estimates = partial(self._under, asked(self.cells), label)
        # Where a start has a single cluster unequal errors have nothing to say, but other methods may.
        effect = estimates(replace(self.design, errors="clustered"))
        if isinstance(effect, NotEstimated):
            return effect
        methods = judge(self._trial(asked), estimates, draws, seed, multiplier)
        served = self.influence.n_treated_clusters(np.flatnonzero(asked(self.cells).cells))
        are_areas = hold_many(self.panel, self.design)
        return ClusterJudgement(effect, self.influence.n_clusters, served, methods, self.design, are_areas)

    def synthetic(self) -> SyntheticComparison:
        """Return what the comparison of ``method="synthetic"`` is made of: its weights, courses and their picture.

        Raises ``ConfigError`` where another method was asked for.
        """
        raise_all(ConfigError, "synthetic", not_synthetic(self.design))
        return compare_synthetically(self.panel, self.design)

    def synthetic_placebos(
        self, average: str | tuple[int, int] | Average = "simple", *, seed: int, draws: int = 500
    ) -> SyntheticPlacebos | NotEstimated:
        """Return one effect of ``method="synthetic"`` with the error that placebos give it, as one treated unit needs.

        Never treated units are given the starts of the treated in their stead, again and again, and all is estimated
        anew, weights included. It is as good as treated units vary as much as the others do.

        Arguments:
            average: which effect, as for ``judge_clusters``.
            seed: whole number from 0 on, for draws.
            draws: how many, 99 or more; of one treated unit each never treated one is a placebo if there are no more.

        Raises ``ConfigError`` where an option cannot be honoured, or clusters are larger than units.
        """
        problems = [*not_synthetic(self.design), *draw_problems(seed, draws, "rademacher"), *average_problems(average)]
        clusters = self.influence.n_clusters
        raise_all(ConfigError, "synthetic_placebos", problems or coarse_clusters(self.panel, clusters))
        asked, label = read_average(average, self.time_unit)
        return place(self._trial(asked), label, draws, seed)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the event study."""
        return self.by_event_time().plot(ax)

    def plot_cells(self, ax: Axes | None = None) -> Axes:
        """Draw every effect by start cohort and period, with a line where treatment starts.

        What is not estimated is hatched, and so are, unshown, cells with few units of either arm.
        """
        grid = lay_out(self.cells, self.cells.att, states(self._inference.counted_cells, self.design), self.time_unit)
        label, axis = f"Estimated effect on {self.design.outcome}", time_axis(self.cells, self.time_unit)
        return draw_grid(grid, label=label, signed=True, axis=axis, few=self.design.few, ax=ax)

    def paths(self, by: str = "event_time", balanced: int | None = None) -> Paths:
        """Return the raw mean outcomes of the treated and of their comparison units, weighted as the effects are.

        ``by`` is ``"event_time"`` or ``"calendar_period"``, ``balanced`` as for ``by_event_time``. Raises
        ``ConfigError`` where an option cannot be honoured, and where ``overlap`` does.
        """
        raise_all(ConfigError, "paths", path_problems(by, balanced, is_stacked=self._is_stacked))
        among = np.ones(len(self.cells), dtype=bool) if balanced is None else self._reaching("paths", balanced)
        trace, is_balanced = trace_of(self.influence, "paths"), balanced is not None
        return follow_paths(self._inference, trace, by, among, balanced=is_balanced)

    def plot_paths(self, by: str = "event_time", balanced: int | None = None, ax: Axes | None = None) -> Axes:
        """Draw the mean outcomes of both arms; arguments and errors are those of ``paths``."""
        return self.paths(by, balanced).plot(ax)

    def plot_weights(self, average: str | tuple[int, int] | Average = "simple", ax: Axes | None = None) -> Axes:
        """Draw how much each start cohort and event time counts in an average, with the sums of cohorts beside them.

        ``average`` is as for ``judge_clusters``. Raises ``ConfigError`` for another word.
        """
        raise_all(ConfigError, "plot_weights", average_problems(average))
        asked, _ = read_average(average, self.time_unit)
        return draw_weights(self._inference.counted_cells, asked(self.cells), self.time_unit, self.design, ax)

    def summary(self) -> str:
        """Return the average effect, what could not be estimated, and the notes that change how it should be read."""
        told = self.overall().summary().removesuffix(".") + "."
        return f"{told}{told_unestimated(self.cells, self.design)}{told_cautions(self.notes)}"

    def to_dict(self) -> dict[str, Any]:
        return {
            "design": self.design.to_dict(),
            "overall": self.overall().to_dict(),
            "by_event_time": self.by_event_time().to_dict(),
            "notes": list(self.notes),
        }

    def __repr__(self) -> str:
        cells = so_many(int((self.cells.reason != REFERENCE).sum()), "group-period cell")
        return f"<GroupTimeATT: {self.design.outcome}, {cells}; {self.overall()!r}>"

    @property
    def _inference(self) -> Inference:
        return Inference(self.design, self.cells, self.influence, self.time_unit)

    def _ratio(self, averaging: Averaging, label: str, where: Mapping[str, Any]) -> Ratio | NotEstimated:
        if self.means is None:
            raise ConfigError("ratio: needs method='extended_twfe' with family='poisson' or 'logit'.")
        means = replace(self._inference, influence=self.means)
        return ratio_of(averaging, self.cells, self._inference, means, label, where)

    def _under(self, combination: Combination | None, label: str, design: Design) -> Estimate | NotEstimated:
        """Return a combination with the errors of another design, be it of a single treated unit."""
        return replace(self._inference, design=design, fewest_treated=1).estimate(combination, label)

    def _trial(self, average: Average) -> Trial:
        # Errors that are themselves found by estimating anew would make every new estimate as long as all of them.
        return Trial(self.panel, replace(self.design, errors="clustered"), METHODS[self.design.method], average)

    @property
    def _is_stacked(self) -> bool:
        """Whether rows are stacked in event time: then all groups start in the same period."""
        return self.design.sets is not None and len(np.unique(self.cells.group_adopted)) == 1

    def _has_error(self) -> np.ndarray:
        return np.array([reason is None for reason in self.cells.reason], dtype=bool)

    def _reaching(self, where: str, event_time: int) -> np.ndarray:
        cells = self.cells
        raise_all(ConfigError, where, reach_problems(event_time, cells.event_time[cells.estimated]))
        reached = np.unique(cells.group[cells.estimated & (cells.event_time == event_time)])
        return np.isin(cells.group, reached) & (cells.event_time <= event_time)

    def _before_treatment(self) -> Estimates:
        """Every estimated cell before treatment, each by itself."""
        return self._of_cells(np.flatnonzero(self._has_error() & (self.cells.event_time < -self.design.anticipation)))

    def _of_cells(self, chosen: np.ndarray) -> Estimates:
        """Return some cells (positions), each by itself and with its own reason where it is not estimated."""
        cells = self.cells
        combinations = [aggregate.weighted_mean(cells, np.arange(len(cells)) == cell) for cell in chosen]
        places = zip(places_of(cells, cells.group[chosen], self.time_unit), cells.event_time[chosen], strict=True)
        where = [{**place, "event_time": int(time)} for place, time in places]
        found = self._inference.estimates("cell", combinations, where)
        rows = [
            row if cells.estimated[cell] else NotEstimated(cells.reason[cell])
            for row, cell in zip(found, chosen, strict=True)
        ]
        return replace(found, rows=tuple(rows))
