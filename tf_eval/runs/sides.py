"""Two plans against each other, carried out: each side as its own plan has it, and what is between them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tf_eval.cohort.arms import Arms
from tf_eval.cohort.panel import Panel
from tf_eval.data import County
from tf_eval.errors import NotEstimated
from tf_eval.evidence import (
    Check,
    ForWhom,
    OutcomeEffect,
    Versus,
    better_for_whom,
    design_checks,
    effects_by_subgroup,
    measure,
    measure_either,
    which_is_better,
)
from tf_eval.evidence.versus import Either
from tf_eval.matching import Balance, Matched, check_balance, match
from tf_eval.release.adapters.versus import either_view, versus_view
from tf_eval.release.versus import CostRow, EitherView, VersusView
from tf_eval.runs.evaluation import SHOWN, with_panels
from tf_eval.runs.head_to_head import HeadToHead
from tf_eval.runs.plan import Plan
from tf_eval.value import appraise, load_appraisal


@dataclass(frozen=True, eq=False, repr=False)
class Side:
    """One of two interventions: who had it, with whom they are compared, and the effect on what decides in both."""

    plan: Plan
    panel: Panel
    arms: Arms
    matched: Matched
    balance: Balance
    measured: tuple[OutcomeEffect, ...]

    @property
    def checks(self) -> tuple[Check, ...]:
        return design_checks(self.balance, self.matched)

    def __repr__(self) -> str:
        return f"<Side: {self.plan.title}>"


def both_sides(asked: HeadToHead, county: County) -> tuple[Side, ...]:
    """Carry out both plans on the outcomes that decide in both, as their own pages have it."""
    return tuple(_side(plan, panel, asked.outcomes) for plan, panel in with_panels(asked.each, county))


def _side(plan: Plan, panel: Panel, names: Sequence[str]) -> Side:
    arms = panel.arms(plan.intervention, **plan.comparison.asked)
    balance = check_balance(match(arms, **plan.matching.asked), labels=arms.labels)
    matched = balance.accept(because=SHOWN)
    measured = [measure(panel, matched, outcome, **plan.measuring(outcome.name)) for outcome in _named(panel, names)]
    return Side(plan, panel, arms, matched, balance, tuple(measured))


def _named(panel: Panel, names: Sequence[str]) -> list:
    outcomes = {outcome.name: outcome for outcome in panel.outcomes}
    return [outcomes[name] for name in names]


def between(asked: HeadToHead, sides: Sequence[Side], either: Either | NotEstimated) -> list[OutcomeEffect]:
    """Return the effect of the one beyond the other for those who might have had either; nothing where nobody might."""
    if isinstance(either, NotEstimated):
        return []
    outcomes = _named(sides[0].panel, asked.outcomes)
    return [measure_either(either, outcome, **asked.measuring(outcome.name)) for outcome in outcomes]


def set_against(
    asked: HeadToHead, sides: Sequence[Side], either: Either | NotEstimated, direct: Sequence[OutcomeEffect]
) -> Versus:
    """Return which of the two is better on what decides in both; see ``tf_eval.which_is_better``."""
    first, second = sides
    return which_is_better(
        [side.plan.about for side in sides],
        first.measured,
        second.measured,
        either,
        direct,
        question=asked.question,
        checks=[side.checks for side in sides],
        seed=asked.seed,
    )


def set_against_by_part(
    asked: HeadToHead, sides: Sequence[Side], either: Either | NotEstimated, direct: Sequence[OutcomeEffect]
) -> ForWhom:
    """Return for whom the one is better, and for whom the other; see ``tf_eval.better_for_whom``."""
    by_part = [effects_by_subgroup(side.panel, side.matched, side.measured, asked.subgroups) for side in sides]
    return better_for_whom([side.plan.about for side in sides], *by_part, either, direct)


def beside_cost(asked: HeadToHead, sides: Sequence[Side], found: Versus) -> VersusView:
    """Return which is better with what each costs, by the prices that its plan names, for ``publish``."""
    return versus_view(found, title=asked.title, costs=tuple(_costs(sides)))


def how_unlike(found: Versus) -> EitherView:
    """Return how unlike families with the one and with the other were, for ``publish``."""
    return either_view(found)


def _costs(sides: Sequence[Side]) -> Iterator[CostRow]:
    """Yield the cost of a family as the page of each intervention has it: discounted, with its optimism bias."""
    for side in sides:
        worth = side.plan.worth
        if worth is None:
            continue
        found = appraise(
            {effect.outcome.name: effect for effect in side.measured},
            load_appraisal(worth.appraisal),
            intervention=side.plan.intervention,
            intensity=worth.intensity,
        )
        if not isinstance(found, NotEstimated):
            cost, delivery = found.measures["cost"].mean, found.inputs.delivery
            yield CostRow(side.plan.title, cost, cost * delivery.low, cost * delivery.high, found.rules.terms.prices_of)
