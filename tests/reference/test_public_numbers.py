"""The published numbers themselves, worked out again from the same data by the way that each work describes.

Whoever copies a number out of a paper may copy it wrong; one that comes out here in every digit printed is right.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.api import OLS, WLS, Logit, add_constant

DATA = Path(__file__).parent / "data"
REFERENCE = json.loads((DATA / "public_evidence.json").read_text(encoding="utf-8"))
STORIES = REFERENCE["stories"] | REFERENCE["without_an_estimate"]


def difference(people):
    """The difference in means, its error from both groups' common variance."""
    fit = OLS(people["re78"], add_constant(people["treat"])).fit()
    return fit.params["treat"], fit.bse["treat"]


def two_way(table, outcome, policy, period, weights=1.0):
    """The coefficient of policy beside effects of states and periods, its error by state as Stata's xtreg has it."""
    columns = pd.get_dummies(table[period], prefix="at", drop_first=True, dtype=float)
    columns = columns.assign(policy=policy, outcome=outcome)
    columns -= columns.groupby(table["state"]).transform("mean")
    model = WLS(columns.pop("outcome"), add_constant(columns), weights=weights)
    fit = model.fit(cov_type="cluster", cov_kwds={"groups": pd.factorize(table["state"])[0]})
    return fit.params["policy"], fit.bse["policy"]


def supported_work():
    people = pd.read_csv(DATA / "nsw_cps.csv.gz")
    return difference(people[people["sample"] == "NSW"])


def castle_doctrine():
    states = pd.read_csv(DATA / "castle.csv")
    return two_way(states, np.log(states["homicide"]), states["in_force"], "year", states["population"])


def minimum_wage():
    cells = json.loads((DATA / "did.json").read_text(encoding="utf-8"))["group_time_att"]
    simple = cells["nevertreated|varying|1|dr|0"]["simple"]
    return simple["overall_att"], simple["overall_se"]


def giving_up_smoking():
    """What If, programs 12.1 and 12.2: weights from a logistic model with squares, a robust error."""
    smokers = pd.read_csv(DATA / "nhefs.csv")
    measured = smokers[["age", "smokeintensity", "smokeyrs", "wt71"]]
    named = pd.get_dummies(smokers[["education", "exercise", "active"]].astype(str), drop_first=True, dtype=float)
    known = [smokers[["sex", "race"]], measured, (measured**2).add_suffix("_squared"), named]
    gave_up = smokers["qsmk"]
    chance = Logit(gave_up, add_constant(pd.concat(known, axis=1))).fit(disp=False).predict()
    weights = 1 / np.where(gave_up == 1, chance, 1 - chance)
    fit = WLS(smokers["wt82_71"], add_constant(gave_up), weights=weights).fit(cov_type="HC0")
    return fit.params["qsmk"], fit.bse["qsmk"]


def active_choice():
    donors = pd.read_csv(DATA / "organ_donations.csv")
    after = donors["quarter"].isin(["Q32011", "Q42011", "Q12012"])
    return two_way(donors, donors["rate"], (donors["state"] == "California") & after, "quarter")


DIGITS = [  # of the estimate, and of its error
    (supported_work, 0, 0),
    (castle_doctrine, 4, 4),
    (minimum_wage, 4, 4),
    (giving_up_smoking, 1, 2),
    (active_choice, 3, 3),
]


@pytest.mark.parametrize(("again", "digits", "of_error"), DIGITS, ids=[again.__name__ for again, *_ in DIGITS])
def test_they_come_out_in_every_digit_printed(again, digits, of_error):
    value, error = again()
    published = STORIES[again.__name__]
    assert round(value, digits) == published["published"]
    assert round(error, of_error) == published["std_error"]


def test_of_smokers_the_interval_of_the_book_comes_out():
    value, error = giving_up_smoking()
    assert [round(value + side * 1.96 * error, 1) for side in (-1, 1)] == [2.4, 4.5]


def test_the_survey_in_place_of_the_lot_is_as_far_off_as_was_published():
    people = pd.read_csv(DATA / "nsw_cps.csv.gz")
    value, error = difference(people[(people["sample"] == "CPS") | (people["treat"] == 1)])
    assert (round(value), round(error)) == (-8498, 712)


def test_a_law_takes_effect_in_the_first_year_that_it_is_in_force():
    states = pd.read_csv(DATA / "castle.csv", index_col="state")
    first = states[states["in_force"] > 0].groupby("state")["year"].min()
    assert states["effective"].dropna().groupby("state").first().to_dict() == first.to_dict()
