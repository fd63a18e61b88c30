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
    assert found.summary().endswith("all of them were studied: the answer is about them.")


def test_for_all_rows_each_row_that_was_studied_counts_as_one(frame):
    """What weights leave unlike between the arms is for the balance to tell: nobody is studied instead of another."""
    found = describe_population(match(frame, on="need", treated="started", method="quick", estimand="ate"))
    assert found.table()["shift"].abs().max() < 1e-9
    assert found.summary() == (
        "The effect is asked of about 600 rows of both arms, and all of them were studied: the answer is about them."
    )
    part = match(frame, on="need", treated="started", method="full", estimand="ate", caliper=0.01)
    row = describe_population(part).table().iloc[0]
    assert len(part.frame) < len(frame)
    assert row["mean_studied"] == pytest.approx(part.frame["need"].mean())


def test_overlap_weights_are_about_those_who_might_have_been_in_either_arm(frame):
    weighted = match(frame, on="need", treated="started", method="overlap")
    found, score = describe_population(weighted), weighted.frame["propensity_score"]
    row = found.table().iloc[0]
    # Each row stands for p (1 - p), whatever its own arm was; which arm it was is chance, and hence the room.
    assert row["mean_studied"] == pytest.approx(np.average(frame["need"], weights=score * (1 - score)), abs=0.05)
    arm = weighted.frame[weighted.frame["started"]]
    assert row["mean_studied"] == pytest.approx(np.average(arm["need"], weights=arm["weight"]))
    assert found.summary().startswith(
        "The answer is about those who might as well have been treated as not: about 600 rows of both arms, each of "
        "which counts for the more the likelier it might have been in the other arm. They differ most in need ("
    )
    assert "asked" not in found.summary()


def test_hardly_anybody_left_out_is_not_counted(frame):
    asked = {"on": "need", "treated": "started", "common_support": "treated", "method": "inverse_probability"}
    treated = frame.index[frame["started"]]
    far = frame.assign(need=frame["need"].where(frame.index != treated[0], 9.0))
    found = describe_population(match(far, **asked))
    assert 0 < found.rows["left_out"] < 10
    assert "and all but fewer than 10 of them were studied" in found.summary()


def test_of_few_families_nothing_is_told(frame):
    """Forty treated rows are those of four families."""
    rows = frame.assign(family=np.where(frame["started"], np.arange(600) % 4, np.arange(600) + 10))
    found = describe_population(match(rows, on="need", treated="started", unit="family", method="entropy_balancing"))
    assert found.rows["asked"] > 100 and found.units["asked"] == 4
    assert "The effect is asked of treated rows of fewer than 10 units" in found.summary()
    assert found.plot().get_title(loc="left") == "Whom the effect is about is not shown"


def test_it_is_told_in_words_with_rounded_counts(matched):
    found = describe_population(matched, labels={"need": "Need", "district": "District"})
    assert found.summary().startswith(f"The effect is asked of about {5 * round(found.rows['asked'] / 5)} treated rows")
    assert "Those studied differ most in Need (" in found.summary()
    assert "below all); the answer is about those studied" in found.summary()
    assert str(found.rows["left_out"]) not in repr(found)
    json.dumps(found.to_dict(), allow_nan=False)


def test_the_figure_has_the_largest_shift_on_top(matched):
    ax = describe_population(matched).plot()
    assert isinstance(ax.figure, Figure)
    labels = [tick.get_text() for tick in ax.get_yticklabels()]
    assert labels[-1] == "need"
    assert ax.get_title(loc="left").startswith("Those studied differ from all on")
