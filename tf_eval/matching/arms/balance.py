"""How alike all arms are, before and after matching."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from tf_eval.errors import ConfigError, raise_all
from tf_eval.matching.acceptance import Acceptance
from tf_eval.matching.arguments import label_problems, limit_problems
from tf_eval.matching.arms.matched_arms import MatchedArms, require_arms
from tf_eval.matching.display import told_size
from tf_eval.matching.figure import headline
from tf_eval.matching.reading.covariates import labelled
from tf_eval.matching.review.love_plot import plot_love
from tf_eval.matching.review.statistics import in_yardsticks, mean, yardstick

MEASURE = "Largest difference between two arms, in standard deviations"
BY = {"vector": "matching", "pairwise": "matching"}


def check_arms(
    matched: MatchedArms, *, threshold: float = 0.1, limit: float = 0.25, labels: Mapping[str, str] | None = None
) -> "ArmsBalance":
    """Compare every two arms on every level of every covariate, before and after matching.

    Parameters
    ----------
    matched
        What ``match_arms`` returned.
    threshold, limit, labels
        As for ``check_balance``.

    Returns
    -------
    ArmsBalance
        It passes when no two arms differ by more than the limit. A difference is that of the means, in standard
        deviations of the reference arm before matching (Lopez and Gutman 2017), of all rows where that does not vary;
        the largest over all pairs speaks for a covariate (McCaffrey and others 2013).

    Raises
    ------
    ConfigError
        The threshold or the limit is out of its range.
    """
    require_arms(matched, "check_arms")
    raise_all(ConfigError, "check_arms", [*limit_problems(threshold, limit), *label_problems(labels)])
    compared = [_compare(matched, pair, labels or {}) for pair in matched.pairs]
    by = BY.get(matched.design.method, "weighting")
    return ArmsBalance(pd.concat(compared, ignore_index=True), threshold, limit, by, matched)


def _compare(matched: MatchedArms, pair: tuple[Any, Any], labels: Mapping[str, str]) -> pd.DataFrame:
    everyone, of_pair = matched.everyone, matched.pairs[pair].everyone
    values = everyone.covariates.values
    first, second = (values[everyone.arm == everyone.arms.index(arm)].mean(axis=0) for arm in pair)
    scale = yardstick(values, everyone.arm == 0)
    own, weight, treated = of_pair.covariates.values, of_pair.weight, of_pair.treated
    matched_first, matched_second = (mean(own[arm], weight[arm]) for arm in (treated, ~treated))
    sizes = {
        "smd_before": in_yardsticks(first - second, scale),
        "smd_after": in_yardsticks(matched_first - matched_second, scale),
    }
    return pd.DataFrame(labelled(everyone.covariates.levels, labels) | sizes).assign(first=pair[0], second=pair[1])


@dataclass(frozen=True, eq=False, repr=False)
class ArmsBalance:
    """How alike the arms are.

    differences   one row for each level of each covariate and each two arms: see ``table``
    threshold     standardised mean difference up to which a covariate counts as alike
    limit         standardised mean difference that none may pass
    adjusted_by   "matching", or "weighting" where the method only weights rows
    matched       the match that was checked, which is the only one that it can accept
    """

    differences: pd.DataFrame
    threshold: float
    limit: float
    adjusted_by: str
    matched: MatchedArms

    def accept(self, because: str | None = None) -> MatchedArms:
        """Return the match and its pairs with every column of the input, so that outcomes can be read.

        ``because``, errors and caveats are those of ``Balance.accept``.
        """
        furthest = self.differences.sort_values("smd_after", key=abs, ascending=False, kind="stable")
        worst, beyond = _named(furthest[:1])[0], _named(furthest[furthest["smd_after"].abs() > self.limit])
        return self.matched.unseal(Acceptance.of(self.threshold, self.limit, worst, beyond, because))

    @property
    def passed(self) -> bool:
        """Whether no difference is beyond the limit."""
        return not self.differences["smd_after"].abs().max() > self.limit

    @property
    def worst(self) -> dict[str, Any]:
        """The covariate level and the two arms with the largest difference after matching."""
        row = self.differences.iloc[int(self.differences["smd_after"].abs().to_numpy().argmax())]
        return {name: row[name] for name in ("label", "first", "second")} | {
            name: float(row[name]) for name in ("smd_before", "smd_after")
        }

    def table(self) -> pd.DataFrame:
        """Return a tidy copy, one row for each covariate level and each two arms: covariate, level, label, the two
        arms, and ``smd_before`` and ``smd_after``, first arm less second."""
        shown = ["covariate", "level", "label", "first", "second", "smd_before", "smd_after"]
        return self.differences[shown].copy()

    def largest(self) -> pd.DataFrame:
        """Return one row for each covariate level: the sizes of its largest differences over all pairs of arms."""
        levels = ["covariate", "level", "label"]
        sizes = self.differences.assign(
            smd_before=self.differences["smd_before"].abs(), smd_after=self.differences["smd_after"].abs()
        )
        return sizes.groupby(levels, sort=False, dropna=False)[["smd_before", "smd_after"]].max().reset_index()

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the love plot of the largest differences, before and after, with threshold and limit."""
        ax = plot_love(self.largest(), self.threshold, self.limit, ax, self.adjusted_by)
        headline(ax, ax.get_title(loc="left"), MEASURE)
        return ax

    def summary(self) -> str:
        """Return the verdict for a reader who knows no statistics."""
        largest, worst = self.largest(), self.worst
        before, after = (int((largest[when] <= self.threshold).sum()) for when in ("smd_before", "smd_after"))
        verdict = "are alike" if self.passed else "are not alike enough"
        sentence = (
            f"After {self.adjusted_by} the arms {verdict}: on {after} of {len(largest)} characteristics no two differ "
            f"by more than {self.threshold:g} standard deviations (on {before} before), and the largest difference "
            f"left is {told_size(worst['smd_after'])} ({worst['label']}, '{worst['first']}' and '{worst['second']}')."
        )
        return sentence if self.passed else f"{sentence} Part of any effect found may be this difference."

    def to_dict(self) -> dict[str, Any]:
        """Return verdict, rule and differences as JSON-safe values."""
        named = self.table().astype({"first": str, "second": str}).astype(object)
        rows = named.where(named.notna(), None).to_dict(orient="records")
        worst = self.worst | {name: str(self.worst[name]) for name in ("first", "second")}
        rule = {"passed": self.passed, "threshold": self.threshold, "limit": self.limit}
        return {**rule, "worst": worst, "differences": rows}

    def __repr__(self) -> str:
        return f"ArmsBalance(passed={self.passed}, threshold={self.threshold:g}, limit={self.limit:g})"


def _named(differences: pd.DataFrame) -> tuple[tuple[str, float], ...]:
    """Return in words what differs between which two arms, with its difference."""
    arms = " ('" + differences["first"].map(str) + "' and '" + differences["second"].map(str) + "')"
    return tuple(zip(differences["label"] + arms, differences["smd_after"].astype(float), strict=True))
