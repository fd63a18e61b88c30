"""Which options and estimands each method can honour; every other is refused."""

from collections.abc import Iterable

from tf_eval.errors import is_among

ESTIMANDS = ("att", "ate", "atc", "ato")
SCORED = ("missing", "score", "score_model", "penalty", "folds", "common_support")
DISTANT = ("caliper", "calipers", "calipers_sd", "anti_exact", "distance", "distance_on")
LIMITS = ("min_ratio", "max_ratio")
RATIO = ("ratio", *LIMITS)
IN_SETS = {
    "nearest": (*SCORED, "caliper_scale", *DISTANT, *RATIO, "order", "seed", "reuse"),
    "optimal": (*SCORED, "caliper_scale", *DISTANT, *RATIO),
    "full": (*SCORED, "caliper_scale", *DISTANT, *LIMITS),
    "quick": (*SCORED, "caliper_scale", "distance", "distance_on", "reuse"),
    "exact": ("reuse",),
    "coarsened_exact": ("cutpoints", "k_to_k", "reuse"),
    "subclassification": (*SCORED, "caliper_scale", "subclasses", "reuse"),
}
WEIGHTING = {
    "inverse_probability": SCORED,
    "overlap": SCORED,
    "entropy_balancing": ("missing", "moments"),
    "covariate_balancing": ("missing",),
    "stable_balancing": ("missing", "moments", "tolerance"),
}
CHOOSING = {
    "cardinality": ("missing", "ratio", "moments", "tolerance"),
    "profile": ("missing", "moments", "tolerance"),
}
FOR_ALL = ("on", "treated", "exact", "method", "risk_set", "unit", "estimand")
LEAST = ("optimal",)  # methods that promise the least total distance
STARS = ("full",)  # methods whose sets have one row of either arm, and any number of the other
IN_CELLS = ("quick", "exact", "coarsened_exact", "subclassification")  # all rows of a cell or stratum are in sets
NARROW = ("quick",)  # methods that promise how wide a set is at most
MEANS_MET = ("entropy_balancing", "covariate_balancing")
ATT_ATE_ATC = ("att", "ate", "atc")
_ESTIMANDS = {
    "full": ATT_ATE_ATC,
    "inverse_probability": ATT_ATE_ATC,
    "overlap": ("ato",),
    "quick": ATT_ATE_ATC,
    "exact": ATT_ATE_ATC,
    "coarsened_exact": ATT_ATE_ATC,
    "subclassification": ATT_ATE_ATC,
}


def estimands_of(method: object) -> tuple[str, ...]:
    """Return the estimands that a method is for, the one meant where none is named first."""
    return _ESTIMANDS[method] if is_among(method, _ESTIMANDS) else ("att",)


def makes_sets(method: str) -> bool:
    """Say whether the method sets rows beside each other, and does not only weight or choose them."""
    return method in IN_SETS


def takes_ratio(method: str) -> bool:
    """Say whether so many comparison rows for each treated row can be asked of the method."""
    return _honours(method, "ratio")


def takes_caliper(method: str) -> bool:
    """Say whether the method may be told how far apart, in score, rows of a set may lie."""
    return _honours(method, "caliper")


def uses_score(method: str) -> bool:
    """Say whether the method matches or weights by a score; where it does not, none is fitted."""
    return method == "covariate_balancing" or _honours(method, "score")


def promised_difference(method: str, tolerance: float) -> float | None:
    """Return the largest difference of weighted moments that a method promises, in treated SDs; None if none."""
    if method == "stable_balancing" or method in CHOOSING:
        return float(tolerance)
    return 0.0 if method in MEANS_MET else None


def chooses(method: str) -> bool:
    """Say whether the method takes rows whole or leaves them out, without setting them beside each other."""
    return method in CHOOSING


def keeps_ratio(method: str) -> bool:
    """Say whether the method chooses the ratio's comparison rows for each treated row, in every cell."""
    return "ratio" in CHOOSING.get(method, ())


def option_problems(method: str, estimand: str, changed: Iterable[str]) -> list[str]:
    """Say which of the options that were ``changed`` from their defaults the method cannot honour."""
    idle = [f"'{option}'" for option in changed if not _honours(method, option)]
    problems = [f"method '{method}' has no use for {', '.join(idle)}; leave it out"] if idle else []
    if estimand not in estimands_of(method):
        known = ", ".join(f"'{name}'" for name in estimands_of(method))
        problems.append(f"method '{method}' cannot answer for estimand '{estimand}', but for {known}")
    return problems


def _honours(method: str, option: str) -> bool:
    return option in (*FOR_ALL, *(IN_SETS | WEIGHTING | CHOOSING)[method])
