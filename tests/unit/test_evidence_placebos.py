"""The parts of placebos: who is drawn, what is laid out of them, and what chance explains."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from tests.accepted import accepted
from tf_eval.evidence.placebos import lottery
from tf_eval.evidence.placebos.lottery import Lottery
from tf_eval.evidence.placebos.pretended import Antedated, Pretended
from tf_eval.evidence.placebos.rates import LOT, chances_of, rates_of, recovered_of
from tf_eval.matching import match

RANDOM = np.random.default_rng(3)
FAMILIES, MONTHS = 400, 6


def arms() -> pd.DataFrame:
    """Families at risk in each of six months, of whom those in need start; each row is dated by its month."""
    need, started = RANDOM.normal(size=FAMILIES), RANDOM.integers(0, 3 * MONTHS, size=FAMILIES)
    rows = [
        (family, month, int(started[family] == month and need[family] > -0.5), need[family])
        for family in range(FAMILIES)
        for month in range(MONTHS)
        if month <= started[family]
    ]
    return pd.DataFrame(rows, columns=["family_id", "month", "treated", "need"])


@pytest.fixture(scope="module")
def matched():
    asked = {"treated": "treated", "unit": "family_id", "risk_set": "month", "on": "need"}
    return accepted(match(arms(), **asked))


@pytest.fixture(scope="module")
def drawn(matched):
    made = Lottery.of(matched, ["need"])
    return [made.draw(np.random.default_rng(seed)) for seed in range(30)]


def test_as_many_start_in_each_month_as_did_and_nobody_twice(matched, drawn):
    did = matched.sealed.frame.groupby("month")["treated"].sum()
    for frame in drawn:
        assert frame.groupby("month")["treated"].sum().equals(did)
        assert frame.loc[frame["treated"] == 1, "family_id"].is_unique


def test_only_those_who_had_not_started_are_drawn(matched, drawn):
    before = matched.sealed.frame
    assert not before.loc[drawn[0].index, "treated"].any()


def test_those_like_the_treated_are_drawn_most(matched, drawn):
    need = matched.sealed.frame.groupby("treated")["need"].mean()
    found = np.mean([frame.loc[frame["treated"] == 1, "need"].mean() for frame in drawn])
    # 30 draws of some 80 families: an error below 0.05 (families come in several draws), where the arms are 0.5 apart.
    assert found == pytest.approx(need[1], abs=0.15)
    assert found > need[0] + 0.25


def test_of_many_rows_a_part_is_kept_and_all_who_start(matched, monkeypatch):
    monkeypatch.setattr(lottery, "MOST_ROWS", 300)
    made = Lottery.of(matched, ["need"])
    frame = made.draw(np.random.default_rng(1))
    assert len(frame) < 0.5 * len(made.frame)
    assert frame["treated"].sum() == matched.sealed.frame["treated"].sum()
    assert len(made.started(frame)) == frame["treated"].sum()


@dataclass
class Panel:
    """Families whose outcome is the month; of those that are treated in the match it goes on after a start."""

    ends: int = 3

    def event_time_frame(self, matched, outcome, columns):
        months = pd.DataFrame({"event_time": range(-4, 6)})
        long = matched.frame.assign(row=matched.frame.index).merge(months, how="cross")
        long[outcome] = long["event_time"].astype(float).mask((long["treated"] == 0) & (long["event_time"] > self.ends))
        return long.assign(adopted=np.where(long["treated"] == 1, 0.0, np.nan))


def test_families_that_drew_a_start_are_followed_as_comparison_families_are(matched):
    long = Pretended(Panel(), (-2, 5), planted=-0.5).event_time_frame(matched, "outcome", ())
    of = {arm: long[long["adopted"].notna() == arm].groupby("event_time")["outcome"].mean() for arm in (True, False)}
    assert of[False].dropna().to_dict() == {time: float(time) for time in range(-2, 4)}
    assert of[True].dropna().to_dict() == {-2: -2.0, -1: -1.0, 0: 0.0, 1: 0.5, 2: 1.0, 3: 1.5}
    assert long["adopted"].notna().sum() == 8 * matched.frame["treated"].sum()


def test_an_earlier_start_moves_the_months_and_ends_before_the_true_one(matched):
    long = Antedated(Panel(), 3).event_time_frame(matched, "outcome", ())
    assert long["event_time"].unique().tolist() == [-1, 0, 1, 2]
    assert (long["outcome"] == long["event_time"] - 3).all()


def controls(found: dict[str, int], tried: int = 20) -> pd.DataFrame:
    """Starts by lot of some outcomes, of which so many are taken for an effect."""
    rows = [
        (outcome, LOT, f"draw {number}", 0.0, 3.0 * (number < count), 1.0, 0.001 if number < count else 1.0)
        for outcome, count in found.items()
        for number in range(tried)
    ]
    names = ["outcome", "kind", "control", "truth", "value", "std_error", "p_value"]
    table = pd.DataFrame(rows, columns=names)
    return table.assign(low=table["value"] - 2, high=table["value"] + 2)


@pytest.mark.parametrize(("found", "beyond"), [(3, False), (4, True), (5, True)])
def test_of_20_starts_by_lot_three_found_is_what_chance_explains(found, beyond):
    """Of 20 tests at one in twenty four or more find something with a chance of 0.016, three or more of 0.075."""
    (chance,) = chances_of(controls({"asb": found}))["adjusted"]
    assert (chance < 0.05) == beyond


def test_several_outcomes_are_allowed_for():
    chances = chances_of(controls({"asb": 4, "school": 0, "work": 1, "care": 0})).set_index("outcome")["adjusted"]
    assert chances["asb"] == pytest.approx(4 * 0.01590, rel=1e-3)


def test_a_control_without_an_estimate_is_not_counted():
    given = controls({"asb": 2})
    given.loc[0, ["value", "std_error", "low", "high"]] = np.nan
    (row,) = rates_of(given).to_dict("records")
    assert (row["tried"], row["found"]) == (19, 1)


def test_of_none_in_20_something_is_left_unknown_and_what_was_not_drawn_has_no_error_of_drawing():
    drawn, chosen = rates_of(pd.concat([controls({"asb": 0}), controls({"asb": 0}).assign(kind="earlier start")])).iloc
    assert drawn["share"] == 0 and drawn["share_error"] == pytest.approx(0.0564, abs=1e-4)
    assert np.isnan(chosen["share_error"]) and np.isnan(chosen["bias_error"])


def test_what_is_recovered_is_of_all_that_was_planted():
    base = controls({"asb": 0}, tried=2)
    planted = base.assign(kind="planted effect", truth=[-2.0, -6.0], value=[-2.0, -4.0])
    assert recovered_of(pd.concat([base, planted])).to_dict() == {"asb": 0.75}
