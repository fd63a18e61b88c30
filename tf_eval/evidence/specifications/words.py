"""The choices of a specification in words short enough for a figure."""

from collections.abc import Mapping, Sequence

from tf_eval.evidence.specifications.specification import NOT_OF_THE_METHOD, Specification

WITHOUT = {
    "waiting": "without those waiting",
    "offered": "without those with an offer",
    "refused": "without those who refused",
    "other_district": "without other districts",
    "below_threshold": "without those below the rule",
}
ESTIMATORS = {
    "doubly_robust": "doubly robust",
    "outcome_regression": "outcome regression",
    "inverse_probability": "inverse probability",
    "unadjusted": "no covariates",
    "imputation": "imputation",
}
TO_ONE = {1: "one to one", 2: "two to one", 3: "three to one"}


def choices_of(specification: Specification, planned: Specification) -> dict[str, str]:
    """Return each choice by what is chosen; a choice that the method of matching leaves nobody is not among them."""
    said = {
        "Compared with": _compared(specification, planned),
        "Matched": TO_ONE.get(specification.ratio, f"{specification.ratio} to one"),
        "Score apart": "any distance" if specification.caliper is None else f"{specification.caliper} at most",
        "Estimated by": ESTIMATORS[specification.estimator],
        "Set against": f"{specification.baseline} months before",
    }
    idle = {"Matched": specification.ratio, "Score apart": specification.caliper}
    return {name: words for name, words in said.items() if idle.get(name) != NOT_OF_THE_METHOD}


def _compared(specification: Specification, planned: Specification) -> str:
    left_out = [WITHOUT[pool] for pool in planned.pools if pool not in specification.pools]
    return ", ".join(left_out) or "all groups of the plan"


def lines_of(choices: Sequence[Mapping[str, str]]) -> list[tuple[str, str]]:
    """Return every choice that was made by anybody: what is chosen and the words for it, those of one kind together."""
    names = dict.fromkeys(name for made in choices for name in made)
    return [(name, words) for name in names for words in dict.fromkeys(made[name] for made in choices if name in made)]
