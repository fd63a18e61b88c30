"""The parts of what all interventions of a site are asked together."""

import numpy as np
import pytest
from scipy import stats

from tf_eval.evidence.together.shared import partial_conjunction


def test_of_five_the_three_weakest_are_taken_together():
    scores = np.array([4.0, 0.5, 6.0, 1.0, 1.5])
    assert partial_conjunction(scores, np.eye(5)) == pytest.approx(stats.norm.sf(3.0 / np.sqrt(3)))


def test_what_hangs_together_counts_for_less():
    alike = np.full((5, 5), 0.5) + 0.5 * np.eye(5)
    assert partial_conjunction(np.full(5, 2.0), alike) == pytest.approx(stats.norm.sf(6.0 / np.sqrt(6.0)))


def test_where_half_do_what_they_do_clearly_it_still_holds_its_level():
    """The worst case: two of five move the outcome far, and chance alone has to move a third."""
    random = np.random.default_rng(1)
    scores = random.normal([9.0, 9.0, 0.0, 0.0, 0.0], size=(4_000, 5))
    found = np.mean([partial_conjunction(row, np.eye(5)) < 0.05 for row in scores])
    assert found == pytest.approx(0.05, abs=3 * np.sqrt(0.05 * 0.95 / 4_000))  # three Monte-Carlo errors
