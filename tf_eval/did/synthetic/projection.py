"""Outcomes less what covariates say of them, by what they do among the never treated.

Kranz (2022, "Synthetic difference-in-differences with time-varying covariates"), as ``projected`` in Stata's sdid
(Clarke, Pailanir, Athey and Imbens 2023, arXiv 2301.11859). R's xsynthdid fits what is seen of the treated before
treatment as well; but these may run otherwise, and slopes of periods before and after would be of different units.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tf_eval.did.design import Design
from tf_eval.did.imputing.sample import read_sample
from tf_eval.did.reading.panel import Panel
from tf_eval.did.regression.solution import solve
from tf_eval.errors import InputError


@dataclass(frozen=True, eq=False)
class Courses:
    """Covariates that never change within a unit (``fixed``, units by columns), and courses (of which, units, periods).

    The first of the courses is the outcome's, the others those of the covariates that change; all are less their unit's
    mean. ``sizes`` are the sums of squares of the latter as they were.
    """

    fixed: np.ndarray
    apart: np.ndarray
    sizes: np.ndarray

    def said(self, units: np.ndarray) -> np.ndarray:
        """Return what covariates say of the outcome's course (units by periods), as some units (a mask) have it.

        It is 0 on average of each unit and, but for covariates that change, of each period: wherever a covariate has
        its zero, what periods do to all is left in the outcome, and so in the penalty.
        Raises ``InputError`` where these units do not tell what covariates do.
        """
        by_period, in_all = self._slopes(units)
        return (self.fixed - self.fixed.mean(axis=0)) @ by_period + np.tensordot(in_all, self.apart[1:], axes=1)

    def _slopes(self, units: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the slopes of what never changes (covariates by periods), and of what does.

        All are seen in every period, so that each is fitted on the same rows: unit effects are taken out as means, then
        fixed covariates period by period, and what is left of the outcome is regressed on the rest of the others.
        """
        fixed, apart = self.fixed[units], self.apart[:, units]
        products = fixed.T @ fixed
        in_periods = solve(products, np.diag(products))
        by_period = (in_periods.inverse @ fixed.T) @ apart
        rest = (apart - fixed @ by_period).reshape(len(apart), -1)
        gram = rest @ rest.T
        in_all = solve(gram[1:, 1:], self.sizes)
        if in_periods.empty.size or in_all.empty.size:
            raise InputError(
                "estimate_att: what covariates do cannot be told apart from unit and period effects among the never "
                "treated (for errors and placebos, among these less one cluster). Leave covariates out, or join "
                "categories that few of the never treated have."
            )
        slopes = in_all.inverse @ gram[1:, 0]
        return by_period[0] - np.tensordot(slopes, by_period[1:], axes=1), slopes


@dataclass(frozen=True, eq=False)
class Projection:
    """A panel as it was ``given``, and as covariates leave it (``panel``); ``courses`` are None without covariates.

    Slopes are those of a regression with unit and period effects on the never treated: of a covariate that never
    changes within a unit one in each period, of others one, whether or not treatment moved them.
    """

    given: Panel
    panel: Panel
    is_never: np.ndarray
    courses: Courses | None = None

    @property
    def has_varying(self) -> bool:
        return self.courses is not None and len(self.courses.sizes) > 0

    def less_each(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the units of each cluster (a mask) that says what covariates do, and all outcomes less those without.

        Raises ``InputError`` where the others do not tell it.
        """
        if self.courses is None:
            return
        clusters = self.given.clusters[0]
        for cluster in np.unique(clusters[self.is_never]):
            units = clusters == cluster
            without = self.given.outcome - self.courses.said(self.is_never & ~units)
            yield units, self.panel.outcome - without


def project(panel: Panel, design: Design) -> Projection:
    """Return the panel less what covariates say.

    Raises ``InputError`` where units or their covariates are not seen in every period, or what these do cannot be told.
    """
    _refuse_gaps(panel)
    is_never = panel.adopted > panel.periods[-1] + design.anticipation
    # Where nobody is never treated there is no comparison either, which says more.
    if panel.covariates.matrix.shape[1] == 1 or not is_never.any():
        return Projection(panel, panel, is_never)
    courses = _read(panel, design)
    left = replace(panel, outcome=panel.outcome - courses.said(is_never))
    return Projection(panel, left, is_never, courses)


def _read(panel: Panel, design: Design) -> Courses:
    sample = read_sample(panel, design)
    lacking = int((~sample.usable).any(axis=1).sum())
    if lacking:
        raise InputError(
            f"estimate_att: {lacking:,} of {len(panel):,} units lack a covariate in some period, and a synthetic "
            "comparison needs whole courses. Fill it, or leave out the covariate or these units."
        )
    varying = np.moveaxis(sample.varying, 2, 0)
    values = np.concatenate([panel.outcome[None], varying])
    return Courses(sample.fixed, values - values.mean(axis=2, keepdims=True), np.square(varying).sum(axis=(1, 2)))


def _refuse_gaps(panel: Panel) -> None:
    gaps = int((~np.isfinite(panel.outcome)).any(axis=1).sum())
    if gaps:
        raise InputError(
            f"estimate_att: {gaps:,} of {len(panel):,} units are not seen in every period, and a synthetic comparison "
            "needs whole courses. Leave out these units or the periods that they lack, or use method='imputation'."
        )
