"""Which options each estimator can honour; every other is refused."""

from collections.abc import Iterable, Sequence

FOR_ALL = (
    "outcome",
    "unit",
    "period",
    "adopted",
    "sample",
    "method",
    "anticipation",
    "cluster",
    "weights",
    "confidence",
    "errors",
    "quantile",
    "treated",
    "counted",
    "smallest_shown",
)
GROUP_TIME = ("covariates", "comparison", "baseline", "sets", "small_sample", "eligible")
IMPUTING = ("imputation", "two_stage")
# What a method honours beside these.
OPTIONS = {
    "doubly_robust": GROUP_TIME,
    "improved_doubly_robust": GROUP_TIME,
    "outcome_regression": GROUP_TIME,
    "inverse_probability": GROUP_TIME,
    "sun_abraham": ("small_sample",),
    "extended_twfe": ("covariates", "comparison", "small_sample", "family", "exposure"),
    "stacked": ("covariates", "comparison", "sets", "small_sample", "kappa_pre", "kappa_post"),
    "imputation": ("covariates", "baseline", "sets", "small_sample", "leads"),
    "two_stage": ("covariates", "baseline", "sets"),
    "synthetic": ("covariates",),
}

# Methods whose comparison is not chosen, with what it is.
AGAINST_NEVER = {
    "sun_abraham": "which compares with the never treated or, without any, with those treated last",
    "synthetic": "which compares with the never treated",
}
SECTIONED = ("doubly_robust", "outcome_regression", "inverse_probability")
NOT_FOR_SECTIONS = ("sets", "small_sample", "eligible")


def idle_options(method: str, sample: str, changed: Iterable[str]) -> list[str]:
    """Say which of the options that were ``changed`` from their defaults the method cannot honour."""
    if sample == "cross_sections":
        return _idle_for_sections(method, changed)
    idle = [f"'{option}'" for option in changed if option not in (*FOR_ALL, *OPTIONS[method])]
    return [f"method '{method}' has no use for {', '.join(idle)}; leave it out."] if idle else []


def _idle_for_sections(method: str, changed: Iterable[str]) -> list[str]:
    idle = [f"'{option}'" for option in changed if option in NOT_FOR_SECTIONS]
    problems = [f"sample 'cross_sections' has no use for {', '.join(idle)}; leave it out."] if idle else []
    if method not in SECTIONED:
        problems.append(f"method '{method}' needs a panel; for cross-sections use one of {', '.join(SECTIONED)}.")
    return problems


def imputing_problems(method: str, baseline: str | int, leads: int | None) -> list[str]:
    """Say which words of the baseline do not fit a method that is fitted on all untreated periods."""
    problems = []
    if method in IMPUTING and baseline == "universal":
        problems.append(
            f"method '{method}' is fitted on every untreated period: leave baseline out, or give the number of periods "
            "before treatment that count, such as 1."
        )
    if leads is not None and baseline != "varying":
        problems.append("with a baseline window every earlier period is imputed; leave leads or baseline out.")
    return problems


def synthetic_problems(method: str, weights: str | None, clusters: Sequence[str], errors: str) -> list[str]:
    """Say which options of all methods do not fit one that finds its own weights and has a jackknife's errors."""
    if method != "synthetic":
        return ["errors='refitted' are those of method='synthetic'; leave errors out."] if errors == "refitted" else []
    problems = []
    if weights is not None:
        problems.append(
            "method 'synthetic' finds the weights of units itself, and has no theory for others beside them; leave "
            "weights (or the match) out and estimate on means of areas that are weighted already, or use "
            "method='imputation'."
        )
    if len(clusters) > 1:
        problems.append("the jackknife of method 'synthetic' leaves out clusters of one kind; name one cluster column.")
    if errors == "unequal":
        problems.append("method 'synthetic' has the errors of a jackknife; leave errors out, or use 'refitted'.")
    return problems
