"""How far the scores of the two arms overlap: shares in bins, never single rows."""

from matplotlib.axes import Axes

from tf_eval.matching.everyone import Everyone
from tf_eval.matching.figure import headline
from tf_eval.matching.review.bins import Bins
from tf_eval.matching.review.mirrored_plot import LEFT_EMPTY, draw_mirrored

MEASURES = {
    "propensity_score": "Propensity score: probability of being treated, given the covariates",
    "score": "Score handed in",
}


def plot_overlap(everyone: Everyone, ax: Axes | None) -> Axes:
    """Draw the scores of the treated upwards and those of the comparison rows downwards."""
    ax = draw_mirrored(everyone, Bins.of_numbers(everyone.score, everyone.treated), ax)
    headline(ax, "How far the scores of the two groups overlap", f"{MEASURES[everyone.score_name]}\n{LEFT_EMPTY}")
    return ax
