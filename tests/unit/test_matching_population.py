"""Whom an effect is about: counted by hand, for each estimand, and told without small counts."""

import json

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from tf_eval.matching import describe_population, match


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    random = np.random.default_rng(8)
    need = random.normal(size=600)
    treated = random.random(600) < 1 / (1 + np.exp(1.5 - 1.5 * need))
    return pd.DataFrame({"need": need, "district": random.choice(["north", "south"], 600), "started": treated})


@pytest.fixture(scope="module")
def matched(frame):
    return match(frame, on=["need", "district"], treated="started", caliper=0.02)


def test_those_asked_about_studied_and_left_out(frame, matched):
    treated, studied = frame[frame["started"]], matched.frame[matched.frame["started"]]
    left_out = treated.drop(index=studied.index)
    assert len(left_out) > 10
    found = describe_population(matched).table().set_index("label").loc["need"]
    by_hand = [rows["need"].mean() for rows in (treated, studied, left_out)]
    assert found[["mean_asked", "mean_studied", "mean_left_out"]].tolist() == pytest.approx(by_hand)
    assert found["shift"] == pytest.approx((by_hand[1] - by_hand[0]) / treated["need"].std())
    assert found["shift_left_out"] == pytest.approx((by_hand[2] - by_hand[0]) / treated["need"].std())
    assert describe_population(matched).rows == {
        "asked": len(treated),
        "studied": len(studied),
        "left_out": len(left_out),
    }


@pytest.mark.parametrize(("method", "estimand"), [("inverse_probability", "atc"), ("overlap", "ato")])
def test_the_estimand_says_of_whom_it_is_asked(frame, method, estimand):
    weighted = match(frame, on="need", treated="started", method=method, estimand=estimand)
    arm = weighted.frame["started"] == (estimand != "atc")
    asked = frame[~frame["started"]] if estimand == "atc" else frame
    row = describe_population(weighted).table().iloc[0]
    assert row["mean_asked"] == pytest.approx(asked["need"].mean())
    own = weighted.frame[arm]
    assert row["mean_studied"] == pytest.approx(np.average(own["need"], weights=own["weight"]))


def test_where_nobody_is_left_out_nothing_shifts(frame):
    found = describe_population(match(frame, on="need", treated="started", method="entropy_balancing"))
    assert found.table()["shift"].abs().max() < 1e-9
    assert found.table()[["mean_left_out", "shift_left_out"]].isna().all(axis=None)
    assert "all of them were studied. On no covariate" in found.summary()


def test_it_is_told_in_words_with_rounded_counts(matched):
    found = describe_population(matched, labels={"need": "Need", "district": "District"})
    assert found.summary().startswith(f"The effect is asked of about {5 * round(found.rows['asked'] / 5)} treated rows")
    assert "Those studied differ most by Need" in found.summary()
    assert "below all; the answer is about those studied" in found.summary()
    assert str(found.rows["left_out"]) not in repr(found)
    json.dumps(found.to_dict(), allow_nan=False)


def test_the_figure_has_the_largest_shift_on_top(matched):
    ax = describe_population(matched).plot()
    assert isinstance(ax.figure, Figure)
    labels = [tick.get_text() for tick in ax.get_yticklabels()]
    assert labels[-1] == "need"
    assert ax.get_title(loc="left").startswith("Those studied differ from all on")
