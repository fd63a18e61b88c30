"""Of rows of fewer than ten units nothing is told, however many they are: ten rows of one family are one family."""

import numpy as np
import pandas as pd
import pytest

from tests.accepted import accepted
from tf_eval.matching import (
    check_arms,
    check_balance_within,
    compare_arms,
    estimate_effect,
    match,
    match_arms,
    plot_distribution,
    prognostic_balance,
    rosenbaum_bounds,
    tie_sensitivity,
    tipping_point,
)

NOT_SHOWN = "not shown, for a group has fewer than 10 rows or units"


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """Two hundred treated rows of four families beside 400 of a family each."""
    random = np.random.default_rng(5)
    treated = np.arange(600) < 200
    need = random.normal(size=600) + 0.6 * treated
    return pd.DataFrame(
        {
            "family": np.where(treated, np.arange(600) % 4, np.arange(600)),
            "need": need,
            "place": random.choice(["north", "south"], 600),
            "started": treated,
            "incidents": 7.7 + need + random.normal(size=600),
        }
    )


def matched(frame, unit: str | None, **asked):
    found = match(frame, on="need", treated="started", unit=unit, exact="place", **asked)
    return accepted(found)


TOLD = {
    "effect": lambda found: estimate_effect(found, "incidents"),
    "tipping point": lambda found: tipping_point(found, "incidents"),
    "bounds": lambda found: rosenbaum_bounds(found, "incidents", alternative="higher"),
    "ties": lambda found: tie_sensitivity(found, "incidents", draws=3, seed=1),
    "prognosis": lambda found: prognostic_balance(found, "incidents"),
}


@pytest.mark.parametrize("result", TOLD.values(), ids=TOLD)
def test_no_result_tells_of_few_families(frame, result):
    few = result(matched(frame, "family"))
    assert NOT_SHOWN in few.summary()
    assert "not shown" in repr(few)
    assert not any(character.isdigit() for character in few.summary().replace("fewer than 10", ""))
    ax = few.plot()
    assert ax.get_title(loc="left").endswith("is not shown")
    assert not (ax.lines or ax.collections or ax.patches or ax.texts)


@pytest.mark.parametrize("result", TOLD.values(), ids=TOLD)
def test_of_as_many_rows_without_units_it_is_told(frame, result):
    many = result(matched(frame, None))
    assert NOT_SHOWN not in many.summary()
    ax = many.plot()
    assert ax.lines or ax.collections or ax.patches


def test_an_effect_says_of_how_many_units_its_rows_are(frame):
    row = estimate_effect(matched(frame, "family"), "incidents").table().iloc[0]
    assert (row["n_treated"], row["n_treated_units"]) == (200, 4)
    assert row["n_comparison"] == row["n_comparison_units"] == 200
    row = estimate_effect(matched(frame, None), "incidents").table().iloc[0]
    assert row["n_treated"] == row["n_treated_units"] == 200


def test_no_cell_of_few_families_is_shown(frame):
    shown = check_balance_within(matched(frame, None))
    assert shown.worst is not None
    hidden = check_balance_within(matched(frame, "family"))
    assert hidden.table()["rows_treated"].min() >= 10 > hidden.table()["units_treated"].max()
    assert hidden.worst is None
    assert "No cell of place has 10 matched rows and units of each arm" in hidden.summary()


@pytest.mark.parametrize(("unit", "shown"), [(None, True), ("family", False)])
def test_no_bar_is_of_few_families(frame, unit, shown):
    found = matched(frame, unit, method="entropy_balancing")
    heights = np.concatenate([patch.get_data().values for patch in found.plot().patches])
    assert (heights < 0).any()
    assert (heights > 0).any() == shown
    assert bool(plot_distribution(found, "need").patches) == shown  # whose headline says what the groups share


def test_arms_of_few_families_are_not_told_of(frame):
    arms = frame.assign(arm=np.where(frame["started"], "fip", np.where(frame.index % 2, "mentor", "none")))
    asked = {"on": "need", "arm": "arm", "reference": "fip", "method": "inverse_probability"}
    few, many = (match_arms(arms, unit=unit, **asked) for unit in ("family", None))
    assert "of 'fip' rows of fewer than 10 units those of fewer than 10 units" in few.summary().lower()
    assert "of 'fip' of fewer than 10 units" in repr(few) and "of 'fip'" in repr(many)
    assert "of equal weight" in many.summary()
    effects = [compare_arms(check_arms(found).accept(because="of a test"), "incidents") for found in (few, many)]
    assert [NOT_SHOWN in told.summary() for told in effects] == [True, False]
    drawn = [len(told.plot().collections[0].get_segments()) for told in effects]
    assert drawn == [1, 3]  # without the two comparisons of the arm of few
