"""Rules of payment by results as files: what the four of them say, and what is said of a slip."""

from datetime import date

import pytest

from tests.claim_rules import OWN, rules_of
from tests.conftest import PROJECT
from tf_eval.data.yaml_file import load_yaml
from tf_eval.errors import ConfigError
from tf_eval.value import load_payment_rules
from tf_eval.value.claims.worded import HOW_SURE

FOLDER = PROJECT / "params" / "pbr"
FILES = (
    "troubled_families_2012",
    "troubled_families_2015",
    "supporting_families_2021",
    "supporting_families_2022",
)
EXCLUSIONS = {"type": "few_events", "kinds": ["fixed_exclusion"], "fewer_than": 3, "terms": 3}
JSA = {"benefits": ["JSA"], "weeks": 26, "of_last": 30, **OWN}


@pytest.mark.parametrize("name", FILES)
def test_the_files_hold_together_and_say_how_sure_each_clause_is(name):
    rules = load_payment_rules(FOLDER / f"{name}.yaml")
    assert rules.name == name
    table = rules.table()
    assert list(table["clause"]) == list(rules.clauses)
    assert table["source"].str.len().gt(0).all() and table["how_sure"].isin(HOW_SURE.values()).all()
    assert rules.money[0].year.startswith(str(rules.holds.start.year))


@pytest.mark.parametrize(
    ("year", "attachment", "without_work", "progress", "employment"),
    [("2012/13", 3200, 700, 100, 800), ("2013/14", 2400, 1500, 100, 1600), ("2014/15", 1600, 2300, 100, 2400)],
)
def test_a_family_of_2012_to_2015_brings_4000_pounds_at_most(year, attachment, without_work, progress, employment):
    money = load_payment_rules(FOLDER / "troubled_families_2012.yaml").money_of(year)
    assert money.attachment == attachment
    assert money.results == {
        "crime_and_education": without_work,
        "progress_to_work": progress,
        "continuous_employment": employment,
    }
    assert attachment + employment == attachment + without_work + progress == 4000


def test_the_rules_of_2012_in_their_documents_words():
    rules = load_payment_rules(FOLDER / "troubled_families_2012.yaml")
    tests = {name: clause.test for name, clause in rules.clauses.items()}
    assert tests["exclusions"].fewer_than == 3 and tests["exclusions"].terms == 3
    assert tests["absence"].below == 0.15 and tests["absence"].numerator == "unauthorised"
    assert tests["antisocial_behaviour"].by_at_least == 0.60 and tests["antisocial_behaviour"].months == 6
    assert tests["offending"].by_at_least == 0.33 and tests["offending"].under_age == 18
    assert rules.routes["continuous_employment"].replaces == ("crime_and_education", "progress_to_work")
    assert rules.routes["crime_and_education"].only_with == ()  # it pays without any result in work
    assert rules.funded.share == 5 / 6
    assert "60%" in rules.clauses["antisocial_behaviour"].quote


def test_the_weeks_of_employment_are_never_told_as_a_fact():
    clause = load_payment_rules(FOLDER / "troubled_families_2012.yaml").clauses["employment"]
    assert clause.sure == "from_memory"
    assert {group.sure for group in clause.test.continuous} == {"from_memory"}
    weeks = {benefit: (group.weeks, group.of_last) for group in clause.test.continuous for benefit in group.benefits}
    assert weeks["JSA"] == (26, 30) and weeks["ESA"] == (13, 13)
    assert "To be checked" in load_payment_rules(FOLDER / "troubled_families_2012.yaml").summary()


def test_an_outcome_plan_is_marked_as_a_councils_own():
    rules = load_payment_rules(FOLDER / "troubled_families_2015.yaml")
    plan = rules.routes["significant_and_sustained_progress"]
    assert {rules.clauses[name].sure for name in plan.needs} == {"own_choice"}
    assert (rules.money_of("2015/16").attachment, rules.money_of("2019/20").results) == (
        1000, {"significant_and_sustained_progress": 800, "continuous_employment": 800},
    )  # fmt: skip
    attendance = rules.clauses["attendance"].test
    assert (attendance.at_most, attendance.terms, attendance.numerator) == (0.1, 3, "all")


def test_the_first_rules_of_supporting_families_keep_the_two_routes_of_the_programme_before():
    rules = load_payment_rules(FOLDER / "supporting_families_2021.yaml")
    assert rules.routes["continuous_employment"].replaces == ("sustained_and_significant_progress",)
    assert {route.sure for route in rules.routes.values()} == {"read"}  # that there are these two, and no more of them
    assert {clause.sure for clause in rules.clauses.values()} <= {"own_choice", "from_memory"}
    assert {item.sure for item in rules.money} == {"from_memory"}
    assert len(rules.not_covered) == 3  # of the six criteria of 2015 that it kept


