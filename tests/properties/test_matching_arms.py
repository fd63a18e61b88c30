"""What holds for several arms, whatever the data."""

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from tf_eval.errors import EstimationError
from tf_eval.matching import match, match_arms

small = settings(max_examples=15, deadline=None)
METHODS = ("vector", "pairwise", "inverse_probability", "overlap")
CALIPER = 0.25
seeds = st.integers(0, 2**32 - 1)


def sample(seed: int, size: int = 150, arms: int = 3, coarse: bool = False) -> pd.DataFrame:
    """Rows in arms a, b, ... of which those with a high x are more often in the first; coarse ones have many ties."""
    random = np.random.default_rng(seed)
    values = random.normal(size=(size, 2)).round(0 if coarse else 9)
    chance = np.column_stack([values @ random.normal(size=2) * 0.7 for _ in range(arms)])
    arm = np.array(list("abcde"))[(chance + random.gumbel(size=chance.shape)).argmax(axis=1)]
    columns = {"x": values[:, 0], "y": values[:, 1], "arm": arm, "cell": random.choice(["n", "s"], size)}
    frame = pd.DataFrame(columns, index=[f"row{number}" for number in range(size)])
    assume(frame["arm"].value_counts().reindex(list("abcde")[:arms], fill_value=0).min() > 3)
    return frame


def run(frame: pd.DataFrame, method: str = "vector", **asked):
    """Match the frame, or skip the example where it cannot be."""
    caliper = {"caliper": CALIPER} if method in ("vector", "pairwise") else {}
    try:
        return match_arms(
            frame, **({"on": ["x", "y"], "arm": "arm", "reference": "a", "method": method} | caliper | asked)
        )
    except EstimationError:
        assume(False)


def log_odds(found) -> pd.DataFrame:
    """Return the log odds of each other arm against the reference, by row label."""
    logs = np.log(found.propensity)
    return logs.drop(columns="a").sub(logs["a"], axis=0)


