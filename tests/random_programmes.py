"""Random small counties and random criteria, in which everything that can meet on one day does so often."""

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from tests.cohort_county import FIRST_DAY, LAST_DAY, SmallCounty, small_county
from tests.cohort_days import AWKWARD
from tf_eval.cohort import AllOf, AnyOf, AtLeast, EventCount, InSpell, Member, Nomination, TermShare
from tf_eval.cohort.criteria import Leaf, Node

HORIZON = (date(2012, 1, 20), date(2012, 10, 1))
FAMILIES = range(1, 17)
EVENTS = ("proven_offence", "fixed_exclusion", "police_callout")
SPELLS = ("out_of_work_benefit", "custody")
AGENCIES = ("a", "b")
BIRTHS = (None, "1975-05-05", "1993-09-20", "1994-03-01", "1994-03-15", "1996-02-29", "1999-04-10", "2004-07-31")
AGES = ({}, {}, {"under_age": 18}, {"from_age": 18}, {"from_age": 16, "under_age": 25})
LOOKBACKS = ({"days": 1}, {"days": 45}, {"months": 1}, {"months": 6}, {"months": 12}, {"terms": 1}, {"terms": 3})


def random_county(draw: random.Random) -> SmallCounty:
    """Return a county whose people move, whose records come late, and whose extracts have gaps."""
    county = small_county(_random_coverage(draw))
    _cut_the_calendar(county, draw)
    people = []
    for family in FAMILIES:
        members = draw.randint(1, 4)
        county.family(family, [draw.choice(BIRTHS) for _ in range(members)])
        people += [family * 10 + place for place in range(members)]
    returns = _random_returns(draw)
    for person in people:
        _live(county, draw, person, returns)
    return county


def _cut_the_calendar(county: SmallCounty, draw: random.Random) -> None:
    """Let the calendar of one county in three end with the spring term of 2012, and so be over by the end of May."""
    if draw.random() < 1 / 3:
        county.tables["term"] = county.tables["term"][:8]


def _random_returns(draw: random.Random) -> dict[int, int]:
    """Return how late the return of each term is: one term's comes after the next, and one's never."""
    never, late = draw.sample(range(5, 10), 2)
    return {term_no: 250 * (term_no == late) for term_no in range(3, 13) if term_no != never}


def _live(county: SmallCounty, draw: random.Random, person: int, returns: dict[int, int]) -> None:
    for _ in range(draw.randint(0, 6)):
        on = _random_day(draw)
        county.event(person, draw.choice((*EVENTS, "concern")), str(on), _late(draw, on), draw.choice(AGENCIES))
    for _ in range(draw.randint(0, 2)):
        start = _random_day(draw)
        end = None if draw.random() < 0.3 else str(start + timedelta(days=draw.choice([0, 1, 30, 200])))
        kind, detail = draw.choice(SPELLS), draw.choice(["ESA", "UC"])
        county.spell(person, kind, str(start), end, detail, _late(draw, start))
    for term_no, days_late in returns.items():
        if draw.random() < 0.5:
            ended = date(2010, 1, 1) + timedelta(days=120 * (term_no - 1))
            late = str(ended + timedelta(days=days_late)) if days_late else _late(draw, ended)
            county.attend(person, term_no, draw.choice([0, 90, 100]), draw.choice([0, 14, 15, 16, 45]), late)
    if draw.random() < 0.4:
        county.moves(person, str(_random_day(draw)), draw.choice([None, *FAMILIES]))


def _late(draw: random.Random, on: date) -> str | None:
    return None if draw.random() < 0.3 else str(on + timedelta(days=draw.choice([0, 1, 20, 150])))


def _random_day(draw: random.Random) -> date:
    return draw.choice(AWKWARD) if draw.random() < 0.4 else date(2010, 10, 1) + timedelta(days=draw.randrange(900))


def _random_coverage(draw: random.Random) -> list[tuple]:
    rows = [("b", table, None, FIRST_DAY, LAST_DAY) for table in ("event", "spell", "attendance")]
    for table, kinds in (("event", EVENTS), ("spell", SPELLS), ("attendance", (None,))):
        if draw.random() < 0.6:
            gap = date(2011, 4, 1) + timedelta(days=draw.randrange(500))
            kind = draw.choice([None, *kinds])
            rows += [
                ("a", table, kind, FIRST_DAY, gap),
                ("a", table, kind, gap + timedelta(days=draw.choice([1, 30, 90])), LAST_DAY),
            ][: draw.choice([1, 2, 2])]  # of one extract in three nothing comes any more
    return rows


def random_leaf(draw: random.Random) -> Leaf:
    """Return a condition of any kind."""
    piece = draw.choice([_event_count, _event_count, _in_spell, _term_share, _member, _nomination])
    return piece(draw)


def _event_count(draw: random.Random) -> EventCount:
    kinds, by = draw.sample(EVENTS, draw.randint(1, 3)), draw.choice(["family", "person"])
    return EventCount(kinds, at_least=draw.randint(1, 4), by=by, **draw.choice(LOOKBACKS), **draw.choice(AGES))


def _in_spell(draw: random.Random) -> InSpell:
    kinds = draw.sample(SPELLS, draw.randint(1, 2))
    details = draw.choice([None, ["ESA"]]) if kinds == ["out_of_work_benefit"] else None
    before = draw.choice([None, None, ["fixed_exclusion"], ["proven_offence", "police_callout"]])
    return InSpell(kinds, details, preceded_by=before, **draw.choice(({}, *LOOKBACKS)), **draw.choice(AGES))


def _term_share(draw: random.Random) -> TermShare:
    sort = draw.choice(["unauthorised", "all"])
    return TermShare(sort, at_least=draw.choice([0.14, 0.15]), terms=draw.randint(1, 3))


def _member(draw: random.Random) -> Member:
    return Member(**draw.choice(AGES[2:]), at_least=draw.randint(1, 2))


def _nomination(draw: random.Random) -> Nomination:
    return Nomination(draw.choice([None, ["a"], ["a", "b"]]), **draw.choice(LOOKBACKS))


def random_rule(draw: random.Random, leaves: list[Leaf], depth: int = 0) -> Node:
    """Return a condition, or a group of groups of them."""
    if depth == 2 or draw.random() < 0.25 * depth:
        return draw.choice(leaves)
    return _random_group(draw, lambda: random_rule(draw, leaves, depth + 1))


def layers_of_rules(draw: random.Random, leaves: list[Leaf], sizes: Sequence[int]) -> list[Node]:
    """Return groups of conditions, groups of conditions and of those groups, and so on: each a programme of its own.

    Each group costs one statement, where a rule of groups of its own costs one for each of them.
    """
    nodes: list[Node] = list(leaves)
    for size in sizes:
        nodes += [_random_group(draw, lambda below=tuple(nodes): draw.choice(below)) for _ in range(size)]
    return nodes[len(leaves) :]


def _random_group(draw: random.Random, part: Callable[[], Node]) -> Node:
    parts = tuple(dict.fromkeys(part() for _ in range(draw.randint(2, 3))))
    return draw.choice([AnyOf(parts), AllOf(parts), AtLeast(draw.randint(1, len(parts)), parts)])
