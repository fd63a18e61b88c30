"""Deadweight by hand: who would have been paid for anyway, what support brought about, and what each result cost."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tests.accepted import accepted
from tests.claim_rules import OWN, rules_of
from tests.cohort_county import SmallCounty, small_county
from tf_eval.cohort.months import month_of
from tf_eval.errors import ConfigError, NotEstimated
from tf_eval.matching import match
from tf_eval.value import deadweight

ASB = {"type": "reduction", "kinds": ["asb_incident"], "by_at_least": 0.6, "months": 6, "against": "months_before"}
STARTED = "2012-10-01"
INDEX = int(month_of(np.datetime64(STARTED)))
END = int(month_of(np.datetime64("2014-12-01")))  # the last month of the panel
PAIRS = 40


@dataclass
class Panel:
    """Families by months as a panel lays them out: a row each, and comparison families until a start of their own."""

    own_start: dict[int, int]
    end: int = END

    outcomes = (SimpleNamespace(name="term", by_term=True), SimpleNamespace(name="month", by_term=False))

    def event_time_frame(self, matched, outcome, columns):
        assert outcome == "month", "what is known by term does not serve around a start"
        event_time = np.arange(-24, 25)
        laid = matched.frame.loc[matched.frame.index.repeat(len(event_time))].reset_index(names="row")
        laid["event_time"] = np.tile(event_time, len(matched.frame))
        laid["adopted"] = np.where(laid["treated"] == 1, 0.0, np.nan)
        month = laid["index_month"] + laid["event_time"]
        laid["serves"] = (month <= self.end) & (month < laid["family_id"].map(self.own_start).fillna(np.inf))
        return laid


def county_of(passing: set[int], excluded: set[int] = frozenset(), families: int = 2 * PAIRS) -> SmallCounty:
    """Everybody had three incidents in the summer of 2012; who passes had none since, the others go on as before."""
    county = small_county()
    for family in range(1, families + 1):
        county.family(family, ["1975-05-05", "2001-01-01"])
        for month in range(7, 10):
            county.event(family * 10, "asb_incident", f"2012-0{month}-15")
        for year, month in () if family in passing else ((2012, m) for m in (10, 11, 12)):
            county.event(family * 10, "asb_incident", f"{year}-{month}-15")
        for year, month in () if family in passing else ((2013, m) for m in range(1, 10)):
            county.event(family * 10, "asb_incident", f"{year}-{month:02d}-15")
        if family in excluded:
            county.event(family * 10 + 1, "fixed_exclusion", "2013-02-01")
    return county


def matched_of(index_month=INDEX, pairs=PAIRS):
    """Families 1 to 40 have support; family 40 + n is like family n, and like no other."""
    number = np.concatenate([np.arange(pairs), PAIRS + np.arange(pairs)])
    frame = pd.DataFrame(
        {
            "family_id": number + 1,
            "treated": (number < PAIRS).astype(int),
            "index_month": index_month,
            "start_cohort": "2012/13",
            "x": (number % PAIRS).astype(float),
        }
    )
    how = {"treated": "treated", "unit": "family_id", "risk_set": "index_month"}
    return accepted(match(frame, on=["x"], **how))


THIRTY, TWENTY = set(range(1, 31)), set(range(PAIRS + 1, PAIRS + 21))


@pytest.fixture(scope="module")
def found():
    return deadweight(county_of(THIRTY | TWENTY), rules_of({"asb": ASB}), Panel({}), matched_of(), clock="happened")


def test_what_like_families_could_be_claimed_for_would_have_been_paid_anyway(found):
    row = found.table().set_index("result").loc["any_result"]
    assert (row["with_support"], row["without_support"]) == (pytest.approx(0.75), pytest.approx(0.5))
    assert row["brought_about"] == pytest.approx(0.25) and row["paid_anyway"] == pytest.approx(2 / 3)
    assert (row["n_treated"], row["n_comparison"]) == (40, 40)


def test_its_interval_is_that_of_a_difference_of_shares(found):
    """The textbook's error of two independent shares; pairs are no closer than strangers here."""
    row = found.any_result
    textbook = np.sqrt(0.75 * 0.25 / 40 + 0.5 * 0.5 / 40)
    assert row.std_error == pytest.approx(textbook, rel=0.02)  # 40 families or 39: 1.3 %
    assert row.ci_low > 0


def test_the_money_is_the_rules_own_times_the_funded_share(found):
    price = found.price
    assert price.fee == pytest.approx(3200 * 5 / 6) and price.results == pytest.approx(0.75 * 700 * 5 / 6)
    assert price.anyway == pytest.approx(0.5 * 700 * 5 / 6)
    assert price.per_result == pytest.approx((3200 + 0.75 * 700) * 5 / 6 / 0.25)
    assert price.per_result_low == pytest.approx(price.paid / found.any_result.ci_high)
    assert price.per_result_high == pytest.approx(price.paid / found.any_result.ci_low)


def test_it_is_said_in_plain_words(found):
    said = found.summary()
    # Of 40 families, shares are told in steps of 20 %: five of them or more.
    assert "for about 80% of the families with support; without it, like families tell, for about 40%" in said
    assert "Support brought about a result for 25 of 100 families (95% interval 4 to 46)" in said
    assert "For each family £3,100 was paid, £438 of it for results, of which £292 would have been paid anyway." in said
    assert "A result that support brought about cost £12,400 (95% interval £6,730 to " in said


