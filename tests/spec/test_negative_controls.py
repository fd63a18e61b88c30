"""A plan that names outcomes which its intervention cannot move, carried out."""

from dataclasses import dataclass
from typing import Any

import pytest

from tf_eval.cohort import build_cohort, build_panel, load_programme
from tf_eval.data import open_county
from tf_eval.errors import ConfigError
from tf_eval.runs import evaluate, evaluate_all, load_plan, read_plan

NAME = "What this cannot change did not change"
CONTROL = "plan_or_care"


@pytest.fixture
def asked(dartford, monkeypatch) -> dict[str, Any]:
    """Return a plan whose outcomes, and what families are matched on, leave one outcome of the file out."""
    monkeypatch.chdir(dartford.folder)
    asked = load_plan(dartford.plan("family_intervention_project")).model_dump(mode="json")
    for part in ("matching", "estimation"):
        asked[part]["covariates"] = [name for name in asked[part]["covariates"] if not name.startswith(CONTROL)]
    return {**asked, "outcomes": [name for name in asked["outcomes"] if name != CONTROL]}


@dataclass
class Moved:
    """A panel in which one outcome of the families with the intervention rises from their start on."""

    panel: Any
    outcome: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.panel, name)

    def event_time_frame(self, matched: Any, outcome: str, columns: Any = None) -> Any:
        laid = self.panel.event_time_frame(matched, outcome, columns)
        if outcome == self.outcome:
            laid.loc[laid["adopted"].notna() & (laid["event_time"] >= 0), outcome] += 1.0
        return laid


def panel_of(plan):
    county = open_county(plan.county, purpose=plan.purpose)
    cohort = build_cohort(county, load_programme(plan.programme))
    return build_panel(county, cohort, outcomes=plan.outcomes, negative_controls=plan.negative_controls)


def test_a_control_is_measured_and_checked_and_changes_no_estimate(asked):
    county = open_county(asked["county"], purpose=asked["purpose"])
    plans = [read_plan(asked), read_plan({**asked, "negative_controls": [CONTROL]})]
    without, done = evaluate_all(plans, county)
    (control,) = done.controls
    assert control.outcome.name == CONTROL and control.headline.std_error > 0
    (check,) = [check for check in done.verdict.checks if check.name == NAME]
    assert check.passed and "a child on a protection plan or in care" in check.detail
    assert done.verdict.table().equals(without.verdict.table())
    assert without.controls == () and NAME not in [check.name for check in without.verdict.checks]


def test_a_control_that_moved_fails_the_check_and_the_verdict_says_so(asked):
    plan = read_plan({**asked, "negative_controls": [CONTROL]})
    done = evaluate(plan, Moved(panel_of(plan), CONTROL))
    (check,) = [check for check in done.verdict.checks if check.name == NAME]
    assert not check.passed and "a change beyond chance" in check.detail
    assert NAME in done.verdict.summary()


def test_a_panel_without_the_controls_that_a_plan_declares_is_refused(asked):
    panel = panel_of(read_plan(asked))
    with pytest.raises(ConfigError, match="does not hold the plan's negative controls"):
        evaluate(read_plan({**asked, "negative_controls": [CONTROL]}), panel)
