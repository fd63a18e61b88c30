"""Callaway and Sant'Anna's own implementation: R did 2.5.1 on mpdta (500 counties, 5 years), with its settings."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tf_eval.did import GroupTimeATT, estimate_att

DATA = Path(__file__).parent / "data"
REFERENCE = json.loads((DATA / "did.json").read_text())["group_time_att"]
PANEL = [name for name in REFERENCE if "|" in name and not name.startswith(("RCS", "UNBAL"))]
METHODS = {"dr": "doubly_robust", "reg": "outcome_regression", "ipw": "inverse_probability"}
COMPARISONS = {"nevertreated": "never_treated", "notyettreated": "not_yet_treated"}

# R's logit stops at a relative change in deviance of 1e-8 and its numbers are stored with 15 digits: 1e-6 leaves room
# for the first, and is far below any difference between two ways of defining the same estimate or error.
POINTS = {"rtol": 1e-6, "atol": 1e-12}
ERRORS = {"rtol": 1e-5, "atol": 0}


def mpdta() -> pd.DataFrame:
    frame = pd.read_csv(DATA / "mpdta.csv")
    return frame.assign(state=frame["countyreal"] // 1000)


def estimate(settings: dict, cluster: str | None = None) -> GroupTimeATT:
    return estimate_att(
        mpdta(),
        outcome="lemp",
        unit="countyreal",
        period="year",
        adopted="first.treat",
        covariates=["lpop"] if "lpop" in settings["xformla"] else [],
        method=METHODS[settings.get("est_method", "dr")],
        comparison=COMPARISONS[settings.get("control_group", "nevertreated")],
        baseline=settings.get("base_period", "varying"),
        anticipation=settings.get("anticipation", 0),
        cluster=cluster,
    )


def numbers(values: list) -> np.ndarray:
    return np.array([np.nan if value == "NA" else value for value in values], dtype=float)


def assert_cells(effect: GroupTimeATT, reference: list[dict]) -> None:
    cells = effect.table().set_index(["adopted", "period"]).loc[[(cell["g"], cell["t"]) for cell in reference]]
    assert len(effect.table()) == len(reference)
    np.testing.assert_allclose(cells["att"], [cell["att"] for cell in reference], **POINTS)
    np.testing.assert_allclose(cells["std_error"], [cell.get("se", np.nan) for cell in reference], **ERRORS)


@pytest.mark.parametrize("name", PANEL)
def test_cells_agree(name):
    reference = REFERENCE[name]
    assert_cells(estimate(reference["settings"]), reference["attgt"])


@pytest.mark.parametrize("name", PANEL)
def test_averages_and_their_errors_with_estimated_weights_agree(name):
    reference = REFERENCE[name]
    effect = estimate(reference["settings"])
    averages = {
        "dynamic": (effect.by_event_time(), "event_time", "event_time"),
        "group": (effect.by_cohort(), "adopted", "cohort"),
        "calendar": (effect.by_calendar_period(), "period", "calendar_period"),
    }
    for kind, (estimates, column, by) in averages.items():
        expected = reference[kind]
        table = estimates.table().set_index(column).loc[expected["egt"]]
        np.testing.assert_allclose(table["att"], expected["att"], **POINTS)
        np.testing.assert_allclose(table["std_error"], numbers(expected["se"]), **ERRORS)
        overall = effect.overall(by)
        np.testing.assert_allclose(overall.att, expected["overall_att"], **POINTS)
        np.testing.assert_allclose(overall.std_error, expected["overall_se"], **ERRORS)
    np.testing.assert_allclose(effect.overall().att, reference["simple"]["overall_att"], **POINTS)
    np.testing.assert_allclose(effect.overall().std_error, reference["simple"]["overall_se"], **ERRORS)


@pytest.mark.parametrize("name", [name for name in PANEL if REFERENCE[name]["settings"]["anticipation"] == 0])
def test_joint_test_before_treatment_agrees(name):
    # With anticipation the peer counts the anticipated periods as periods before treatment; here they are not.
    test = estimate(REFERENCE[name]["settings"]).pre_trends()
    np.testing.assert_allclose(test.statistic, REFERENCE[name]["W"][0][0], rtol=1e-5)
    np.testing.assert_allclose(test.p_value, REFERENCE[name]["Wpval"][0][0], atol=1e-5)  # stored with five decimals


def test_errors_clustered_by_state_agree():
    reference = REFERENCE["CLUSTER_state"]
    effect = estimate(reference["settings"], cluster="state")
    assert_cells(effect, reference["attgt"])
    table = effect.by_event_time().table().set_index("event_time").loc[reference["dynamic"]["egt"]]
    np.testing.assert_allclose(table["std_error"], reference["dynamic"]["se"], **ERRORS)
    np.testing.assert_allclose(effect.overall().std_error, reference["simple"][1], **ERRORS)
    np.testing.assert_allclose(effect.overall("event_time").std_error, reference["dynamic"]["overall"][1], **ERRORS)
