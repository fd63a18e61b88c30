"""The outcomes file, and what is refused in one."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tests.cohort_panel import OFFENCES
from tf_eval import project
from tf_eval.cohort import load_outcomes
from tf_eval.cohort.months import financial_year, first_day, last_day, minus_months, month_of
from tf_eval.cohort.terms import Terms
from tf_eval.cohort.words import about
from tf_eval.errors import ConfigError

FILE = "params/outcomes.yaml"
NAMES = [
    "asb_incident",
    "proven_offence",
    "unauthorised_absence",
    "exclusion",
    "out_of_work_benefit",
    "police_callout",
    "plan_or_care",
]


def test_the_seven_outcomes_stand_in_the_project():
    outcomes = load_outcomes()
    assert list(outcomes) == NAMES
    assert {outcome.scale for outcome in outcomes.values() if outcome.kind == "count"} == {1200}
    assert {outcome.scale for outcome in outcomes.values() if outcome.kind != "count"} == {100}
    assert {name for name, outcome in outcomes.items() if outcome.detection_sensitive} == {
        "police_callout",
        "plan_or_care",
    }
    assert [name for name, outcome in outcomes.items() if outcome.by_term] == ["unauthorised_absence"]


SLIPS = [
    ("kinds: [asb_incident]", "kinds: [asb_incidnt]", "no kind 'asb_incidnt'. Did you mean 'asb_incident'?"),
    ("table: attendance", "table: event", "a share is taken from the table 'attendance'"),
    ("    numerator: unauthorised\n", "", "a share, and nothing else, needs one of"),
    ("    kinds: [asb_incident]\n", "", "outcomes.asb_incident.kinds: name at least one kind"),
    ("numerator: unauthorised", "numerator: unauthorised\n    under_age: 16", "sessions have no age"),
    ("numerator: unauthorised", "numerator: unauthorised\n    unexposed_in: [custody]", "are the exposure of a share"),
    ("    by_term: true\n", "", "outcomes.unauthorised_absence.by_term: a share is known by term"),
    ("kinds: [asb_incident]", "kinds: [asb_incident]\n    by_term: true", "a share is known by term, and nothing else"),
    ("kinds: [asb_incident]", "kinds: [asb_incident]\n    details: [JSA]", "only spells have a detail"),
    ("from_age: 18", "from_age: 18\n    details: [JSAX]", "no detail 'JSAX'. Did you mean 'JSA'?"),
    (
        "kinds: [out_of_work_benefit]",
        "kinds: [out_of_work_benefit, off_roll]\n    details: [JSA]",
        "no details are recorded of off_roll",
    ),
    ("  asb_incident:", "  weight:", "name: 'weight' is another column of a matched frame"),
    ("under_age: 18", "under_age: 10", "nobody is of that age"),
    ("unexposed_in: [custody]", "unexposed_in: [costody]", "no kind 'costody'. Did you mean 'custody'?"),
    ("kinds: [asb_incident]", "kinds: [asb_incident]\n    price: recorded", "money, and nothing else, needs either"),
    ("kind: count", "kind: money", "money, and nothing else, needs either price: recorded or prices"),
    ("kind: count", "kind: money\n    prices: {asbo: 35}", "prices: name each of the kinds once"),
    ("kind: count", "kind: money\n    prices: {asb_incident: 35}", "say the year of the prices (price_year)"),
]


@pytest.mark.parametrize(("right", "wrong", "message"), SLIPS)
def test_a_slip_in_the_outcomes_file_is_refused_with_its_place(tmp_path, right, wrong, message):
    text = project.locate(FILE).read_text(encoding="utf-8")
    assert right in text
    path = tmp_path / "slip.yaml"
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_outcomes(path)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "money"}, "money, and nothing else, needs either price: recorded or prices"),
        ({"lag_months": -3}, "lag_months: Input should be greater than or equal to 0"),
        ({"lag_months": True}, "lag_months: Input should be a valid integer"),
        ({"kinds": ("proven_ofence",)}, "Did you mean 'proven_offence'"),
        ({"kinds": "proven_offence"}, "kinds: Input should be a valid array"),
        ({"name": "weight"}, "'weight' is another column"),
        ({"good_direction": "down"}, "good_direction"),
    ],
)
def test_what_a_file_may_not_say_may_not_be_made_in_python(change, message):
    with pytest.raises(ConfigError, match=message):
        replace(OFFENCES, **change)


def test_lists_of_words_become_tuples():
    assert replace(OFFENCES, kinds=["proven_offence", "asbo"]).kinds == ("proven_offence", "asbo")


def test_months_are_whole_numbers():
    month = 2012 * 12 + 1
    assert str(first_day(month)) == "2012-02-01"
    assert str(last_day(month)) == "2012-02-29"
    assert month_of(last_day(month)) == month
    assert [financial_year(2013 * 12 + number) for number in (2, 3)] == ["2012/13", "2013/14"]


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        ("2015-04-01", 6, "2014-10-01"),
        ("2015-08-31", 6, "2015-02-28"),
        ("2012-03-30", 1, "2012-02-29"),
        ("2015-01-15", 1, "2014-12-15"),
        ("2015-01-15", 0, "2015-01-15"),
    ],
)
def test_months_before_a_day_are_clamped_to_the_month(day, months, before):
    assert minus_months(date.fromisoformat(day), months).isoformat() == before


@pytest.mark.parametrize("start", ["2012-01-14", "2012-01-15", "2012-01-16"])
@pytest.mark.parametrize("end", ["2012-04-14", "2012-04-15", "2012-04-16"])
def test_a_term_has_the_months_whose_15th_it_covers(start, end):
    months = np.arange(6) + 2011 * 12 + 11
    terms = Terms(np.array([1]), *(np.array([day], dtype="datetime64[D]") for day in (start, end)))
    covered = np.flatnonzero(terms.of_months(months) == 0)
    assert terms.spans_of(months) == {0: (covered[0], covered[-1] + 1)}
    assert terms.spans_of(months[: covered[-1]]) == {}
    assert terms.spans_of(months[covered[0] + 1 :]) == {}


@pytest.mark.parametrize(
    ("count", "words"), [(0, "fewer than 10"), (9, "fewer than 10"), (12, "about 10"), (1203, "about 1,205")]
)
def test_counts_are_rounded_in_words(count, words):
    assert about(count) == words
