"""The cohort: which families a programme identified, when, on which records, and how it went on with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.cohort.allocation import AllocationTable, compare_allocation
from tf_eval.cohort.arguments import require_programme
from tf_eval.cohort.builder import CohortBuilder
from tf_eval.cohort.clocks import HAPPENED, Clock, require_clock
from tf_eval.cohort.cohort_flow import ASSESSED, IDENTIFIED, KNOWN, OFFERED, STARTED
from tf_eval.cohort.engine import County
from tf_eval.cohort.engines import open_engine
from tf_eval.cohort.explanation import Explanation, explain
from tf_eval.cohort.flow import Flow
from tf_eval.cohort.programme import Programme
from tf_eval.cohort.words import about, in_words
from tf_eval.errors import InputError


@dataclass(frozen=True, eq=False, repr=False)
class Cohort:
    """The families a programme identified, and those that started something without having been.

    families      one row per family: family_id, district, qualified_on, route, offered_on, started_on, intervention,
                  provider, children, adults, criteria_met, left_on, linked_on. ``qualified_on`` is the first day in
                  the programme's window on which the rule is met (missing: never), ``route`` the first of the
                  programme's routes that is met then, in its document's order (missing where it tells none apart);
                  ``started_on``, ``intervention`` and ``provider`` are of the first start of anything; ``linked_on``
                  is the day of the first record that is not the support team's own (missing: none). District,
                  household and criteria met are those of the day of qualifying, or of the start for a family that
                  never qualified, or of the day on which a family below the threshold first met a criterion; criteria
                  are not asked for before the window (missing).
    evidence      the records that decided each criterion, each with the days [start_date, end_date) on which it did:
                  family_id, criterion, table_name, record_id, person_id, date, kind, start_date, end_date.
    truth         the spans [start_date, end_date) in which each criterion, and the rule, was met (state 2) or could
                  not be told (state 1) for these families: criterion, family_id, start_date, end_date, state.
    criteria_met  how many assessed families met each criterion at some time in the window, for how many it could not
                  be told at some time: criterion, title, met, cannot_tell, sentence.
    flow          from the families known to services to those that started, in the whole county and by district.
    support       every record of support in the county, whosesoever, in the order of the offers: family_id,
                  intervention, provider, district, offered, started, ended, consent.
    county        what the cohort was built from, which ``why`` asks again.

    All of it is about single families and stays in the secure workspace.
    """

    programme: Programme
    families: pd.DataFrame
    evidence: pd.DataFrame
    truth: pd.DataFrame
    criteria_met: pd.DataFrame
    flow: Flow
    support: pd.DataFrame
    county: County | None = None
    design: Mapping[str, Any] = field(default_factory=dict)

    def allocation(self) -> AllocationTable:
        """Return how many families the criteria identify in each district, beside the number that was allocated.

        Raises:
            InputError: the programme's file states no allocation.
        """
        assessed = next(step.districts for step in self.flow.steps if step.step == ASSESSED)
        return compare_allocation(self.programme, self.families, assessed)

    def table(self) -> pd.DataFrame:
        """Return a copy of the families."""
        return self.families.copy()

    def evidence_on(self, day: str | date) -> pd.DataFrame:
        """Return the records that decided on one day.

        Raises:
            InputError: that is no day.
        """
        on = pd.Timestamp(_as_day(day, "evidence_on"))
        return self.evidence[(self.evidence["start_date"] <= on) & (on < self.evidence["end_date"])].copy()

    def why(self, family_id: int, on: str | date) -> Explanation:
        """Return how the criteria stood for a family on a day, in the cohort or not, by the cohort's clock.

        ``print(cohort.why(family_id, "2012-06-01"))`` tells it in words, with the records that decided.

        Args:
            family_id: the family's number.
            on: the day.

        Raises:
            InputError: the county has no such family, or that is no day.
        """
        return explain(self.county, self.programme, family_id, _as_day(on, "why"), clock=self.design["clock"])

    def summary(self) -> str:
        """Return who was identified in one sentence, with rounded counts."""
        steps = {step.step: step.families for step in self.flow.steps}
        return (
            f"{self.programme.title}: of {about(steps[KNOWN])} families {KNOWN}, {about(steps[IDENTIFIED])} were "
            f"identified, {about(steps[OFFERED])} were offered support and {about(steps[STARTED])} started."
            f"{self._out_of_the_records()}"
        )

    def _out_of_the_records(self) -> str:
        """Say where the programme's time lies outside of the records."""
        window, records = (tuple(map(date.fromisoformat, self.design[name])) for name in ("window", "records"))
        told = ""
        if window[0] < records[0]:
            told += f" The records begin on {in_words(records[0])}, after the programme did."
        if window[1] > records[1]:
            last_day = in_words(records[1] - timedelta(days=1))
            told += f" The records end on {last_day}, before the programme's time does: what came later cannot be told."
        return told

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the flow of families."""
        return self.flow.plot(ax)

    def to_dict(self) -> dict[str, Any]:
        """Return the counts of the cohort as plain values; no single family is in it."""
        return {
            "flow": self.flow.to_dict(),
            "criteria_met": self.criteria_met.to_dict("records"),
            "design": dict(self.design),
        }

    def __repr__(self) -> str:
        return f"<Cohort {self.programme.name}: {self.summary()}>"


def build_cohort(
    county: County,
    programme: Programme,
    *,
    clock: Clock = HAPPENED,
    below_threshold: bool = False,
    engine: Any = "duckdb",
) -> Cohort:
    """Decide a programme's criteria for every family on every day, and follow those it identified.

    Args:
        county: a county that was built from the agencies' extracts.
        programme: the programme, see ``load_programme``.
        clock: ``"happened"`` counts what had happened by a day, whenever it was recorded, as an evaluation does that
            looks back; ``"arrived"`` counts what had been recorded by then, as a list to work from has to.
        below_threshold: hold the assessed families, too, that met a criterion at some time and never the rule, so
            that they can be compared (the pool of that name, see ``tf_eval.cohort.pools``).
        engine: where the statements run: ``"duckdb"``, ``"spark"`` (on this machine) or a Spark session of your own.

    Returns:
        The cohort; see ``Cohort``.

    Raises:
        ConfigError: there is no such clock or engine, Spark is not installed, or that is no programme.
        InputError: that is no county, it has no agency of a name that a nomination asks for, or the criteria need the
            school calendar and the county has none.
    """
    require_programme(programme)
    require_clock(clock)
    with open_engine(county, engine) as running:
        builder = CohortBuilder(running, programme, clock)
        builder.qualify(below_threshold)
        families, support = builder.families(), builder.support()
        return Cohort(
            programme=programme,
            families=families,
            evidence=builder.evidence(),
            truth=builder.truth(),
            criteria_met=builder.criteria_met(),
            flow=builder.flow(families, support),
            support=support,
            county=county,
            design={
                "programme": programme.name,
                "rule": programme.sentence(),
                "window": [day.isoformat() for day in builder.window],
                "records": [day.isoformat() for day in builder.records()],
                "clock": clock,
                "below_threshold": below_threshold,
            },
        )


def _as_day(value: str | date, asked: str) -> date:
    """Return a day; a text in another order of day and month would be taken for another day."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise InputError(f"{asked}: that is no day; write it as 2012-06-01") from None
