"""Arguments of the wrong kind: refused in words of our own, with what to do, and by the name that was called."""

import numpy as np
import pandas as pd
import pytest

from tf_eval.did import (
    Design,
    decompose_twfe,
    difference,
    estimate_att,
    estimate_by_dose,
    estimate_distribution,
    estimate_switching,
    naive_change,
    two_way_fixed_effects,
)
from tf_eval.did.bands import before_treatment, placebo_band
from tf_eval.errors import ConfigError, InputError

COLUMNS = {"unit": "unit", "period": "period", "adopted": "adopted", "outcome": "y"}


def panel(units: int = 60, periods: int = 9) -> pd.DataFrame:
    random = np.random.default_rng(5)
    frame = pd.DataFrame(
        {"unit": np.repeat(np.arange(units), periods), "period": np.tile(np.arange(1, periods + 1), units)}
    )
    frame["adopted"] = np.select([frame["unit"] % 3 == 0, frame["unit"] % 3 == 1], [6, 7], 0)
    return frame.assign(
        y=random.normal(size=len(frame)),
        dose=frame["unit"] % 5 + 1.0,
        d=(frame["period"] > 5) & (frame["unit"] % 2 == 0),
    )


@pytest.fixture(scope="module")
def effect():
    return estimate_att(panel(), **COLUMNS, baseline=2)


