"""A long frame restricted to matched units: nothing is lost, and weights and sets come along."""

import pandas as pd
import pytest

from tests.accepted import accepted
from tf_eval.errors import ConfigError, InputError
from tf_eval.matching import match, restrict

PEOPLE = pd.DataFrame(
    {"family": [1, 2, 3, 4], "need": [1.0, 1.1, 5.0, 5.2], "started": [True, False, True, False]},
    index=["a", "b", "c", "d"],
)
MONTHS = pd.DataFrame({"family": [1, 1, 2, 2, 3, 4, 4, 9], "month": [1, 2, 1, 2, 1, 1, 2, 1], "incidents": range(8)})


def matched(**asked):
    return accepted(match(PEOPLE, **{"on": "need", "score": "need", "treated": "started", "unit": "family", **asked}))


def test_every_row_of_matched_units_comes_with_its_weight_and_set():
    found = restrict(matched(), MONTHS)
    assert found.columns.tolist() == [*MONTHS.columns, "started", "weight", "set_id", "matched_row"]
    assert found["incidents"].tolist() == [0, 1, 2, 3, 4, 5, 6]  # family 9 was in no match
    assert found.groupby("family")["matched_row"].first().tolist() == ["a", "b", "c", "d"]
    assert found.groupby("set_id")["family"].unique().map(list).tolist() == [[1, 2], [3, 4]]
    assert (found["weight"] == 1).all()


def test_weighted_rows_have_no_set():
    frame = pd.concat([PEOPLE] * 3, ignore_index=True).assign(family=range(12))
    weighted = accepted(match(frame, on="need", treated="started", unit="family", method="overlap"))
    found = restrict(weighted, pd.DataFrame({"family": range(12), "incidents": 0}))
    assert "set_id" not in found
    assert found["weight"].tolist() == weighted.frame["weight"].tolist()


def test_a_unit_that_stands_in_two_risk_sets_has_its_rows_twice():
    twice = pd.DataFrame(
        {"family": [1, 2, 3, 3], "need": [1.0, 2.0, 1.0, 2.0], "started": [1, 1, 0, 0], "start": [1, 2, 1, 2]}
    )
    reused = accepted(
        match(twice, on="need", score="need", treated="started", unit="family", risk_set="start", reuse=True)
    )
    found = restrict(reused, pd.DataFrame({"family": [1, 2, 3], "incidents": [5, 6, 7]}))
    assert found[["incidents", "start"]].to_numpy().tolist() == [[5, 1], [6, 2], [7, 1], [7, 2]]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (MONTHS.rename(columns={"family": "person"}), "family"),
        (MONTHS.assign(weight=1), "already has a column 'weight'"),
        (MONTHS[MONTHS["family"] != 2], "a matched unit has no row"),
    ],
)
def test_what_would_lose_or_overwrite_is_refused(data, message):
    with pytest.raises(InputError, match=message):
        restrict(matched(), data)


def test_without_units_nothing_can_be_found():
    with pytest.raises(ConfigError, match="the match needs unit"):
        restrict(matched(unit=None), MONTHS)
