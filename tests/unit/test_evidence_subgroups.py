"""Effects by part against least squares by hand: one model of like families, and who moves which part."""

import numpy as np
import pandas as pd
import pytest

from tests.parts import ASB, DISTRICTS, TIMES, draw_town
from tf_eval import effects_by_subgroup
from tf_eval.evidence import Subgroup


def by_hand(town, column):
    """Return effects by part and their covariance: changes of the treated, less what like families' model foretells."""
    frame = town.matched.frame
    values = town.panel.values[ASB.name][frame["family_id"]]
    change = values[:, (TIMES >= 1) & (TIMES <= 6)].mean(axis=1) - values[:, TIMES < 0].mean(axis=1)
    dummies = [pd.get_dummies(frame["start_cohort"]), pd.get_dummies(frame[column]).iloc[:, 1:], frame["incidents_12m"]]
    design = pd.concat(dummies, axis=1).to_numpy(dtype=float)
    given, weight = frame["treated"].to_numpy() == 1, frame["weight"].to_numpy()
    inverse = np.linalg.pinv((design[~given].T * weight[~given]) @ design[~given])
    left = change - design @ (inverse @ (design[~given].T * weight[~given]) @ change[~given])
    names = sorted(frame[column].unique())
    effects, moves = np.empty(len(names)), np.zeros((len(frame), len(names)))
    for place, name in enumerate(names):
        own = given & (frame[column] == name).to_numpy()
        effects[place] = left[own].mean()
        moves[own, place] = (left[own] - effects[place]) / own.sum()
        moves[~given, place] = -(weight * left)[~given] * (design[~given] @ inverse @ design[own].mean(axis=0))
    by_family = pd.DataFrame(moves).groupby(frame["family_id"].to_numpy()).sum().to_numpy()
    return effects * ASB.scale, by_family.T @ by_family * ASB.scale**2


def test_effects_and_errors_are_those_of_one_model():
    town = draw_town(11)
    subgroup = Subgroup(column="district", label="districts")
    (found,) = effects_by_subgroup(town.panel, town.matched, town.measured(), [subgroup])
    effects, covariance = by_hand(town, "district")
    assert [part.name for part in found.parts] == list(DISTRICTS)
    assert [part.size.value for part in found.parts] == pytest.approx(effects)
    assert [part.size.std_error for part in found.parts] == pytest.approx(np.sqrt(np.diag(covariance)))


def test_the_error_of_a_difference_allows_for_families_who_move_both_parts():
    town = draw_town(12, method="entropy_balancing")  # in which a family is weighed at both starts
    subgroup = Subgroup(column="start_cohort", label="years of start")
    (found,) = effects_by_subgroup(town.panel, town.matched, town.measured(), [subgroup])
    effects, covariance = by_hand(town, "start_cohort")
    assert found.interaction.difference == pytest.approx(effects[0] - effects[1])
    square = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    assert found.interaction.std_error == pytest.approx(np.sqrt(square))
    assert abs(covariance[0, 1]) > 1e-3 * square, "they are not independent"
