"""Outcomes less what covariates say of them, by what they do among the never treated.

Kranz (2022, "Synthetic difference-in-differences with time-varying covariates"), as ``projected`` in Stata's sdid
(Clarke, Pailanir, Athey and Imbens 2023, arXiv 2301.11859). R's xsynthdid fits what is seen of the treated before
treatment as well; but these may run otherwise, and slopes of periods before and after would be of different units.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tf_eval.did.design import Design
from tf_eval.did.imputing.regression import Equations, fit_effects
from tf_eval.did.imputing.sample import Sample, read_sample
from tf_eval.did.reading.panel import Panel
from tf_eval.errors import InputError

EVERYBODY = slice(None)


@dataclass(frozen=True, eq=False)
class Projection:
    """A panel as it was ``given``, and as covariates leave it (``panel``).

    Slopes are those of a regression with unit and period effects on the never treated: of a covariate that never
    changes within a unit one in each period, of others one, whether or not treatment moved them. ``sample`` are the
    observations of that regression, ``equations`` its normal equations; both are None without covariates.
    """

    given: Panel
    panel: Panel
    sample: Sample | None = None
    equations: Equations | None = None

    @property
    def has_varying(self) -> bool:
        return self.sample is not None and self.sample.varying.shape[2] > 0

    def less_each(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the units of each cluster (a mask) that says what covariates do, and all outcomes less those without.

        Raises ``InputError`` where the others do not tell it.
        """
        if self.sample is None:
            return
        clusters = self.given.clusters[0]
        for cluster in np.unique(clusters[self.sample.fitted.any(axis=1)]):
            units = clusters == cluster
            own = self.sample.part(np.flatnonzero(units)).normal()
            without = tuple(whole - part for whole, part in zip(self.equations, own, strict=True))
            yield units, self.panel.outcome - _left(self.sample, without)


def project(panel: Panel, design: Design) -> Projection:
    """Return the panel less what covariates say; raises ``InputError`` where they are missing or cannot be told."""
    if panel.covariates.matrix.shape[1] == 1:
        return Projection(panel, panel)
    sample = read_sample(panel, design)
    is_never = panel.adopted > panel.periods[-1] + design.anticipation
    sample = replace(sample, fitted=sample.usable & is_never[:, None])
    lacking = int((np.isfinite(panel.outcome) & ~sample.usable).any(axis=1).sum())
    if lacking:
        raise InputError(
            f"estimate_att: {lacking:,} of {len(panel):,} units lack a covariate in some period, and a synthetic "
            "comparison needs whole courses. Fill it, or leave out the covariate or these units."
        )
    equations = sample.part(EVERYBODY).normal()
    left = replace(panel, outcome=_left(sample, equations))
    return Projection(panel, left, sample, equations)


def _left(sample: Sample, equations: Equations) -> np.ndarray:
    """Return outcomes less what covariates say of their course (units by periods); a unit's mean stays as it is."""
    fit = fit_effects(sample, [equations])
    if fit.unknown.shape[1]:
        raise InputError(
            "estimate_att: what covariates do cannot be told apart from unit and period effects among the never "
            "treated (for errors and placebos, among these less one cluster). Leave covariates out, or join categories "
            "that few of the never treated have."
        )
    part = sample.part(EVERYBODY)
    # Less their mean: wherever a covariate has its zero, what periods do to all stays, and counts in the penalty.
    said = replace(part, fixed=part.fixed - part.fixed.mean(axis=0)).predicted(fit.coefficients)
    return sample.panel.outcome - (said - said.mean(axis=1, keepdims=True))
