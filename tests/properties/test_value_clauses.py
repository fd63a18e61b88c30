"""Clauses equal a slow, obvious reference, for random families at random dates, by both clocks."""

import random
from collections import Counter
from datetime import date, timedelta

import pandas as pd
import pytest

from tests.claim_rules import rules_of
from tests.claims_reference import MET, NEUTRAL, NOT_APPLICABLE, NOT_MET, UNTOLD, ClaimReference
from tests.cohort_county import SmallCounty
from tests.cohort_days import AWKWARD
from tests.random_programmes import EVENTS, FAMILIES, random_county
from tf_eval.cohort.clocks import CLOCKS
from tf_eval.value import assess_claims

SEEDS, DATES = range(4), 16
SURE = {"source": "the test", "sure": "own_choice"}
# What the random counties have, by the names that clauses of work ask for.
RENAMED = {"custody": "employment"}


@pytest.mark.parametrize("seed", SEEDS)
def test_clauses_agree_with_looking_at_every_record(seed):
    draw = random.Random(seed)
    county, clock = in_work(random_county(draw), draw), CLOCKS[seed % 2]
    rules = rules_of({f"clause_{number}": test(draw) for number, test in enumerate(KINDS * 3)})
    families = pd.DataFrame([case(draw, family) for family in FAMILIES for _ in range(DATES)]).drop_duplicates()
    found = assess_claims(county, rules, families, clock=clock).clauses
    reference = ClaimReference(county, clock)
    seen = Counter()
    for row in found.itertuples():
        test = rules.clauses[row.clause].test
        expected = reference.decide(test, row.family_id, row.identified_on.date(), row.on.date())
        state = row.state if row.told else UNTOLD
        assert state == expected, (test.sentence(), row.family_id, row.identified_on, row.on)
        seen[state] += 1
    assert set(seen) == {MET, NOT_MET, NOT_APPLICABLE, NEUTRAL, UNTOLD}


@pytest.mark.parametrize("seed", SEEDS)
def test_what_arrives_after_a_claim_changes_nothing_of_it_but_how_much_had_not_arrived(seed):
    draw = random.Random(seed)
    county, on = in_work(random_county(draw), draw), date(2012, 5, 15)
    rules = rules_of({f"clause_{number}": test(draw) for number, test in enumerate(KINDS)})
    days = {"identified_on": pd.Timestamp("2011-11-30"), "on": pd.Timestamp(on)}
    families = pd.DataFrame([{"family_id": family, **days} for family in FAMILIES])
    before = assess_claims(county, rules, families).clauses
    forgotten = forget_after(county, on)
    assert forgotten > 20
    after = assess_claims(county, rules, families).clauses
    pd.testing.assert_frame_equal(after.drop(columns="not_arrived"), before.drop(columns="not_arrived"))


def forget_after(county: SmallCounty, on: date) -> int:
    """Take out of a county what was not known on a day, and return how many records that are."""
    ends = {term_no: end for term_no, *_, end in county.tables["term"]}
    known = {
        "event": lambda row: max(row[5], row[6] or row[5]) <= on,
        "spell": lambda row: max(row[5], row[7] or row[5]) <= on,
        "attendance": lambda row: max(ends.get(row[6], on), row[10] or date.min) <= on,
    }
    rows = {table: county.tables[table] for table in known}
    county.tables.update({table: [row for row in rows[table] if is_known(row)] for table, is_known in known.items()})
    return sum(len(rows[table]) - len(county.tables[table]) for table in known)


def in_work(county: SmallCounty, draw: random.Random) -> SmallCounty:
    """Let spells of one kind be employment, some come to it from a benefit, some be in alternative provision."""
    names = {"spell": 4, "coverage": 2}
    for table, place in names.items():
        rows = county.tables.get(table, [])
        county.tables[table] = [(*row[:place], RENAMED.get(row[place], row[place]), *row[place + 1 :]) for row in rows]
    for person in county.births:
        if draw.random() < 0.3:
            county.spell(person, "alternative_provision", str(a_day(draw)))
        if draw.random() < 0.5:
            left = a_day(draw)
            county.spell(person, "out_of_work_benefit", "2010-12-01", str(left), draw.choice(["ESA", "UC"]))
            county.spell(person, "employment", str(left + timedelta(days=draw.choice([-7, 0, 0, 7]))))
    return county


def case(draw: random.Random, family: int) -> dict:
    on = max(a_day(draw), date(2011, 1, 31))
    identified = max(on - timedelta(days=draw.choice([0, 1, 30, 90, 200, 400])), date(2010, 6, 1))
    return {"family_id": family, "identified_on": pd.Timestamp(identified), "on": pd.Timestamp(on)}


def a_day(draw: random.Random) -> date:
    return draw.choice(AWKWARD) if draw.random() < 0.4 else date(2011, 4, 1) + timedelta(days=draw.randrange(540))


def few_events(draw: random.Random) -> dict:
    return {
        "type": "few_events",
        "kinds": draw.sample(EVENTS, draw.randint(1, 2)),
        "fewer_than": draw.randint(1, 3),
        "terms": draw.randint(1, 3),
        "applies": draw.choice(["to_all", "where_failed_before"]),
    }


def session_share(draw: random.Random) -> dict:
    return {
        "type": "session_share",
        "numerator": draw.choice(["unauthorised", "all"]),
        draw.choice(["below", "at_most"]): draw.choice([0.14, 0.15]),
        "terms": draw.randint(1, 3),
        "in_alternative_provision": draw.choice(["not_met", "not_applicable"]),
        "applies": draw.choice(["to_all", "where_failed_before"]),
    }


def reduction(draw: random.Random) -> dict:
    return {
        "type": "reduction",
        "kinds": draw.sample(EVENTS, draw.randint(1, 2)),
        "by_at_least": draw.choice([0.33, 0.5, 0.6, 1.0]),
        "months": draw.choice([1, 3, 6]),
        "against": draw.choice(["months_before", "before_identified"]),
        "zero_baseline": draw.choice(["not_applicable", "met", "not_met"]),
        **draw.choice([{}, {"under_age": 18}, {"under_age": 18}, {"from_age": 18}, {"from_age": 10, "under_age": 17}]),
    }


def recent_spell(draw: random.Random) -> dict:
    kinds = draw.sample(["employment", "out_of_work_benefit"], draw.randint(1, 2))
    return {"type": "recent_spell", "kinds": kinds, "months": draw.choice([1, 6])}


def employment(draw: random.Random) -> dict:
    weeks = draw.choice([(1, 1), (2, 4), (4, 5)]), draw.choice([(1, 2), (3, 3)])
    benefits = draw.choice([(["ESA"], ["UC"]), (["ESA", "UC"],)])
    groups = [
        {"benefits": names, "weeks": some, "of_last": of, **SURE}
        for names, (some, of) in zip(benefits, weeks, strict=False)
    ]
    return {"type": "employment", "continuous": groups}


KINDS = [few_events, session_share, reduction, reduction, recent_spell, employment]
