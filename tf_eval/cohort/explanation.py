"""Why a family met a programme's rule on a day, or did not, or why it cannot be told: in words, with the records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from numbers import Integral
from typing import Any

import pandas as pd

from tf_eval.cohort import households
from tf_eval.cohort.clocks import HAPPENED, Clock
from tf_eval.cohort.coverage import Coverage
from tf_eval.cohort.criteria import Node
from tf_eval.cohort.engine import County, Engine, read_number, read_rows
from tf_eval.cohort.engines import open_engine
from tf_eval.cohort.evidence_frame import read_evidence
from tf_eval.cohort.forms import CANNOT_TELL, FAR_FUTURE, FAR_PAST, MET, NOT_MET, day
from tf_eval.cohort.programme import Programme
from tf_eval.cohort.records import Reading
from tf_eval.cohort.rule import RULE
from tf_eval.cohort.sources import keep_of_members, keep_wanted
from tf_eval.cohort.truth import EVERYONE_ELSE, TruthTables
from tf_eval.cohort.unseen import require_agencies
from tf_eval.cohort.words import counted, in_words
from tf_eval.errors import InputError

STATES = {NOT_MET: "not met", CANNOT_TELL: "cannot tell", MET: "met"}
BY_CLOCK = {HAPPENED: "By what had happened by then", "arrived": "By what had arrived by then"}
UNSEEN = "no extract covers all of the time that is looked back at"
DOUBTFUL = "the age of a member, or what came before, is not known"
NO_CHILD = "it has no child known to be under 18 in the programme's time"
NEVER_MET = "on no day of the programme's time did it live here and meet the rule"


@dataclass(frozen=True, eq=False, repr=False)
class Explanation:
    """How a programme's criteria stood for one family on one day. About a single family: it is never published.

    Printed, it is told in words; shown by a notebook it says nothing of the family.

    qualified_on  the day on which the family came into the cohort (None: it did not)
    not_in        why it did not (empty: it did)
    criteria      one row per criterion, and one for the rule: criterion, title, state ("met", "not met", "cannot
                  tell"), since, until (the span [since, until) of that state around the day; missing where it is not
                  met), reason
    evidence      the records that decided, as in ``Cohort.evidence``
    seen_until    the day from which it is no longer seen whether a spell of a kind goes on, by kind
    """

    programme: Programme
    on: date
    clock: Clock
    qualified_on: date | None
    not_in: str
    criteria: pd.DataFrame
    evidence: pd.DataFrame
    seen_until: Mapping[str, date]
    design: Mapping[str, Any] = field(default_factory=dict)

    def table(self) -> pd.DataFrame:
        """Return a copy of the criteria."""
        return self.criteria.copy()

    def summary(self) -> str:
        """Return the rule, each criterion and the records that decided, in words."""
        rule = self.criteria.set_index("criterion").loc[RULE]
        verb = {"met": "met", "not met": "did not meet", "cannot tell": "may have met"}[rule["state"]]
        said = f"{BY_CLOCK[self.clock]}, on {in_words(self.on)} the family {verb} the rule of {self.programme.title}."
        rows = self.criteria[self.criteria["criterion"] != RULE]
        return "\n".join([said, self._place(), *(line for row in rows.itertuples() for line in self._lines(row))])

    def _place(self) -> str:
        if self.qualified_on is None:
            return f"It is not in the cohort: {self.not_in}."
        return f"It is in the cohort since {in_words(self.qualified_on)}."

    def _lines(self, row: Any) -> list[str]:
        since = f" since {in_words(row.since)}" if row.state == "met" else ""
        reason = f": {row.reason}" if row.reason else ""
        records = self.evidence[self.evidence["criterion"] == row.criterion].sort_values(["date", "record_id"])
        told = [_record(record, self.seen_until) for record in records.itertuples()]
        return [f"- {row.title}: {row.state}{since}{reason}.", *told]

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        return "<Explanation of one family and day: print it in the secure workspace>"


def explain(
    county: County,
    programme: Programme,
    family_id: int,
    on: date,
    *,
    clock: Clock = HAPPENED,
    engine: Any = "duckdb",
) -> Explanation:
    """Return how a programme's criteria stood for a family on a day, whether or not it is in a cohort.

    Args:
        county: the county.
        programme: the programme.
        family_id: the family's number in the county.
        on: the day.
        clock, engine: see ``build_cohort``.

    Raises:
        InputError: the county has no such family, or no agency of a name that a nomination asks for.
    """
    family_id = _whole_number(family_id)
    with open_engine(county, engine) as running:
        _require_family(running, family_id)
        nodes = {criterion.name: criterion.node for criterion in programme.criteria}
        tables = _tables_of(running, family_id, nodes.values(), clock)
        require_agencies([programme.rule], tables.coverage)
        titles = {criterion.name: criterion.title for criterion in programme.criteria}
        stands = {
            name: _stands(running, tables, node, family_id, on)
            for name, node in {**nodes, RULE: programme.rule}.items()
        }
        evidence = read_evidence(running, tables, nodes, tables.reading)
        qualified_on, not_in = _place_in_cohort(running, tables, programme, family_id)
    rows = [{"criterion": name, "title": titles.get(name, programme.title), **stood} for name, stood in stands.items()]
    open_then = (evidence["start_date"] <= pd.Timestamp(on)) & (pd.Timestamp(on) < evidence["end_date"])
    design = {"programme": programme.name, "on": on.isoformat(), "clock": clock}
    return Explanation(
        programme=programme,
        on=on,
        clock=clock,
        qualified_on=qualified_on,
        not_in=not_in,
        criteria=pd.DataFrame(rows),
        evidence=evidence[open_then],
        seen_until=tables.reading.seen_until,
        design=design,
    )


def _whole_number(family_id: Any) -> int:
    if isinstance(family_id, bool) or not isinstance(family_id, Integral):
        raise InputError("explain: a family is asked for by its number, a whole one; cohort.families lists them")
    return int(family_id)


def _require_family(engine: Engine, family_id: int) -> None:
    if not read_number(engine, f"SELECT COUNT(*) AS families FROM family WHERE family_id = {family_id}"):
        raise InputError("explain: the county has no family with that number; cohort.families lists them")


def _tables_of(engine: Engine, family_id: int, nodes: Iterable[Node], clock: Clock) -> TruthTables:
    """Truth of all days, so that it can be said since when and until when a criterion is met."""
    engine.keep("asked_member", f"SELECT * FROM family_member WHERE family_id = {family_id}")
    own = keep_of_members(engine, Reading(clock, (FAR_PAST, FAR_FUTURE)), "asked_member", "asked")
    reading = keep_wanted(engine, nodes, own, "wanted")
    return TruthTables(engine, Coverage.read(engine), reading, name="truth_asked")


def _place_in_cohort(
    engine: Engine, tables: TruthTables, programme: Programme, family_id: int
) -> tuple[date | None, str]:
    """Return the day on which the family came into the cohort, or why it did not."""
    window = programme.window.start, programme.window.until
    own = f"family_id = {family_id}"
    assessed = f"SELECT COUNT(*) AS families FROM ({households.with_a_child(window)}) AS assessed WHERE {own}"
    if not read_number(engine, assessed):
        return None, NO_CHILD
    truth = tables.of_families(programme.rule, f"SELECT {family_id} AS family_id")
    found = read_rows(engine, households.qualified(truth, window, programme.least_state))
    return (found[0][1], "") if found else (None, NEVER_MET)


def _stands(engine: Engine, tables: TruthTables, node: Node, family_id: int, on: date) -> dict[str, Any]:
    """Return the state of a node on the day, since when and until when, and why it cannot be told."""
    family = f"SELECT {family_id} AS family_id"
    open_then = f"start_date <= {day(on)} AND end_date > {day(on)}"
    spans = tables.of_families(node, family)
    found = read_rows(engine, f"SELECT state, start_date, end_date FROM ({spans}) AS spans WHERE {open_then}")
    state, since, until = found[0] if found else (NOT_MET, None, None)
    reason = ""
    if state == CANNOT_TELL:
        gaps = f"SELECT COUNT(*) AS gaps FROM {tables.table(node)} WHERE family_id = {EVERYONE_ELSE} AND {open_then}"
        reason = UNSEEN if read_number(engine, gaps) else DOUBTFUL
    return {"state": STATES[state], "since": since, "until": until, "reason": reason}


def _record(record: Any, seen_until: Mapping[str, date]) -> str:
    """One record in words, with the last day on which it counts."""
    what = "absence of the term that ended" if record.table_name == "attendance" else counted(record.kind)
    if record.table_name == "family_member":
        return f"    person {record.person_id} belongs to the family"
    begun = "from" if record.table_name == "spell" else "on"
    number = f"{record.table_name} {record.record_id}"
    until = _until(record.end_date.date(), seen_until.get(record.kind))
    return f"    person {record.person_id}: {what} {begun} {in_words(record.date.date())} ({number}){until}"


def _until(end: date, seen_until: date | None) -> str:
    if end >= FAR_FUTURE:
        return ""
    last_day = in_words(end - timedelta(days=1))
    return f", seen until {last_day}, where the records end" if end == seen_until else f", counts until {last_day}"
