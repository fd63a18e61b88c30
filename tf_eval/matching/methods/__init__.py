"""The ways to form a comparison group. A method is a function from a ``Problem`` to an ``Assignment``.

A new method is a file here and a line in ``METHODS``; reading, scores, audit, balance and results serve it as they are.
"""

from collections.abc import Callable

from tf_eval.matching.methods.nearest import match_nearest
from tf_eval.matching.problem import Assignment, Problem

METHODS: dict[str, Callable[[Problem], Assignment]] = {"nearest": match_nearest}
