"""The panel: what became of each family of a cohort, month by month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf_eval.cohort.arms import Arms, build_arms
from tf_eval.cohort.cohort import Cohort
from tf_eval.cohort.coverage import Coverage
from tf_eval.cohort.engine import County
from tf_eval.cohort.engines import open_engine
from tf_eval.cohort.event_time import lay_out
from tf_eval.cohort.exposure import Exposure, read_exposure
from tf_eval.cohort.forms import Span
from tf_eval.cohort.grid import Grid
from tf_eval.cohort.household_months import Homes, Households
from tf_eval.cohort.months import as_days, first_day, month_of
from tf_eval.cohort.observation import covered, observe
from tf_eval.cohort.outcomes import Outcome, choose_outcomes
from tf_eval.cohort.panel_data import PanelData
from tf_eval.cohort.pools import AT_RISK, PoolRule
from tf_eval.cohort.presence import read_presence
from tf_eval.cohort.senders import coverage_of, require_senders
from tf_eval.cohort.support import SupportHistory
from tf_eval.cohort.words import about, either
from tf_eval.errors import InputError, unknown


@dataclass(frozen=True, eq=False, repr=False)
class Panel:
    """Outcomes of the cohort's families in each month that an extract covers.

    ``data`` holds what there is. A month is missing, not zero, where an agency's extract does not cover all of it or
    the outcome's lag was not over when it was drawn; before a family came to the county, from the month in which it
    left and while it was away between two homes; while it has no member; where nobody in the family could have produced
    the outcome (``exposure``); and, for attendance, where there is no term or no child on a school's roll.
    """

    cohort: Cohort
    data: PanelData
    design: Mapping[str, Any] = field(default_factory=dict)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        return self.data.outcomes

    @property
    def negative_controls(self) -> tuple[Outcome, ...]:
        """Outcomes that the intervention cannot move: seen, and neither judged nor covariates."""
        return self.data.negative_controls

    def arms(
        self,
        intervention: str,
        *,
        pools: Sequence[str] = AT_RISK,
        prior_support: str = "exclude",
        washout_months: int = 0,
        unanswered_months: int = 6,
    ) -> Arms:
        """Return both arms of an intervention at their index months.

        A treated family's index month is the month of its start. At each such month comparison families are taken
        from the named pools, which are decided by what had happened by the month's end and never by what comes later
        (``tf_eval.cohort.pools.POOLS`` has their order and words). By default that is everybody who had qualified
        before the month's first day and started nothing by its end. Covariates, listed by ``Arms.covariates_table``,
        come from records dated before the first day of the index month: outcomes of the last 3, 6 and 12 months and
        their trend, criteria, household and home.

        Args:
            intervention: the intervention's name in the support records.
            pools: ``waiting``, ``offered``, ``refused``, ``other_district``, ``below_threshold``.
            prior_support: ``exclude`` families with any support before (a treated family's first start of anything
                is the intervention then), or ``allow`` other support before (its index month is that of its first
                start of the intervention).
            washout_months: where support before is allowed, months before the index month in which neither arm had any.
            unanswered_months: months after which an offer that did not lead to a start counts as refused.

        Raises:
            ConfigError: the pools and rules cannot be, see ``PoolRule``.
            InputError: nobody in the cohort started the intervention (as the first support), or the pool
                ``below_threshold`` is asked of a cohort that was built without it.
        """
        rule = PoolRule(pools, prior_support, washout_months, unanswered_months)
        return build_arms(self.cohort, self.data, intervention, rule)

    def event_time_frame(self, matched: Any, outcome: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return matched families from 24 months before to 24 months after their index month.

        Args:
            matched: has ``frame``: rows of ``Arms.frame`` with the column ``weight``, and ``set_id`` where it has sets;
                and ``require_accepted(where)``, which raises where balance was not accepted.
            outcome: one of the panel's outcomes or negative controls.
            columns: those of the matched frame that are wanted beside the ones named below; all by default.

        Returns:
            One row per matched row and event time: row (the matched row's label), family_id, set_id (where it has
            sets), start_cohort, event_time, adopted (0 for treated rows, missing for comparison rows), weight, serves,
            the outcome, and the other columns of the matched frame. A comparison family's outcome is missing from the
            month of its own next start on. What is known by term is missing in the months of a term that spans the
            index month's start, and for a comparison family in the months of a term that spans the month of its own
            next start. ``serves`` says of each month whether it is none of these, nor beyond the panel: an outcome that
            is missing there was not seen.

        Raises:
            EstimationError: balance was not accepted.
            InputError: the panel has no such outcome, a column is missing, or one has the outcome's name.
        """
        return lay_out(self.data, matched, self._outcome(outcome), columns)

    @property
    def notes(self) -> list[str]:
        """What is not known of all families alike, in a sentence for each outcome of which it is so."""
        exposures = ((outcome, self.data.exposures[outcome.name]) for outcome in self._seen)
        return [_not_known(outcome, exposure) for outcome, exposure in exposures if not exposure.known.all()]

    def matrix(self, outcome: str) -> pd.DataFrame:
        """Return one outcome as families x months; columns are the months' first days. Money is in pounds."""
        return self._framed(self.data.series[self._outcome(outcome).name].values(self._rows))

    def denominator(self, outcome: str) -> pd.DataFrame:
        """Return, as ``matrix`` does, what the outcome is a mean over.

        Of a share: the sessions that were possible in the month's term, so that the ratio of sums over families is
        the sum of ``matrix * denominator`` over that of ``denominator``. Of all else: 1 where the family was seen.
        """
        return self._framed(self.data.series[self._outcome(outcome).name].denominators(self._rows))

    def exposure(self, outcome: str) -> pd.DataFrame:
        """Return, as ``matrix`` does, the share of days on which members could have produced the outcome, 0 to 1.

        It is the share of the days of those members who are of the outcome's ages; days in spells of ``unexposed_in``
        are lost. Counts are not divided by it: it is there as an offset. It is 0, and the outcome missing, where
        nobody is of those ages or all who are were in such spells; 1 where no such spell is recorded; and missing
        where no extract covers the spells (see ``notes``) or the family did not live here all month.
        """
        here = self.data.presence.at(self._rows[:, None], np.arange(len(self.data.months)))
        exposed = self.data.exposures[self._outcome(outcome).name].dense(self._rows)
        return self._framed(np.where(here, exposed, np.nan))

    def by_term(self, outcome: str) -> pd.DataFrame:
        """Return one outcome as families x school terms; columns are the terms' first days.

        A term has the months whose 15th it covers. Events and money are added up over them, of a state it is the share
        of them, and a share is that of the term's sessions. A term is missing unless all of its months were seen, and
        left out where it is not all within the panel's months.
        """
        spans = self.data.terms.spans_of(self.data.months)
        values = self.data.series[self._outcome(outcome).name].by_term(list(spans.values()))
        return pd.DataFrame(values, index=self.data.family_ids, columns=self.data.terms.start[list(spans)])

    def table(self) -> pd.DataFrame:
        """Return one row per outcome and month: outcome, month, families (how many were observed), mean, pooled.

        ``mean`` is over families; ``pooled`` is the ratio of sums: of a share, all sessions missed over all possible.
        """
        return pd.concat([self._monthly(outcome) for outcome in self._seen], ignore_index=True)

    def plot(self, outcome: str | None = None, ax: Axes | None = None) -> Axes:
        """Draw the mean of one outcome (default: the first) over the months, in its reporting unit."""
        chosen = self._outcome(outcome) if outcome else self.outcomes[0]
        monthly = self._monthly(chosen)
        ax = ax or Figure(figsize=(8, 4), layout="constrained").subplots()
        ax.plot(monthly["month"], monthly["mean"] * chosen.scale, color="#12436D")
        ax.set(title=chosen.label, ylabel=chosen.unit)
        ax.set_ylim(bottom=0)
        return ax

    def summary(self) -> str:
        """Return the size of the panel in one sentence, with rounded counts, and its notes."""
        first, last = (str(day)[:7] for day in first_day(self.data.months[[0, -1]]))
        families = about(len(self.data.family_ids)).capitalize()
        labels = ", ".join(outcome.label for outcome in self._seen)
        size = f"{families} families over {len(self.data.months)} months from {first} to {last}: {labels}."
        return " ".join([size, *self.notes])

    def to_dict(self) -> dict[str, Any]:
        """Return the design of the panel as plain values; no single family is in it."""
        names = [outcome.name for outcome in self.outcomes]
        controls = [outcome.name for outcome in self.negative_controls]
        return {"outcomes": names, "negative_controls": controls, "notes": self.notes, "design": dict(self.design)}

    def __repr__(self) -> str:
        return f"<Panel: {self.summary()}>"

    def _outcome(self, name: str) -> Outcome:
        named = {outcome.name: outcome for outcome in self._seen}
        if name not in named:
            raise InputError(f"panel: {unknown('outcome', name, named)}")
        return named[name]

    @property
    def _seen(self) -> tuple[Outcome, ...]:
        return (*self.outcomes, *self.negative_controls)

    @property
    def _rows(self) -> np.ndarray:
        return np.arange(len(self.data.family_ids))

    def _framed(self, values: np.ndarray) -> pd.DataFrame:
        return pd.DataFrame(values, index=self.data.family_ids, columns=first_day(self.data.months))

    def _monthly(self, outcome: Outcome) -> pd.DataFrame:
        monthly = self.data.series[outcome.name].by_month()
        monthly.insert(0, "outcome", outcome.name)
        monthly.insert(1, "month", first_day(self.data.months))
        return monthly


