"""The families and dates that are asked about, whom of them counts, and the records of those."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa

from tf_eval.cohort import households
from tf_eval.cohort.clocks import Clock
from tf_eval.cohort.coverage import Coverage
from tf_eval.cohort.criteria import Leaf, TermShare, needs_calendar
from tf_eval.cohort.engine import Engine, read_frame, read_rows
from tf_eval.cohort.forms import FAR_FUTURE, FAR_PAST, age_months, day, or_far_future, reached, union
from tf_eval.cohort.months import as_days
from tf_eval.cohort.records import Reading, records, sessions
from tf_eval.cohort.sources import keep_of_members, keep_wanted
from tf_eval.cohort.spans import overlaps
from tf_eval.cohort.term_clocks import keep_term_clock
from tf_eval.cohort.terms import Terms
from tf_eval.cohort.unseen import unseen
from tf_eval.data.contract import SPELL_KINDS
from tf_eval.errors import InputError
from tf_eval.value.claims.clause_kind import Look

CASE, PERSON = "case_id", ("case_id", "person_id")
TERM_CLOCK = "claim_term_clock"

# What holds of a record on the day of the claim, or did on the day on which the family was identified.
NOW = "record.sure = 1 AND record.start_date <= person.on_date AND record.end_date > person.on_date"
THEN = "record.sure = 1 AND record.start_date <= person.identified_on AND record.end_date > person.identified_on"
LATE = "record.date <= person.on_date AND record.start_date > person.on_date AND record.end_date > person.on_date"

# The two days of a case, and what the ages of its people on them are called.
AGES = {"identified_on": "age_then", "on_date": "age_now"}


@dataclass(frozen=True, eq=False, repr=False)
class Asked:
    """Families and dates, each a case, and how the records of their people are read.

    engine    runs the statements
    cases     one row per case, in order: family_id, identified_on, on (datetime64[s])
    reading   how the records of the people are read
    coverage  what the extracts cover
    """

    engine: Engine
    cases: pd.DataFrame
    reading: Reading
    coverage: Coverage

    def __len__(self) -> int:
        return len(self.cases)

    def days(self, column: str) -> np.ndarray:
        """Return a column of the cases as datetime64[D]."""
        return as_days(self.cases[column])

    @cached_property
    def people(self) -> pd.DataFrame:
        """Who was in the family when it was identified and is on the day: case_id, person_id, age_then, age_now.

        Ages are in months, missing where not known. Who came, or left, in between is not among them.
        """
        return read_frame(self.engine, "SELECT * FROM asked_person ORDER BY case_id, person_id")

    @cached_property
    def not_at_both(self) -> np.ndarray:
        """How many people were in each case's family on one of the two days and not on the other."""
        days = [_member_days(on) for on in AGES]
        either = read_rows(
            self.engine,
            f"""SELECT case_id, COUNT(*) AS people FROM (
SELECT case_id, person_id, COUNT(*) AS days FROM ({union(days)}) AS day GROUP BY case_id, person_id
) AS people WHERE days = 1 GROUP BY case_id""",
        )
        found = np.zeros(len(self), dtype=np.int64)
        for case, people in either:
            found[case] = people
        return found

    @cached_property
    def away(self) -> np.ndarray:
        """Whether each case's family has not lived in the county all the time since it was identified.

        Of a family without any recorded home it cannot be said.
        """
        lived = read_rows(
            self.engine,
            f"""SELECT asked.case_id, MAX(CASE WHEN home.start_date <= asked.identified_on
       AND home.end_date > asked.on_date THEN 1 ELSE 0 END) AS here
FROM asked_case AS asked JOIN ({households.at_home()}) AS home ON home.family_id = asked.family_id
GROUP BY asked.case_id""",
        )
        found = np.zeros(len(self), dtype=bool)
        for case, here in lived:
            found[case] = not here
        return found

    @cached_property
    def terms(self) -> Terms:
        """The school calendar."""
        return Terms.read(self.engine)

    def tally(self, leaf: Leaf, sums: Mapping[str, str | tuple[str, str]]) -> pd.DataFrame:
        """Return one row per case and person that has any of a leaf's records that is asked for.

        Args:
            leaf: says which records.
            sums: name -> the condition of the records that are counted, or the condition and what is added up.

        Returns:
            case_id, person_id and a column for each of the sums.
        """
        asked = {name: given if isinstance(given, tuple) else (given, "1") for name, given in sums.items()}
        added = [f"SUM(CASE WHEN {when} THEN {what} ELSE 0 END) AS {name}" for name, (when, what) in asked.items()]
        wanted = " OR ".join(f"({when})" for when, _ in asked.values())
        return read_frame(
            self.engine,
            f"""SELECT person.case_id, person.person_id, {", ".join(added)}
FROM asked_person AS person JOIN ({self._records(leaf)}) AS record ON record.person_id = person.person_id
WHERE {wanted} GROUP BY person.case_id, person.person_id ORDER BY person.case_id, person.person_id""",
        )

    def spans(self, leaves: Iterable[Leaf], at_least: int = 1) -> str:
        """Return the statement for the disjoint spans of each case and person in which so many of the leaves hold.

        Only spells that count by the day of the claim are among them, with all of their days.
        """
        each = [
            reached(
                f"""SELECT person.case_id, person.person_id, record.date AS start_date, record.end_date
FROM asked_person AS person JOIN ({self._records(leaf)}) AS record ON record.person_id = person.person_id
WHERE record.sure = 1 AND record.start_date <= person.on_date""",
                1,
                PERSON,
            )
            for leaf in leaves
        ]
        columns = ", ".join((*PERSON, "start_date", "end_date"))
        return reached(union([f"SELECT {columns} FROM ({spans}) AS span" for spans in each]), at_least, PERSON)

    def untold(self, looks: Sequence[Look]) -> np.ndarray:
        """Return whether for each case no extract covers all of the time that is looked back at."""
        found = np.zeros(len(self), dtype=bool)
        for leaf, column in looks:
            gaps = unseen(leaf, self.coverage, self.reading.term_clock)
            spans = read_rows(self.engine, union(gaps)) if gaps else []
            days = self.days(column)
            found |= overlaps(days, days, spans)
        return found

    def _records(self, leaf: Leaf) -> str:
        return sessions(leaf, self.reading) if isinstance(leaf, TermShare) else records(leaf, self.reading)


