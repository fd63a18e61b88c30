"""An evaluation carried out where the answer is known: what it finds in nothing, and of what was planted."""

import json
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.crisis import ADJUSTED, HISTORY
from benchmarks.crisis_panel import matched_crisis
from tf_eval.cohort import load_outcomes
from tf_eval.errors import ConfigError, EstimationError, NotEstimated
from tf_eval.evidence import EffectSize, Placebos, measure, run_placebos
from tf_eval.release import publish

ASB, EXCLUSION = (load_outcomes()[name] for name in ("asb_incident", "exclusion"))


@pytest.fixture(scope="module")
def picked_by_history():
    """Families picked at the worst of their years, and matched on it; nothing is done to them."""
    panel, matched = matched_crisis("level", HISTORY)
    return panel, matched, measure(panel, matched, ASB, covariates=ADJUSTED)


@pytest.fixture(scope="module")
def found(picked_by_history) -> Placebos:
    panel, matched, effect = picked_by_history
    return run_placebos(panel, matched, [effect], seed=1)


@pytest.fixture(scope="module")
def overlooked() -> Placebos:
    """The same, matched on a trait that plays no part in it."""
    panel, matched = matched_crisis("level", ["trait"], seed=5)
    return run_placebos(panel, matched, [measure(panel, matched, ASB)], seed=1, selected_on=HISTORY)


def of_kind(found: Placebos, kind: str):
    return found.table().query("kind == @kind")


def test_a_sound_design_finds_in_nothing_what_chance_makes_it_find():
    found = []
    for seed in range(2):
        panel, matched = matched_crisis("quiet", HISTORY, seed)
        effect = measure(panel, matched, ASB, covariates=ADJUSTED)
        found.append(run_placebos(panel, matched, [effect], seed=seed))
    taken = sum(one.rates.set_index("kind").loc["start by lot", "found"] for one in found)
    # 40 draws at 1 in 20: 7 or more have a chance of 1 in 300.
    assert taken < 7
    assert all(one.check.passed for one in found)


def test_every_control_is_in_the_table_with_its_truth(found):
    table = found.table()
    assert table["kind"].value_counts().to_dict() == {"start by lot": 20, "planted effect": 4, "earlier start": 2}
    assert (table.loc[table["kind"] != "planted effect", "truth"] == 0).all()
    assert (of_kind(found, "planted effect")["truth"] < 0).all()
    assert table[["value", "std_error", "low", "high"]].notna().all(axis=None)
    planted = set(of_kind(found, "planted effect")["control"])
    assert planted <= set(of_kind(found, "start by lot")["control"]), "of the same families, so of the same name"


def test_rates_are_those_of_the_table_with_their_error(found):
    lots, row = of_kind(found, "start by lot"), found.rates.set_index("kind").loc["start by lot"]
    assert row["found"] == ((lots["low"] > 0) | (lots["high"] < 0)).sum()
    assert row["bias"] == pytest.approx(lots["value"].mean())
    assert row["bias_error"] == pytest.approx(lots["value"].std() / np.sqrt(20))
    assert row["coverage"] == pytest.approx(1 - row["share"])


def test_bias_that_the_design_overlooks_is_found_and_taken_off(overlooked):
    row = overlooked.calibrated.iloc[0]
    lots = overlooked.rates.set_index("kind").loc["start by lot"]
    assert lots["bias"] < -5 * lots["bias_error"], "families drawn at their worst get better by themselves"
    assert not overlooked.check.passed
    assert "more than chance explains on ASB incidents" in overlooked.check.detail
    assert row["high"] < 0, "which the design takes for an effect"
    assert row["calibrated_value"] == pytest.approx(row["value"] - lots["bias"], rel=0.1)
    assert row["calibrated_p_value"] > row["p_value"]


def test_what_is_planted_in_all_who_drew_a_start_is_found_in_those_who_could_be_matched(picked_by_history, overlooked):
    assert overlooked.recovered.iloc[0] == pytest.approx(1, abs=0.03), "hardly anybody is left out"
    panel, matched, effect = picked_by_history
    narrow = replace(matched, design=replace(matched.design, caliper=0.05))
    found = run_placebos(panel, narrow, [effect], seed=1, draws=4)
    assert found.recovered.iloc[0] < 0.8, "those with most to lose found nobody like them"


def test_months_from_the_true_start_on_play_no_part_in_a_start_that_is_too_early(picked_by_history):
    panel, matched, effect = picked_by_history
    later = panel.months.assign(incidents=panel.months["incidents"].where(panel.months["month"] < 0, 1e6))
    changed = run_placebos(replace(panel, months=later), matched, [effect], seed=1, draws=4)
    usual = run_placebos(panel, matched, [effect], seed=1, draws=4)
    assert of_kind(changed, "earlier start").equals(of_kind(usual, "earlier start"))
    assert not of_kind(changed, "start by lot").equals(of_kind(usual, "start by lot"))