@pytest.fixture(scope="module")
def study():
    return estimate_att(panel(), **COLUMNS, baseline="universal").by_event_time()


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda effect: effect.pre_trends([(0, 1)]), "pre_trends: the band 0 to 1 must end before treatment"),
        (lambda effect: effect.pre_trends([(-4, -3), (-2, 1)]), "the band -2 to 1 must end before treatment"),
        (lambda effect: effect.pre_trends([1, 2]), "band '1' is no pair"),
        (lambda effect: effect.pre_trends((-4, -3)), "band '1' is no pair"),
        (lambda effect: effect.pre_trends([]), "bands are pairs of event times"),
        (lambda effect: effect.pre_trends({"a": (-4, -3)}), "bands are pairs of event times"),
        (lambda effect: effect.pre_trends("abc"), "bands are pairs of event times"),
        (lambda effect: effect.bands([(0, 1)]), "bands are given by name"),
        (lambda effect: effect.bands({}), "bands are given by name"),
        (lambda effect: effect.bands({"a": "bc"}), "band 'a' is no pair"),
        (lambda effect: effect.bands({"a": (2, 1)}), "2 to 1 runs backwards"),
        (lambda effect: effect.band(0.0, 1.0), "whole event times"),
        (lambda effect: effect.band(None, 1), "whole event times"),
        (lambda effect: effect.placebo("a", -1), "whole event times"),
        (lambda effect: effect.by_event_time(balanced="2"), "balanced must be a whole number"),
        (lambda effect: effect.by_event_time(balanced=99), "no start cohort is estimated at that event time"),
        (lambda effect: effect.paths(by=["event_time"]), "no by can be of type list"),
        (lambda effect: effect.overall(["simple"]), "no average can be of type list"),
        (lambda effect: effect.combine(["a"] * len(effect.cells)), "finite numbers"),
        (lambda effect: effect.by_event_time().simultaneous(seed=1, multiplier=["webb"]), "no multiplier can be"),
        (lambda effect: difference(1, effect), "one must be a GroupTimeATT"),
        (lambda effect: difference(effect, effect.overall()), "other must be a GroupTimeATT"),
        (lambda effect: difference(effect, effect, names=3), "names must be two different words"),
    ],
)
def test_what_is_asked_of_a_result(effect, ask, said):
    with pytest.raises(ConfigError, match=said):
        ask(effect)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda study: study.honest(bounds="abc"), "bounds must be finite numbers"),
        (lambda study: study.honest(bounds=["a"]), "bounds must be finite numbers"),
        (lambda study: study.honest(bounds=[]), "bounds must be finite numbers"),
        (lambda study: study.honest(["smoothness"]), "no restriction can be of type list"),
        (lambda study: study.honest(target={"a": 1}), "give weights by event time"),
        (lambda study: study.honest(target={0: "a"}), "give weights by event time"),
        (lambda study: study.pre_trend_power(powers=0.5), "powers must lie between 0 and 1"),
        (lambda study: study.pre_trend_power(powers=["a"]), "powers must lie between 0 and 1"),
        (lambda study: study.pre_trend_power(slope="a"), "slope must be a finite number"),
        (lambda study: study.pre_trend_power(trend=3), "trend must be a function"),
    ],
)
def test_what_is_asked_of_an_event_study(study, ask, said):
    with pytest.raises(ConfigError, match=said):
        ask(study)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"outcome": ["y"]}, "outcome names one column, and cannot be of type list"),
        ({"outcome": None}, "outcome names one column, and cannot be None"),
        ({"outcome": pd.Series([1.0])}, "outcome names one column, and cannot be of type Series"),
        ({"unit": ["unit"]}, "unit names one column"),
        ({"weights": ["y"]}, "weights names one column"),
        ({"cluster": ["d", "d"]}, "cluster names the same column twice"),
        ({"covariates": "~ __import__('os').getcwd()"}, "cannot be read: invalid syntax"),
        ({"covariates": "~ dose | y2"}, "has several parts"),
        ({"cluster": 3}, "cluster: columns are named by text"),
        ({"covariates": 3}, "covariates: columns are named by text"),
        ({"covariates": [["y"]]}, "a column is named by text"),
        ({"method": ["stacked"]}, "method is named by text"),
        ({"small_sample": "yes"}, "small_sample must be True or False"),
        ({"matched": 1}, "matched must be a Matched"),
    ],
)
def test_what_is_asked_of_an_estimate(options, said):
    with pytest.raises(ConfigError, match=said):
        estimate_att(panel().assign(y2=1.0), **{**COLUMNS, **options})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (np.nan, r"no row has a value of every covariate \(x\)"),
        (np.inf, "covariate 'x' holds infinite values"),
        (1e160, r"covariate 'x' holds values beyond 1e\+50"),
        ([[1]] * 540, "column 'x' holds lists"),
    ],
)
def test_covariates_that_say_nothing_are_refused(values, said):
    with pytest.raises(InputError, match=said):
        estimate_att(panel().assign(x=values), **COLUMNS, covariates="x")


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda frame: decompose_twfe(frame, **{**COLUMNS, "outcome": None}), "decompose_twfe: outcome is not given"),
        (lambda frame: decompose_twfe(frame, **{**COLUMNS, "unit": ["a"]}), "decompose_twfe: unit names one column"),
        (lambda frame: decompose_twfe(None, **COLUMNS), "decompose_twfe: data must be a DataFrame"),
        (lambda frame: decompose_twfe(frame, **{**COLUMNS, "outcome": "z"}), "decompose_twfe: no column 'z'"),
        (lambda frame: two_way_fixed_effects(frame, **COLUMNS, cluster=3), "columns are named by text"),
        (lambda frame: two_way_fixed_effects({"a": 1}, **COLUMNS), "two_way_fixed_effects: data must be"),
        (lambda frame: estimate_by_dose(frame.to_dict(), dose="dose", **COLUMNS), "estimate_by_dose: data must be"),
        (lambda frame: estimate_by_dose(frame, dose="dose", **COLUMNS, foo=1), "estimate_by_dose: no option 'foo'"),
        (lambda frame: estimate_by_dose(frame, dose=["dose"], **COLUMNS), "no column can be of type list"),
        (
            lambda frame: estimate_by_dose(frame.assign(adopted=frame["adopted"].astype(str)), dose="dose", **COLUMNS),
            "adopted 'adopted' is neither a whole number nor a date",
        ),
        (
            lambda frame: estimate_by_dose(frame, dose="dose", unit="unit", period="period", adopted="adopted"),
            "estimate_by_dose: outcome is not given",
        ),
        (lambda frame: naive_change(frame, **COLUMNS, first="a"), "naive_change: the follow-up band must run forwards"),
        (lambda frame: naive_change(frame, **COLUMNS, baseline=2.0), "naive_change: baseline must be a whole number"),
        (lambda frame: naive_change(frame, **COLUMNS, foo=2), "naive_change: no option 'foo'"),
        (lambda frame: switching(frame, data=[1]), "estimate_switching: data must be a DataFrame"),
        (lambda frame: switching(frame, unit=None), "estimate_switching: unit is not given"),
        (lambda frame: switching(frame, covariates=3), "columns are named by text"),
        (lambda frame: switching(frame, cluster="y"), "estimate_switching: cluster 'y' changes within"),
    ],
)
def test_what_is_asked_of_the_other_estimators(ask, said):
    with pytest.raises((ConfigError, InputError), match=said):
        ask(panel())


def switching(frame: pd.DataFrame, data=None, **options):
    asked = {"outcome": "y", "unit": "unit", "period": "period", "treatment": "d", **options}
    return estimate_switching(frame if data is None else data, **asked)


def test_bands_before_treatment_go_by_the_window(effect):
    named = [(place["first"], place["last"]) for place in effect.pre_trends().estimates.where]
    assert named == [(-4, -4), (-3, -3)]
    assert effect.placebo().att == effect.band(-4, -3).att
    year = Design(**COLUMNS, baseline=12)
    assert list(before_treatment(None, year, "")) == ["-24 to -19", "-18 to -13"] and placebo_band(year) == (-24, -13)
    later = estimate_att(panel(), **COLUMNS, baseline=2, anticipation=1)
    assert [place["last"] for place in later.pre_trends().estimates.where] == [-5, -4]


def test_the_largest_difference_before_treatment_keeps_its_sign():
    frame = panel()
    frame.loc[(frame["adopted"] > 0) & (frame["period"] < frame["adopted"] - 2), "y"] -= 3
    told = estimate_att(frame, **COLUMNS, baseline=2).pre_trends().summary()
    few = estimate_att(frame.query("unit < 12"), **COLUMNS, baseline=2)
    assert "is not shown" in few.pre_trends([(-4, -3)]).summary()
    assert "differed by -" in told and "in less than 1% of studies" in told


