"""Which options and estimands each method can honour; every other is refused."""

from collections.abc import Iterable

ESTIMANDS = ("att", "ate", "atc", "ato")
WEIGHTING = {
    "inverse_probability": ("score",),
    "overlap": ("score",),
    "entropy_balancing": ("moments",),
    "covariate_balancing": (),
    "stable_balancing": ("moments", "tolerance"),
}
# What the methods that make sets can honour, besides what all can.
_LIMITS = ("caliper", "caliper_scale", "score")
_SPACES = ("ratio", "calipers", "calipers_sd", "anti_exact", "distance", "distance_on")
MATCHING = {
    "nearest": (*_LIMITS, *_SPACES, "order", "seed", "reuse"),
    "optimal": (*_LIMITS, *_SPACES),
    "full": _LIMITS,
}
FOR_ALL = ("on", "treated", "exact", "method", "risk_set", "unit", "estimand")
LEAST = ("optimal",)  # methods that promise the least total distance
MEANS_MET = ("entropy_balancing", "covariate_balancing")
_ESTIMANDS = {"inverse_probability": ("att", "ate", "atc"), "overlap": ("ato",)}


def estimands_of(method: str) -> tuple[str, ...]:
    """Return the estimands that a method is for, the one meant where none is named first."""
    return _ESTIMANDS.get(method, ("att",))


def makes_sets(method: str) -> bool:
    """Say whether the method sets rows beside each other, and does not only weight them."""
    return method in MATCHING


def promised_ratio(method: str, ratio: int) -> int | None:
    """Return the most comparison rows that a method sets beside a treated row; None where it knows no limit."""
    return ratio if "ratio" in MATCHING.get(method, ()) else None


def promised_difference(method: str, tolerance: float) -> float | None:
    """Return the largest difference of weighted moments that a method promises, in treated SDs; None if none."""
    if method == "stable_balancing":
        return tolerance
    return 0.0 if method in MEANS_MET else None


def option_problems(method: str, estimand: str, changed: Iterable[str]) -> list[str]:
    """Say which of the options that were ``changed`` from their defaults the method cannot honour."""
    idle = [f"'{option}'" for option in changed if not _honours(method, option)]
    problems = [f"method '{method}' has no use for {', '.join(idle)}; {_advice(method)}"] if idle else []
    if estimand in ESTIMANDS and estimand not in estimands_of(method):
        known = ", ".join(f"'{name}'" for name in estimands_of(method))
        problems.append(f"method '{method}' cannot answer for estimand '{estimand}', but for {known}")
    return problems


def _advice(method: str) -> str:
    return "it matches along the score alone; leave it out, or see 'optimal'" if method == "full" else "leave it out"


def _honours(method: str, option: str) -> bool:
    return option in (*FOR_ALL, *(MATCHING | WEIGHTING)[method])
