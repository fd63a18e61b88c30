"""The figure of one covariate: what its bars are, and what they do not show."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from tf_eval.errors import InputError
from tf_eval.matching import check_balance, match, plot_distribution
from tf_eval.matching.review.bins import Bins


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    random = np.random.default_rng(4)
    size = 1200
    need = random.normal(size=size)
    absent = random.random(size) < 0.2
    return pd.DataFrame(
        {
            "started": random.random(size) < 1 / (1 + np.exp(1.2 - need)),
            "need": need,
            "children": random.poisson(1.5, size),
            "lone_parent": random.random(size) < 0.4,
            "tenure": random.choice(["own", "rent", "other"], size, p=[0.5, 0.495, 0.005]),
            "absence": np.where(absent, np.nan, need * 10 + 40),
            "landlord": np.where(random.random(size) < 0.3, None, random.choice(["council", "private"], size)),
        }
    )


@pytest.fixture(scope="module")
def matched(frame):
    return match(frame, on=list(frame.columns[1:]), treated="started", caliper=0.2, missing="indicator", ratio=2)


def heights(ax) -> list[np.ndarray]:
    """Return the bars of matched treated, all treated, matched and all comparison rows, those all upwards."""
    return [np.abs(patch.get_data().values) for patch in ax.patches]


def words(ax) -> list[str]:
    return [label.get_text() for label in ax.get_xticklabels()]


def shares(column: pd.Series, weight: pd.Series | None = None) -> pd.Series:
    """Return the share of each level, to the nearest per cent, of those with ten rows."""
    weight = pd.Series(1.0, column.index) if weight is None else weight
    share = weight.groupby(column).sum() / weight.sum()
    return share.round(2).where(column.value_counts() >= 10, 0.0)


def test_levels_have_a_bar_each_and_small_ones_none(frame, matched):
    drawn = plot_distribution(matched, "tenure")
    assert words(drawn) == ["other", "own", "rent"]
    matched_treated, all_treated, matched_compared, all_compared = (bars[::2] for bars in heights(drawn))
    for arm, of_matched, of_all in ((1, matched_treated, all_treated), (0, matched_compared, all_compared)):
        rows = matched.frame[matched.frame["started"] == arm]
        np.testing.assert_allclose(of_matched, shares(rows["tenure"], rows["weight"]))
        np.testing.assert_allclose(of_all, shares(frame.loc[frame["started"] == arm, "tenure"]))
        assert of_all[0] == 0, "fewer than ten rows"


def test_filled_in_rows_stand_beside_the_others(frame, matched):
    drawn = plot_distribution(matched, "landlord")
    assert words(drawn) == ["council", "private", "(missing)"]
    column = frame.loc[frame["started"], "landlord"].fillna("~")
    np.testing.assert_allclose(heights(drawn)[1][::2], shares(column))
    number = plot_distribution(matched, "absence")
    assert words(number)[-1] == "(missing)"
    absent = frame.loc[frame["started"], "absence"].isna().mean()
    assert heights(number)[1][-1] == pytest.approx(absent, abs=0.006)
    assert heights(number)[1][-2] == 0, "a gap"


def test_yes_no_and_whole_numbers(frame, matched):
    assert words(plot_distribution(matched, "lone_parent")) == ["no", "yes"]
    drawn = plot_distribution(matched, "children")
    edges = drawn.patches[0].get_data().edges
    np.testing.assert_allclose(edges, np.arange(len(edges)) - 0.5, err_msg="a bar for each number of children")
    treated = frame.loc[frame["started"], "children"].clip(upper=int(edges[-1]))
    np.testing.assert_allclose(heights(drawn)[1], shares(treated))


def test_bins_of_whole_numbers_have_as_many_of_them_each():
    values = np.arange(18, 78, dtype=float)
    bins = Bins.of_numbers(values, values < 50)
    assert set(np.diff(bins.edges)) == {3.0}
    assert (bins.edges % 1 == 0.5).all()
    assert 0 <= bins.place.min() <= bins.place.max() < len(bins.edges) - 1


def test_the_axis_shows_no_extreme():
    values = np.append(np.linspace(0.0, 1.0, 999), 1000.5)
    bins = Bins.of_numbers(values, np.arange(1000) % 2 == 0)
    assert bins.edges[-1] < 1.1
    assert bins.place[-1] == len(bins.edges) - 2


def test_the_headline_tells_the_overlap_of_the_table(matched):
    table = check_balance(matched).table().set_index("label")
    after, before = table.loc["need", ["overlap_coefficient_after", "overlap_coefficient_before"]]
    title = plot_distribution(matched, "need").get_title(loc="left")
    assert title == (
        f"The groups share {100 * after:.0f}% of their distributions after matching, {100 * before:.0f}% before"
    )
    share = table.loc[["tenure: other", "tenure: own", "tenure: rent"]]
    common = np.minimum(share["mean_treated_before"], share["mean_comparison_before"]).sum()
    assert f"{100 * common:.0f}% before" in plot_distribution(matched, "tenure").get_title(loc="left")


def test_it_takes_axes_and_words_and_knows_its_covariates(matched):
    mine = Figure().subplots()
    assert plot_distribution(matched, "need", label="Need at the start", ax=mine) is mine
    assert mine.get_xlabel().startswith("Need at the start")
    with pytest.raises(InputError, match="no covariate 'nede'"):
        plot_distribution(matched, "nede")


def test_the_score_is_drawn_as_a_covariate_is(frame, matched):
    drawn = plot_distribution(matched, "score")
    assert "Propensity score" in drawn.get_xlabel()
    overlap = check_balance(matched).score
    before, after = (f"{round(100 * overlap[f'overlap_coefficient_{when}'])}%" for when in ("before", "after"))
    assert drawn.get_title(loc="left") == (
        f"The groups share {after} of their distributions after matching, {before} before"
    )
    bars, scores = heights(drawn), matched.plot()
    np.testing.assert_allclose(bars, heights(scores))
    handed_in = match(frame, on="children", treated="started", score="need")
    assert "Score handed in" in plot_distribution(handed_in, "score").get_xlabel()
    assert plot_distribution(handed_in, "score", label="Need").get_xlabel().startswith("Need")


def test_a_covariate_called_score_is_itself(frame):
    own = frame.rename(columns={"need": "score"})
    found = match(own, on=["score", "children"], treated="started", score="score")
    assert plot_distribution(found, "score").get_xlabel().startswith("score\n")
