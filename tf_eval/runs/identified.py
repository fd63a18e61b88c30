"""How many families a programme identified, where, when, by what, and what could not be told, as views for the gate."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from tf_eval.cohort import Cohort, Criterion, Programme
from tf_eval.cohort.cohort_flow import ASSESSED, homes
from tf_eval.cohort.coverage import Coverage
from tf_eval.cohort.criteria import Leaf, Member, Nomination, TermShare, leaves
from tf_eval.cohort.engines import open_engine
from tf_eval.cohort.flow import OfWhich
from tf_eval.cohort.rule import RULE
from tf_eval.cohort.words import in_sentence, in_words
from tf_eval.data.contract import EVENT_KINDS
from tf_eval.errors import InputError
from tf_eval.release.adapters.study import allocation_view
from tf_eval.release.identification import (
    CriteriaView,
    CriterionRow,
    IdentificationView,
    Identified,
    QuartersView,
    SentRow,
    UntoldView,
    Way,
)
from tf_eval.release.views import AllocationRow, AllocationView
from tf_eval.runs.identification import Identification

DAY = timedelta(days=1)


@dataclass(frozen=True, eq=False)
class IdentificationViews:
    """What is told of who qualifies: how many, by which criteria, in which quarters, and what is untold."""

    answer: IdentificationView
    criteria: CriteriaView
    quarters: QuartersView
    untold: UntoldView


def identified(asked: Identification, cohort: Cohort) -> IdentificationViews:
    """Count the families that a cohort's programme identified, for the page of who qualifies.

    Args:
        asked: what is asked.
        cohort: the cohort of the programme; its criteria are counted as they stood on the day of qualifying.

    Raises:
        InputError: there are no records of the programme's time.
    """
    families = cohort.families[cohort.families["qualified_on"].notna()]
    first, last = _time(cohort)
    allocation = _allocation(cohort, families)
    districts = tuple((row.district, row.period, row.identified) for row in allocation.rows)
    names = list(dict.fromkeys(district for district, _, _ in districts))
    quarters = list(pd.period_range(first, last, freq="Q"))
    counted = Identified(
        districts=districts,
        times=(in_words(first), *(_quarter_name(quarter, first) for quarter in quarters)),
        by_time=tuple(
            (name, _by_time(families[homes(families["district"]) == name], first, quarters)) for name in names
        ),
        ways=tuple(_ways(cohort, families)),
    )
    programme = cohort.programme
    return IdentificationViews(
        IdentificationView(
            label=asked.title,
            scheme=programme.title,
            first=in_words(first),
            last=in_words(last),
            clock=asked.clock,
            identified=counted,
            allocation=allocation,
        ),
        CriteriaView(tuple(criterion.title for criterion in programme.criteria), counted, _asks(programme)),
        QuartersView(counted, so_far=last < quarters[-1].end_time.date()),
        _untold(cohort),
    )


def _time(cohort: Cohort) -> tuple[date, date]:
    """Return the first and the last day of the programme's time of which there are records."""
    window, records = (tuple(map(date.fromisoformat, cohort.design[name])) for name in ("window", "records"))
    first, last = max(window[0], records[0]), min(window[1], records[1]) - DAY
    if last < first:
        told = f"the records end on {in_words(records[1] - DAY)}, before {cohort.programme.title} begins on"
        raise InputError(f"identified: {told} {in_words(window[0])}. Open a county of its time.")
    return first, last


def _quarter_name(quarter: pd.Period, first: date) -> str:
    """Name a quarter by its months; what is left of the first one comes after the programme's first day."""
    name = f"{quarter.start_time:%B} to {quarter.end_time:%B %Y}"
    return f"Later in {name}" if quarter.start_time.date() <= first else name


def _by_time(families: pd.DataFrame, first: date, quarters: list[pd.Period]) -> tuple[int, ...]:
    """Return how many families qualified on the first day, and how many after it in each quarter."""
    at_once = families["qualified_on"] == pd.Timestamp(first)
    later = families.loc[~at_once, "qualified_on"].dt.to_period("Q")
    return (int(at_once.sum()), *(int((later == quarter).sum()) for quarter in quarters))