def ask(engine: Engine, cases: pd.DataFrame, looks: Sequence[Look], clock: Clock) -> Asked:
    """Make the temporary tables of the families and dates that are asked about.

    Raises:
        InputError: the county has no family of one of the numbers, or no term dates where they are needed.
    """
    columns = {"family_id": cases["family_id"], "identified_on": cases["identified_on"], "on_date": cases["on"]}
    days = {name: pa.array(as_days(values)) for name, values in columns.items() if name != "family_id"}
    numbers = {CASE: pa.array(range(len(cases)), pa.int64()), "family_id": pa.array(cases["family_id"], pa.int64())}
    engine.lend("asked_case", pa.table({**numbers, **days}))
    _require_families(engine)
    engine.keep("asked_person", _people())
    coverage = Coverage.read(engine)
    leaves = dict.fromkeys(leaf for leaf, _ in looks)
    if any(needs_calendar(leaf) for leaf in leaves):
        keep_term_clock(engine, TERM_CLOCK, clock)
    seen_until = coverage.seen_until_by_kind("spell", SPELL_KINDS)
    every = Reading(clock, (FAR_PAST, FAR_FUTURE), term_clock=TERM_CLOCK, seen_until=seen_until)
    own = keep_of_members(engine, every, "asked_person", "asked")
    return Asked(engine, cases, keep_wanted(engine, leaves, own, "wanted"), coverage)


def _require_families(engine: Engine) -> None:
    ((strangers,),) = read_rows(
        engine,
        """SELECT COUNT(*) AS strangers FROM (SELECT DISTINCT family_id FROM asked_case) AS asked
LEFT JOIN family ON family.family_id = asked.family_id WHERE family.family_id IS NULL""",
    )
    if strangers:
        raise InputError(f"families: {strangers:,} of the numbers in family_id are of no family of the county")


def _member_days(on: str) -> str:
    """Who is in each case's family on a day of the case."""
    return f"""SELECT asked.case_id, member.person_id
FROM asked_case AS asked JOIN family_member AS member ON member.family_id = asked.family_id
WHERE COALESCE(member.start_date, {day(FAR_PAST)}) <= asked.{on}
  AND {or_far_future("member.end_date")} > asked.{on}"""


def _people() -> str:
    """Who is in each case's family on both of its days, and how old they are then, in months."""
    ages = [f"{age_months('person', f'asked.{on}')} AS {name}" for on, name in AGES.items()]
    return f"""SELECT asked.case_id, asked.family_id, asked.identified_on, asked.on_date, person.person_id,
       {", ".join(ages)}
FROM asked_case AS asked
JOIN ({_member_days("identified_on")}) AS earlier ON earlier.case_id = asked.case_id
JOIN ({_member_days("on_date")}) AS later ON later.case_id = asked.case_id AND later.person_id = earlier.person_id
JOIN person ON person.person_id = earlier.person_id"""
