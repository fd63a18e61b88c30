"""What a league table of interventions promises: nothing is ranked that cannot be told apart, and luck is taken off."""

import json

import numpy as np
import pandas as pd
import pytest

from tf_eval import rank_interventions
from tf_eval.errors import ConfigError, InputError, NotEstimated

ASKED = {"good_direction": "fall", "seed": 1, "draws": 999}


def frame(values, errors=0.1):
    names = [f"Programme {letter}" for letter in "ABCDEFGHIJKLMNOPQRST"[: len(values)]]
    return pd.DataFrame({"intervention": names, "value": values, "std_error": errors})


APART = frame([0.1, -2.0, 0.0, -0.1, 1.5])
ALIKE = frame([0.05, -0.1, 0.0, 0.12, -0.03])


def test_where_none_can_be_told_apart_there_is_no_ranking_and_the_order_is_the_plans():
    league = rank_interventions(ALIKE, **ASKED)
    table = league.table()
    assert not league.tells_apart
    assert (table["rank_low"] == 1).all() and (table["rank_high"] == 5).all()
    assert table["intervention"].tolist() == ALIKE["intervention"].tolist()
    assert league.summary().startswith("These data cannot rank the 5 interventions on the outcome")


def test_what_can_be_told_apart_is_ranked_and_the_rest_stands_in_the_plans_order():
    league = rank_interventions(APART, outcome="police incidents", **ASKED)
    table = league.table()
    assert table["intervention"].str[-1].tolist() == ["B", "A", "C", "D", "E"]
    assert table["rank_low"].tolist() == [1, 2, 2, 2, 5]
    assert table["rank_high"].tolist() == [1, 4, 4, 4, 5]
    assert league.maybe_best == ("Programme B",)
    told = "Of 5 interventions Programme B is the best on police incidents, with 95% confidence in all ranks at once."
    assert league.summary().startswith(told)


def test_the_good_direction_turns_the_ranks_and_nothing_else():
    down, up = (rank_interventions(APART, **{**ASKED, "good_direction": way}).table() for way in ("fall", "rise"))
    merged = down.merge(up, on="intervention", suffixes=("", "_up"))
    assert (merged["rank_low"] == 6 - merged["rank_high_up"]).all()
    assert merged["shrunk"].tolist() == merged["shrunk_up"].tolist()


def test_the_winners_curse_is_told():
    league = rank_interventions(ALIKE, **ASKED)
    first = league.table().set_index("intervention").loc["Programme B"]
    assert first["value"] == -0.1
    assert -0.1 < first["shrunk"] < 0.01
    assert "The one that looks best, Programme B, has an estimated effect of -0.100, and of -0.0" in league.summary()
    assert "partly luck" in league.summary()


def test_with_three_interventions_none_is_shrunk_and_it_is_said_why():
    league = rank_interventions(APART[:3], **ASKED)
    assert isinstance(league.prior, NotEstimated)
    assert league.table()["shrunk"].isna().all()
    assert "No effect is shrunk: effects are shrunk towards their mean from 4 interventions on" in league.summary()
    assert "no effect is shrunk" in league.plot().get_xlabel().replace("\n", " ")
    assert league.to_dict()["prior"] == league.prior.to_dict()


def test_what_has_no_estimate_stays_in_the_table_without_a_rank():
    given = APART.copy()
    given.loc[0, ["value", "std_error"]] = np.nan
    league = rank_interventions(given, **ASKED)
    last = league.table().iloc[-1]
    assert last["intervention"] == "Programme A"
    assert last[["rank_low", "rank_high"]].isna().all()
    assert league.table()["rank_high"].max() == 4
    assert "without a rank: 1." in league.summary()
    assert len(league.plot().get_yticklabels()) == 4


def test_fewer_than_two_estimates_are_nothing_to_rank():
    assert "nothing to rank" in rank_interventions(APART[:1], **ASKED).reason


def test_shared_families_tell_apart_what_independent_ones_could_not():
    """Differences of estimates with the same comparison families are known better than the estimates are."""
    given = frame([0.0, -0.25, 0.02, -0.01], 0.1)
    assert not rank_interventions(given, **ASKED).tells_apart
    correlation = 0.9 + 0.1 * np.eye(4)
    by_covariance = rank_interventions(given, covariance=0.01 * correlation, **ASKED)
    drawn = np.random.default_rng(2).multivariate_normal(np.zeros(4), 0.01 * correlation, 4_000)
    by_draws = rank_interventions(given, deviations=drawn, **ASKED)
    assert by_covariance.maybe_best == by_draws.maybe_best == ("Programme B",)
    assert by_draws.design["dependence"] == "draws"
    # The draws tell a correlation of 0.9 to within 0.01.
    shrunk = [league.table()["shrunk"].to_numpy() for league in (by_covariance, by_draws)]
    assert shrunk[0] == pytest.approx(shrunk[1], abs=0.01)


