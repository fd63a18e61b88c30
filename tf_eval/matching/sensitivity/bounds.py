"""Rosenbaum's bounds: how strong a hidden difference would have to be to make a finding one of chance."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.optimize import brentq

from tf_eval.errors import ConfigError, NotEstimated, raise_all
from tf_eval.matching.arguments import is_number, level_problems, word_problems
from tf_eval.matching.display import NOT_SHOWN, number, rounded
from tf_eval.matching.effects.rows import Rows, read_rows
from tf_eval.matching.figure import leave_empty
from tf_eval.matching.matched import Matched, require_match
from tf_eval.matching.sensitivity.bounds_plot import plot_bounds
from tf_eval.matching.sensitivity.hidden_bias import p_value_bounds
from tf_eval.matching.sensitivity.scores import huber_scores, signed_rank_scores

WHERE = "rosenbaum_bounds"
ALTERNATIVES = {"higher": 1.0, "lower": -1.0}
STATISTICS = ("signed_rank", "huber")
GAMMAS = tuple(round(1 + step / 10, 1) for step in range(21))
LARGEST = 1e6


@dataclass(frozen=True)
class BoundsDesign:
    """What was asked: the outcome, the direction that was expected, the statistic and the level."""

    outcome: str
    alternative: str
    statistic: str | None
    level: float

    def to_dict(self) -> dict[str, Any]:
        """Return the design as JSON-safe values."""
        return asdict(self)


@dataclass(frozen=True, eq=False, repr=False)
class RosenbaumBounds:
    """The p-values that hidden differences of each strength could have made.

    bounds          one row for each gamma: see ``table``
    tipping_gamma   gamma at which the largest p-value passes 1 - level; ``NotEstimated`` where it is past it anyway
    n_sets          matched sets
    design          what was asked, and the statistic that was used
    notes           sentences about the match that a reader has to know
    is_small        whether an arm is of so few units (or rows, where none are named) that nothing is shown of it
    """

    bounds: pd.DataFrame
    tipping_gamma: float | NotEstimated
    n_sets: int
    design: BoundsDesign
    notes: tuple[str, ...] = ()
    is_small: bool = False

    def table(self) -> pd.DataFrame:
        """Return a tidy copy: ``gamma``, and the smallest and largest one-sided p-value, ``p_low`` and ``p_high``."""
        return self.bounds.copy()

    def summary(self) -> str:
        """Return how strong a hidden difference would have to be, in plain sentences."""
        return " ".join([self._found(), *self.notes])

    def _found(self) -> str:
        if self.is_small:
            return f"What a hidden difference could have made of {self.design.outcome} is {NOT_SHOWN}"
        if isinstance(self.tipping_gamma, NotEstimated):
            return f"{self.tipping_gamma.reason[0].upper()}{self.tipping_gamma.reason[1:]}."
        return (
            f"That {self.design.outcome} is {self.design.alternative} among the treated would be told from chance "
            f"(one-sided p of {1 - self.design.level:.2g} at most) even if something hidden made treatment up to "
            f"{number(self.tipping_gamma)} times as likely, in odds, for one of two rows that look alike. Something "
            f"stronger could have brought it about by itself ({rounded(self.n_sets)} sets)."
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the largest and the smallest p-value by strength of a hidden difference."""
        if self.is_small:
            return leave_empty(ax, f"What a hidden difference could have made of {self.design.outcome}")
        tip = None if isinstance(self.tipping_gamma, NotEstimated) else self.tipping_gamma
        return plot_bounds(self.bounds, tip, self.design, ax)

    def to_dict(self) -> dict[str, Any]:
        """Return design, bounds, tipping point and notes as JSON-safe values."""
        tip = self.tipping_gamma
        return {
            "design": self.design.to_dict(),
            "bounds": self.bounds.to_dict(orient="records"),
            "tipping_gamma": tip.to_dict() if isinstance(tip, NotEstimated) else tip,
            "n_sets": self.n_sets,
            "notes": list(self.notes),
        }

    def __repr__(self) -> str:
        tip = self.tipping_gamma
        told = "no finding to overturn" if isinstance(tip, NotEstimated) else f"tips at gamma {number(tip)}"
        told = "not shown" if self.is_small else told
        return f"<RosenbaumBounds: {self.design.outcome}, {self.design.statistic}: {told}; {rounded(self.n_sets)} sets>"


