"""What money says as the views that the gate accepts."""

import math

from tf_eval.errors import NotEstimated
from tf_eval.release.adapters.common import number
from tf_eval.release.appraisal import AgencyRow, Amount, AppraisalView, BreakEvenRow, MeasureRow, SwingRow, ValuedRow
from tf_eval.release.deadweight import DeadweightView, ResultRow
from tf_eval.release.gate import register_view
from tf_eval.release.views import SentenceFacts
from tf_eval.value import Appraisal, Deadweight, Spread
from tf_eval.value.appraisal.measures import ALL_KINDS, measures_of
from tf_eval.value.appraisal.persistence import SCENARIOS
from tf_eval.value.deadweight.claimed import ANY

KIND_OF = {"ratio_fiscal": "for_one", "ratio_public": "for_one", "payback_months": "months"}
UNIT, SCALE = "of_100_families", 100
CLAIMED = "Families of whom a result could be claimed"
POUNDS = (
    "paid", "results", "anyway", "anyway_low", "anyway_high", "per_result", "per_result_low", "per_result_high",
)  # fmt: skip


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


def appraisal_view(found: Appraisal) -> AppraisalView:
    """What support costs and saves, by measure, agency, scenario, outcome and assumption."""
    inputs, terms, cost = found.inputs, found.rules.terms, found.measures["cost"].mean
    rated = found.outcome_table().set_index("outcome")["rated"]
    last = dict(zip(found.paths.outcomes, found.paths.last, strict=True))
    public = {payer for one in inputs.priced if one.cost.kind == "fiscal" for payer in one.cost.shares}
    return AppraisalView(
        intervention=inputs.delivery.intervention.replace("_", " "),
        given=_given(found),
        months=inputs.months,
        prices_of=terms.prices_of,
        scenario=inputs.persistence.words,
        is_range=found.is_range,
        cost=cost,
        cost_low=cost * inputs.delivery.low,
        cost_high=cost * inputs.delivery.high,
        measures=tuple(
            MeasureRow(name, label, _kind(name, found), _amount(one))
            for name, label, one in measures_of(found.measures)
        ),
        agencies=tuple(
            AgencyRow(payer, parts["pays"].mean, _amount(parts["saves"]), payer in public or parts["pays"].mean > 0)
            for payer, parts in found.agencies.items()
        ),
        left=_amount(found.measures["net_public"]),
        scenarios=tuple((SCENARIOS[name], _amount(one["net_fiscal"])) for name, one in found.scenarios.items()),
        swings=tuple(SwingRow(one.name, one.low, one.high, one.at_low, one.at_high) for one in found.swings),
        outcomes=tuple(
            ValuedRow(
                found.paths.told[name].label, _amount(one), last[name], rated[name], terms.outcomes[name].note or ""
            )
            for name, one in found.outcomes.items()
        ),
        break_even=tuple(
            BreakEvenRow(one.label, one.needed, one.unit, one.is_more_than_all) for one in found.break_even
        ),
        not_valued=tuple(found.labels_not_valued),
        chance=number(found.chances["net_fiscal"]),
        multiple=number(found.break_even_multiple),
        fewest=0 if math.isinf(found.paths.fewest) else int(found.paths.fewest),
        notes=found.paths.notes,
    )


def _given(found: Appraisal) -> str:
    """Return what support it is that was costed, and over how long."""
    delivery = found.inputs.delivery
    parts = found.rules.terms.delivery[delivery.intervention].intensities[delivery.intensity]
    months = len(delivery.by_month)
    return f"{', plus '.join(part.what for part in parts)}, over {months} month{'s' * (months > 1)}"


def _kind(name: str, found: Appraisal) -> str:
    """Return in what a measure is told; a kind of gain that no price is of is not priced, and not nought."""
    priced = {one.cost.kind for one in found.inputs.priced}
    return "not_priced" if name in ALL_KINDS and name not in priced else KIND_OF.get(name, "pounds")


def _amount(one: Spread) -> Amount:
    return Amount(number(one.mean), one.low, one.high)


register_view(Appraisal, appraisal_view)
register_view(Deadweight, deadweight_view)
