"""How a cohort is made: one county, one programme, one clock, and the temporary tables in between."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

import pandas as pd

from tf_eval.cohort import households
from tf_eval.cohort.clocks import HAPPENED, Clock
from tf_eval.cohort.cohort_flow import count_flow
from tf_eval.cohort.coverage import Coverage
from tf_eval.cohort.criteria import Node
from tf_eval.cohort.engine import Engine, read_frame, read_number, read_rows
from tf_eval.cohort.evidence_frame import read_evidence
from tf_eval.cohort.flow import Flow
from tf_eval.cohort.flow_counts import FLOW_HOME, EitherClock, FlowCounts, count_families, flow_home
from tf_eval.cohort.forms import Span, day, plus_days, union
from tf_eval.cohort.programme import Programme
from tf_eval.cohort.records import Reading
from tf_eval.cohort.rule import RULE
from tf_eval.cohort.sources import keep_of_members, keep_wanted
from tf_eval.cohort.support import first_record, read_support
from tf_eval.cohort.truth import TruthTables
from tf_eval.cohort.unseen import require_agencies

ASSESSED_FAMILIES = "SELECT family_id FROM assessed"
# Everyone who qualified, or started anything, or is kept to be compared though below the threshold.
COHORT_FAMILY = f"""SELECT family.family_id, qualified.qualified_on,
       start.started_on, start.intervention, start.provider, offer.offered_on, presence.left_on,
       COALESCE(qualified.qualified_on, start.started_on, below.met_on) AS on_date
FROM (SELECT family_id FROM qualified UNION SELECT family_id FROM ({households.FIRST_START}) AS first_start
      UNION SELECT family_id FROM below) AS family