def rosenbaum_bounds(
    matched: Matched,
    outcome: str,
    *,
    alternative: str,
    statistic: str | None = None,
    gammas: Iterable[float] = GAMMAS,
    level: float = 0.95,
) -> RosenbaumBounds | NotEstimated:
    """Return what a test could have come to if a hidden difference had decided who was treated.

    Parameters
    ----------
    matched
        A match whose balance was accepted, with one treated row in each set.
    outcome
        Column with the outcome, as for ``estimate_effect``.
    alternative
        ``"higher"`` or ``"lower"``: how the outcome was expected to be among the treated. It has to be named, for a
        one-sided test in the direction that turned out finds twice as much as it says.
    statistic
        ``"signed_rank"`` (Wilcoxon's, for pairs, as R's ``rbounds::psens``) or ``"huber"`` (an M-statistic, for sets
        of any size, as R's ``sensitivitymv::senmv``). By default the first for pairs and the second else.
    gammas
        Strengths to try, 1 or more: factors by which odds of treatment may differ within a set.
    level
        The tipping point is where the largest p-value passes 1 - level.

    Returns
    -------
    RosenbaumBounds or NotEstimated
        The latter where no two rows of a set differ.

    Raises
    ------
    ConfigError
        An option is unknown or out of its range, or the sets do not suit the statistic.
    EstimationError
        Balance was not accepted.
    InputError
        The outcome is missing, has missing values, or was used by the match.

    Notes
    -----
    Rosenbaum (2002, chapter 4; 2007 for M-statistics).
    """
    require_match(matched, WHERE)
    strengths = tuple(gammas) if isinstance(gammas, Iterable) else (gammas,)
    raise_all(ConfigError, WHERE, _problems(alternative, statistic, strengths, level))
    rows = read_rows(matched, outcome, (), WHERE)
    raise_all(ConfigError, WHERE, _shape_problems(rows, statistic))
    chosen = statistic or ("signed_rank" if _only_pairs(rows) else "huber")
    design = BoundsDesign(outcome, alternative, chosen, level)
    if not _any_apart(rows):
        return NotEstimated("the outcome is the same within every set")
    return _bounds(rows, design, tuple(map(float, strengths)))


def _bounds(rows: Rows, design: BoundsDesign, gammas: tuple[float, ...]) -> RosenbaumBounds:
    signed = ALTERNATIVES[design.alternative] * rows.outcome
    scores = (
        signed_rank_scores(signed, rows.treated, rows.set_code)
        if design.statistic == "signed_rank"
        else huber_scores(signed, rows.set_code)
    )
    pairs = [p_value_bounds(scores, rows.treated, rows.set_code, gamma) for gamma in gammas]
    low, high = zip(*pairs, strict=True)
    table = pd.DataFrame({"gamma": gammas, "p_low": low, "p_high": high})
    sets = int(rows.set_code.max()) + 1
    return RosenbaumBounds(table, _tip(rows, scores, design), sets, design, rows.caveats, rows.is_small)


def _tip(rows: Rows, scores: np.ndarray, design: BoundsDesign) -> float | NotEstimated:
    def beyond(gamma: float) -> float:
        return p_value_bounds(scores, rows.treated, rows.set_code, gamma)[1] - (1 - design.level)

    if beyond(1.0) >= 0:
        return NotEstimated(
            f"without any hidden difference, chance alone would make {design.outcome} as much {design.alternative} "
            f"among the treated in {beyond(1.0) + 1 - design.level:.0%} of studies, so that there is no finding which "
            "a hidden difference could overturn"
        )
    return float(brentq(beyond, 1.0, LARGEST, xtol=1e-10))


def _problems(alternative: str, statistic: str | None, gammas: tuple[float, ...], level: float) -> list[str]:
    problems = word_problems("alternative", alternative, ALTERNATIVES)
    if statistic is not None:
        problems += word_problems("statistic", statistic, STATISTICS)
    if not gammas or not all(is_number(gamma) and 1 <= gamma <= LARGEST for gamma in gammas):
        problems.append(f"gammas must be numbers, 1 or more, up to {LARGEST:g}")
    return problems + level_problems(level, least=0.5)


def _shape_problems(rows: Rows, statistic: str | None) -> list[str]:
    if rows.reused:
        return [
            "bounds need sets in which no row serves twice, since they take the sets for independent; "
            "match without reuse, or see tipping_point"
        ]
    if rows.set_code is None:
        return ["bounds need a match that formed sets; tipping_point does without"]
    if (np.bincount(rows.set_code[rows.treated]) > 1).any():
        return ["some sets have several treated rows, for which there are no bounds here"]
    if statistic == "signed_rank" and not _only_pairs(rows):
        return ["some sets are no pairs, which signed ranks need; use 'huber'"]
    return []


def _only_pairs(rows: Rows) -> bool:
    return bool((np.bincount(rows.set_code) == 2).all())


def _any_apart(rows: Rows) -> bool:
    highest, lowest = np.full((2, rows.set_code.max() + 1), [[-np.inf], [np.inf]])
    np.maximum.at(highest, rows.set_code, rows.outcome)
    np.minimum.at(lowest, rows.set_code, rows.outcome)
    return bool((highest > lowest).any())
