"""The ways to form a comparison group. A method is a function from a ``Problem`` to an ``Assignment``.

A new method is a file here, a line in ``METHODS`` and one in ``options``; reading, scores, audit, balance and results
serve it as they are. Methods that only weight or choose rows make no sets.
"""

from collections.abc import Callable

from tf_eval.matching.methods.cardinality import match_cardinality
from tf_eval.matching.methods.coarsened_exact import match_coarsely
from tf_eval.matching.methods.entropy_balancing import weigh_by_entropy
from tf_eval.matching.methods.exact import match_exactly
from tf_eval.matching.methods.full import match_fully
from tf_eval.matching.methods.inverse_probability import weigh_by_inverse_probability
from tf_eval.matching.methods.nearest import match_nearest
from tf_eval.matching.methods.optimal import match_optimally
from tf_eval.matching.methods.overlap import weigh_by_overlap
from tf_eval.matching.methods.profile import match_profile
from tf_eval.matching.methods.quick import match_quickly
from tf_eval.matching.methods.stable_balancing import weigh_stably
from tf_eval.matching.methods.subclassification import match_in_subclasses
from tf_eval.matching.problem import Assignment, Problem

METHODS: dict[str, Callable[[Problem], Assignment]] = {
    "nearest": match_nearest,
    "exact": match_exactly,
    "coarsened_exact": match_coarsely,
    "subclassification": match_in_subclasses,
    "optimal": match_optimally,
    "full": match_fully,
    "quick": match_quickly,
    "inverse_probability": weigh_by_inverse_probability,
    "overlap": weigh_by_overlap,
    "entropy_balancing": weigh_by_entropy,
    "covariate_balancing": weigh_by_inverse_probability,  # of a score of its own
    "stable_balancing": weigh_stably,
    "cardinality": match_cardinality,
    "profile": match_profile,
}
