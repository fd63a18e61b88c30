"""A study done in every other way: which ways are declared, what is said of them, what a page shows and hides."""

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from tests.accepted import accepted
from tf_eval.cohort import load_outcomes
from tf_eval.errors import ConfigError, EstimationError, InputError, NotEstimated
from tf_eval.evidence import EffectSize, SpecificationCurve, specification_curve
from tf_eval.evidence.specifications import carrying_out
from tf_eval.evidence.specifications.curve import CarriedOut
from tf_eval.evidence.specifications.specification import NOT_OF_THE_METHOD, Specification, alternatives_to
from tf_eval.matching import match
from tf_eval.release import publish
from tf_eval.report import to_html
from tf_eval.report.figures import draw_specifications
from tf_eval.report.specifications import curve_words

ASB, CALLOUT = (load_outcomes()[name] for name in ("asb_incident", "police_callout"))
PLANNED = Specification(("waiting", "refused"), 0.4, 3, "doubly_robust", 12)
FALL = EffectSize(-20.0, -30.0, -10.0, 5.0, 0.001, 100.0, 158, 400)
UNCLEAR, RISE = replace(FALL, value=-8.0, low=-20.0, high=4.0), replace(FALL, value=3.0, low=-9.0, high=15.0)
FEW, LOST = replace(FALL, n_treated=8), NotEstimated("too few families could be compared in this way")


def effect(outcome=ASB, size=FALL):
    """A measured effect; its estimate knows no more than how many units may be told of."""
    shows = SimpleNamespace(shows=lambda *counts: min(counts) >= 10, few="fewer than 10 units")
    return SimpleNamespace(outcome=outcome, headline=size, estimate=SimpleNamespace(design=shows), follow_up=(1, 12))


def curve(*sizes, outcome=ASB, alike=True):
    """As many specifications as sizes, the first planned."""
    ways = alternatives_to(PLANNED)[: len(sizes)]
    done = zip(ways, sizes, strict=True)
    rows = tuple(CarriedOut(way, (size,), None if size is LOST else alike) for way, size in done)
    return SpecificationCurve((effect(outcome, sizes[0]),), rows)


def test_every_choice_is_changed_and_the_planned_way_stands_first_and_once():
    ways = alternatives_to(PLANNED)
    assert ways[0] == PLANNED and len(set(ways)) == len(ways)
    assert {way.estimator for way in ways} == {
        "doubly_robust",
        "outcome_regression",
        "inverse_probability",
        "unadjusted",
        "imputation",
    }
    assert {way.baseline for way in ways} == {6, 12}
    assert {way.caliper for way in ways} == {0.2, 0.4, None} and {way.ratio for way in ways} == {1, 3}
    assert {way.pools for way in ways} == {("waiting", "refused"), ("refused",), ("waiting",)}


def test_the_five_plans_have_between_thirty_and_fifty_ways():
    assert len(alternatives_to(replace(PLANNED, pools=("waiting", "offered", "refused", "other_district")))) == 31


def test_what_the_plan_chose_is_among_the_choices_though_it_is_unusual():
    ways = alternatives_to(replace(PLANNED, caliper=0.7, ratio=5, baseline=9))
    assert {way.baseline for way in ways} == {6, 9, 12}
    assert {way.caliper for way in ways} == {0.2, 0.4, None, 0.7} and {way.ratio for way in ways} == {1, 3, 5}


def test_a_method_without_caliper_and_ratio_is_not_asked_for_them():
    ways = alternatives_to(replace(PLANNED, caliper=NOT_OF_THE_METHOD, ratio=NOT_OF_THE_METHOD))
    assert {way.caliper for way in ways} == {way.ratio for way in ways} == {NOT_OF_THE_METHOD}
    assert len(ways) == 16


def test_without_covariates_all_estimators_that_adjust_are_one():
    ways = alternatives_to(replace(PLANNED, estimator="unadjusted"))
    assert {way.estimator for way in ways} == {"unadjusted", "imputation"}


def test_the_summary_tells_sign_clearness_range_middle_and_place_of_the_planned_one():
    said = curve(UNCLEAR, FALL, RISE, replace(FALL, value=-15.0)).summary()
    assert said == (
        "ASB incidents: 3 of 4 ways of doing the study find a fall, and in 2 of them the range leaves out no change. "
        "They run from -20.0 to +3.0 incidents per 100 families a year, with -11.5 in the middle. The planned one is "
        "-8.0: 2 lie lower and 1 higher."
    )


def test_what_could_not_be_estimated_and_what_rests_on_few_is_counted_with_its_reason():
    said = curve(FALL, LOST, FEW, LOST).summary()
    assert "1 of 1 ways" in said
    assert "2 more are not among them: too few families could be compared in this way." in said
    assert "1 more is not among them: they rest on fewer than 10 units." in said


def test_the_planned_way_may_be_the_one_that_could_not_be_estimated():
    said = curve(LOST, FALL, UNCLEAR).summary()
    assert "2 of 2 ways of doing the study find a fall" in said and "The planned one could not be estimated." in said


def test_the_table_has_every_way_with_its_choices_and_its_reason():
    table = curve(FALL, LOST, UNCLEAR).table()
    assert table["planned"].tolist() == [True, False, False]
    assert table["specification"].tolist() == [0, 1, 2]
    assert table["value"].tolist()[::2] == [-20.0, -8.0]
    assert table["not_estimated"].tolist()[1] == LOST.reason
    assert table["pools"].unique().tolist() == ["waiting, refused"]


