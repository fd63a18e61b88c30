"""The cohort: which families a programme identified, when, on which records, and how it went on with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.cohort import households
from tf_eval.cohort.allocation import AllocationTable, compare_allocation
from tf_eval.cohort.cohort_flow import ASSESSED, IDENTIFIED, KNOWN, OFFERED, STARTED, count_flow
from tf_eval.cohort.coverage import Coverage
from tf_eval.cohort.engine import County, Engine, read_frame, read_number
from tf_eval.cohort.engines import open_engine
from tf_eval.cohort.flow import Flow
from tf_eval.cohort.forms import MET, Span, day, union
from tf_eval.cohort.programme import Programme
from tf_eval.cohort.records import EVIDENCE_COLUMNS
from tf_eval.cohort.support import FIRST_RECORD, read_support
from tf_eval.cohort.truth import TruthTables
from tf_eval.cohort.words import about

RULE = "rule"


@dataclass(frozen=True, eq=False, repr=False)
class Cohort:
    """The families a programme identified, and those that started something without having been.

    families      one row per family: family_id, district, qualified_on, offered_on, started_on, intervention,
                  provider, children, adults, criteria_met, left_on, linked_on. ``qualified_on`` is the first day in
                  the programme's window on which the rule is met (missing: never); ``started_on``, ``intervention``
                  and ``provider`` are of the first start of anything; ``linked_on`` is the day of the first record
                  that is not the support team's own (missing: none). District, household and criteria met are those
                  of the day of qualifying, or of the start for a family that never qualified, or of the day on which
                  a family below the threshold first met a criterion.
    evidence      the records that decided on the day of qualifying: family_id, criterion, table_name, record_id,
                  person_id, date, kind.
    truth         the spans [start_date, end_date) in which each criterion, and the rule, was met (state 2) or could
                  not be told (state 1) for these families: criterion, family_id, start_date, end_date, state.
    criteria_met  how many assessed families met each criterion at some time in the window, for how many it could not
                  be told at some time: criterion, title, met, cannot_tell, sentence.
    flow          from the families known to services to those that started, in the whole county and by district.
    support       every record of support in the county, whosesoever, in the order of the offers: family_id,
                  intervention, district, offered, started, ended, consent.

    All of it is about single families and stays in the secure workspace.
    """

    programme: Programme
    families: pd.DataFrame
    evidence: pd.DataFrame
    truth: pd.DataFrame
    criteria_met: pd.DataFrame
    flow: Flow
    support: pd.DataFrame
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

    def summary(self) -> str:
        """Return who was identified in one sentence, with rounded counts."""
        steps = {step.step: step.families for step in self.flow.steps}
        return (
            f"{self.programme.title}: of {about(steps[KNOWN])} families {KNOWN}, {about(steps[IDENTIFIED])} were "
            f"identified, {about(steps[OFFERED])} were offered support and {about(steps[STARTED])} started."
        )

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
    county: County, programme: Programme, *, below_threshold: bool = False, engine: Any = "duckdb"
) -> Cohort:
    """Decide a programme's criteria for every family on every day, and follow those it identified.

    Retrospective: what had happened by a day counts, whenever it was recorded.

    Args:
        county: a county that was built from the agencies' extracts.
        programme: the programme, see ``load_programme``.
        below_threshold: hold the assessed families, too, that met a criterion at some time and never the rule, so
            that they can be compared (the pool of that name, see ``tf_eval.cohort.pools``).
        engine: where the statements run: ``"duckdb"``, ``"spark"`` (on this machine) or a Spark session of your own.

    Returns:
        The cohort; see ``Cohort``.

    Raises:
        ConfigError: there is no such engine, or Spark is not installed.
        InputError: the criteria need the school calendar and the county has none.
    """
    with open_engine(county, engine) as running:
        builder = _Builder(running, programme)
        builder.qualify(below_threshold)
        families, support = builder.families(), read_support(running)
        return Cohort(
            programme=programme,
            families=families,
            evidence=builder.evidence(),
            truth=builder.truth(),
            criteria_met=builder.criteria_met(),
            flow=count_flow(running, programme, builder.criteria_tables(), families, support),
            support=support,
            design={
                "programme": programme.name,
                "rule": programme.sentence(),
                "window": _iso(builder.window),
                "below_threshold": below_threshold,
            },
        )


class _Builder:
    """One county, one programme, and the temporary tables in between."""

    def __init__(self, engine: Engine, programme: Programme) -> None:
        self._engine = engine
        self._programme = programme
        self.window: Span = (programme.window.start, programme.window.until)
        self._tables = TruthTables(engine, Coverage.read(engine), self._horizon())
        self._nodes = {criterion.name: criterion.node for criterion in programme.criteria}

    def _horizon(self) -> Span:
        """The window, and on to the last start: criteria are asked for at every index date."""
        last_start = read_number(self._engine, "SELECT MAX(started) AS last_start FROM support")
        return self.window[0], max(self.window[1], last_start or self.window[1])

    def qualify(self, below_threshold: bool) -> None:
        """Make the temporary tables of the assessed families and of those in the cohort."""
        self._keep("assessed", households.with_a_child(self.window))
        rule = self._tables.table(self._programme.rule)
        least = self._programme.least_state
        qualified = households.qualified(rule, "SELECT family_id FROM assessed", self.window, least)
        self._keep("qualified", qualified)
        self._keep("below", self._first_met() + ("" if below_threshold else " LIMIT 0"))
        self._keep(
            "cohort_family",
            f"""SELECT family.family_id, qualified.qualified_on, start.started_on, start.intervention, start.provider,
       offer.offered_on, presence.left_on, linked.linked_on,
       COALESCE(qualified.qualified_on, start.started_on, below.met_on) AS on_date
