"""Every measure of how alike the arms are, column by column."""

from collections.abc import Iterable, Sequence

import numpy as np

from tf_eval.matching.everyone import Everyone
from tf_eval.matching.review.counted import Counted
from tf_eval.matching.review.distributions import ecdf_gaps, overlap_coefficients
from tf_eval.matching.review.pair_distances import pair_distance
from tf_eval.matching.review.statistics import OF_TREATED, in_yardsticks, is_binary, mean, variance, yardstick

Measures = dict[str, np.ndarray]
WHEN = ("before", "after")


def measure_arms(everyone: Everyone, columns: Iterable[np.ndarray], sd: str = OF_TREATED) -> Measures:
    """Return one number for each column and measure, before and after matching; see ``Balance.table``.

    Columns are gone through one at a time, each copied so that its values lie side by side: to pick them out of the
    rows again for every measure costs more than the measures.

    Args:
        everyone: the sample.
        columns: each with one number for every row of the sample.
        sd: whose standard deviation is the yardstick, see ``SPREADS``.
    """
    treated = everyone.treated
    counted = [Counted.of(treated, weight) for weight in (np.ones(len(treated)), everyone.weight)]
    distance = pair_distance(treated, everyone.row, everyone.set_id)
    found: list[dict[str, float]] = []
    for column in map(np.ascontiguousarray, columns):
        scale = float(yardstick(column, treated, sd))
        of_shapes = _of_shapes(column, treated, counted)
        each = {}
        for when, rows, shapes in zip(WHEN, counted, of_shapes, strict=True):
            each |= {f"{name}_{when}": number for name, number in (_of_means(column, rows, scale) | shapes).items()}
        found.append({**each, "pair_distance": float(in_yardsticks(distance(column), scale))})
    return {name: np.array([each[name] for each in found]) for name in found[0]}


def _of_means(column: np.ndarray, counted: Counted, scale: float) -> dict[str, float]:
    arms = counted.parts(column)
    treated, compared = (float(mean(*arm)) for arm in arms)
    return {
        "mean_treated": treated,
        "mean_comparison": compared,
        "smd": float(in_yardsticks(treated - compared, scale)),
        "variance_ratio": np.nan if is_binary(column) else _ratio(*(variance(*arm, binary=False) for arm in arms)),
    }


def _ratio(treated: float, compared: float) -> float:
    """Of what does not vary there is no ratio."""
    return float(treated / compared) if compared > 0 else np.nan


def _of_shapes(column: np.ndarray, treated: np.ndarray, counted: Sequence[Counted]) -> list[dict[str, float]]:
    gaps = ecdf_gaps(column, counted)
    shared = overlap_coefficients(column, treated, counted)
    return [
        {"ecdf_max": largest, "ecdf_mean": middle, "overlap_coefficient": overlap}
        for (largest, middle), overlap in zip(gaps, shared, strict=True)
    ]