def test_supporting_families_has_one_set_of_rules_for_each_day():
    first, second = (load_payment_rules(FOLDER / f"supporting_families_{year}.yaml") for year in (2021, 2022))
    assert (first.holds.start, first.holds.until) == (date(2021, 4, 1), second.holds.start)


def test_the_ten_headline_outcomes_of_2022_are_all_named_and_those_without_data_are_not_covered():
    rules = load_payment_rules(FOLDER / "supporting_families_2022.yaml")
    assert len(rules.clauses) + len(rules.not_covered) == 10
    assert "Not covered by these rules: Early years" in rules.summary()
    assert rules.clauses["education"].test.terms == 2
    assert rules.money_of("2022/23").results == {"successful_outcome": 800}


def test_no_clause_of_the_files_is_without_a_source():
    for name in FILES:
        document = load_yaml(FOLDER / f"{name}.yaml")
        assert all(item["source"] for part in ("clauses", "routes", "money") for item in _items(document[part]))


def _items(part):
    return part.values() if isinstance(part, dict) else part


def test_all_slips_are_told_with_the_nearest_known_word():
    with pytest.raises(ConfigError) as told:
        rules_of({"one": {**EXCLUSIONS, "kinds": ["fixed_exclusions"]}, "two": {**EXCLUSIONS, "fewer_then": 3}})
    assert "no kind 'fixed_exclusions'. Did you mean 'fixed_exclusion'?" in str(told.value)
    assert "no key 'fewer_then'. Did you mean 'fewer_than'?" in str(told.value)


@pytest.mark.parametrize(
    ("clauses", "routes", "problem"),
    [
        ({"it": EXCLUSIONS}, {"all": {"needs": ["its"]}}, "no clause 'its'. Did you mean 'it'?"),
        ({"it": EXCLUSIONS, "two": EXCLUSIONS}, {"all": {"needs": ["it"]}}, "clauses.two: it is stated, but no route"),
        ({"it": EXCLUSIONS}, {"all": {"needs": ["it"], "replaces": ["alle"]}}, "no other route 'alle'"),
        ({"it": EXCLUSIONS}, {"all": {"needs": ["it"], "replaces": ["all"]}}, "no other route 'all'"),
        ({"it": {**EXCLUSIONS, "fewer_than": 0}}, None, "greater than or equal to 1"),
        (
            {"it": {"type": "employment", "continuous": [{**JSA, "weeks": 31}]}},
            None,
            "weeks cannot be more than of_last",
        ),
        ({"it": {"type": "employment", "continuous": [JSA, JSA]}}, None, "a benefit stands twice"),
        ({"it": {"type": "employment", "continuous": [{**JSA, "benefits": ["JSX"]}]}}, None, "no detail 'JSX'"),
        ({"it": {"type": "session_share", "numerator": "all", "terms": 2}}, None, "give one of below and at_most"),
    ],
)
def test_rules_that_do_not_hold_together_are_refused(clauses, routes, problem):
    named = {} if routes is None else {"routes": {name: {"title": "All", **OWN, **it} for name, it in routes.items()}}
    with pytest.raises(ConfigError, match=problem.replace("?", r"\?")):
        rules_of(clauses, **named)


def test_money_has_an_amount_for_each_route_and_each_year_once():
    year = {"year": "2012/13", "attachment": 1, "results": {"some": 1}, **OWN}
    with pytest.raises(ConfigError) as told:
        rules_of({"it": EXCLUSIONS}, money=[year, year])
    assert "2012/13 stands twice" in str(told.value)
    assert "no route 'some'" in str(told.value) and "'all' has no amount" in str(told.value)


def test_a_year_without_money_is_refused_when_it_is_asked_for():
    with pytest.raises(ConfigError, match="no money of 2011/12; the rules have that of 2012/13, 2013/14 and 2014/15"):
        rules_of({"it": EXCLUSIONS}).money_of("2011/12")


def test_claim_windows_lie_in_the_days_for_which_the_rules_hold():
    days = {"from": date(2015, 3, 1).isoformat(), "until": "2015-05-01"}
    with pytest.raises(ConfigError, match="claim_windows: each must lie within"):
        rules_of({"it": EXCLUSIONS}, claim_windows=[days])
