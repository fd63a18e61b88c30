"""How one covariate is distributed in the two groups, before and after matching."""

import numpy as np
from matplotlib.axes import Axes

from tf_eval.errors import ConfigError, InputError, raise_all
from tf_eval.matching.arguments import text_problems, word_problems
from tf_eval.matching.everyone import Everyone
from tf_eval.matching.figure import LETTER, LETTERS, headline, in_lines, leave_empty, room_of
from tf_eval.matching.matched import Matched, require_match
from tf_eval.matching.options import WEIGHTING
from tf_eval.matching.review.bins import Bins
from tf_eval.matching.review.mirrored_plot import LEFT_EMPTY, draw_mirrored
from tf_eval.matching.review.one_covariate import OneCovariate
from tf_eval.matching.review.overlap_plot import MEASURES

WHERE = "plot_distribution"
FEWEST_LETTERS = 12  # in a line below a bar


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
        ``missing="indicator"`` filled values in, their rows are a bar beside the others. Or ``"score"``: that by which
        rows were matched, as it stands in ``Balance.score`` (the propensity score, or the score handed in).
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
    raise_all(ConfigError, WHERE, text_problems(label=label))
    one, measure = _find(matched.everyone, covariate)
    if matched.everyone.is_small:
        return leave_empty(ax, f"How {label or covariate} is distributed")
    bins = one.bins()
    drawn = draw_mirrored(matched.everyone, bins, ax)
    _set_ticks(drawn, bins, one.is_number)
    if ax is None:
        _heighten(drawn)
    before, after = (f"{round(100 * share)}%" for share in one.shared())
    message = f"The groups share {after} of their distributions after {adjusted}, {before} before"
    headline(drawn, message, f"{label or measure}\n{LEFT_EMPTY}")
    return drawn


def _find(everyone: Everyone, name: str) -> tuple[OneCovariate, str]:
    """Return a covariate, or the score, and what is measured by it."""
    known = dict.fromkeys(level.covariate for level in everyone.covariates.levels)
    raise_all(InputError, WHERE, word_problems("covariate", name, [*known, "score", everyone.score_name]))
    if name in known:
        return OneCovariate.of(everyone, name), name
    return OneCovariate.of_score(everyone), MEASURES[everyone.score_name]


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
    words, turned = _below_bars(ax, list(bins.words.values()))
    ax.set_xticks([*numbers, *bins.words], [*labels, *words], rotation=90 * turned)
    ax.set_xlim(ends)


def _below_bars(ax: Axes, words: list[str]) -> tuple[list[str], bool]:
    """Return words in lines as wide as the bars, and whether they are turned because there are too many of these."""
    letters = room_of(ax) / LETTER / max(len(words), 1) - 1
    turned = letters < min(FEWEST_LETTERS, max(map(len, words), default=0))
    return [in_lines(word, LETTERS if turned else letters) for word in words], turned


def _heighten(ax: Axes) -> None:
    """Give words that are turned the height that they take from the bars."""
    turned = [len(tick.get_text()) for tick in ax.get_xticklabels() if tick.get_rotation()]
    figure = ax.get_figure(root=True)
    figure.set_figheight(figure.get_figheight() + LETTER * min(max(turned, default=0), LETTERS))