def _allocation(cohort: Cohort, families: pd.DataFrame) -> AllocationView:
    """Return the families of each district beside what was allocated, where the programme's file says any."""
    if cohort.programme.allocation is not None:
        return allocation_view(cohort.allocation())
    assessed = next(step.districts for step in cohort.flow.steps if step.step == ASSESSED)
    found = homes(families["district"]).value_counts()
    rows = [
        AllocationRow(name, "", int(found.get(name, 0)), None, None, assessed.get(name, 0))
        for name in sorted({*assessed, *found.index})
    ]
    return AllocationView(tuple(rows), None, ())


def _ways(cohort: Cohort, families: pd.DataFrame) -> Iterator[Way]:
    """Yield what families met on the day on which they qualified, the most frequent first."""
    names = [criterion.name for criterion in cohort.programme.criteria]
    titles = {route.name: route.title for route in cohort.programme.routes}
    truth = cohort.truth[(cohort.truth["criterion"] != RULE) & (cohort.truth["state"] >= cohort.programme.least_state)]
    spans = truth.merge(families[["family_id", "qualified_on"]], on="family_id")
    on_the_day = spans[(spans["start_date"] <= spans["qualified_on"]) & (spans["qualified_on"] < spans["end_date"])]
    found = pd.crosstab(on_the_day["family_id"], on_the_day["criterion"].astype(str))
    met = found.reindex(index=families["family_id"], columns=names, fill_value=0) > 0
    routes = families.set_index("family_id")["route"].astype(object).map(titles).fillna("")
    for (route, *criteria), count in met.assign(route=routes)[["route", *names]].value_counts(sort=True).items():
        yield Way(route, tuple(map(bool, criteria)), int(count))


def _asks(programme: Programme) -> dict[str, str]:
    """Return what each way in asks for, with the criteria by their titles."""
    names = {criterion.node: in_sentence(criterion.title) for criterion in programme.criteria}
    ways = {route.title: route.node for route in programme.routes} or {"": programme.rule}
    return {title: node.sentence(names) for title, node in ways.items()}


def _untold(cohort: Cohort) -> UntoldView:
    programme, parts = cohort.programme, cohort.flow.of_which
    with open_engine(cohort.county) as engine:
        coverage = Coverage.read(engine)
    time, records = ([date.fromisoformat(day) for day in cohort.design[name]] for name in ("window", "records"))
    return UntoldView(
        criteria=tuple(_criterion(item, parts) for item in programme.criteria),
        sent=tuple(row for item in programme.criteria for row in _sent(item, coverage)),
        programme=(in_words(time[0]), in_words(time[1] - DAY)),
        records=(in_words(records[0]), in_words(records[1] - DAY)),
        begins_late=records[0] > time[0],
        ends_early=records[1] < time[1],
    )


def _criterion(criterion: Criterion, parts: tuple[OfWhich, ...]) -> CriterionRow:
    own = {part.state: part.count for part in parts if (part.step, part.group) == (ASSESSED, criterion.title)}
    return CriterionRow(criterion.title, criterion.node.sentence(), own["met"], own["not met"], own["cannot tell"])


def _sent(criterion: Criterion, coverage: Coverage) -> Iterator[SentRow]:
    """Yield who sends each kind of record that a criterion asks for, and for which time."""
    asked = dict.fromkeys(pair for leaf in leaves(criterion.node) for pair in _records(leaf))
    for table, kind in asked:
        extent = coverage.extent(table, [kind])
        first, last = (f"{day:%B %Y}" for day in (extent[0], extent[1] - DAY)) if extent else ("", "")
        yield SentRow(criterion.title, table, kind or "", tuple(coverage.agencies(table, [kind])), first, last)


def _records(leaf: Leaf) -> list[tuple[str, str | None]]:
    """Return the table and kind of the records that a condition reads; who is in a family is known without any."""
    if isinstance(leaf, Member):
        return []
    if isinstance(leaf, TermShare):
        return [("attendance", None)]
    if isinstance(leaf, Nomination):
        return [("event", "concern")]
    return [("event" if kind in EVENT_KINDS else "spell", kind) for kind in leaf.kinds]