@small
@given(seeds, st.sampled_from(METHODS), st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_bit(seed, method, coarse, random):
    frame = sample(seed, coarse=coarse)
    shuffled = frame.loc[random.sample(list(frame.index), len(frame))]
    one, other = (run(rows, method, exact="cell") for rows in (frame, shuffled))
    pd.testing.assert_frame_equal(one.frame.sort_index(), other.frame.sort_index(), check_exact=True)
    pd.testing.assert_frame_equal(one.dropped.sort_index(), other.dropped.sort_index(), check_exact=True)
    for pair, matched in one.pairs.items():
        pd.testing.assert_frame_equal(
            matched.frame.sort_index(), other.pairs[pair].frame.sort_index(), check_exact=True
        )


@small
@given(seeds, st.sampled_from(METHODS))
def test_names_of_rows_change_nothing(seed, method):
    frame = sample(seed)
    one, other = run(frame, method), run(frame.set_axis(np.arange(len(frame))[::-1]), method)
    assert frame.index.get_indexer(one.frame.index).tolist() == (len(frame) - 1 - other.frame.index.to_numpy()).tolist()
    np.testing.assert_allclose(one.frame["weight"], other.frame["weight"], atol=1e-9)


@small
@given(seeds, st.sampled_from(METHODS))
def test_names_of_arms_change_nothing_but_names(seed, method):
    frame = sample(seed)
    named = {"a": 7, "b": 3, "c": 5}
    assume(frame["arm"].value_counts().is_unique)  # arms of equal size stand in the order of their names
    one, other = run(frame, method), run(frame.assign(arm=frame["arm"].map(named)), method, reference=7)
    assert other.arms == tuple(named[arm] for arm in one.arms)
    assert one.frame.index.equals(other.frame.index)
    np.testing.assert_allclose(one.frame["weight"], other.frame["weight"], atol=1e-9)


@small
@given(seeds, st.integers(2, 4))
def test_a_set_has_a_row_of_every_arm_alike_in_cell_and_within_the_caliper(seed, arms):
    frame = sample(seed, size=80 * arms, arms=arms)
    found = run(frame, exact="cell")
    assert found.frame.groupby("set_id")["arm"].agg(lambda own: "".join(sorted(own))).eq("abcde"[:arms]).all()
    assert (found.frame.groupby("set_id")["cell"].nunique() == 1).all()
    scores, codes = log_odds(found), frame["arm"]
    first = found.frame.query("arm == 'a'").set_index("set_id").index
    places = found.frame.reset_index().pivot(index="set_id", columns="arm", values="index").loc[first]
    for arm in "bcde"[: arms - 1]:
        spread = scores[codes[scores.index].isin(["a", arm])].std()
        gaps = np.abs(scores.loc[places["a"]].to_numpy() - scores.loc[places[arm]].to_numpy())
        assert (gaps <= CALIPER * spread.to_numpy() + 1e-9).all()


@small
@given(seeds, st.sampled_from(METHODS))
def test_those_who_take_part_have_scores_that_all_arms_have(seed, method):
    frame = sample(seed)
    found = run(frame, method)
    everybody = run(frame, method, common_support=False).propensity
    ends = everybody.groupby(frame["arm"].reindex(everybody.index)).agg(["min", "max"])
    inside = pd.Series(True, everybody.index)
    for arm in "abc":
        low, high = ends[arm]["min"].max(), ends[arm]["max"].min()
        # Odds and probabilities of one row differ by rounding; a row at an end is inside.
        inside &= everybody[arm].between(low - 1e-12, high + 1e-12)
    assert set(found.propensity.index) == set(inside.index[inside])
    assert set(found.frame.index) <= set(found.propensity.index)


@small
@given(seeds)
def test_sets_are_those_of_a_slow_search(seed):
    """The closest pair of all that are left is made next, by every pair's distance; then sets of every arm stay."""
    frame = sample(seed)
    found = run(frame)
    scores, arm = log_odds(found), frame["arm"].reindex(found.propensity.index)
    partners = {other: slowly(scores, arm, other) for other in "bc"}
    whole = {row for row in partners["b"] if row in partners["c"]}
    sets = {frozenset([row, partners["b"][row], partners["c"][row]]) for row in whole}
    assert {frozenset(own.index) for _, own in found.frame.groupby("set_id")} == sets


def slowly(scores: pd.DataFrame, arm: pd.Series, other: str) -> dict[str, str]:
    first, second = scores[arm == "a"], scores[arm == other]
    both = pd.concat([first, second])
    within = pd.concat([part - part.mean() for part in (first, second)])
    covariance = (within.T @ within / (len(within) - 2)).to_numpy()
    assume(np.linalg.cond(covariance) < 1e8)  # else rounding decides the distance: scores may chance to lie in a line
    far = cdist(first, second, "mahalanobis", VI=np.linalg.inv(covariance))
    for number, column in enumerate(both):
        gaps = np.abs(first[column].to_numpy()[:, None] - second[column].to_numpy())
        far[gaps > CALIPER * both.iloc[:, number].std()] = np.inf
    partner = {}
    while np.isfinite(far).any():
        row, place = np.unravel_index(far.argmin(), far.shape)
        partner[first.index[row]] = second.index[place]
        far[row], far[:, place] = np.inf, np.inf
    return partner


@small
@given(seeds, st.sampled_from(["vector", "pairwise", "inverse_probability", "overlap"]))
def test_two_arms_give_what_match_gives(seed, method):
    frame = sample(seed, arms=2)
    found = run(frame, method, exact="cell", common_support=False)
    asked = {"caliper": CALIPER, "order": "closest"} if method in ("vector", "pairwise") else {"method": method}
    marked = frame.assign(treated=frame["arm"] == "a")
    alone = match(marked, on=["x", "y"], treated="treated", exact="cell", **asked)
    assert alone.frame.index.equals(found.frame.index)
    np.testing.assert_allclose(alone.frame["weight"], found.frame["weight"], atol=1e-8)
    np.testing.assert_allclose(alone.frame["propensity_score"], found.propensity.loc[alone.frame.index, "a"], atol=1e-9)
    (pair,) = found.pairs.values()
    np.testing.assert_allclose(pair.frame["score"], alone.frame["score"], atol=1e-8)
    if alone.in_sets:
        assert pair.frame["set_id"].tolist() == alone.frame["set_id"].tolist()


@small
@given(seeds, st.floats(0.01, 100), st.floats(-100, 100))
def test_unit_of_measurement_and_origin_change_no_set(seed, scale, shift):
    frame = sample(seed)
    one, other = run(frame), run(frame.assign(x=frame["x"] * scale + shift))
    sets = [{frozenset(own.index) for _, own in found.frame.groupby("set_id")} for found in (one, other)]
    assert sets[0] == sets[1]


@small
@given(seeds, st.sampled_from(["vector", "pairwise"]))
def test_units_of_several_rows_serve_once(seed, method):
    frame = sample(seed)
    within = frame.groupby("arm").cumcount()
    frame["family"] = frame["arm"] + (within // 2).astype(str)
    found = run(frame, method, unit="family")
    for (first, _), pair in found.pairs.items():
        others = pair.frame[pair.frame["arm"] != first]
        assert others["family"].is_unique
