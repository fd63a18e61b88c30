"""What holds for all choices of rows, against every choice there is. Covariates are small whole numbers."""

from itertools import product

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_array

from tf_eval.errors import EstimationError
from tf_eval.matching import check_balance, match
from tf_eval.matching.choosing.largest_choice import Choice, choose_largest
from tf_eval.matching.review.statistics import yardstick

small = settings(max_examples=30, deadline=None)
tolerances = st.sampled_from([0.0, 0.02, 0.1, 0.3])
methods = st.sampled_from(["cardinality", "profile"])
FAR = 1e-6  # standard deviations beyond a tolerance that still count as within it: HiGHS allows as much


@st.composite
def samples(draw, most: int = 10) -> pd.DataFrame:
    """A frame of 4 rows or more with both arms."""
    size = draw(st.integers(4, most))
    column = lambda values: draw(st.lists(values, min_size=size, max_size=size))  # noqa: E731
    frame = pd.DataFrame(
        {
            "treated": column(st.integers(0, 1)),
            "x": column(st.integers(0, 4)),
            "y": column(st.integers(0, 2)),
            "cell": column(st.sampled_from("ab")),
        },
        index=[f"row{number}" for number in range(size)],
    )
    assume(0 < frame["treated"].sum() < size)
    return frame


def run(frame: pd.DataFrame, method: str = "cardinality", **asked):
    """Choose rows, or return None where none are found."""
    try:
        return match(frame, on=("x", "y"), treated="treated", method=method, **asked)
    except EstimationError:
        return None


def rows_of(found, arm: int) -> int:
    """Return how many rows of an arm were chosen; 0 where none were found."""
    return 0 if found is None else int((found.frame["treated"] == arm).sum())


def largest(frame: pd.DataFrame, tolerance: float, ratio: int, kept: bool) -> int:
    """Return the most rows (treated; where these are kept, comparison) of all choices there are, cell by cell in ratio.

    Where the treated are kept, those are that have a comparison row in their cell, and cells keep their shares.
    """
    values, treated = frame[["x", "y"]].to_numpy(float), frame["treated"].to_numpy() == 1
    scale = yardstick(values, treated)
    cell = (frame["cell"] == "a").to_numpy().astype(int)
    served = np.isin(cell, cell[treated]) & np.isin(cell, cell[~treated])
    best = 0
    for taken in product((False, True), repeat=len(frame)):
        arms = [np.array(taken) & served & arm for arm in (treated, ~treated)]
        if kept and not np.array_equal(arms[0], treated & served):
            continue
        sizes = np.array([np.bincount(cell[arm], minlength=2) for arm in arms])
        if not sizes.sum(axis=1).all() or not _in_ratio(sizes, ratio, kept):
            continue
        apart = np.abs(values[arms[0]].mean(axis=0) - values[arms[1]].mean(axis=0))
        if (apart <= (tolerance + FAR) * scale).all():
            best = max(best, int(sizes[int(kept)].sum()))
    return best


def _in_ratio(sizes: np.ndarray, ratio: int, kept: bool) -> bool:
    if kept:
        return np.array_equal(sizes[0] * sizes[1].sum(), sizes[1] * sizes[0].sum())
    return np.array_equal(sizes[0] * ratio, sizes[1])


@small
@given(samples(), tolerances, st.integers(1, 2), st.booleans())
def test_no_choice_in_ratio_has_more_treated_rows(frame, tolerance, ratio, in_cells):
    found = run(frame, ratio=ratio, tolerance=tolerance, exact="cell" if in_cells else ())
    one_cell = frame if in_cells else frame.assign(cell="a")
    assert rows_of(found, 1) == largest(one_cell, tolerance, ratio, kept=False)


@small
@given(samples(), tolerances, st.booleans())
def test_no_choice_with_the_profile_has_more_comparison_rows(frame, tolerance, in_cells):
    found = run(frame, "profile", tolerance=tolerance, exact="cell" if in_cells else ())
    one_cell = frame if in_cells else frame.assign(cell="a")
    assert rows_of(found, 0) == largest(one_cell, tolerance, 1, kept=True)


