"""What holds for every optimal and every full match. Scores are small whole numbers, so that ties are common."""

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment, linprog
from scipy.sparse import csr_array, vstack

from tf_eval.errors import EstimationError
from tf_eval.matching import match
from tf_eval.matching.ratios import extremal_ratios

small = settings(max_examples=80, deadline=None)
LARGE = 1e3  # above any sum of distances here, and its powers leave digits for the distances


def at_risk(frame: pd.DataFrame) -> pd.DataFrame:
    first = frame[frame["treated"] == 1].groupby("family")["month"].min()
    return frame[(frame["treated"] == 1) | (frame["month"] < frame["family"].map(first).fillna(np.inf))]


@st.composite
def samples(draw, several_months: bool = False) -> pd.DataFrame:
    """A frame of up to 20 rows with both arms; with ``several_months`` a family may have a row in each."""
    size = draw(st.integers(4, 20))
    column = lambda values: draw(st.lists(values, min_size=size, max_size=size))  # noqa: E731
    frame = pd.DataFrame(
        {
            "treated": column(st.integers(0, 1)),
            "own_score": [float(value) for value in column(st.integers(0, 12))],
            "x": column(st.integers(0, 2)),
            "cell": column(st.sampled_from("ab")),
            "school": column(st.sampled_from("pqr")),
            "month": column(st.integers(1, 3)) if several_months else column(st.integers(1, 2)),
            "family": column(st.integers(1, 8)) if several_months else range(size),
        },
        index=[f"row{number}" for number in range(size)],
    )
    frame = at_risk(frame.drop_duplicates(["family", "month"]))
    assume(0 < frame["treated"].sum() < len(frame))
    return frame


plain = {
    "ratio": st.integers(1, 3),
    "max_ratio": st.sampled_from([None, None, 4]),
    "caliper": st.sampled_from([None, 0.2, 0.6]),
    "exact": st.sampled_from([(), ("cell",)]),
}
finer = plain | {
    "calipers": st.sampled_from([{}, {"x": 1}]),
    "anti_exact": st.sampled_from([(), ("school",)]),
    "distance": st.sampled_from(["score", "scaled_euclidean"]),
}
plainly, finely = st.fixed_dictionaries(plain), st.fixed_dictionaries(finer)
fully = st.fixed_dictionaries({name: finer[name] for name in finer if "ratio" not in name})


def run(frame: pd.DataFrame, method: str = "optimal", **asked):
    """Match on the frame's own score, or return None where nobody finds a comparison."""
    keywords = {"on": "x", "treated": "treated", "unit": "family", "risk_set": "month", "score": "own_score"} | asked
    if keywords.get("ratio") == 1:
        keywords.pop("max_ratio", None)
    try:
        return match(frame, method=method, **keywords)
    except EstimationError:
        return None


def distances(frame: pd.DataFrame, asked: dict) -> pd.DataFrame:
    """Return how far each treated row is from each comparison row; infinite where they may not be set together."""
    squares = frame.groupby("treated")["x"].apply(lambda x: ((x - x.mean()) ** 2).sum()).sum()
    where = frame["own_score"]
    if asked.get("distance") == "scaled_euclidean":
        where = frame["x"] / np.sqrt(squares / max(len(frame) - 2, 1)) if squares else 0 * where
    width = np.inf if asked.get("caliper") is None else asked["caliper"] * frame["own_score"].std()
    one, other = frame[frame["treated"] == 1], frame[frame["treated"] == 0]
    gap = lambda values: np.abs(np.subtract.outer(values[one.index].to_numpy(), values[other.index].to_numpy()))  # noqa: E731
    same = lambda name: one[name].to_numpy()[:, None] == other[name].to_numpy()[None, :]  # noqa: E731
    may = gap(frame["own_score"]) <= width + 1e-9
    for name in (*asked.get("exact", ()), "month"):
        may &= same(name)
    for name in asked.get("anti_exact", ()):
        may &= ~same(name)
    for name, most in asked.get("calipers", {}).items():
        may &= gap(frame[name]) <= most
    return pd.DataFrame(np.where(may, gap(where), np.inf), one.index, other.index)


def achieved(matched, far: pd.DataFrame) -> tuple[int, int, float]:
    """Return the treated rows left out, the pairs not made (as fewer is better), and the total distance."""
    if matched is None:
        return len(far), 0, 0.0
    rows = matched.frame.assign(label=matched.frame.index)
    treated, compared = rows[rows["treated"] == 1], rows[rows["treated"] == 0]
    pairs = treated.merge(compared, on="set_id")[["label_x", "label_y"]].to_numpy()
    return len(far) - len(treated), -len(pairs), float(sum(far.loc[first, second] for first, second in pairs))


def wanted(frame: pd.DataFrame, asked: dict) -> np.ndarray:
    """Return how many comparison rows each treated row wants, in the order of the frame."""
    if asked["ratio"] == 1 or asked["max_ratio"] is None:
        return np.full(int(frame["treated"].sum()), asked["ratio"])
    ordered = frame.sort_values(["family", "month"])
    wants = extremal_ratios(ordered["own_score"].to_numpy(), ordered["treated"].to_numpy(bool), asked["ratio"], 1, 4)
    return pd.Series(wants, ordered.index)[frame.index[frame["treated"] == 1]].to_numpy()


