"""Messages that say what is wrong and what to do."""

import pytest

from tf_eval.errors import ConfigError, InputError, NotEstimated, did_you_mean, raise_all, require_columns


def test_a_near_miss_is_suggested():
    with pytest.raises(InputError, match=r"extract: no column 'uprm'. Did you mean 'uprn'\?"):
        require_columns(["uprn", "upn"], ["uprm"], "extract")


def test_all_missing_columns_are_told_at_once():
    with pytest.raises(InputError, match="2 problems") as told:
        require_columns(["kind"], ["date", "value", "kind"], "extract")
    assert "'date'" in str(told.value) and "'value'" in str(told.value) and "'kind'." not in str(told.value)


def test_what_is_known_is_listed_where_nothing_is_near():
    assert did_you_mean("xyz", ["alpha", "beta"]) == " Known: alpha, beta."
    assert did_you_mean("xyz", [f"name_{number}" for number in range(40)]) == ""


def test_no_problem_raises_nothing():
    raise_all(ConfigError, "anywhere", [])


def test_not_estimated_is_false_and_says_why():
    result = NotEstimated("too few families")
    assert not result
    assert result.summary() == "Not estimated: too few families"