def build_panel(
    county: County,
    cohort: Cohort,
    outcomes: Sequence[str | Outcome] | None = None,
    *,
    negative_controls: Sequence[str | Outcome] = (),
    engine: Any = "duckdb",
) -> Panel:
    """Return the outcomes of a cohort's families, month by month, over the time that the extracts cover.

    Args:
        county: the county that the cohort was built from.
        cohort: the cohort; its families are the rows.
        outcomes: names of outcomes of the project's outcomes file, or outcomes; default: all of that file.
        negative_controls: further ones, that the intervention cannot move. They can be measured as outcomes can, and
            change nothing else: neither the months of the panel, nor who can be compared, nor the covariates.
        engine: where the records are read, see ``build_cohort``.

    Raises:
        ConfigError: an outcome or the engine is not known, an outcome stands twice, or none is named.
        InputError: no extract covers an outcome's records, a kind of them or those of an agency that it names; or the
            cohort has no families.
    """
    chosen = choose_outcomes(outcomes)
    every = choose_outcomes([*chosen, *negative_controls])
    controls = every[len(chosen) :]
    if cohort.families.empty:
        raise InputError("panel: the cohort has no families; look at cohort.flow for where they were lost")
    cohort = _in_order(cohort)
    with open_engine(county, engine) as running:
        coverage = Coverage.read(running)
        require_senders(coverage, every)
        family_ids = cohort.families["family_id"].to_numpy(np.int64)
        grid = Grid.over(running, coverage, family_ids, _months(coverage, chosen))
        data = _read(grid, cohort, chosen, controls)
    months = [str(day)[:7] for day in first_day(data.months[[0, -1]])]
    return Panel(cohort, data, {"outcomes": [outcome.name for outcome in chosen], "months": months, **cohort.design})


