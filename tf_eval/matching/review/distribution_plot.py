"""How one covariate is distributed in the two groups, before and after matching."""

import numpy as np
from matplotlib.axes import Axes

from tf_eval.errors import ConfigError, InputError, raise_all
from tf_eval.matching.arguments import text_problems, word_problems
from tf_eval.matching.figure import headline
from tf_eval.matching.matched import Matched, require_match
from tf_eval.matching.options import WEIGHTING
from tf_eval.matching.review.bins import Bins
from tf_eval.matching.review.mirrored_plot import LEFT_EMPTY, draw_mirrored
from tf_eval.matching.review.one_covariate import OneCovariate

WHERE = "plot_distribution"


def plot_distribution(matched: Matched, covariate: str, *, label: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw how a covariate is distributed among the treated and the comparison rows, before and after matching.

    Means can be alike where distributions are not. Bars are shares of the matched rows by their weights, to the
    nearest per cent, and dashes those of all rows; a bin of fewer than 10 rows is left empty, and the outermost per
    cent of each arm counts in the last bins, so that no single row is seen.

    Parameters
    ----------
    matched
        What ``match`` returned.
    covariate
        One of its covariates: numbers are drawn in bins, yes/no and categories as one bar for each level. Where
        ``missing="indicator"`` filled values in, their rows are a bar beside the others.
    label
        Words for people; else the name of the covariate.
    ax
        Axes to draw on; else a new figure is made.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ConfigError
        The label is no text, or ``ax`` no axes.
    InputError
        The match has no such covariate.
    """
    require_match(matched, WHERE)
    adjusted = "weighting" if matched.design.method in WEIGHTING else "matching"
    known = dict.fromkeys(level.covariate for level in matched.everyone.covariates.levels)
    raise_all(ConfigError, WHERE, text_problems(label=label))
    raise_all(InputError, WHERE, word_problems("covariate", covariate, known))
    one = OneCovariate.of(matched.everyone, covariate)
    bins = one.bins()
    ax = draw_mirrored(matched.everyone, bins, ax)
    _set_ticks(ax, bins, one.is_number)
    before, after = (f"{round(100 * share)}%" for share in one.shared())
    message = f"The two groups share {after} of their distributions after {adjusted}, {before} before"
    headline(ax, message, f"{label or covariate}\n{LEFT_EMPTY}")
    return ax


def _set_ticks(ax: Axes, bins: Bins, is_number: bool) -> None:
    """Set words below the bars that have one, and leave of the numbers those that stand below other bars."""
    first = min(bins.words, default=np.inf)
    numbers = (
        [tick for tick in ax.get_xticks() if bins.edges[0] <= tick < first - 0.06 * np.ptp(bins.edges)]
        if is_number
        else []
    )
    labels = [ax.xaxis.get_major_formatter()(tick) for tick in numbers]
    ends = ax.get_xlim()
    ax.set_xticks([*numbers, *bins.words], [*labels, *bins.words.values()])
    ax.set_xlim(ends)
