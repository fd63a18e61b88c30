"""What money says as the views that the gate accepts."""

from tf_eval.errors import NotEstimated
from tf_eval.release.adapters.common import number
from tf_eval.release.deadweight import DeadweightView, ResultRow
from tf_eval.release.gate import register_view
from tf_eval.release.views import SentenceFacts
from tf_eval.value import Deadweight
from tf_eval.value.deadweight.claimed import ANY

UNIT, SCALE = "of_100_families", 100
CLAIMED = "Families of whom a result could be claimed"
POUNDS = ("paid", "results", "anyway", "per_result", "per_result_low", "per_result_high")


def deadweight_view(found: Deadweight) -> DeadweightView:
    """Results with support and without it, and what was paid for them."""
    rows = tuple(_row(found, name) for name in found.found if name == ANY or name in found.rules.routes)
    price = found.price
    pounds = {name: None if isinstance(price, NotEstimated) else getattr(price, name) for name in POUNDS}
    return DeadweightView(found.rules.title, found.months[1], rows, pounds)


def _row(found: Deadweight, name: str) -> ResultRow:
    label, effect = CLAIMED if name == ANY else found.rules.routes[name].title, found.found[name]
    if isinstance(effect, NotEstimated):
        return ResultRow(SentenceFacts(label, None, None, None, None, UNIT), 0, 0, name == ANY, is_none=True)
    numbers = (effect.att, effect.ci_low, effect.ci_high, effect.counterfactual_mean)
    facts = SentenceFacts(label, *(None if value != value else SCALE * number(value) for value in numbers), UNIT)
    return ResultRow(facts, effect.n_treated, effect.n_comparison, name == ANY)


register_view(Deadweight, deadweight_view)
