"""Averages of cells, and their errors, are what cells, the cohorts' sizes and the influence of units make by hand."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.did_methods import estimators
from tf_eval.did import Estimate, GroupTimeATT, estimate_att
from tf_eval.did.aggregate import OVERALL

# A derivative by differences of 1e-5 is good to its square.
CLOSE = {"rtol": 1e-6, "atol": 1e-8}
By = Callable[[np.ndarray, np.ndarray], float]  # an average as a function of the cohorts' sizes and the cells' effects


def panel(seed: int) -> pd.DataFrame:
    """75 units in 15 areas, 6 periods, starts in 3, 4 and 5, a few outcomes missing."""
    random = np.random.default_rng(seed)
    units = pd.DataFrame({"unit": np.arange(75), "adopted": random.permutation(np.repeat([0, 0, 3, 4, 5], 15))})
    units = units.assign(x=random.normal(size=75), area=random.integers(0, 15, 75), w=random.uniform(0.5, 2, 75))
    frame = units.merge(pd.DataFrame({"period": np.arange(1, 7)}), how="cross")
    frame["y"] = random.normal(size=len(frame)) + frame["x"] * frame["period"] + (frame["adopted"] == 3)
    return frame[random.random(len(frame)) > 0.03]


def mean_of(found: GroupTimeATT, members: np.ndarray) -> By:
    """The mean over the estimated cells in ``members``, by the size of their cohorts."""
    cells = found.cells
    chosen = np.flatnonzero(members & cells.estimated)
    return lambda sizes, att: float(np.average(att[chosen], weights=sizes[cells.group[chosen]]))


def several(averages: list[By]) -> By:
    return lambda sizes, att: float(np.mean([average(sizes, att) for average in averages]))


def by_hand(found: GroupTimeATT) -> dict[str, By]:
    cells, after = found.cells, found.cells.event_time >= 0
    times, periods = np.unique(cells.event_time[after]), np.unique(cells.period[after])
    cohorts = [mean_of(found, after & (cells.group == group)) for group in range(len(cells.group_weight))]
    return {
        "simple": mean_of(found, after),
        "event_time": several([mean_of(found, cells.event_time == time) for time in times]),
        "calendar_period": several([mean_of(found, after & (cells.period == period)) for period in periods]),
        "cohort": lambda sizes, att: float(np.average([mean(sizes, att) for mean in cohorts], weights=sizes)),
    }


def assert_by_hand(found: GroupTimeATT, average: By, effect: Estimate) -> None:
    """Compare the average itself, and its error: units move cells, and the sizes by which cells are weighted."""
    sizes, att = found.cells.group_weight, found.cells.att
    np.testing.assert_allclose(average(sizes, att), effect.att, rtol=1e-9, atol=1e-12)
    of_cells = found.influence.combine(np.eye(len(att)), np.zeros((len(sizes), len(att))))
    of_sizes = found.influence.combine(np.zeros((len(att), len(sizes))), np.eye(len(sizes)))
    # An average is linear in the effects, so what a cluster does to it through them is the average of what it does.
    through_cells = [average(sizes, moved) for moved in of_cells]
    moved = through_cells + of_sizes @ slopes(lambda sizes: average(sizes, att), sizes)
    np.testing.assert_allclose(np.sqrt(np.sum(moved**2)), effect.std_error, **CLOSE)


def slopes(average: Callable[[np.ndarray], float], sizes: np.ndarray) -> np.ndarray:
    """Return how much the average moves with each size, by differences."""
    steps = 1e-5 * np.diag(sizes)
    return np.array([(average(sizes + step) - average(sizes - step)) / (2 * step.sum()) for step in steps])


@settings(max_examples=18, deadline=None)
@given(st.integers(0, 10_000), estimators(), st.sampled_from([None, "area"]))
def test_averages_and_their_errors_by_hand(seed, options, cluster):
    columns = {"outcome": "y", "unit": "unit", "period": "period", "adopted": "adopted", "weights": "w"}
    found = estimate_att(panel(seed), **columns, **options, cluster=cluster)
    averages, cells = by_hand(found), found.cells
    assert averages.keys() == OVERALL.keys()
    for name, average in averages.items():
        assert_by_hand(found, average, found.overall(name))
    study = found.by_event_time()
    for where, row in zip(study.where, study, strict=True):
        if getattr(row, "std_error", 0) > 0:
            assert_by_hand(found, mean_of(found, cells.event_time == where["event_time"]), row)
    for group, row in enumerate(found.by_cohort()):
        assert_by_hand(found, mean_of(found, (cells.group == group) & (cells.event_time >= 0)), row)
    first_two = several([mean_of(found, cells.event_time == time) for time in (0, 1)])
    assert_by_hand(found, first_two, found.band(0, 1))
