"""How often declared parts are told to differ where none do, on few draws (many: ``benchmarks.subgroup_errors``)."""

import numpy as np

from tests.parts import ASB, draw_town
from tf_eval.evidence import Subgroup, effects_by_subgroup

SUBGROUPS = (
    Subgroup(column="children", at_least=3, label="three or more children", others="fewer children"),
    Subgroup(column="provider", label="providers"),
)
DRAWS = 40


def drawn(**planted):
    towns = (draw_town(seed, treated=160, **planted) for seed in range(DRAWS))
    return [effects_by_subgroup(town.panel, town.matched, town.measured(), SUBGROUPS).rows for town in towns]


def test_parts_that_do_not_differ_are_seldom_told_to():
    found = drawn()
    # Of 40, 8 or more at 5 in 100 come in fewer than 1 of 1,000 series.
    assert sum(rows[0].interaction.p_value < 0.05 for rows in found) < 8
    assert sum(rows[1].interaction.p_value < 0.05 for rows in found) < 8
    assert sum(any(row.differs for row in rows) for rows in found) < 8


def test_a_planted_difference_is_estimated_without_bias_and_its_interval_holds_it():
    truth = -0.08
    rows = [each[0].interaction for each in drawn(children={3: truth, 4: truth, 5: truth})]
    differences, errors = (np.array([getattr(row, name) for row in rows]) for name in ("difference", "std_error"))
    held = [row.low <= truth * ASB.scale <= row.high for row in rows]
    # Three errors of the mean; of 40, fewer than 33 at 95 in 100 come in fewer than 1 of 1,000 series.
    assert abs(differences.mean() - truth * ASB.scale) < 3 * np.sqrt((errors**2).mean() / DRAWS)
    assert sum(held) >= 33
