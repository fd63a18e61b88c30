"""What holds for every optimal match. Scores are small whole numbers, so that ties are common."""

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from tf_eval.errors import EstimationError
from tf_eval.matching import match

small = settings(max_examples=150, deadline=None)
LARGE = 1e6  # far above any sum of distances here


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
    "caliper": st.sampled_from([None, 0.2, 0.6]),
    "exact": st.sampled_from([(), ("cell",)]),
}
finer = plain | {
    "calipers": st.sampled_from([{}, {"x": 1}]),
    "anti_exact": st.sampled_from([(), ("school",)]),
    "distance": st.sampled_from(["score", "scaled_euclidean"]),
}
plainly, finely = st.fixed_dictionaries(plain), st.fixed_dictionaries(finer)


def run(frame: pd.DataFrame, method: str = "optimal", **asked):
    """Match on the frame's own score, or return None where nobody finds a comparison."""
    keywords = {"on": "x", "treated": "treated", "unit": "family", "risk_set": "month", "score": "own_score"} | asked
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


def best(far: pd.DataFrame, family: pd.Series, ratio: int) -> tuple[int, int, float]:
    """Return the same of the best match by a dense assignment with a column for each family."""
    columns = far.T.groupby(family[far.columns].to_numpy()).min().T.to_numpy()
    none = np.full((len(far) * ratio, len(far) * ratio), LARGE)
    none[::ratio] = LARGE**2
    costs = np.hstack([np.repeat(np.where(np.isinf(columns), LARGE**3, columns), ratio, axis=0), none])
    row, column = linear_sum_assignment(costs)
    chosen = costs[row, column]
    pairs = chosen[chosen < LARGE]
    return int((chosen >= LARGE**2).sum()), -len(pairs), float(pairs.sum())


def agree(found: tuple, expected: tuple) -> bool:
    return found[:2] == expected[:2] and abs(found[2] - expected[2]) < 1e-6


@small
@given(samples(), plainly)
def test_along_the_score_it_is_the_best_of_all_assignments(frame, asked):
    far = distances(frame, asked)
    assert agree(achieved(run(frame, **asked), far), best(far, frame["family"], asked["ratio"]))


@small
@given(samples(several_months=True), finely)
def test_with_any_constraint_it_is_the_best_of_all_assignments(frame, asked):
    far = distances(frame, asked)
    assert agree(achieved(run(frame, **asked), far), best(far, frame["family"], asked["ratio"]))


@small
@given(samples(several_months=True), finely)
def test_it_is_never_worse_than_greedy(frame, asked):
    far = distances(frame, asked)
    found, greedy = (achieved(run(frame, method, **asked), far) for method in ("optimal", "nearest"))
    assert found[:2] <= greedy[:2]
    assert found[:2] < greedy[:2] or found[2] <= greedy[2] + 1e-9
