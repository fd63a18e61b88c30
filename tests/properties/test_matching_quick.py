"""What holds for every quick match. Scores are small whole numbers, so that ties are common."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tf_eval.errors import EstimationError
from tf_eval.matching import match

small = settings(max_examples=80, deadline=None)
distances = st.sampled_from(["score", "scaled_euclidean"])


@st.composite
def samples(draw, most: int = 24) -> pd.DataFrame:
    """A frame of 3 rows or more with both arms; a family may have a row in several months."""
    size = draw(st.integers(3, most))
    column = lambda values: draw(st.lists(values, min_size=size, max_size=size))  # noqa: E731
    frame = pd.DataFrame(
        {
            "treated": column(st.integers(0, 1)),
            "own_score": [float(value) for value in column(st.integers(0, 12))],
            "x": column(st.integers(0, 5)),
            "z": column(st.integers(0, 5)),
            "cell": column(st.sampled_from("ab")),
            "month": column(st.integers(1, 2)),
            "family": column(st.integers(1, 12)),
        },
        index=[f"row{number}" for number in range(size)],
    ).drop_duplicates(["family", "month"])
    first = frame[frame["treated"] == 1].groupby("family")["month"].min()
    frame = frame[(frame["treated"] == 1) | (frame["month"] < frame["family"].map(first).fillna(np.inf))]
    assume(0 < frame["treated"].sum() < len(frame))
    return frame


def run(frame: pd.DataFrame, **asked):
    """Match on the frame's own score, or return None where nobody finds a comparison."""
    keywords = {"on": ["x", "z"], "treated": "treated", "score": "own_score", "method": "quick"} | asked
    try:
        return match(frame, **keywords)
    except EstimationError:
        return None


def partitions(rows: list[int]) -> Iterator[list[list[int]]]:
    """Yield every way to part the rows into sets."""
    if not rows:
        yield []
        return
    for rest in partitions(rows[1:]):
        yield [[rows[0]], *rest]
        for number, members in enumerate(rest):
            yield [*rest[:number], [rows[0], *members], *rest[number + 1 :]]


def apart(frame: pd.DataFrame, distance: str) -> np.ndarray:
    """Return how far all rows are from each other."""
    if distance == "score":
        where = frame[["own_score"]].to_numpy()
    else:
        values = frame[["x", "z"]]
        within = values - values.groupby(frame["treated"]).transform("mean")
        spread = np.sqrt((within**2).sum() / max(len(frame) - 2, 1))
        where = (values / spread).loc[:, spread > 0].to_numpy()
    return np.linalg.norm(where[:, None] - where[None, :], axis=2)


@small
@given(samples(most=7), distances)
def test_no_set_is_wider_than_four_times_the_least_that_can_be(frame, distance):
    far, treated = apart(frame, distance), frame["treated"].to_numpy()
    width = lambda sets: max(far[np.ix_(members, members)].max() for members in sets)  # noqa: E731
    mixed = lambda sets: all(0 < treated[members].sum() < len(members) for members in sets)  # noqa: E731
    least = min(width(sets) for sets in partitions(list(range(len(frame)))) if mixed(sets))
    matched = run(frame, distance=distance)
    assert len(matched.frame) == len(frame)
    found = [np.flatnonzero(matched.frame["set_id"] == code) for code in matched.frame["set_id"].unique()]
    assert mixed(found)
    assert width(found) <= 4 * least + 1e-9


@small
@given(samples(), distances, st.sampled_from(["att", "ate", "atc"]))
def test_everybody_of_a_cell_with_both_arms_is_in_a_set_and_a_unit_serves_once(frame, distance, estimand):
    matched = run(frame, distance=distance, exact="cell", unit="family", risk_set="month", estimand=estimand)
    keys = ["cell", "month"]
    compared = frame[frame["treated"] == 0].merge(frame.loc[frame["treated"] == 1, keys].drop_duplicates(), on=keys)
    assert (matched is None) == compared.empty
    assume(matched)
    found = matched.frame[matched.frame["treated"] == 0]
    assert found["family"].is_unique
    assert set(found["family"]) == set(compared["family"])
    assert set(compared.groupby("family")["month"].min().items()) == set(
        zip(found["family"], found["month"], strict=True)
    )
    assert (matched.frame.groupby("set_id")[keys].nunique() == 1).all(axis=None)
    plain = {"att": 1, "atc": 0}.get(estimand)
    np.testing.assert_allclose(matched.frame.loc[matched.frame["treated"] == plain, "weight"], 1)


@small
@given(samples(), distances, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(frame, distance, random):
    shuffled = frame.loc[random.sample(list(frame.index), len(frame))]
    one, other = run(frame, distance=distance), run(shuffled, distance=distance)
    pd.testing.assert_frame_equal(one.frame.sort_index(), other.frame.sort_index())
