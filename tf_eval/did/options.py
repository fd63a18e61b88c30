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
METHODS = {
    "doubly_robust": GROUP_TIME,
    "improved_doubly_robust": GROUP_TIME,
    "outcome_regression": GROUP_TIME,
    "inverse_probability": GROUP_TIME,
    "sun_abraham": ("small_sample",),
    "extended_twfe": ("covariates", "comparison", "small_sample", "family", "exposure"),
    "stacked": ("covariates", "comparison", "sets", "small_sample", "kappa_pre", "kappa_post"),
}


def idle_options(method: str, changed: Iterable[str]) -> list[str]:
    """Say which of the options that were ``changed`` from their defaults the method cannot honour."""
    idle = [f"'{option}'" for option in changed if option not in (*FOR_ALL, *METHODS[method])]
    return [f"method '{method}' has no use for {', '.join(idle)}; leave it out."] if idle else []
