"""What is asked of the contestants, and which of them are written for it."""

from dataclasses import dataclass

MILLION = 1_000_000


@dataclass(frozen=True)
class Task:
    """``method`` is the one of ``tf_eval.match`` that does it; ``units`` is the size at which it is asked."""

    name: str
    title: str
    peers: tuple[str, ...]
    method: str = "nearest"
    units: int = MILLION
    frame: str = "coded"  # the frame of the sample by whose places answers are told


TASKS = (
    Task("score", "logistic score of ten covariates and a category", ("statsmodels", "scikit-learn", "StatsPAI",
         "pymatchit-causal", "causalinference", "psmpy")),
    Task("pairs", "1:1 by a given score within 0.2 standard deviations", ("StatsPAI", "pymatchit-causal", "pysmatch",
         "psmpy")),
    Task("three", "1:3 by a given score within 0.2 standard deviations", ("StatsPAI", "pymatchit-causal", "pysmatch")),
    Task("exact", "1:1 by a given score within 0.2 standard deviations, exact on two", ("StatsPAI",
         "pymatchit-causal")),
    Task("mahalanobis", "1:1 by Mahalanobis distance of eight numbers, score within 0.2 standard deviations",
         ("StatsPAI", "pymatchit-causal"), units=100_000),
    Task("optimal", "pairs of the least total distance of a given score", ("StatsPAI", "pymatchit-causal",
         "causallib"), method="optimal", units=100_000),
    Task("full", "full matching on a given score", ("StatsPAI", "pymatchit-causal"), method="full"),
    Task("coarsened", "coarsened exact matching on eight, numbers in five bins", ("StatsPAI", "pymatchit-causal",
         "cem", "causalmatch"), method="coarsened_exact"),
    Task("entropy", "entropy balancing of the means", ("StatsPAI", "ebal", "empirical_calibration"),
         method="entropy_balancing"),
    Task("balance", "balance of ten covariates and a category, with Kolmogorov-Smirnov", ("StatsPAI",
         "pymatchit-causal")),
    Task("risk_set", "1:1 within the month, with those who had not started by then, exact on two; rows, not units", (),
         frame="at_risk"),
    Task("cardinality", "the largest sample balanced to 0.1 standard deviations", ("StatsPAI", "pymatchit-causal"),
         method="cardinality", units=10_000),
)  # fmt: skip
