"""How an evaluation was done, in the words of the field: made from the plan, so that they are true of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from tf_eval.cohort.words import listed
from tf_eval.matching.options import makes_sets

MATCHING_WORDS = {
    "nearest": "Greedy nearest neighbour matching",
    "optimal": "Optimal matching (Rosenbaum 1989)",
    "full": "Optimal full matching (Rosenbaum 1991; Hansen 2004)",
    "quick": "Generalised full matching (Sävje, Higgins and Sekhon 2021)",
    "exact": "Exact matching on every covariate",
    "coarsened_exact": "Coarsened exact matching (Iacus, King and Porro 2012)",
    "subclassification": "Subclassification by a propensity score (Rosenbaum and Rubin 1984)",
    "inverse_probability": "Weighting by the odds of a propensity score (Rosenbaum 1987)",
    "entropy_balancing": "Entropy balancing (Hainmueller 2012)",
    "covariate_balancing": "Weighting by a covariate balancing propensity score (Imai and Ratkovic 2014)",
    "stable_balancing": "Stable balancing weights (Zubizarreta 2015)",
    "cardinality": "Cardinality matching (Zubizarreta, Paredes and Rosenbaum 2014)",
    "profile": "Profile matching (Cohn and Zubizarreta 2022)",
}
DISTANCE_WORDS = {
    "score": "on a propensity score",
    "mahalanobis": "by Mahalanobis's distance",
    "robust_mahalanobis": "by Mahalanobis's distance of ranks",
    "scaled_euclidean": "by scaled Euclidean distance",
}
ESTIMATION_WORDS = {
    "doubly_robust": "Doubly robust difference-in-differences",
    "outcome_regression": "Difference-in-differences with outcome regression",
    "inverse_probability": "Difference-in-differences with inverse probability weighting",
}
BY_DISTANCE = ("nearest", "optimal", "full", "quick")
# What the sentences themselves say.
SAID = ("on", "exact", "method", "estimand", "distance")
PAPERS = "(Callaway and Sant'Anna 2021; Sant'Anna and Zhao 2020)"


def methods_words(payload: Mapping[str, Any]) -> str:
    """Return how like families were found and how the effect was estimated, as a researcher would write it.

    Arguments: ``payload`` holds what ``match`` was asked (``matching``), what ``measure`` was (``estimation``), and
    when it is looked at (``looks``), where that is more than once, between which parts of the families differences were
    looked for (``subgroups``), and what the intervention cannot move (``negative_controls``).
    """
    said = (
        _matching(payload["matching"]),
        _estimation(payload["estimation"]),
        _looks(payload["looks"]),
        _subgroups(payload["subgroups"]),
        _negative_controls(payload["negative_controls"]),
    )
    return " ".join(sentence for sentence in said if sentence)


def _matching(asked: Mapping[str, Any]) -> str:
    method = asked["method"]
    way = f" {DISTANCE_WORDS[asked.get('distance', 'score')]}" if method in BY_DISTANCE else ""
    cells = listed(["month", *(_plain(name) for name in asked.get("exact", []))])
    where = f"within {cells}" if makes_sets(method) else f"with both groups in the same proportion in each {cells}"
    options = listed([f"{_plain(name)} {_told(value)}" for name, value in asked.items() if name not in SAID])
    return f"{MATCHING_WORDS[method]}{way}, {where}{f', asked with {options}' if options else ''}."


def _estimation(asked: Mapping[str, Any]) -> str:
    way, groups = "Difference-in-differences of means", "by start cohort and month from the start"
    if asked["covariates"]:
        way = ESTIMATION_WORDS[asked["method"]]
        groups = "by month from the start, with an intercept for each start cohort"
    months = asked["baseline"]
    window = f"the mean of the {months} months" if months > 1 else "the month"
    return f"{way} {groups} {PAPERS}, against {window} before the start, with standard errors clustered by family."


def _looks(asked: Mapping[str, Any] | None) -> str:
    if asked is None:
        return ""
    apart = asked["months_apart"]
    often = "every month" if apart == 1 else f"every {apart} months"
    return (
        f"This report is made {often} from records up to {asked['first']} on, {asked['planned']} times at most, of "
        "families whose follow-up is over; the intervals of the headline effects hold over all these looks together "
        "(Lan and DeMets 1983; Jennison and Turnbull 1989)."
    )


def _subgroups(parts: Sequence[str]) -> str:
    if not parts:
        return ""
    return (
        f"Differences between {'; between '.join(parts)} are declared in the plan. Outcome regression in one model of "
        "all like families, with an intercept for each part and start cohort; Welch's (1951) test with the joint "
        "covariance of the parts and Holm's (1979) allowance; effects in four parts or more drawn to their mean by "
        "empirical Bayes (Morris 1983)."
    )


def _negative_controls(names: Sequence[str]) -> str:
    if not names:
        return ""
    return (
        f"What the intervention cannot move ({listed([_plain(name) for name in names])}) is named in the plan and "
        "measured in the same way, to see whether it moved (Lipsitch, Tchetgen Tchetgen and Cohen 2010), by itself or "
        "in the sum of standardised differences (O'Brien 1984), with Holm's (1979) allowance."
    )


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _told(value: Any) -> str:
    """Return the value of an option as the plan has it, but without its brackets."""
    if isinstance(value, Mapping):
        return listed([f"{_told(part)} for {_plain(name)}" for name, part in value.items()])
    if isinstance(value, list):
        return listed([_told(part) for part in value])
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else _plain(str(value))
