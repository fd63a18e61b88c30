"""A plan carried out in this process, for whoever needs many of them at once.

It takes the steps of ``notebooks/evaluation.ipynb`` without its words; a test holds that both come to the same verdict.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tf_eval.cohort import build_cohort, build_panel, load_programme
from tf_eval.cohort.arms import Arms
from tf_eval.cohort.panel import Panel
from tf_eval.data import County
from tf_eval.errors import ConfigError
from tf_eval.evidence import (
    OutcomeEffect,
    Triangulation,
    Verdict,
    course_check,
    design_checks,
    judge,
    measure,
    negative_control_check,
    triangulate,
)
from tf_eval.matching import Balance, Matched, check_balance, match
from tf_eval.runs.plan import Plan

SHOWN = "the verdict rests on this check, and the page shows it"


@dataclass(frozen=True, eq=False, repr=False)
class Evaluation:
    """One intervention, evaluated as its plan says.

    Attributes:
        plan: what was asked.
        panel: the families that qualified, month by month.
        arms: those that started, and those at risk of starting.
        matched, balance: who is compared with whom, and how alike they are.
        measured: the effect on each outcome, in the plan's order.
        ways: the effect on each primary outcome by estimators that assume other things.
        verdict: what follows.
        controls: the effect on each negative control, which the intervention cannot have.
    """

    plan: Plan
    panel: Panel
    arms: Arms
    matched: Matched
    balance: Balance
    measured: tuple[OutcomeEffect, ...]
    ways: tuple[Triangulation, ...]
    verdict: Verdict
    controls: tuple[OutcomeEffect, ...] = ()

    def __repr__(self) -> str:
        return f"<Evaluation: {self.plan.title}: {self.verdict.word}>"


def evaluate(plan: Plan, panel: Panel) -> Evaluation:
    """Carry out a plan on a panel of its programme, outcomes and negative controls, as ``build_panel`` returns it.

    Raises:
        TfEvalError: what the steps raise, for example where no family started the intervention.
        ConfigError: the panel was not built with the plan's negative controls.
    """
    _require_controls(plan, panel)
    arms = panel.arms(plan.intervention, **plan.comparison.asked)
    matched = match(arms, **plan.matching.asked)
    balance = check_balance(matched, labels=arms.labels)
    accepted = balance.accept(because=SHOWN)
    measured, controls = (
        [measure(panel, accepted, outcome, looks=plan.schedule, **plan.measuring(outcome.name)) for outcome in outcomes]
        for outcomes in (panel.outcomes, panel.negative_controls)
    )
    ways = [triangulate(panel, accepted, effect) for effect in measured if effect.outcome.name in plan.primary]
    shared = (*design_checks(balance, accepted), course_check(measured), *negative_control_check(controls))
    checks = [*shared, *(way.check for way in ways)]
    verdict = judge(measured, about=plan.about, primary=plan.primary, checks=checks)
    return Evaluation(
        plan, panel, arms, accepted, balance, tuple(measured), tuple(ways), verdict, controls=tuple(controls)
    )


def _require_controls(plan: Plan, panel: Panel) -> None:
    """A control that is declared and not looked at would be a check that nobody misses."""
    if [outcome.name for outcome in panel.negative_controls] != plan.negative_controls:
        raise ConfigError(
            "evaluate: the panel does not hold the plan's negative controls; build it with "
            "build_panel(..., negative_controls=plan.negative_controls)"
        )


def evaluate_all(plans: Sequence[Plan], county: County) -> Iterator[Evaluation]:
    """Carry out plans of one county, one after the other."""
    return (evaluate(plan, panel) for plan, panel in with_panels(plans, county))


def with_panels(plans: Sequence[Plan], county: County) -> Iterator[tuple[Plan, Panel]]:
    """Yield each plan with its panel; cohort and panel are built once for plans that share them."""
    panels: dict[tuple, Panel] = {}
    for plan in plans:
        asked = (plan.programme, plan.comparison.below_threshold, tuple(plan.outcomes), tuple(plan.negative_controls))
        if asked not in panels:
            panels[asked] = _panel(plan, county)
        yield plan, panels[asked]


def _panel(plan: Plan, county: County) -> Panel:
    cohort = build_cohort(county, load_programme(plan.programme), below_threshold=plan.comparison.below_threshold)
    return build_panel(county, cohort, outcomes=plan.outcomes, negative_controls=plan.negative_controls)