def best(far: pd.DataFrame, family: pd.Series, wants: np.ndarray) -> tuple[int, int, float]:
    """Return the same of the best match by a dense assignment with a column for each family."""
    columns = far.T.groupby(family[far.columns].to_numpy()).min().T.to_numpy()
    none = np.full((wants.sum(), wants.sum()), LARGE)
    none[np.cumsum(wants) - wants] = LARGE**2
    costs = np.hstack([np.repeat(np.where(np.isinf(columns), LARGE**3, columns), wants, axis=0), none])
    row, column = linear_sum_assignment(costs)
    chosen = costs[row, column]
    pairs = chosen[chosen < LARGE]
    return int((chosen >= LARGE**2).sum()), -len(pairs), float(pairs.sum())


def least_cover(far: pd.DataFrame) -> tuple[int, float]:
    """Return how many rows cannot be covered, and the least total distance that covers the others, by a linear
    programme, which has whole numbers for its solution."""
    cost = far.to_numpy()
    row, column = np.nonzero(np.isfinite(cost))
    uncovered = len(far) - len(set(row)) + len(far.columns) - len(set(column))
    if not len(row):
        return uncovered, 0.0
    edges = np.arange(len(row))
    covers = [csr_array((np.ones(len(edges)), (code, edges))) for code in (row, column)]
    covers = vstack([part[part.sum(axis=1) > 0] for part in covers])
    bound = np.ones(covers.shape[0])
    return uncovered, linprog(cost[row, column], A_ub=-covers, b_ub=-bound).fun


def agree(found: tuple, expected: tuple) -> bool:
    return found[:2] == expected[:2] and abs(found[2] - expected[2]) < 1e-6


@small
@given(samples(), plainly)
def test_along_the_score_it_is_the_best_of_all_assignments(frame, asked):
    far = distances(frame, asked)
    assert agree(achieved(run(frame, **asked), far), best(far, frame["family"], wanted(frame, asked)))


@small
@given(samples(several_months=True), finely)
def test_with_any_constraint_it_is_the_best_of_all_assignments(frame, asked):
    far = distances(frame, asked)
    assert agree(achieved(run(frame, **asked), far), best(far, frame["family"], wanted(frame, asked)))


@small
@given(samples(several_months=True), finely)
def test_it_is_never_worse_than_greedy(frame, asked):
    far = distances(frame, asked)
    found, greedy = (achieved(run(frame, method, **asked), far) for method in ("optimal", "nearest"))
    assert found[:2] <= greedy[:2]
    assert found[:2] < greedy[:2] or found[2] <= greedy[2] + 1e-9


@small
@given(samples(), fully)
def test_full_matching_covers_all_that_can_be_at_the_least_total_distance(frame, asked):
    far = distances(frame, asked)
    matched, (uncovered, least) = run(frame, "full", **asked), least_cover(far)
    if matched is None:
        assert uncovered == len(frame)
    else:
        assert len(frame) - len(matched.frame) == uncovered
        assert abs(achieved(matched, far)[2] - least) < 1e-6


@small
@given(samples(several_months=True), fully)
def test_every_full_set_is_one_with_several_or_several_with_one(frame, asked):
    matched, far = run(frame, "full", **asked), distances(frame, asked)
    assert (matched is None) == np.isinf(far).all(axis=None)
    assume(matched)
    sizes = matched.frame.groupby(["set_id", "treated"]).size().unstack()
    assert (sizes.min(axis=1) == 1).all()
    compared = matched.frame.loc[matched.frame["treated"] == 0, "family"]
    assert compared.is_unique
    assert np.isfinite(achieved(matched, far)[2])


@small
@given(samples(several_months=True), plainly, finely, fully, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(frame, asked, further, full, random):
    shuffled = frame.loc[random.sample(list(frame.index), len(frame))]
    for options in (asked, further, {"method": "full", **full}):
        one, other = run(frame, **options), run(shuffled, **options)
        assert (one is None) == (other is None)
        if one:
            pd.testing.assert_frame_equal(one.frame.sort_index(), other.frame.sort_index())
            pd.testing.assert_frame_equal(one.dropped.sort_index(), other.dropped.sort_index())


@small
@given(samples(), plainly, st.sampled_from(["optimal", "full"]))
def test_a_row_in_a_cell_of_its_own_changes_nothing(frame, asked, method):
    options = {"exact": "cell", "ratio": asked["ratio"] if method == "optimal" else 1}
    alone = pd.DataFrame(
        {"treated": 0, "own_score": 6.0, "x": 0, "cell": "z", "school": "p", "month": 1, "family": 999}, index=["alone"]
    )
    one, other = run(frame, method, **options), run(pd.concat([frame, alone]), method, **options)
    assert (one is None) == (other is None)
    if one:
        pd.testing.assert_frame_equal(one.frame, other.frame)


@small
@given(samples(), st.integers(1, 2))
def test_a_far_away_comparison_changes_nothing_while_nearer_ones_are_free(frame, ratio):
    frame = frame.assign(month=1)
    treated = int(frame["treated"].sum())
    assume(len(frame) - treated >= ratio * treated)
    far = pd.DataFrame(
        {"treated": 0, "own_score": 1e6, "x": 0, "cell": "a", "school": "p", "month": 1, "family": 999}, index=["far"]
    )
    one, other = run(frame, ratio=ratio), run(pd.concat([frame, far]), ratio=ratio)
    pd.testing.assert_frame_equal(one.frame, other.frame)
