"""What a match was asked, in words that a reader of a report can follow."""

from collections.abc import Callable, Iterable

from tf_eval.matching.design import Design
from tf_eval.matching.options import uses_score

MOMENTS = {1: "means", 2: "means and squares", 3: "means, squares and cubes"}
WORDS: dict[str, Callable[[Design], str]] = {
    "nearest": lambda design: f"{_ratio(design)} nearest neighbour matching {_reuse(design)}",
    "optimal": lambda design: f"{_ratio(design)} optimal matching without reuse",
    "full": lambda design: f"optimal full matching{_shares(design)}",
    "quick": lambda design: f"quick (generalised full) matching{_over_risk_sets(design)}",
    "exact": lambda design: f"exact matching{_over_risk_sets(design)}",
    "coarsened_exact": lambda design: f"coarsened exact matching{_in_pairs(design)}{_over_risk_sets(design)}",
    "subclassification": lambda design: f"subclassification into {design.subclasses} parts{_over_risk_sets(design)}",
    "inverse_probability": lambda design: "inverse probability weighting",
    "overlap": lambda design: "overlap weighting",
    "entropy_balancing": lambda design: f"entropy balancing of {MOMENTS[design.moments]}",
    "covariate_balancing": lambda design: "weighting by the odds of a covariate balancing propensity score",
    "stable_balancing": lambda design: f"stable balancing of {_within_tolerance(design)}",
    "cardinality": lambda design: f"1:{design.ratio} cardinality matching with {_within_tolerance(design)}",
    "profile": lambda design: f"profile matching with {_within_tolerance(design)}",
}
SCORES = {"logistic": "a logistic propensity score", "gradient_boosting": "a propensity score by gradient boosting"}
SPACES = {
    "mahalanobis": "Mahalanobis distance",
    "robust_mahalanobis": "robust Mahalanobis distance (of ranks)",
    "scaled_euclidean": "scaled Euclidean distance",
}
ORDERS = {
    "largest": "treated rows with the largest scores first",
    "smallest": "treated rows with the smallest scores first",
    "closest": "the closest pairs first",
    "random": "treated rows in random order (seed {seed})",
    "data": "treated rows in the order of the data",
}
WHOM = {
    "att": "the treated",
    "atc": "the comparison rows",
    "ate": "both arms together",
    "ato": "those who might as well have been treated as not",
}


def describe(design: Design) -> str:
    """Return what was asked, after the print of MatchIt; columns by the names that they have in the frame."""
    parts = [WORDS[design.method](design), *_measured(design), *_limits(design), *_constraints(design), *_turns(design)]
    text = f"{', '.join(parts)}, for the effect on {WHOM[design.estimand]}."
    return f"{text[0].upper()}{text[1:]} Covariates: {_listed(design.on)}."


def _ratio(design: Design) -> str:
    if design.max_ratio is None:
        return f"1:{design.ratio}"
    return f"1:{design.min_ratio or 1} to 1:{design.max_ratio} (1:{design.ratio} wanted on average)"


def _shares(design: Design) -> str:
    """Say how many rows a set may have of one arm for one of the other."""
    least, most = design.min_ratio or 0, design.max_ratio
    said = {
        f"at least {least:g} comparison rows for a treated row": least >= 1,
        f"at most {most} comparison rows for a treated row": most is not None,
        f"at most {1 / (least or 1):.0f} treated rows for a comparison row": 0 < least < 1,
    }
    parts = [part for part, holds in said.items() if holds]
    return f" with {' and '.join(parts)}" if parts else ""


def _in_pairs(design: Design) -> str:
    return " in pairs" if design.k_to_k else ""


def _over_risk_sets(design: Design) -> str:
    return " with units in every risk set in which they may be" if design.reuse else ""


def _reuse(design: Design) -> str:
    return "with reuse" if design.reuse else "without reuse"


def _within_tolerance(design: Design) -> str:
    return f"{MOMENTS[design.moments]} within {design.tolerance:g} standard deviations"


def _measured(design: Design) -> list[str]:
    """Say by what distance, or by what score."""
    if design.distance in SPACES:
        return [f"by {SPACES[design.distance]} of {_listed(design.distance_on or design.on)}"]
    if design.method == "covariate_balancing" or not uses_score(design.method):
        return []
    if design.score is not None:
        return [f"by the score '{design.score}'"]
    crossed = f" fitted on {design.folds} folds" if design.folds else ""
    scale = design.caliper_scale.replace("_", " ")
    return [f"by the {scale} of {SCORES[design.score_model]}{crossed}"]


def _limits(design: Design) -> list[str]:
    own = [f"'{name}' within {width:g}" for name, width in design.calipers.items()]
    own += [f"'{name}' within {width:g} standard deviations" for name, width in design.calipers_sd.items()]
    score = [] if design.caliper is None else [f"the score within {design.caliper:g} standard deviations"]
    return score + own


def _constraints(design: Design) -> list[str]:
    said = {
        f"alike in {_listed(design.exact)}": bool(design.exact),
        f"differing in {_listed(design.anti_exact)}": bool(design.anti_exact),
        f"within each '{design.risk_set}'": design.risk_set is not None,
        f"{_support(design)} without a counterpart in score left out": design.common_support != "none",
    }
    return [part for part, holds in said.items() if holds]


def _turns(design: Design) -> list[str]:
    """Say who chooses first, where one choice takes from another."""
    if design.method == "nearest" and not design.reuse:
        return [ORDERS[design.order].format(seed=design.seed)]
    return [ORDERS["closest"]] if design.k_to_k else []


def _support(design: Design) -> str:
    return {"treated": "treated rows", "both": "rows of both arms"}.get(design.common_support, "")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
