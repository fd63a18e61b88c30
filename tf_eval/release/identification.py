"""Families that a programme identified, counted in several ways that all come to the same number.

Whoever adds up one way and takes the other away must not find a few families, so all ways are protected together.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from tf_eval.release.allocations import allocated
from tf_eval.release.counts import release_count, release_counts
from tf_eval.release.parts import Sum, release_parts
from tf_eval.release.released import Released
from tf_eval.release.rules import Rules
from tf_eval.release.shorthand import SUPPRESSED, Shown, is_number
from tf_eval.release.views import AllocationView

QUESTION = "How many families qualify here?"
TOTAL = "all families"
# With more districts than this their quarters are not told one by one: the cells would be few families each.
MOST_DISTRICTS = 20


@dataclass(frozen=True)
class Way:
    """Families that came in by a route (empty: there is one way in) and met just these criteria on that day."""

    route: str
    met: tuple[bool, ...]
    families: int


@dataclass(frozen=True)
class Identified:
    """Families identified, counted by district, by time and by what they met; each comes to all of them.

    ``districts`` has (district, period, families) as an allocation has its rows; ``times`` names the first day and then
    each quarter, and ``by_time`` has each district's families in each of them; ``ways`` tells apart what was met.
    """

    districts: tuple[tuple[str, str, int], ...]
    times: tuple[str, ...]
    by_time: tuple[tuple[str, tuple[int, ...]], ...]
    ways: tuple[Way, ...]

    @property
    def total(self) -> int:
        return sum(families for _, _, families in self.districts)


@dataclass(frozen=True, eq=False)
class IdentificationView:
    """How many families qualify, beside what was allocated. ``first`` and ``last`` are the days in between, in words.

    ``clock`` says by what: what had ``happened`` on a day, or had ``arrived`` by it.
    """

    label: str
    scheme: str
    first: str
    last: str
    clock: str
    identified: Identified
    allocation: AllocationView


@dataclass(frozen=True, eq=False)
class CriteriaView:
    """By which criteria they qualify, named by their titles; ``asks`` says in words what each way in asks for.

    A programme with one way in has it under an empty name.
    """

    criteria: tuple[str, ...]
    identified: Identified
    asks: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class QuartersView:
    """When they came to qualify. ``so_far`` says that the last quarter was not over when the records end."""

    identified: Identified
    so_far: bool


@dataclass(frozen=True, eq=False)
class CriterionRow:
    """Of the families with children, how many met a criterion at some time, how many never did, of how many no one can
    tell, and what it asks for in words.
    """

    title: str
    asks: str
    met: int
    not_met: int
    cannot_tell: int


@dataclass(frozen=True, eq=False)
class SentRow:
    """Records that a criterion asks for: their table and kind, who sends them, and the first and last month covered.

    Attendance has no kind; without agencies nobody sends such records.
    """

    criterion: str
    table: str
    kind: str
    agencies: tuple[str, ...]
    first: str
    last: str


@dataclass(frozen=True, eq=False)
class UntoldView:
    """What could not be told for want of records.

    ``programme`` and ``records`` are the first and last days of the programme and of the records, in words.
    """

    criteria: tuple[CriterionRow, ...]
    sent: tuple[SentRow, ...]
    programme: tuple[str, str]
    records: tuple[str, str]
    begins_late: bool
    ends_early: bool


def release_identification(view: IdentificationView, rules: Rules) -> Released:
    """Release how many families qualify in all and in each district, beside the numbers allocated."""
    shown = _shown(view.identified, rules)
    cells = [shown["row", place] for place in range(len(view.identified.districts))]
    payload = {
        "label": view.label,
        "question": QUESTION,
        "scheme": view.scheme,
        "first": view.first,
        "last": view.last,
        "clock": view.clock,
        "identified": shown[TOTAL],
        "on_the_first_day": shown["time", 0],
        **allocated(view.allocation, cells, rules),
    }
    return Released("identification", "How many families qualify", payload, _notes(payload, rules))


def release_criteria(view: CriteriaView, rules: Rules) -> Released:
    """Release which criteria families met on the day on which they qualified, and which of them together.

    What few families met together is not named: that it is there at all would say something about them.
    """
    shown, ways = _shown(view.identified, rules), view.identified.ways
    rows = [
        {"route": way.route, "met": list(way.met), "families": shown["way", place]}
        for place, way in enumerate(ways)
        if is_number(shown["way", place])
    ]
    payload = {
        "criteria": list(view.criteria),
        "identified": shown[TOTAL],
        "ways": rows,
        "routes": [
            {"route": route, "asks": asks, "families": shown.get(("route", route), SUPPRESSED)}
            for route, asks in view.asks.items()
        ],
        "each": [
            {"title": title, "families": _added([row["families"] for row in rows if row["met"][place]])}
            for place, title in enumerate(view.criteria)
        ],
        "others": len(rows) < len(ways),
        "fewest": rules.threshold,
    }
    return Released("criteria", "By which criteria", payload, _notes(payload, rules))


def release_quarters(view: QuartersView, rules: Rules) -> Released:
    """Release in which quarter families came to qualify, in each district where these are not too many."""
    counts, shown = view.identified, _shown(view.identified, rules)
    times = range(len(counts.times))
    districts = [
        {"district": district, "families": [shown["cell", district, time] for time in times]}
        for district, _ in _told_apart(counts)
    ]
    payload = {
        "times": list(counts.times),
        "all": [shown["time", time] for time in times],
        "districts": districts,
        "so_far": view.so_far,
    }
    return Released("quarters", "When they came to qualify", payload, _notes(payload, rules))


def release_untold(view: UntoldView, rules: Rules) -> Released:
    """Release of how many families each criterion could not be told, and what records there are of it."""
    rows = [_told(row, rules) for row in view.criteria]
    sent = [{**vars(row), "agencies": list(row.agencies)} for row in view.sent]
    payload = {
        "criteria": rows,
        "sent": sent,
        "programme": list(view.programme),
        "records": list(view.records),
        "begins_late": view.begins_late,
        "ends_early": view.ends_early,
        "fewest": rules.threshold,
    }
    return Released("untold", "What could not be told", payload, _notes(payload, rules))


def _told(row: CriterionRow, rules: Rules) -> dict[str, Any]:
    """Who did not meet it is told of nobody, so that it gives away nothing, unless they are few themselves."""
    counts = (row.met, row.cannot_tell, row.not_met)
    table = release_counts(counts, rules)
    alone = [release_count(count, rules) for count in counts]
    met, cannot_tell, _ = table.cells if rules.hides(row.not_met) else alone
    return {"title": row.title, "asks": row.asks, "met": met, "cannot_tell": cannot_tell, "assessed": table.total}


@cache
def _shown(counts: Identified, rules: Rules) -> Mapping[Hashable, Shown]:
    """Return every count as it may be shown, whichever part of a page it stands in."""
    found: dict[Hashable, int] = {TOTAL: counts.total}
    sums: list[Sum] = []
    names = dict.fromkeys(district for district, _, _ in counts.districts)
    rows = {("row", place): row for place, row in enumerate(counts.districts)}
    for name in names:
        own = {key: families for key, (district, _, families) in rows.items() if district == name}
        found |= own | {("district", name): sum(own.values())}
        sums.append((("district", name), list(own)))
    sums.append((TOTAL, [("district", name) for name in names]))
    found |= {("time", time): sum(own[time] for _, own in counts.by_time) for time in range(len(counts.times))}
    sums.append((TOTAL, [("time", time) for time in range(len(counts.times))]))
    _add_cells(counts, found, sums)
    _add_ways(counts, found, sums)
    return release_parts(found, sums, rules)


def _add_cells(counts: Identified, found: dict[Hashable, int], sums: list[Sum]) -> None:
    """Add the table of districts and times, where there is one."""
    told = _told_apart(counts)
    found |= {("cell", name, time): families for name, own in told for time, families in enumerate(own)}
    times = range(len(counts.times))
    sums += [(("district", name), [("cell", name, time) for time in times]) for name, _ in told]
    sums += [(("time", time), [("cell", name, time) for name, _ in told]) for time in times if told]


def _add_ways(counts: Identified, found: dict[Hashable, int], sums: list[Sum]) -> None:
    """Add what was met, by route."""
    routes = dict.fromkeys(way.route for way in counts.ways)
    for route in routes:
        own = {("way", place): way.families for place, way in enumerate(counts.ways) if way.route == route}
        found |= own | {("route", route): sum(own.values())}
        sums.append((("route", route), list(own)))
    if routes:
        sums.append((TOTAL, [("route", route) for route in routes]))


def _told_apart(counts: Identified) -> Sequence[tuple[str, tuple[int, ...]]]:
    return counts.by_time if 1 < len(counts.by_time) <= MOST_DISTRICTS else ()


def _added(cells: Sequence[Shown]) -> Shown:
    """Return the sum of what is shown, which tells no more than its parts; of nothing it is hidden."""
    return sum(cells) if cells else SUPPRESSED


def _notes(payload: Mapping[str, Any], rules: Rules) -> tuple[str, ...]:
    note = f"[c] where fewer than {rules.threshold} families are counted, or a sum would show them."
    return (note,) if SUPPRESSED in str(payload) else ()
