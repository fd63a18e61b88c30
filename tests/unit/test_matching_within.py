"""How alike the groups are within cells, against a slow sum for each cell, and what is not said of small ones."""

import json

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from tests.accepted import accepted
from tf_eval.errors import ConfigError, InputError
from tf_eval.matching import check_balance, check_balance_within, match


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    random = np.random.default_rng(3)
    size = 1500
    need = random.normal(size=size)
    return pd.DataFrame(
        {
            "started": random.random(size) < 1 / (1 + np.exp(1.5 - need)),
            "need": need,
            "tenure": random.choice(["own", "rent"], size),
            "district": random.choice(["north", "south", "tiny"], size, p=[0.6, 0.38, 0.02]),
            "year": random.integers(2012, 2014, size),
        }
    )


@pytest.fixture(scope="module")
def matched(frame):
    asked = {"on": ["need", "tenure"], "treated": "started", "exact": "district", "caliper": 0.2, "ratio": 2}
    return accepted(match(frame, **asked))


@pytest.mark.parametrize("within", [(), ["district", "year"]])
def test_every_cell_is_compared_by_its_weights(frame, matched, within):
    table = check_balance_within(matched, within).table().set_index(["cell", "label"])
    spread = frame.loc[frame["started"], "need"].std()
    cells = matched.frame.groupby(list(within) or ["district"])
    for name, rows in cells:
        found = table.loc[(", ".join(map(str, name)), "need")]
        arms = {arm: rows[rows["started"] == arm] for arm in (True, False)}
        assert (found["rows_treated"], found["rows_comparison"]) == (len(arms[True]), len(arms[False]))
        means = [np.average(arm["need"], weights=arm["weight"]) if len(arm) else np.nan for arm in arms.values()]
        assert found["smd"] == pytest.approx((means[0] - means[1]) / spread, nan_ok=True)
    assert len(table) == 3 * cells.ngroups


def test_a_difference_that_cancels_over_all_is_seen_within(frame):
    """Every treated row of the north is above its comparison rows, every one of the south below."""
    side = np.where(frame["district"] == "north", 1.0, -1.0) * (frame["started"] - 0.5)
    asked = {"on": ["tenure", "side"], "treated": "started", "score": "year"}
    found = check_balance_within(accepted(match(frame.assign(side=side), **asked)), "district")
    smd = found.table().set_index(["cell", "label"])["smd"]
    assert smd["north", "side"] > 0 > smd["south", "side"]


def test_nothing_is_said_of_small_cells(matched):
    balance = check_balance_within(matched)
    table = balance.table()
    tiny = table[table["cell"] == "tiny"]
    assert 0 < tiny["rows_treated"].max() < 10
    assert tiny["smd"].abs().max() > table.loc[table["cell"] != "tiny", "smd"].abs().max()
    assert balance.worst["cell"] != "tiny"
    assert "tiny" not in balance.summary() + repr(balance) + json.dumps(balance.to_dict())
    assert "Cells with fewer (1) are left out" in balance.summary()
    assert [label.get_text() for label in balance.plot().get_yticklabels()].count("tiny") == 0


def test_where_all_cells_are_small_nothing_is_said_at_all(frame):
    apart = match(frame.assign(each=range(len(frame))), on="need", treated="started")
    balance = check_balance_within(accepted(apart), "each")
    assert balance.worst is None
    assert "nothing can be said" in balance.summary()
    assert balance.plot().get_title(loc="left") == "How alike the groups are within each cell is not shown"


def test_it_is_json_takes_axes_and_hands_out_copies(matched):
    balance = check_balance_within(matched, "district", labels={"need": "Need"})
    assert "Need" in json.dumps(balance.to_dict(), allow_nan=False)
    mine = Figure().subplots()
    assert balance.plot(mine) is mine
    table = balance.table()
    table["smd"] = 99.0
    assert abs(balance.worst["smd"]) < 1


def test_what_cannot_be_used_is_refused(frame, matched):
    with pytest.raises(ConfigError, match="held none exact"):
        check_balance_within(match(frame, on="need", treated="started"))
    with pytest.raises(ConfigError, match=r"(?s)threshold must be above 0.*no standard deviation 'control'"):
        check_balance_within(matched, threshold=0, sd="control")
    with pytest.raises(InputError, match="distrct"):
        check_balance_within(matched, "distrct")
    gaps = match(frame.assign(ward=frame["year"].where(frame["year"] > 2012)), on="need", treated="started")
    with pytest.raises(InputError, match="missing values in 'ward'"):
        check_balance_within(accepted(gaps), "ward")
    with pytest.raises(InputError, match="'ward' was not read by the match; name it in exact, or accept balance first"):
        check_balance_within(gaps, "ward")


def test_cells_add_up_to_the_whole_where_the_match_held_them_exact(matched):
    """Either arm then weighs the same in a cell, so that differences in all are the mean of those of the cells."""
    rows = check_balance_within(matched).table()
    share = rows["rows_treated"] / rows.groupby("label")["rows_treated"].transform("sum")
    found = (rows["smd"] * share).groupby(rows["label"]).sum()
    overall = check_balance(matched).table().set_index("label")["smd_after"]
    np.testing.assert_allclose(found[overall.index], overall, atol=1e-12)