LEFT JOIN qualified ON qualified.family_id = family.family_id
LEFT JOIN below ON below.family_id = family.family_id
LEFT JOIN ({households.FIRST_START}) AS start ON start.family_id = family.family_id
LEFT JOIN ({households.FIRST_OFFER}) AS offer ON offer.family_id = family.family_id
LEFT JOIN ({households.PRESENCE}) AS presence ON presence.family_id = family.family_id"""
COHORT_MEMBER = """SELECT member.family_id, member.person_id, member.start_date, member.end_date
FROM family_member AS member JOIN cohort_family ON cohort_family.family_id = member.family_id"""


class CohortBuilder:
    """Decides a programme's criteria for every family, and follows those it identified.

    Args:
        engine: runs the statements.
        programme: the programme.
        clock: which of a record's two dates counts.
    """

    def __init__(self, engine: Engine, programme: Programme, clock: Clock) -> None:
        self.engine = engine
        self.programme = programme
        self.clock = clock
        self.window: Span = (programme.window.start, programme.window.until)
        self._coverage = Coverage.read(engine)
        require_agencies([programme.rule], self._coverage)
        self._nodes = {criterion.name: criterion.node for criterion in programme.criteria}
        self._wanted = keep_wanted(engine, self._nodes.values(), Reading(clock, self._horizon()), "wanted")
        self._tables = self._truth_by(clock)
        self._happened = self._tables if clock == HAPPENED else self._truth_by(HAPPENED)

    def records(self) -> Span:
        """Return the first day of the county's records, and the day after the last."""
        (span,) = read_rows(self.engine, "SELECT start_date, end_date FROM county")
        return span

    def qualify(self, below_threshold: bool) -> None:
        """Make the temporary tables of the assessed families, and of those in the cohort, their members and records."""
        self.engine.keep("assessed", households.with_a_child(self.window))
        self.engine.keep("qualified", self._qualified(self._tables))
        self.engine.keep("below", self._first_met() + ("" if below_threshold else " LIMIT 0"))
        self.engine.keep("cohort_family", COHORT_FAMILY)
        self.engine.keep("cohort_member", COHORT_MEMBER)
        self._of_members = keep_of_members(self.engine, self._tables.reading, "cohort_member", "cohort")
        self.engine.forget([self._wanted.event, self._wanted.spell])
        self.engine.keep(FLOW_HOME, flow_home(self.window))

    def families(self) -> pd.DataFrame:
        """Return one row per family of the cohort, see ``Cohort``."""
        asked = "SELECT family_id, on_date FROM cohort_family"
        families = self._frame(
            f"""SELECT family.family_id, home.district, family.qualified_on, route.place AS route, family.offered_on,
       family.started_on, family.intervention, family.provider,
       CAST(COALESCE(members.children, 0) AS INTEGER) AS children,
       CAST(COALESCE(members.adults, 0) AS INTEGER) AS adults,
       CASE WHEN family.on_date >= {day(self.window[0])} THEN COALESCE(met.criteria_met, 0) END AS criteria_met,
       family.left_on, linked.linked_on
FROM cohort_family AS family
LEFT JOIN {FLOW_HOME} AS home ON home.family_id = family.family_id
LEFT JOIN ({households.members_on(asked)}) AS members ON members.family_id = family.family_id
LEFT JOIN ({self._criteria_met_on(asked)}) AS met ON met.family_id = family.family_id
LEFT JOIN ({self._route()}) AS route ON route.family_id = family.family_id
LEFT JOIN ({first_record("cohort_family")}) AS linked ON linked.family_id = family.family_id
ORDER BY family.family_id"""
        )
        routes = [route.name for route in self.programme.routes]
        codes = families["route"].fillna(-1).astype("int8")
        return families.assign(
            route=pd.Categorical.from_codes(codes, routes), criteria_met=families["criteria_met"].astype("Int64")
        )

    def evidence(self) -> pd.DataFrame:
        """Return the records that decided each criterion of each family of the cohort, see ``Cohort``."""
        return read_evidence(self.engine, self._tables, self._nodes, self._of_members)

    def truth(self) -> pd.DataFrame:
        """Return when each criterion, and the rule, was met or could not be told, see ``Cohort``."""
        nodes = {**self._nodes, RULE: self.programme.rule}
        names = sorted(nodes)
        spans = [self._tables.of_families(nodes[name], "SELECT family_id FROM cohort_family") for name in names]
        parts = [f"SELECT {place} AS criterion, spans.* FROM ({of}) AS spans" for place, of in enumerate(spans)]
        truth = self._frame(
            f"""SELECT criterion, family_id, start_date, end_date, state
FROM ({union(parts)}) AS truth ORDER BY criterion, family_id, start_date"""
        )
        return truth.assign(criterion=pd.Categorical.from_codes(truth["criterion"].astype("int8"), names))

    def criteria_met(self) -> pd.DataFrame:
        """Return how many assessed families met each criterion at some time, see ``Cohort``."""
        rows = [
            {
                "criterion": criterion.name,
                "title": criterion.title,
                "met": self._counts.total(f"met_{criterion.name}"),
                "cannot_tell": self._counts.total(f"unsure_{criterion.name}"),
                "sentence": criterion.sentence(),
            }
            for criterion in self.programme.criteria
        ]
        return pd.DataFrame(rows)

    def support(self) -> pd.DataFrame:
        """Return every record of support, see ``read_support``."""
        return read_support(self.engine)

    def flow(self, families: pd.DataFrame, support: pd.DataFrame) -> Flow:
        """Return how many families each step left, from those known to services to those that started."""
        return count_flow(self.engine, self.programme, self._counts, families, support)

    @cached_property
    def _counts(self) -> FlowCounts:
        """What the flow and the criteria both need of the county's families is counted once."""
        return count_families(self.engine, self.programme, self._of_assessed(self._tables), self._either())

    def _either(self) -> EitherClock | None:
        """By what had arrived, the flow says how many would have been identified on what had happened."""
        if self.clock == HAPPENED:
            return None
        self.engine.keep("happened", self._qualified(self._happened))
        return EitherClock(
            identified="SELECT family_id FROM happened UNION SELECT family_id FROM qualified",
            criteria=(*self._of_assessed(self._happened).values(), *self._of_assessed(self._tables).values()),
        )

    def _of_assessed(self, tables: TruthTables) -> dict[str, str]:
        return {name: tables.of_families(node, ASSESSED_FAMILIES) for name, node in self._nodes.items()}

    def _horizon(self) -> Span:
        """The window, and on to the last start and its day: criteria are asked for at every index date."""
        after_last_start = read_number(self.engine, f"SELECT MAX({plus_days('started', 1)}) AS day_after FROM support")
        return self.window[0], max(self.window[1], after_last_start or self.window[1])

    def _truth_by(self, clock: Clock) -> TruthTables:
        tables = TruthTables(self.engine, self._coverage, replace(self._wanted, clock=clock), name=f"truth_{clock}")
        tables.decide([*self._nodes.values(), self.programme.rule])
        return tables

    def _qualified(self, tables: TruthTables) -> str:
        rule = tables.of_families(self.programme.rule, ASSESSED_FAMILIES)
        return households.qualified(rule, self.window, self.programme.least_state)

    def _first_met(self) -> str:
        """Return the first day in the window on which each assessed family met a criterion."""
        met = union([self._tables.of_families(node, ASSESSED_FAMILIES) for node in self._nodes.values()])
        return f"""SELECT family_id, MIN(start_date) AS met_on FROM ({met}) AS met
WHERE state >= {self.programme.least_state} AND start_date < {day(self.window[1])} GROUP BY family_id"""

    def _criteria_met_on(self, asked: str) -> str:
        """Return how many criteria are met for each family on the day asked for, where any is."""
        return f"""SELECT family_id, COUNT(*) AS criteria_met
FROM ({self._met_on(asked, self._nodes.values())}) AS met GROUP BY family_id"""

    def _route(self) -> str:
        """Return, for each family that qualified, the place of the first route by which it did."""
        asked = "SELECT family_id, qualified_on AS on_date FROM qualified"
        routes = [route.node for route in self.programme.routes]
        if not routes:
            return "SELECT family_id, NULL AS place FROM qualified LIMIT 0"
        return f"SELECT family_id, MIN(place) AS place FROM ({self._met_on(asked, routes)}) AS met GROUP BY family_id"

    def _met_on(self, asked: str, nodes: Iterable[Node]) -> str:
        """Return a row (family_id, place) for each of the nodes that is met for a family on the day asked for."""
        families = f"SELECT family_id FROM ({asked}) AS asked"
        parts = [
            f"""SELECT asked.family_id, {place} AS place FROM ({asked}) AS asked
JOIN ({self._tables.of_families(node, families)}) AS truth ON truth.family_id = asked.family_id
WHERE truth.state >= {self.programme.least_state}
  AND truth.start_date <= asked.on_date AND truth.end_date > asked.on_date"""
            for place, node in enumerate(nodes)
        ]
        return union(parts)

    def _frame(self, statement: str) -> pd.DataFrame:
        return read_frame(self.engine, statement)
