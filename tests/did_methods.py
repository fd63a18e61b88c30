"""Every way to estimate from a panel, with options that it honours, for properties that must hold of all of them."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from tf_eval.did.options import OPTIONS

# A synthetic comparison finds its weights itself, and takes none.
WEIGHTED = tuple(method for method in OPTIONS if method != "synthetic")
COVARIATES = ((), ("x",))
COMPARISONS = ("not_yet_treated", "never_treated")
WINDOW = {"kappa_pre": 1, "kappa_post": 1}


def estimators(covariates: Sequence[tuple[str, ...]] = COVARIATES) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy of options, in which each method that takes weights comes as often as any other."""
    return st.sampled_from(WEIGHTED).flatmap(lambda method: _options(method, covariates))


def _options(method: str, covariates: Sequence[tuple[str, ...]]) -> st.SearchStrategy[dict[str, Any]]:
    options = {"method": st.just(method)}
    if "covariates" in OPTIONS[method]:
        options["covariates"] = st.sampled_from(covariates)
    if "comparison" in OPTIONS[method]:
        options["comparison"] = st.sampled_from(COMPARISONS)
    if "baseline" in OPTIONS[method]:
        # What is fitted on all untreated periods has no universal base.
        imputes = "comparison" not in OPTIONS[method]
        options["baseline"] = st.sampled_from(["varying", 2] if imputes else ["varying", "universal", 2])
    if method == "stacked":
        options.update({name: st.just(value) for name, value in WINDOW.items()})
    return st.fixed_dictionaries(options)
