"""What a plan asks of money, carried out; nothing where it asks nothing."""

from collections.abc import Iterator, Sequence

from tf_eval.cohort.panel import Panel
from tf_eval.data import County
from tf_eval.errors import NotEstimated
from tf_eval.evidence import OutcomeEffect, Verdict
from tf_eval.matching import Matched
from tf_eval.runs.plan import Plan
from tf_eval.value import (
    Appraisal,
    Deadweight,
    appraise,
    deadweight,
    load_appraisal,
    load_payment_rules,
    weigh_stayers,
)


def appraisals(
    plan: Plan, panel: Panel, matched: Matched, measured: Sequence[OutcomeEffect], verdict: Verdict
) -> Iterator[Appraisal]:
    """Yield what the intervention costs and saves, by the prices that the plan names.

    Money adds effects up to the second year, by when many like families have started support themselves; those who stay
    are weighed for them. Where no outcome could be estimated there is nothing to value, as the verdict says.
    """
    if plan.worth is None:
        return
    found = appraise(
        {effect.outcome.name: effect for effect in measured},
        load_appraisal(plan.worth.appraisal),
        intervention=plan.intervention,
        intensity=plan.worth.intensity,
        verdict=verdict,
        staying=weigh_stayers(panel, matched),
    )
    if not isinstance(found, NotEstimated):
        yield found


def deadweights(plan: Plan, county: County, panel: Panel, matched: Matched) -> Iterator[Deadweight]:
    """Yield what payment by results would have paid anyway, by the rules that the plan names."""
    if plan.worth is not None:
        rules = load_payment_rules(plan.worth.payment)
        asked = {"covariates": plan.estimation.covariates, "months": tuple(plan.worth.months)}
        yield deadweight(county, rules, panel, matched, **asked)
