"""What a study could find is known before its outcomes are, from families who had no intervention alone."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tf_eval as tf
from benchmarks.detectable import COVARIATES, INCIDENTS, MONTHS, Panel, draw
from tests.accepted import accepted
from tf_eval.did import detectable_change
from tf_eval.errors import ConfigError, InputError, NotEstimated
from tf_eval.evidence import DetectableEffects, detectable_effects, measure
from tf_eval.matching import check_balance, match

ASKED = {"covariates": COVARIATES, "seed": 1}


@pytest.fixture(scope="module")
def county() -> tuple[Panel, object]:
    return draw(3)


@pytest.fixture(scope="module")
def found(county) -> DetectableEffects:
    return detectable_effects(*county, **ASKED)


def test_it_is_told_for_the_months_of_the_plan_and_for_each_band(found):
    table = found.table()
    assert table["band"].tolist() == ["1 to 12", "1 to 6", "7 to 12", "13 to 18", "19 to 24"]
    assert (table["relative"] == table["minimum_detectable"] / table["base_rate"]).all()
    assert (table["smallest_worthwhile"] == INCIDENTS.smallest_worthwhile).all()
    assert table["large_enough"].tolist() == (table["minimum_detectable"] <= 60).tolist()
    assert (table[["n_treated", "n_comparison"]].diff().iloc[2:] <= 0).all(axis=None), "later months are seen of fewer"


def test_it_comes_near_to_what_the_study_turns_out_to_find(county, found):
    panel, matched = county
    measured = measure(panel, accepted(matched), INCIDENTS, covariates=COVARIATES)
    # Nothing was done to anybody, so that errors differ by the treated families' own scatter: 150 know a variance of
    # such counts to about 15 %, an error to half of that; twice that, and the draws' 2 %.
    told = found.headline("incidents")
    assert told.minimum_detectable == pytest.approx(measured.headline.minimum_detectable, rel=0.2)
    assert told.base_rate == pytest.approx(measured.headline.base_rate, rel=0.05)
    assert (told.n_treated, told.n_comparison) == (measured.headline.n_treated, measured.headline.n_comparison)


def test_balance_need_not_be_accepted_and_accepting_it_changes_nothing(county, found):
    panel, matched = county
    assert matched.acceptance is None
    again = detectable_effects(panel, accepted(matched), **ASKED)
    pd.testing.assert_frame_equal(again.table(), found.table())


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([np.nan, 0.0, 50.0]))
def test_no_month_from_a_start_on_changes_anything(county, found, seed, filled):
    """Months of families with the intervention from their start on, and of the others from a start of their own on."""
    panel, matched = county
    families, months = panel.values.shape
    index = matched.sealed.frame.set_index("family_id")["index_month"]
    treated = matched.sealed.frame.set_index("family_id")["treated"].astype(bool)
    start = np.where(treated, index, panel.own_start)
    changed = np.random.default_rng(seed).random((families, months)) < 0.5
    changed &= np.arange(months) >= start[:, None]
    assert changed.any()
    other = replace(panel, values=np.where(changed, filled, panel.values))
    pd.testing.assert_frame_equal(detectable_effects(other, matched, **ASKED).table(), found.table())


def test_the_same_seed_gives_the_same_and_another_nearly(county, found):
    panel, matched = county
    pd.testing.assert_frame_equal(detectable_effects(panel, matched, **ASKED).table(), found.table())
    other = detectable_effects(panel, matched, **(ASKED | {"seed": 2}), draws=999)
    ratio = other.table()["minimum_detectable"] / found.table()["minimum_detectable"]
    assert not (ratio == 1).any()
    np.testing.assert_allclose(ratio, 1, atol=0.08)  # four Monte-Carlo errors of 2 %


def test_in_the_simple_case_it_is_the_textbook():
    """Two groups of as many families, one number each after a year of nothing, nobody starts anything else."""
    families, random = 600, np.random.default_rng(5)
    values = np.zeros((families, MONTHS))
    values[:, 24:] = random.normal(size=families)[:, None]
    kind = np.arange(families) % 2
    rows = pd.DataFrame({"family_id": np.arange(families), "treated": kind, "index_month": 24, "start_cohort": 0})
    matched = match(
        rows.assign(x=np.arange(families) // 2), treated="treated", unit="family_id", on="x", method="exact"
    )
    panel = Panel(values, np.full(families, MONTHS))
    told = detectable_effects(panel, matched, seed=1, draws=1999).headline("incidents").minimum_detectable
    scatter = values[kind == 0, -1].std(ddof=1) * INCIDENTS.scale
    # 1,999 draws of either sign know the effect to 1.6 % at most; t asks for 0.3 % more than the normal.
    assert told == pytest.approx(detectable_change(300, standard_deviation=scatter), rel=0.035)


def test_more_power_asks_for_a_larger_effect(county, found):
    table = detectable_effects(*county, **ASKED, power=0.95).table()
    assert (table["minimum_detectable"] > found.table()["minimum_detectable"]).all()


def test_what_is_worth_having_is_the_plans(county):
    table = detectable_effects(*county, **ASKED, smallest_worthwhile={"incidents": 10_000}).table()
    assert table["large_enough"].all() and (table["smallest_worthwhile"] == 10_000).all()


def test_words_name_what_is_known_in_advance(county, found):
    assert found.summary() == (
        "Over months 1 to 12 this study is too small to tell the smallest change worth having. This is known before "
        "outcomes are, and holds if families with the intervention vary as like families do."
    )
    large = detectable_effects(*county, **ASKED, smallest_worthwhile={"incidents": 1000}).summary()
    assert large.startswith(
        "Over months 1 to 12 this study finds the smallest change worth having in at least 80% of cases for incidents."
    )


def test_of_few_families_neither_words_nor_the_figure_tell():
    panel, matched = draw(4, families=60)
    few = detectable_effects(panel, matched, seed=1)
    assert few.headline("incidents").n_treated < 10
    assert few.summary() == "Not estimated: for no outcome could the study be drawn again"
    assert "not shown" in few.plot().texts[0].get_text()
    assert few.table()["minimum_detectable"].iloc[0] > 0


def test_beyond_the_records_there_is_a_reason(county):
    panel, matched = county
    short = replace(panel, values=panel.values[:, :36])
    rows = matched.sealed.frame
    early = match(rows[rows["index_month"] < 30], treated="treated", unit="family_id", on="need", exact="start_cohort")
    table = detectable_effects(short, early, seed=1).table().set_index("band")
    assert table["reason"]["13 to 18"] == "the records do not reach so far beyond the starts"
    assert table["minimum_detectable"].isna().tolist() == [False, False, False, True, True]


def test_the_result_is_plain(found):
    json.dumps(found.to_dict(), allow_nan=False)
    assert found.to_dict()["design"]["draws"] == 499
    assert repr(found) == "<DetectableEffects: 1 outcomes, 80% power>"
    table = found.table()
    table["minimum_detectable"] = 0.0
    assert (found.table()["minimum_detectable"] > 0).all()


def test_the_figure_sets_outcomes_side_by_side_by_what_is_worth_having(found):
    axes = found.plot()
    size = found.headline("incidents").minimum_detectable
    assert [label.get_text() for label in axes.get_yticklabels()] == ["Incidents"]
    assert axes.lines[-1].get_xdata()[0] == pytest.approx(size / 60)
    assert axes.texts[0].get_text() == f"{size:.3g} (worth having: 60)"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "imputation"}, "method"),
        ({"power": 0.2}, "power"),
        ({"draws": 5}, "draws"),
        ({"seed": -1}, "seed"),
        ({"baseline": 40}, "24 at most"),
        ({"follow_up": (7, 30)}, "follow_up must lie between"),
        ({"follow_up": (0, 12)}, "follow_up must lie between"),
        ({"follow_up": (12, 1)}, "runs backwards"),
        ({"follow_up": 12}, "no pair"),
        ({"smallest_worthwhile": {"incident": 5}}, "Did you mean 'incidents'"),
        ({"smallest_worthwhile": {"incidents": 0}}, "above 0"),
    ],
)
def test_what_cannot_be_honoured_is_refused(county, options, words):
    with pytest.raises(ConfigError, match=words):
        detectable_effects(*county, **(ASKED | options))


def test_rows_of_which_a_covariate_is_not_known_serve_in_no_estimate(county, found):
    panel, matched = county
    rows = matched.sealed.frame
    rows = rows.assign(sessions=np.where(rows.index % 3 == 0, np.nan, 1.0 * (rows.index % 7)))
    asked = {"treated": "treated", "unit": "family_id", "on": list(COVARIATES), "exact": "start_cohort", "ratio": 2}
    again = match(rows, **asked, caliper=0.2)
    fewer = detectable_effects(panel, again, covariates=[*COVARIATES, "sessions"], seed=1).headline("incidents")
    assert fewer.n_treated < 0.75 * found.headline("incidents").n_treated
    assert fewer.n_comparison < 0.75 * found.headline("incidents").n_comparison


def test_a_covariate_that_is_not_there_is_named(county):
    with pytest.raises(InputError, match="no column 'needs'"):
        detectable_effects(*county, seed=1, covariates=["needs"])


def test_it_asks_for_the_match_and_for_the_effect_on_those_who_started(county):
    panel, matched = county
    with pytest.raises(ConfigError, match="hand in what match returned"):
        detectable_effects(panel, check_balance(matched), seed=1)
    rows = matched.sealed.frame
    everybody = match(rows, treated="treated", unit="family_id", on="need", method="overlap")
    with pytest.raises(ConfigError, match="match with estimand 'att'"):
        detectable_effects(panel, everybody, seed=1)


def test_weights_rest_on_families_and_not_on_rows(county):
    """Where a family weighs in several months its rows are drawn together, and it is counted once."""
    panel, matched = county
    rows = matched.sealed.frame
    twice = pd.concat(
        [rows, rows[rows["treated"] == 0].assign(index_month=lambda r: r["index_month"] + 1)], ignore_index=True
    )
    asked = {"treated": "treated", "unit": "family_id", "on": ["need"], "method": "entropy_balancing"}
    once, again = (
        detectable_effects(panel, match(each, **asked, risk_set="start_cohort"), seed=1).headline("incidents")
        for each in (rows, twice.assign(start_cohort=twice["index_month"] // 12))
    )
    assert not isinstance(again, NotEstimated)
    assert again.n_comparison <= rows["family_id"].nunique()
    # A month earlier or later a family's year is nearly the same: nothing much is learnt from it twice.
    assert again.minimum_detectable == pytest.approx(once.minimum_detectable, rel=0.1)


def test_the_guide_is_true(capsys):
    guide = (Path(__file__).resolve().parents[2] / "docs" / "evidence.md").read_text(encoding="utf-8")
    code = re.findall(r"```python\n(.*?)```", guide.split("## What a study could find")[1], flags=re.DOTALL)[0]
    units, change = [eval(line, {"tf": tf}) for line in code.splitlines() if line.startswith("tf.")][:2]
    assert (units, round(100 * change, 1)) == (5042, 7.3)
    exec(compile(code, "docs/evidence.md", "exec"), {})
    assert "even if nobody were left" in capsys.readouterr().out