def test_the_same_seed_gives_the_same_table_and_the_frame_is_not_changed():
    given = ALIKE.copy()
    tables = [rank_interventions(given, **ASKED).table() for _ in range(2)]
    pd.testing.assert_frame_equal(*tables)
    pd.testing.assert_frame_equal(given, ALIKE)


def test_it_can_be_written_as_json():
    given = APART.copy()
    given.loc[0, "value"] = np.nan
    told = json.loads(json.dumps(rank_interventions(given, **ASKED).to_dict(), allow_nan=False))
    assert told["standings"][0]["rank_high"] == 1
    assert told["standings"][-1]["shrunk"] is None
    assert told["design"] == {
        "outcome": "the outcome",
        "good_direction": "fall",
        "confidence": 0.95,
        "dependence": "independent",
        "draws": 999,
        "seed": 1,
    }


def test_the_figure_names_ranks_beside_the_rows_and_never_calls_anything_significant():
    league = rank_interventions(APART, **ASKED)
    ax = league.plot()
    assert [text.get_text() for text in ax.texts] == ["1", "2 to 4", "2 to 4", "2 to 4", "5"]
    assert "Hollow: as estimated" in ax.get_xlabel()
    assert "significant" not in league.summary() + ax.get_xlabel() + repr(league)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"effects": APART.drop(columns="std_error")}, "no column 'std_error'"),
        ({"effects": pd.concat([APART, APART])}, "there twice"),
        ({"effects": APART.assign(std_error=0.0)}, "must be above 0"),
        ({"effects": APART.assign(value="high")}, "'value' must hold finite numbers"),
        ({"effects": APART.assign(value=np.inf)}, "'value' must hold finite numbers"),
        ({"effects": APART.assign(intervention=range(5))}, "named by text"),
        ({"covariance": np.eye(4)}, "5 by the 5 rows of effects"),
        ({"covariance": "high"}, "an array of numbers"),
        ({"deviations": np.ones((99, 4))}, "draws by the 5 rows of effects"),
        ({"covariance": np.eye(5)}, "other errors than 'std_error'"),
        ({"covariance": 0.01 * np.ones((5, 5))}, "one estimate follow from others"),
        ({"covariance": 0.01 * (np.eye(5) + np.eye(5, k=1) / 2)}, "symmetric"),
        ({"covariance": 0.01 * np.eye(5), "deviations": np.ones((99, 5))}, "not both"),
        ({"deviations": np.ones((9, 5))}, "99 draws or more"),
        ({"deviations": np.full((99, 5), np.nan)}, "finite numbers"),
    ],
)
def test_effects_that_cannot_be_used_are_refused(change, said):
    with pytest.raises(InputError, match=said):
        rank_interventions(**{"effects": APART, **ASKED, **change})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"good_direction": "down"}, "good_direction 'down'"),
        ({"confidence": 95}, "confidence must lie between 0 and 1"),
        ({"draws": 5}, "draws must be a whole number"),
        ({"seed": -1}, "seed must be a whole number"),
        ({"outcome": 3}, "outcome must be text"),
    ],
)
def test_options_that_cannot_be_honoured_are_refused(change, said):
    with pytest.raises(ConfigError, match=said):
        rank_interventions(APART, **{**ASKED, **change})


def test_planted_truth():
    """Forty interventions of which eight in ten do nothing, 80 times (``benchmarks/league.py`` has the large run)."""
    random, names = np.random.default_rng(5), [f"Programme {place}" for place in range(40)]
    errors = np.repeat(0.06, 40)
    drawn = random.normal(size=(399, 40)) * errors
    found = []
    for _ in range(80):
        truth = np.where(random.random(40) < 0.8, 0.0, random.normal(0, 0.1, 40))
        given = pd.DataFrame({"intervention": names, "value": truth + errors * random.normal(size=40)})
        league = rank_interventions(given.assign(std_error=errors), deviations=drawn, **ASKED)
        table = league.table().set_index("intervention").loc[names]
        top = int(np.argmin(table["value"]))
        better = np.sum(truth[:, None] < truth, axis=0)
        worse = np.sum(truth[:, None] > truth, axis=0)
        covered = (table["rank_low"] <= 1 + better) & (table["rank_high"] >= 40 - worse)
        inside = (table["shrunk_low"] < truth) & (truth < table["shrunk_high"])
        over = [truth[top] - table[name].iloc[top] for name in ("value", "shrunk")]
        found.append([*over, inside.mean(), covered.all()])
    raw, shrunk, coverage, ranks = np.mean(found, axis=0)
    # Monte-Carlo errors are 0.006, 0.006, 0.5 points and 2.4 points; twice the last is allowed.
    assert raw > 0.05
    assert shrunk < 0.02
    assert 0.93 <= coverage <= 0.97
    assert ranks >= 0.9