def test_nobody_is_claimed_before_the_first_month_that_is_looked_at(found):
    course = {row.where["event_time"]: row for row in found.course.rows if row.where["event_time"] >= 0}
    assert [course[month].treated_mean for month in (0, 4)] == pytest.approx([0, 0])
    # Three incidents from July to September, none from October on: down by all of it on the first of April.
    assert course[5].treated_mean == pytest.approx(0.75) and max(course) == 11


def test_where_all_would_have_been_claimed_anyway_payment_bought_nothing_that_can_be_told():
    same = county_of(set(range(1, 21)) | TWENTY)
    found = deadweight(same, rules_of({"asb": ASB}), Panel({}), matched_of(), clock="happened")
    assert found.any_result.att == pytest.approx(0)
    assert found.price.per_result == found.price.per_result_high == np.inf
    assert "whether payment bought any result at all cannot be told" in found.summary()
    assert "cost at least £" in found.summary()
    assert found.to_dict()["price"]["per_result"] is None


def test_where_support_is_behind_no_result_can_be_named():
    worse = county_of(set(range(1, 6)) | set(range(PAIRS + 1, PAIRS + 31)))
    found = deadweight(worse, rules_of({"asb": ASB}), Panel({}), matched_of(), clock="happened")
    assert "there are fewer results than without it" in found.summary()
    assert "No result can be named that the money bought." in found.summary()


def test_a_route_that_nobody_could_be_claimed_by_says_so_and_the_others_stand():
    routes = {
        "crime": {"title": "Crime", "needs": ["asb"], **OWN},
        "work": {"title": "Employment", "needs": ["work"], "replaces": ["crime"], **OWN},
    }
    work = {"type": "recent_spell", "kinds": ["work_programme"], "months": 6}
    rules = rules_of({"asb": ASB, "work": work}, routes=routes)
    found = deadweight(county_of(THIRTY | TWENTY), rules, Panel({}), matched_of(), clock="happened")
    table = found.table().set_index("result")
    assert table.loc["work", "reason"] == "no family of either group could be claimed by it"
    assert table.loc["crime", "brought_about"] == table.loc["any_result", "brought_about"] == pytest.approx(0.25)


def test_a_comparison_family_serves_until_a_start_of_its_own():
    """Twenty that do not pass start in the month after the first claims; of the other twenty all pass."""
    own = dict.fromkeys(range(PAIRS + 21, 2 * PAIRS + 1), INDEX + 6)
    found = deadweight(county_of(THIRTY | TWENTY), rules_of({"asb": ASB}), Panel(own), matched_of(), clock="happened")
    course = {row.where["event_time"]: row for row in found.course.rows}
    assert course[5].counterfactual_mean == pytest.approx(0.5) and course[5].n_comparison == 40
    assert course[6].counterfactual_mean == pytest.approx(1.0) and course[6].n_comparison == 20


def test_families_that_cannot_be_followed_so_long_are_left_out_and_counted():
    late = np.where(np.arange(2 * PAIRS) % PAIRS < 25, INDEX, INDEX + 6)
    panel = Panel({}, end=INDEX + 11)
    rules = rules_of({"asb": ASB})
    found = deadweight(county_of(THIRTY | TWENTY), rules, panel, matched_of(late), clock="happened")
    assert (found.left_out, found.any_result.n_treated, found.any_result.n_comparison) == (15, 25, 25)
    assert "Left out: about 15 families with support" in found.summary()
    early = deadweight(county_of(set()), rules, Panel({}, end=INDEX + 10), matched_of())
    assert early.left_out == PAIRS and "no family with support was followed up to the last month" in early.summary()


def test_the_fee_is_that_of_the_year_of_each_start():
    starts = np.where(np.arange(2 * PAIRS) % PAIRS < 20, INDEX, INDEX + 6)  # April 2013 is another year
    paid = {"results": {"all": 700}, **OWN}
    money = [{"year": year, "attachment": fee, **paid} for year, fee in (("2012/13", 3200), ("2013/14", 2400))]
    rules = rules_of({"asb": ASB}, money=money)
    found = deadweight(county_of(THIRTY | TWENTY), rules, Panel({}), matched_of(starts), clock="happened")
    assert found.fee == pytest.approx((3200 + 2400) / 2 * 5 / 6)


def test_few_families_are_not_told_in_words_and_figures(found):
    few, rules = county_of(set(range(1, 6)) | {PAIRS + 1}), rules_of({"asb": ASB})
    told = deadweight(few, rules, Panel({}), matched_of(pairs=7), clock="happened")
    assert "not shown" in told.summary() and "%" not in told.summary()
    assert not told.plot().lines and "not shown" in told.plot().get_title(loc="left")
    assert len(found.plot().lines) == 2


def test_what_cannot_be_asked_is_refused_with_advice(found):
    rules, matched = rules_of({"asb": ASB}), matched_of()
    for months in ((0, 12), (6, 25), (12, 6), 12, (6, 7.5)):
        with pytest.raises(ConfigError, match="months must be the first and the last month after the start"):
            deadweight(county_of(set()), rules, Panel({}), matched, months=months)
    with pytest.raises(ConfigError, match="pass rules of payment"):
        deadweight(county_of(set()), "troubled_families_2012", Panel({}), matched)
    with pytest.raises(ConfigError, match="hand in what match returned"):
        deadweight(county_of(set()), rules, Panel({}), found)


def test_nobody_who_could_be_claimed_at_all_is_said_so():
    found = deadweight(county_of(set()), rules_of({"asb": ASB}), Panel({}), matched_of(), clock="happened")
    assert isinstance(found.any_result, NotEstimated) and isinstance(found.price, NotEstimated)
    assert "no family of either group could be claimed by it" in found.summary()
