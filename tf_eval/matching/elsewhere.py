"""What options and their values are called in R and in other packages, told to who asks for them by that name.

They are told and never taken: there is one name for a thing.
"""

from collections.abc import Container

OPTIONS = {
    "antiexact": "anti_exact",
    "biasadjust": "estimate_effect has it: method='abadie_imbens', with covariates",
    "covariates": "on",
    "covs": "on",
    "discard": "common_support",
    "focal": "estimand",
    "formula": "name the covariates in on and the treatment in treated",
    "grouping": "group the levels in a column of the frame, and name it in exact",
    "id": "unit",
    "k": "ratio",
    "k2k": "k_to_k",
    "link": "caliper_scale says whether scores are log odds or probabilities",
    "m": "ratio",
    "m_order": "order",
    "mahvars": "name them in distance_on, with distance='mahalanobis'",
    "max_controls": "max_ratio",
    "min_controls": "min_ratio",
    "n_neighbors": "ratio",
    "outcome": "outcomes come later: estimate_effect(matched, outcome), once balance is accepted",
    "random_state": "seed",
    "reestimate": "the score is fitted once, to all rows",
    "replace": "reuse",
    "replacement": "reuse",
    "reuse_max": "with reuse a row serves any number of times, else once",
    "s_d_denom": "check_balance has it, as sd",
    "s_weights": "there are no sampling weights; every row counts once",
    "std_caliper": "caliper and calipers_sd are in standard deviations, calipers in the units of a covariate",
    "subclass": "subclasses",
    "tols": "tolerance",
    "tr": "treated",
    "treat": "treated",
    "treatment": "treated",
    "unit_id": "unit",
    "verbose": "nothing is printed on the way; summary() says what was done",
    "x": "on",
    "y": "outcomes come later: estimate_effect(matched, outcome), once balance is accepted",
}
BY_SCORE = "leave distance out, which matches by the score"
NOT_GENETIC = "there is no genetic matching; 'cardinality', 'profile' and the balancing weights reach balance directly"
VALUES = {
    "alternative": {"greater": "higher", "less": "lower", "two_sided": "name the direction that was expected"},
    "caliper_scale": {"logit": "linear_predictor", "linear_logit": "linear_predictor"},
    "cluster": {"subclass": "set", "pair": "set", "id": "unit"},
    "common_support": {"control": "no arm but the treated is cut by itself; see 'both'"},
    "correction": {"hc1": "CR1", "hc2": "CR2"},
    "distance": {
        "euclidean": "scaled_euclidean",
        "gbm": "leave distance out, and say score_model='gradient_boosting'",
        "glm": BY_SCORE,
        "linear_logit": BY_SCORE,
        "logit": f"{BY_SCORE}; caliper_scale='probability' does so by the probability",
        "probit": BY_SCORE,
        "ps": BY_SCORE,
    },
    "estimand": {"atm": "match with method 'nearest' and a caliper", "atos": "see method 'overlap', for 'ato'"},
    "measure": {
        "hr": "hazard_ratio",
        "md": "standardised_difference",
        "or": "odds_ratio",
        "rd": "risk_difference",
        "rr": "risk_ratio",
        "smd": "standardised_difference",
    },
    "method": {
        "cbps": "covariate_balancing",
        "cem": "coarsened_exact",
        "ebal": "entropy_balancing",
        "ebalance": "entropy_balancing",
        "genetic": NOT_GENETIC,
        "genmatch": NOT_GENETIC,
        "glm": "inverse_probability",
        "gcomp": "g_computation",
        "iptw": "inverse_probability",
        "ipw": "inverse_probability",
        "lm": "regression",
        "nn": "nearest",
        "ols": "regression",
        "optweight": "stable_balancing",
        "ps": "inverse_probability",
        "psm": "nearest",
        "quickmatch": "quick",
        "sbw": "stable_balancing",
        "stratification": "subclassification",
        "subclass": "subclassification",
    },
    "missing": {"drop": "leave the rows out before the match", "ind": "indicator"},
    "order": {"ascending": "smallest", "descending": "largest"},
    "score_model": {"gbm": "gradient_boosting", "glm": "logistic", "logit": "logistic", "ps": "logistic"},
    "sd": {"control": "comparison"},
    "statistic": {"wilcoxon": "signed_rank"},
}


def option_called(name: str, known: Container[str]) -> str | None:
    """Return, in words, what an option of that name elsewhere is called here, which is one of the known."""
    return _told(OPTIONS.get(_plain(name)), known)


def value_called(option: str, word: str, known: Container[str]) -> str | None:
    """Return the same of a value of an option; None where what it is called here is none of the known words."""
    return _told(VALUES.get(option, {}).get(_plain(word)), known)


def _told(called: str | None, known: Container[str]) -> str | None:
    """What is no name by itself is a sentence."""
    if called in known:
        return f"here it is called '{called}'"
    return called if called and " " in called else None


def _plain(name: str) -> str:
    return name.lower().replace(".", "_").replace("-", "_")
