"""What holds for every full match with limits on the ratio, against whole-number programmes that state them plainly."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.properties.test_matching_optimal import achieved, distances, finer, run, samples

small = settings(max_examples=40, deadline=None)
LIMITS = st.sampled_from(
    [
        {"max_ratio": 1},
        {"max_ratio": 2},
        {"max_ratio": 3, "min_ratio": 1},
        {"min_ratio": 1},
        {"min_ratio": 1 / 2},
        {"max_ratio": 2, "min_ratio": 1 / 3},
        {"max_ratio": 1, "min_ratio": 1},
        {"min_ratio": 2},
        {"min_ratio": 2, "max_ratio": 3},
        {"min_ratio": 3, "max_ratio": 3},
    ]
)
along = st.fixed_dictionaries({name: finer[name] for name in ("caliper", "exact")})
among = st.fixed_dictionaries({name: finer[name] for name in finer if "ratio" not in name})


def limits_of(limits: dict) -> tuple[int, int, int]:
    """Return the fewest and the most comparison rows of a treated row, and the most treated of a comparison row."""
    least = limits.get("min_ratio")
    return max(1, int(least or 0)), limits.get("max_ratio", 99), 99 if least is None else max(1, round(1 / least))


def best(far: pd.DataFrame, limits: dict, kept: list | None = None) -> tuple[int, int, float]:
    """Return how many treated and comparison rows a match can keep, and the least total distance of such a match.

    A number for each pair, made or not, and one for each row, kept or not; who of the treated is ``kept`` may be given.
    """
    fewest, most, shared = limits_of(limits)
    cost = far.to_numpy()
    row, column = np.nonzero(np.isfinite(cost))
    edges, treated, compared = len(row), len(far), len(far.columns)
    if not edges:
        return 0, 0, 0.0
    of_row, of_column = (np.equal.outer(np.arange(size), code) for size, code in ((treated, row), (compared, column)))
    nothing = np.zeros((treated, compared))
    matrix = np.vstack(
        [
            np.hstack([of_row, -fewest * np.eye(treated), nothing]),
            np.hstack([-1 * of_row, most * np.eye(treated), nothing]),
            np.hstack([of_column, nothing.T, -np.eye(compared)]),
            np.hstack([-1 * of_column, nothing.T, shared * np.eye(compared)]),
        ]
    )
    low = np.zeros(treated) if kept is None else far.index.isin(kept).astype(float)
    high = np.ones(treated) if kept is None else low
    bounds = Bounds(np.r_[np.zeros(edges), low, np.zeros(compared)], np.r_[np.ones(edges), high, np.ones(compared)])
    counted = np.r_[np.zeros(edges), np.ones(treated + compared)]
    constraints = [LinearConstraint(matrix, lb=0)]
    solve = lambda goal, extra: milp(  # noqa: E731
        goal, integrality=np.ones(len(counted)), bounds=bounds, constraints=[*constraints, *extra]
    )
    most_rows = round(-solve(-counted, []).fun)
    found = solve(np.r_[cost[row, column], np.zeros(treated + compared)], [LinearConstraint(counted, lb=most_rows)])
    rows = np.round(found.x[edges:])
    return round(rows[:treated].sum()), round(rows[treated:].sum()), float(found.fun)


def check(frame: pd.DataFrame, asked: dict, limits: dict) -> None:
    far, matched = distances(frame, asked), run(frame, "full", **asked, **limits)
    of_treated, compared, least = best(far, limits)
    assert (matched is None) == (of_treated == 0)
    if matched is None:
        return
    fewest, most, shared = limits_of(limits)
    sizes = matched.frame.groupby(["set_id", "treated"]).size().unstack()
    assert (sizes.min(axis=1) == 1).all()
    assert (sizes[0] >= np.where(sizes[1] == 1, fewest, 1)).all()
    assert sizes[0].max() <= most
    assert sizes[1].max() <= shared
    kept = matched.frame.index[matched.frame["treated"] == 1]
    if fewest > 1:
        assert len(kept) <= of_treated
        assert len(kept) == len(far) or of_treated < len(far)
        of_treated, compared, least = best(far, limits, list(kept))
    left_out, _, total = achieved(matched, far)
    assert len(far) - left_out == of_treated
    assert len(matched.frame) - len(kept) == compared
    assert total == pytest.approx(least, abs=1e-6)  # a whole-number programme is solved to within 1e-6


@small
@given(samples(), along, LIMITS)
def test_along_the_score_most_are_kept_at_the_least_total_distance(frame, asked, limits):
    check(frame, asked, limits)


@small
@given(samples(), among, LIMITS)
def test_with_any_constraint_most_are_kept_at_the_least_total_distance(frame, asked, limits):
    check(frame, asked, limits)


@small
@given(samples(several_months=True), among, LIMITS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(frame, asked, limits, random):
    shuffled = frame.loc[random.sample(list(frame.index), len(frame))]
    one, other = (run(rows, "full", **asked, **limits) for rows in (frame, shuffled))
    assert (one is None) == (other is None)
    if one:
        pd.testing.assert_frame_equal(one.frame.sort_index(), other.frame.sort_index())
        pd.testing.assert_frame_equal(one.dropped.sort_index(), other.dropped.sort_index())
        assert one.notes == other.notes


@small
@given(samples(several_months=True), among, LIMITS)
def test_a_unit_serves_once(frame, asked, limits):
    matched = run(frame, "full", **asked, **limits)
    assume(matched)
    compared = matched.frame.loc[matched.frame["treated"] == 0, "family"]
    assert compared.is_unique


@small
@given(samples(), among, st.sampled_from([{"max_ratio": 20}, {"min_ratio": 1 / 20}]))
def test_limits_that_bind_nobody_leave_the_total_as_it_is(frame, asked, limits):
    far = distances(frame, asked)
    free, limited = run(frame, "full", **asked), run(frame, "full", **asked, **limits)
    assert achieved(free, far)[0] == achieved(limited, far)[0]
    assert achieved(free, far)[2] == pytest.approx(achieved(limited, far)[2], abs=1e-9)
