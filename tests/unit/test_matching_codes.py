"""Codes of combinations of values, also of more combinations than a number can count."""

import numpy as np
import pandas as pd
import pytest

from tf_eval.matching.reading.codes import count_units, joint_code, members


@pytest.mark.parametrize(("columns", "levels"), [(1, 3), (3, 4), (9, 1_000_000)])
def test_a_code_for_each_combination_in_the_order_of_the_columns(columns, levels):
    random = np.random.default_rng(columns)
    values = random.integers(0, levels, (200, columns))
    values[100:150] = values[:50]
    expected = pd.DataFrame(values).groupby(list(range(columns))).ngroup()
    np.testing.assert_array_equal(joint_code(values.T), expected)


def test_members_of_each_code():
    assert [rows.tolist() for rows in members(np.array([2, 0, 2, 5]))] == [[1], [0, 2], [3]]
    assert members(np.empty(0, dtype=int)) == []


@pytest.mark.parametrize("units", [1, 7, 10_000])
@pytest.mark.parametrize("rows", [0, 1, 60])
def test_units_of_each_group(rows, units):
    random = np.random.default_rng(units)
    group = random.integers(0, 4, rows)
    unit = random.permutation(units)[:rows] if units > rows else random.integers(0, units, rows)
    expected = pd.Series(unit).groupby(group).nunique().reindex(range(5), fill_value=0)
    assert count_units(group, unit, 5).tolist() == expected.tolist()