def _in_order(cohort: Cohort) -> Cohort:
    """Families are looked up by their numbers, which have to ascend; a caller may have ordered them otherwise."""
    if cohort.families["family_id"].is_monotonic_increasing:
        return cohort
    return replace(cohort, families=cohort.families.sort_values("family_id", ignore_index=True))


def _read(grid: Grid, cohort: Cohort, outcomes: tuple[Outcome, ...], controls: tuple[Outcome, ...]) -> PanelData:
    every = (*outcomes, *controls)
    households, homes = Households.read(grid), Homes.read(grid)
    presence = read_presence(grid, households, homes)
    exposures = {outcome.name: read_exposure(grid, outcome, households) for outcome in every}
    return PanelData(
        outcomes=outcomes,
        family_ids=grid.family_ids,
        months=grid.months,
        terms=grid.terms,
        series={outcome.name: observe(grid, outcome, presence, exposures[outcome.name]) for outcome in every},
        exposures=exposures,
        presence=presence,
        covered={outcome.name: covered(grid, outcome) for outcome in outcomes if not outcome.by_term},
        households=households,
        homes=homes,
        qualified=month_of(as_days(cohort.families["qualified_on"])),
        start=month_of(as_days(cohort.families["started_on"])),
        history=SupportHistory.of(cohort.support, grid.family_ids),
        negative_controls=controls,
    )


def _not_known(outcome: Outcome, exposure: Exposure) -> str:
    kinds = either([kind.replace("_", " ") for kind in outcome.unexposed_in])
    often = "any month" if not exposure.known.any() else f"{(~exposure.known).sum()} of {exposure.columns} months"
    return (
        f"{outcome.label}: no extract covers {kinds} in {often}, so it is not known who could not have come to it "
        "then, and such months count as any others."
    )


def _months(coverage: Coverage, outcomes: tuple[Outcome, ...]) -> np.ndarray:
    """Return every month from the first to the last that any extract covers."""
    extents = [_extent(coverage, outcome) for outcome in outcomes]
    first = min(extent[0] for extent in extents)
    last = max(extent[1] for extent in extents)
    start, end = month_of(np.array([first, last], dtype="datetime64[D]") - np.array([0, 1]))
    return np.arange(start, end + 1)


def _extent(coverage: Coverage, outcome: Outcome) -> Span:
    return coverage_of(coverage, outcome).extent(outcome.table, outcome.kinds or (None,))
