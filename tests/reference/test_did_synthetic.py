"""Synthetic difference-in-differences against the published numbers, an exact solver and the ports of R's package.

How each stored number was made, and who is right where they differ, stands in data/did_synthetic.json.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tf_eval.did import estimate_att

DATA = Path(__file__).parent / "data"
STORED = json.loads((DATA / "did_synthetic.json").read_text())
EXACT, PORT, PUBLISHED = STORED["exact"], STORED["synthdid_py"], STORED["published"]


@pytest.fixture(scope="module")
def california():
    frame = pd.read_csv(DATA / "california_prop99.csv", sep=";")
    frame["first"] = np.where(frame["State"] == "California", 1989, 0)
    roles = {"outcome": "PacksPerCapita", "unit": "State", "period": "Year", "adopted": "first"}
    return estimate_att(frame, **roles, method="synthetic")


@pytest.fixture(scope="module")
def counties():
    frame = pd.read_csv(DATA / "mpdta.csv")
    return estimate_att(
        frame, outcome="lemp", unit="countyreal", period="year", adopted="first.treat", method="synthetic"
    )


def since_start(effect) -> pd.DataFrame:
    return effect.table().query("event_time >= 0")


def test_california_is_the_optimum_of_the_programmes_of_the_paper(california):
    """Clarabel's interior point ends within 1e-9 of the optimum; the outcome is of the order of 100."""
    exact, found = EXACT["california"], california.synthetic()
    np.testing.assert_allclose(since_start(california)["att"], exact["by_period"], atol=1e-7)
    np.testing.assert_allclose(found.time_weights()["time_weight"], exact["time_weights"], atol=1e-7)
    weights = np.sort([weight for weight in exact["unit_weights"] if weight > 1e-7])[::-1]
    np.testing.assert_allclose(found.unit_weights()["weight"], weights, atol=1e-7)


def test_california_is_as_published_up_to_where_the_published_steps_stop(california):
    """Frank and Wolfe's steps stop 0.002 of 15.6 short of the optimum, and 0.04 in a single year."""
    mean = since_start(california)["att"].mean()
    for peer in (PUBLISHED["att"], PORT["california"]["att"], STORED["diff_diff"]["california"]["att"]):
        assert mean == pytest.approx(peer, abs=0.002)
    np.testing.assert_allclose(since_start(california)["att"], PORT["california"]["by_period"], atol=0.04)
    assert list(california.synthetic().unit_weights()["unit"][:3]) == ["Nevada", "New Hampshire", "Connecticut"]


def test_every_other_state_is_a_placebo_for_california(california):
    """The published errors are of some hundred draws; of one treated unit each other state is drawn alike."""
    found = california.synthetic_placebos(seed=1)
    assert found.is_complete
    placebos = PORT["california"]["placebos"]
    # The port's steps stop early here too: 0.1 at most, of placebos between -32 and 15.
    np.testing.assert_allclose(found.placebos, [placebos[state] for state in sorted(placebos)], atol=0.1)
    assert found.std_error == pytest.approx(np.std(list(placebos.values())), rel=1e-3)
    assert PUBLISHED["placebo_se_low"] < found.std_error < PUBLISHED["placebo_se_high"]


def test_cohorts_of_a_staggered_panel_are_optima_too(counties):
    rows = counties.by_cohort().table().set_index("adopted")
    for start in (2006, 2007):
        exact = EXACT[str(start)]
        assert rows.loc[start, "att"] == pytest.approx(exact["att"], abs=1e-9)
    # With a single period before treatment there is nothing to weigh by: no early stop, plain difference of changes.
    assert rows.loc[2004, "att"] == pytest.approx(PORT["mpdta"]["by_cohort"]["2004"], abs=1e-12)


def test_ports_are_near_on_a_staggered_panel(counties):
    """Their steps stop early: by 0.0008 in the cohort of 2007, a twentieth of its error of 0.016."""
    rows = counties.by_cohort().table().set_index("adopted")
    for start, peer in PORT["mpdta"]["by_cohort"].items():
        assert rows.loc[int(start), "att"] == pytest.approx(peer, abs=0.001)
    for start, peer in STORED["diff_diff"]["mpdta"].items():
        assert rows.loc[int(start), "std_error"] == pytest.approx(peer["jackknife_se"], rel=0.005)
    assert counties.overall().att == pytest.approx(PORT["mpdta"]["att"], abs=0.0005)
    # Leaving out one of the 20 that start in 2004 counts 20 / 19 in that cohort's own jackknife, 500 / 499 in theirs.
    assert counties.overall().std_error == pytest.approx(PORT["mpdta"]["jackknife_se"], rel=0.02)
