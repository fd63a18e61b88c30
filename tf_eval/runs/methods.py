"""How an evaluation is done, as its plan says it."""

from tf_eval.matching.options import takes_ratio
from tf_eval.release.views import MethodsView
from tf_eval.runs.plan import Plan


def methods(plan: Plan) -> MethodsView:
    """Return how like families are found and effects estimated, for ``publish`` to put on the page."""
    matching, asked = plan.matching, plan.matching.asked
    if takes_ratio(matching.method):
        asked["ratio"] = matching.ratio  # of interest where it is as by default, too
    looks = plan.looks.model_dump() if plan.looks else None
    parts = tuple(each.parts_named for each in plan.subgroups)
    return MethodsView(asked, plan.estimation.model_dump(), looks, parts, tuple(plan.negative_controls))
