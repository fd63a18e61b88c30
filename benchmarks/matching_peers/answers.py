"""What contestants answer, in one form for all, and what of it tells whether answers are comparable."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.matching_peers.sample import CODED, EXACT, SCORE, TREATED, UNIT


@dataclass(frozen=True, eq=False)
class Scores:
    """The probability of treatment of each row."""

    probability: np.ndarray

    def told(self, frame: pd.DataFrame) -> str:
        own = np.where(frame[TREATED] == 1, self.probability, 1 - self.probability)
        return f"mean log likelihood {np.log(own).mean():.7f}"


@dataclass(frozen=True, eq=False)
class Pairs:
    """The rows of each treated row and one comparison row set beside it, as their places in the frame."""

    treated: np.ndarray
    compared: np.ndarray

    def told(self, frame: pd.DataFrame) -> str:
        """Tell the number and the distances of pairs, and what differs that should not; where it differs, by column."""
        score = frame[SCORE].to_numpy()
        gap = np.abs(score[self.treated] - score[self.compared])
        treated, times = np.unique(self.treated, return_counts=True)
        weight = np.zeros(len(frame))
        np.add.at(weight, self.compared, 1 / times[np.searchsorted(treated, self.treated)])
        weight[treated] = 1
        counts = f"{len(gap):,} pairs of {len(treated):,} treated, score gap mean {gap.mean():.3g} sum {gap.sum():.6g}"
        return f"{counts} most {gap.max():.3g}, {_worst(frame, weight)}{self._faults(frame)}"

    def _faults(self, frame: pd.DataFrame) -> str:
        unit = frame[UNIT].to_numpy() if UNIT in frame else np.arange(len(frame))
        again = len(self.compared) - len(np.unique(unit[self.compared]))
        return f", {again:,} USED AGAIN" if again else ""


@dataclass(frozen=True, eq=False)
class ExactPairs(Pairs):
    """Pairs that should be alike in ``EXACT``."""

    def _faults(self, frame: pd.DataFrame) -> str:
        unlike = sum(
            int((frame[name].to_numpy()[self.treated] != frame[name].to_numpy()[self.compared]).sum()) for name in EXACT
        )
        return super()._faults(frame) + (f", {unlike:,} UNLIKE" if unlike else "")


@dataclass(frozen=True, eq=False)
class NearPairs(Pairs):
    """Pairs that should be near each other in the space of some columns."""

    columns: tuple[str, ...]

    def told(self, frame: pd.DataFrame) -> str:
        values = frame[list(self.columns)].to_numpy(dtype=float)
        apart = values[self.treated] - values[self.compared]
        pooled = sum(np.cov(values[frame[TREATED] == arm].T) * (frame[TREATED] == arm).sum() for arm in (0, 1))
        square = np.einsum("ij,jk,ik->i", apart, np.linalg.inv(pooled / len(frame)), apart)
        return f"{super().told(frame)}, Mahalanobis mean {np.sqrt(square).mean():.4f}"


@dataclass(frozen=True, eq=False)
class Weights:
    """A weight for each row; 0 where it takes no part."""

    weight: np.ndarray

    def told(self, frame: pd.DataFrame) -> str:
        is_treated = frame[TREATED].to_numpy() == 1
        kept, others = np.count_nonzero(self.weight[is_treated]), self.weight[~is_treated]
        effective = others.sum() ** 2 / (others**2).sum()
        return f"{kept:,} treated beside {effective:,.0f} effective, {_worst(frame, self.weight)}"


@dataclass(frozen=True, eq=False)
class Sets:
    """The number of each row's set, in which one arm has a single row; below 0 where it is in none."""

    set_id: np.ndarray

    def told(self, frame: pd.DataFrame) -> str:
        row = np.flatnonzero(self.set_id >= 0)
        _, place = np.unique(self.set_id[row], return_inverse=True)
        arm, score = frame[TREATED].to_numpy()[row], frame[SCORE].to_numpy()[row]
        sizes = [np.bincount(place, arm == value) for value in (0, 1)]
        single = (arm == 1) == (sizes[1] == 1)[place]  # where both arms have one row, the treated one
        centre = np.zeros(len(sizes[0]))
        centre[place[single]] = score[single]
        weight = np.zeros(len(frame))
        weight[row] = np.where(arm == 1, 1, (sizes[1] / sizes[0])[place])
        distance = np.abs(score - centre[place]).sum()
        return f"{len(centre):,} sets of {len(row):,} rows, score gap sum {distance:.6g}, {_worst(frame, weight)}"


@dataclass(frozen=True, eq=False)
class Table:
    """Of each covariate the standardised difference of means and the Kolmogorov-Smirnov statistic, after weighting."""

    smd: np.ndarray
    ecdf_max: np.ndarray

    def told(self, frame: pd.DataFrame) -> str:
        smd, ecdf_max = np.abs(self.smd), np.abs(self.ecdf_max)
        return (
            f"{len(smd)} covariates, SMD mean {smd.mean():.6f}, KS mean {ecdf_max.mean():.6f} most {ecdf_max.max():.6f}"
        )


def _worst(frame: pd.DataFrame, weight: np.ndarray) -> str:
    """Tell the largest difference of weighted means over all covariates, in standard deviations of the treated."""
    columns = frame[[name for name in CODED if name in frame]].to_numpy(dtype=float)
    is_treated = frame[TREATED].to_numpy() == 1
    means = [weight[arm] @ columns[arm] / weight[arm].sum() for arm in (is_treated, ~is_treated)]
    smd = (means[0] - means[1]) / columns[is_treated].std(axis=0, ddof=1)
    return f"worst SMD {np.abs(smd).max():.2g}"