@small
@given(samples(40), tolerances, methods)
def test_means_are_alike_to_within_the_tolerance(frame, tolerance, method):
    found = run(frame, method, tolerance=tolerance, exact="cell")
    assume(found)
    assert abs(check_balance(found).worst["smd_after"]) <= tolerance + 2 * FAR
    assert (found.frame["weight"] == 1).all()
    if method == "profile":
        kept = set(frame[frame["treated"] == 1]["cell"]) & set(frame[frame["treated"] == 0]["cell"])
        assert rows_of(found, 1) == (frame["treated"].eq(1) & frame["cell"].isin(kept)).sum()


@small
@given(samples(40), st.integers(1, 3))
def test_each_cell_has_the_ratio(frame, ratio):
    found = run(frame, ratio=ratio, tolerance=0.3, exact="cell")
    assume(found)
    sizes = found.frame.groupby("cell")["treated"].agg(["sum", "size"])
    assert (sizes["size"] - sizes["sum"] == ratio * sizes["sum"]).all()


@small
@given(samples(40), tolerances, methods, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(frame, tolerance, method, random):
    shuffled = frame.loc[random.sample(list(frame.index), len(frame))]
    one, other = (run(rows, method, tolerance=tolerance, exact="cell") for rows in (frame, shuffled))
    assert (one is None) == (other is None)
    if one:
        pd.testing.assert_frame_equal(one.frame.sort_index(), other.frame.sort_index(), check_exact=True)


@small
@given(samples(40), tolerances, methods)
def test_names_of_rows_change_no_count(frame, tolerance, method):
    renamed = frame.set_axis([f"row{len(frame) - number:03d}" for number in range(len(frame))])
    one, other = (run(rows, method, tolerance=tolerance) for rows in (frame, renamed))
    assert [rows_of(one, arm) for arm in (0, 1)] == [rows_of(other, arm) for arm in (0, 1)]


@small
@given(samples(30), st.sampled_from([0.02, 0.1]), methods)
def test_a_comparison_row_far_off_changes_no_count(frame, tolerance, method):
    """The treated have to vary: the yardstick would else be the whole sample's."""
    assume((frame[frame["treated"] == 1][["x", "y"]].nunique() > 1).all())
    far = pd.DataFrame({"treated": 0, "x": 900, "y": 900, "cell": "a"}, index=["far"])
    one, other = (run(rows, method, tolerance=tolerance) for rows in (frame, pd.concat([frame, far])))
    assert [rows_of(one, arm) for arm in (0, 1)] == [rows_of(other, arm) for arm in (0, 1)]


@small
@given(samples(30), methods)
def test_a_wider_tolerance_never_means_fewer_rows(frame, method):
    counts = [rows_of(run(frame, method, tolerance=tolerance), method == "cardinality") for tolerance in (0.02, 0.1, 1)]
    assert counts == sorted(counts)


@small
@given(samples(30))
def test_twins_of_all_treated_rows_let_all_be_chosen(frame):
    twins = frame[frame["treated"] == 1].assign(treated=0).rename("twin of {}".format)
    found = run(pd.concat([frame, twins]), tolerance=0.0, exact="cell")
    assert rows_of(found, 1) == frame["treated"].sum()
    assert found.dropped.empty


@small
@given(samples(40), tolerances, st.integers(1, 3))
def test_no_size_passes_its_bound(frame, tolerance, ratio):
    treated, values = frame["treated"].to_numpy() == 1, frame[["x", "y"]].to_numpy(float)
    ties = np.array([[*np.where(treated, -ratio, 1), 0], [*treated, -1]], dtype=float)
    choice = Choice(
        most=np.ones(len(frame)),
        group=treated.astype(int),
        names=("x", "y"),
        pull=(values - values[treated].mean(axis=0)) * np.where(treated, 1.0, -1.0 / ratio)[:, None],
        slack=tolerance,
        ties=csc_array(ties),
        limits=csc_array((0, len(frame) + 1)),
    )
    try:
        chosen = choose_largest(choice)
    except EstimationError:
        return
    assert 1 <= chosen.size <= chosen.bound
    assert chosen.count[treated].sum() == chosen.size
    assert (np.abs(chosen.count @ choice.pull) <= tolerance * chosen.size + 2 * FAR).all()