FROM (SELECT family_id FROM qualified UNION SELECT family_id FROM ({households.FIRST_START}) AS first_start
      UNION SELECT family_id FROM below) AS family
LEFT JOIN qualified ON qualified.family_id = family.family_id
LEFT JOIN below ON below.family_id = family.family_id
LEFT JOIN ({households.FIRST_START}) AS start ON start.family_id = family.family_id
LEFT JOIN ({households.FIRST_OFFER}) AS offer ON offer.family_id = family.family_id
LEFT JOIN ({households.PRESENCE}) AS presence ON presence.family_id = family.family_id
LEFT JOIN ({FIRST_RECORD}) AS linked ON linked.family_id = family.family_id""",
        )

    def _first_met(self) -> str:
        """Return the first day on which each assessed family met a criterion."""
        met = union([f"SELECT family_id, start_date, state FROM {table}" for table in self.criteria_tables().values()])
        return f"""SELECT met.family_id, MIN(met.start_date) AS met_on FROM ({met}) AS met
JOIN assessed ON assessed.family_id = met.family_id
WHERE met.state >= {self._programme.least_state} GROUP BY met.family_id"""

    def criteria_tables(self) -> dict[str, str]:
        """Return the name of each criterion's table of truth."""
        return {name: self._tables.table(node) for name, node in self._nodes.items()}

    def families(self) -> pd.DataFrame:
        asked = "SELECT family_id, on_date FROM cohort_family"
        met = f"SELECT family_id, COUNT(*) AS criteria_met FROM ({self._criteria_on(asked)}) AS met GROUP BY family_id"
        return self._frame(
            f"""SELECT family.family_id, home.district, family.qualified_on, family.offered_on, family.started_on,
       family.intervention, family.provider, CAST(COALESCE(members.children, 0) AS INTEGER) AS children,
       CAST(COALESCE(members.adults, 0) AS INTEGER) AS adults,
       CAST(COALESCE(met.criteria_met, 0) AS INTEGER) AS criteria_met, family.left_on,
       family.linked_on
FROM cohort_family AS family
LEFT JOIN ({households.district_on(asked)}) AS home ON home.family_id = family.family_id
LEFT JOIN ({households.members_on(asked)}) AS members ON members.family_id = family.family_id
LEFT JOIN ({met}) AS met ON met.family_id = family.family_id
ORDER BY family.family_id"""
        )

    def _criteria_on(self, asked: str) -> str:
        """Return one row for each criterion that is met for a family on the day asked for."""
        least = self._programme.least_state
        return union(
            [
                f"""SELECT asked.family_id, '{name}' AS criterion FROM ({asked}) AS asked
JOIN {self._tables.table(node)} AS truth ON truth.family_id = asked.family_id AND truth.state >= {least}
 AND truth.start_date <= asked.on_date AND truth.end_date > asked.on_date"""
                for name, node in self._nodes.items()
            ]
        )

    def evidence(self) -> pd.DataFrame:
        asked = "SELECT family_id, qualified_on AS on_date FROM cohort_family WHERE qualified_on IS NOT NULL"
        parts = [
            f"""SELECT DISTINCT '{name}' AS criterion, {EVIDENCE_COLUMNS}
FROM ({self._tables.evidence(node, asked)}) AS decided"""
            for name, node in self._nodes.items()
        ]
        columns = "family_id, criterion, table_name, record_id, person_id, date, kind"
        order = "family_id, criterion, date, table_name, record_id"
        return self._frame(f"SELECT {columns} FROM ({union(parts)}) AS evidence ORDER BY {order}")

    def truth(self) -> pd.DataFrame:
        parts = [
            f"SELECT '{name}' AS criterion, family_id, start_date, end_date, state FROM {self._tables.table(node)}"
            for name, node in {**self._nodes, RULE: self._programme.rule}.items()
        ]
        return self._frame(
            f"""SELECT criterion, truth.family_id, start_date, end_date, state
FROM ({union(parts)}) AS truth
JOIN cohort_family ON cohort_family.family_id = truth.family_id
ORDER BY criterion, truth.family_id, start_date"""
        )

    def criteria_met(self) -> pd.DataFrame:
        rows = [
            {
                "criterion": criterion.name,
                "title": criterion.title,
                "met": self._ever([criterion.name], f"state = {MET}"),
                "cannot_tell": self._ever([criterion.name], f"state < {MET}"),
                "sentence": criterion.sentence(),
            }
            for criterion in self._programme.criteria
        ]
        return pd.DataFrame(rows)

    def _ever(self, criteria: list[str], condition: str) -> int:
        """Return how many assessed families have a span of one of the criteria in the window."""
        spans = union(
            [f"SELECT family_id, start_date, state FROM {self._tables.table(self._nodes[name])}" for name in criteria]
        )
        return self._count(
            f"""SELECT COUNT(DISTINCT spans.family_id) FROM ({spans}) AS spans
JOIN assessed ON assessed.family_id = spans.family_id
WHERE {condition} AND start_date < {day(self.window[1])}"""
        )

    def _keep(self, name: str, statement: str) -> None:
        self._engine.keep(name, statement)

    def _count(self, statement: str) -> int:
        return read_number(self._engine, statement)

    def _frame(self, statement: str) -> pd.DataFrame:
        return read_frame(self._engine, statement)


def _iso(window: Span) -> list[str]:
    return [date.isoformat() for date in window]
