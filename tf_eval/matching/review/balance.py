"""How alike the two groups are, before and after matching."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tf_eval.errors import ConfigError, raise_all
from tf_eval.matching.acceptance import Acceptance
from tf_eval.matching.arguments import label_problems, limit_problems
from tf_eval.matching.display import told_size
from tf_eval.matching.everyone import Everyone
from tf_eval.matching.matched import ARMS, Matched, require_match
from tf_eval.matching.options import WEIGHTING
from tf_eval.matching.reading.covariates import labelled
from tf_eval.matching.review.love_plot import plot_love
from tf_eval.matching.review.measures import measure_arms
from tf_eval.matching.review.statistics import OF_TREATED, effective_sample_size, sd_problems


def check_balance(
    matched: Matched,
    *,
    threshold: float = 0.1,
    limit: float = 0.25,
    labels: Mapping[str, str] | None = None,
    sd: str = OF_TREATED,
) -> "Balance":
    """Compare treated and comparison rows on every level of every covariate, before and after matching.

    Parameters
    ----------
    matched
        What ``match`` returned.
    threshold
        Standardised mean difference up to which a covariate counts as alike (0.1: Austin 2009); more is flagged.
    limit
        Standardised mean difference that none may pass (0.25: Rubin 2001; beyond it, adjusting for the covariate by
        regression rests on extrapolation).
    labels
        Words for people, by name of covariate, of any number of covariates; one without keeps its column name.
    sd
        Whose standard deviation before matching differences are measured in: of the ``"treated"`` rows (as MatchIt and
        cobalt do for the effect on the treated), the ``"comparison"`` rows, ``"all"`` rows, or ``"pooled"``, the root
        of the mean of the arms' variances. What does not vary there is measured by all rows. For the effect on the
        comparison rows those two take theirs, for that on all rows the pooled one.

    Returns
    -------
    Balance
        It passes when no difference is beyond the limit. That all are within the threshold is not asked: with a
        hundred families an arm, a difference has a standard error of about 0.14 even between groups drawn alike, and
        the estimator adjusts for what is left. How many are beyond the threshold is said beside the verdict.

    Raises
    ------
    ConfigError
        The threshold or the limit is out of its range, or there is no such standard deviation.
    """
    require_match(matched, "check_balance")
    problems = [*limit_problems(threshold, limit), *label_problems(labels), *sd_problems(sd)]
    raise_all(ConfigError, "check_balance", problems)
    by = "weighting" if matched.design.method in WEIGHTING else "matching"
    differences, score = _compare(matched.everyone, labels or {}, sd)
    return Balance(differences, score, threshold, limit, _effective(matched.everyone), by, matched, sd)


@dataclass(frozen=True, eq=False, repr=False)
class Balance:
    """How alike the groups are.

    differences   one row for each level of each covariate: see ``table``
    score         the same measures, by name, of the score by which rows were matched (its ``label`` says whether it is
                  the propensity score or one handed in); no part of the verdict
    threshold     standardised mean difference up to which a covariate counts as alike
    limit         standardised mean difference that none may pass
    effective     Kish's effective sample size of each arm after matching, of units where these are named
    adjusted_by   "matching", or "weighting" where the method only weights rows
    matched       the match that was checked, which is the only one that it can accept
    sd            whose standard deviation differences are measured in: see ``check_balance``
    """

    differences: pd.DataFrame
    score: dict[str, Any]
    threshold: float
    limit: float
    effective: dict[str, float]
    adjusted_by: str
    matched: Matched
    sd: str = OF_TREATED

    def accept(self, because: str | None = None) -> Matched:
        """Return the match with every column of its input, so that outcomes can be read.

        Whoever has seen outcomes can no longer choose a design without them. So balance is judged first (Rubin 2007,
        Statistics in Medicine 26).

        Parameters
        ----------
        because
            Why outcomes are read although a difference is beyond the limit: what follows the word because. Every
            result that rests on the match then says so.

        Raises
        ------
        ConfigError
            The reason is empty, or no words.
        EstimationError
            The check was not passed and no reason is given.
        """
        worst = self.worst["label"], self.worst["smd_after"]
        return self.matched.unseal(Acceptance.of(self.threshold, self.limit, worst, self._beyond(), because))

    @property
    def passed(self) -> bool:
        """Whether no difference is beyond the limit."""
        return not self._size("after").max() > self.limit

    @property
    def worst(self) -> dict[str, Any]:
        """The covariate level with the largest standardised mean difference after matching."""
        row = self.differences.iloc[int(self._size("after").argmax())]
        return {"label": row["label"], "smd_before": float(row["smd_before"]), "smd_after": float(row["smd_after"])}

    def table(self) -> pd.DataFrame:
        """Return a tidy copy, one row for each covariate level.

        For each of before and after: ``mean_treated``, ``mean_comparison``, ``smd`` (see ``smd``), ``variance_ratio``
        (treated over comparison; missing for 0/1, where the means say it all), ``ecdf_max`` (Kolmogorov-Smirnov),
        ``ecdf_mean`` (the gap between the distribution functions, over the distinct values) and
        ``overlap_coefficient`` (what the distributions have in common, 1 where they are the same: Inman and Bradley
        1989); and once ``pair_distance``, the mean distance of the treated and comparison rows that share a set, in
        the standard deviations of ``smd`` (missing where rows are only weighted). All are those of MatchIt's
        ``summary``, but the overlap: cobalt's ``ovl.coefficients`` are 1 less that. The effective sample sizes stand in
        ``effective``, and beside the others in the table of the match.
        """
        return self.differences.copy()

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the love plot: sizes of the differences before and after, with threshold and limit."""
        return plot_love(self.differences, self.threshold, self.limit, ax, self.adjusted_by)

    def summary(self) -> str:
        """Return the verdict for a reader who knows no statistics."""
        within, total = self._within("after"), len(self.differences)
        alike = "are alike" if 2 * within >= total else "are roughly alike"
        verdict = alike if self.passed else "are not alike enough"
        worst = self.worst
        sentence = (
            f"After {self.adjusted_by} the two groups {verdict}: {within} of {total} characteristics differ by no more "
            f"than {self.threshold:g} standard deviations ({self._within('before')} of {total} before), and the "
            f"largest difference left is {told_size(worst['smd_after'])} ({worst['label']})."
        )
        return sentence if self.passed else f"{sentence} Part of any effect found may be this difference."

    def to_dict(self) -> dict[str, Any]:
        """Return verdict, rule and differences as JSON-safe values; None where a number does not apply."""
        rows = [_json_safe(row) for row in self.differences.to_dict(orient="records")]
        return {
            "passed": self.passed,
            "threshold": self.threshold,
            "limit": self.limit,
            "sd": self.sd,
            "within_threshold": self._within("after") / len(self.differences),
            "worst": self.worst,
            "effective_sample_size": dict(self.effective),
            "score": _json_safe(self.score),
            "differences": rows,
        }

    def _beyond(self) -> tuple[tuple[str, float], ...]:
        """Return the covariate levels beyond the limit with their differences, furthest first."""
        size = self._size("after")
        rows = self.differences[size > self.limit].sort_values("smd_after", key=np.abs, ascending=False, kind="stable")
        return tuple(zip(rows["label"], rows["smd_after"].astype(float), strict=True))

    def _size(self, when: str) -> np.ndarray:
        return self.differences[f"smd_{when}"].abs().to_numpy()

    def _within(self, when: str) -> int:
        return int((self._size(when) <= self.threshold).sum())

    def __repr__(self) -> str:
        return f"Balance(passed={self.passed}, threshold={self.threshold:g}, limit={self.limit:g})"


def _compare(everyone: Everyone, labels: Mapping[str, str], sd: str) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return the measures of every level of the covariates, and of the score."""
    found = measure_arms(everyone, [*everyone.covariates.values.T, everyone.score], sd)
    levels = {name: numbers[:-1] for name, numbers in found.items()}
    score = {name: float(numbers[-1]) for name, numbers in found.items()}
    names = labelled(everyone.covariates.levels, labels)
    return pd.DataFrame(names | levels), {"label": everyone.score_name} | score


def _effective(everyone: Everyone) -> dict[str, float]:
    """Of a unit that weighs in several risk sets the weights are one: they say less than as many units would."""
    rows = {arm: everyone.arm(code) for arm, code in ARMS.items()}
    return {
        arm: effective_sample_size(np.bincount(everyone.unit[own], everyone.weight[own])) for arm, own in rows.items()
    }


def _json_safe(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: None if value is None or value != value else value for key, value in row.items()}
