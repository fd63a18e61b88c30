"""Which options each estimator can honour; every other is refused."""

from collections.abc import Iterable

FOR_ALL = (
    "outcome",
    "unit",
    "period",
    "adopted",
    "method",
    "anticipation",
    "cluster",
    "weights",
    "confidence",
    "errors",
    "quantile",
    "treated",
    "counted",
)
GROUP_TIME = ("covariates", "comparison", "baseline", "sets", "small_sample")
IMPUTING = ("imputation", "two_stage")
METHODS = {
    "doubly_robust": GROUP_TIME,
    "improved_doubly_robust": GROUP_TIME,
    "outcome_regression": GROUP_TIME,
    "inverse_probability": GROUP_TIME,
    "imputation": ("covariates", "baseline", "sets", "small_sample", "leads"),
    "two_stage": ("covariates", "baseline", "sets"),
}


def idle_options(method: str, changed: Iterable[str]) -> list[str]:
    """Say which of the options that were ``changed`` from their defaults the method cannot honour."""
    idle = [f"'{option}'" for option in changed if option not in (*FOR_ALL, *METHODS[method])]
    return [f"method '{method}' has no use for {', '.join(idle)}; leave it out."] if idle else []


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