def test_the_figure_has_effects_in_order_over_what_was_chosen():
    ax = curve(UNCLEAR, FALL, RISE).plot()
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [dot.get_ydata()[0] for dot in dots] == [-20.0, -8.0, 3.0]
    (below,) = ax.child_axes
    assert "set against: 6 months before" in [label.get_text() for label in below.get_yticklabels()]
    assert "is not shown" in curve(FEW, FEW).plot().get_title(loc="left")


def test_an_outcome_that_was_not_studied_is_named():
    with pytest.raises(ConfigError, match="no outcome 'asb'"):
        curve(FALL).plot("asb")


# What a page shows


def test_a_page_hides_what_rests_on_few_and_tells_how_many_are_missing():
    released = publish(curve(FALL, FEW, LOST, UNCLEAR))
    (shown,) = released.payload["curves"]
    assert [row["effect"] for row in shown["rows"]] == [-20, "[c]", "[x]", -8]
    assert "8" not in str([row["suppressed"] for row in shown["rows"]])
    assert "In 2 more ways it could not be estimated, or is confidential." in curve_words(shown)
    assert len(to_html(released).split("<tr")) == 1 + 1 + 4


def test_the_picture_says_how_many_ways_agree():
    released = publish(curve(FALL, UNCLEAR, RISE))
    choices = [dict(made) for made in released.payload["choices"]]
    assert list(choices[0]) == ["Compared with", "Matched", "Score apart", "Estimated by", "Set against"]
    drawing = draw_specifications(released.payload["curves"][0], choices)
    assert drawing.headline == "ASB incidents: fewer in 2 of 3 ways, clearly so in 1"
    assert "from 20 fewer to 3 more" in drawing.alt and "as planned it is 20 fewer" in drawing.alt
    assert draw_specifications(publish(curve(FALL, LOST)).payload["curves"][0], choices) is None


# Carried out


FRAME = pd.DataFrame(
    {
        "family_id": range(12),
        "treated": [1, 1, 1] + [0] * 9,
        "month": 1,
        "need": [5.0, 9.0, 2.0, 5.1, 8.5, 2.2, 5.4, 8.0, 2.9, 5.9, 7.5, 3.4],
        "pool": ["waiting"] * 12,
    }
)


@pytest.fixture
def study(monkeypatch):
    """A study whose "effect" tells in what way it was estimated: by how many families, over how many months."""
    matching = {"on": "need", "treated": "treated", "unit": "family_id", "risk_set": "month", "ratio": 3}
    asked_of_arms = []

    def arms(intervention, pools):
        asked_of_arms.append(tuple(pools))
        if pools == ["waiting"]:
            raise InputError("nobody")
        return FRAME

    def estimate(panel, matched, outcome, *, method, covariates, baseline):
        value = -float(len(matched.frame) + (100 if covariates else 0) + (0.5 if baseline == 6 else 0))
        return SimpleNamespace(band=lambda first, last: replace(FALL, value=value, low=value - 1, high=value + 1))

    def run(outcomes=(ASB,), **options):
        matched = accepted(match(FRAME, **matching))
        measured = [SimpleNamespace(**vars(effect(outcome)), size_of=lambda size: size) for outcome in outcomes]
        asked = {"method": "doubly_robust", "covariates": ["need"], "baseline": 12}
        comparison = {"pools": ["waiting", "refused"]}
        return specification_curve(
            SimpleNamespace(arms=arms),
            matched,
            measured,
            intervention="mentors",
            comparison=comparison,
            matching=matching,
            measuring=lambda name: asked,
            **options,
        )

    monkeypatch.setattr(carrying_out, "estimate_outcome", estimate)
    run.asked = asked_of_arms
    return run


def test_the_planned_way_is_as_measured_and_the_others_are_carried_out(study):
    table = study().table().set_index("specification")
    assert table.loc[0, "value"] == FALL.value
    unadjusted = table[(table["estimator"] == "unadjusted") & (table["baseline"] == 12) & (table["ratio"] == 3)]
    assert (unadjusted["value"].dropna() > -100).all()
    one_to_one = table[(table["ratio"] == 1) & (table["estimator"] == "doubly_robust") & (table["baseline"] == 12)]
    assert one_to_one["value"].tolist() == [-106.0]
    assert table["alike"].notna().sum() == len(table) - 3


def test_a_way_that_leaves_too_few_is_kept_with_its_reason(study):
    table = study().table()
    assert table.loc[table["pools"] == "waiting", "not_estimated"].tolist() == [carrying_out.TOO_FEW] * 3


def test_families_of_the_same_pools_are_read_once(study):
    study()
    assert sorted(study.asked) == [("refused",), ("waiting",), ("waiting", "refused")]


def test_outcomes_that_depend_on_who_is_looking_are_left_out_unless_there_are_no_others(study):
    assert [each.outcome for each in study((ASB, CALLOUT)).effects] == [ASB]
    assert [each.outcome for each in study((CALLOUT,)).effects] == [CALLOUT]
    assert [each.outcome for each in study((CALLOUT, ASB), primary=["police_callout"]).effects] == [CALLOUT]


def test_a_primary_outcome_that_was_not_measured_is_named(study):
    with pytest.raises(EstimationError, match="specification_curve: primary: no measured outcome 'asb'"):
        study(primary=["asb"])
