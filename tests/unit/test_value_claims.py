"""The parts of claims that need no county: which route is claimed when, the pace, windows, pounds in words."""

import numpy as np
import pytest

from tests.claim_rules import OWN, rules_of
from tests.cohort_days import AWKWARD, months_later
from tf_eval.cohort.months import as_days
from tf_eval.errors import NotEstimated
from tf_eval.value.claims.first_claims import first_claims
from tf_eval.value.claims.forecast import pace_of
from tf_eval.value.claims.money import about_pounds, years_of
from tf_eval.value.claims.windows import months_back

FEW = {"type": "few_events", "kinds": ["fixed_exclusion"], "fewer_than": 3, "terms": 3}
ROUTES = {
    "crime": {"title": "Crime", "needs": ["it"], **OWN},
    "progress": {"title": "Progress", "needs": ["it"], "only_with": ["crime"], **OWN},
    "work": {"title": "Work", "needs": ["it"], "replaces": ["crime", "progress"], **OWN},
}


@pytest.fixture
def rules():
    return rules_of({"it": FEW}, routes=ROUTES)


def settled(rules, met, earlier=()):
    days = {route: [np.datetime64(day) for day in dates] for route, dates in met.items()}
    return {item.route: (str(item.on), item.status, item.other) for item in first_claims(rules, days, earlier)}


def test_the_first_date_is_claimed(rules):
    assert settled(rules, {"crime": ["2013-03-01", "2013-01-01"]}) == {"crime": ("2013-01-01", "claim", "")}


def test_a_route_that_replaces_others_is_claimed_in_their_place(rules):
    found = settled(rules, {"crime": ["2013-01-01"], "progress": ["2013-01-01"], "work": ["2013-01-01"]})
    assert found == {
        "work": ("2013-01-01", "claim", ""),
        "crime": ("2013-01-01", "replaced", "work"),
        "progress": ("2013-01-01", "replaced", "work"),
    }


def test_a_route_that_would_replace_a_claim_comes_too_late(rules):
    found = settled(rules, {"crime": ["2013-01-01"], "work": ["2013-02-01"]})
    assert found["work"] == ("2013-02-01", "claimed_before", "crime")


def test_what_is_replaced_stays_so_later(rules):
    found = settled(rules, {"work": ["2013-01-01"], "crime": ["2013-02-01"]})
    assert found["crime"] == ("2013-02-01", "replaced", "work")


def test_a_route_that_needs_another_waits_for_it(rules):
    found = settled(rules, {"progress": ["2013-01-01", "2013-03-01"], "crime": ["2013-02-01"]})
    assert found == {"crime": ("2013-02-01", "claim", ""), "progress": ("2013-03-01", "claim", "")}


def test_a_route_that_needs_another_is_no_claim_without_it(rules):
    assert settled(rules, {"progress": ["2013-01-01"]}) == {"progress": ("2013-01-01", "lacks_other_route", "crime")}
    assert settled(rules, {"progress": ["2013-01-01"]}, ["crime"])["progress"][1] == "claim"


def test_a_route_whose_other_comes_when_it_is_met_no_more_is_no_claim(rules):
    found = settled(rules, {"progress": ["2013-01-01", "2013-02-01"], "crime": ["2013-03-01"]})
    assert found == {"crime": ("2013-03-01", "claim", ""), "progress": ("2013-01-01", "lacks_other_route", "crime")}


@pytest.mark.parametrize("route", ["crime", "work"])
def test_no_route_is_claimed_that_the_earlier_register_has_or_excludes(rules, route):
    assert settled(rules, {route: ["2013-01-01"]}, ["crime"])[route] == ("2013-01-01", "claimed_before", "crime")


@pytest.mark.parametrize("months", [1, 6, 12])
def test_the_first_day_of_a_look_back_is_the_first_that_counts_on_the_day(months):
    """Held against calendar arithmetic that shares no code with it."""
    for on in AWKWARD:
        first = months_back(as_days([on]), months)[0].item()
        before = first.fromordinal(first.toordinal() - 1)
        assert months_later(first, months) > on >= months_later(before, months)


def test_a_financial_year_begins_in_april():
    assert list(years_of(as_days(["2013-03-31", "2013-04-01"]))) == ["2012/13", "2013/14"]


def test_the_pace_of_claims_is_a_life_table():
    """Of ten families two are claimed after 3 months and one after 5; four have been looked at for 4, three for 5."""
    pace = pace_of(np.array([3, 3, 5]), np.array([4, 4, 4, 4, 5, 5, 5]))
    assert pace.hazard == pytest.approx([0, 0, 0, 2 / 10, 0, 1 / 4])
    expected = pace.expected(np.array([2, 4, 5]), 4)
    assert expected[0] == pytest.approx([0.2, 0, 0.8 / 4, 0])  # months 3, 4, 5 and 6 after being attached
    assert expected[1] == pytest.approx([1 / 4, 0, 0, 0])
    assert expected[2] == pytest.approx([0, 0, 0, 0])  # nothing is known of longer times


def test_families_that_are_yet_to_be_attached_are_expected_from_then_on():
    pace = pace_of(np.array([0, 1]), np.array([1, 1]))
    assert pace.expected(np.array([-3]), 4)[0] == pytest.approx([0, 0, 1 / 4, 3 / 4 / 3])


def test_without_any_claim_there_is_no_pace():
    assert isinstance(pace_of(np.array([], dtype=int), np.array([3])), NotEstimated)


def test_a_sum_tells_no_more_of_the_number_of_families_than_counts_do():
    told = {families: about_pounds(700 * families, families) for families in (9, 12, 13, 17, 18)}
    assert told[9] == "a sum not told, for it rests on fewer than 10 families"
    assert told[12] == "about £7,000"
    assert told[13] == told[17] != told[18]
