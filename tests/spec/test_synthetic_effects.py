"""What support does over time, on visible numbers."""

import numpy as np
import pytest

from synthetic.effects import profile


def test_an_effect_starts_in_the_month_of_the_start_and_is_whole_from_month_three():
    assert profile(np.arange(-2, 6), None) == pytest.approx([0, 0, 0.25, 0.5, 0.75, 1, 1, 1])


def test_a_fading_effect_halves_with_each_half_life_from_month_six():
    months = np.array([3, 6, 15, 24])
    assert profile(months, 9) == pytest.approx([1, 1, 0.5, 0.25])
