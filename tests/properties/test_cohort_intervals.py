"""The engine's spans equal a slow, obvious reference that looks back from every single day."""

import random
from calendar import monthrange
from datetime import date, timedelta
from functools import cache
from itertools import count, takewhile

import numpy as np
import pytest

from tests.cohort_county import FIRST_DAY, LAST_DAY, SmallCounty, small_county
from tf_eval.cohort import AllOf, AnyOf, AtLeast, EventCount, InSpell, TermShare
from tf_eval.cohort.clocks import HAPPENED
from tf_eval.cohort.coverage import Coverage
from tf_eval.cohort.criteria import Node
from tf_eval.cohort.engines import DuckDB
from tf_eval.cohort.records import Reading
from tf_eval.cohort.truth import TruthTables

HORIZON = (date(2012, 1, 20), date(2012, 10, 1))
DAYS = [HORIZON[0] + timedelta(days=number) for number in range((HORIZON[1] - HORIZON[0]).days)]
FAMILIES = 20
EVENTS = ("proven_offence", "fixed_exclusion", "police_callout")
SPELLS = ("out_of_work_benefit", "custody")
# Days on which boundaries meet: month ends, a leap day, ends and beginnings of terms.
AWKWARD = [
    date(2011, 1, 31), date(2011, 8, 31), date(2012, 2, 28), date(2012, 2, 29), date(2012, 3, 28), date(2012, 3, 29),
    date(2012, 4, 15), date(2012, 4, 16), date(2012, 9, 3), date(2012, 12, 20), date(2012, 12, 31),
]  # fmt: skip


class Reference:
    """Criteria decided for one family and one day by looking at every record of the family."""

    def __init__(self, county: SmallCounty) -> None:
        tables = county.tables
        self.births = county.births
        self.terms = tables["term"]
        self.coverage = tables["coverage"]
        self.events = _by_family(tables["event"])
        self.spells = _by_family(tables["spell"])
        self.attendance = _by_family(tables["attendance"])

    def state(self, node: Node, family: int, on: date) -> int:
        if isinstance(node, EventCount):
            return self._event_count(node, family, on)
        if isinstance(node, InSpell):
            return self._open_spell(node, family, on)
        if isinstance(node, TermShare):
            return self._term_share(node, family, on)
        states = [self.state(part, family, on) for part in node.parts]
        if sum(state == 2 for state in states) >= node.k:
            return 2
        return 1 if sum(state >= 1 for state in states) >= node.k else 0

    def _event_count(self, node: EventCount, family: int, on: date) -> int:
        sure, possible = {}, {}
        for _, _, person, _, kind, happened, _ in self.events.get(family, []):
            if kind not in node.kinds or not self._looks_back_to(node, happened, on):
                continue
            who = person if node.by == "person" else family
            young = self._is_young(node, person, happened)
            sure[who] = sure.get(who, 0) + (young is True)
            possible[who] = possible.get(who, 0) + (young is not False)
        if max(sure.values(), default=0) >= node.at_least:
            return 2
        doubtful = max(possible.values(), default=0) >= node.at_least
        return int(doubtful or self._unseen_event(node, on))

    def _is_young(self, node: EventCount, person: int, happened: date) -> bool | None:
        if node.under_age is None:
            return True
        birth = self.births[person]
        if birth is None:
            return None
        had_birthday = (happened.month, happened.day) >= (birth.month, birth.day)
        return happened.year - birth.year - (not had_birthday) < node.under_age

    def _looks_back_to(self, node: EventCount, happened: date, on: date) -> bool:
        if happened > on:
            return False
        if node.months:
            return on < _months_later(happened, node.months)
        return self._term_at(on) - self._term_at(happened) < node.terms

    @cache  # noqa: B019 (a reference lives as long as its test)
    def _term_at(self, on: date) -> int:
        return sum(start <= on for _, _, _, start, _ in self.terms)

    @cache  # noqa: B019
    def _unseen_event(self, node: EventCount, on: date) -> bool:
        days = (on - timedelta(days=back) for back in count())
        looked_at = takewhile(lambda day: self._looks_back_to(node, day, on), days)
        return any(not self._covered("event", node.kinds, day) for day in looked_at)

    @cache  # noqa: B019
    def _covered(self, table: str, kinds: tuple[str | None, ...], on: date) -> bool:
        for kind in kinds:
            senders = {agency for agency, name, sent, _, _ in self.coverage if name == table and sent in (kind, None)}
            seen = {
                agency
                for agency, name, sent, start, end in self.coverage
                if name == table and sent in (kind, None) and start <= on < end
            }
            if not senders or senders - seen:
                return False
        return True

    def _open_spell(self, node: InSpell, family: int, on: date) -> int:
        for _, _, _, _, kind, start, end, detail in self.spells.get(family, []):
            wanted = kind in node.kinds and (node.details is None or detail in node.details)
            if wanted and start <= on and (end is None or on < end):
                return 2
        return int(not self._covered("spell", node.kinds, on))

    def _term_share(self, node: TermShare, family: int, on: date) -> int:
        ended = [term for term in self.terms if term[4] < on][-node.terms :]
        numbers = {term[0] for term in ended}
        sums: dict[int, list[int]] = {}
        for _, _, person, _, _, _, number, possible, _, unauthorised in self.attendance.get(family, []):
            if number in numbers:
                child = sums.setdefault(person, [0, 0])
                child[0] += unauthorised
                child[1] += possible
        if any(
            possible and missed * 100 >= round(node.at_least * 100) * possible for missed, possible in sums.values()
        ):
            return 2
        return int(len(ended) < node.terms or self._unseen_term(tuple(ended)))

    @cache  # noqa: B019
    def _unseen_term(self, ended: tuple) -> bool:
        days = (start + timedelta(days=day) for _, _, _, start, end in ended for day in range((end - start).days + 1))
        return not all(self._covered("attendance", (None,), day) for day in days)


