"""Cost and benefit with doubt, each formula on an example worked by hand."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from tf_eval.data.strict_model import validate
from tf_eval.errors import ConfigError, InputError
from tf_eval.evidence import Word
from tf_eval.value import Told, appraise, load_appraisal, load_unit_costs, paths_from
from tf_eval.value.appraisal.rules import APPRAISAL_FILE, price
from tf_eval.value.appraisal.terms import AppraisalTerms

MONTHS = 24
NO_OPTIMISM = [{"means": "sure", "optimism": 0.0}] * 6
SOURCE = {"source": "made up", "reading": "for a test"}
# 1,000 pounds an event at the prices of the appraisal, so that nothing is uprated.
COSTS = """\
edition,code,theme,description,unit,value,low,high,price_year,kind,saved_by,cashable,rag,source,read_in
1,EVENT,crime,An event,incident,1000,500,2000,2013/14,fiscal,police 600; NHS 400,0.25,G,A book,A book
1,YEAR,care,A year in a state,person-year,12000,,,2013/14,fiscal,council,,A,A book,A book
1,CALM,crime,A year without fear of crime,person-year,1200,,,2013/14,social,families,,A,A book,A book
1,JOY,care,A year of joy,person-year,1200,,,2013/14,social,families,,A,A book,A book
1,BOTH,school,An event with crime in it,incident,500,,,2013/14,fiscal,police 100; council 400,,A,A book,A book
1,HOUR,work,An hour of a worker,hour,30,,,2013/14,cost,council,,A,A book,A book
"""
OVERLAPS = "edition,code,contains,through,reading\n1,BOTH,crime,police,It has crime in it\n"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("costs")
    (folder / "costs.csv").write_text(COSTS, encoding="utf-8")
    (folder / "overlaps.csv").write_text(OVERLAPS, encoding="utf-8")
    return load_unit_costs(folder / "costs.csv", overlaps=folder / "overlaps.csv")


def worth(code: str = "EVENT", **asked):
    amount = {} if {"person_months", "weeks"} & set(asked) else {"events": 1.0}
    return {"unit_cost": code, "confidence": 1, **SOURCE, **amount, **asked}


def document(outcomes=None, months=MONTHS, rate=0.0, grades=NO_OPTIMISM, scenario="stops", parts=None, **delivery):
    bands = [{"until_year": 75, "rate": rate}]
    entered = [{"type": "entered", "what": "all of it", "cost_per_family": 600.0}]
    return {
        "name": "made_up",
        "title": "A made-up appraisal",
        "prices_of": "2013/14",
        "horizon": {"months": months, "low": 1, "high": 900, **SOURCE},
        "discounting": {"standard": bands, "health": bands, "low": 0.0, "high": 0.07, **SOURCE},
        "optimism_bias": {"grades": grades, **SOURCE},
        "persistence": {"scenario": scenario, "half_life_months": 6.0, "level_over_months": 2, **SOURCE},
        "outcomes": {
            name: {"label": name.upper(), "worth": found}
            for name, found in ({"events": [worth()]} if outcomes is None else outcomes).items()
        },
        "delivery": {
            "visits": {
                "price_year": "2013/14",
                "paid_by": {"council": 0.75, "police": 0.25},
                "confidence": 1,
                "low": 0.5,
                "high": 2.0,
                "intensities": {"usual": entered if parts is None else parts},
                **SOURCE,
                **delivery,
            }
        },
    }


def rules(library, **asked):
    return price(validate(AppraisalTerms, document(**asked), "made_up"), library, "made_up")


def fall(months: int = 12, size: float = 0.1, error: float = 0.0, name: str = "events", draws: int = 999):
    return paths_from({name: [-size] * months}, error**2 * np.ones((months, months)), seed=1, draws=draws)


def value_of(library, paths, **asked):
    return appraise(paths, rules(library, **asked), intervention="visits")


def mean(appraisal, name: str) -> float:
    return appraisal.measures[name].mean


def test_without_discounting_the_net_value_is_the_plain_sum(library):
    """A tenth of an event less in each of 12 months, at 1,000 pounds, less a cost of 600."""
    found = value_of(library, fall())
    assert mean(found, "fiscal") == pytest.approx(1200)
    assert mean(found, "net_fiscal") == pytest.approx(600)
    assert mean(found, "ratio_fiscal") == pytest.approx(2)
    assert mean(found, "cashable") == pytest.approx(300)


def test_months_of_a_state_are_priced_by_the_month(library):
    found = value_of(library, fall(), outcomes={"events": [worth("YEAR", person_months=2.0)]})
    assert mean(found, "fiscal") == pytest.approx(12 * 0.1 * 2 * 12_000 / 12)


def test_an_outcome_can_save_money_when_it_rises(library):
    found = value_of(library, fall(size=-0.1), outcomes={"events": [worth(when="rises")]})
    assert mean(found, "fiscal") == pytest.approx(1200)


def test_weeks_are_a_52nd_of_a_year(library):
    found = value_of(library, fall(), outcomes={"events": [worth("YEAR", weeks=1.0)]})
    assert mean(found, "fiscal") == pytest.approx(12 * 0.1 * 12_000 / 52)


def test_years_are_discounted_from_the_second_on(library):
    found = value_of(library, fall(36), months=36, rate=0.035)
    assert mean(found, "fiscal") == pytest.approx(1200 * (1 + 1 / 1.035 + 1 / 1.035**2))


def test_the_rate_falls_after_thirty_years_and_health_has_its_own():
    discounting = load_appraisal().terms.discounting
    factors, health = discounting.factors(32 * 12), discounting.factors(32 * 12, "health")
    assert factors[11] == 1
    assert factors[30 * 12] == pytest.approx(1.035**-30)
    assert factors[31 * 12] == pytest.approx(1.035**-30 / 1.03)
    assert health[31 * 12] == pytest.approx(1.015**-31)


@pytest.mark.parametrize(
    ("scenario", "after"),
    [("stops", 0.0), ("lasts", 12 * 100.0), ("decays", sum(100 * 0.5 ** (month / 6) for month in range(1, 13)))],
)
def test_after_the_follow_up_effects_go_on_by_the_scenario(library, scenario, after):
    found = value_of(library, fall(), scenario=scenario)
    assert mean(found, "fiscal") == pytest.approx(1200 + after)


def test_effects_go_on_from_the_mean_of_the_last_months(library):
    """The rules take the last two months: 0.1 and 0.3 go on as 0.2."""
    paths = paths_from({"events": [0.0, -0.1, -0.3]})
    found = value_of(library, paths, scenario="lasts", months=5)
    assert mean(found, "fiscal") == pytest.approx(1000 * (0.1 + 0.3 + 0.2 + 0.2))


def test_follow_up_beyond_the_horizon_does_not_count(library):
    assert mean(value_of(library, fall(12), months=6), "fiscal") == pytest.approx(600)


def test_optimism_bias_is_added_to_cost_and_taken_from_benefit(library):
    graded = [*NO_OPTIMISM[:2], {"means": "less sure", "optimism": 0.1}, *[{"means": "guess", "optimism": 0.4}] * 3]
    outcomes = {"events": [worth(confidence=6)]}
    found = value_of(library, fall(), grades=graded, outcomes=outcomes, confidence=3)
    assert mean(found, "cost") == pytest.approx(660)
    assert mean(found, "fiscal") == pytest.approx(720)


def test_optimism_bias_makes_a_loss_larger_and_no_interval_narrower(library):
    graded = [*NO_OPTIMISM[:5], {"means": "guess", "optimism": 0.4}]
    outcomes = {"events": [worth(confidence=6)]}
    found = value_of(library, fall(size=-0.1), grades=graded, outcomes=outcomes)
    assert mean(found, "fiscal") == pytest.approx(-1200 * 1.4)
    plain = value_of(library, fall(error=0.05)).measures["fiscal"]
    marked = value_of(library, fall(error=0.05), grades=graded, outcomes=outcomes).measures["fiscal"]
    assert marked.high - marked.low == pytest.approx(plain.high - plain.low)


def test_shares_of_agencies_add_up_to_the_total(library):
    outcomes = {"events": [worth()], "years": [worth("YEAR", person_months=1.0), worth("JOY", person_months=1.0)]}
    paths = paths_from({"events": [-0.1] * 6, "years": [0.02] * 6}, 0.01 * np.eye(12), seed=2)
    found = value_of(library, paths, outcomes=outcomes)
    parts = found.agencies
    saved = sum(one["saves"].mean for one in parts.values())
    assert saved == pytest.approx(sum(mean(found, kind) for kind in ("fiscal", "economic", "social")))
    assert sum(one["pays"].mean for one in parts.values()) == pytest.approx(mean(found, "cost"))
    assert sum(one["net"].mean for one in parts.values()) == pytest.approx(mean(found, "net_public"))
    assert parts["police"]["net"].mean == pytest.approx(0.6 * 600 - 0.25 * 600)


def test_kinds_of_value_are_kept_apart(library):
    outcomes = {"events": [worth(), worth("JOY", person_months=1.0, cashable=1.0)]}
    found = value_of(library, fall(), outcomes=outcomes)
    assert (mean(found, "fiscal"), mean(found, "social")) == pytest.approx((1200, 120))
    assert mean(found, "cashable") == pytest.approx(300)
    assert mean(found, "net_public") == pytest.approx(mean(found, "net_fiscal") + 120)


def test_the_money_is_back_when_savings_have_reached_the_cost_for_good(library):
    """600 pounds at once, 100 back a month: after the sixth month."""
    assert mean(value_of(library, fall()), "payback_months") == 6
    assert mean(value_of(library, fall(size=0.02)), "payback_months") == np.inf


def test_money_that_is_lost_again_is_not_back(library):
    paths = paths_from({"events": [-1.0, 0.5, 0.0, 0.0]})
    assert mean(value_of(library, paths), "payback_months") == np.inf


def test_break_even_is_the_change_that_pays_by_itself(library):
    """600 pounds over 12 months at 1,000 an event: 0.05 events a month."""
    found = value_of(library, fall())
    assert found.break_even[0].needed == pytest.approx(-0.05)
    assert found.break_even_multiple == pytest.approx(0.5)


def test_break_even_is_told_in_the_unit_in_which_the_outcome_is(library):
    told = {"events": Told("Events", 1200, "events per 100 families a year")}
    found = value_of(library, paths_from({"events": [-0.1] * 12}, told=told))
    assert (found.break_even[0].needed, found.break_even[0].unit) == (pytest.approx(-60), told["events"].unit)


def test_the_interval_and_the_chance_are_those_of_the_effects(library):
    """All months move alike, with an error of 0.05: that of the net is 12 x 0.05 x 1,000 = 600, and so is its mean."""
    found = value_of(library, fall(error=0.05, draws=20_000))
    net = found.measures["net_fiscal"]
    # A quantile of 20,000 draws is known to about 1.5 % of the standard deviation.
    assert (net.low, net.high) == pytest.approx((600 - 1.96 * 600, 600 + 1.96 * 600), abs=40)
    assert found.chances["net_fiscal"] == pytest.approx(0.841, abs=0.01)


def test_the_tornado_moves_one_assumption_at_a_time(library):
    found = value_of(library, fall())
    swings = {one.name: one for one in found.swings}
    assert (swings["Price of EVENTS"].at_low, swings["Price of EVENTS"].at_high) == pytest.approx((-600, 1200))
    assert (swings["Cost of support"].at_low, swings["Cost of support"].at_high) == pytest.approx((300, -600))
    stops = swings["What becomes of effects after follow-up"]
    assert (stops.at_low, stops.at_high) == pytest.approx((0, 1200))
    assert [one.size for one in found.swings] == sorted((one.size for one in found.swings), reverse=True)


def test_the_tornado_moves_one_effect_and_leaves_the_others(library):
    outcomes = {"events": [worth()], "years": [worth("YEAR", person_months=1.0)]}
    spread = np.zeros((24, 24))
    spread[12:, 12:] = 0.05**2
    paths = paths_from({"events": [-0.1] * 12, "years": [-0.1] * 12}, spread, seed=1, draws=20_000)
    swings = {one.name: one for one in value_of(library, paths, outcomes=outcomes).swings}
    assert swings["Effect on EVENTS"].size == 0
    # An error of 12 x 0.05 x 1,000; a quantile of 20,000 draws is known to about 1.5 % of it.
    assert swings["Effect on YEARS"].size == pytest.approx(2 * 1.96 * 600, abs=50)


def test_a_verdict_of_cannot_tell_yields_a_range_and_never_a_point(library):
    found = appraise(fall(error=0.05), rules(library), intervention="visits", verdict=Word.CANNOT_TELL)
    told = found.summary()
    assert "cannot tell whether it works, so that there is a range and no one number" in told
    assert "estimated" not in told and "chance" not in told
    rows = found.table().set_index("measure")
    assert rows.loc["net_fiscal", ["mean", "chance_above_0"]].isna().all()
    assert rows.loc["net_fiscal", ["low", "high"]].notna().all()
    assert rows.loc["cost", "mean"] == 600
    assert found.to_dict()["break_even_multiple"] is None
    net = found.agency_table().set_index("agency")["net_mean"]
    assert net[["police", "NHS"]].isna().all()
    assert net["council"] == -450  # it pays and saves nothing, whatever the effect
    assert np.isnan(found.measures["net_fiscal"].mean) and np.isnan(found.scenarios["lasts"]["fiscal"].mean)
    json.dumps(found.to_dict(), allow_nan=False)


def test_a_summary_tells_size_interval_chance_and_what_it_rests_on(library):
    told = appraise(fall(error=0.05), rules(library), intervention="visits", verdict=Word.WORKS).summary()
    for part in (
        "costs £600 a family",
        "saves an estimated £1,200 (95% interval",
        "The chance that it pays",
        "assumed",
    ):
        assert part in told
    assert "No verdict" not in told
    assert "No verdict was given on whether it works" in value_of(library, fall(error=0.05)).summary()


def test_the_rating_stands_beside_what_it_is_worth_and_in_the_summary():
    found = appraise(fall(name="asb_incident"), load_appraisal(), intervention="volunteer_mentors")
    assert list(found.outcome_table()["rated"]) == ["red"]
    assert "Rated red, old or weak, by their database: the prices of ASB incidents." in found.summary()


def test_what_rests_on_few_families_is_not_told(library):
    found = appraise(replace(fall(error=0.05), fewest=9), rules(library), intervention="visits")
    assert "£" not in found.summary() and "£" not in repr(found)
    assert "not shown" in found.plot().get_title(loc="left")


def test_figures_say_who_pays_and_who_saves_and_what_moves_it_most(library):
    found = value_of(library, fall())
    ax = found.plot()
    rows = [tick.get_text() for tick in ax.get_yticklabels()]
    assert rows == ["Paid by council", "Paid by police", "Saved by police", "Saved by NHS", "Left for everybody"]
    assert "£600 is left" in ax.get_title(loc="left").replace("\n", " ")
    lengths = np.array([(bar.get_x(), bar.get_width()) for bar in ax.patches])
    assert lengths == pytest.approx(np.array([(0, -450), (-450, -150), (-600, 720), (120, 480), (0, 600)]))
    tornado = found.plot_tornado()
    first = tornado.get_yticklabels()[0].get_text().replace("\n", " ")
    assert first.startswith(found.swings[0].name)


def test_where_the_evidence_cannot_tell_the_figure_has_no_bar_of_a_saving(library):
    asked = {"intervention": "visits", "verdict": Word.CANNOT_TELL}
    ax = appraise(fall(error=0.05), rules(library), **asked).plot()
    assert len(ax.patches) == 2  # who pays
    assert "The evidence cannot tell" in ax.get_title(loc="left")


def test_a_result_is_json_and_what_is_never_paid_back_is_missing_there(library):
    told = json.loads(json.dumps(value_of(library, fall(size=0.02)).to_dict(), allow_nan=False))
    assert told["measures"]["fiscal"]["mean"] == pytest.approx(240)
    assert told["measures"]["payback_months"]["mean"] is None


@pytest.mark.parametrize(
    ("part", "cost"),
    [
        (
            {"type": "caseload", "salary": 24000.0, "on_costs": 0.25, "overheads": 0.2, "caseload": 10.0, "months": 6},
            1800,
        ),
        (
            {"type": "team", "salary": 24000.0, "on_costs": 0.0, "overheads": 0.0, "workers_per_area": 2.0, "areas": 5}
            | {"families_a_year": 60.0, "months": 12},
            4000,
        ),
        ({"type": "hours", "unit_cost": "HOUR", "phases": [{"months": 3, "hours_a_week": 4.0}]}, 3 * 4 * 52 / 12 * 30),
        ({"type": "expenses", "once": 150.0, "a_month": 40.0, "months": 9}, 510),
        ({"type": "bought", "unit_cost": "HOUR", "number": 8.0, "months": 2}, 240),
        ({"type": "entered", "cost_per_family": 10000.0}, 10000),
    ],
)
def test_what_support_costs_a_family(library, part, cost):
    found = rules(library, parts=[{"what": "it", **part}]).delivery("visits")
    assert found.by_month.sum() == pytest.approx(cost)


def test_what_is_entered_is_brought_to_the_prices_of_the_appraisal(library):
    parts = [{"type": "expenses", "what": "it", "once": 100.0, "a_month": 10.0, "months": 2}]
    found = rules(library, parts=parts, price_year="2008/09").delivery("visits")
    factor = library.deflators.factor("2008/09", "2013/14")
    assert found.by_month == pytest.approx(np.array([110, 10]) * factor)


def test_without_an_intensity_the_first_is_taken_and_an_unknown_one_is_refused(library):
    asked = rules(library)
    assert asked.delivery("visits").intensity == "usual"
    with pytest.raises(ConfigError, match=r"no intensity 'usuall'. Did you mean 'usual'"):
        asked.delivery("visits", "usuall")
    with pytest.raises(ConfigError, match="no delivery cost of 'visit'"):
        asked.delivery("visit")


TWICE = {"events": [worth()], "school": [worth("BOTH")]}


def test_a_benefit_counted_twice_is_refused(library):
    with pytest.raises(ConfigError, match=r"events: EVENT .* counted twice, for school: BOTH .* has it in it"):
        rules(library, outcomes=TWICE)


@pytest.mark.parametrize(
    "mended",
    [
        {"events": [worth()], "school": [worth("BOTH", without=["police"])]},
        {"events": [worth()], "school": [worth("BOTH", reduce={"to": 0.8, "because": "crime is counted"})]},
        {"events": [worth(reduce={"to": 0.8, "because": "it is in the other"})], "school": [worth("BOTH")]},
        # What crime costs the purse is in the school's item, and not what families feel.
        {"events": [worth("CALM", person_months=1.0)], "school": [worth("BOTH")]},
    ],
)
def test_it_is_allowed_once_one_of_both_is_reduced(library, mended):
    assert len(rules(library, outcomes=mended).priced) == 2


def test_without_a_share_the_rest_is_counted_for_the_others(library):
    outcomes = {"events": [worth("BOTH", without=["police"])]}
    found = value_of(library, fall(), outcomes=outcomes)
    assert mean(found, "fiscal") == pytest.approx(1.2 * 400)
    assert found.agencies["council"]["saves"].mean == pytest.approx(1.2 * 400)


def test_support_is_priced_by_what_it_costs_and_hours_by_the_hour(library):
    hours = {"type": "hours", "what": "it", "unit_cost": "EVENT", "phases": [{"months": 1, "hours_a_week": 1.0}]}
    with pytest.raises(ConfigError) as raised:
        rules(library, parts=[hours])
    assert "EVENT (edition 1) is a saving, and not what support costs to give" in str(raised.value)
    assert "EVENT (edition 1) is per incident, and not per hour" in str(raised.value)


def test_one_item_for_two_outcomes_is_refused(library):
    with pytest.raises(ConfigError, match=r"EVENT \(edition 1\) is counted under events and again under others"):
        rules(library, outcomes={"events": [worth()], "others": [worth()]})


def test_every_slip_of_the_rules_is_told_at_once(library):
    outcomes = {
        "events": [worth("EVENTS"), worth("YEAR")],
        "others": [worth("HOUR"), worth("BOTH", without=["NHS"])],
    }
    with pytest.raises(ConfigError) as raised:
        rules(
            library,
            outcomes=outcomes,
            parts=[
                {"type": "hours", "what": "it", "unit_cost": "HOURS", "phases": [{"months": 1, "hours_a_week": 1.0}]}
            ],
        )
    told = str(raised.value)
    for problem in (
        "no code 'EVENTS'. Did you mean 'EVENT'?",
        "YEAR (edition 1) is per person-year, so say how many person_months or weeks",
        "HOUR (edition 1) is what support costs to give, and no saving",
        "BOTH (edition 1) has no share of 'NHS' to leave out",
        "no code 'HOURS'. Did you mean 'HOUR'?",
    ):
        assert problem in told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"paid_by": {"council": 0.5}}, "the shares of paid_by must add up to 1"),
        (
            {"outcomes": {"events": [worth(person_months=1.0, events=1.0)]}},
            "give one of events, person_months or weeks",
        ),
        ({"outcomes": {"events": [worth(low=2.0)]}}, "low and high lie on either side of events"),
        ({"months": 0}, "months"),
        ({"grades": NO_OPTIMISM[:5]}, "grades"),
        ({"scenario": "fades"}, "scenario"),
    ],
)
def test_terms_that_make_no_sense_are_refused(library, change, told):
    with pytest.raises(ConfigError, match=told):
        rules(library, **change)


def test_an_appraisal_of_nothing_that_is_worth_anything_is_refused(library):
    with pytest.raises(ConfigError, match="no outcome has both effects and a worth; no worth of the outcome 'event'"):
        value_of(library, fall(name="event"))
    with pytest.raises(ConfigError, match=r"no scenario 'stop'. Did you mean 'stops'"):
        appraise(fall(), rules(library), intervention="visits", scenario="stop")
    with pytest.raises(InputError, match="finite numbers by month"):
        paths_from({"events": [float("nan")]})


def test_outcomes_that_count_for_nothing_are_told(library):
    outcomes = {"events": [worth()], "years": [worth("YEAR", person_months=1.0)]}
    paths = paths_from({"events": [-0.1] * 3, "joy": [0.1] * 3})
    found = value_of(library, paths, outcomes=outcomes)
    assert dict(found.not_valued) == {"joy": "the rules have no worth for it", "years": "no effect was given"}
    assert "Not valued: joy and YEARS." in found.summary()


def test_the_countys_own_rules_hold_and_say_where_every_number_is_from():
    found = load_appraisal()
    json.dumps(found.to_dict(), allow_nan=False)
    assert (found.table()["source"].str.len() > 0).all()
    assert set(found.table()["rag"]) <= {"red", "amber", "green", "not rated"}
    assert [grade.optimism for grade in found.terms.optimism_bias.grades] == [0, 0.05, 0.1, 0.15, 0.25, 0.4]
    costs = found.delivery_table().set_index(["intervention", "intensity"])["cost_per_family"]
    factor = found.library.deflators.factor("2012/13", "2014/15")
    assert costs["family_intervention_project", "as_assumed_nationally"] == pytest.approx(10_000 * factor)


def test_the_countys_rules_need_what_keeps_them_from_counting_twice(tmp_path):
    text = Path(APPRAISAL_FILE).read_text(encoding="utf-8")
    file = tmp_path / "rules.yaml"
    file.write_text(text.replace("without: [police and courts, council children's services]", "without: []"), "utf-8")
    assert yaml.safe_load(text) != yaml.safe_load(file.read_text(encoding="utf-8"))
    with pytest.raises(ConfigError) as raised:
        load_appraisal(file)
    for code in ("E&S1.0", "E&S2.0"):
        assert f"{code} (edition 2014) has it in it" in str(raised.value)
