"""The comparison units of each cell, with what each of them counts in its effect."""

from collections.abc import Iterator

import numpy as np

from tf_eval.did.group_time.fits import design_of
from tf_eval.did.group_time.rows import Some
from tf_eval.did.group_time.trace import Served, Trace
from tf_eval.did.inference.clusters import AnyInfluence
from tf_eval.did.inference.combined import Combined
from tf_eval.errors import ConfigError


def trace_of(influence: AnyInfluence, asked: str) -> Trace:
    """Return what the cells were made of; raise ``ConfigError`` where cells have no comparison units of their own."""
    if isinstance(influence.source, Trace):
        return influence.source
    if isinstance(influence.source, Combined):
        raise ConfigError(
            f"{asked}: each effect of a triple difference is made of three differences, so that no group of units is "
            "its comparison. Its counts are in table(), its effects in plot_cells(), and leave_one_cohort_out() tells "
            "what carries them; for the paths or the overlap of eligible units alone estimate these without eligible."
        )
    raise ConfigError(
        f"{asked}: no cell has comparison units of its own here; it takes a panel, and a method that compares each "
        "cell by itself, such as 'doubly_robust'."
    )


def counted_rows(trace: Trace, one: Served) -> Iterator[tuple[Some, np.ndarray, np.ndarray]]:
    """Yield the comparison rows of a contrast, their design rows and what each counts, a stretch at a time.

    The estimate is the mean change of the treated less the sum of the comparison rows' changes times what they count,
    whichever models are fitted; that sums to 1 over all rows, and may be negative where there is a model of outcomes.
    """
    fit, weights = one.fit, trace.ledger.panel.weight
    for some in one.contrast.compared.stretches():
        design = design_of(trace.ledger, one.contrast, fit.columns, some)
        share = fit.odds(design, weights[some]) / fit.odds_total
        yield some, design, fit.counted(share, design, weights[some])
