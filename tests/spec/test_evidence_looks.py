"""An effect that is reported every month: intervals that hold over all reports together."""

import json

import numpy as np
import pandas as pd
import pytest

from tf_eval.errors import ConfigError, InputError, NotEstimated
from tf_eval.evidence import repeated_intervals


def looks(count: int = 24, effect: float = 0.0, seed: int = 1, units: int = 20) -> pd.DataFrame:
    """Return estimates as ``units`` more units, each with an error of 1, come in at each look."""
    drawn = np.random.default_rng(seed).normal(effect, 1, size=(count, units)).mean(axis=1)
    look = np.arange(1, count + 1)
    return pd.DataFrame({"look": look, "value": drawn.cumsum() / look, "std_error": 1 / np.sqrt(units * look)})


def test_the_interval_is_wide_early_and_hardly_wider_than_usual_at_the_end():
    table = repeated_intervals(looks()).table()
    widening = (table["high"] - table["low"]) / (table["naive_high"] - table["naive_low"])
    assert widening.is_monotonic_decreasing
    assert widening.iloc[0] > 5 and widening.iloc[-1] < 1.1
    assert table["spent"].iloc[-1] == pytest.approx(0.05)


def test_pocock_is_narrower_early_and_wider_at_the_end():
    default, pocock = (repeated_intervals(looks(), spending=word).critical for word in ("obrien_fleming", "pocock"))
    assert pocock[0] < default[0] and pocock[-1] > default[-1]


def test_spending_is_narrower_at_the_end_than_what_holds_for_ever():
    assert repeated_intervals(looks()).critical[-1] < repeated_intervals(looks(), planned=None).critical[-1]


def test_what_is_said_of_a_look_does_not_depend_on_later_ones():
    whole, part = repeated_intervals(looks()), repeated_intervals(looks().head(9))
    # The same integrals, of which only the last is left out.
    assert part.critical == pytest.approx(whole.critical[:9], rel=1e-12)
    assert part.p_value == pytest.approx(whole.p_value[:9], rel=1e-9)


@pytest.mark.parametrize("planned", [24, None])
def test_the_p_value_is_below_the_level_where_the_interval_leaves_out_zero(planned):
    found = repeated_intervals(looks(effect=0.25), planned=planned)
    assert 0 < found.excludes_zero.sum() < 24
    assert ((found.p_value < 0.05) == found.excludes_zero).all()


@pytest.mark.parametrize("spending", ["obrien_fleming", "pocock"])
def test_the_p_value_is_the_level_at_which_the_interval_ends_at_zero(spending):
    found = repeated_intervals(looks(effect=0.25), spending=spending)
    again = repeated_intervals(looks(effect=0.25), spending=spending, confidence=1 - found.p_value[12])
    # The level is sought to a millionth of itself, which moves an end by less than that share of its reach.
    assert again.low[12] == pytest.approx(0, abs=1e-6)


def test_a_look_that_was_passed_over_leaves_what_it_might_have_spent():
    given = looks()
    passed = given.assign(value=given["value"].where(given["look"] != 20))
    whole, found = repeated_intervals(given), repeated_intervals(passed)
    assert list(found.look) == [look for look in range(1, 25) if look != 20]
    assert found.critical[19] < whole.critical[20]
    assert "Look 20 had no estimate" in found.summary()
    assert repeated_intervals(given[given["look"] != 20]).critical == pytest.approx(found.critical)


def test_a_look_with_less_information_is_widened_and_named():
    given = looks()
    given.loc[10, "std_error"] = given.loc[8, "std_error"]
    found = repeated_intervals(given)
    assert found.critical[10] > repeated_intervals(looks()).critical[10]
    assert "Look 11 brought no new information" in found.summary()


def test_without_an_end_a_look_with_less_information_has_no_smaller_critical_value_than_either():
    given = looks()
    given.loc[10, "std_error"] = given.loc[1, "std_error"]
    usual, found = (repeated_intervals(frame, planned=None) for frame in (looks(), given))
    # Its information is that of the second look, and the most so far that of the tenth; here the former asks for more.
    assert found.critical[10] == pytest.approx(usual.critical[1])
    assert found.critical[10] > usual.critical[9]
    assert "Look 11 brought no new information" in found.summary()


def test_few_degrees_of_freedom_widen():
    few = looks().assign(degrees_of_freedom=19.0)
    assert (repeated_intervals(few).critical > repeated_intervals(looks()).critical).all()
    assert (repeated_intervals(few).p_value >= repeated_intervals(looks()).p_value).all()


def test_the_summary_has_size_interval_and_plan():
    said = repeated_intervals(looks(effect=0.5).head(7)).summary()
    assert said.startswith("At look 7 of 24 the effect is ")
    assert "95% interval" in said and "24 looks" in said and "planned before the first" in said


def test_the_summary_tells_an_effect_that_is_no_longer_told_apart():
    given = pd.DataFrame({"look": [10, 11], "value": [0.5, 0.01], "std_error": [0.1, 0.095]})
    assert "It was told from no effect at look 10, but is not" in repeated_intervals(given).summary()
    assert "as it first was at look 10" in repeated_intervals(given.head(1)).summary()


@pytest.mark.parametrize("planned", [np.int64(6), None])
def test_a_result_is_json_and_draws_every_look(planned):
    found = repeated_intervals(looks(6), planned=planned)
    assert len(json.loads(json.dumps(found.to_dict()))["looks"]) == 6
    assert found.plot().get_xlabel().startswith("Look")


def test_the_frame_is_left_as_it_was_and_its_order_plays_no_part():
    given = looks().sample(frac=1, random_state=1)
    before = given.copy()
    assert repeated_intervals(given).low == pytest.approx(repeated_intervals(looks()).low)
    pd.testing.assert_frame_equal(given, before)


def test_nothing_estimated_yet():
    assert isinstance(repeated_intervals(looks(2).assign(value=np.nan)), NotEstimated)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"look": 1}, "look twice"),
        ({"look": 0.5}, "whole numbers"),
        ({"std_error": 0.0}, "above 0"),
        ({"value": np.inf}, "finite"),
        ({"value": "much"}, "numbers"),
        ({"degrees_of_freedom": 0.0}, "above 0"),
    ],
)
def test_looks_that_cannot_be_used_are_refused(changed, said):
    with pytest.raises(InputError, match=said):
        repeated_intervals(looks(3).assign(**changed))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"planned": 12}, "look 24 is beyond the 12 planned"),
        ({"planned": 0}, "planned must be"),
        ({"spending": "pocok"}, "Did you mean 'pocock'"),
        ({"planned": None, "spending": "pocock"}, "spending needs a planned number"),
        ({"confidence": 95}, "confidence must be"),
    ],
)
def test_a_plan_that_is_none_is_refused(options, said):
    with pytest.raises(ConfigError, match=said):
        repeated_intervals(looks(), **options)


def test_a_missing_column_is_named():
    with pytest.raises(InputError, match="std_error"):
        repeated_intervals(looks().drop(columns="std_error"))
