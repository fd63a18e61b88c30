"""How an evaluation is done, as its plan says it."""

from tf_eval.release.views import MethodsView
from tf_eval.runs.plan import Plan


def methods(plan: Plan) -> MethodsView:
    """Return how like families are found and effects estimated, for ``publish`` to put on the page."""
    return MethodsView(plan.matching.asked, plan.estimation.model_dump())