def _by_family(rows: list[tuple]) -> dict[int, list[tuple]]:
    found: dict[int, list[tuple]] = {}
    for row in rows:
        found.setdefault(row[3], []).append(row)
    return found


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _random_coverage(draw: random.Random) -> list[tuple]:
    rows = [("b", table, None, FIRST_DAY, LAST_DAY) for table in ("event", "spell", "attendance")]
    for table, kinds in (("event", EVENTS), ("spell", SPELLS), ("attendance", (None,))):
        if draw.random() < 0.8:
            gap = date(2011, 4, 1) + timedelta(days=draw.randrange(500))
            kind = draw.choice([None, *kinds])
            rows += [
                ("a", table, kind, FIRST_DAY, gap),
                ("a", table, kind, gap + timedelta(days=draw.choice([1, 30, 90])), LAST_DAY),
            ]
    return rows


def _random_county(draw: random.Random) -> SmallCounty:
    county = small_county(_random_coverage(draw))
    for family in range(1, FAMILIES + 1):
        births = [None if draw.random() < 0.1 else f"{draw.randint(1993, 1996)}-02-{draw.randint(27, 28)}"]
        county.family(family, [*births, "2000-07-07"])
        for person in (family * 10, family * 10 + 1):
            for _ in range(draw.randint(0, 4)):
                county.event(person, draw.choice(EVENTS), _random_day(draw).isoformat())
            for _ in range(draw.randint(0, 1)):
                start = _random_day(draw)
                end = draw.choice([None, start + timedelta(days=draw.choice([0, 1, 31, 200]))])
                county.spell(person, draw.choice(SPELLS), str(start), str(end) if end else None, draw.choice("XY"))
            for term_no in range(4, 13):
                if draw.random() < 0.8:
                    county.attend(person, term_no, draw.choice([0, 100, 100]), draw.choice([0, 14, 15, 15, 16]))
    return county


def _random_day(draw: random.Random) -> date:
    return draw.choice(AWKWARD) if draw.random() < 0.4 else date(2010, 10, 1) + timedelta(days=draw.randrange(900))


def _random_leaf(draw: random.Random) -> Node:
    shape = draw.randrange(4)
    if shape == 0:
        return InSpell(draw.sample(SPELLS, draw.randint(1, 2)), draw.choice([None, ["X"]]))
    if shape == 1:
        return TermShare(at_least=draw.choice([0.14, 0.15]), terms=draw.randint(1, 3))
    window = draw.choice([{"months": 1}, {"months": 6}, {"months": 12}, {"terms": 1}, {"terms": 3}])
    age = draw.choice([None, 18])
    kinds, by = draw.sample(EVENTS, draw.randint(1, 3)), draw.choice(["family", "person"])
    return EventCount(kinds, at_least=draw.randint(1, 3), by=by, under_age=age, **window)


def _random_node(draw: random.Random, depth: int = 0) -> Node:
    if depth == 2 or draw.random() < 0.3:
        return _random_leaf(draw)
    parts = tuple(dict.fromkeys(_random_node(draw, depth + 1) for _ in range(draw.randint(2, 3))))
    return draw.choice([AnyOf(parts), AllOf(parts), AtLeast(draw.randint(1, len(parts)), parts)])


def _engine_states(county: SmallCounty, nodes: list[Node]) -> list[np.ndarray]:
    """Return families x days for each node; a day in two spans of one family would show as a sum above 2."""
    with county.connect() as connection:
        tables = TruthTables(DuckDB(connection), Coverage.read(DuckDB(connection)), Reading(HAPPENED, HORIZON))
        names = [tables.table(node) for node in nodes]
        rows = [connection.execute(f"SELECT * FROM {name}").fetchall() for name in names]
    found = []
    for spans in rows:
        states = np.zeros((FAMILIES, len(DAYS)), dtype=int)
        for family, start, end, state in spans:
            states[family - 1, (start - DAYS[0]).days : (end - DAYS[0]).days] += state
        found.append(states)
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_engine_agrees_with_looking_back_from_every_day(seed):
    draw = random.Random(seed)
    county = _random_county(draw)
    nodes = [_random_node(draw) for _ in range(8)]
    reference = Reference(county)
    seen = set()
    for node, states in zip(nodes, _engine_states(county, nodes), strict=True):
        # Every day of every family would take long; all days of one family and every eleventh day of the others.
        for family in range(1, FAMILIES + 1):
            days = range(len(DAYS)) if family == 1 else range(family % 11, len(DAYS), 11)
            expected = [reference.state(node, family, DAYS[day]) for day in days]
            assert states[family - 1, list(days)].tolist() == expected, node.sentence()
            seen |= set(expected)
    assert seen == {0, 1, 2}