def test_a_start_before_which_no_follow_up_fits_is_not_estimated(picked_by_history):
    panel, matched, effect = picked_by_history
    late = replace(effect, follow_up=(7, 12))
    rows = of_kind(run_placebos(panel, matched, [late], seed=1, draws=4), "earlier start")
    assert rows["value"].isna().tolist() == [True, False]
    assert "no month of the follow-up" in rows["not_estimated"].iloc[0]


def test_the_same_seed_draws_the_same(picked_by_history):
    panel, matched, effect = picked_by_history
    one, same, other = (run_placebos(panel, matched, [effect], seed=seed, draws=4).table() for seed in (1, 1, 2))
    assert one.equals(same) and not one.equals(other)


def test_where_nobody_who_drew_a_start_finds_anybody_like_them_nothing_is_examined(picked_by_history):
    panel, matched, effect = picked_by_history
    strict = replace(matched, design=replace(matched.design, caliper=1e-12))
    found = run_placebos(panel, strict, [effect], seed=1, draws=2, months_early=())
    assert found.table()["not_estimated"].str.contains("too few families").all()
    assert found.summary() == found.check.detail == "This could not be examined: too few families could be compared."
    assert not found.check.passed and found.recovered.empty
    assert found.calibrated["calibrated_value"].isna().all()
    json.dumps(found.to_dict(), allow_nan=False)


def test_an_outcome_that_could_not_be_examined_is_named_beside_those_that_were(found):
    measured = (*found.measured, _Measured(EXCLUSION, NotEstimated("too few families")))
    both = replace(found, measured=measured)
    assert not both.check.passed and found.check.passed
    assert both.check.detail == f"{found.check.detail} On exclusions from school it could not be examined."
    assert both.calibrated["calibrated_value"].isna().tolist() == [False, True]
    assert both.summary().startswith("Starts that never were")


def test_fewer_than_20_draws_calibrate_nothing(picked_by_history):
    panel, matched, effect = picked_by_history
    found = run_placebos(panel, matched, [effect], seed=1, draws=19)
    assert "fewer than 20 negative controls" in found.calibrated["not_estimated"].iloc[0]
    assert "Too few tests" in found.summary()


def test_an_outcome_that_cannot_change_is_a_control_measured_by_its_base_rate(picked_by_history, found):
    panel, matched, effect = picked_by_history
    moved = EffectSize(50.0, 30.0, 70.0, 10.0, 1e-6, 100.0, 120, 300)
    control = _Measured(EXCLUSION, moved)
    with_control = run_placebos(panel, matched, [effect], seed=1, negative_controls=[control])
    assert not with_control.check.passed and with_control.failing == (EXCLUSION.label,)
    calibration = with_control.calibrations["asb_incident"]
    assert calibration.is_scaled and len(calibration.controls) == 21
    assert calibration.apply(1.0, 1.0, scale=1.0)
    width = [one.calibrated.eval("calibrated_high - calibrated_low").iloc[0] for one in (with_control, found)]
    assert width[0] > width[1], "a control that is half its base rate off"


def test_an_outcome_that_cannot_change_stands_below_the_others_in_the_figure_and_on_the_page(picked_by_history):
    panel, matched, effect = picked_by_history
    control = replace(effect, outcome=EXCLUSION)
    found = run_placebos(panel, matched, [effect], seed=1, draws=2, negative_controls=[control])
    assert [label.get_text() for label in found.plot().get_yticklabels()] == ["ASB incidents", "Exclusions from school"]
    (row,) = publish(found).payload["controls"]
    assert (row["outcome"], row["found"]["effect"]) == ("exclusion", round(control.headline.value))
    assert "On what cannot change, 0 of 1 tests found one." in found.summary()


def test_a_result_is_json_and_draws_an_outcome_a_row(found):
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert len(told["controls"]) == 26 and told["design"]["selected_on"] == HISTORY
    assert [label.get_text() for label in found.plot().get_yticklabels()] == ["ASB incidents"]
    assert "of 20 tests found a change" in found.summary()
    assert 0 < found.shared < 1


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"seed": -1}, "seed"),
        ({"draws": 1}, "draws"),
        ({"months_early": [1]}, "months_early"),
        ({"planted": 0}, "planted"),
        ({"planted": -1.5}, "planted"),
        ({"measured": []}, "measured"),
    ],
)
def test_what_cannot_be_asked_is_refused(picked_by_history, asked, said):
    panel, matched, effect = picked_by_history
    with pytest.raises(ConfigError, match=said):
        run_placebos(panel, matched, **{"measured": [effect], "seed": 1, **asked})


def test_an_outcome_is_asked_about_once(picked_by_history):
    panel, matched, effect = picked_by_history
    with pytest.raises(ConfigError, match="outcome of its own"):
        run_placebos(panel, matched, [effect, effect], seed=1)


def test_balance_has_to_be_accepted(picked_by_history):
    panel, matched, effect = picked_by_history
    with pytest.raises(EstimationError, match="balance"):
        run_placebos(panel, replace(matched, acceptance=None), [effect], seed=1)


class _Measured:
    """An effect of which a headline is known."""

    def __init__(self, outcome, headline):
        self.outcome, self.headline = outcome, headline