def test_nothing_is_told_of_the_change_of_few_and_that_it_is_no_effect_is():
    few = panel().query("unit < 6")
    told = naive_change(few, **COLUMNS, first=0, last=1, baseline=2).summary()
    assert "not shown" in told and "no estimate of an effect" in told
    assert "in half of the 12 periods before the start" in naive_change(few, **COLUMNS).reason


def listed(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(unit=[[unit] for unit in frame["unit"]])


ESTIMATORS = {
    "estimate_att": lambda frame: estimate_att(frame, **COLUMNS),
    "estimate_by_dose": lambda frame: estimate_by_dose(frame, dose="dose", **COLUMNS),
    "estimate_distribution": lambda frame: estimate_distribution(frame, thresholds=[0.0], **COLUMNS),
    "estimate_switching": lambda frame: switching(frame),
    "decompose_twfe": lambda frame: decompose_twfe(frame, **COLUMNS),
}


@pytest.mark.filterwarnings("error")
def test_outcomes_as_large_as_are_taken_are_judged_like_others():
    plain, large = panel(), panel().assign(y=panel()["y"] * 1e48)
    for ask in (
        lambda frame: estimate_att(frame, **COLUMNS).overall(),
        lambda frame: estimate_att(frame, **COLUMNS, errors="unequal").overall(),
        lambda frame: estimate_att(frame, **COLUMNS).judge_clusters(seed=1).methods["jackknife"],
    ):
        # 1e48 is no power of 2, so that products with it round in the 16th digit; p sums some hundreds of them
        assert ask(large).p_value == pytest.approx(ask(plain).p_value, rel=1e-6)


@pytest.mark.parametrize("where", list(ESTIMATORS))
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda frame: frame.set_index(["unit", "period"]),
            r"unit, period stands in the frame's index; frame\.reset_index",
        ),
        (lambda frame: frame.iloc[:0], "the data has no rows"),
        (lambda frame: frame.assign(y=frame["y"] + 1j), "outcome 'y' is not numeric"),
        (
            lambda frame: frame.assign(period=frame["period"].replace(9, np.inf)),
            "period 'period' holds infinite values",
        ),
        (listed, "column 'unit' holds lists"),
        (lambda frame: frame.assign(y=frame["y"] * 1e300), r"outcome 'y' holds values beyond 1e\+50"),
    ],
)
def test_frames_that_cannot_be_read_are_refused_by_every_estimator(where, change, said):
    with pytest.raises(InputError, match=f"{where}: (.*\n.*)?{said}"):
        ESTIMATORS[where](change(panel()))


@pytest.mark.parametrize("where", list(ESTIMATORS))
@pytest.mark.parametrize(
    "change",
    [
        lambda frame: frame.set_index(["unit", "period"], drop=False),
        lambda frame: frame.set_index(np.zeros(len(frame), dtype=int)),
        lambda frame: frame.assign(unit="unit " + frame["unit"].astype(str).str.zfill(3)),
        lambda frame: frame.astype({"unit": "category", "period": "Int64", "y": "Float64", "adopted": "uint8"}),
    ],
)
def test_frames_of_another_make_say_the_same(where, change):
    frame = panel()
    own, other = (ESTIMATORS[where](each) for each in (frame, change(frame)))
    assert own.summary() == other.summary()


def test_one_period_and_no_rows_that_can_serve_are_told_as_that():
    frame = panel()
    with pytest.raises(InputError, match="period 'period' holds a single period"):
        estimate_att(frame[frame["period"] == 6], **COLUMNS)
    with pytest.raises(InputError, match="no row can serve; of 540 rows 540 without an outcome"):
        estimate_att(frame.assign(y=np.nan), **COLUMNS, sample="cross_sections")
    with pytest.raises(InputError, match="holds minus infinity"):
        estimate_att(frame.assign(adopted=frame["adopted"].replace(0, -np.inf)), **COLUMNS)


def test_numbers_of_numpy_are_numbers():
    frame, two = panel(), np.int64(2)
    asked = {"anticipation": np.int32(1), "baseline": two, "smallest_shown": two, "confidence": np.float32(0.5)}
    effect = estimate_att(frame, **COLUMNS, **asked)
    plain = {"anticipation": 1, "baseline": 2, "smallest_shown": 2, "confidence": 0.5}
    assert effect.design == estimate_att(frame, **COLUMNS, **plain).design
    assert {name: type(effect.design.to_dict()[name]) for name in plain} == {n: type(v) for n, v in plain.items()}
    stacked = {"method": "stacked", "kappa_pre": two, "kappa_post": two}
    assert estimate_att(frame, **COLUMNS, **stacked).design.kappa_post == 2
    assert effect.band(np.int64(0), two).att == effect.band(0, 2).att
